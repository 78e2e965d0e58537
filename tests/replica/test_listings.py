"""Index pages, feeds, sitemaps; and that they and the cards lead to every story."""

import re
from datetime import date, datetime, timedelta

import pytest
from lxml import etree
from selectolax.lexbor import LexborHTMLParser

from replica.times import WIB
from tests.replica.conftest import world_of

EN, WWW = "https://en.tempo.co", "https://www.tempo.co"
DAYS = 9  # 600 stories are seven and a half


def links(world, url, selector, host):
    tree = LexborHTMLParser(world.page(url).body.decode())
    found = [a.attributes["href"] for a in tree.css(selector)]
    return [href if href.startswith("http") else host + href for href in found]


def index_of(world, day):
    return links(world, f"{EN}/index/{day}", "ul > li > div.blok-indeks-kanal h2 a", EN)


def indeks_pages(world, query=""):
    for number in range(1, 1000):
        found = links(world, f"{WWW}/indeks?page={number}{query}", "figure figcaption p a", WWW)
        if not found:
            return
        yield found


def days(world):
    today = world.now.astimezone(WIB).date()
    return [today - timedelta(days=n) for n in range(DAYS)]


def arrived(world, url):
    """Where an address leads in the end."""
    reply = world.page(url)
    return reply.headers["Location"] if reply.status == 301 else url


def listed_of(world):
    english = {url for day in days(world) for url in index_of(world, day)}
    indonesian = {url for page in indeks_pages(world) for url in page}
    return {arrived(world, url) for url in english | indonesian}


@pytest.mark.parametrize("stories", [10, 11, 57, 600])
def test_every_story_is_within_two_hops_of_the_index_pages(stories):
    world = world_of(stories)
    reached = {0: listed_of(world)}
    for hop in (1, 2):
        truths = filter(None, map(world.truth, reached[hop - 1]))
        cards = {link["url"] for truth in truths for link in truth["relatedLinks"] if link["relation"] == "related"}
        reached[hop] = reached[hop - 1] | cards
    everything = {*world.article_urls("tempo-en"), *world.article_urls("tempo-id")}
    assert everything <= reached[1] | reached[2]
    assert len(reached[0]) >= stories * 0.6
    if stories == 600:
        assert len(everything - reached[0]) > 190


def test_chains_of_related_news_go_three_deep_everywhere(world):
    for url in [*world.article_urls("tempo-en")][::8]:
        seen, edge = {url}, {url}
        for _ in range(3):
            truths = filter(None, map(world.truth, edge))
            edge = {link["url"] for truth in truths for link in truth["relatedLinks"]} - seen
            assert edge
            seen |= edge


def test_english_index(world):
    newest = links(world, f"{EN}/index", "h2 a", EN)
    assert len(newest) == 40
    assert newest == links(world, f"{EN}/", "h2 a", EN)
    rows = LexborHTMLParser(world.page(f"{EN}/index/{days(world)[1]}").body.decode())
    assert 22 < len(rows.css("h2 a")) < 32
    for row in rows.css("div.blok-indeks-kanal"):
        weekday, day = re.match(
            r"(\w+), (\d\d/\d\d/\d{4}) \| \d\d:\d\d WIB$", row.css_first(".tanggal").text()
        ).groups()
        assert datetime.strptime(day, "%d/%m/%Y").date() == days(world)[1]  # noqa: DTZ007 - a date
        assert f"{days(world)[1]:%A}" == weekday
    assert index_of(world, date(2030, 1, 1)) == index_of(world, date(2003, 7, 21)) == []


def test_days_do_not_overlap_and_leave_nothing_out(world):
    by_day = [url for day in days(world) for url in index_of(world, day)]
    assert len(by_day) == len(set(by_day)) == 200


def test_every_89th_listed_story_is_linked_in_an_older_spelling(world):
    old = [url for url in (u for day in days(world) for u in index_of(world, day)) if arrived(world, url) != url]
    old += [url for page in indeks_pages(world) for url in page if arrived(world, url) != url]
    assert any("/amp/" in url for url in old)
    assert any(url.startswith("https://tempo.co/") for url in old)
    assert all(world.truth(arrived(world, url)) for url in old)


