"""ANTARA: addresses, credits, lists and parts. (Every field of every replica page is in test_replica_truth.py.)"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.sites.antara import ANTARA_EN, ANTARA_ID
from crawler.sites.antara.credits import caption_and_credit, people_of, split_dateline
from crawler.sites.site import Listing, Page, PageKind, Part
from stories.article import Article, Relation, Role, Source
from stories.errors import PageError
from stories.fate import Fate

NOON = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
ARTICLE = "https://www.antaranews.com/berita/5243119/harga-beras-turun"


def page(html: str, url: str = ARTICLE) -> Page:
    return Page(url=url, body=html.encode(), downloaded_at=NOON, content_type="text/html; charset=utf-8")


def article(body: str, *, below: str = "", title: str = "Harga beras turun") -> str:
    return f"""<html><head><link rel="canonical" href="{ARTICLE}"></head><body>
    <div class="wrap__article-detail-title"><h1>{title}</h1></div>
    <div class="wrap__article-detail-info"><span class="text-secondary">Selasa, 24 November 2026 11:13 WIB</span></div>
    <div class="wrap__article-detail-content">{body}</div>{below}</body></html>"""


def read(html: str, url: str = ARTICLE) -> Article:
    found = ANTARA_ID.read(page(html, url))
    assert isinstance(found, Article)
    return found


# -- addresses ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        ARTICLE,
        ARTICLE.replace("www.", ""),
        ARTICLE.replace("www.", "m."),
        ARTICLE.replace("https", "http"),
        ARTICLE.replace(".com/", ".com:443/"),
        f"{ARTICLE}?page=all&utm_source=x#isi",
        f"{ARTICLE}/",
        "https://www.antaranews.com/berita/5243119",
        "https://www.antaranews.com/berita/5243119/another-slug",
        "https://m.antaranews.com/amp/berita/5243119/harga-beras-turun",
    ],
)
def test_every_spelling_of_an_article_is_one_key(url: str):
    address = ANTARA_ID.identify(url)
    assert address is not None
    assert (address.key, address.kind) == ("antara-id:5243119", PageKind.ARTICLE)


def test_the_editions_count_their_articles_apart():
    english = ANTARA_EN.identify("https://en.antaranews.com/news/5243119/rice-gets-cheaper")
    assert english is not None
    assert english.key == "antara-en:5243119"
    assert ANTARA_EN.identify(ARTICLE) is None


@pytest.mark.parametrize(
    "path",
    [
        "/foto/123/a",
        "/video/123/a",
        "/tag/beras",
        "/penulis/ida",
        "/search?q=x",
        "/berita/x/y",
        "/terkini/x",
        "/rss/a.php",
    ],
)
def test_what_is_not_followed(path: str):
    assert ANTARA_ID.identify(f"https://www.antaranews.com{path}") is None


def test_a_bureaus_articles_have_numbers_of_their_own():
    assert ANTARA_ID.identify("https://jatim.antaranews.com/berita/5243119/x") is None


@given(st.text(max_size=80))
def test_no_text_is_an_error(text: str):
    for url in (text, f"https://www.antaranews.com/{text}", f"https://www.antaranews.com/berita/{text}"):
        ANTARA_ID.identify(url)
        ANTARA_EN.identify(url)


# -- articles -----------------------------------------------------------------------------------------------------


def test_bare_text_is_paragraphs_and_its_furniture_is_not():
    found = read(
        article(
            'Jakarta (ANTARA) - Harga beras turun.<br /><br />\n<span class="baca-juga"><b>Baca juga: '
            '<a href="/berita/5243000/harga-gula">Harga gula</a></b></span><br /><br />\nPedagang '
            '<a href="https://www.antaranews.com/berita/5243001/pasar">pasar</a> senang.<script>x()</script>'
            '<p class="text-muted small">Pewarta: Ida Ayu, Budi/Siti<br>Editor: Tim Antara<br>&copy; ANTARA</p>'
        )
    )
    assert found.article_body == "Harga beras turun.\n\nPedagang pasar senang."
    assert found.dateline is not None
    assert (found.dateline.publisher, found.dateline.place) == ("ANTARA", "Jakarta")
    assert [(a.name, a.role) for a in found.authors] == [(n, Role.REPORTER) for n in ("Ida Ayu", "Budi", "Siti")]
    assert [(link.relation, link.headline, link.position) for link in found.related_links] == [
        (Relation.READ_ALSO, "Harga gula", 1),
        (Relation.INLINE, "pasar", 1),
    ]
    assert found.date_published == datetime(2026, 11, 24, 4, 13, tzinfo=UTC)
    assert found.provenance["datePublished"] is found.date_source is Source.VISIBLE


def test_the_english_editions_zone_is_wib():
    html = article("Text.").replace("Selasa, 24 November 2026 11:13 WIB", "November 24, 2026 11:13 GMT+700")
    url = "https://en.antaranews.com/news/7/rice"
    found = ANTARA_EN.read(page(html.replace(ARTICLE, url), url))
    assert isinstance(found, Article)
    assert found.date_published == datetime(2026, 11, 24, 4, 13, tzinfo=UTC)
    assert found.date_published_raw == "November 24, 2026 11:13 GMT+700"


def test_an_article_on_several_pages_goes_on():
    paging = '<ul class="pagination"><li><a href="?page=1">1</a></li><li><a href="?page=2">2</a></li></ul>'
    first = ANTARA_ID.read(page(article("First.", below=paging)))
    assert isinstance(first, Part)
    assert (first.next_url, first.article.body_complete) == (f"{ARTICLE}?page=2", False)
    last = read(article("Last.", below=paging), f"{ARTICLE}?page=2")
    assert (last.article_body, last.key) == ("Last.", first.article.key)


@pytest.mark.parametrize("html", ["", "<p>nothing", "<h1 class='post-title'>No text</h1><div class='post-content'>"])
def test_a_page_without_an_article_is_none(html: str):
    with pytest.raises(PageError) as error:
        read(html)
    assert error.value.fate is Fate.NOT_ARTICLE


# -- credits ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "place", "rest"),
    [
        ("Jakarta (ANTARA) - Satu.", "Jakarta", "Satu."),
        ("Jakarta, 24/11 (ANTARA) - Satu.", "Jakarta", "Satu."),
        ("Beijing (ANTARA/Xinhua) \u2013 Satu.", "Beijing", "Satu."),
        ("Jakarta (ANTARA News) - Satu.", "Jakarta", "Satu."),
        ("(ANTARA) - Satu.", None, "Satu."),
    ],
)
def test_a_dateline_is_a_field_of_its_own(text: str, place: str | None, rest: str):
    dateline, without = split_dateline(text)
    assert dateline is not None
    assert (dateline.place, without) == (place, rest)


def test_a_text_without_a_dateline_is_whole():
    assert split_dateline("Ida (27) said - nothing.") == (None, "Ida (27) said - nothing.")


@pytest.mark.parametrize(
    ("text", "caption", "credit"),
    [
        ("A bridge in Palu. ANTARA FOTO/Ida/nym.", "A bridge in Palu.", "ANTARA FOTO/Ida/nym"),
        ("A bridge. (ANTARA/Ida)", "A bridge.", "ANTARA/Ida"),
        ("A bridge in Palu.", "A bridge in Palu.", None),
        ("ANTARA/HO-Ministry", None, "ANTARA/HO-Ministry"),
        ("", None, None),
    ],
)
def test_a_caption_ends_in_its_credit(text: str, caption: str | None, credit: str | None):
    assert caption_and_credit(text) == (caption, credit)


def test_the_house_and_a_copyright_are_nobody():
    assert list(people_of(["Editor: ANTARA", "Copyright \u00a9 ANTARA 2026", "Pewarta: Redaksi"])) == []


# -- lists --------------------------------------------------------------------------------------------------------


def test_a_list_names_each_article_once_and_the_page_after_it():
    row = (
        '<article class="simple-post"><header><h3><a href="/berita/{0}/s">Story {0}</a></h3>'
        '<p class="simple-share"><a>Politik</a><span>2 jam lalu</span></p></header></article>'
    )
    rows = "".join(row.format(number) for number in (3, 2, 3))
    html = f"<main>{rows}<ul class='pagination'><li><a href='/terkini/2'>2</a></li></ul></main>"
    found = ANTARA_ID.read(page(html, "https://www.antaranews.com/terkini"))
    assert isinstance(found, Listing)
    assert [link.url.rpartition("/")[0][-1] for link in found.links[:2]] == ["3", "2"]
    assert found.links[0].date_published is not None
    assert found.links[-1].url == "https://www.antaranews.com/terkini/2"


def test_a_list_of_nothing_is_no_list():
    with pytest.raises(PageError):
        ANTARA_ID.read(page("<main></main>", "https://www.antaranews.com/terkini"))
