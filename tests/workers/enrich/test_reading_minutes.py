"""How long a text takes to read."""

from __future__ import annotations

import pytest

from tests.making import article, text
from workers.enrich.reading_minutes import WORDS_A_MINUTE, enrich


@pytest.mark.parametrize(
    ("words", "minutes"), [(0, 0), (1, 1), (WORDS_A_MINUTE, 1), (WORDS_A_MINUTE + 1, 2), (10 * WORDS_A_MINUTE, 10)]
)
def test_minutes_are_rounded_up(words: int, minutes: int):
    body = text(1, words) if words else ""
    assert enrich(article(article_body=body)) == {"words": words, "minutes": minutes}


def test_any_white_space_parts_words():
    assert enrich(article(article_body="one\n\ntwo\u00a0three\t four"))["words"] == 4
