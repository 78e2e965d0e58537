"""All that stands on a page of the archive, decided once, for a layout to print and for truth.py to tell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from replica.archive.generation import Generation
from replica.sheet import Card, Credit, Picture
from replica.story import Story


@dataclass(frozen=True, slots=True)
class Anchor:
    """Words of a paragraph that are a link."""

    start: int
    words: str
    url: str
    target: Story | None
    """None: a tag's page, which is no related news."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str
    anchor: Anchor | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointer:
    """A line or box that names another story."""

    label: str
    """`Baca: `, as printed; may be empty inside a box."""
    relation: str
    url: str
    """As printed; a shortener's for some."""
    target: Story
    boxed: bool = False


@dataclass(frozen=True, slots=True)
class Contributed:
    names: tuple[str, ...]
    line: str


@dataclass(frozen=True, slots=True)
class Signed:
    """Names, initials or an agency in capitals, below the text."""

    line: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Noise:
    """A line of the page's own inside the text: a promotion, or a picture's caption."""

    line: str


Line = Paragraph | Pointer | Contributed | Signed | Noise


@dataclass(frozen=True, slots=True)
class Dateline:
    publisher: str
    place: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OldSheet:
    story: Story
    generation: Generation
    description: str
    lines: tuple[Line, ...]
    """The body, in the page's order."""
    dateline: Dateline | None
    credits: tuple[Credit, ...]
    nobody: str | None
    """Printed where a person should be, such as `Non Koresponden`."""
    pictures: tuple[Picture, ...]
    keywords: tuple[str, ...]
    cards: tuple[Card, ...]
    more: tuple[Card, ...]
    hot: tuple[Story, ...]
    """In carousels and lists of the page, which are no related news."""
    inlined: Story | None
    """The next article, printed on the same page."""
    modified: datetime | None
    leftover: bool
    """The JSON-LD is another article's."""
    is_free: bool
    parts: int
    """Pages that the article is spread over."""
    zone: int
    """Hours east of UTC of the visible date: 7, 8 or 9."""
    paints: int
    style: int
    """32 bits for choices of print that change no content."""


def part_of(sheet: OldSheet, part: int) -> tuple[Line, ...]:
    """The lines on one of the pages that the article is spread over, from 1."""
    each = -(-len(sheet.lines) // sheet.parts)
    return sheet.lines[(part - 1) * each : part * each]
