"""Every list of the replica against what it says stands there: days of the archive, feeds, payloads, tags, rubrics."""

import json
import re
from datetime import UTC, datetime, time, timedelta

import pytest
from lxml import etree
from selectolax.lexbor import LexborHTMLParser

from replica.archive.generations import BY_NAME
from replica.story import slug_of
from replica.times import WIB
from tests.replica.conftest import NOW, world_of

EN, WWW, RSS = "https://en.tempo.co", "https://www.tempo.co", "https://rss.tempo.co"
CHANNELS = ["nasional", "bisnis", "metro", "dunia", "tekno", "seleb", "otomotif", "bola", "gaya", "travel"]
RUBRICS = ["politik", "hukum", "ekonomi", "lingkungan", "internasional", "sains", "olahraga", "gaya-hidup"]
LAYOUTS = {
    "news-2013-en": (f"{EN}/index", "ul.indeks-list > li > div.blok-indeks-kanal", "h2 a"),
    "read-2021-en": (f"{EN}/index", "ul.row-list div.card-box", ".title a"),
    "news-2013-id": (f"{WWW}/indeks", "main#index .w-70 section.list > ul > li", "a + a"),
    "read-2017": (f"{WWW}/indeks", "main#index .w-70 section.list > ul > li", "a + a"),
    "read-2021-id": (f"{WWW}/indeks", "ul.row-list div.card-box", ".title a"),
}


@pytest.fixture(scope="module")
def large():
    """Its archive fills a feed."""
    return world_of(30_000)


def tree_of(world, url):
    reply = world.page(url)
    assert reply.status == 200, url
    return LexborHTMLParser(reply.body.decode())


def keys(world, url):
    return [row["key"] for row in world.listing_truth(url)]


def path_of(url):
    return "/" + url.split("/", 3)[3]


def first_day(world, generation):
    """The newest on which the generation has stories."""
    published = max(world.truth(url)["datePublished"] for url in world.archive_urls(generation))
    return datetime.fromisoformat(published).astimezone(WIB).date()


def listed_on(world, generation, day):
    """Its articles of that day, those that only cards lead to left out."""
    stories = {url: world.truth(url) for url in world.archive_urls(generation)}
    of_day = (url for url, truth in stories.items() if wib(truth["datePublished"]).date() == day)
    return {stories[url]["key"] for url in of_day if world.extra_truth(url)["listed"]}


def wib(moment):
    return datetime.fromisoformat(moment).astimezone(WIB)


def where(world, url):
    reply = world.page(url)
    return reply.headers["Location"] if reply.status == 301 else url


@pytest.mark.parametrize("generation", LAYOUTS)
def test_a_day_of_the_archive_in_the_layout_of_its_time(world, generation):
    base, rows, link = LAYOUTS[generation]
    day = first_day(world, generation)
    truth = world.listing_truth(f"{base}/{day}")
    found = [row for row in tree_of(world, f"{base}/{day}").css(rows) if "PR" not in row.text()]
    assert [a.attributes["href"] for row in found for a in row.css(link)[:1]] == [
        path_of(row["url"]) if generation == "news-2013-en" else row["url"] for row in truth
    ]
    assert listed_on(world, generation, day) <= {row["key"] for row in truth}
    for row in truth:
        article = world.truth(where(world, row["url"]))
        assert (row["key"], row["headline"]) == (article["key"], article["headline"])
        assert row["datePublishedEarliest"] <= article["datePublished"] <= row["datePublishedLatest"]


@pytest.mark.parametrize(
    ("generation", "rows", "link"),
    [("news-2013-en", "ul.indeks-list > li", "h2 a"), ("news-2013-id", "ul.list-terkini > li", "h3 a")],
)
def test_the_oldest_days_give_no_times(world, generation, rows, link):
    base = LAYOUTS[generation][0]
    day = min(wib(world.truth(url)["datePublished"]).date() for url in world.archive_urls(generation))
    truth = world.listing_truth(f"{base}/{day}")
    found = tree_of(world, f"{base}/{day}").css(f"{rows} {link}")
    assert [a.text() for a in found] == [row["headline"] for row in truth]
    assert listed_on(world, generation, day) == {row["key"] for row in truth} != set()
    for row in truth:
        start, end = wib(row["datePublishedEarliest"]), wib(row["datePublishedLatest"])
        assert (start.date(), end - start, start.time()) == (day, timedelta(days=1), time())


def test_the_days_address_of_before_2019(world):
    day = first_day(world, "read-2017")
    assert world.page(f"{WWW}/indeks/{day:%Y/%m/%d}").body == world.page(f"{WWW}/indeks/{day}").body


