"""Machines of a test's own: network namespaces on two bridges, one for the servers, one for the newspaper.

They have no names and belong to processes of ours: whatever ends the test, the kernel takes them all away. Nothing of
them is seen, or can be reached, from outside: this runs in a namespace of its own (`python -m tests.hosts.scenario`).
"""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from console.processes import start

INSIDE, OUTSIDE = "inside", "outside"
"""Where servers and workers talk with each other; where the newspaper stands."""
SUBNETS = {INSIDE: "10.77.1", OUTSIDE: "10.77.2"}
HERE = 254
"""The last number of this process's own address on each bridge."""


def tool(name: str) -> str:
    found = shutil.which(name)
    assert found, f"no {name} here: 'make test' installs util-linux and iproute2, or names them"
    return found


def ip(*words: str) -> None:
    subprocess.run([tool("ip"), *words], check=True)


def address(network: str, number: int = HERE) -> str:
    return f"{SUBNETS[network]}.{number}"


def make_bridges() -> None:
    ip("link", "set", "lo", "up")
    for network in SUBNETS:
        ip("link", "add", network, "type", "bridge")
        ip("address", "add", f"{address(network)}/24", "dev", network)
        ip("link", "set", network, "up")


class Machine:
    """One host, with its own loopback."""

    def __init__(self, number: int, folder: Path) -> None:
        self.number = number
        self.folder = folder / f"host{number}"
        self.folder.mkdir()
        self._holder = start([tool("unshare"), "--net", "sleep", "3600"], self.folder / "holder.log")
        self._await_its_own_network()
        for network in SUBNETS:
            self._plug_in(network)
        subprocess.run(self.inside("ip", "link", "set", "lo", "up"), check=True)

    @property
    def address(self) -> str:
        """Under which the other machines know it."""
        return address(INSIDE, self.number)

    def inside(self, *command: str) -> list[str]:
        """The command, as it is run on this machine."""
        return [tool("nsenter"), f"--net=/proc/{self._holder.pid}/ns/net", "--", *command]

    def start(self, name: str, command: Sequence[str]) -> subprocess.Popen[bytes]:
        return start(self.inside(*command), self.folder / f"{name}.log")

    def cut_off(self, *networks: str) -> None:
        """As if its cable was pulled out at the switch: nobody tells it so."""
        for network in networks:
            ip("link", "set", self._socket(network), "nomaster")

    def heal(self) -> None:
        for network in SUBNETS:
            ip("link", "set", self._socket(network), "master", network)

    def _await_its_own_network(self) -> None:
        ours, until = Path("/proc/self/ns/net").readlink(), time.monotonic() + 20
        while Path(f"/proc/{self._holder.pid}/ns/net").readlink() == ours:
            assert self._holder.poll() is None, (self.folder / "holder.log").read_text()
            assert time.monotonic() < until
            time.sleep(0.01)

    def _plug_in(self, network: str) -> None:
        peer = ("peer", "name", network, "netns", str(self._holder.pid))
        ip("link", "add", self._socket(network), "type", "veth", *peer)
        ip("link", "set", self._socket(network), "master", network, "up")
        own = f"{address(network, self.number)}/24"
        subprocess.run(self.inside("ip", "address", "add", own, "dev", network), check=True)
        subprocess.run(self.inside("ip", "link", "set", network, "up"), check=True)

    def _socket(self, network: str) -> str:
        return f"{network}{self.number}"
