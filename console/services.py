"""A MongoDB and a Redis for a command: those that the settings name, else embedded ones in the home.

The first command on a home owns its servers: it holds `services.lock`, and they end with it. Later ones find them
in `services.json`; one of those that stay takes them over when their owner ends.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from console.embedded_mongo import EmbeddedMongo
from console.embedded_valkey import EmbeddedValkey
from console.home import PRIVATE_FILE, Home, answered, write_private
from console.launch import Launches, Running, Server, require_room
from console.processes import STOP_LIMIT, Mark
from stories.errors import ServiceError
from stories.settings import Settings

FIND_LIMIT: Final = 15.0  # seconds; a first start takes one, and stopping before it ten at worst
GLANCE: Final = 0.05  # seconds between two looks at another command's start

_Found = tuple[dict[str, Running], Callable[[], list[str]]]
"""The servers by name, and what revives those of ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Addresses that are ready to use."""

    mongo_url: str = field(repr=False)  # holds a password
    redis_url: str = field(repr=False)
    pids: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    """The embedded servers by name, `mongod` and `valkey`; a server that the settings name is not there."""
    revive: Callable[[], list[str]] = list
    """Start again the servers of ours that have ended by themselves, with what they had stored; gives their names.

    Those of another command are ours once that has ended.

    Raises NoRoomError where a disk is full, and may be called again then; any other ServiceError is for good.
    """


@contextmanager
def services(settings: Settings) -> Iterator[Services]:
    """Addresses for as long as the block lasts; servers started for it stop with it, servers found stay.

    Raises UsageError or ServiceError that says what to do. To be entered from the main thread.
    """
    if settings.mongo_url and settings.redis_url:
        yield Services(mongo_url=settings.mongo_url, redis_url=settings.redis_url)
        return
    home = Home.at(settings.home)
    servers = _missing(settings, home)
    with _embedded(home, servers) as (running, revive):
        urls = {server.name: server.url(running[server.name].port) for server in servers}
        yield Services(
            mongo_url=settings.mongo_url or urls[EmbeddedMongo.name],
            redis_url=settings.redis_url or urls[EmbeddedValkey.name],
            pids=MappingProxyType({name: server.mark.pid for name, server in running.items() if name in urls}),
            revive=revive,
        )


def running_redis(settings: Settings) -> str | None:
    """The Redis that the settings name, or else the embedded one while a command runs it. Starts and writes nothing.

    Raises ServiceError where a command runs one that has ended: its crawlers still ask, by what they know.
    """
    if settings.redis_url:
        return settings.redis_url
    home = Home(settings.home.expanduser().resolve())
    valkey = EmbeddedValkey(home)
    recorded = next((server for server in _recorded(home) if server.name == valkey.name), None)
    if recorded and recorded.mark.is_alive():
        return valkey.url(recorded.port)
    if recorded and _is_owned(home):
        require_room(valkey)
        raise ServiceError(
            f"the Valkey of the command that works in {home.path} is not up, and without it nobody knows when a host "
            "was asked last. 'kliping up' starts it within seconds: try again then, or stop that command."
        )
    return None


def _missing(settings: Settings, home: Home) -> list[Server]:
    servers: list[Server] = []
    if not settings.redis_url:
        servers.append(EmbeddedValkey(home))
    if not settings.mongo_url:
        servers.append(EmbeddedMongo(home))
    return servers


@contextmanager
def _embedded(home: Home, servers: Sequence[Server]) -> Iterator[_Found]:
    """Found if another command runs them, else ours."""
    end = time.monotonic() + FIND_LIMIT
    with ExitStack() as ours:
        while time.monotonic() < end:
            if owned := _own(home, servers, ours):
                yield owned
                return
            if found := _found(home, servers):
                yield found, _Successor(home, servers, found, ours).revive
                return
            time.sleep(GLANCE)
    for server in servers:
        require_room(server)  # else whoever runs them cannot start them
    raise ServiceError(
        f"another kliping command works in {home.path}, but its servers did not answer within {FIND_LIMIT:.0f} s. "
        "Wait for it, stop it, or set KLIPING_HOME."
    )


def _own(home: Home, servers: Sequence[Server], ours: ExitStack) -> _Found | None:
    """The servers, started by us, until `ours` is left; None while another command owns them."""
    with ExitStack() as entered:
        if not entered.enter_context(_lock(home)):
            return None
        owned = entered.enter_context(_owned(home, servers))
        ours.push(entered.pop_all())
        return owned


class _Successor:
    """Takes over the servers that another command runs when that has ended, on their ports."""

    def __init__(self, home: Home, servers: Sequence[Server], found: Mapping[str, Running], ours: ExitStack) -> None:
        self._home, self._servers, self._ours = home, servers, ours
        self._found = found
        self._revive: Callable[[], list[str]] | None = None

    def revive(self) -> list[str]:
        if self._revive:
            return self._revive()
        if all(self._found[server.name].mark.is_alive() for server in self._servers):
            return []
        owned = _own(self._home, self._servers, self._ours)
        if owned is None:  # it lives, and starts again what has ended
            return []
        running, self._revive = owned
        for server in self._servers:
            if running[server.name].port != (port := self._found[server.name].port):
                raise ServiceError(f"{server.name} ended, and its port {port} is taken now. Start kliping again.")
        return [server.name for server in self._servers]


@contextmanager
def _lock(home: Home) -> Iterator[bool]:
    """Whether we own the servers of this home. The kernel frees the lock when its holder ends, however it ends."""
    with answered(home.path):
        descriptor = os.open(home.path / "services.lock", os.O_RDWR | os.O_CREAT, PRIVATE_FILE)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        yield False
        return
    try:
        yield True
    finally:
        os.close(descriptor)


def _is_owned(home: Home) -> bool:
    """Whether a command owns the servers of this home; a look that makes no file and keeps nobody out."""
    try:
        with (home.path / "services.lock").open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


@contextmanager
def _owned(home: Home, servers: Sequence[Server]) -> Iterator[_Found]:
    last = _recorded(home)
    _await_end(last)
    owner, launches = os.getpid(), Launches(servers)
    try:
        with answered(home.path):
            started = launches.start({server.name: server.port for server in last})
            _record(home, started)
        running = {server.name: server for server in started}

        def revive() -> list[str]:
            revived: list[str] = []

            def tell(server: Running) -> None:
                running[server.name] = server
                _record(home, list(running.values()))
                revived.append(server.name)

            with answered(home.path):
                launches.revive(tell)
            return revived

        yield running, revive
    finally:
        if os.getpid() == owner:  # a fork that leaves this block must not take the servers along
            launches.stop()


def _await_end(last: Sequence[Running]) -> None:
    """The servers of a killed owner follow it at once, but not in the same instant."""
    end = time.monotonic() + STOP_LIMIT
    for server in last:
        while server.mark.is_alive():
            if time.monotonic() > end:
                raise ServiceError(f"{server.name} still runs without its owner. Stop it: kill {server.mark.pid}")
            time.sleep(GLANCE)


def _found(home: Home, servers: Sequence[Server]) -> dict[str, Running] | None:
    """The servers that another command runs; None while they do not answer yet."""
    recorded = {server.name: server for server in _recorded(home)}
    alive = {name: server for name, server in recorded.items() if server.mark.is_alive()}
    if not alive:
        return None
    for server in servers:
        if server.name not in recorded:
            raise ServiceError(
                f"the command that runs the servers of {home.path} runs no {server.name}: its settings name another. "
                "Give this command the same settings, or set KLIPING_HOME."
            )
        if server.name not in alive:  # it has ended; who runs it starts it again, unless there is no room
            require_room(server)
            return None
    return alive if all(server.is_ready(alive[server.name].port) for server in servers) else None


def _record(home: Home, running: Sequence[Running]) -> None:
    servers = [{"name": s.name, "port": s.port, "pid": s.mark.pid, "started": s.mark.started} for s in running]
    write_private(home.path / "services.json", json.dumps({"servers": servers}, indent=1))


def _recorded(home: Home) -> list[Running]:
    """What was last written, which may be of a command that has ended; nothing where it cannot be read."""
    try:
        servers = json.loads((home.path / "services.json").read_text(encoding="utf-8"))["servers"]
        return [
            Running(name=s["name"], port=int(s["port"]), mark=Mark(pid=int(s["pid"]), started=str(s["started"])))
            for s in servers
        ]
    except (OSError, ValueError, LookupError, TypeError):
        return []
