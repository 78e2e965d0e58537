"""Real indexes, feeds and sitemaps of Tempo."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from crawler.sites.site import Found
from crawler.sites.tempo.payload import read_payload
from stories.article import Relation, Window
from stories.dates import WIB, parse_published
from tests.crawler.sites.samples import digest, key_of, listing_of, sample

EN_INDEX = listing_of("tempo-en", "https://en.tempo.co/index", sample("pages/en-2015-index.html")).links
GATEWAY = "https://www.tempo.co/api/gateway/rss/free"


HEADLINES_OF_PAYLOAD = ["f4015fb5", "ba778c76", "f0aab169"]


def minute(*when: int) -> Window:
    start = datetime(*when, tzinfo=UTC)  # type: ignore[misc,arg-type]
    return Window(earliest=start, latest=start + timedelta(minutes=1))


def second(*when: int) -> Window:
    start = datetime(*when, tzinfo=UTC)  # type: ignore[misc,arg-type]
    return Window(earliest=start, latest=start + timedelta(seconds=1))


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
    ("rubric", "first", "last", "newest", "oldest"),
    [
        ("hukum", "tempo-www:2253339", "tempo-www:2253374", (6, 7, 8, 0, 0), (6, 7, 1, 40, 23)),
        ("ekonomi", "tempo-www:2253426", "tempo-www:2253313", (6, 7, 7, 53, 12), (6, 6, 23, 0, 0)),
    ],
)
def test_the_gateways_feed(rubric: str, first: str, last: str, newest: tuple[int, ...], oldest: tuple[int, ...]):
    links = listing_of("tempo-id", f"{GATEWAY}/{rubric}", sample(f"feeds/gateway-rss-2026-{rubric}.xml")).links
    assert len(links) == 9
    assert (key_of(links[0].url), key_of(links[-1].url)) == (first, last)
    assert (links[0].date_published, links[-1].date_published) == (second(2026, *newest), second(2026, *oldest))
    assert all(link.date_published and link.headline for link in links)


def test_a_rubrics_payload():
    listing = listing_of(
        "tempo-id", "https://www.tempo.co/ekonomi/_payload.json", sample("pages/www-2026-rubric-payload.json")
    )
    assert [key_of(link.url) for link in listing.links] == [f"tempo-www:910000{n}" for n in (1, 2, 3)]
    assert [link.date_published for link in listing.links] == [
        second(2026, 7, 24, *utc) for utc in ((2, 0, 0), (1, 15, 0), (0, 30, 0))
    ]
    assert [digest(link.headline or "")[:8] for link in listing.links] == HEADLINES_OF_PAYLOAD


def test_what_a_payload_says_of_access():
    items = read_payload(sample("pages/www-2026-rubric-payload.json").decode())
    assert [item.access for item in items] == ["FREE", "FREE", "VIP"]
    assert items[0].published_raw == "2026-07-24 09:00:00"


def test_the_addresses_and_times_of_seven_channels_feeds():
    items = json.loads(sample("feeds/rss-2025-items.json"))
    keys = [key_of(item["link"]) or "" for item in items]
    assert len(set(keys)) == len(items) == 348
    assert all(key.startswith("tempo-read:20") for key in keys)
    assert (keys[0], keys[-1]) == ("tempo-read:2049113", "tempo-read:2030275")
    published = [parse_published(item["date"]) for item in items]
    assert all(published)
    assert published[0]
    assert published[0].instant == datetime(2025, 9, 15, 10, 7, 22, tzinfo=UTC)


def test_the_same_items_as_a_feed():
    items = json.loads(sample("feeds/rss-2025-items.json"))
    told = "".join(
        f"<item><title><![CDATA[{item['title']}]]></title><link>{item['link']}</link><guid>{n}</guid>"
        f"<pubDate>{item['date']}</pubDate></item>"
        for n, item in enumerate(items)
        if item["category"] == "Nasional"
    )
    feed = f'<?xml version="1.0"?><rss version="2.0"><channel>{told}</channel></rss>'
    links = listing_of("tempo-id", "https://rss.tempo.co/nasional", feed.encode()).links
    assert len(links) == 49
    assert all(link.date_published and link.headline for link in links)


@pytest.fixture(scope="module")
def old_feed() -> tuple[Found, ...]:
    return listing_of("tempo-id", "https://rss.tempo.co/", sample("feeds/rss-2017.xml")).links


def test_the_old_feed(old_feed: tuple[Found, ...]):
    assert len(old_feed) == 50
    assert key_of(old_feed[0].url) == "tempo-news:863188"
    assert key_of(old_feed[-1].url) == "tempo-news:863131"
    assert old_feed[0].date_published == second(2017, 4, 6, 3, 39, 8)
    assert old_feed[-1].date_published == second(2017, 4, 6, 0, 41, 2)
    assert all(link.date_published and link.headline for link in old_feed)


def test_what_was_encoded_twice_is_mended(old_feed: tuple[Found, ...]):
    titles = "".join(link.headline or "" for link in old_feed)
    assert "\u2019" in titles
    assert "\u00e2\u20ac" not in titles


@pytest.mark.parametrize(("rubric", "first", "last"), [("politik", 2113950, 2112717), ("ekonomi", 2113972, 2112492)])
def test_a_sitemap_as_a_browser_shows_it(rubric: str, first: int, last: int):
    name = f"feeds/sitemap-2026-{rubric}-rendered.html"
    links = listing_of("tempo-id", f"https://www.tempo.co/{rubric}-sitemap.xml", sample(name)).links
    assert len({key_of(link.url) for link in links}) == len(links) == 200
    assert (key_of(links[0].url), key_of(links[-1].url)) == (f"tempo-www:{first}", f"tempo-www:{last}")
    assert all((key_of(link.url) or "").startswith("tempo-www:") for link in links)
    assert not any(link.date_published for link in links), "its time is the last save, not the publication"


def test_the_channels_index():
    links = listing_of("tempo-id", "https://www.tempo.co/indeks/2017-11-01", sample("pages/id-2017-index.html")).links
    assert len(links) == 176
    assert (key_of(links[0].url), key_of(links[-1].url)) == ("tempo-read:1029758", "tempo-read:1029600")
    assert links[0].date_published == minute(2017, 11, 1, 7, 31)
    assert links[-1].date_published == minute(2017, 10, 31, 17, 46)
    days = [link.date_published.earliest.astimezone(WIB).date() for link in links if link.date_published]
    assert days == [date(2017, 11, 1)] * 176


def test_the_home_page_of_2017():
    seen = datetime(2017, 10, 27, tzinfo=UTC)
    links = listing_of("tempo-id", "https://www.tempo.co/", sample("pages/id-2017-home.html"), seen).links
    kinds = Counter((key_of(link.url) or "").partition(":")[0] for link in links)
    assert kinds == {"tempo-read": 94, "tempo-photo": 10, "tempo-video": 7}, "without the seven in its menu"
    assert all(link.headline for link in links)
    dated = [link.date_published for link in links if link.date_published]
    assert len(dated) == 67
    assert all(seen - timedelta(days=4) < window.earliest < window.latest <= seen for window in dated)
