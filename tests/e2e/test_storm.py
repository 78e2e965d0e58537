"""Kill what can be killed in mid-crawl: nothing lost, nothing twice, nothing stuck. Seeded; a failure says its seed."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from console.crew import CRAWLERS, ENRICHERS, crew
from console.workplace import Workplace, workplace
from replica.process import ReplicaProcess
from replica.world import World
from stories.settings import Settings
from tests.e2e import house

SEED = 20261124
STORIES = 600
KILLS = 10
SITES = ("tempo-en", "tempo-id")


@pytest.fixture
def replica() -> Iterator[ReplicaProcess]:
    with ReplicaProcess(stories=STORIES, seed=SEED) as newspaper:
        newspaper.delay(0.15)  # so that a crawl lasts long enough to be killed ten times
        yield newspaper


@pytest.fixture
def world(replica: ReplicaProcess) -> World:
    return house.world_of(replica)


@pytest.fixture
def place(settings: Settings, replica: ReplicaProcess) -> Iterator[Workplace]:
    own = house.settings_for(settings, replica, lease_seconds=Settings().lease_seconds, concurrency=4)
    with workplace(own) as opened:
        yield opened


class Killer:
    """Kills a process of a kind each time the collection has grown to a random size."""

    def __init__(self, find: Callable[[], list[int]], place: Workplace, *, seed: int) -> None:
        self.find = find
        self.stories = place.stores.database["stories"]
        self.chance = random.Random(seed)
        self.sizes = sorted(self.chance.sample(range(STORIES * 4 // 5), KILLS))

    def __call__(self) -> None:
        if self.sizes and self.stories.count_documents({}) >= self.sizes[0]:
            victims = self.find()
            if victims:
                with suppress(ProcessLookupError):  # a job's process ended by itself since we looked: the next look
                    os.kill(self.chance.choice(victims), signal.SIGKILL)
                    del self.sizes[0]


def of_kind(*words: str) -> Callable[[], list[int]]:
    return lambda: [pid for pid, command in house.children(os.getpid()) if all(word in command for word in words)]


def assert_nothing_lost_twice_or_stuck(place: Workplace, world: World) -> None:
    for site in SITES:
        assert house.stored(place, site) == house.expected_keys(world, site), f"seed {SEED}"
    assert place.stores.quarantine.count() == 0
    assert not house.stuck(place), f"seed {SEED}"
    stories = place.stores.database["stories"]
    assert stories.count_documents({}) == len({s["canonicalUrl"] for s in stories.find({}, {"canonicalUrl": 1})})


def crawl_through(place: Workplace, world: World, *killers: Killer, also: Callable[[], object] = lambda: None) -> None:
    with crew(place.settings, [CRAWLERS, CRAWLERS, ENRICHERS, ENRICHERS]) as members:
        runs = [house.order(place, site, world).run for site in SITES]

        def storm() -> None:
            members.look()
            for killer in killers:
                killer()
            also()

        house.drain(place, runs, limit=200, each_look=storm)
    assert not any(killer.sizes for killer in killers), "the crawl ended before the storm did"


def test_ten_kills_of_the_crawler(place: Workplace, world: World) -> None:
    killer = Killer(of_kind("crawler.run"), place, seed=SEED)
    crawl_through(place, world, killer)
    assert_nothing_lost_twice_or_stuck(place, world)


def test_ten_kills_of_a_worker_or_its_child(place: Workplace, world: World) -> None:
    killer = Killer(of_kind("console.cli worker enrich"), place, seed=SEED + 1)
    crawl_through(place, world, killer)
    assert_nothing_lost_twice_or_stuck(place, world)


def test_redis_wiped_in_mid_crawl(place: Workplace, world: World) -> None:
    wiped = []

    def wipe() -> None:
        if not wiped and place.stores.database["stories"].count_documents({}) > STORIES // 5:
            place.stores.queue.connection.flushall()
            wiped.append(True)
        if wiped:
            house.a_minute_later(place)

    crawl_through(place, world, also=wipe)
    assert wiped
    assert_nothing_lost_twice_or_stuck(place, world)
