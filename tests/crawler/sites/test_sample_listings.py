"""Real indexes, feeds and sitemaps of Tempo."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.sites.site import Found
from stories.article import Relation, Window
from tests.crawler.sites.samples import digest, key_of, listing_of, sample

EN_INDEX = listing_of("tempo-en", "https://en.tempo.co/index", sample("pages/en-2015-index.html")).links
GATEWAY = "https://www.tempo.co/api/gateway/rss/free"


def minute(*when: int) -> Window:
    start = datetime(*when, tzinfo=UTC)  # type: ignore[misc,arg-type]
    return Window(earliest=start, latest=start.replace(minute=start.minute + 1))


def test_only_the_rows_of_the_index_not_the_lists_around_it():
    assert len(EN_INDEX) == 37


@pytest.mark.parametrize(
    ("place", "key", "headline", "window"),
    [
        (0, "tempo-news:715866", "ce6aadf9", minute(2015, 11, 4, 10, 14)),
        (-1, "tempo-news:715684", "bf45c6d1", minute(2015, 11, 4, 0, 28)),
    ],
)
def test_a_row(place: int, key: str, headline: str, window: Window):
    row = EN_INDEX[place]
    assert key_of(row.url) == key
    assert digest(row.headline or "").startswith(headline)
    assert row.date_published == window
    assert row.relation is Relation.SECTION


def test_no_article_stands_twice():
    assert len({key_of(row.url) for row in EN_INDEX}) == len(EN_INDEX)


@pytest.mark.parametrize(
    ("rubric", "items", "first"), [("hukum", 9, "tempo-www:2253339"), ("ekonomi", 9, "tempo-www:2253426")]
)
def test_the_gateways_feed(rubric: str, items: int, first: str):
    links = listing_of("tempo-id", f"{GATEWAY}/{rubric}", sample(f"feeds/gateway-rss-2026-{rubric}.xml")).links
    assert len(links) == items
    assert key_of(links[0].url) == first
    assert all(link.date_published for link in links)


@pytest.fixture(scope="module")
def old_feed() -> tuple[Found, ...]:
    return listing_of("tempo-id", "https://rss.tempo.co/", sample("feeds/rss-2017.xml")).links


def test_the_old_feed(old_feed: tuple[Found, ...]):
    assert len(old_feed) == 50
    assert key_of(old_feed[0].url) == "tempo-news:863188"
    published = datetime(2017, 4, 6, 3, 39, 8, tzinfo=UTC)
    assert old_feed[0].date_published == Window(earliest=published, latest=published.replace(second=9))


def test_what_was_encoded_twice_is_mended(old_feed: tuple[Found, ...]):
    titles = "".join(link.headline or "" for link in old_feed)
    assert "\u2019" in titles
    assert "\u00e2\u20ac" not in titles


@pytest.mark.parametrize("rubric", ["politik", "ekonomi"])
def test_a_sitemap_as_a_browser_shows_it(rubric: str):
    name = f"feeds/sitemap-2026-{rubric}-rendered.html"
    links = listing_of("tempo-id", f"https://www.tempo.co/{rubric}-sitemap.xml", sample(name)).links
    assert len(links) == 200
    assert all((key_of(link.url) or "").startswith("tempo-www:") for link in links)
    assert not any(link.date_published for link in links), "its time is the last save, not the publication"


def test_the_channels_index():
    links = listing_of("tempo-id", "https://www.tempo.co/indeks/2017-11-01", sample("pages/id-2017-index.html")).links
    assert len(links) == 176
    assert key_of(links[0].url) == "tempo-read:1029758"
    assert links[0].date_published == minute(2017, 11, 1, 7, 31)
