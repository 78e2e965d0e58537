"""What a world promises: it is fixed by its seed, it changes only when told to, and it says so in its headers."""

import re
from datetime import datetime, timedelta
from itertools import islice
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from protego import Protego

from replica import HOSTS, SITES, Kind, World
from tests.replica.conftest import NOW, STORIES, world_of

EN, WWW = "https://en.tempo.co", "https://www.tempo.co"
FIELDS = set(
    re.findall(
        r"\w+",
        """
        key site pageVersion url canonicalUrl headline description datePublished datePublishedRaw dateSource
        dateModified dateModifiedRaw dateline authors articleSection keywords inLanguage articleBody bodyComplete
        isAccessibleForFree images breadcrumbs relatedLinks isBasedOn viewCount
        """,
    )
)


STARTS = (
    *(
        "/",
        "/read/",
        "/read/2277911/",
        "/amp/",
        "/index/",
        "/tag/",
        "/search",
        "/politik/",
        "/politik/x-",
        "/page/",
        "/x-",
    ),
    *("/indeks?page=", "/indeks?category=date&start_date=", "/api/gateway/rss/free/", "/indeks?q="),
)


def bodies(world, count=40):
    return [world.page(url).body for site in SITES for url in islice(world.article_urls(site), count)]


def test_the_seed_decides_everything():
    assert bodies(world_of()) == bodies(world_of())
    assert not set(bodies(world_of())) & set(bodies(world_of(seed=8)))


def test_a_larger_world_has_the_same_newest_stories():
    small, large = world_of(600), world_of(1_000_000)
    url = small.story_url(0)
    assert small.truth(url)["articleBody"] == large.truth(url)["articleBody"]
    assert large.page(large.story_url(999_998)).status == 200
    with pytest.raises(IndexError):
        small.story_url(600)


@pytest.mark.parametrize("stories", range(1, 13))
def test_tiny_worlds_are_whole(stories):
    world = world_of(stories)
    urls = list(world.article_urls())
    assert len(urls) == stories + 1
    assert all(world.page(url).status == 200 and world.truth(url).keys() == FIELDS for url in urls)
    listings = ["/", "/index", "/rss", "/sitemap.xml"]
    assert all(world.page(EN + path).status == 200 for path in listings)


def test_nonsense_is_refused():
    for wrong in ({"stories": 0}, {"now": datetime(2026, 1, 1)}):  # noqa: DTZ001 - the point
        with pytest.raises(ValueError):
            World(**{"stories": 10, "seed": 1, "now": NOW} | wrong)
    with pytest.raises(ValueError):
        world_of(10).edit(1.5, 1)
    with pytest.raises(LookupError):
        world_of(10).remove(f"{EN}/read/1/x")
    with pytest.raises(ValueError):
        list(world_of(10).article_urls("tempo"))


def test_truth_has_every_field_and_belongs_to_exactly_one_address(world):
    for url in world.article_urls():
        truth = world.truth(url)
        assert truth.keys() == FIELDS
        assert truth["url"] == url
        assert world.truth(url.replace("https", "http", 1)) is None
        assert world.truth(f"{url}x") is None
        assert world.extra_truth(url)["listed"] in {True, False}
    assert world.truth("") is world.truth(EN) is world.extra_truth(f"{EN}/index") is None


def test_windows_on_cards_hold_the_truth(world):
    for url in world.article_urls():
        for link in world.truth(url)["relatedLinks"]:
            target = world.truth(link["url"])
            if target and link["datePublishedRaw"]:
                assert link["datePublishedEarliest"] <= target["datePublished"] <= link["datePublishedLatest"]


def test_counts(world):
    counted = {site: sum(1 for _ in world.article_urls(site)) for site in SITES}
    assert counted == world.counts()
    assert world.gone == sum(1 for _ in world.gone_urls()) == STORIES - counted["tempo-en"] - counted["tempo-id"] == 6


def test_gone_and_unknown(world):
    for url in world.gone_urls():
        assert (world.page(url).status, world.page(url).kind, world.truth(url)) == (404, Kind.GONE, None)
    unknown = ["/x", "/read/1/x", "/read/x", "/read", "/amp/1/x", "/index/2026-13-01", "/index/yesterday"]
    for path in unknown:
        assert (world.page(EN + path).status, world.page(EN + path).kind) == (404, Kind.UNKNOWN)
    unknown = ["/x", "/politik/x-1", "/politik/x", "/masak/x-1.xml", "/api/gateway/rss/free/masak", "/indeks?page=x"]
    for path in unknown:
        assert (world.page(WWW + path).status, world.page(WWW + path).kind) == (404, Kind.UNKNOWN)
    for path in ("/x/", "/page/2/", "/page/x/", "/x-1/"):
        assert world.page(f"https://suarakita.net{path}").status == 404


