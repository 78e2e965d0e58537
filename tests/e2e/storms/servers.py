"""A MongoDB and a Redis of one's own, each of which may be killed, wiped and started again by itself."""

from __future__ import annotations

import json
import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from console.processes import Mark
from console.services import services
from stories.settings import Settings
from tests.e2e.storms.storm import Storm
from tests.waiting import wait_for

LONGEST_OUTAGE: Final = 3.0
"""Seconds: a restart; longer ones are F6's and F16's."""
_ELSEWHERE: Final = Settings(mongo_url="mongodb://elsewhere", redis_url="redis://elsewhere")
"""So that a home runs one of the two."""
_ENDS: Final = 10.0
"""Seconds within which a killed process is gone."""


@dataclass(frozen=True, slots=True)
class Server:
    """One of the two, on its port for as long as the test lasts."""

    name: str
    home: Path
    url: str
    revive: Callable[[], list[str]]

    def pid(self) -> int:
        (known,) = json.loads((self.home / "services.json").read_text())["servers"]
        return int(known["pid"])

    def kill(self) -> int:
        """`kill -9`; returns when it is gone. Gives its pid."""
        pid = self.pid()
        os.kill(pid, signal.SIGKILL)
        wait_for(lambda: not Mark.of(pid), f"the end of {self.name}", limit=_ENDS)
        return pid

    def start(self) -> None:
        """Again, with what it had stored."""
        wait_for(self.revive, f"the end of {self.name}'s last thread", limit=_ENDS)  # the first may be gone long before

    def wipe(self) -> None:
        """While it is down: its disk is lost."""
        shutil.rmtree(self.home / self.name / "appendonlydir")


@dataclass(frozen=True, slots=True)
class Servers:
    mongod: Server
    valkey: Server

    def settings(self, home: Path) -> Settings:
        return Settings(home=home, mongo_url=self.mongod.url, redis_url=self.valkey.url)


@contextmanager
def own_servers(home: Path) -> Iterator[Servers]:
    """Both in homes of their own. To be entered from the main thread."""
    a, b = home / "a", home / "b"
    with (
        services(Settings(home=a, redis_url=_ELSEWHERE.redis_url)) as mongo,
        services(Settings(home=b, mongo_url=_ELSEWHERE.mongo_url)) as redis,
    ):
        yield Servers(
            Server("mongod", a, mongo.mongo_url, mongo.revive), Server("valkey", b, redis.redis_url, redis.revive)
        )


def dies(weather: Storm, server: Server, *, wiped: bool = False) -> None:
    """And is away for a random time."""
    weather.history.note(f"SIGKILL to {server.name}, pid {server.kill()}")
    weather.kills += 1
    time.sleep(weather.chance.uniform(0, LONGEST_OUTAGE))
    if wiped:
        server.wipe()
    server.start()
    weather.history.note(f"{server.name} is back{', wiped' if wiped else ''}")
