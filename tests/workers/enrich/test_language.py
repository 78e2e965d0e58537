"""The language that a text is really in."""

from __future__ import annotations

import pytest

from tests.making import article
from workers.enrich.language import enrich

ENGLISH = "The government announced on Tuesday that electricity tariffs would rise by five percent next year."
INDONESIAN = "Pemerintah mengumumkan pada hari Selasa bahwa tarif listrik akan naik lima persen mulai tahun depan."


@pytest.mark.parametrize(("text", "code"), [(ENGLISH, "en"), (INDONESIAN, "id")])
def test_the_language_whatever_the_edition_says(text: str, code: str):
    for edition in ("en", "id"):
        found = enrich(article(headline="", article_body=text, in_language=edition))
        assert found["code"] == code
        assert 0.9 < found["confidence"] <= 1


@pytest.mark.parametrize("text", ["", "  ", "12345 !?", "\u2014\u2026"])
def test_a_text_without_letters_has_none(text: str):
    assert enrich(article(headline="", article_body=text)) == {"code": None, "confidence": None}


def test_a_long_text_is_not_read_to_its_end():
    assert enrich(article(headline="", article_body=INDONESIAN * 40 + ENGLISH * 4000))["code"] == "id"


def test_the_headline_counts():
    assert enrich(article(headline=INDONESIAN, article_body=""))["code"] == "id"
