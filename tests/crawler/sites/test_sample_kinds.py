"""Real pages of Tempo's further kinds, magazines and photographs: every field of each is a test of its own.

Texts are compared by digest. The photo essay is a page of Tempo's designers: the machine-readable parts of one article
around the pictures of another. It shows how such an essay is made.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest

from crawler.sites.registry import site_of
from crawler.sites.site import Page
from stories.errors import PageError
from stories.fate import Fate
from tests.crawler.sites.samples import article_of, facts, sample

MAGZ_2023 = {
    "key": "tempo-magz:40163",
    "site": "tempo-id",
    "pageVersion": "magazine-2021",
    "canonicalUrl": "e1db69349882c913",
    "headline": "ef1670b92598ef31",
    "description": "c6ca3e42180acbc6",
    "datePublished": "2023-01-15T19:32:41Z",
    "datePublishedRaw": "2023-01-16T02:32:41+07:00",
    "dateSource": "jsonLd",
    "dateModified": "2023-01-15T19:32:41Z",
    "dateModifiedRaw": "2023-01-16T02:32:41+07:00",
    "dateline": None,
    "authors": [
        {
            "name": "Hussein Abri Dongoran",
            "role": "author",
            "url": "https://magz.tempo.co/reporter/hussein-abri-dongoran",
        },
        {"name": "Philipus Parera", "role": "editor", "url": None},
    ],
    "articleSection": "Cover Story",
    "keywords": [
        "Health",
        "Budi Gunadi Sadikin",
        "Omnibus Law",
        "House of Representatives (DPR)",
        "ministry of health",
        "National Health Insurance",
        "Indonesian doctors",
    ],
    "inLanguage": "en",
    "articleBody": "734b2ef7b2b55250",
    "bodyComplete": False,
    "isAccessibleForFree": False,
    "images": [
        {
            "url": "https://images-tm.tempo.co/all/2023/01/16/821684/821684_1200.jpg",
            "caption": "905ed5a26fb9cef4",
            "credit": "TEMPO/M Taufan Rengganis",
        }
    ],
    "breadcrumbs": [],
    "isBasedOn": None,
    "viewCount": None,
    "provenance": {
        "headline": "visible",
        "description": "meta",
        "canonicalUrl": "meta",
        "datePublished": "jsonLd",
        "dateModified": "jsonLd",
        "authors": "meta",
        "articleSection": "dataLayer",
        "keywords": "visible",
        "articleBody": "visible",
        "isAccessibleForFree": "jsonLd",
        "images": "visible",
        "inLanguage": "url",
    },
    "paragraphs": 2,
    "firstWords": "WHEN Slamet",
    "lastWord": "bill,",
    "related": [],
    "readAlso": [],
    "editorsChoice": [],
    "moreArticles": [
        (1, "tempo-magz:40152", "2023-01-15T17:00:00Z", "2023-01-16T17:00:00Z"),
        (2, "tempo-magz:40161", "2023-01-15T17:00:00Z", "2023-01-16T17:00:00Z"),
        (3, "tempo-magz:40169", "2023-01-15T17:00:00Z", "2023-01-16T17:00:00Z"),
        (4, "tempo-magz:40151", "2023-01-15T17:00:00Z", "2023-01-16T17:00:00Z"),
    ],
    "topic": [],
    "section": [],
    "inline": [],
    "linkTexts": "a46cc4f26695a13f",
    "promoted": [],
}

MAJALAH_2022 = {
    "key": "tempo-magazine:167644",
    "site": "tempo-id",
    "pageVersion": "magazine-2021",
    "canonicalUrl": "11dd65b0d5f1a2fe",
    "headline": "a50c4ef2eb5339b3",
    "description": "bf3758cc7ce278d3",
    "datePublished": "2022-12-10T16:51:43Z",
    "datePublishedRaw": "2022-12-10T23:51:43+07:00",
    "dateSource": "jsonLd",
    "dateModified": "2022-12-10T16:51:43Z",
    "dateModifiedRaw": "2022-12-10T23:51:43+07:00",
    "dateline": None,
    "authors": [
        {
            "name": "Hussein Abri Dongoran",
            "role": "author",
            "url": "https://majalah.tempo.co/profile/hussein-abri-dongoran",
        },
        {"name": "Raymundus Rikang", "role": "reporter", "url": None},
        {"name": "Syalsabilla", "role": "reporter", "url": None},
    ],
    "articleSection": "Laporan Utama",
    "keywords": ["DPR", "KUHP", "RKUHP", "Edward Omar Sharif Hiariej", "Pengesahan RKUHP"],
    "inLanguage": "id",
    "articleBody": "c112f461c5fbcd17",
    "bodyComplete": False,
    "isAccessibleForFree": False,
    "images": [
        {
            "url": "https://images-tm.tempo.co/all/2022/12/11/818378/818378_1200.jpg",
            "caption": "76b917cbd0b03b82",
            "credit": "TEMPO/Hilman Fathurrahman W",
        },
        {
            "url": "https://images-tm.tempo.co/all/2022/12/11/818377/818377_1200.jpg",
            "caption": "2f0b74bfaf072145",
            "credit": "ANTARA/Aditya Pradana Putra",
        },
        {"url": "https://images-tm.tempo.co/all/2022/12/11/818393/818393_1200.jpg", "caption": None, "credit": None},
    ],
    "breadcrumbs": [{"name": "Laporan Utama", "url": None}],
    "isBasedOn": None,
    "viewCount": None,
    "provenance": {
        "headline": "meta",
        "description": "meta",
        "canonicalUrl": "meta",
        "datePublished": "jsonLd",
        "dateModified": "jsonLd",
        "authors": "meta",
        "articleSection": "visible",
        "keywords": "visible",
        "articleBody": "visible",
        "isAccessibleForFree": "jsonLd",
        "images": "visible",
        "breadcrumbs": "visible",
        "inLanguage": "url",
    },
    "paragraphs": 34,
    "firstWords": "EDWARD Omar",
    "lastWord": "kontroversi.",
    "related": [],
    "readAlso": [
        (1, "tempo-magazine:167465", None, None),
        (2, "tempo-magazine:166494", None, None),
        (3, "tempo-magazine:167451", None, None),
        (4, "tempo-magazine:166496", None, None),
        (5, "tempo-magazine:167443", None, None),
    ],
    "editorsChoice": [],
    "moreArticles": [
        (1, "tempo-magazine:167646", "2022-12-10T17:00:00Z", "2022-12-11T17:00:00Z"),
        (2, "tempo-magazine:167613", "2022-12-10T17:00:00Z", "2022-12-11T17:00:00Z"),
        (3, "tempo-magazine:167621", "2022-12-10T17:00:00Z", "2022-12-11T17:00:00Z"),
        (4, "tempo-magazine:167598", "2022-12-10T17:00:00Z", "2022-12-11T17:00:00Z"),
    ],
    "topic": [],
    "section": [],
    "inline": [(1, "tempo-magazine:166494", None, None)],
    "linkTexts": "d6b933eb18710b7d",
    "promoted": [],
}

ESSAY_2022 = {
    "key": "tempo-magazine:166536",
    "site": "tempo-id",
    "pageVersion": "magazine-2021",
    "canonicalUrl": "d6ab5aa86ae0bb57",
    "headline": "2936ab8e2fcdcfb5",
    "description": "69954acc6d16f559",
    "datePublished": "2022-07-30T00:22:25Z",
    "datePublishedRaw": "2022-07-30T07:22:25+07:00",
    "dateSource": "jsonLd",
    "dateModified": "2022-07-30T00:22:25Z",
    "dateModifiedRaw": "2022-07-30T07:22:25+07:00",
    "dateline": None,
    "authors": [{"name": "Erwan Hermawan", "role": "author", "url": "https://majalah.tempo.co/profile/erwan-hermawan"}],
    "articleSection": "Investigasi",
    "keywords": ["Myanmar", "Internasional"],
    "inLanguage": "id",
    "articleBody": "565c6f27b6709608",
    "bodyComplete": False,
    "isAccessibleForFree": False,
    "images": [
        {
            "url": "https://images.unsplash.com/photo-1521651201144-634f700b36ef?ixlib=rb-0.3.5&q=85&fm=jpg&crop=entropy&cs=srgb&ixid=eyJhcHBfaWQiOjE0NTg5fQ&s=e26ec8c74dc99aff53a60741538cad5f",
            "caption": "2fb282809b42154d",
            "credit": "REUTERS/Alkis Konstantinidis",
        },
        {
            "url": "https://images.unsplash.com/photo-1515870672913-a4c298575776?ixlib=rb-0.3.5&q=85&fm=jpg&crop=entropy&cs=srgb&ixid=eyJhcHBfaWQiOjE0NTg5fQ&s=aa80486fd3343134706e785c034b339d",
            "caption": "2d089c98be33192d",
            "credit": None,
        },
        {
            "url": "https://images.unsplash.com/photo-1504618223053-559bdef9dd5a?ixlib=rb-0.3.5&q=85&fm=jpg&crop=entropy&cs=srgb&ixid=eyJhcHBfaWQiOjE0NTg5fQ&s=583c2bf56c8006e507e2a9905fc1e54c",
            "caption": None,
            "credit": None,
        },
        {
            "url": "https://images.unsplash.com/photo-1504208434309-cb69f4fe52b0?ixlib=rb-0.3.5&q=85&fm=jpg&crop=entropy&cs=srgb&ixid=eyJhcHBfaWQiOjE0NTg5fQ&s=69093505f999d8170e9a1aab3771c07e",
            "caption": None,
            "credit": None,
        },
    ],
    "breadcrumbs": [{"name": "Foto", "url": None}, {"name": "Investigasi", "url": None}],
    "isBasedOn": None,
    "viewCount": None,
    "provenance": {
        "headline": "meta",
        "description": "meta",
        "canonicalUrl": "meta",
        "datePublished": "jsonLd",
        "dateModified": "jsonLd",
        "authors": "meta",
        "articleSection": "visible",
        "keywords": "visible",
        "articleBody": "visible",
        "isAccessibleForFree": "jsonLd",
        "images": "visible",
        "breadcrumbs": "visible",
        "inLanguage": "url",
    },
    "paragraphs": 2,
    "firstWords": "Dua pria",
    "lastWord": "hujan.",
    "related": [],
    "readAlso": [],
    "editorsChoice": [],
    "moreArticles": [
        (1, "tempo-magazine:166548", "2022-07-29T17:00:00Z", "2022-07-30T17:00:00Z"),
        (2, "tempo-magazine:166547", "2022-07-29T17:00:00Z", "2022-07-30T17:00:00Z"),
        (3, "tempo-magazine:166513", "2022-07-29T17:00:00Z", "2022-07-30T17:00:00Z"),
        (4, "tempo-magazine:166520", "2022-07-29T17:00:00Z", "2022-07-30T17:00:00Z"),
    ],
    "topic": [],
    "section": [],
    "inline": [],
    "linkTexts": "00230708921dcc7d",
    "promoted": [],
}

PHOTO_2017 = {
    "key": "tempo-photo:60747",
    "site": "tempo-id",
    "pageVersion": "photo",
    "canonicalUrl": "b805947a6d299226",
    "headline": "b11747ad2f5ea76c",
    "description": "ce7f8677d6546e60",
    "datePublished": "2017-10-27T06:25:00Z",
    "datePublishedRaw": "Jumat, 27 Oktober 2017 13:25 WIB",
    "dateSource": "visible",
    "dateModified": None,
    "dateModifiedRaw": None,
    "dateline": None,
    "authors": [{"name": "Fardi Bestari", "role": "author", "url": None}],
    "articleSection": "Foto",
    "keywords": ["Bhumibol Adulyadej"],
    "inLanguage": "id",
    "articleBody": "1687737306b7d0ec",
    "bodyComplete": True,
    "isAccessibleForFree": None,
    "images": [
        {
            "url": "https://cdn.tmpo.co/data/2017/10/27/id_658005/658005_720.jpg",
            "caption": "5629242233902dbd",
            "credit": "Kementerian Luar Negeri Thailand via AP",
        },
        {
            "url": "https://cdn.tmpo.co/data/2017/10/27/id_658006/658006_720.jpg",
            "caption": "9c5cac4eab0bacf7",
            "credit": "AFP PHOTO/Royal Thai Bureau",
        },
        {
            "url": "https://cdn.tmpo.co/data/2017/10/27/id_658007/658007_720.jpg",
            "caption": "2fdc14cf93f250ba",
            "credit": "AP Photo",
        },
        {
            "url": "https://cdn.tmpo.co/data/2017/10/27/id_658008/658008_720.jpg",
            "caption": "9b27c77200f59251",
            "credit": "AP Photo",
        },
        {
            "url": "https://cdn.tmpo.co/data/2017/10/27/id_658009/658009_720.jpg",
            "caption": "3f2f7ea49c1272d6",
            "credit": "AP Photo",
        },
        {
            "url": "https://cdn.tmpo.co/data/2017/10/27/id_658010/658010_720.jpg",
            "caption": "b92053958aa2b7f1",
            "credit": "AP Photo",
        },
    ],
    "breadcrumbs": [{"name": "Foto", "url": "https://foto.tempo.co"}],
    "isBasedOn": None,
    "viewCount": None,
    "provenance": {
        "headline": "visible",
        "description": "meta",
        "canonicalUrl": "meta",
        "datePublished": "visible",
        "authors": "visible",
        "articleSection": "visible",
        "keywords": "visible",
        "articleBody": "visible",
        "images": "visible",
        "breadcrumbs": "visible",
        "inLanguage": "url",
    },
    "paragraphs": 6,
    "firstWords": "Mantan Presiden",
    "lastWord": "2017.",
    "related": [],
    "readAlso": [],
    "editorsChoice": [],
    "moreArticles": [],
    "topic": [],
    "section": [],
    "inline": [],
    "linkTexts": "e3b0c44298fc1c14",
    "promoted": [],
}

PAGES: dict[str, tuple[str, str, datetime, dict[str, Any]]] = {
    "magz": (
        "https://magz.tempo.co/read/cover-story/40163/a",
        "pages/magz-2023-article.html",
        datetime(2023, 1, 30, 0, 0, tzinfo=UTC),
        MAGZ_2023,
    ),
    "majalah": (
        "https://majalah.tempo.co/read/laporan-utama/167644/a",
        "pages/majalah-2022-article.html",
        datetime(2022, 12, 13, 0, 0, tzinfo=UTC),
        MAJALAH_2022,
    ),
    "essay": (
        "https://majalah.tempo.co/read/investigasi/166536/a",
        "pages/majalah-2022-photo-essay.html",
        datetime(2022, 8, 2, 0, 0, tzinfo=UTC),
        ESSAY_2022,
    ),
    "photo": (
        "https://foto.tempo.co/read/60747/a",
        "pages/id-2017-photo.html",
        datetime(2017, 10, 27, 9, 0, tzinfo=UTC),
        PHOTO_2017,
    ),
}


@cache
def read(name: str) -> dict[str, Any]:
    url, file, at, _ = PAGES[name]
    return facts(article_of(url, sample(file), at))


@pytest.mark.parametrize(("page", "field"), [(page, field) for page in PAGES for field in PAGES[page][3]])
def test_a_field(page: str, field: str):
    assert read(page)[field] == PAGES[page][3][field]


@pytest.mark.parametrize("page", PAGES)
def test_all_fields_are_checked(page: str):
    assert set(read(page)) - set(PAGES[page][3]) == {"url", "dateDownloaded"}


@pytest.mark.parametrize("name", ["id-2017-home", "id-2017-index", "en-2015-index"])
@pytest.mark.parametrize(
    "url",
    [
        "https://www.tempo.co/read/1028338/a",
        "https://foto.tempo.co/read/60747/a",
        "https://majalah.tempo.co/read/opini/167626/a",
    ],
)
def test_a_page_of_links_is_no_article_whatever_its_address(name: str, url: str):
    site = site_of(url)
    assert site is not None
    with pytest.raises(PageError) as error:
        site.read(Page(url=url, body=sample(f"pages/{name}.html"), downloaded_at=datetime(2017, 11, 1, tzinfo=UTC)))
    assert error.value.fate is Fate.NOT_ARTICLE