def test_indeks_pages_to_the_end(world):
    pages = list(indeks_pages(world))
    assert [len(page) for page in pages] == [20] * 10
    past = LexborHTMLParser(world.page(f"{WWW}/indeks?page=11").body.decode())
    assert not past.css("figure")
    first = LexborHTMLParser(world.page(f"{WWW}/indeks").body.decode())
    assert [b.attributes["data-page"] for b in first.css('button[data-type="page"]')] == ["1", "2", "10"]


def test_indeks_by_date(world):
    day = days(world)[2]
    query = f"&category=date&start_date={day}&end_date={day + timedelta(days=1)}"
    urls = [arrived(world, url) for page in indeks_pages(world, query) for url in page]
    assert 48 < len(urls) < 60
    published = [datetime.fromisoformat(t["datePublished"]).astimezone(WIB) for t in map(world.truth, urls) if t]
    assert {moment.date() for moment in published} == {day, day + timedelta(days=1)}
    assert published == sorted(published, reverse=True)


@pytest.mark.parametrize("rubric", ["politik", "gaya-hidup"])
def test_gateway_feed(world, rubric):
    feed = etree.fromstring(world.page(f"{WWW}/api/gateway/rss/free/{rubric}").body)
    items = feed.findall(".//item")
    assert [item.findtext("guid") for item in items] == [str(n) for n in range(1, len(items) + 1)]
    for item in items:
        truth = world.truth(item.findtext("link"))
        assert truth["headline"] == item.findtext("title")
        assert truth["isAccessibleForFree"] is True
        published = datetime.strptime(item.findtext("pubDate"), "%a, %d %b %Y %H:%M:%S %z")
        assert published == datetime.fromisoformat(truth["datePublished"])
        assert f"/{rubric}/" in item.findtext("link")


def test_english_feed(world):
    items = etree.fromstring(world.page(f"{EN}/rss").body).findall(".//item")
    assert len(items) == 50
    assert all(item.findtext("guid") == item.findtext("link") for item in items)
    assert all(world.truth(item.findtext("link")) for item in items)


def test_sitemaps(world):
    names = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    index = etree.fromstring(world.page(f"{WWW}/sitemap_index.xml").body)
    maps = index.xpath("//s:loc/text()", namespaces=names)
    assert len(maps) == 8
    as_xml = [url for url in maps if "lingkungan" not in url]  # a table: test_surfaces.py
    for url in [*as_xml, f"{EN}/sitemap.xml", "https://suarakita.net/sitemap.xml"]:
        entries = etree.fromstring(world.page(url).body).xpath("//s:url", namespaces=names)
        assert 0 < len(entries) <= 200
        for loc, lastmod in ((entry[0].text, entry[1].text) for entry in entries):
            assert lastmod.endswith("Z")
            if "suarakita" not in url:  # the time of the last save, in WIB whatever the Z says
                saved = datetime.fromisoformat(lastmod) - timedelta(hours=7)
                assert saved > datetime.fromisoformat(world.truth(loc)["datePublished"])


def test_only_listed_stories_stand_on_listings(world):
    feeds = [f"{EN}/rss", f"{EN}/sitemap.xml", f"{WWW}/sains-sitemap.xml", f"{WWW}/api/gateway/rss/free/sains"]
    shown = {url for feed in feeds for url in re.findall(r"<(?:link|loc)>(.*?)<", world.page(feed).body.decode())}
    extras = list(filter(None, map(world.extra_truth, shown)))
    assert len(extras) > 100
    assert all(extra["listed"] for extra in extras)


def test_the_republisher_pages_through_all_its_copies():
    world = world_of(2500)
    found, url = [], "https://suarakita.net/"
    while url:
        found += links(world, url, "h2.entry-title a", "")
        url = next(iter(links(world, url, "a.next", "")), None)
    assert found == list(world.article_urls("suarakita"))
    assert len(found) == 125
