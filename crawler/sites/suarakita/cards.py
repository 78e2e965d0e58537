"""The cards below a copied text: alt text of a picture, age, headline, excerpt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from crawler.sites.lines import Line
from crawler.sites.tempo.cards import PAID
from stories.article import Window
from stories.dates import parse_age

_QUOTES: Final = {0x2019: "'", 0x2018: "'", 0x201C: '"', 0x201D: '"'}


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    headline: str
    excerpt: str | None
    age: str
    href: str | None

    @property
    def is_paid(self) -> bool:
        return self.age.casefold() in PAID


def alike(text: str) -> str:
    """The same for lines that say the same: copies change quotes and case."""
    return text.translate(_QUOTES).casefold()


def first_card(lines: Sequence[Line], seen: Window) -> int:
    """Where the cards begin: at the first age, or the picture's text before it; at the end if there are none."""
    return next(_starts(lines, seen), len(lines))


def cards_of(lines: Sequence[Line], seen: Window) -> Iterator[Card]:
    """The cards, paid ones too; `lines` begin with the first."""
    for start, end in pairwise([*_starts(lines, seen), len(lines)]):
        card = lines[start:end]
        age = next((place for place, line in enumerate(card) if _is_age(line, seen)), None)
        if age is None:  # two ages in a row, and the first took for its picture's text what the second does
            continue
        said = [line for line in card[age + 1 :] if not line.picture]
        if said:
            yield Card(
                headline=said[0].text,
                excerpt=said[1].text if len(said) > 1 else None,
                age=card[age].text,
                href=next((anchor.href for line in (*said[:2], *card[:age]) for anchor in line.anchors), None),
            )


def _starts(lines: Sequence[Line], seen: Window) -> Iterator[int]:
    for place, line in enumerate(lines[:-1]):
        if _is_age(line, seen):
            yield place - 1 if place and _is_alt(lines[place - 1], lines[place + 1]) else place


def _is_alt(line: Line, headline: Line) -> bool:
    return line.picture or alike(line.text) == alike(headline.text)


def _is_age(line: Line, seen: Window) -> bool:
    return line.text.casefold() in PAID or parse_age(line.text, seen=seen) is not None
