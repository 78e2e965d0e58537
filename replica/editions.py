"""The two editions: the same clock, overlapping numbers (trap 2), different addresses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from replica.words.english import ENGLISH
from replica.words.indonesian import INDONESIAN
from replica.words.lexicon import Lexicon, Section


class Addressed(Protocol):
    """What an address is made of."""

    @property
    def number(self) -> int: ...
    @property
    def slug(self) -> str: ...
    @property
    def section(self) -> Section: ...
    @property
    def published(self) -> datetime: ...


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Edition:
    site: str
    host: str
    sequence: str
    """Before the colon of a key."""
    page_version: str
    language: str
    parity: int
    """Of the indexes of its stories; a generation of the archive has its place there, from 2."""
    minutes_to_newest: int
    """How long before `now` the newest one appeared."""
    lexicon: Lexicon

    def index_of(self, serial: int) -> int:
        """A story's number over both editions."""
        return serial * 2 + self.parity

    def article_url(self, story: Addressed) -> str:
        if self.parity:
            return f"https://www.tempo.co/{story.section.slug}/{story.slug}-{story.number}"
        return f"https://en.tempo.co/read/{story.number}/{story.slug}"

    def section_url(self, section: Section) -> str:
        return f"https://{self.host}/{section.slug}"


EN: Final = Edition(
    site="tempo-en", host="en.tempo.co", sequence="tempo-read", page_version="read-2021", language="en",
    parity=0, minutes_to_newest=3, lexicon=ENGLISH,
)  # fmt: skip
ID: Final = Edition(
    site="tempo-id", host="www.tempo.co", sequence="tempo-www", page_version="www-2024", language="id",
    parity=1, minutes_to_newest=5, lexicon=INDONESIAN,
)  # fmt: skip

EDITIONS: Final = (EN, ID)
