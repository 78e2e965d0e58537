"""Whatever a server sends, a page is an article, a listing or a PageError, and takes no long time."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.sites.registry import SITES, site_of
from crawler.sites.site import Listing, Page
from replica.world import GENERATIONS, World
from stories.article import Article
from stories.codec import article_to_json
from stories.errors import PageError
from stories.fate import Fate
from tests.cpu import at_most

NOW = datetime(2026, 11, 24, 5, 30, tzinfo=UTC)
WORLD = World(stories=40, seed=3, now=NOW)
ADDRESSES = [
    *(next(iter(WORLD.article_urls(site))) for site in SITES),
    *(next(WORLD.archive_urls(name)) for name in GENERATIONS),
    *("https://en.tempo.co/index", "https://www.tempo.co/indeks?page=1", "https://en.tempo.co/rss"),
    *("https://www.tempo.co/sitemap_index.xml", "https://suarakita.net/"),
]
BODIES = {url: WORLD.page(url).body for url in ADDRESSES}


def read(url: str, body: bytes, content_type: str | None = "text/html") -> Article | Listing | PageError:
    site = site_of(url)
    assert site is not None
    try:
        found = site.read(Page(url=url, body=body, downloaded_at=NOW, content_type=content_type))
    except PageError as error:
        return error
    if isinstance(found, Article):
        assert found.headline
        assert found.article_body
        str(article_to_json(found)).encode()
    return found


def fate(url: str, body: bytes) -> Fate:
    found = read(url, body)
    assert isinstance(found, PageError)
    return found.fate


PIECES = st.sampled_from(
    [b"", b"<", b">", b"</div>", b"<div>", b"<p>", b"</article>", b"<script>", b"<!--", b'"', b"\x00", b"\xff",
     b"&#xD800;", b"<br>", b"<a href='http://['>", b"<table>", b"null", b"]]>", b"<template>", b"<svg>"]
)  # fmt: skip


@settings(max_examples=150)
@given(st.sampled_from(ADDRESSES), st.lists(st.tuples(st.floats(0, 1), st.integers(0, 3000), PIECES), max_size=6))
def test_a_damaged_page(url: str, damages: list[tuple[float, int, bytes]]):
    body = BODIES[url]
    for where, length, piece in damages:
        start = int(where * len(body))
        body = body[:start] + piece + body[start + length :]
    read(url, body)


@pytest.mark.parametrize("url", ADDRESSES)
def test_a_page_cut_short(url: str):
    body = BODIES[url]
    for end in range(0, len(body), max(1, len(body) // 60)):
        read(url, body[:end])


@settings(max_examples=60)
@given(st.sampled_from(ADDRESSES), st.binary(max_size=400), st.text(max_size=30) | st.none())
def test_anything_at_all(url: str, body: bytes, content_type: str | None):
    read(url, body, content_type)


@pytest.mark.parametrize("url", ADDRESSES[:3])
@pytest.mark.parametrize(
    "html",
    [
        b"",
        b"<html></html>",
        b"<html><body><div id='__nuxt'></div></body></html>",
        b"<article class='detail-artikel'><div class='detail-title'><h1>Head</h1></div><div class='detail-in'></div>",
        b"<article><h1>Head</h1><div id='content-wrapper'></div></article>",
        b"<article><h1></h1><div id='content-wrapper'><p>Text</p></div></article>",
    ],
)
def test_an_empty_shell(url: str, html: bytes):
    assert fate(url, html) is Fate.NOT_ARTICLE


CHALLENGE = b"""<html><head><title>Just a moment...</title></head><body><p>Verifying you are human.</p>
<script src="/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1"></script><p>Ray ID: 8f</p></body></html>"""


@pytest.mark.parametrize("url", ADDRESSES)
def test_a_challenge(url: str):
    assert fate(url, CHALLENGE) is Fate.CHALLENGE


@pytest.mark.parametrize("url", ADDRESSES[:3])
def test_an_article_about_challenges_is_an_article(url: str):
    marked = BODIES[url].replace(b"</body>", b"<p>Verifying you are human ... Ray ID</p></body>")
    assert isinstance(read(url, marked), Article)


END_OF_LINE = re.compile(rb"</p>|</div>|<br>")
LONG = 100_000
HOSTILE = {
    "one line": "a " * (LONG // 2),
    "capitals": "A" * LONG,
    "dashes": "TEMPO.CO, " + "- " * (LONG // 2),
    "places": "TEMPO.CO, " * (LONG // 10),
    "labels": "Baca: " * (LONG // 6),
    "slashes": "A. B/" * (LONG // 5),
    "brackets": "Illustration (" * (LONG // 14),
    "names": "Ani and " * (LONG // 8) + "contributed to this article",
    "numbers": "1 " * (LONG // 2),
    "ages": "2 jam lalu " * (LONG // 11),
}


@pytest.mark.parametrize("url", ADDRESSES[:3])
@pytest.mark.parametrize("name", HOSTILE)
def test_a_long_line_takes_no_long_time(url: str, name: str):
    line = HOSTILE[name].encode()
    body = BODIES[url]
    lines = b"".join(b"<p>" + line[start : start + 280] + b"</p>" for start in range(0, LONG, 280))
    for hostile in (b"<p>" + line + b"</p>", lines):
        ends = [mark.end() for mark in END_OF_LINE.finditer(body)]
        middle = ends[len(ends) // 3]
        with at_most(0.25):
            read(url, body[:middle] + hostile + body[middle:])


@pytest.mark.parametrize("tag", ["div", "b", "p", "a", "table", "article", "ul><li"])
@pytest.mark.parametrize("url", ADDRESSES[:3])
def test_a_deep_page(url: str, tag: str):
    with at_most(2):
        read(url, BODIES[url].replace(b"<body>", b"<body>" + f"<{tag}>".encode() * 11_000))


@pytest.mark.parametrize("url", ADDRESSES[:5])
def test_a_page_of_tags_is_refused_unread(url: str):
    with at_most(0.1):
        assert fate(url, b"<div>" * 200_000) is Fate.REFUSED
