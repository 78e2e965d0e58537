"""From the replica's pages to MongoDB, by the real processes: all of it, exactly, and once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from console.workplace import Workplace
from replica.process import ReplicaProcess
from replica.world import World
from stories.codec import story_to_json
from stories.runs import ACTIVE
from tests.e2e import house
from tests.waiting import wait_for

SITES = ("tempo-en", "tempo-id", "suarakita")
# An age on a card is read against the time of the download, which is not the replica's own.
RELATIVE = {"datePublishedEarliest", "datePublishedLatest"}


@pytest.fixture
def replica() -> Iterator[ReplicaProcess]:
    with ReplicaProcess(stories=120) as newspaper:
        yield newspaper


def crawl(place: Workplace, world: World, site: str, **changes: object) -> Counter:
    run = house.order(place, site, world, **changes).run
    house.drain(place, [run], limit=60)
    known = place.stores.runs.get(run)
    assert known["exitCode"] == 0, known
    return Counter(place.stores.ledger.report(run).fates)


def without_ages(link: dict) -> dict:
    return {name: value for name, value in link.items() if name not in RELATIVE}


def test_every_story_is_stored_as_it_is(place: Workplace, world: World, replica: ReplicaProcess) -> None:
    for site in SITES:
        fates = crawl(place, world, site)
        assert not fates["failed"] + fates["quarantined"], fates
    for site in SITES:
        assert house.stored(place, site) == house.expected_keys(world, site)
    assert replica.stats()["forbidden"]["requests"] == 0
    for site in SITES:
        is_stored_as_it_is(place, world, site)


def is_stored_as_it_is(place: Workplace, world: World, site: str) -> None:
    for url in world.article_urls(site):
        truth = world.truth(url)
        story = story_to_json(place.stores.database["stories"].find_one({"_id": truth["key"]}))
        links, expected = story.pop("relatedLinks"), truth.pop("relatedLinks")
        assert list(map(without_ages, links)) == list(map(without_ages, expected)), url
        assert {name: story[name] for name in truth if name != "dateDownloaded"} == truth, url


def test_a_second_newspaper_is_stored_as_it_is(place: Workplace, world: World) -> None:
    """By its lists and its feed; nothing but its folder and its line of the registry knows it."""
    for site in ("antara-id", "antara-en"):
        fates = crawl(place, world, site, since=None, until=None)
        assert fates["stored"] == 14
        assert house.stored(place, site) == house.expected_keys(world, site)
        is_stored_as_it_is(place, world, site)


def test_a_second_crawl_stores_nothing_and_asks_for_no_story(
    place: Workplace, world: World, replica: ReplicaProcess
) -> None:
    crawl(place, world, "tempo-en")
    before = {s["_id"]: s["updatedAt"] for s in place.stores.database["stories"].find({}, {"updatedAt": 1})}
    due = set(place.stores.database["pages"].distinct("url", {"nextFetchAt": {"$lte": place.now()}}))
    replica.clear_log()
    fates = crawl(place, world, "tempo-en")
    asked = {f"https://{entry['host']}{entry['path']}" for entry in replica.log()}
    assert not {url for url in asked if "/read/" in url} - due
    assert fates["stored"] == fates["revised"] == 0
    after = {s["_id"]: s["updatedAt"] for s in place.stores.database["stories"].find({}, {"updatedAt": 1})}
    assert after == before
    assert place.stores.database["revisions"].count_documents({}) == 0


def test_an_edited_story_leaves_a_revision_and_a_cosmetic_change_does_not(
    place: Workplace, world: World, replica: ReplicaProcess
) -> None:
    crawl(place, world, "tempo-en")
    old = {s["_id"]: s["articleBody"] for s in place.stores.database["stories"].find({}, {"articleBody": 1})}
    replica.edit(0.3, seed=5, cosmetic=True)
    assert crawl(place, world, "tempo-en", fresh=True)["revised"] == 0
    replica.edit(0.3, seed=5)
    world.edit(0.3, 5)
    fates = crawl(place, world, "tempo-en", fresh=True)
    assert fates["revised"] > 0
    revisions = list(place.stores.database["revisions"].find())
    assert len(revisions) == fates["revised"]
    assert all(revision["articleBody"] == old[revision["key"]] for revision in revisions)
    new = {s["_id"]: s["articleBody"] for s in place.stores.database["stories"].find({}, {"articleBody": 1})}
    for url in world.article_urls("tempo-en"):
        truth = world.truth(url)
        assert new[truth["key"]] == truth["articleBody"]


def test_single_addresses_are_crawled_with_their_related_news(
    place: Workplace, world: World, replica: ReplicaProcess
) -> None:
    url = next(iter(world.article_urls("tempo-en")))
    run = house.order(place, "tempo-en", world, urls=(url,), since=None, until=None, depth=1).run
    house.drain(place, [run], limit=60)
    asked = {entry["path"] for entry in replica.log()}
    assert not any("index" in path for path in asked)
    wanted = {house.key_of(url), *world.extra_truth(url)["relatedKeys"], *world.extra_truth(url)["lineKeys"]}
    assert house.stored(place, "tempo-en") <= wanted
    assert len(house.stored(place, "tempo-en")) >= 4


def test_a_page_budget_is_kept(place: Workplace, world: World, replica: ReplicaProcess) -> None:
    run = house.order(place, "tempo-en", world, max_pages=25).run
    wait_for(lambda: place.stores.runs.get(run)["state"] not in ACTIVE, "the end of the crawl")
    assert place.stores.runs.get(run)["finishReason"] == "page budget spent"
    pages = [entry for entry in replica.log() if entry["path"] != "/robots.txt"]
    assert 20 <= len(pages) <= 25 + 5  # redirects come on top
