"""Other processes for the tests: a `kliping` command that uses the services of a home, a port that is taken."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import Any

SOURCE = """
import json, sys
from pathlib import Path
from console.services import services
from stories.errors import StopError
from stories.settings import Settings

try:
    with services(Settings(home=Path(sys.argv[1]))) as up:
        print(json.dumps({"mongo": up.mongo_url, "redis": up.redis_url, "pids": dict(up.pids)}), flush=True)
        sys.stdin.read()
except StopError as error:
    print(json.dumps({"error": str(error)}), flush=True)
"""


class Command:
    def __init__(self, home: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", SOURCE, str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def report(self) -> dict[str, Any]:
        assert self.process.stdout
        report: dict[str, Any] = json.loads(self.process.stdout.readline())
        return report

    def leave(self) -> int:
        """Let the command end by itself."""
        self.process.communicate(timeout=30)
        return self.process.returncode

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate(timeout=30)


@contextmanager
def command(home: Path) -> Iterator[Command]:
    running = Command(home)
    try:
        yield running
    finally:
        if running.process.poll() is None:
            running.leave()
        for pipe in (running.process.stdin, running.process.stdout):
            if pipe:
                pipe.close()


@contextmanager
def listener(port: int = 0) -> Iterator[int]:
    """A port on which somebody else listens and never answers."""
    with socket.create_server(("127.0.0.1", port)) as server:
        yield server.getsockname()[1]


@contextmanager
def refuser(port: int) -> Iterator[None]:
    """Somebody else listens on the port, and hangs up. (mongod asks a silent one for half a minute who it is.)"""
    with socket.create_server(("127.0.0.1", port)) as server:
        Thread(target=hang_up, args=(server,), daemon=True).start()
        yield
        server.shutdown(socket.SHUT_RDWR)


def hang_up(server: socket.socket) -> None:
    with suppress(OSError):  # shut down
        while True:
            server.accept()[0].close()


@contextmanager
def server(*command_line: str, until: int, cwd: Path) -> Iterator[None]:
    """A server started by hand, once its port `until` is open."""
    with subprocess.Popen(command_line, cwd=cwd, stdout=subprocess.DEVNULL) as process:
        try:
            _await_port(until, process)
            yield
        finally:
            process.kill()


def _await_port(port: int, process: subprocess.Popen[bytes]) -> None:
    while True:
        assert process.poll() is None, "the server ended"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.01)
        else:
            return
