"""An article's sheet: all that stands on its page, decided once, for the layout to print and for truth.py to tell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from replica.story import Story
from replica.times import Window


class CardKind(Enum):
    STORY = "story"
    PROMO = "promo"
    """Labelled `PR`: nobody should follow it."""
    FORBIDDEN = "forbidden"
    """Looks like any other; robots.txt forbids its address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A pointer to another page in the related block."""

    kind: CardKind
    url: str
    headline: str
    excerpt: str | None
    age: str | None
    """As printed: `2 jam lalu`, `PR`."""
    window: Window | None
    target: Story | None


@dataclass(frozen=True, slots=True)
class Credit:
    name: str
    role: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    url: str
    caption: str
    credit: str
    label: str = ""
    """`Photo: ` in front of some credits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    story: Story
    paragraphs: tuple[str, ...]
    """As printed, without dateline: the article's body."""
    agencies: tuple[str, ...]
    signed: str | None
    dateline: bool
    """Whether `TEMPO.CO, Place -` stands before the first paragraph."""
    credits: tuple[Credit, ...]
    contributor: str | None
    picture: Picture | None
    keywords: tuple[str, ...]
    illustration: tuple[int, str] | None
    """A caption that became a paragraph, after paragraph number."""
    read_also: tuple[int, Story] | None
    """A line in the body that names another story, after paragraph number."""
    editors_choice: Story | None
    cards: tuple[Card, ...]
    modified: datetime | None
    paints: int
    style: int
    """32 bits for choices of print that change no content, such as quotes as entities."""
    is_free: bool = True
    inlined: Story | None = None
    """The next article, printed on the same page."""
