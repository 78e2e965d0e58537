"""A crawl that is disturbed again and again while it grows, and what must have come of it: lost 0, twice 0, stuck 0."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

from console.crew import CRAWLERS, ENRICHERS, Crew, crew
from console.services import Services, services
from console.workplace import Workplace, workplace
from replica.process import ReplicaProcess
from replica.world import World
from stories.codec import story_to_json
from stories.mongo import Document
from stories.pages import DUE, LEASED
from stories.queue import connect
from stories.runs import ACTIVE
from stories.settings import Settings
from tests.e2e import house
from tests.faults.record import Tally
from tests.waiting import wait_for
from workers.sweep import sweep

SITE = "tempo-en"
STORIES = 120
MANY = 300
"""In a long run: half of them are of the site, so that a crawl lasts for several outages."""
PAGE_SECONDS = 0.2
"""By which each page is answered later: so a crawl lasts for some seconds, in which it can be disturbed."""
APART = (3, 10)
"""Stories between two outages."""
HEALED = 60.0
"""Seconds after the end of an outage by which everything goes on."""
DRAINED = 200.0
"""Seconds until nothing is open: the sweeper's looks, and RQ's for a job whose worker has died, take a minute."""

Disturbance = Callable[[], object]
"""Returns when it is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A newspaper and its truth."""

    replica: ReplicaProcess
    world: World
    expected: set[str]
    """The keys of the stories that have to be stored."""


@contextmanager
def printed(*, seed: int, stories: int = STORIES) -> Iterator[Paper]:
    with ReplicaProcess(stories=stories, seed=seed) as replica:
        world = replica.mirror()
        yield Paper(replica=replica, world=world, expected=house.expected_keys(world, SITE))


@contextmanager
def servers(home: Path) -> Iterator[Services]:
    """A MongoDB and a Redis of this test's own: what is done to them, nobody else feels."""
    with services(Settings(home=home)) as own:
        yield own


@contextmanager
def desk(own: Services, paper: Paper, home: Path, **changes: object) -> Iterator[Workplace]:
    """These servers with a new database and an empty Redis, for one crawl. Leases are as long as in real life."""
    plain = Settings(home=home, mongo_url=own.mongo_url, redis_url=own.redis_url, database=f"test_{uuid4().hex[:12]}")
    with connect(own.redis_url) as queue:
        queue.flushall()
    settings = house.settings_for(plain, paper.replica, lease_seconds=plain.lease_seconds, concurrency=4)
    with workplace(replace(settings, **changes)) as place:
        sweep(place.stores)  # it is new, not emptied
        try:
            yield place
        finally:
            place.stores.database.client.drop_database(settings.database)


@dataclass(slots=True, kw_only=True)
class Ordeal:
    """One crawl with a crawler and an enricher, each with settings of its own: its way to the servers."""

    place: Workplace
    """At the servers themselves: what judges is not disturbed."""
    paper: Paper
    crawler: Settings
    enricher: Settings
    chance: random.Random

    def go_through(self, disturbances: Sequence[Disturbance]) -> list[float]:
        """One after the other, some stories apart, as many as come before the crawl is through: one at least.

        Gives how long after each it took until stories came in again.
        """
        healed: list[float] = []
        waiting, wanted = list(disturbances), self.chance.randint(*APART)
        self.paper.replica.delay(PAGE_SECONDS)
        with ExitStack() as stack:
            crews = [
                stack.enter_context(crew(settings, [part]))
                for settings, part in ((self.crawler, CRAWLERS), (self.enricher, ENRICHERS))
            ]
            run = house.order(self.place, SITE, self.paper.world).run

            def look() -> None:
                nonlocal wanted
                look_at(crews)
                if waiting and wanted <= self._stories() < len(self.paper.expected):
                    waiting.pop(0)()
                    healed.append(until_more(self.place, self.paper, run, *crews))
                    wanted = self._stories() + self.chance.randint(*APART)
                    if not waiting:
                        self.paper.replica.delay(0)

            house.drain(self.place, [run], limit=DRAINED * (1 + len(disturbances)), each_look=look)
        assert healed, "the crawl ended before any outage came"
        return healed

    def _stories(self) -> int:
        return self.place.stores.database["stories"].count_documents({})


def until_more(place: Workplace, paper: Paper, run: str, *crews: Crew, sweeps: bool = True) -> float:
    """Seconds until a further story is stored and a further page asked for, or nothing is left to be done.

    Sweeps, where no scheduler does.
    """
    stories, begun = place.stores.database["stories"], time.monotonic()
    stored_before, asked_before, swept_at = stories.count_documents({}), asked(paper), begun

    def goes_on() -> bool:
        nonlocal swept_at
        look_at(crews)
        if sweeps and time.monotonic() - swept_at > 1:
            sweep(place.stores)
            swept_at = time.monotonic()
        if not is_asking(place):
            return stories.count_documents({}) > stored_before or is_drained(place, run)
        return stories.count_documents({}) > stored_before and asked(paper) > asked_before

    wait_for(goes_on, "a further story and a further request", limit=HEALED)
    return time.monotonic() - begun


def asked(paper: Paper) -> int:
    """For how many pages, so far."""
    return int(paper.replica.stats()["requests"])


def look_at(crews: Iterable[Crew]) -> None:
    """Whoever has died is started again."""
    for members in crews:
        members.look()


def is_asking(place: Workplace) -> bool:
    """Whether the crawl has pages that it still has to ask for."""
    taken = {"$or": [{"state": LEASED}, {"state": DUE, "run": {"$exists": True}}]}
    return place.stores.database["pages"].find_one(taken) is not None


def is_drained(place: Workplace, run: str) -> bool:
    return place.stores.runs.get(run)["state"] not in ACTIVE and not house.unfinished(place)


@contextmanager
def judged(place: Workplace, paper: Paper, tally: Tally, *, seed: int) -> Iterator[None]:
    """What came of the block is counted, whatever becomes of it; if it comes to its end, it is judged, too."""
    database = place.stores.database
    try:
        yield
    finally:
        stories = {story["_id"]: story for story in database["stories"].find()}
        lost, more = paper.expected - stories.keys(), stories.keys() - paper.expected
        twice = len(stories) - len({story["canonicalUrl"] for story in stories.values()})
        stuck = database["pages"].count_documents(house.OPEN)
        tally.add(trials=0, lost=len(lost), duplicated=twice, stuck=stuck, seed=seed)
    assert (lost, more, twice) == (set(), set(), 0), f"seed {seed}"
    assert not stuck, f"seed {seed}: {house.stuck(place)}"
    assert database["revisions"].count_documents({}) == 0, f"seed {seed}"
    assert not place.stores.quarantine.newest(limit=3), f"seed {seed}"
    assert_whole(place, paper, stories)


def assert_whole(place: Workplace, paper: Paper, stories: Mapping[str, Document]) -> None:
    """Each as its page has it, with its links."""
    edges: dict[str, set[tuple[str, str]]] = {key: set() for key in stories}
    for edge in place.stores.database["links"].find({}, {"from": 1, "url": 1, "relation": 1}):
        edges[edge["from"]].add((edge["url"], edge["relation"]))
    for truth in map(paper.world.truth, paper.world.article_urls(SITE)):
        story = story_to_json(stories[truth["key"]])
        told = {name: truth[name] for name in truth if name not in {"dateDownloaded", "relatedLinks"}}
        assert {name: story[name] for name in told} == told
        assert len(story["relatedLinks"]) == len(truth["relatedLinks"])
        shown = {(link["url"], link["relation"]) for link in truth["relatedLinks"] if not link["isPromotional"]}
        assert edges[truth["key"]] == shown
