"""A crawl that is disturbed again and again while it grows, and what must have come of it: lost 0, twice 0, stuck 0."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
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
from stories.pages import HANDED_OVER, LEASED
from stories.queue import connect
from stories.runs import ACTIVE
from stories.settings import Settings
from tests.e2e import house
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

    @property
    def expected(self) -> set[str]:
        return house.expected_keys(self.world, SITE)


@contextmanager
def printed(*, seed: int, stories: int = STORIES, seconds: float = PAGE_SECONDS) -> Iterator[Paper]:
    with ReplicaProcess(stories=stories, seed=seed) as replica:
        replica.delay(seconds)
        yield Paper(replica=replica, world=house.world_of(replica))


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
        yield place
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
                    healed.append(until_more(self.place, run, *crews))
                    wanted = self._stories() + self.chance.randint(*APART)

            house.drain(self.place, [run], limit=DRAINED * (1 + len(disturbances)), each_look=look)
        assert healed, "the crawl ended before any outage came"
        return healed

    def _stories(self) -> int:
        return self.place.stores.database["stories"].count_documents({})


def until_more(place: Workplace, run: str, *crews: Crew) -> float:
    """Seconds until a further story is stored, or nothing is left to be stored."""
    stories, begun = place.stores.database["stories"], time.monotonic()
    before = stories.count_documents({})

    def goes_on() -> bool:
        look_at(crews)
        sweep(place.stores)
        return stories.count_documents({}) > before or _is_drained(place, run)

    wait_until(goes_on, "a further story", limit=HEALED)
    return time.monotonic() - begun


def wait_until(done: Callable[[], object], what: str, *, limit: float = 60.0) -> None:
    end = time.monotonic() + limit
    while not done():
        assert time.monotonic() < end, f"not within {limit} s: {what}"
        time.sleep(0.1)


def look_at(crews: Iterable[Crew]) -> None:
    """Whoever has died is started again."""
    for members in crews:
        members.look()


def _is_drained(place: Workplace, run: str) -> bool:
    at_work = {"state": {"$in": [LEASED, HANDED_OVER]}}
    is_ended = place.stores.runs.get(run)["state"] not in ACTIVE
    return is_ended and not place.stores.database["pages"].find_one(at_work)


def judge(place: Workplace, paper: Paper, *, seed: int) -> None:
    """Every story is there, once, whole, as its page has it; nothing is open, nothing is in quarantine."""
    assert house.stored(place, SITE) == paper.expected, f"seed {seed}"
    stories = place.stores.database["stories"]
    assert stories.count_documents({}) == len({s["canonicalUrl"] for s in stories.find({}, {"canonicalUrl": 1})})
    assert place.stores.database["revisions"].count_documents({}) == 0, f"seed {seed}"
    assert not place.stores.quarantine.newest(limit=3), f"seed {seed}"
    assert not house.stuck(place), f"seed {seed}"
    for url in paper.world.article_urls(SITE):
        assert_whole(place, paper.world.truth(url))


def assert_whole(place: Workplace, truth: dict) -> None:
    story = story_to_json(place.stores.database["stories"].find_one({"_id": truth["key"]}))
    told = {name: truth[name] for name in truth if name not in {"dateDownloaded", "relatedLinks"}}
    assert {name: story[name] for name in told} == told
    assert len(story["relatedLinks"]) == len(truth["relatedLinks"])
    shown = {(link["url"], link["relation"]) for link in truth["relatedLinks"] if not link["isPromotional"]}
    edges = place.stores.database["links"].find({"from": truth["key"]})
    assert {(edge["url"], edge["relation"]) for edge in edges} == shown
