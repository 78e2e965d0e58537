"""What a generation of pages is: where they stand, when they were current, and how their desk worked."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Final

from replica.editions import Addressed, Edition
from replica.times import WIB
from replica.words.lexicon import Section

_PLACES: Final = 64  # more generations than there will be


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """What a desk puts on its pages beside the text. `_once_in` counts pages; 0 is never, 1 is always."""

    byline: tuple[str, ...] = ()
    """Roles of the people above the text, in their order; the first is there twice now and then."""
    no_editor_once_in: int = 0
    nobody: tuple[str, ...] = ()
    """What the template prints where no reporter was entered."""
    profile: str = ""
    """Where an author's own page begins."""
    no_dateline_once_in: int = 10
    signed_once_in: int = 0
    """The reporter, or an agency, in capitals below the text."""
    contributor_once_in: int = 0
    pictures: tuple[int, int] = (1, 1)
    """Fewest and most."""
    text: bool = True
    """Whether there is one."""
    tags: tuple[int, int] = (2, 4)
    inline_once_in: int = 0
    """Words of the text that link another story, or a tag."""
    pointers: tuple[str, ...] = ()
    """Labels of lines and boxes in the text that name another story."""
    choice: str = ""
    """Label of the line below the text that names another story."""
    short_links_once_in: int = 0
    """Of those lines, how many lead there through a shortener."""
    noise: tuple[str, ...] = ()
    """Lines inside the text that belong to the page."""
    illustration_once_in: int = 0
    """A caption that became a paragraph."""
    cards: tuple[int, int] = (4, 6)
    times: str = ""
    """On cards: `age`, `date` or nothing."""
    secure: bool = True
    """Whether cards lead to `https:`."""
    excerpts: bool = False
    promo_once_in: int = 0
    more: int = 0
    """Cards below a heading for further articles."""
    inlines: bool = False
    """Whether the next article stands below this one."""
    paid_once_in: int = 0
    parts_once_in: int = 0
    """Articles on more than one page."""
    leftover_once_in: int = 0
    """JSON-LD of another article, left on the page."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Generation(Edition):
    """Stories of one layout, one language and one sequence of numbers."""

    name: str
    first: date
    last: date
    newest_number: int
    path: str
    """Of a page: {number}, {slug}, {day}, {code} and {section} are its story's."""
    sections: tuple[Section, ...]
    has_amp: bool = False
    """Whether each page has a second one, at /amp/ instead of /read/."""
    habits: Habits = field(default_factory=Habits)

    def index_of(self, serial: int) -> int:
        return -1 - serial * _PLACES - self.parity

    def host_of(self, section: Section) -> str:
        """Channels are hosts: `nasional.tempo.co`."""
        return self.host.format(channel=section.slug)

    @property
    def hosts(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(map(self.host_of, self.sections)))

    def article_url(self, story: Addressed) -> str:
        """In the spelling that all others lead to."""
        path = self.path.format(
            number=story.number,
            slug=story.slug,
            section=story.section.slug,
            day=f"{story.published.astimezone(WIB):%Y/%m/%d}",
            code=_CODES.get(story.section.slug, "055"),
        )
        return f"https://{self.host_of(story.section)}{path}"

    def section_url(self, section: Section) -> str:
        host = self.host_of(section)
        return f"https://{host}" if "{channel}" in self.host else f"https://{host}/{section.slug}"


_CODES: Final = {
    "national": "055", "economy_business": "056", "metro": "064", "international": "074", "art_culture": "114",
    "sport": "098", "nasional": "063", "bisnis": "090", "dunia": "117", "tekno": "061", "gaya": "215", "travel": "242",
}  # fmt: skip
"""Channel codes in the addresses of before 2017."""
