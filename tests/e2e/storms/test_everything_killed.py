"""F7: `kill -9` of everything at once, as a power cut does; then all of it comes back, in whatever order."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from console.crew import CRAWLERS, ENRICHERS, SCHEDULER, Crew
from tests.e2e.storms.newspaper import SITES, summed
from tests.e2e.storms.servers import Servers, own_servers
from tests.e2e.storms.storm import FEWER, Storm, rounds, storm
from tests.faults.record import Tally

PARTS = (SCHEDULER, CRAWLERS, CRAWLERS, ENRICHERS, ENRICHERS)
A_ROUND = 10
LONGEST_GAP = 0.5
"""Seconds between two that come back: some parts come before their servers, and are started again."""


def all_die(weather: Storm, servers: Servers) -> None:
    """Each by its pid, and none is told of the others."""
    pids = [pid for part in set(PARTS) for pid in weather.pids_of(" ".join(part))]
    weather.kill("a part", weather.chance.sample(pids, len(pids)))
    for server in weather.chance.sample((servers.mongod, servers.valkey), 2):
        weather.history.note(f"SIGKILL to {server.name}, pid {server.kill()}")
    for members in weather.crews:
        members.stop()  # they are dead: the kernel is told that we know
    weather.crews.clear()


def all_come_back(weather: Storm, servers: Servers) -> None:
    settings = weather.place.settings

    def back(part: tuple[str, ...]) -> Callable[[], None]:
        return lambda: weather.crews.append(Crew(settings, [part]))

    named = {f"{number} {' '.join(part)}": back(part) for number, part in enumerate(PARTS)}
    named |= {server.name: server.start for server in (servers.mongod, servers.valkey)}
    for name in weather.chance.sample(list(named), len(named)):
        weather.some_time(at_most=LONGEST_GAP)
        weather.history.note(f"back: {name}")
        named[name]()


@contextmanager
def at_work(weather: Storm) -> Iterator[None]:
    weather.crews.append(Crew(weather.place.settings, PARTS))
    try:
        yield
    finally:
        for members in weather.crews:
            members.stop()
        weather.crews.clear()


@pytest.mark.fault("F7")
def test_everything_is_killed_at_once(tmp_path: Path, tally: Tally, scale: Callable[..., int], seed: int) -> None:
    """Each time with another crawl at work, so that the crawls that were killed before wait for their sweeper."""
    with own_servers(tmp_path) as servers:
        for own, cuts in rounds(scale(short=2, long=50), most=A_ROUND, seed=seed):
            with storm(servers.settings(tmp_path), seed=own, stories=FEWER, parts=()) as weather, at_work(weather):
                for site in SITES:
                    weather.order(site)
                for cut in range(cuts):
                    weather.let_pass(weather.chance.randint(1, 60))
                    weather.some_time()
                    all_die(weather, servers)
                    all_come_back(weather, servers)
                    if not weather.paper.has_changed:
                        weather.change_the_newspaper()
                    weather.history.note(f"{cut + 1} of {cuts}")
                began = time.monotonic()
                verdict = weather.calm()
                print(f"{cuts} cuts; drained {time.monotonic() - began:.1f} s after the last")
            tally.add(trials=cuts, seed=own, **summed([verdict]))
