"""F4: `kill -9` of Redis, and Redis with its disk lost: workers come back, and all unfinished work is queued again."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.storms.newspaper import SITES, summed
from tests.e2e.storms.servers import Server, own_servers
from tests.e2e.storms.storm import FEWER, Storm, rounds, storm
from tests.faults.record import Tally

LONGEST_OUTAGE = 3.0
"""Seconds: a restart; longer ones are F6's and F16's."""


def dies(weather: Storm, server: Server, *, wiped: bool = False) -> None:
    """At a random moment of a crawl; away for a random time."""
    weather.let_pass(weather.chance.randint(1, 40))
    weather.some_time()
    weather.history.note(f"SIGKILL to {server.name}, pid {server.kill()}")
    weather.kills += 1
    time.sleep(weather.chance.uniform(0, LONGEST_OUTAGE))
    if wiped:
        server.wipe()
    server.start()
    weather.history.note(f"{server.name} is back{', wiped' if wiped else ''}")


def crawls_through(weather: Storm, server: Server, deaths: int, *, wiped: bool = False) -> None:
    for site in SITES:
        weather.order(site)
    while weather.kills < deaths:
        if not weather.paper.has_changed and weather.kills * 2 >= deaths:
            weather.change_the_newspaper()
        dies(weather, server, wiped=wiped)


def survived(weather: Storm, server: Server, deaths: int, *, wiped: bool = False) -> dict[str, int]:
    """As a tally takes it. Until all is drained, all that was unfinished has to be queued again: five minutes."""
    crawls_through(weather, server, deaths, wiped=wiped)
    verdict = weather.calm()
    return {"trials": weather.kills, **summed([verdict])}


@pytest.mark.fault("F4")
def test_redis_killed(tmp_path: Path, tally: Tally, scale: Callable[..., int], seed: int) -> None:
    with own_servers(tmp_path) as servers:
        for own, deaths in rounds(scale(short=5, long=100), most=25, seed=seed):
            with storm(servers.settings(tmp_path), seed=own, stories=FEWER) as weather:
                tally.add(seed=own, **survived(weather, servers.valkey, deaths))


@pytest.mark.fault("F4")
def test_redis_killed_and_its_disk_lost(tmp_path: Path, tally: Tally, scale: Callable[..., int], seed: int) -> None:
    with own_servers(tmp_path) as servers:
        for own, deaths in rounds(scale(short=1, long=20), most=5, seed=seed):
            with storm(servers.settings(tmp_path), seed=own, stories=FEWER) as weather:
                tally.add(seed=own, **survived(weather, servers.valkey, deaths, wiped=True))
