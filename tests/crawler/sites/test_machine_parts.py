"""Encodings, JSON-LD, feeds and links: read where they are right, ignored where they are not."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from crawler.sites import linked_data
from crawler.sites.encoding import decode
from crawler.sites.feeds import read_feed, read_sitemap, repaired
from crawler.sites.links import absolute, numbered
from stories.article import Breadcrumb, RelatedLink, Relation
from tests.crawler.sites.samples import listing_of


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        ("café".encode(), "text/html; charset=utf-8", "café"),
        ("café".encode("cp1252"), "text/html; charset=ISO-8859-1", "café"),
        (b"\x93x\x94", 'text/html; charset="iso-8859-1"', "\u201cx\u201d"),
        (b'<meta charset="windows-1252">caf\xe9', None, '<meta charset="windows-1252">café'),
        ('<?xml version="1.0" encoding="UTF-8"?>é'.encode(), None, '<?xml version="1.0" encoding="UTF-8"?>é'),
        ("café".encode(), None, "café"),
        ("café".encode("cp1252"), None, "café"),
        ("éèà".encode() + b"\xa9", None, "éèà\ufffd"),
        ("\ufeffcafé".encode(), "text/html; charset=latin-1", "café"),
        ("café".encode("utf-16"), None, "café"),
        ("café".encode(), "text/html; charset=zip", "café"),
        ("café".encode(), "text/html; charset=no-such", "café"),
        ("café".encode(), "text/html; charset=utf-7", "café"),
        (b"", None, ""),
    ],
)
def test_an_encoding(body: bytes, content_type: str | None, text: str):
    assert decode(body, content_type) == text


@given(st.binary(max_size=300), st.text(max_size=40) | st.none())
def test_no_bytes_raise(body: bytes, content_type: str | None):
    decode(body, content_type)


def read_json(*values: object) -> linked_data.LinkedData:
    scripts = "".join(f'<script type="application/ld+json">{value}</script>' for value in values)
    return linked_data.read(LexborHTMLParser(f"<html><head>{scripts}</head></html>"))


ARTICLE = {"@type": "NewsArticle", "headline": "Well"}


@pytest.mark.parametrize(
    "values",
    [
        [json.dumps(ARTICLE)],
        [json.dumps([{"@type": "Organization", "headline": "No"}, ARTICLE])],
        [json.dumps({"@graph": [{"@type": "WebPage"}, ARTICLE]})],
        ['{"@type": "NewsArticle", broken', json.dumps(ARTICLE)],
        [json.dumps({**ARTICLE, "description": "a|b"}).replace("|", "\n"), "[" * 100_000, "3", "null", '"x"'],
        [json.dumps({**ARTICLE, "@type": ["CreativeWork", "NewsArticle"]})],
        [json.dumps({"@graph": 3}), json.dumps({"@type": {"a": 1}}), json.dumps(ARTICLE)],
    ],
)
def test_the_article_by_its_type(values: list[str]):
    assert read_json(*values).text("headline") == "Well"


@pytest.mark.parametrize("wrong", [3, None, [], {}, [["a"]], {"name": 3}, True, ""])
def test_a_property_of_the_wrong_type_is_absent(wrong: object):
    read = read_json(
        json.dumps({"@type": "NewsArticle", **dict.fromkeys(("headline", "author", "mainEntityOfPage"), wrong)}),
        json.dumps({"@type": "BreadcrumbList", "itemListElement": wrong}),
    )
    assert read.text("headline") is None
    assert list(read.people("author")) == []
    assert read.address() is None
    assert read.breadcrumbs == ()


@pytest.mark.parametrize(
    ("value", "free"), [(True, True), (False, False), ("False", False), ("true", True), ("no", None), (0, None)]
)
def test_whether_it_is_free(value: object, free: bool | None):
    assert read_json(json.dumps({**ARTICLE, "isAccessibleForFree": value})).is_free() is free


def test_breadcrumbs_in_both_spellings_without_the_home_page():
    items = [
        {"item": "https://tempo.co", "name": "Home"},
        {"item": "https://tempo.co/a", "name": "A"},
        {"item": {"@id": "https://tempo.co/b", "name": "B"}},
        {"name": "C"},
    ]
    read = read_json(json.dumps({"@type": "BreadcrumbList", "itemListElement": items}))
    assert read.breadcrumbs == (
        Breadcrumb(name="A", url="https://tempo.co/a"),
        Breadcrumb(name="B", url="https://tempo.co/b"),
        Breadcrumb(name="C", url=None),
    )


def test_a_half_character_does_not_come_through():
    assert read_json('{"@type": "NewsArticle", "headline": "We\\ud800ll"}').text("headline") == "Well"


def test_meta_and_links_the_first_of_each():
    html = (
        '<head><meta property="og:url" content=" a "><meta name="OG:URL" content="b"><meta content="c"><meta name="x">'
        '<link rel="canonical" href=" d "><link rel="canonical" href="e"><link></head>'
    )
    read = linked_data.read(LexborHTMLParser(html))
    assert read.meta == {"og:url": "a", "x": ""}
    assert read.links["canonical"] == "d"


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ('dataLayer = [{"reporter": "Ani", "jumlah_kata": "17"}];', {"reporter": "Ani", "jumlah_kata": "17"}),
        ("window.dataLayer.push({'reporter': 'Ani', event: 'x',});", {"reporter": "Ani", "event": "x"}),
        (
            "dataLayer.push({event: 'a'}); dataLayer.push({event: 'b', reporter: 'Ani'})",
            {"event": "a", "reporter": "Ani"},
        ),
        (r'dataLayer=[{"reporter":"A\u0301ni","tags":"x\/y \"z\"}"}]', {"reporter": "Áni", "tags": 'x/y "z"}'}),
        (r"dataLayer=[{'reporter':'D\'Souza &amp; Co','editor':''}]", {"reporter": "D'Souza & Co"}),
        ('dataLayer.push({"reporter": "Ani", "n": 3, "none": null})', {"reporter": "Ani"}),
        ("var dataLayer = dataLayer || [];", {}),
        ("dataLayer = [{'reporter': 'Ani]; it's broken", {}),
        ('myDataLayer = [{"reporter": "Ani"}]', {}),
        ("dataLayer = [{" + "'" * 50_000, {}),
        ("dataLayer = [{" + "\\" * 50_000, {}),
    ],
)
def test_what_the_page_tells_its_statistics(script: str, said: dict[str, str]):
    html = f"<html><head><script>{script}</script></head></html>"
    assert linked_data.read(LexborHTMLParser(html), html).data_layer == said


FEED = """<?xml version="1.0"?><rss><channel><item><title>One &amp; two</title><link>https://x.test/1</link>
<guid>1</guid><pubDate>Sun, 07 Jun 2026 15:00:00 +0700</pubDate></item><item><title>No link</title></item>
<item><link> https://x.test/2
</link></item></channel></rss>"""


def test_a_feed():
    entries = read_feed(FEED.encode())
    assert [(entry.url, entry.title) for entry in entries] == [
        ("https://x.test/1", "One & two"),
        ("https://x.test/2", None),
    ]
    assert entries[0].published_raw == "Sun, 07 Jun 2026 15:00:00 +0700"


def test_a_sitemap_and_an_index_of_them():
    space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    for outer, inner in (("urlset", "url"), ("sitemapindex", "sitemap")):
        xml = (
            f"<{outer} {space}><{inner}><loc> https://x.test/1 </loc><lastmod>2026-02-09</lastmod></{inner}></{outer}>"
        )
        (entry,) = read_sitemap(xml.encode())
        assert (entry.url, entry.published_raw) == ("https://x.test/1", None)


ENTITIES = "".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghz", strict=True)
)
BOMB = f'<!DOCTYPE x [<!ENTITY a "a">{ENTITIES}]><rss><item><link>https://x.test/&z;</link></item></rss>'
OUTSIDE = (
    '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]><rss><item><link>https://x.test/&f;</link></item></rss>'
)


@pytest.mark.parametrize("xml", [BOMB, OUTSIDE])
def test_entities_are_not_followed(xml: str):
    assert [entry.url for entry in read_feed(xml.encode())] in ([], ["https://x.test/"])


@pytest.mark.parametrize(
    "body", [b"", b"<html>no</html>", b"<rss><item><link>https://x.te", b"\x00\xff", b"<a>" * 5000]
)
def test_a_broken_feed_is_none(body: bytes):
    assert all(entry.url.startswith("https://x.te") for entry in read_feed(body))
    assert read_sitemap(body) == []


def test_a_prefix_that_nobody_declared_is_part_of_a_name():
    """lxml mends such a document, and then calls its names invalid."""
    picture = "<image:image><loc>https://x.test/2</loc></image:image>"
    body = f"<urlset><url:x><loc>https://x.test/1</loc>{picture}</url:x></urlset>"
    assert [entry.url for entry in read_sitemap(body.encode())] == ["https://x.test/1"]


@pytest.mark.parametrize("text", ["L\u2019Or\u00e9al", "\u201cYa\u201d", "caf\u00e9 \u2014 \u00fcber", "\u65e5\u672c"])
def test_what_was_encoded_twice(text: str):
    twice = text.encode().decode("latin-1")
    twice = "".join(bytes([ord(c)]).decode("cp1252", "ignore") or c for c in twice)
    assert repaired(twice) == text
    assert repaired(text) == text


@given(st.text())
def test_repair_never_raises(text: str):
    repaired(text)


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("/read/1/a", "https://en.tempo.co/read/1/a"),
        ("//metro.tempo.co/x", "https://metro.tempo.co/x"),
        (" https://X.Tempo.co/A b\n", "https://x.tempo.co/A%20b"),
        ("?page=2", "https://en.tempo.co/index?page=2"),
        ("#top", None),
        ("", None),
        (None, None),
        ("javascript:void(0)", None),
        ("mailto:a@b.c", None),
        ("http://[", None),
        ("http://a:b/", None),
        ("http:///x", None),
        ("data:text/html,x", None),
        ("https://x.test/" + "a" * 3000, None),
        ("\ud800/x", "https://en.tempo.co/x"),
    ],
)
def test_an_absolute_address(href: str | None, url: str | None):
    assert absolute("https://en.tempo.co/index", href) == url


def test_links_are_counted_within_their_relation_each_once():
    def link(url: str, relation: Relation) -> RelatedLink:
        return RelatedLink(url=url, headline=None, relation=relation, position=9)

    given_links = [
        link("a", Relation.RELATED),
        link("b", Relation.INLINE),
        link("a", Relation.RELATED),
        link("c", Relation.RELATED),
    ]
    assert [(one.url, one.position) for one in numbered(given_links)] == [("a", 1), ("b", 1), ("c", 2)]


def test_an_index_that_needs_a_browser_has_no_links():
    body = b"<html><body><div id=__nuxt></div><script>window.__NUXT__={}</script></body></html>"
    assert (
        listing_of("tempo-id", "https://www.tempo.co/indeks?page=1", body, datetime(2026, 8, 1, tzinfo=UTC)).links == ()
    )


def test_half_a_character_in_a_feed_costs_its_own_text_only():
    entries = read_feed(FEED.replace("One", "&#xD800;").encode())
    assert [(entry.url, entry.title) for entry in entries] == [("https://x.test/1", None), ("https://x.test/2", None)]
    assert [entry.url for entry in read_sitemap(b"<u><loc>https://x.test/1</loc><loc>&#xD800;</loc></u>")] == [
        "https://x.test/1"
    ]
