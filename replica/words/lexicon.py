"""Sentences from templates: `{person} opened {thing} in {place}.` with one word list a slot."""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import dataclass

from replica.dice import Dice

Words = Mapping[str, tuple[str, ...]]
"""What may stand in each slot."""


@dataclass(frozen=True, slots=True)
class Template:
    form: str
    """With `%s` for each slot."""
    slots: tuple[str, ...]

    @staticmethod
    def of(text: str) -> Template:
        parts = list(string.Formatter().parse(text))
        form = "".join(literal.replace("%", "%%") + ("" if slot is None else "%s") for literal, slot, _, _ in parts)
        return Template(form, tuple(slot for _, slot, _, _ in parts if slot is not None))

    def fill(self, words: Words, dice: Dice) -> str:
        """One sentence; its first letter becomes a capital, since a slot may stand there."""
        text = self.form % dice.picks([words[slot] for slot in self.slots])
        return text[0].upper() + text[1:]


def templates(text: str) -> tuple[Template, ...]:
    """One template a line."""
    return tuple(Template.of(line.strip()) for line in text.strip().splitlines())


def phrases(text: str) -> tuple[str, ...]:
    """One phrase between commas; lines may break anywhere between words."""
    return tuple(" ".join(phrase.split()) for phrase in text.strip().strip(",").split(","))


@dataclass(frozen=True, slots=True)
class Section:
    """`Economy & Business`, at `/economy`, and what its stories are about."""

    name: str
    slug: str
    subjects: tuple[str, ...]


def sections(text: str) -> tuple[Section, ...]:
    """`Name | slug | subject, subject;` for each."""
    parts = [entry.split("|") for entry in text.split(";") if entry.strip()]
    return tuple(Section(name.strip(), slug.strip(), phrases(subjects)) for name, slug, subjects in parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """One language of the newspaper."""

    pools: Words
    sections: tuple[Section, ...]
    headlines: tuple[Template, ...]
    excerpts: tuple[Template, ...]
    openings: tuple[Template, ...]
    sentences: tuple[Template, ...]
    """A prime number of them: a walk with any stride meets each once."""
    credited: tuple[Template, ...]
    """Sentences that credit `{agency}`."""
    captions: tuple[Template, ...]
    weekdays: tuple[str, ...]
    """From Monday."""
    months: tuple[str, ...]
