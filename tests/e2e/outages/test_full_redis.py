"""F20: Redis has no memory left. Leasing stops, nothing is dropped, and all goes on when there is room."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

import pytest

from console.crew import CRAWLERS, ENRICHERS, Crew, crew
from console.workplace import Workplace
from crawler.pipelines.hand_over import MOST_FULL
from stories.pages import HANDED_OVER
from tests.e2e import house
from tests.e2e.outages.ordeal import (
    DRAINED,
    SITE,
    Paper,
    asked,
    desk,
    judged,
    look_at,
    printed,
    servers,
    until_more,
)
from tests.faults.record import Tally
from tests.waiting import wait_for

STORIES = 2000
"""Half of them are of the site: more than there is room for, and a crawler holds 500 besides."""
QUEUED = 200
"""Pages in jobs that nobody takes, about 270 kB of them, when Redis is found to be too small."""
TOO_MUCH = 100_000
"""Bytes of them that have to be worked off first; the rest is room for what is to come."""
OTHERS = 20_000_000
"""Bytes of somebody else's: beside them, a batch that comes on top at the last moment is little."""
SLOWLY = 0.15
"""Seconds a page: when the first stories are there, a crawler has not asked for many more."""
STILL = 3.0
"""Seconds without a request, after which a crawler that asks a hundred times a second has stopped."""


@contextmanager
def memory(place: Workplace, most: int) -> Iterator[None]:
    """Redis may use so many bytes."""
    redis = place.stores.queue.connection
    before = redis.config_get("maxmemory")["maxmemory"]
    redis.config_set("maxmemory", most)
    try:
        yield
    finally:
        redis.config_set("maxmemory", before)


def used(place: Workplace) -> int:
    return int(place.stores.queue.connection.info("memory")["used_memory"])


def wait_until_it_stops(paper: Paper, *crews: Crew) -> None:
    """Until no further request comes."""
    wait_for(lambda: asked(paper), "it begins to ask")
    until, before, since = time.monotonic() + DRAINED, asked(paper), time.monotonic()
    while time.monotonic() - since < STILL:
        assert time.monotonic() < until, "it goes on asking"
        look_at(crews)
        time.sleep(0.1)
        if (now := asked(paper)) != before:
            before, since = now, time.monotonic()


def crawler_of(members: Crew) -> int:
    """The pid of the one Scrapy process."""
    (worker,) = members.pids()[" ".join(CRAWLERS)]
    (crawler,) = [pid for pid, command in house.children(worker) if "crawler.run" in command]
    return crawler


@contextmanager
def standing_still(members: Crew) -> Iterator[None]:
    pids = [pid for several in members.pids().values() for pid in several]
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


def assert_waits(place: Workplace, paper: Paper) -> None:
    """The crawl is not at its end, and has dropped nothing."""
    assert asked(paper) < len(paper.expected)
    assert place.stores.quarantine.count() == 0
    assert place.stores.database["pages"].count_documents({"attempts": {"$gt": 0}}) == 0


def fill(place: Workplace, paper: Paper, enrichers: Crew, crawlers: Crew) -> str:
    """Until the crawler waits for room; and then until the enricher has made some, by itself. Gives the run."""
    with ExitStack() as stack:
        with standing_still(enrichers):
            run = house.order(place, SITE, paper.world).run
            wait_for(lambda: handed_over(place) > QUEUED, "jobs wait")
            most = int((used(place) - TOO_MUCH) / MOST_FULL)
            stack.enter_context(memory(place, most))
            wait_until_it_stops(paper, crawlers)
            assert used(place) > MOST_FULL * most, "it stopped for another reason"
            print(f"it stopped after {asked(paper)} requests of {len(paper.expected)} and more")
            assert_waits(place, paper)
            crawler = crawler_of(crawlers)
        until_more(place, paper, run, crawlers, enrichers)
        assert crawler_of(crawlers) == crawler, "it waited, it did not die"
    return run


def handed_over(place: Workplace) -> int:
    return place.stores.database["pages"].count_documents({"state": HANDED_OVER})


@pytest.mark.fault("F20")
def test_jobs_that_fill_redis_are_worked_off(
    tmp_path: Path, tally: Tally, scale: Callable[..., int], seed: int
) -> None:
    """The enrichers stand still until the crawler waits for room; then they make it, by themselves."""
    trials = scale(short=1, long=5)
    with servers(tmp_path) as own, printed(seed=seed, stories=STORIES) as paper:
        for _ in range(trials):
            paper.replica.clear_log()
            with desk(own, paper, tmp_path) as place:
                place.stores.queue.connection.setrange("others", OTHERS, b"x")
                with (
                    judged(place, paper, tally, seed=seed),
                    crew(place.settings, [ENRICHERS]) as enrichers,
                    crew(place.settings, [CRAWLERS]) as crawlers,
                ):
                    wait_for(place.stores.queue.workers, "the enricher begins")
                    run = fill(place, paper, enrichers, crawlers)
                    house.drain(place, [run], limit=DRAINED, each_look=enrichers.look)
    tally.add(trials=trials, seed=seed)


def has_stored(place: Workplace, stories: int) -> bool:
    return place.stores.database["stories"].count_documents({}) >= stories


@pytest.mark.fault("F20")
def test_a_redis_that_takes_nothing_at_all(tmp_path: Path, tally: Tally, scale: Callable[..., int], seed: int) -> None:
    """Others have filled it: not even the workers' signs of life are taken. The crawler waits until there is room."""
    trials, chance = scale(short=1, long=5), random.Random(seed)
    with servers(tmp_path) as own, printed(seed=seed, stories=STORIES) as paper:
        for _ in range(trials):
            paper.replica.clear_log()
            paper.replica.delay(SLOWLY)
            begins = chance.randrange(20, 60)
            with (
                desk(own, paper, tmp_path) as place,
                judged(place, paper, tally, seed=seed),
                crew(place.settings, [CRAWLERS]) as crawlers,
                crew(place.settings, [ENRICHERS]) as enrichers,
            ):
                run = house.order(place, SITE, paper.world).run
                wait_for(partial(has_stored, place, begins), "it crawls")
                with memory(place, used(place) // 2):
                    wait_until_it_stops(paper, crawlers, enrichers)
                    assert_waits(place, paper)
                    crawler = crawler_of(crawlers)
                until_more(place, paper, run, crawlers, enrichers)
                assert crawler_of(crawlers) == crawler, "it waited, it did not die"
                paper.replica.delay(0)
                house.drain(place, [run], limit=DRAINED, each_look=lambda: look_at((crawlers, enrichers)))
    tally.add(trials=trials, seed=seed)