def test_older_english_indexes_link_an_older_spelling_and_have_lists_beside_the_rows(world):
    url = f"{EN}/index/{first_day(world, 'news-2013-en')}"
    assert all(",uk.html/" in row["url"] for row in world.listing_truth(url))
    beside = [a.attributes["href"] for a in tree_of(world, url).css("#mycarousel a")]
    assert len(beside) == 6
    assert not {where(world, link.replace("http:", "https:")) for link in beside} & {
        where(world, row["url"]) for row in world.listing_truth(url)
    }


@pytest.mark.parametrize("generation", ["news-2013-en", "read-2017"])
def test_a_channel_of_a_day(world, generation):
    base, _, _ = LAYOUTS[generation]
    day = first_day(world, generation)
    found = {section.slug: keys(world, f"{base}/{day}/{section.slug}") for section in BY_NAME[generation].sections}
    assert sorted(key for part in found.values() for key in part) == sorted(keys(world, f"{base}/{day}"))
    assert len([part for part in found.values() if part]) > 1


def test_days_of_channels_on_their_own_hosts(world):
    day = first_day(world, "read-2021-id")
    hosts = {row["url"].split("/")[2] for row in world.listing_truth(f"{WWW}/indeks/{day}/")}
    parts = [keys(world, f"https://{host}/indeks/{day}/") for host in hosts]
    assert all(parts)
    assert sorted(key for part in parts for key in part) == sorted(keys(world, f"{WWW}/indeks/{day}/"))


@pytest.mark.parametrize(
    "url",
    [
        f"{EN}/index/2014-01-01",
        f"{EN}/index/2022-01-01/metro",
        f"{EN}/index/2025-12-24",
        f"{WWW}/indeks/2018-01-01",
        f"{WWW}/indeks/2022-01-01/",
    ],
)
def test_a_day_without_news_says_so(world, url):
    assert world.listing_truth(url) == []
    assert re.search(
        r"No news on this day|Tidak ada berita pada hari ini", tree_of(world, url).css_first("body").text()
    )
    assert "__NUXT__" not in world.page(url).body.decode()


def test_the_old_index_ends_with_the_old_system(world):
    assert world.page(f"{WWW}/indeks/2024-10-31").status == 200
    for day in ("2024-11-01", "2026-11-04", "2024-13-01"):
        assert world.page(f"{WWW}/indeks/{day}").status == 404


def test_a_channels_home(large):
    for host in BY_NAME["read-2021-id"].hosts:
        truth = large.listing_truth(f"https://{host}/")
        hrefs = [a.attributes["href"] for a in tree_of(large, f"https://{host}/").css("main a[href*='/read/']")]
        assert list(dict.fromkeys(hrefs)) == [row["url"] for row in truth]
        assert len(hrefs) > 2 * len(truth)
        for row in truth:
            if row["datePublishedEarliest"]:
                published = large.truth(row["url"])["datePublished"]
                assert row["datePublishedEarliest"] <= published <= row["datePublishedLatest"]
        assert truth[-1]["datePublishedEarliest"]
        assert not truth[0]["datePublishedEarliest"]


# -- feeds ------------------------------------------------------------------------------------------------------


def items_of(world, url):
    return etree.fromstring(world.page(url).body).findall(".//item")


@pytest.mark.parametrize("channel", CHANNELS)
def test_the_feed_of_a_channel(world, large, channel):
    assert len(items_of(world, f"{RSS}/{channel}")) < 50
    items, truth = items_of(large, f"{RSS}/{channel}"), large.listing_truth(f"{RSS}/{channel}")
    assert len(items) == 50
    assert [item.findtext("link") for item in items] == [row["url"] for row in truth]
    for item, row in zip(items, truth, strict=True):
        assert re.fullmatch(r"https://[a-z]+\.tempo\.co/read/\d+/[a-z0-9-]+", row["url"])
        assert item.findtext("title") == row["headline"] == large.truth(row["url"])["headline"]
        published = datetime.strptime(item.findtext("pubDate"), "%a, %d %b %Y %H:%M:%S %z")
        assert published == datetime.fromisoformat(row["datePublishedEarliest"])
    assert [row["datePublishedEarliest"] for row in truth] == sorted(
        (row["datePublishedEarliest"] for row in truth), reverse=True
    )


def test_the_feed_of_2017_is_encoded_twice(world):
    body, truth = world.page(f"{RSS}/").body.decode(), world.listing_truth(f"{RSS}/")
    assert "\u201c" not in body
    meant = etree.fromstring(body.encode("cp1252", "latin1_control").decode().encode())
    titles = [" ".join(item.findtext("title").split()) for item in meant.findall(".//item")]
    assert titles == [row["headline"] for row in truth]
    assert titles[0].startswith("\u201c")
    assert all(world.page(row["url"]).status == 200 for row in truth)


