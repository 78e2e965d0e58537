"""How stories are found, from outside: what is asked again, and what a back-fill asks for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from console.workplace import Workplace
from crawler.sites.registry import SITES, site_of
from replica.process import ReplicaProcess
from replica.world import World
from stories.dates import WIB
from stories.pages import DUE
from tests.e2e import house

LISTS = {"feed", "sitemap", "listing"}


@pytest.fixture
def replica() -> Iterator[ReplicaProcess]:
    with ReplicaProcess(stories=300) as newspaper:
        yield newspaper


def crawl(place: Workplace, world: World, site: str, **changes: object) -> str:
    run = house.order(place, site, world, **changes).run
    house.drain(place, [run], limit=60)
    assert place.stores.runs.get(run)["exitCode"] == 0
    return run


def lists(replica: ReplicaProcess) -> dict[str, tuple[int, bool]]:
    """Status, and whether it was conditional, of each page of links that was asked for."""
    asked = {f"https://{entry['host']}{entry['path']}": entry for entry in replica.log()}
    kinds = {url: address.kind.value for url in asked if (site := site_of(url)) and (address := site.identify(url))}
    return {url: (asked[url]["status"], asked[url]["conditional"]) for url, kind in kinds.items() if kind in LISTS}


@pytest.mark.parametrize("site", ["tempo-en", "tempo-id"])
def test_feeds_and_indexes_are_polled_with_conditional_requests(
    place: Workplace, world: World, replica: ReplicaProcess, site: str
) -> None:
    anytime = {"since": None, "until": None, "depth": 0}
    crawl(place, world, site, **anytime)
    first = lists(replica)
    assert first
    assert not place.stores.database["pages"].count_documents({"state": DUE}), "also on hosts that were found last"
    assert set(first.values()) == {(200, False)}
    replica.clear_log()
    crawl(place, world, site, **anytime)
    again = lists(replica)
    seeds = {url.partition("?")[0] for url in SITES[site].seeds(None)}
    assert {url.partition("?")[0] for url in again} >= seeds
    assert set(again.values()) == {(304, True)}
    replica.remove(next(url for url in world.article_urls(site) if house.key_of(url) in house.stored(place, site)))
    replica.clear_log()
    crawl(place, world, site, **anytime)
    assert set(lists(replica).values()) == {(200, True)}, "what has changed is read again"


def test_a_back_fill_asks_for_the_indexes_of_its_days_and_stores_all_that_they_list(
    place: Workplace, world: World, replica: ReplicaProcess
) -> None:
    day = world.now.astimezone(WIB).date() - timedelta(days=2)
    crawl(place, world, "tempo-en", since=day, until=day)
    assert {url.rpartition("/")[2] for url in lists(replica)} == {day.isoformat()}
    stored, here = house.stored(place, "tempo-en"), house.expected_keys(world, "tempo-en")
    listed = {row["key"] for row in world.listing_truth(f"https://en.tempo.co/index/{day}") or ()} & here
    assert len(listed) > 10
    assert listed <= stored
    others = {key for key in stored if _day(place.stores.database["stories"].find_one({"_id": key})) != day}
    sources = place.stores.database["pages"].distinct("foundOn", {"_id": {"$in": list(others)}})
    assert not others & set(sources), "one whose card does not tell its day is read, and leads nowhere"


def _day(story: dict[str, Any]) -> date:
    return story["datePublished"].replace(tzinfo=UTC).astimezone(WIB).date()


def test_a_back_fill_of_old_days_reads_the_archive(place: Workplace, world: World) -> None:
    oldest = min(world.truth(url)["datePublished"] for url in world.archive_urls("news-2013-id"))
    day = datetime.fromisoformat(oldest).astimezone(WIB).date()
    crawl(place, world, "tempo-id", since=day, until=day, depth=0)
    listed = {row["key"] for row in world.listing_truth(f"https://www.tempo.co/indeks/{day}") or ()}
    assert listed
    assert house.stored(place, "tempo-id") == listed
