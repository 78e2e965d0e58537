"""The measure itself, by hand."""

from __future__ import annotations

from collections import Counter

import pytest

from bench.matching import Match, Means, match, means, shingles


@pytest.mark.parametrize(
    ("text", "count"), [("", 0), ("One, two.", 1), ("one two three four", 1), ("one two three four five", 2)]
)
def test_shingles_are_four_words(text: str, count: int):
    assert shingles(text).total() == count


def test_punctuation_and_breaks_are_no_words():
    assert shingles("One two\n\nthree — four!") == shingles("One two three four")


def test_a_match_is_in_shares():
    assert match(Counter("aabc"), Counter("abd")) == Match(both=2 / 5, only_read=1 / 5, only_true=2 / 5)
    assert match(Counter(), Counter()) == Match()


def test_means_leave_out_pages_that_cannot_tell():
    nothing_read = match(Counter("a"), Counter())
    found = means([match(Counter("ab"), Counter("ab")), nothing_read])
    assert found == Means(precision=1.0, recall=0.5)
    assert found.f1 == pytest.approx(2 / 3)
    assert means([]) == Means(precision=1.0, recall=1.0)
    assert means([nothing_read]) == Means(precision=1.0, recall=0.0)
    assert means([nothing_read]).f1 == 0