@pytest.fixture(scope="module", autouse=True)
def latin1_controls():
    """Windows-1252 leaves five bytes out, which browsers read as latin-1."""
    import codecs  # noqa: PLC0415 - the registry is global

    codecs.register_error("latin1_control", lambda error: (error.object[error.start].encode("latin-1"), error.end))


# -- www --------------------------------------------------------------------------------------------------------


def revived(flat, place):
    """A value of devalue, from its place."""
    value = flat[place]
    if isinstance(value, dict):
        return {name: revived(flat, part) for name, part in value.items()}
    if isinstance(value, list):
        return revived(flat, value[1]) if value[:1] == ["ShallowReactive"] else [revived(flat, part) for part in value]
    return value


@pytest.mark.parametrize("rubric", RUBRICS)
def test_the_payload_of_a_rubric(world, rubric):
    url = f"{WWW}/{rubric}/_payload.json"
    flat = json.loads(world.page(url).body)
    root = revived(flat, 0)
    latest, truth = root["data"]["rubric-content"]["latest"]["data"], world.listing_truth(url)
    assert 15 < len(latest) <= 20
    assert [f"{WWW}/{item['canonical_url']}" for item in latest] == [row["url"] for row in truth]
    for item, row in zip(latest, truth, strict=True):
        article = world.truth(row["url"])
        assert item["title_digital"] == article["headline"]
        published = datetime.strptime(item["published_at"], "%Y-%m-%d %H:%M:%S").replace(tzinfo=WIB)
        assert published == datetime.fromisoformat(article["datePublished"])
        assert (item["access"] == "FREE") is article["isAccessibleForFree"]
    assert root["data"]["rubric-popular"]["data"] == latest[1:4]
    places = flat[flat[flat[1][1]]["rubric-popular"]]["data"]
    assert set(flat[places]) < {
        place for entry in flat if isinstance(entry, list) for place in entry if entry[:1] != [1]
    }


def test_an_article_stands_once_in_a_payload(world):
    flat = json.loads(world.page(f"{WWW}/politik/_payload.json").body)
    urls = [flat[entry["canonical_url"]] for entry in flat if isinstance(entry, dict) and "canonical_url" in entry]
    assert len(urls) == len(set(urls)) == 20


def test_each_kind_of_access_has_its_index(large):
    found = {
        access: large.listing_truth(f"{WWW}/indeks?category=newsAccess&access={access}&page=1")
        for access in ("FREE", "FREEMIUM", "VIP")
    }
    for access, rows in found.items():
        assert len(rows) == 20
        truths = [large.truth(where(large, row["url"])) for row in rows]
        assert {truth["isAccessibleForFree"] for truth in truths if truth} == {access == "FREE"}
    assert not {row["key"] for row in found["VIP"]} & {row["key"] for row in found["FREEMIUM"]}


def test_the_index_of_a_rubric_and_its_page(large):
    """No other rubric is in it, and it has a last page."""
    for first in (f"{WWW}/indeks?category=rubrik&rubric_slug=hukum&page=1", f"{WWW}/hukum?page=1"):
        rows = large.listing_truth(first)
        assert {row["url"].split("/")[3] for row in rows} == {"hukum"}
        buttons = [b.text() for b in tree_of(large, first).css('button[data-type="page"]')]
        assert buttons == ["1", "2", "20"]
        assert len(large.listing_truth(first.replace("page=1", "page=20"))) == 20
        assert large.listing_truth(first.replace("page=1", "page=21")) == []


def test_a_rubrics_page_has_a_list_beside_it(world):
    tree = tree_of(world, f"{WWW}/hukum")
    shown = [a.attributes["href"] for a in tree.css("main figure figcaption a")]
    assert shown == [row["url"].removeprefix(WWW) for row in world.listing_truth(f"{WWW}/hukum")]
    assert len(tree.css("aside a")) == 5


def test_the_part_of_a_rubric(world):
    whole = {key for number in (1, 2, 3) for key in keys(world, f"{WWW}/hukum?page={number}")}
    parts = [set(keys(world, f"{WWW}/hukum/{part}")) for part in ("gugatan-tambak", "putusan-ganti-rugi")]
    assert all(parts)
    assert not parts[0] & parts[1]
    assert parts[0] | parts[1] < whole
    assert world.page(f"{WWW}/hukum/nothing-of-it").status == 404


