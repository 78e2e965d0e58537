"""What has become of the newspaper's stories, by its own truth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from console.workplace import Workplace
from replica.world import World
from tests.e2e import house
from tests.e2e.soak.newspaper import SITES, Newspaper


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    expected: int
    late: tuple[str, ...]
    """What only the closing look found, though the schedules had time to."""
    lost: tuple[str, ...]
    duplicated: tuple[str, ...]
    """Stored twice, or an older text over a newer one."""
    stuck: tuple[str, ...]


def outcome_of(place: Workplace, paper: Newspaper, in_time: set[str], *, due_before: datetime) -> Outcome:
    """`in_time`: the keys that the schedules alone had found; what was published before then, they had to."""
    world = paper.replica.mirror()
    expected = {site: house.expected_keys(world, site) for site in SITES}
    return Outcome(
        expected=sum(map(len, expected.values())),
        late=tuple(sorted(_published_before(world, due_before) - in_time)),
        lost=tuple(sorted(key for site in SITES for key in expected[site] - house.stored(place, site))),
        duplicated=(*_twice(place), *_older(place, paper, world)),
        stuck=tuple(page["_id"] for page in house.stuck(place)),
    )


def _published_before(world: World, instant: datetime) -> set[str]:
    urls = (url for site in SITES for url in world.article_urls(site))
    articles = (truth for url in urls if (truth := world.truth(url)))
    return {each["key"] for each in articles if datetime.fromisoformat(each["datePublished"]) < instant}


def _twice(place: Workplace) -> Iterator[str]:
    one_address = {"$group": {"_id": "$canonicalUrl", "times": {"$sum": 1}}}
    twice = place.stores.database["stories"].aggregate([one_address, {"$match": {"times": {"$gt": 1}}}])
    return (each["_id"] for each in twice)


def _older(place: Workplace, paper: Newspaper, world: World) -> Iterator[str]:
    """Stories with another text than the newest; those that are missing are counted as lost."""
    stories = place.stores.database["stories"]
    for url in (url for site in SITES for url in world.article_urls(site)):
        truth = paper.replica.truth(url)
        assert truth
        story = stories.find_one({"_id": truth["key"]}, {"articleBody": 1, "headline": 1})
        if story and (story["articleBody"], story["headline"]) != (truth["articleBody"], truth["headline"]):
            yield truth["key"]
