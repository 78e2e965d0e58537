"""What a story is before anybody has written it: its time, its number, its headline, who and what it is about."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from replica.dice import Dice
from replica.editions import Edition
from replica.times import WIB, english_date, indonesian_date
from replica.words.lexicon import Section, Words
from replica.words.names import FAMILY, GIVEN, HOUSES, TOWNS

_SMALL_WORDS: Final = frozenset({"a", "an", "and", "as", "at", "by", "for", "in", "of", "on", "the", "to", "with"})
_SMALL_WORDS_ID: Final = frozenset(
    {"dan", "di", "ke", "dari", "pada", "untuk", "dengan", "yang", "soal", "dalam", "kepada"}
)
_NOT_SLUG: Final = re.compile(r"[^a-z0-9]+")
_SLUG_LENGTH: Final = 80  # Tempo's longest in the stored pages have about 90


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Story:
    edition: Edition
    serial: int
    """0 is the edition's newest."""
    number: int
    """The id in its address."""
    published: datetime
    section: Section
    headline: str
    slug: str
    excerpt: str
    topic: str
    place: str
    cast: Words
    """Its own people and places, each a list of one word."""
    in_index: bool
    """False: only related cards lead to it."""

    @property
    def index(self) -> int:
        """Its number in the world: from 0 over both editions, below 0 in the archive."""
        return self.edition.index_of(self.serial)

    @property
    def words(self) -> Words:
        """All that its sentences are made of."""
        return {**self.edition.lexicon.pools, **self.cast}

    @property
    def url(self) -> str:
        return self.edition.article_url(self)

    @property
    def key(self) -> str:
        return f"{self.edition.sequence}:{self.number}"


def compose(
    dice: Dice, edition: Edition, *, serial: int, number: int, published: datetime, section: Section, in_index: bool
) -> Story:
    """Its people, its headline and its excerpt, thrown."""
    own = cast(dice, edition, section, published)
    words = {**edition.lexicon.pools, **own}
    headline = title_case(dice.pick(edition.lexicon.headlines).fill(words, dice), edition.language)
    excerpt = dice.pick(edition.lexicon.excerpts).fill(words, dice)
    return Story(
        edition=edition, serial=serial, number=number, published=published, section=section, headline=headline,
        slug=slug_of(headline), excerpt=excerpt, topic=own["topic"][0], place=own["place"][0], cast=own,
        in_index=in_index,
    )  # fmt: skip


def slug_of(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return _NOT_SLUG.sub("-", plain)[:_SLUG_LENGTH].strip("-")


def title_case(text: str, language: str) -> str:
    small = _SMALL_WORDS if language == "en" else _SMALL_WORDS_ID
    return " ".join([word if word in small else word[0].upper() + word[1:] for word in text.split()])


def person(dice: Dice) -> str:
    return " ".join(dice.picks((GIVEN, FAMILY)))


def cast(dice: Dice, edition: Edition, section: Section, published: datetime) -> Words:
    """The words that stay the same through one story."""
    pools = edition.lexicon.pools
    given, family, family2, aide, role, aide_role, place = dice.picks(
        (GIVEN, FAMILY, FAMILY, GIVEN, pools["roles"], pools["roles"], TOWNS)
    )
    fixed = {
        "person": f"{given} {family}",
        "surname": family,
        "surname2": family2,
        "aide": f"{aide} {dice.pick(FAMILY)}",
        "role": role,
        "aide_role": aide_role,
        "place": place,
        "org": _house(dice, edition),
        "topic": _topic(dice, edition, section),
        **_day(edition, published),
    }
    return {name: (word,) for name, word in fixed.items()}


def _house(dice: Dice, edition: Edition) -> str:
    """An invented organisation, in the language's word order."""
    kind, own = dice.picks((edition.lexicon.pools["orgs"], HOUSES))
    return f"{own} {kind}" if edition.language == "en" else f"{kind} {own}"


def _topic(dice: Dice, edition: Edition, section: Section) -> str:
    subject, trait = dice.picks((section.subjects, edition.lexicon.pools["traits"]))
    return f"{trait} {subject}" if edition.language == "en" else f"{subject} {trait}"


def _day(edition: Edition, published: datetime) -> dict[str, str]:
    lexicon = edition.lexicon
    date = english_date(published, lexicon) if edition.language == "en" else indonesian_date(published, lexicon)
    return {"day": lexicon.weekdays[published.astimezone(WIB).weekday()], "date": date}
