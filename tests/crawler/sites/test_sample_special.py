"""A real page of a special edition, on a host of its own, which nobody had a version for: read by the one it resembles.

Texts are compared by digest.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest

from tests.crawler.sites.samples import article_of, facts, sample

URL = "https://pialadunia.tempo.co/read/1067559/a"
AT = datetime(2018, 3, 8, tzinfo=UTC)
TWO_DAYS, THREE_DAYS = (
    ("2018-03-05T00:00:00Z", "2018-03-06T00:00:00Z"),
    ("2018-03-04T00:00:00Z", "2018-03-05T00:00:00Z"),
)
TRUE = {
    "key": "tempo-read:1067559",
    "site": "tempo-id",
    "pageVersion": "read-2017",
    "canonicalUrl": "66f1dc63f88a6023",
    "headline": "e1d9257bba714973",
    "description": "ccd78def02d5d39b",
    "datePublished": "2018-03-07T09:50:00Z",
    "datePublishedRaw": "Rabu, 7 Maret 2018 16:50 WIB",
    "dateSource": "visible",
    "dateModified": "2018-03-07T10:36:39Z",
    "dateline": {"publisher": "TEMPO.CO", "place": "Jakarta"},
    "authors": [{"name": "Hari Prasetyo", "role": "editor", "url": None}],
    "articleSection": "pialadunia",
    "keywords": ["Piala Dunia 2018", "Gareth Southgate", "Timnas Inggris"],
    "inLanguage": "id",
    "articleBody": "d891e2947c5890c4",
    "paragraphs": 11,
    "firstWords": "Manajer Tim",
    "lastWord": "2018.",
    "bodyComplete": True,
    "isAccessibleForFree": None,
    "images": [
        {
            "url": "https://statik.tempo.co/data/2018/03/05/id_688713/688713_720.jpg",
            "caption": "850370c45ebd15ff",
            "credit": "REUTERS/Eddie Keogh",
        }
    ],
    "related": [
        (1, "tempo-read:1067487", *TWO_DAYS),
        (2, "tempo-read:1067459", *TWO_DAYS),
        (3, "tempo-read:1067399", *TWO_DAYS),
        (4, "tempo-read:1067184", *THREE_DAYS),
    ],
    "readAlso": [],
    "editorsChoice": [],
    "inline": [],
    "isBasedOn": None,
    "viewCount": None,
}


@cache
def read() -> dict[str, Any]:
    return facts(article_of(URL, sample("pages/id-2017-special-page.html"), AT))


@pytest.mark.parametrize("field", TRUE)
def test_a_field(field: str):
    assert read()[field] == TRUE[field]
