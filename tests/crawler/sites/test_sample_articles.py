"""Real pages of Tempo: every field of each is a test of its own. Texts are compared by digest."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from functools import cache
from html import escape
from typing import Any

import pytest

from stories.article import Article, Dateline, Relation, Role
from tests.crawler.sites.samples import RELATIONS, SAMPLES, article_of, digest, facts, sample

EN_2015 = {
    "key": "tempo-news:715684",
    "site": "tempo-en",
    "pageVersion": "news-2013",
    "canonicalUrl": "a1640585b1467af7",
    "headline": "bf45c6d1bf19ae69",
    "description": "e96b29e0d0def792",
    "datePublished": "2015-11-04T00:28:00Z",
    "datePublishedRaw": "Wednesday, 04 November, 2015 | 07:28 WIB",
    "dateSource": "visible",
    "dateModified": None,
    "dateline": {"publisher": "TEMPO.CO", "place": "Jakarta"},
    "authors": [],
    "articleSection": "National",
    "keywords": ["Forest Fire"],
    "inLanguage": "en",
    "articleBody": "ed07d42eea44f306",
    "paragraphs": 19,
    "firstWords": "Indonesia could",
    "lastWord": "stated.",
    "bodyComplete": True,
    "isAccessibleForFree": None,
    "images": [
        {
            "url": "http://cdn.tmpo.co/data/2015/09/15/id_437155/437155_620.jpg",
            "caption": "03558a554ec4c000",
            "credit": "TEMPO/Imam Sukamto",
        }
    ],
    "breadcrumbs": [{"name": "National", "url": "http://en.tempo.co/national"}],
    "related": [
        (1, "tempo-news:715376", None, None),
        (2, "tempo-news:715339", None, None),
        (3, "tempo-news:715207", None, None),
        (4, "tempo-news:715061", None, None),
        (5, "tempo-news:715042", None, None),
    ],
    "readAlso": [],
    "inline": [],
    "isBasedOn": None,
    "viewCount": None,
}

ID_2017 = {
    "key": "tempo-read:1028050",
    "site": "tempo-id",
    "pageVersion": "read-2017",
    "canonicalUrl": "3b305da803f0ec4a",
    "headline": "48b225bd116c72fa",
    "description": "a4517aa281e4d123",
    "datePublished": "2017-10-26T05:34:00Z",
    "datePublishedRaw": "Kamis, 26 Oktober 2017 12:34 WIB",
    "dateSource": "visible",
    "dateModified": None,
    "dateModifiedRaw": None,
    "dateline": {"publisher": "TEMPO.CO", "place": "Jakarta"},
    "authors": [
        {"name": "Dwi Arjanto", "role": "editor", "url": None},
        {"name": "Andrian Habibi", "role": "reporter", "url": None},
    ],
    "articleSection": "Metro",
    "keywords": ["Ahok"],
    "inLanguage": "id",
    "articleBody": "640095c522fcb7d2",
    "paragraphs": 5,
    "firstWords": "Wakil Ketua",
    "lastWord": "Barat.",
    "bodyComplete": True,
    "isAccessibleForFree": None,
    "images": [
        {
            "url": "https://statik.tempo.co/?id=653249&width=720",
            "caption": "dedf466a188484f0",
            "credit": "TEMPO/Subekti",
        }
    ],
    "breadcrumbs": [{"name": "Metro", "url": "https://metro.tempo.co"}, {"name": "Metro Sudut", "url": None}],
    "related": [
        (1, "tempo-read:1027753", "2017-10-26T06:30:00Z", "2017-10-26T07:30:00Z"),
        (2, "tempo-read:1027790", "2017-10-25T02:30:00Z", "2017-10-26T02:30:00Z"),
        (3, "tempo-read:1027712", "2017-10-25T02:30:00Z", "2017-10-26T02:30:00Z"),
        (4, "tempo-read:1027681", "2017-10-25T02:30:00Z", "2017-10-26T02:30:00Z"),
    ],
    "readAlso": [(1, "tempo-read:1027712", None, None), (2, "https://goo.gl/1RBsh2", None, None)],
    "moreArticles": [
        (1, "tempo-read:1028224", "2017-10-26T19:30:00Z", "2017-10-26T20:30:00Z"),
        (2, "tempo-read:1028183", "2017-10-26T18:30:00Z", "2017-10-26T19:30:00Z"),
        (3, "tempo-read:1028109", "2017-10-26T17:30:00Z", "2017-10-26T18:30:00Z"),
    ],
    "inline": [
        (1, "tempo-read:1027753", None, None),
        (2, "tempo-read:1027790", None, None),
        (3, "tempo-read:1027681", None, None),
    ],
}

WWW_2026 = {
    "key": "tempo-www:9100001",
    "site": "tempo-id",
    "pageVersion": "www-2024",
    "canonicalUrl": "61ee46ae5b201548",
    "headline": "f4015fb5f6339803",
    "description": "68cf214b429bb4ef",
    "datePublished": "2026-07-24T02:00:00Z",
    "datePublishedRaw": "2026-07-24T09:00:00+07:00",
    "dateSource": "jsonLd",
    "dateModified": None,
    "dateline": None,
    "authors": [
        {"name": "Contoh Reporter", "role": "author", "url": "https://www.tempo.co/penulis/contoh-reporter-9001"}
    ],
    "articleSection": "Ekonomi",
    "keywords": ["suku-bunga-acuan", "bank-sentral", "ekonomi-makro"],
    "inLanguage": "id",
    "articleBody": "11d8f537d2549b83",
    "paragraphs": 4,
    "firstWords": "CONTOH bank",
    "lastWord": "terbatas.",
    "bodyComplete": True,
    "isAccessibleForFree": True,
    "images": [
        {
            "url": "https://statik.tempo.co/data/2026/07/24/id_9100001/9100001_720.jpg",
            "caption": "f62553e6a0549791",
            "credit": "Dok. Fixture/EGI",
        }
    ],
    "breadcrumbs": [
        {"name": "Ekonomi", "url": "https://tempo.co/ekonomi"},
        {"name": "Bisnis", "url": "https://tempo.co/ekonomi/bisnis"},
    ],
    "related": [],
    "editorsChoice": [(1, "tempo-www:9100003", None, None)],
    "inline": [],
}

EN_2015["provenance"] = {
    "headline": "visible",
    "description": "meta",
    "canonicalUrl": "meta",
    "datePublished": "visible",
    "dateline": "visible",
    "articleSection": "visible",
    "keywords": "visible",
    "articleBody": "visible",
    "images": "visible",
    "breadcrumbs": "visible",
    "inLanguage": "url",
}
ID_2017["provenance"] = EN_2015["provenance"] | {"authors": "visible"}  # its JSON-LD is of another article
WWW_2026["provenance"] = dict.fromkeys(
    ("headline", "description", "datePublished", "authors", "articleSection", "isAccessibleForFree", "breadcrumbs"),
    "jsonLd",
) | {"canonicalUrl": "meta", "keywords": "visible", "articleBody": "visible", "images": "visible", "inLanguage": "url"}

NOTHING = {
    **{relation: [] for relation in RELATIONS},
    **dict.fromkeys(("dateModified", "dateModifiedRaw", "isBasedOn", "viewCount")),
    "promoted": [],
}
"""What a page without such links, changes and counts has."""

PAGES: dict[str, tuple[str, str, datetime, dict[str, Any]]] = {
    "en-2015": (
        "http://en.tempo.co/read/news/2015/11/04/055715684,uk.html/a?i=1",
        "pages/en-2015-article.html",
        datetime(2015, 11, 4, 13, tzinfo=UTC),
        EN_2015,
    ),
    "id-2017": (
        "https://metro.tempo.co/read/1028050/a",
        "pages/id-2017-article.html",
        datetime(2017, 10, 27, 2, 30, tzinfo=UTC),
        ID_2017,
    ),
    "www-2026": (
        "https://www.tempo.co/ekonomi/a-9100001",
        "pages/www-2026-article-structure.html",
        datetime(2026, 7, 24, 13, tzinfo=UTC),
        WWW_2026,
    ),
}


MORE = {
    "en-2015": {"linkTexts": "a86b8f4fa4fa5235"},
    "id-2017": {"linkTexts": "48f632dde94e6e08"},
    "www-2026": {"linkTexts": "7aa40161b117fa87"},
}
TRUE = {name: NOTHING | facts_of_page[3] | MORE[name] for name, facts_of_page in PAGES.items()}


@cache
def read(name: str) -> dict[str, Any]:
    url, file, at, _ = PAGES[name]
    return facts(article_of(url, sample(file), at))


@pytest.mark.parametrize(("page", "field"), [(page, field) for page in TRUE for field in TRUE[page]])
def test_a_field(page: str, field: str):
    assert read(page)[field] == TRUE[page][field]


@pytest.mark.parametrize("page", TRUE)
def test_no_field_is_left_out(page: str):
    assert set(read(page)) - set(TRUE[page]) == {"url", "dateDownloaded"}


@pytest.mark.parametrize("page", PAGES)
def test_it_is_the_address_that_answered_and_when(page: str):
    url, _, at, _ = PAGES[page]
    assert read(page)["url"] == url
    assert read(page)["dateDownloaded"] == at.strftime("%Y-%m-%dT%H:%M:%SZ")


def english_text_of_2025() -> Article:
    """The stored text lost its tags: here each line has the paragraph back that it was."""
    stored = json.loads((SAMPLES / "pages/en-2025-article-text.json").read_text(encoding="utf-8"))
    lines = re.split(r"(?<!TEMPO.)(?<=[.?!])(?=[A-Z])|(?<=article)(?=Editor)|(?=Click here)", stored["content"])
    body = "".join(f"<p>{escape(line)}</p>" for line in lines)
    page = (
        f"<article class='detail-artikel'><div class='detail-title'><h1>{escape(stored['title'])}</h1>"
        f"<div class='text-avatar'><p>Editor</p><h4>{stored['author']}</h4></div>"
        f"<h4 class='date'>November 28, 2025 | 11:39 am</h4></div><div class='detail-in'>{body}</div></article>"
    )
    return article_of(stored["link"], page.encode(), datetime(2025, 11, 29, tzinfo=UTC), "text/html; charset=utf-8")


def test_the_lines_of_a_real_text_that_are_none():
    found = english_text_of_2025()
    assert found.key == "tempo-read:2069623"
    assert found.dateline == Dateline(publisher="TEMPO.CO", place="Jakarta")
    assert [(author.name, author.role) for author in found.authors] == [
        ("Mila Novita", Role.EDITOR),
        ("Putri Az zahra Suherman", Role.CONTRIBUTOR),
    ]
    (choice,) = found.related_links
    assert (choice.relation, choice.url) == (Relation.EDITORS_CHOICE, None)
    assert digest(choice.headline or "") == "4d2ffb058593d21e"
    assert not re.search(r"TEMPO\.CO|contributed to|Editor.s Choice|Click here|Google News", found.article_body)
    assert found.article_body.split()[:2] == ["Two", "types"]
    assert found.article_body.split()[-1] == "broth."