@pytest.mark.parametrize(("site", "host"), [("tempo-en", EN), ("tempo-id", WWW)])
def test_the_tags_of_an_article_lead_back_to_it(world, site, host):
    listed = [url for url in world.article_urls(site) if world.extra_truth(url)["listed"]]
    for url in listed[:30]:
        truth = world.truth(url)
        for keyword in truth["keywords"]:
            tag = f"{host}/tag/{slug_of(keyword)}"
            pages = (keys(world, f"{tag}?page={number}") for number in range(1, 6))
            assert any(truth["key"] in page for page in pages), tag


def test_a_tag_that_nobody_carries(world):
    assert world.listing_truth(f"{WWW}/tag/nobody") == world.listing_truth(f"{EN}/tag/nobody") == []


def test_topics_are_tags(world):
    assert keys(world, f"{WWW}/topik/bandung") == keys(world, f"{WWW}/tag/bandung") != []


def test_an_authors_page_is_no_list_and_no_article(world):
    url = next(a["url"] for u in world.article_urls("tempo-id") for a in world.truth(u)["authors"])
    tree = tree_of(world, url)
    assert tree.css_first("main h1").text() == url.rpartition("/")[2].rpartition("-")[0].replace("-", " ").title()
    assert len(tree.css("main a")) == 6
    assert world.listing_truth(url) is world.truth(url) is None


def test_a_sitemap_as_a_table(world):
    url = f"{WWW}/lingkungan-sitemap.xml"
    rows = tree_of(world, url).css("table#sitemap tbody tr")
    assert [row.css_first("a").attributes["href"] for row in rows] == [row["url"] for row in world.listing_truth(url)]
    for row in rows:
        said = row.css("td")[2].text()
        saved = datetime.strptime(said, "%Y-%m-%d %H:%M Z").replace(tzinfo=UTC) - timedelta(hours=7)
        assert saved > datetime.fromisoformat(world.truth(row.css_first("a").text())["datePublished"])


def test_the_stylesheet_makes_that_table_of_the_others(world):
    transform = etree.XSLT(etree.fromstring(world.page(f"{WWW}/sitemap.xsl").body))
    url = f"{WWW}/hukum-sitemap.xml"
    table = LexborHTMLParser(bytes(transform(etree.fromstring(world.page(url).body))))
    assert [a.attributes["href"] for a in table.css("table#sitemap a")] == [r["url"] for r in world.listing_truth(url)]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d Z", table.css("tr td:last-child")[0].text())


# -- all --------------------------------------------------------------------------------------------------------


def surfaces(world):
    days = [f"{base}/{first_day(world, name)}" for name, (base, _, _) in LAYOUTS.items()]
    return [
        *days,
        f"{EN}/", f"{EN}/index", f"{EN}/rss", f"{EN}/sitemap.xml", f"{EN}/world", f"{EN}/tag/bandung",
        f"{WWW}/", f"{WWW}/indeks?page=2", f"{WWW}/hukum", f"{WWW}/tag/bandung", f"{WWW}/hukum-sitemap.xml",
        f"{WWW}/lingkungan-sitemap.xml", f"{WWW}/api/gateway/rss/free/hukum", f"{WWW}/hukum/_payload.json",
        world.rendered_listing_url(), f"{RSS}/", f"{RSS}/nasional", "https://nasional.tempo.co/",
        "https://suarakita.net/", "https://suarakita.net/sitemap.xml",
    ]  # fmt: skip


def test_every_list_knows_when_nothing_is_new(world):
    for url in surfaces(world):
        first = world.page(url)
        for known in ({"If-None-Match": first.headers["ETag"]}, {"If-Modified-Since": first.headers["Last-Modified"]}):
            assert world.page(url, known).status == 304
        assert world.page(url, {"If-None-Match": '"x"'}).status == 200


def test_every_list_names_what_stands_where_it_says(world):
    for url in surfaces(world):
        rows = world.listing_truth(url)
        assert rows, url
        assert len({row["key"] for row in rows}) == len(rows)
        for row in rows:
            article = world.truth(where(world, row["url"]))
            assert article is None or article["key"] == row["key"]
            if article and row["datePublishedEarliest"]:
                assert row["datePublishedEarliest"] <= article["datePublished"] <= row["datePublishedLatest"]
                assert datetime.fromisoformat(row["datePublishedLatest"]) <= NOW + timedelta(minutes=1)


def test_what_is_no_list_has_no_truth(world):
    for url in (world.story_url(0), f"{WWW}/about", f"{WWW}/robots.txt", f"{WWW}/nothing", "https://example.org/"):
        assert world.listing_truth(url) is None
