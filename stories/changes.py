"""What changed between two texts: paragraph by paragraph, and in each the words. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any, Final

COMPARED: Final = ("headline", "description", "datePublished", "dateModified", "articleBody")
"""The fields that a revision keeps."""

Word = tuple[str, bool]
"""A word, and whether it stands on this side only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A paragraph before and after; None where there is none."""

    before: tuple[Word, ...] | None
    after: tuple[Word, ...] | None


def changed_fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    return [name for name in COMPARED if before.get(name) != after.get(name)]


def changes(before: str, after: str) -> Iterator[Change]:
    """Every paragraph that is not on both sides, in their order."""
    old, new = before.split("\n\n"), after.split("\n\n")
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what != "equal":
            yield from (_change(was, now) for was, now in zip_longest(old[a:b], new[c:d]))


def _change(before: str | None, after: str | None) -> Change:
    old, new = (before or "").split(), (after or "").split()
    if before is None or after is None:
        return Change(before=_words(old, ()) if before else None, after=_words(new, ()) if after else None)
    kept = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    return Change(
        before=_words(old, [(block.a, block.size) for block in kept]),
        after=_words(new, [(block.b, block.size) for block in kept]),
    )


def _words(words: Sequence[str], kept: Sequence[tuple[int, int]]) -> tuple[Word, ...]:
    same = {place for start, size in kept for place in range(start, start + size)}
    return tuple((word, place not in same) for place, word in enumerate(words))
