"""A story's text: paragraphs from templates, walked so that no sentence's pattern comes twice in one story."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from replica import salts
from replica.dice import Dice
from replica.story import Story
from replica.words.lexicon import Lexicon, Words
from replica.words.names import AGENCIES

_FEWEST, _MOST = 6, 14  # paragraphs
_LONGEST: Final = 4  # sentences a paragraph; with 14 paragraphs still fewer than a language has
_OPENING_CREDITS: Final = 2  # of the credited templates, the first two wrap an opening
_CREDITED_ONCE_IN: Final = 4
_SIGNED_ONCE_IN: Final = 12


@dataclass(frozen=True, slots=True)
class Text:
    paragraphs: tuple[str, ...]
    agencies: tuple[tuple[int, str], ...]
    """(paragraph, agency) for each sentence that credits one."""
    signed: str | None
    """An agency in capitals as the last paragraph: a credit, no part of the text."""


def write(seed: int, story: Story, texts: int) -> Text:
    """The text after so many changes; each change replaces one paragraph but the first."""
    dice = Dice(seed, salts.TEXT, story.index)
    text = _first_version(dice, story.edition.lexicon, story.words)
    for change in range(1, texts + 1):
        text = _changed(Dice(seed, salts.TEXT, story.index, change), text, story)
    return text


def _first_version(dice: Dice, lexicon: Lexicon, words: Words) -> Text:
    opening, agency = _opening(dice, lexicon, words)
    count = _FEWEST + dice.roll(_MOST - _FEWEST + 1)
    walk = _Walk(dice, lexicon, words)
    paragraphs = [opening, *(walk.paragraph() for _ in range(count - 1))]
    agencies = [(0, agency)] if agency else []
    if dice.one_in(_CREDITED_ONCE_IN):
        place, agency = 1 + dice.roll(count - 1), dice.pick(AGENCIES)
        paragraphs[place] = dice.pick(lexicon.credited[_OPENING_CREDITS:]).fill({**words, "agency": (agency,)}, dice)
        agencies.append((place, agency))
    return Text(tuple(paragraphs), tuple(agencies), "ANTARA" if dice.one_in(_SIGNED_ONCE_IN) else None)


def _opening(dice: Dice, lexicon: Lexicon, words: Words) -> tuple[str, str | None]:
    opening = dice.pick(lexicon.openings).fill(words, dice)
    if not dice.one_in(_CREDITED_ONCE_IN):
        return f"{opening}.", None
    agency = dice.pick(AGENCIES)
    wrapped = dice.pick(lexicon.credited[:_OPENING_CREDITS])
    return wrapped.fill({"opening": (opening,), "agency": (agency,)}, dice), agency


def _changed(dice: Dice, text: Text, story: Story) -> Text:
    """Agencies keep their paragraphs: an editor corrects facts, not sources."""
    credited = {place for place, _ in text.agencies}
    open_places = [place for place in range(1, len(text.paragraphs)) if place not in credited]
    place = dice.pick(open_places)
    fresh = _Walk(dice, story.edition.lexicon, story.words).paragraph()
    return replace(text, paragraphs=(*text.paragraphs[:place], fresh, *text.paragraphs[place + 1 :]))


class _Walk:
    """Through the sentences with a fixed stride: their number is prime, so each comes once before any comes again."""

    def __init__(self, dice: Dice, lexicon: Lexicon, words: Words) -> None:
        self._dice, self._sentences, self._words = dice, lexicon.sentences, words
        self._at = dice.roll(len(self._sentences))
        self._stride = 1 + dice.roll(len(self._sentences) - 1)

    def paragraph(self) -> str:
        return " ".join([self._sentence() for _ in range(1 + self._dice.roll(_LONGEST))])

    def _sentence(self) -> str:
        self._at = (self._at + self._stride) % len(self._sentences)
        return self._sentences[self._at].fill(self._words, self._dice)
