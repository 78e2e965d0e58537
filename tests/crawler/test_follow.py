"""From what a page points to, to what the ledger is told."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from crawler import follow
from crawler.sites.registry import SITES
from crawler.sites.site import DateRange, Found
from stories.article import Relation, Window
from stories.order import CrawlOrder
from stories.pages import FRESH, LISTED, RELATED, SEED, Discovery
from tests.making import NOON, article, lease, link

READ = "https://en.tempo.co/read/{}/a-story"
HOUR = timedelta(hours=1)


def order(**different: Any) -> CrawlOrder:
    return CrawlOrder(**({"run": "run-1", "site": "tempo-en"} | different))


def window(at: datetime, length: timedelta = HOUR) -> Window:
    return Window(earliest=at - length, latest=at)


def found(number: int, published: Window | None = None) -> Found:
    return Found(url=READ.format(number), relation=Relation.SECTION, date_published=published)


# -- who is who -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "key"),
    [
        (READ.format(7), "tempo-read:7"),
        ("https://EN.tempo.co/read/7/other-words?utm_source=x#top", "tempo-read:7"),
        ("https://en.tempo.co/author/ida", None),
        ("https://example.org/read/7/x", None),
        ("https://en.tempo.co.example.org/read/7/x", None),
        ("javascript:alert(1)", None),
        ("", None),
        (None, None),
        (READ.format(7) + "x" * 2000, None),
    ],
)
def test_the_key_of_an_address(url: str | None, key: str | None):
    assert follow.key_of(url) == key


def test_a_target_knows_its_site():
    target = follow.target_of("https://suarakita.net/")
    assert target is not None
    assert target.site.name == "suarakita"


# -- seeds ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SITES)
def test_a_crawl_begins_at_the_sites_own_listings(name: str):
    seeds = follow.seeds(SITES[name], order(site=name))
    assert [seed.url for seed in seeds] == list(SITES[name].seeds(None))
    assert all((seed.priority, seed.depth, seed.site, seed.found_on) == (SEED, 0, name, None) for seed in seeds)
    assert not any(seed.kind == "article" for seed in seeds)


def test_or_at_the_addresses_of_the_order():
    seeds = follow.seeds(SITES["tempo-en"], order(urls=(READ.format(7), "https://example.org/", "nonsense")))
    assert seeds == [
        Discovery(
            key="tempo-read:7",
            site="tempo-en",
            host="en.tempo.co",
            url=READ.format(7),
            kind="article",
            priority=SEED,
            depth=0,
        )
    ]


def test_or_at_the_listings_of_its_days():
    seeds = follow.seeds(SITES["tempo-en"], order(since=date(2026, 11, 1), until=date(2026, 11, 3)))
    assert [seed.url.rpartition("/")[2] for seed in seeds] == ["2026-11-03", "2026-11-02", "2026-11-01"]


@pytest.mark.parametrize(
    ("since", "until", "days"),
    [
        (None, None, None),
        (date(2026, 11, 1), None, (1, 1)),
        (None, date(2026, 11, 2), (2, 2)),
        (date(2026, 11, 1), date(2026, 11, 2), (1, 2)),
    ],
)
def test_one_bound_is_one_day(since: date | None, until: date | None, days: tuple[int, int] | None):
    expected = days and DateRange(since=date(2026, 11, days[0]), until=date(2026, 11, days[1]))
    assert follow.date_range(order(since=since, until=until)) == expected


# -- listings ---------------------------------------------------------------------------------------------------

LISTING = lease(99, key="tempo-en:00aa", kind="listing", depth=0)


def from_listing(*links: Found, **wanted: Any) -> list[Discovery]:
    return list(follow.from_listing(links, LISTING, order(**wanted), now=NOON))


def test_a_listing_is_where_stories_start():
    (page,) = from_listing(found(1))
    assert (page.key, page.depth, page.found_on, page.relation) == ("tempo-read:1", 0, "tempo-en:00aa", "section")


def test_fresh_stories_go_before_old_ones():
    fresh, old, undated = from_listing(found(1, window(NOON - HOUR)), found(2, window(NOON - 25 * HOUR)), found(3))
    assert (fresh.priority, old.priority, undated.priority) == (FRESH, LISTED, LISTED)


def test_a_further_listing_is_a_seed():
    (page,) = from_listing(Found(url="https://en.tempo.co/index/2026-11-23", relation=Relation.NEXT_PAGE))
    assert (page.kind, page.priority) == ("listing", SEED)


def test_of_a_listing_a_bounded_number_of_links_is_followed():
    assert len(from_listing(*(found(number) for number in range(1, 1000)))) == 500


def test_what_nobody_owns_is_not_followed():
    assert from_listing(Found(url="https://example.org/read/1/x", relation=Relation.SECTION)) == []


JAKARTA_DAY = {"since": date(2026, 11, 24), "until": date(2026, 11, 24)}  # from 17:00 UTC the day before


@pytest.mark.parametrize(
    ("published", "is_wanted"),
    [
        (None, True),
        (window(datetime(2026, 11, 23, 16, 59, tzinfo=UTC)), False),
        (window(datetime(2026, 11, 23, 17, 0, tzinfo=UTC)), False),  # where its day ends, this one begins
        (window(datetime(2026, 11, 23, 17, 1, tzinfo=UTC)), True),
        (window(datetime(2026, 11, 23, 17, 0, tzinfo=UTC), timedelta(0)), True),
        (window(datetime(2026, 11, 24, 16, 59, tzinfo=UTC)), True),
        (window(datetime(2026, 11, 24, 18, 0, tzinfo=UTC)), False),
        (window(datetime(2026, 11, 24, 17, 59, tzinfo=UTC)), True),  # it may have been within the day
        (window(datetime(2026, 11, 30, tzinfo=UTC), timedelta(days=30)), True),
    ],
)
def test_a_card_that_says_it_is_of_another_day_is_not_followed(published: Window | None, is_wanted: bool):
    assert bool(from_listing(found(1, published), **JAKARTA_DAY)) == is_wanted


# -- articles ---------------------------------------------------------------------------------------------------


def from_article(written: Any, *, depth: int = 0, **wanted: Any) -> list[Discovery]:
    return list(follow.from_article(written, lease(50, depth=depth), order(**wanted)))


def test_related_news_is_one_step_further_and_later_the_further_it_is():
    for depth in range(3):
        (page,) = from_article(article(50, related_links=(link(1),)), depth=depth)
        assert (page.depth, page.priority) == (depth + 1, RELATED + depth + 1)
        assert (page.found_on, page.relation) == ("tempo-read:50", "related")


@pytest.mark.parametrize(("depth", "count"), [(0, 1), (2, 1), (3, 0), (9, 0)])
def test_beyond_the_orders_depth_nothing_is_followed(depth: int, count: int):
    written = article(50, related_links=(link(1),))
    followed = list(follow.from_article(written, lease(50, depth=depth), order(depth=3)))
    assert len(followed) == count


@pytest.mark.parametrize("relation", Relation)
def test_topics_and_sections_are_no_news(relation: Relation):
    pages = from_article(article(50, related_links=(link(1, relation=relation),)))
    assert bool(pages) == (relation not in {Relation.TOPIC, Relation.SECTION})


def test_cards_without_an_address_or_to_no_article_are_not_followed():
    cards = (link(1, url=None), link(2, url="https://en.tempo.co/index"), link(3, url="https://example.org/"))
    assert from_article(article(50, related_links=cards)) == []


def test_a_copy_leads_to_its_original_on_another_site():
    (page,) = from_article(article(50, is_based_on="https://www.tempo.co/politik/a-title-2037562"))
    assert (page.site, page.host, page.depth, page.relation) == ("tempo-id", "www.tempo.co", 1, None)


def test_an_original_that_is_a_list_is_not_followed():
    assert list(from_article(article(50, is_based_on="https://www.tempo.co/tag/anything"))) == []


def test_a_card_of_another_day_is_not_followed():
    cards = (
        link(1, date_published=window(NOON - timedelta(days=400))),
        link(2, date_published=window(NOON - HOUR)),
    )
    assert [page.key for page in from_article(article(50, related_links=cards), **JAKARTA_DAY)] == ["tempo-read:2"]


NEWS_URL = "https://en.tempo.co/read/news/2026/11/{}/055000{}/a-story"


def test_an_address_that_names_another_day_is_not_followed():
    cards = [link(n, url=NEWS_URL.format(day, n)) for n, day in ((101, 23), (102, 24), (103, 25), (104, 31))]
    pages = from_article(article(50, date_published=NOON, related_links=tuple(cards)), **JAKARTA_DAY)
    assert [page.key for page in pages] == ["tempo-news:102", "tempo-news:104"], "there is no 31 November"
    listed = [Found(url=card.url, relation=Relation.SECTION) for card in cards if card.url]
    assert [page.key for page in from_listing(*listed, **JAKARTA_DAY)] == ["tempo-news:102", "tempo-news:104"]
    assert len(from_article(article(50, related_links=tuple(cards)))) == 4, "an order of no days wants all"


def test_the_day_in_an_address_counts_more_than_the_age_on_a_card():
    """The cards of a stored page kept the ages that they had."""
    url = NEWS_URL.format(24, 101)
    card = link(101, url=url, date_published=window(NOON - timedelta(days=400)))
    assert len(from_article(article(50, related_links=(card,)), **JAKARTA_DAY)) == 1


@pytest.mark.parametrize(("published", "follows"), [(NOON, True), (None, True), (NOON - timedelta(days=2), False)])
def test_an_article_of_another_day_leads_to_no_related_news(published: datetime | None, follows: bool):
    written = article(50, date_published=published, related_links=(link(1),))
    assert bool(from_article(written, **JAKARTA_DAY)) == follows
    assert from_article(written), "an order of no days follows it"


@pytest.mark.parametrize(
    "url",
    [
        "https://bit.ly/2y1Kqqq",
        "http://goo.gl/Xyz12",
        "https://t.co/abc",
        "https://tmpo.co/abc",
        "https://www.tempo.co.id/read/7/x",
    ],
)
def test_a_shorteners_address_is_not_asked_for(url: str):
    assert follow.key_of(url) is None
    assert from_article(article(50, related_links=(link(1, url=url),))) == []
    assert from_listing(Found(url=url, relation=Relation.SECTION)) == []


@pytest.mark.parametrize("path", ["tag/jakarta", "topik/masalah/3/x", "ekonomi", "ekonomi/bisnis", "", "indeks?page=2"])
def test_lists_are_not_found_on_articles(path: str):
    url = f"https://www.tempo.co/{path}"
    assert follow.key_of(url), "but they can be ordered"
    for relation in Relation:
        assert from_article(article(50, related_links=(link(1, url=url, relation=relation),))) == []


@pytest.mark.parametrize(
    ("kind", "url", "key"),
    [
        ("article", READ.format(2), "tempo-read:2"),
        ("article", READ.format(1) + "?x", None),
        ("article", "https://example.org/", None),
        ("article", "https://en.tempo.co/", None),
        ("listing", READ.format(2), "tempo-read:2"),
        ("listing", "https://www.tempo.co/rss", "tempo-id:"),
    ],
)
def test_where_a_redirect_leads(kind: str, url: str, key: str | None):
    target = follow.led_to(url, lease(1, kind=kind))
    assert (target is None) if key is None else (target is not None and target.address.key.startswith(key))


def test_a_page_of_links_is_no_story():
    assert follow.story_key_of(READ.format(1)) == follow.key_of(READ.format(1)) == "tempo-read:1"
    assert follow.key_of("https://en.tempo.co/tag/x")
    assert follow.story_key_of("https://en.tempo.co/tag/x") is None
    assert follow.story_key_of(None) is None


def test_a_redirect_keeps_the_address_that_led_there():
    target = follow.target_of(READ.format(2))
    assert target is not None
    page = follow.from_redirect(target, lease(1, depth=2))
    assert (page.key, page.depth, page.alias, page.found_on) == (
        "tempo-read:2",
        2,
        "https://en.tempo.co/read/1/a-story",
        "tempo-read:1",
    )
