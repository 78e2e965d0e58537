"""What changed between two texts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from stories.changes import Change, changed_fields, changes

PARAGRAPHS = st.lists(st.lists(st.sampled_from("abcd"), min_size=1, max_size=5).map(" ".join), max_size=5)


def words(text: str, *new: str) -> tuple[tuple[str, bool], ...]:
    return tuple((word, word in new) for word in text.split())


def test_a_changed_word_a_new_and_a_lost_paragraph():
    before = "The price rises.\n\nNobody knows why.\n\nThe end."
    after = "The price falls.\n\nThe end.\n\nAnadolu reported."
    assert list(changes(before, after)) == [
        Change(before=words("The price rises.", "rises."), after=words("The price falls.", "falls.")),
        Change(before=words("Nobody knows why.", "Nobody", "knows", "why."), after=None),
        Change(before=None, after=words("Anadolu reported.", "Anadolu", "reported.")),
    ]


def test_the_same_text_has_no_changes():
    assert list(changes("One.\n\nTwo.", "One.\n\nTwo.")) == []


@given(PARAGRAPHS, PARAGRAPHS)
def test_words_that_are_not_marked_stand_on_both_sides(before: list[str], after: list[str]):
    for change in changes("\n\n".join(before), "\n\n".join(after)):
        kept = [[word for word, is_new in side or () if not is_new] for side in (change.before, change.after)]
        assert kept[0] == kept[1]
        assert change.before or change.after


def test_only_what_a_revision_keeps_is_compared():
    assert changed_fields({"headline": "a", "viewCount": 1}, {"headline": "b", "viewCount": 2}) == ["headline"]
    assert changed_fields({}, {}) == []