@given(st.sampled_from(HOSTS), st.sampled_from(STARTS), st.text(max_size=30))
def test_every_address_has_an_answer(world, host, start, rest):
    reply = world.page(f"https://{host}{start}{rest}")
    assert reply.status in {200, 301, 404}
    assert not {"\r", "\n"} & set(urlsplit(reply.headers.get("Location", "")).query)
    world.truth(f"https://{host}{start}{rest}")


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("rest", ["9999-12-31", "0001-01-01", "9" * 5000, "٣", "-1", "0", "%0d%0a", "<b>"])
def test_hostile_addresses_have_an_answer(world, start, rest):
    for host in HOSTS:
        reply = world.page(f"https://{host}{start}{rest}")
        assert reply.status in {200, 301, 404}
        assert b"<b>" not in reply.body


def test_other_pages_are_no_articles(world):
    for url in (
        f"{EN}/about",
        f"{WWW}/about",
        f"{WWW}/penulis/x-1",
    ):
        assert (world.page(url).status, world.page(url).kind) == (200, Kind.OTHER)
    for url in (f"{EN}/tag/bandung", f"{EN}/world", f"{WWW}/tag/x", f"{WWW}/hukum"):
        assert (world.page(url).status, world.page(url).kind) == (200, Kind.LISTING)


def test_older_spellings_lead_to_the_page(world):
    english, indonesian = world.story_url(0), world.story_url(1)
    number = english.split("/")[4]
    older = {
        english.replace("/read/", "/amp/"): english,
        f"{EN}/read/{number}/an-older-headline": english,
        f"{EN}/read/{number}": english,
        english.replace("https", "http", 1): english,
        indonesian.replace("www.", "", 1): indonesian,
        indonesian.replace("https", "http", 1): indonesian,
        f"{WWW}/politik/x-{indonesian.rpartition('-')[2]}": indonesian,
        "https://tempo.co/indeks?page=2": f"{WWW}/indeks?page=2",
    }
    for old, now in older.items():
        assert (world.page(old).status, world.page(old).headers["Location"]) == (301, now)


@pytest.mark.parametrize("host", HOSTS)
def test_robots(world, host):
    text = world.page(f"https://{host}/robots.txt").body.decode()
    robots, standard = Protego.parse(text), RobotFileParser()
    standard.parse(text.splitlines())
    assert "Sitemap: https://" in text
    for url in islice(world.article_urls(), 500):
        assert robots.can_fetch(url, "kliping")
        assert standard.can_fetch("kliping", url)
    forbidden = f"https://{host}/search?q=x"
    assert not robots.can_fetch(forbidden, "kliping")
    assert not standard.can_fetch("kliping", forbidden)
    assert world.page(forbidden).kind is Kind.FORBIDDEN


def test_forbidden_and_promoted_cards_lead_somewhere(world):
    extra = [world.extra_truth(url) for site in ("tempo-en", "tempo-id") for url in world.article_urls(site)]
    forbidden = {url for more in extra for url in more["forbidden"]}
    promoted = {url for more in extra for url in more["promoted"]}
    robots = {host: Protego.parse(world.page(f"https://{host}/robots.txt").body.decode()) for host in HOSTS}
    for url in forbidden:
        assert (world.page(url).status, world.page(url).kind, world.truth(url)) == (200, Kind.FORBIDDEN, None)
        assert not robots[url.split("/")[2]].can_fetch(url, "kliping")
    for url in promoted:
        assert (world.page(url).status, world.page(url).kind, world.truth(url)) == (200, Kind.PROMO, None)
    assert {url.split("/")[2] for url in forbidden} == {"en.tempo.co", "www.tempo.co"}
    assert promoted


