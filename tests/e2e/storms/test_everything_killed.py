"""F7: `kill -9` of everything at once, as a power cut does; then all of it comes back, in whatever order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from console.crew import CRAWLERS, ENRICHERS, SCHEDULER, Crew
from console.processes import Mark
from tests.e2e import house
from tests.e2e.storms.newspaper import SITES
from tests.e2e.storms.servers import Servers, own_servers
from tests.e2e.storms.storm import FEWER, FEWEST, Storm, rounds, storm
from tests.faults.record import Tally
from tests.waiting import wait_for

PARTS = (SCHEDULER, CRAWLERS, CRAWLERS, ENRICHERS, ENRICHERS)
A_ROUND = 10
AT_ONCE = 5.0
"""Seconds until a killed process is gone, on a busy machine."""
LONGEST_GAP = 0.5
"""Seconds between two that come back: some parts come before their servers, and are started again."""


def all_die(weather: Storm, servers: Servers) -> None:
    """Each by its pid, with its children and their crawlers, and none is told of the others."""
    parts = [pid for part in set(PARTS) for pid in weather.pids_of(" ".join(part))]
    theirs = [pid for part in parts for pid, _ in house.children(part)]
    weather.kill("a child", weather.chance.sample(theirs, len(theirs)))  # first: before a leash ends it more gently
    weather.kill("a part", weather.chance.sample(parts, len(parts)))
    for server in weather.chance.sample((servers.mongod, servers.valkey), 2):
        weather.history.note(f"SIGKILL to {server.name}, pid {server.kill()}")
    for members in weather.crews:
        members.stop()  # they are dead: the kernel is told that we know
    weather.crews.clear()
    wait_for(lambda: not any(map(Mark.of, [*theirs, *parts])), "the end of all", limit=AT_ONCE)


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
    stories = scale(short=FEWEST, long=FEWER)
    with own_servers(tmp_path) as servers:
        for own, cuts in rounds(scale(short=2, long=50), most=A_ROUND, seed=seed):
            with (
                storm(servers.settings(tmp_path), seed=own, stories=stories, parts=(), sweeps=False) as weather,
                at_work(weather),
            ):
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
                if scale(short=True, long=False):
                    weather.pass_a_minute()
                weather.calm(tally, trials=cuts)
