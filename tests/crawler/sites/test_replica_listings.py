"""Every page of links that the replica has, against what it says stands on it; and what a day or a rubric leads to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crawler.sites.registry import SITES, site_of
from crawler.sites.site import DateRange, Found, Listing, Page
from replica.story import slug_of
from replica.world import World
from stories.article import Relation
from stories.dates import WIB

NOW = datetime(2026, 11, 24, 5, 30, tzinfo=UTC)
WORLD = World(stories=2400, seed=11, now=NOW)
LARGE = World(stories=30_000, seed=7, now=NOW)
"""Its archive fills a feed and a channel's home."""
FEEDS = ("nasional", "bisnis", "metro", "dunia", "tekno", "seleb", "otomotif", "bola", "gaya", "travel")
LONG = [
    *(f"https://rss.tempo.co/{channel}" for channel in FEEDS),
    "https://rss.tempo.co/",
    "https://nasional.tempo.co/",
    "https://travel.tempo.co/",
    "https://www.tempo.co/hukum?page=20",
]
WWW = "https://www.tempo.co"
DAY = "2026-11-23"
LISTS = [
    "https://en.tempo.co/",
    "https://en.tempo.co/index",
    f"https://en.tempo.co/index/{DAY}",
    "https://en.tempo.co/rss",
    "https://en.tempo.co/sitemap.xml",
    f"{WWW}/",
    f"{WWW}/indeks",
    f"{WWW}/indeks?page=3",
    f"{WWW}/indeks?category=date&end_date={DAY}&page=1&start_date={DAY}",
    f"{WWW}/indeks?category=rubrik&page=2&rubric_slug=politik",
    f"{WWW}/indeks?access=FREE&category=newsAccess&page=1",
    f"{WWW}/api/gateway/rss/free/hukum",
    f"{WWW}/hukum/_payload.json",
    f"{WWW}/ekonomi-sitemap.xml",
    f"{WWW}/lingkungan-sitemap.xml",
    f"{WWW}/politik",
    f"{WWW}/politik?page=2",
    "https://en.tempo.co/politics",
    "https://rss.tempo.co/",
    "https://rss.tempo.co/nasional",
    "https://nasional.tempo.co/",
    "https://bisnis.tempo.co/",
    "https://foto.tempo.co/",
    f"https://en.tempo.co/index/{DAY}/world",
    f"{WWW}/indeks?access=FREEMIUM&category=newsAccess&page=1",
    f"{WWW}/indeks?access=VIP&category=newsAccess&page=1",
    f"{WWW}/hukum/gugatan-tambak",
    f"{WWW}/topik/gugatan-tambak",
    "https://suarakita.net/",
]


def _days_of_the_archive() -> Iterator[str]:
    """Indexes of the newest and the oldest day of each generation; en's and www's lists changed with the articles."""
    for generation in ("news-2013-en", "read-2021-en", "news-2013-id", "read-2017", "read-2021-id"):
        urls = [url for url in WORLD.archive_urls(generation) if WORLD.extra_truth(url)["listed"]]
        for url in (urls[0], urls[-1]):
            yield from _indexes(url, f"{_wib(WORLD.truth(url)['datePublished']).date()}")


def _indexes(url: str, day: str) -> tuple[str, ...]:
    """That list the article at this address, of this day."""
    section = url.split("/")[2].partition(".")[0]
    if section == "en":
        return (f"https://en.tempo.co/index/{day}",)
    return f"{WWW}/indeks/{day}", f"{WWW}/indeks/{day}/{section}", f"https://{section}.tempo.co/indeks/{day}"


def _tags() -> Iterator[str]:
    """A list of a tag that a story of each edition has."""
    for site, host in (("tempo-en", "https://en.tempo.co"), ("tempo-id", WWW)):
        keywords = (WORLD.truth(url)["keywords"] for url in WORLD.article_urls(site))
        yield f"{host}/tag/{slug_of(next(filter(None, keywords))[0])}"


def _wib(moment: str) -> datetime:
    return datetime.fromisoformat(moment).astimezone(WIB)


Row = tuple[str | None, str | None, str | None, str | None]


def read(url: str, world: World = WORLD) -> Listing:
    site = site_of(url)
    assert site is not None
    reply = world.page(url)
    content_type = dict(reply.headers).get("Content-Type")
    reading = site.read(Page(url=url, body=reply.body, downloaded_at=NOW, content_type=content_type))
    assert isinstance(reading, Listing)
    return reading


def key_of(url: str) -> str:
    site = site_of(url)
    address = site.identify(url) if site else None
    assert address is not None
    return address.key