@pytest.mark.parametrize("url", ["article", f"{EN}/index", f"{WWW}/indeks", f"{EN}/rss", f"{WWW}/hukum-sitemap.xml"])
def test_nothing_new(world, url):
    url = world.story_url(2) if url == "article" else url
    first = world.page(url)
    etag, modified = first.headers["ETag"], first.headers["Last-Modified"]
    for headers in ({"If-None-Match": etag}, {"if-none-match": f'"x", W/{etag}'}, {"If-Modified-Since": modified}):
        again = world.page(url, headers)
        assert (again.status, again.body, again.headers["ETag"]) == (304, b"", etag)
    for headers in (
        {"If-None-Match": '"x"'},
        {"If-None-Match": '"x"', "If-Modified-Since": modified},
        {"If-Modified-Since": "Thu, 01 Jan 1970 00:00:00 GMT"},
        {"If-Modified-Since": "yesterday"},
    ):
        assert world.page(url, headers).status == 200


def test_an_edit_changes_texts_of_its_share():
    world = world_of()
    before = {url: (world.truth(url), world.page(url).headers) for url in world.article_urls()}
    world.edit(0.1, 1)
    changed = {url for url, (truth, _) in before.items() if world.truth(url) != truth}
    assert 0.06 * STORIES < len(changed) < 0.14 * STORIES
    for url, (truth, headers) in before.items():
        conditional, since = {"If-None-Match": headers["ETag"]}, {"If-Modified-Since": headers["Last-Modified"]}
        status = 200 if url in changed else 304
        assert world.page(url, conditional).status == world.page(url, since).status == status
        if url in changed:
            assert only_one_paragraph_differs(truth, world.truth(url))


def only_one_paragraph_differs(old, new):
    """None where a paywall hides it."""
    paragraphs = zip(old["articleBody"].split("\n\n"), new["articleBody"].split("\n\n"), strict=True)
    fields = {name for name in old if old[name] != new[name]} - {"dateModified", "dateModifiedRaw", "articleBody"}
    dated = new["dateModified"] is not None
    return (
        not fields
        and dated is (new["site"] == "tempo-id")
        and sum(a != b for a, b in paragraphs) == new["bodyComplete"]
    )


def test_a_second_edit_is_another_version():
    world = world_of()
    url = next(url for url in world.article_urls("tempo-id") if world.truth(url)["bodyComplete"])
    versions = [world.truth(url)]
    for seed in (1, 2):
        since = {"If-Modified-Since": world.page(url).headers["Last-Modified"]}
        world.edit(1.0, seed)
        assert world.page(url, since).status == 200
        versions.append(world.truth(url))
    assert len({version["articleBody"] for version in versions}) == 3
    assert versions[1]["dateModified"] < versions[2]["dateModified"]
    assert datetime.fromisoformat(versions[2]["dateModified"]) - NOW < timedelta(minutes=1)


def test_a_cosmetic_edit_changes_bytes_but_no_truth():
    world = world_of(60)
    before = {url: (world.truth(url), world.page(url)) for url in world.article_urls()}
    world.edit(1.0, 1, cosmetic=True)
    for url, (truth, page) in before.items():
        now = world.page(url)
        assert world.truth(url) == truth
        assert (
            (now.body != page.body) is (now.headers["ETag"] != page.headers["ETag"]) is (truth["site"] != "suarakita")
        )


@pytest.mark.parametrize("site", SITES)
def test_removal(site):
    world = world_of(60)
    url, listing = next(world.article_urls(site)), world.page(f"{EN}/rss").headers
    count = world.counts()[site]
    world.remove(url)
    assert (world.page(url).status, world.truth(url), world.counts()[site]) == (404, None, count - 1)
    assert url not in world.article_urls(site)
    assert world.page(f"{EN}/rss", {"If-None-Match": listing["ETag"]}).status == (304 if site == "suarakita" else 200)
    with pytest.raises(LookupError):
        world.remove(url)


def test_pages_weigh_what_real_ones_do(world):
    sizes = [len(world.page(url).body) for site in ("tempo-en", "tempo-id") for url in world.article_urls(site)]
    assert min(sizes) > 54_000
    assert max(sizes) < 105_000
    assert max(sizes) - min(sizes) > 25_000


def test_a_spoilt_page_has_a_headline_without_end_and_is_another_version():
    world = world_of(60)
    url, other = list(world.article_urls("tempo-en"))[:2]
    before = world.page(url)
    world.spoil(url)
    for known in ({"If-None-Match": before.headers["ETag"]}, {"If-Modified-Since": before.headers["Last-Modified"]}):
        assert world.page(url, known).status == 200
    headlines = {
        address: max(map(len, re.findall(rb"<h1[^>]*>([^<]*)", world.page(address).body))) for address in (url, other)
    }
    assert headlines[other] < 200
    assert headlines[url] > 500
    with pytest.raises(LookupError):
        world.spoil(f"{EN}/read/1/x")
