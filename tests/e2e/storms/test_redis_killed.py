"""F4: `kill -9` of Redis, and Redis with its disk lost: workers come back, and all unfinished work is queued again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.storms.newspaper import SITES
from tests.e2e.storms.servers import Server, dies, own_servers
from tests.e2e.storms.storm import FEWER, Storm, rounds, storm
from tests.faults.record import Tally


def crawls_through(weather: Storm, server: Server, deaths: int, *, wiped: int) -> None:
    """The last so many deaths lose the disk, too."""
    for site in SITES:
        weather.order(site)
    while weather.kills < deaths:
        if not weather.paper.has_changed and weather.kills * 2 >= deaths:
            weather.change_the_newspaper()
        weather.let_pass(weather.chance.randint(1, 40))
        weather.some_time()
        dies(weather, server, wiped=weather.kills >= deaths - wiped)


@pytest.mark.fault("F4")
def test_redis_killed_and_at_last_its_disk_lost(
    tmp_path: Path, tally: Tally, scale: Callable[..., int], seed: int
) -> None:
    with own_servers(tmp_path) as servers:
        for own, deaths in rounds(scale(short=6, long=100), most=25, seed=seed):
            with storm(servers.settings(tmp_path), seed=own, stories=FEWER) as weather:
                crawls_through(weather, servers.valkey, deaths, wiped=1)
                weather.wait(lambda: not weather.place.stores.queue.was_lost(), "the sweeper sees that it is empty")
                if scale(short=True, long=False):
                    weather.pass_a_minute()  # for what was on its way just then
                weather.calm(tally)


@pytest.mark.long
@pytest.mark.fault("F4")
def test_redis_killed_and_its_disk_lost_each_time(tmp_path: Path, tally: Tally, seed: int) -> None:
    with own_servers(tmp_path) as servers:
        for own, deaths in rounds(20, most=5, seed=seed):
            with storm(servers.settings(tmp_path), seed=own, stories=FEWER) as weather:
                crawls_through(weather, servers.valkey, deaths, wiped=deaths)
                weather.calm(tally)
