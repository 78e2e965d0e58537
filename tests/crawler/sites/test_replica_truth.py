"""Every field of some hundred pages of each layout against what the replica says stands on them."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest

from crawler.sites.parts import joined
from crawler.sites.registry import SITES, site_of
from crawler.sites.site import Listing, Page, Part
from replica.world import GENERATIONS, World
from stories.article import Article, Relation
from stories.codec import article_to_json
from stories.errors import PageError
from stories.fate import Fate

NOW = datetime(2026, 11, 24, 5, 30, tzinfo=UTC)
WORLD = World(stories=600, seed=7, now=NOW)
PAGES = 300  # of a site
FIELDS = sorted(set(WORLD.truth(WORLD.story_url(0)) or ()))

Json = dict[str, Any]


def read(url: str) -> Article | Listing:
    site = site_of(url)
    assert site is not None
    reply = WORLD.page(url)
    content_type = dict(reply.headers).get("Content-Type")
    return site.read(Page(url=url, body=reply.body, downloaded_at=NOW, content_type=content_type))


@cache
def pairs(site: str) -> list[tuple[str, Json, Json]]:
    """Address, what we read, and what is true."""
    urls = list(WORLD.article_urls(site))[:PAGES]
    found = []
    for url in urls:
        article, truth = read(url), WORLD.truth(url)
        assert isinstance(article, Article)
        assert truth is not None
        found.append((url, article_to_json(article), truth))
    return found


@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize("field", FIELDS)
def test_a_field_is_true_on_every_page(site: str, field: str):
    wrong = {url: (read[field], true[field]) for url, read, true in pairs(site) if read[field] != true[field]}
    assert not wrong


ARCHIVE = (*GENERATIONS, "amp")
OLD_WORLDS = [
    World(stories=600, seed=seed, now=NOW) for seed in range(7, 11)
]  # four: each has 14 pages of a generation


def read_whole(world: World, url: str) -> Article:
    """The article at an address, with the pages on which it goes on."""
    parts, following = list[Article](), url
    while True:
        site, reply = site_of(following), world.page(following)
        assert site is not None
        content_type = dict(reply.headers).get("Content-Type")
        found = site.read(Page(url=following, body=reply.body, downloaded_at=NOW, content_type=content_type))
        assert isinstance(found, Article | Part)
        if isinstance(found, Article):
            return joined([*parts, found])
        parts.append(found.article)
        following = found.next_url


@cache
def old_pairs(generation: str) -> list[tuple[str, Json, Json]]:
    """As `pairs`, of a generation of the archive."""
    found = []
    for world in OLD_WORLDS:
        for url in world.amp_urls() if generation == "amp" else world.archive_urls(generation):
            truth = world.truth(url)
            assert truth is not None
            found.append((url, article_to_json(read_whole(world, url)), truth))
    return found


@pytest.mark.parametrize("generation", ARCHIVE)
@pytest.mark.parametrize("field", FIELDS)
def test_a_field_is_true_on_every_page_of_the_archive(generation: str, field: str):
    wrong = {url: (read[field], true[field]) for url, read, true in old_pairs(generation) if read[field] != true[field]}
    assert not wrong


@pytest.mark.parametrize("generation", ARCHIVE)
def test_an_older_page_has_the_key_of_its_address(generation: str):
    for url, article, _ in old_pairs(generation):
        site = site_of(url)
        assert site is not None
        address = site.identify(url)
        assert address is not None
        assert (address.key, address.url) == (article["key"], article["canonicalUrl"])


def test_a_page_without_an_article_has_its_fate():
    for world in OLD_WORLDS:
        for url, fate in world.no_article_urls().items():
            with pytest.raises(PageError) as error:
                read_whole(world, url)
            assert error.value.fate == fate, url


@pytest.mark.parametrize("site", SITES)
def test_there_is_nothing_in_the_article_that_the_truth_does_not_know(site: str):
    _, article, truth = pairs(site)[0]
    assert set(article) - set(truth) == {"dateDownloaded", "provenance"}


SOURCED = (
    *("headline", "description", "canonicalUrl", "datePublished", "dateModified", "dateline", "authors"),
    *("articleSection", "keywords", "articleBody", "isAccessibleForFree", "images", "breadcrumbs", "inLanguage"),
)


@pytest.mark.parametrize("site", SITES)
def test_every_field_with_a_value_says_where_it_was_read(site: str):
    for _, article, _ in pairs(site):
        assert sorted(article["provenance"]) == sorted(name for name in SOURCED if article[name] not in (None, []))
        assert article["provenance"].get("datePublished") == article["dateSource"]


@pytest.mark.parametrize("site", SITES)
def test_a_page_has_the_key_of_its_address(site: str):
    for url, article, _ in pairs(site):
        address = SITES[site].identify(url)
        assert address is not None
        assert (address.key, address.url) == (article["key"], url)


@pytest.mark.parametrize("site", SITES)
def test_what_was_paid_for_is_marked(site: str):
    for url, article, _ in pairs(site):
        extra = WORLD.extra_truth(url)
        assert extra is not None
        marked = [link["url"] for link in article["relatedLinks"] if link["isPromotional"]]
        assert marked == extra["promoted"]


@pytest.mark.parametrize("site", SITES)
def test_what_the_seeds_lead_to_is_read(site: str):
    """Every listing that can be reached from the seeds, and the articles on them."""
    waiting, seen, articles = list(SITES[site].seeds(None)), set[str](), set[str]()
    while waiting:
        url = waiting.pop()
        seen.add(url)
        listing = read(url)
        assert isinstance(listing, Listing)
        for found in listing.links:
            address = SITES[site].identify(found.url)
            if address and address.kind.is_article:
                articles.add(address.key)
            elif address and address.url not in seen:
                waiting.append(address.url)
    known = {article["key"] for _, article, _ in pairs(site)}
    assert len(articles & known) > len(known) / 20


def test_the_index_says_when_its_articles_were_published():
    listing = read("https://www.tempo.co/indeks?page=1")
    assert isinstance(listing, Listing)
    rows = [found for found in listing.links if found.relation is Relation.SECTION]
    assert len(rows) == 20
    for row in rows:
        truth = WORLD.truth(row.url)
        if truth is not None:  # deleted ones are still listed
            assert row.headline == truth["headline"]
            assert row.date_published is not None
            assert f"{row.date_published.earliest:%Y-%m-%dT%H:%M:%SZ}" == truth["datePublished"]


def test_the_index_has_further_pages_and_an_end():
    url: str | None = "https://www.tempo.co/indeks?page=1"
    pages = []
    while url:
        pages.append(url)
        listing = read(url)
        assert isinstance(listing, Listing)
        url = next((found.url for found in listing.links if found.relation is Relation.NEXT_PAGE), None)
    assert pages == [f"https://www.tempo.co/indeks?page={number}" for number in range(1, 11)]


def test_the_pages_of_a_day_keep_the_day():
    url = "https://www.tempo.co/indeks?category=date&end_date=2026-11-23&page=1&start_date=2026-11-23"
    listing = read(url)
    assert isinstance(listing, Listing)
    following = [found.url for found in listing.links if found.relation is Relation.NEXT_PAGE]
    assert following == [url.replace("page=1", "page=2")]


@pytest.mark.parametrize("path", ["/penulis/somebody-1234", "/about", "/read/999999999/gone"])
@pytest.mark.parametrize("host", ["en.tempo.co", "www.tempo.co", "suarakita.net"])
def test_a_page_without_an_article_is_none(host: str, path: str):
    with pytest.raises(PageError) as error:
        read(f"https://{host}{path}")
    assert error.value.fate is Fate.NOT_ARTICLE


@pytest.mark.parametrize("host", ["en.tempo.co", "www.tempo.co", "suarakita.net"])
def test_a_home_page_names_articles(host: str):
    listing = read(f"https://{host}/")
    assert isinstance(listing, Listing)
    assert len([found for found in listing.links if found.relation is not Relation.NEXT_PAGE]) >= 20
