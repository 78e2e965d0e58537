"""A Valkey with a replica and three Sentinels, on loopback: for tests of whoever asks them."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import redis

from console.embedded_valkey import binary
from console.processes import free_port, kill, start
from tests.waiting import wait_for

PASSWORD, OTHER = "geheim", "streng"
SERVER = """\
bind 127.0.0.1
port {port}
requirepass geheim
masterauth geheim
dir "{folder}"
repl-diskless-sync-delay 0
min-replicas-max-lag 1
tcp-backlog 8
{role}
"""
SENTINEL = """\
bind 127.0.0.1
port {port}
requirepass streng
dir "{folder}"
sentinel monitor kliping 127.0.0.1 {master} 2
sentinel auth-pass kliping geheim
sentinel down-after-milliseconds kliping 1000
sentinel failover-timeout kliping 5000
"""


@dataclass(frozen=True)
class Watched:
    servers: tuple[int, int]
    sentinels: tuple[int, ...]
    processes: dict[int, subprocess.Popen[bytes]]

    def url(self, *, name: str = "kliping", password: str = PASSWORD, other: str = OTHER) -> str:
        members = ",".join(f"127.0.0.1:{port}" for port in self.sentinels)
        return f"redis+sentinel://:{password}@{members}/{name}/0?sentinel_password={other}"


def started(folder: Path, configuration: str, *options: str, **values: object) -> tuple[int, subprocess.Popen[bytes]]:
    port = free_port()
    (own := folder / str(port)).mkdir()
    (own / "conf").write_text(configuration.format(port=port, folder=own, **values))
    return port, start([str(binary()), str(own / "conf"), *options], own / "log")


def direct(port: int, password: str = PASSWORD) -> redis.Redis:
    return redis.Redis(port=port, password=password, socket_timeout=2, decode_responses=True)


def asked(port: int, question: Callable[[redis.Redis], object], password: str = PASSWORD) -> object:
    """Its answer; None while it cannot be reached."""
    with direct(port, password) as server:
        try:
            return question(server)
        except redis.ConnectionError:
            return None


@contextmanager
def watching(tmp_path: Path) -> Iterator[Watched]:
    with ExitStack() as stack:
        master, first = started(tmp_path, SERVER, role="")
        stack.callback(kill, [first])
        replica, second = started(tmp_path, SERVER, role=f"replicaof 127.0.0.1 {master}")
        stack.callback(kill, [second])

        def is_followed(server: redis.Redis) -> bool:
            return server.info("replication").get("slave0", {}).get("state") == "online"

        wait_for(lambda: asked(master, is_followed), "a replica")
        sentinels = [started(tmp_path, SENTINEL, "--sentinel", master=master) for _ in range(3)]
        stack.callback(kill, [process for _, process in sentinels])
        ports = tuple(port for port, _ in sentinels)

        def knows_all(port: int) -> object:
            known = asked(port, lambda sentinel: sentinel.sentinel_master("kliping"), OTHER)
            return isinstance(known, dict) and known["num-other-sentinels"] == 2 and known["num-slaves"] == 1

        wait_for(lambda: all(map(knows_all, ports)), "Sentinels that know each other")
        yield Watched((master, replica), ports, {master: first, replica: second})
