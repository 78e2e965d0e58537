"""Start embedded servers beside each other and wait until each takes work."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, Protocol

from console.home import Home, last_words, no_space
from console.processes import Mark, free_port, kill, start, stop
from stories import stopping
from stories.errors import ServiceError

START_LIMIT: Final = 60.0  # seconds; half a second as a rule, more where a killed server reads its journal again
TRIES: Final = 3  # ports; that another program takes the free port in these milliseconds is rare, twice is unheard of
SHORT: Final = 20.0  # seconds; a journal of that time is read in a tenth of a second
GLANCE: Final = 0.01  # seconds between two questions


class Server(Protocol):
    """What a kind of server knows about itself."""

    name: ClassVar[str]
    opened: ClassVar[str]
    """What it says when its port is open: before that, whoever answers there is somebody else."""
    data: ClassVar[str]
    """Its folder in the home."""

    @property
    def home(self) -> Home: ...

    def command(self, port: int) -> list[str]: ...

    def url(self, port: int) -> str: ...

    def is_ready(self, port: int) -> bool: ...

    def explain(self, words: Sequence[str]) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A server that takes work."""

    name: str
    port: int
    mark: Mark


class Launch:
    """One server on its way up."""

    def __init__(self, server: Server, port: int) -> None:
        self._server = server
        self.port = port
        self._log = server.home.log(server.name)
        self._since = self._log.stat().st_size
        self._opened = False
        self.process = start(server.command(port), self._log)

    def wait(self) -> Running | None:
        """The server once it is ready; None where another program took its port. Raises ServiceError if it gives up."""
        end = time.monotonic() + START_LIMIT
        while time.monotonic() < end:
            if self.process.poll() is not None:
                self._forgive_a_taken_port()
                return None
            if self._has_opened() and self._server.is_ready(self.port):
                return self._running()
            time.sleep(GLANCE)
        raise ServiceError(f"{self._server.name} was not ready within {START_LIMIT:.0f} s. See {self._log}.")

    def _has_opened(self) -> bool:
        self._opened = self._opened or any(self._server.opened in line for line in last_words(self._log, self._since))
        return self._opened

    def _running(self) -> Running:
        mark = Mark.of(self.process.pid)
        if mark is None:
            raise ServiceError(f"{self._server.name} ended just after its start. See {self._log}.")
        return Running(name=self._server.name, port=self.port, mark=mark)

    def _forgive_a_taken_port(self) -> None:
        words = last_words(self._log, self._since)
        if any("Address already in use" in line for line in words):
            return
        require_room(self._server)
        if any("No space left" in line for line in words):  # its own files may have made a little room as it ended
            raise no_space(self._server.home.path / self._server.data)
        raise ServiceError(self._server.explain(words))


class Launches:
    """Servers started beside each other; whatever happens, `stop` ends each that was started."""

    def __init__(self, servers: Sequence[Server]) -> None:
        self._servers = servers
        self._launches: dict[str, Launch] = {}
        self._since = time.monotonic()

    def start(self, ports: Mapping[str, int]) -> list[Running]:
        """Start all, then wait for each. `ports` are those of the last time: addresses stay the same where they can."""
        for server in self._servers:
            self._launches[server.name] = Launch(server, free_port(ports.get(server.name)))
        return [self._wait_for(server) for server in self._servers]

    def revive(self, tell: Callable[[Running], None]) -> None:
        """Start again, on their ports, the servers that have ended by themselves; tells of each as it takes work.

        Raises NoRoomError where a disk is full, and may be asked again then; any other ServiceError is for good.
        """
        ended = [server for server in self._servers if self._launches[server.name].process.poll() is not None]
        for server in ended:
            require_room(server)  # a full disk has ended it, and would again
            port = self._launches[server.name].port
            self._launches[server.name] = Launch(server, port)
            running = self._wait_for(server)
            if running.port != port:
                raise ServiceError(f"{server.name} ended, and its port {port} is taken now. Start kliping again.")
            tell(running)

    def _wait_for(self, server: Server) -> Running:
        for _ in range(TRIES):
            if running := self._launches[server.name].wait():
                return running
            self._launches[server.name] = Launch(server, free_port())
        raise ServiceError(f"{server.name} found no free port in {TRIES} tries. Start again.")

    def stop(self) -> None:
        """What was acknowledged is in the journals. So a short command does not wait a second for mongod's farewell; a
        long one does, and saves the next start the reading of a long journal.
        """
        processes = [launch.process for launch in self._launches.values()]
        with stopping.undisturbed():
            if time.monotonic() - self._since < SHORT:
                kill(processes)
            else:
                stop(processes)


def require_room(server: Server) -> None:
    """Raises ServiceError where it cannot write its data, or what it says: either ends it."""
    for name in (server.data, "log"):
        if server.home.is_full(name):
            raise no_space(server.home.path / name)
