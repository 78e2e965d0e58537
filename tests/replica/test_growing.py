"""A newspaper that grows: at each moment it shows what is published, and at its end it is the one that stood still."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from replica import World
from replica.process import ReplicaProcess
from tests.replica.conftest import NOW

STORIES = 120
OPENS = NOW - timedelta(minutes=40)
EN, ID = "https://en.tempo.co", "https://www.tempo.co"
LISTINGS = (
    f"{EN}/index",
    f"{EN}/rss",
    f"{EN}/sitemap.xml",
    f"{EN}/index/2026-11-05",
    f"{ID}/indeks",
    f"{ID}/indeks?category=date&start_date=2026-11-05&end_date=2026-11-05",
    f"{ID}/hukum-sitemap.xml",
    f"{ID}/api/gateway/rss/free/hukum",
    f"{ID}/hukum/_payload.json",
)
GONE, MOVED, THERE = 404, 301, 200


def growing(opens: datetime | None = OPENS, minutes_apart: int = 1) -> World:
    return World(stories=STORIES, seed=7, now=NOW, opens=opens, minutes_apart=minutes_apart)


def moments() -> list[World]:
    worlds = [growing() for _ in range(4)]
    for step, world in enumerate(worlds):
        world.advance(OPENS + timedelta(minutes=10 * step))
    return worlds


def test_at_its_end_it_is_the_world_that_stood_still() -> None:
    grown, still = growing(), growing(opens=None)
    grown.advance(NOW)
    for site in ("tempo-en", "tempo-id"):
        assert list(grown.article_urls(site)) == list(still.article_urls(site))
        assert all(grown.truth(url) == still.truth(url) for url in still.article_urls(site))
    assert all(grown.listing_truth(url) == still.listing_truth(url) for url in LISTINGS)
    assert (grown.gone, grown.counts()["tempo-en"]) == (still.gone, still.counts()["tempo-en"])


def test_a_story_appears_every_minute_and_stays() -> None:
    """Of each edition."""
    before: set[str] = set()
    for world in moments():
        urls = {url for site in ("tempo-en", "tempo-id") for url in world.article_urls(site)}
        told = urls | set(world.gone_urls())
        assert before <= told
        assert not before or len(told) - len(before) == 20
        before = told
        assert all(datetime.fromisoformat(world.truth(url)["datePublished"]) <= world.now for url in urls)
        counts = world.counts()
        assert {site: sum(1 for _ in world.article_urls(site)) for site in counts} == counts
        assert world.gone == sum(1 for _ in world.gone_urls())


def test_nothing_leads_to_what_is_not_published() -> None:
    for world in moments():
        gone = set(world.gone_urls())
        for url in LISTINGS:
            listed = world.listing_truth(url)
            assert listed is not None
            assert all(world.page(each["url"]).status in {THERE, MOVED} or each["url"] in gone for each in listed), url
        for url in world.article_urls():
            keys = set(world.extra_truth(url)["relatedKeys"])
            links = [link["url"] for link in world.truth(url)["relatedLinks"]]
            assert keys
            assert all(world.page(link).status in {THERE, MOVED} or link in gone for link in links), url


def test_the_newest_story_leads_the_listings() -> None:
    for world in moments():
        published = [row["datePublishedEarliest"] for row in world.listing_truth(f"{EN}/rss")]
        assert published == sorted(published, reverse=True)
        age = world.now - datetime.fromisoformat(published[0])
        assert timedelta(0) <= age <= timedelta(minutes=5)
    later = world.listing_truth(f"{EN}/rss")
    assert later != growing().listing_truth(f"{EN}/rss")


def test_what_was_edited_before_it_was_published_is_a_first_text() -> None:
    world = growing()
    there = set(world.article_urls("tempo-en"))
    world.edit(1.0, 1)
    world.advance(NOW)
    still = growing(opens=None)
    for url in still.article_urls("tempo-en"):
        changed = world.truth(url)["articleBody"] != still.truth(url)["articleBody"]
        assert changed is (url in there)


def test_the_copies_of_a_republisher_stand_still() -> None:
    first, *later = [[world.truth(url) for url in world.article_urls("suarakita")] for world in moments()]
    assert first
    assert [[copy["articleBody"] for copy in copies] for copies in later] == [[c["articleBody"] for c in first]] * 3
    assert [[copy["key"] for copy in copies] for copies in later] == [[copy["key"] for copy in first]] * 3


@pytest.mark.parametrize("minutes_apart", [1, 2, 7, 36])
def test_days_and_numbers_lead_back_however_far_apart(minutes_apart: int) -> None:
    world = growing(minutes_apart=minutes_apart)
    listed = {row["url"] for row in world.listing_truth(f"{EN}/sitemap.xml")}
    days = {world.now.date() - timedelta(days=back) for back in range(-1, 3)}
    by_day = [row["url"] for day in days for row in world.listing_truth(f"{EN}/index/{day}") or ()]
    assert len(by_day) == len(set(by_day))
    assert listed <= {world.truth(url)["url"] for url in by_day if world.truth(url)} | set(world.article_urls())
    assert listed


@pytest.mark.parametrize("moment", [OPENS - timedelta(minutes=1), NOW + timedelta(minutes=1)])
def test_time_goes_neither_back_nor_beyond_its_end(moment: datetime) -> None:
    with pytest.raises(ValueError, match="not between"):
        growing().advance(moment)


def test_a_replica_grows_when_it_is_told_to() -> None:
    with ReplicaProcess(stories=STORIES, seed=7, now=NOW, opens=OPENS, minutes_apart=1) as replica:
        before = replica.world()
        mirror = replica.mirror()
        assert (mirror.now, mirror.counts()) == (OPENS, before["articles"])
        mirror.advance(NOW)
        replica.advance(NOW)
        after = replica.world()
        with pytest.raises(RuntimeError, match="not between"):
            replica.advance(OPENS)
    assert mirror.counts() == after["articles"]
    assert datetime.fromisoformat(before["now"]) == OPENS
    assert datetime.fromisoformat(after["now"]) == NOW
    assert after["articles"] == growing(opens=None).counts() | {"suarakita": before["articles"]["suarakita"]}
    assert before["articles"]["tempo-en"] < after["articles"]["tempo-en"]