def row_of(found: Found) -> Row:
    window = found.date_published
    earliest, latest = (
        (f"{at:%Y-%m-%dT%H:%M:%SZ}" for at in (window.earliest, window.latest)) if window else (None, None)
    )
    return key_of(found.url), found.headline, earliest, latest


def true_row(row: dict[str, Any]) -> Row:
    return row["key"], row["headline"], row["datePublishedEarliest"], row["datePublishedLatest"]


def articles_on(listing: Listing) -> list[Found]:
    return [found for found in listing.links if found.relation is Relation.SECTION]


@pytest.mark.parametrize("url", [*LISTS, *_days_of_the_archive(), *_tags()])
def test_a_page_of_links_is_read_as_it_is(url: str):
    truth = WORLD.listing_truth(url)
    assert truth
    assert [row_of(found) for found in articles_on(read(url))] == [true_row(row) for row in truth]


@pytest.mark.parametrize("url", LONG)
def test_a_long_list_is_read_to_its_end(url: str):
    truth = LARGE.listing_truth(url)
    assert truth
    assert len(truth) >= 12
    assert [row_of(found) for found in articles_on(read(url, LARGE))] == [true_row(row) for row in truth]


def test_a_sitemap_index_leads_to_every_rubric():
    links = read(f"{WWW}/sitemap_index.xml").links
    assert all(read(link.url).links for link in links)
    assert len(links) > 5


def test_the_list_that_a_script_fills_is_known_as_such():
    url = WORLD.rendered_listing_url()
    assert WORLD.needs_browser(url)
    assert read(url) == Listing(links=(), is_empty_shell=True)


@pytest.mark.parametrize("script", ["hang", "away", None])
def test_its_bad_variants_have_addresses_of_their_own(script: str | None):
    url = WORLD.rendered_listing_url(2, script)
    address = SITES["tempo-id"].identify(url)
    assert address is not None
    assert address.url == url


@pytest.mark.parametrize("url", LISTS)
def test_no_other_page_is_taken_for_one(url: str):
    assert not WORLD.needs_browser(url)
    assert not read(url).is_empty_shell


@pytest.mark.parametrize("day", ["1999-01-01", "2026-11-27"])
@pytest.mark.parametrize(
    "url",
    ["https://en.tempo.co/index/{0}", f"{WWW}/indeks?category=date&end_date={{0}}&page=1&start_date={{0}}"],
)
def test_a_day_without_news_is_no_shell(url: str, day: str):
    assert read(url.format(day)) == Listing(links=())


@pytest.mark.parametrize(
    "url",
    [
        *(f"https://en.tempo.co/index/{day}" for day in ("2014-01-02", "2016-01-02", "2022-01-02")),
        *(f"{WWW}/indeks/{day}" for day in ("2015-01-02", "2018-01-02", "2022-01-02")),
    ],
)
def test_an_old_day_without_news_is_no_shell(url: str):
    assert WORLD.listing_truth(url) == []
    assert read(url) == Listing(links=())


@pytest.mark.parametrize("path", ["hukum", "indeks?category=rubrik&rubric_slug=hukum"])
def test_lists_are_paged_to_their_end(path: str):
    url: str | None = f"{WWW}/{path}"
    pages, found = [], []
    while url:
        listing = read(url)
        pages.append(url)
        found += [key_of(link.url) for link in articles_on(listing)]
        url = next((link.url for link in listing.links if link.relation is Relation.NEXT_PAGE), None)
    assert len(pages) > 2
    assert len(found) == len(set(found)) == sum(len(WORLD.listing_truth(page) or ()) for page in pages)
    assert WORLD.listing_truth(pages[-1].replace(f"page={len(pages)}", f"page={len(pages) + 1}")) == []


@pytest.mark.parametrize("site", ["tempo-en", "tempo-id"])
def test_a_back_fill_finds_every_listed_story_of_its_days_and_no_other(site: str):
    since = NOW.astimezone(WIB).date() - timedelta(days=3)
    seeds = SITES[site].seeds(DateRange(since=since, until=since + timedelta(days=1)))
    waiting, found = list(seeds), set[str]()
    while waiting:
        listing = read(waiting.pop())
        found |= {key_of(link.url) for link in articles_on(listing)}
        waiting += [link.url for link in listing.links if link.relation is Relation.NEXT_PAGE]
    pages = [url.replace("page=1", f"page={n}") for url in seeds for n in range(1, 8)]
    assert found == {row["key"] for url in pages for row in WORLD.listing_truth(url) or ()}
    assert len(found) > 50
    truths = [truth for url in WORLD.article_urls(site) if (truth := WORLD.truth(url)) and truth["key"] in found]
    assert len(truths) > 50
    assert {_wib(truth["datePublished"]).date() for truth in truths} == {since, since + timedelta(days=1)}
