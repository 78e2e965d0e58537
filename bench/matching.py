"""How much of what is true was read, and how much of what was read is true."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from statistics import mean

_WORD = re.compile(r"\w+")
_SHINGLE = 4  # words: enough that one in the wrong place is seen, few enough that one wrong word costs little


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Shares of all that is true or was read on one page, so that a long page weighs no more than a short one."""

    both: float = 0.0
    only_read: float = 0.0
    only_true: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """Over pages. A page where nothing was read has no precision; where nothing is true, no recall."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def match(true: Counter[Hashable], read: Counter[Hashable]) -> Match:
    both, only_read, only_true = ((true & read).total(), (read - true).total(), (true - read).total())
    total = both + only_read + only_true
    return Match(both=both / total, only_read=only_read / total, only_true=only_true / total) if total else Match()


def shingles(text: str) -> Counter[Hashable]:
    """Every four words that follow each other; a shorter text is one shingle."""
    words = _WORD.findall(text)
    last = max(1, len(words) - _SHINGLE + 1) if words else 0
    return Counter(tuple(words[start : start + _SHINGLE]) for start in range(last))


def means(matches: Iterable[Match]) -> Means:
    """1.0 where no page says anything: nothing was missed, and nothing made up."""
    known = list(matches)
    precisions = [m.both / (m.both + m.only_read) for m in known if m.both + m.only_read]
    recalls = [m.both / (m.both + m.only_true) for m in known if m.both + m.only_true]
    return Means(precision=mean(precisions) if precisions else 1.0, recall=mean(recalls) if recalls else 1.0)
