"""Indexes, home pages, tags, feeds and sitemaps: what they name, when it was published, and what a browser has to fill.

The pages here are written for the test, in the structure of the stored ones.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.sites.registry import SITES
from crawler.sites.site import Found, Listing, Page
from crawler.sites.tempo.paging import LAST_PAGE, LAST_PAGE_OF_DAY
from stories.article import Relation, Window
from stories.errors import PageError
from stories.fate import Fate
from tests.cpu import at_most

NOON = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
WWW = "https://www.tempo.co"
DAY = f"{WWW}/indeks?category=date&end_date=2026-11-23&page=1&start_date=2026-11-23"


def read(url: str, body: str | bytes, content_type: str | None = None) -> Listing:
    raw = body if isinstance(body, bytes) else body.encode()
    site = SITES["tempo-en"] if "//en." in url else SITES["tempo-id"]
    reading = site.read(Page(url=url, body=raw, downloaded_at=NOON, content_type=content_type))
    assert isinstance(reading, Listing)
    return reading


def urls(listing: Listing) -> list[str]:
    return [found.url for found in listing.links]


def row(number: int, label: str = "", headline: str = "A headline") -> str:
    return (
        f'<figure class="flex"><a href="/politik/a-story-{number}"><img alt=""></a><figcaption><span>Politik</span>'
        f'<p><a href="/politik/a-story-{number}">{headline} {number}</a></p><p>{label}</p></figcaption></figure>'
    )


def page(*rows: str, around: str = "") -> str:
    menu = '<header><a href="/politik/menu-1234567">M</a></header>'
    return f"<html><body>{menu}<main>{''.join(rows)}</main>{around}</body></html>"


# -- rows -------------------------------------------------------------------------------------------------------


def test_a_row_says_when_in_a_date_or_an_age():
    rows = (row(2000001, "24 November 2026 | 09.30 WIB"), row(2000002, "2 jam lalu"), row(2000003))
    dated, aged, silent = read(f"{WWW}/indeks", page(*rows)).links
    start = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
    assert dated.date_published == Window(earliest=start, latest=start + timedelta(minutes=1))
    assert aged.date_published == Window(earliest=NOON - timedelta(hours=3), latest=NOON - timedelta(hours=2))
    assert silent.date_published is None
    assert dated.headline == "A headline 2000001"


def test_a_row_without_a_time_on_the_index_of_a_day_is_of_that_day():
    dated, silent = read(DAY, page(row(2000001, "23 November 2026 | 09.30 WIB"), row(2000002))).links
    assert dated.date_published
    assert dated.date_published.earliest == datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
    start = datetime(2026, 11, 22, 17, tzinfo=UTC)
    assert silent.date_published == Window(earliest=start, latest=start + timedelta(days=1))


@pytest.mark.parametrize("label", ["PR", "Inforial", "INFO TEMPO", "Advertorial"])
def test_what_somebody_paid_for_is_no_row(label: str):
    assert urls(read(f"{WWW}/indeks", page(row(2000001, label), row(2000002)))) == [f"{WWW}/politik/a-story-2000002"]


def test_each_article_stands_once():
    assert len(read(f"{WWW}/indeks", page(row(2000001), row(2000001), row(2000002))).links) == 2


def test_an_article_in_several_boxes_is_told_by_all_of_them():
    boxes = '<div><a href="/politik/a-2000001"><img></a></div><p><a href="/politik/a-2000001">A</a> <b>x</b></p>'
    later = '<section><div><a href="/politik/a-2000001">Later</a><span>2 jam lalu</span></div></section>'
    other = '<div><a href="/politik/b-2000002">B</a></div>'
    first, second = read(f"{WWW}/", f"<div>{boxes}</div>{other}<div>{later}{other}</div>").links
    assert first.headline
    assert first.date_published == Window(earliest=NOON - timedelta(hours=3), latest=NOON - timedelta(hours=2))
    assert second.headline == "B"


def test_a_link_that_was_not_closed_is_found_and_told_nothing_of_what_stands_in_it():
    held = '<td><a href="/politik/b-2000002">B</a> <span>2 jam lalu</span>'
    unclosed, other = read(f"{WWW}/", f'<a href="/politik/a-2000001"><table>{held}</table>').links
    assert unclosed == Found(url=f"{WWW}/politik/a-2000001", relation=Relation.SECTION)
    assert other.headline == "B"
    assert other.date_published


@pytest.mark.parametrize("place", ['<ul class="indeks-list">{}</ul>', '<main id="index"><ul>{}</ul></main>'])
def test_on_a_day_without_news_what_stands_beside_the_list_is_not_of_that_day(place: str):
    carousel = '<ul id="mycarousel"><li><a href="/read/7/popular">Popular</a></li></ul>'
    body = f"<body>{carousel}{place.format('<li>No news on this day.</li>')}</body>"
    assert read("https://en.tempo.co/index/2015-11-04", body) == Listing(links=())


@pytest.mark.parametrize(
    "rows",
    [
        '<ul class="indeks-list"><li><h2><a href="{0}">Title</a></h2><p>x</p></li></ul>',
        '<ul class="list-terkini"><li><div><a href="{0}"></a></div><h3><a href="{0}">Title</a></h3></li></ul>',
        '<ul><li><div class="blok-indeks-kanal"><h2><a href="{0}">Title</a></h2></div></li></ul>',
        '<div class="card-box"><figure><a href="{0}"></a></figure><h2 class="title"><a href="{0}">Title</a></h2></div>',
        '<div><div><b><a href="{0}">Ti</a></b></div><i><a href="{0}">Title</a></i></div>',
    ],
)
def test_rows_of_every_age(rows: str):
    aside = '<aside><ul class="popular"><li><a href="/read/7/popular">Popular</a></li></ul></aside>'
    (found,) = read("https://en.tempo.co/index/2012-11-04", f"<body>{rows.format('/read/100/x')}{aside}</body>").links
    assert (found.url, found.headline) == ("https://en.tempo.co/read/100/x", "Title")


@pytest.mark.parametrize("path", ["/", "/politik", "/politik/pemilu", "/tag/jakarta", "/topik/masalah/7/x", "/populer"])
def test_a_page_of_any_shape_names_its_articles(path: str):
    box = (
        '<section><div><a href="/politik/first-2000001"><img></a><h2>First</h2><span>2 jam lalu</span></div>'
        '<div><a href="/hukum/second-2000002"><h3>Second</h3></a></div><a href="/tag/x">x</a></section>'
    )
    first, second = read(f"{WWW}{path}", page(box)).links
    assert (first.headline, second.headline) == ("First", "Second")
    assert first.date_published
    assert second.date_published is None


def test_tags_and_rubrics_are_not_followed():
    listing = read(
        f"{WWW}/", page(row(2000001), '<a href="/tag/x">x</a><a href="/politik">P</a><a href="/indeks">I</a>')
    )
    assert urls(listing) == [f"{WWW}/politik/a-story-2000001"]


# -- paging -----------------------------------------------------------------------------------------------------


def following(url: str, *around: str) -> str | None:
    listing = read(url, page(row(2000001), around="".join(around)))
    return next((found.url for found in listing.links if found.relation is Relation.NEXT_PAGE), None)


def button(number: int) -> str:
    return f'<button data-type="page">{number}</button>'


@pytest.mark.parametrize(
    ("url", "around", "expected"),
    [
        ("/indeks?page=1", [button(1), button(2)], "/indeks?page=2"),
        ("/indeks", [button(2)], "/indeks?page=2"),
        ("/indeks?page=2", [button(1), button(2)], None),
        ("/indeks?page=2", [], None),
        ("/tag/x", ['<a href="?page=2">2</a>'], "/tag/x?page=2"),
        ("/tag/x?page=2", ['<a href="/tag/x?page=1">1</a>', '<a href="/tag/x/?page=9">last</a>'], "/tag/x?page=3"),
        ("/tag/x", ['<a href="/tag/y?page=2">2</a>', '<a href="https://example.org/tag/x?page=2">2</a>'], None),
        (f"/indeks?page={LAST_PAGE - 1}", [button(99)], f"/indeks?page={LAST_PAGE}"),
        (f"/indeks?page={LAST_PAGE}", [button(99)], None),
        ("/indeks?page=0", [button(2)], "/indeks?page=2"),
        ("/indeks?page=x", [button(2)], "/indeks?page=2"),
    ],
)
def test_the_next_page(url: str, around: list[str], expected: str | None):
    assert following(f"{WWW}{url}", *around) == (expected and f"{WWW}{expected}")


def test_all_pages_of_a_day_are_turned():
    seen, url = 0, DAY
    while url:
        seen, url = seen + 1, following(url, button(9999)) or ""
    assert seen == LAST_PAGE_OF_DAY


def test_a_page_without_a_row_is_the_last():
    assert read(f"{WWW}/indeks?page=3", page(button(4), "<p>Tidak ada berita</p>")).links == ()


# -- shells -----------------------------------------------------------------------------------------------------

NUXT = "<script>window.__NUXT__={};window.__NUXT__.config={public:{}}</script>"


@pytest.mark.parametrize(
    "body",
    [
        '<html><body><div id="__nuxt"></div></body></html>',
        f'<html><body><div id="__nuxt"></div>{NUXT}</body></html>',
        f'<html><body><div id="__nuxt"><nav>Hukum</nav><main><h1>Indeks</h1></main></div>{NUXT}</body></html>',
        f'<html><body><div id="__nuxt"><header><a href="/politik/x-2000001">x</a></header></div>{NUXT}</body></html>',
        f"<html><body><main><h1>Indeks</h1><p>Memuat</p></main>{NUXT}</body></html>",
        '<html><body><div id="app"></div><script src="/app.js"></script></body></html>',
        '<html><body><div id="__next"></div><script id="__NEXT_DATA__">{}</script></body></html>',
    ],
)
def test_a_page_that_a_script_would_fill(body: str):
    assert read(f"{WWW}/indeks", body) == Listing(links=(), is_empty_shell=True)


@pytest.mark.parametrize(
    "body",
    [
        "<html><body><ul class='indeks-list'></ul><p>Copyright</p></body></html>",
        f'<html><body><div id="__nuxt"><main><p>Tidak ada berita pada tanggal ini</p></main></div>{NUXT}</body></html>',
        f'<html><body><div id="__nuxt"><main>Belum ada artikel</main></div>{NUXT}</body></html>',
        '<html><body><div id="__nuxt"><main>No articles for this day.</main></div></body></html>',
        "<html><body><main><h1>Index</h1></main><footer>x</footer></body></html>",
        "",
    ],
)
def test_a_day_without_news_is_no_shell(body: str):
    assert read(f"{WWW}/indeks/2003-07-21", body) == Listing(links=())


def test_what_a_browser_made_of_a_shell_is_read_like_any_page():
    body = f'<html><body><div id="__nuxt">{page(row(2000001))}</div>{NUXT}</body></html>'
    assert read(f"{WWW}/indeks", body).links[0].url == f"{WWW}/politik/a-story-2000001"


def test_a_shell_that_brings_its_data_needs_no_browser():
    named = '{"canonical_url":3,"title_digital":4,"published_at":5}'
    data = f'[{{"x":1}},[2],{named},"politik/a-2000001","A","2026-11-24 09:00:00"]'
    body = f'<div id="__nuxt"></div><script type="application/json" id="__NUXT_DATA__">{data}</script>{NUXT}'
    (found,) = read(f"{WWW}/politik", body).links
    start = datetime(2026, 11, 24, 2, tzinfo=UTC)
    assert found == Found(
        url=f"{WWW}/politik/a-2000001",
        relation=Relation.SECTION,
        headline="A",
        date_published=Window(earliest=start, latest=start + timedelta(seconds=1)),
    )


def test_a_challenge_is_neither_a_shell_nor_a_day_without_news():
    with pytest.raises(PageError) as error:
        read(f"{WWW}/indeks", '<div id="app"></div><p>Just a moment...</p><script src="/cdn-cgi/challenge-platform/x">')
    assert error.value.fate is Fate.CHALLENGE


# -- feeds, sitemaps, payloads ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headline", ["\u201cA quote\u201d", "\u2018A\u2019 \u2013 caf\u00e9", "\u00c1 \u00cd \u00dd", "plain"]
)
def test_a_headline_that_was_encoded_twice_is_mended(headline: str):
    twice = "".join(
        byte.decode("latin-1") if byte in {b"\x81", b"\x8d", b"\x8f", b"\x90", b"\x9d"} else byte.decode("cp1252")
        for byte in (headline.encode()[n : n + 1] for n in range(len(headline.encode())))
    )
    link = "<link>https://www.tempo.co/read/news/2017/04/06/058863188/x</link>"
    feed = f"<rss><channel><item><title><![CDATA[\n {twice} ]]></title>{link}</item></channel></rss>"
    assert [found.headline for found in read("https://rss.tempo.co/", feed).links] == [headline]


SITEMAP = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">{}</urlset>'


def test_a_sitemaps_time_is_the_last_save_and_its_pictures_are_no_pages():
    entry = (
        "<url><loc>https://www.tempo.co/politik/a-2000001</loc><lastmod>2026-11-24T09:00:00Z</lastmod>"
        "<image:image><image:loc>https://www.tempo.co/politik/picture-2000002</image:loc></image:image></url>"
    )
    (found,) = read(f"{WWW}/politik-sitemap.xml", SITEMAP.format(entry)).links
    assert (found.url, found.date_published) == (f"{WWW}/politik/a-2000001", None)


def test_a_sitemap_index_leads_to_sitemaps_as_xml_and_as_a_table():
    names = [f"{WWW}/politik-sitemap.xml", f"{WWW}/hukum-sitemap.xml", f"{WWW}/tag-sitemap.xml"]
    xml = "".join(f"<sitemap><loc>{name}</loc></sitemap>" for name in names)
    rows = "".join(f'<tr><td><a href="{name}">{name}</a></td><td>2026-11-24</td></tr>' for name in names)
    table = f'<html><body><table id="sitemap"><tbody>{rows}</tbody></table></body></html>'
    for body in (f"<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{xml}</sitemapindex>", table):
        assert urls(read(f"{WWW}/sitemap_index.xml", body)) == names[:2], "tags are not followed"


@pytest.mark.parametrize(
    "path", ["/politik/_payload.json", "/api/gateway/rss/free/politik", "/sitemap_index.xml", "/rss"]
)
@pytest.mark.parametrize("body", ["", "{}", "[]", "<html></html>", "<rss></rss>", '["x"]'])
def test_no_feed_at_all_is_said(path: str, body: str):
    with pytest.raises(PageError) as error:
        read(f"{WWW}{path}", body)
    assert error.value.fate is Fate.NOT_ARTICLE


PLACES = st.sampled_from(
    [
        f"{WWW}/",
        f"{WWW}/indeks?page=1",
        f"{WWW}/indeks/2017-11-01",
        f"{WWW}/tag/x",
        f"{WWW}/politik",
        f"{WWW}/politik/_payload.json",
        f"{WWW}/politik-sitemap.xml",
        f"{WWW}/api/gateway/rss/free/politik",
        "https://rss.tempo.co/nasional",
        "https://en.tempo.co/index/2015-11-04",
        "https://majalah.tempo.co/edisi/2624/2022-12-10",
    ]
)
PIECES = st.lists(
    st.sampled_from(
        [
            row(2000001), row(2000002, "kemarin"), "<a href='http://['>", "<a href='/politik/x-2000009?page=3'>", NUXT,
            '<div id="__nuxt">', button(2), "</div>", "<item><link>", "<loc>", "</loc>", "<table id='sitemap'>",
            "<![CDATA[", "]]>", "&#xD800;", '<script id="__NUXT_DATA__">[["Reactive",0]]</script>', "<ul><li>", "\x00",
            "<main>", "<figure>", "https://en.tempo.co/read/1/x", "<time>9999-12-31</time>", "<a href='?page=99999'>",
        ]
    ),
    max_size=12,
)  # fmt: skip


@given(PLACES, PIECES.map("".join).map(str.encode) | st.binary(max_size=300) | st.text(max_size=100).map(str.encode))
def test_garbage_raises_nothing_but_a_page_error(url: str, body: bytes):
    site = SITES["tempo-en"] if "//en." in url else SITES["tempo-id"]
    try:
        reading = site.read(Page(url=url, body=body, downloaded_at=NOON))
    except PageError:
        return
    assert isinstance(reading, Listing)
    assert not (reading.links and reading.is_empty_shell)
    assert len(set(urls(reading))) == len(reading.links)


def _link(number: int) -> str:
    return f'<a href="/politik/x-{2_000_000 + number}">A</a>'


HOSTILE = {
    "rows in rows": ("/indeks", "".join(f"<div class='card-box'>{_link(n)}<p>x</p>" for n in range(120))),
    "figures in figures": ("/indeks", "<main>" + "".join(f"<figure>{_link(n)}<p>x</p>" for n in range(120))),
    "far apart": (
        "/indeks",
        "".join(f"<div class='card-box'>{_link(n)}{'<u>' * 45}{'</u>' * 45}</div>" for n in range(150)),
    ),
    "labels in labels": ("/indeks", f"<div class='card-box'>{_link(1)}" + ("<span>x" * 110 + "</span>" * 110) * 65),
    "one article, often": ("/", f"<div>{_link(1) * 7000}</div>"),
    "headings": ("/", f"<div>{_link(1) * 3000}{'<h2>x</h2>' * 3000}</div>"),
    "boxes in boxes": ("/", "".join(f"<div>{_link(n)}" for n in range(120)) + _link(1) * 7_000),
    "deep": ("/", "<div>" * 120 + "".join(map(_link, range(7_000)))),
    "pages": ("/indeks", page(row(1_000_001), *('<button data-type="page">9 ' + "9 " * 50 for _ in range(2000)))),
}


@pytest.mark.parametrize(("path", "body"), HOSTILE.values(), ids=HOSTILE)
def test_no_page_takes_long(path: str, body: str):
    with at_most(3):
        read(f"{WWW}{path}", body)
