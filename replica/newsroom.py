"""All stories, none of them stored: computed from (seed, index), found from time or number, in closed form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from replica import salts
from replica.archive.stacks import Stacks
from replica.dice import Dice, mix
from replica.editions import EDITIONS, Edition
from replica.story import Story, compose
from replica.words.lexicon import Section

MINUTES_APART: Final = 36  # 40 stories a day and edition, about what en.tempo.co publishes
_JITTER: Final = 30  # minutes; less than MINUTES_APART, so that times fall strictly
_NUMBERS_APART: Final = 3  # other channels share the sequence
_NEWEST_NUMBER: Final = 2_277_913  # of both editions: their ranges overlap (trap 2)
_GONE_EVERY: Final = 97  # deleted stories, about one in a hundred as on a real site
_MOVED_EVERY: Final = 89  # stories that the index pages still link in an older spelling
_UNLISTED_EVERY: Final = 3  # a third of the stories stands on no index page
_STORY_CACHE: Final = 8192  # of 2 kB; cards show neighbours again and again


@dataclass(frozen=True, slots=True)
class Edit:
    """A seeded share of all stories, touched at one moment."""

    share: float
    seed: int
    at: datetime
    cosmetic: bool

    def touches(self, index: int) -> bool:
        return mix(salts.EDIT, self.seed, index) < self.share * 2**64


@dataclass(frozen=True, slots=True)
class Revision:
    """What edits did to one story."""

    texts: int = 0
    """How often its text was changed."""
    modified: datetime | None = None
    paints: int = 0
    """How often only its surroundings were."""
    is_spoilt: bool = False
    """Its page has gone wrong: its headline has no end."""


class Newsroom:
    """A closed world of `stories` stories that ends at `now`; edits and removals are all that ever changes."""

    def __init__(self, stories: int, seed: int, now: datetime) -> None:
        self.stories, self.seed, self.now = stories, seed, now
        self.edits: tuple[Edit, ...] = ()
        self.removed: frozenset[int] = frozenset()
        """Indexes."""
        self.removed_copies: frozenset[int] = frozenset()
        """Numbers of the republisher's pages."""
        self.spoilt: frozenset[int] = frozenset()
        """Indexes of stories whose pages have gone wrong."""
        self.story = lru_cache(maxsize=_STORY_CACHE)(self._story)
        self.archive = Stacks(stories, seed, now)
        """Older stories, in older layouts."""

    def size(self, edition: Edition) -> int:
        return (self.stories + 1 - edition.parity) // 2

    def edition_stories(self, edition: Edition) -> Iterator[Story]:
        """From the newest."""
        return (self.story(edition, serial) for serial in range(self.size(edition)))

    def at_index(self, index: int) -> Story:
        if not 0 <= index < self.stories:
            raise IndexError(f"story {index} of {self.stories}")
        return self.story(EDITIONS[index % 2], index // 2)

    def _story(self, edition: Edition, serial: int) -> Story:
        return compose(
            Dice(self.seed, salts.STORY, edition.parity, serial),
            edition,
            serial=serial,
            number=self.number(edition, serial),
            published=self.published(edition, serial),
            section=self.section(edition, serial),
            in_index=self.in_index(serial),
        )

    def section(self, edition: Edition, serial: int) -> Section:
        """Cheap: a rubric's feed looks through many stories for its own."""
        sections = edition.lexicon.sections
        return sections[mix(self.seed, salts.SECTION, edition.parity, serial) % len(sections)]

    def minutes_ago(self, edition: Edition, serial: int) -> int:
        jitter = mix(self.seed, salts.TIME, edition.parity, serial) % _JITTER if serial else 0
        return edition.minutes_to_newest + serial * MINUTES_APART + jitter

    def published(self, edition: Edition, serial: int) -> datetime:
        return self.now - timedelta(minutes=self.minutes_ago(edition, serial))

    def between(self, edition: Edition, start: datetime, end: datetime) -> range:
        """Serials of the stories published from start, before end."""
        return range(self._first_before(edition, end), self._first_before(edition, start))

    def _first_before(self, edition: Edition, instant: datetime) -> int:
        """The newest story published before: a step or two from where the clock says, since times are jittered."""
        size = self.size(edition)
        serial = min(max(0, (self.now - instant) // timedelta(minutes=MINUTES_APART) - 1), size)
        while serial < size and self.published(edition, serial) >= instant:
            serial += 1
        return serial

    def number(self, edition: Edition, serial: int) -> int:
        return (
            _NEWEST_NUMBER
            - serial * _NUMBERS_APART
            - mix(self.seed, salts.NUMBER, edition.parity, serial) % _NUMBERS_APART
        )

    def by_number(self, edition: Edition, number: int) -> Story | None:
        serial = (_NEWEST_NUMBER - number) // _NUMBERS_APART
        known = 0 <= serial < self.size(edition) and self.number(edition, serial) == number
        return self.story(edition, serial) if known else None

    def in_index(self, serial: int) -> bool:
        return serial % _UNLISTED_EVERY != _UNLISTED_EVERY - 1

    def listed_before(self, serial: int) -> int:
        """How many listed stories are newer than this one."""
        whole, rest = divmod(serial, _UNLISTED_EVERY)
        return whole * (_UNLISTED_EVERY - 1) + min(rest, _UNLISTED_EVERY - 1)

    def listed(self, edition: Edition, skip: int, count: int) -> list[Story]:
        """Those on the index pages, from the newest: of three, the first two."""
        serials = (k // 2 * _UNLISTED_EVERY + k % 2 for k in range(skip, skip + count))
        return [self.story(edition, serial) for serial in serials if serial < self.size(edition)]

    @property
    def touched(self) -> datetime:
        """When anything last changed. A change takes a second, so that no two share a Last-Modified."""
        return self.now + timedelta(seconds=len(self.edits) + len(self.removed) + len(self.removed_copies))

    def edit(self, share: float, seed: int, *, cosmetic: bool = False) -> None:
        at = self.touched + timedelta(seconds=1)
        self.edits = (*self.edits, Edit(share, seed, at, cosmetic))

    def remove(self, story: Story) -> None:
        self.removed |= {story.index}

    def remove_copy(self, number: int) -> None:
        self.removed_copies |= {number}

    def spoil(self, story: Story) -> None:
        self.spoilt |= {story.index}

    def is_gone(self, story: Story) -> bool:
        """Of the archive only what was removed."""
        by_rule = story.index >= 0 and story.index % _GONE_EVERY == _GONE_EVERY - 1
        return by_rule or story.index in self.removed

    def gone(self, edition: Edition) -> int:
        """How many of an edition were deleted: of every 97th index every other one, and the removed."""
        first = _GONE_EVERY - 1
        start = first if first % 2 == edition.parity else first + _GONE_EVERY
        by_rule = range(start, self.stories, 2 * _GONE_EVERY)
        return len(by_rule) + sum(1 for index in self.removed if index >= 0 and index % 2 == edition.parity)

    def has_moved(self, story: Story) -> bool:
        return story.index % _MOVED_EVERY == 0

    def revision(self, story: Story) -> Revision:
        mine = [edit for edit in self.edits if edit.touches(story.index)]
        texts = [edit for edit in mine if not edit.cosmetic]
        modified = texts[-1].at if texts else None
        return Revision(len(texts), modified, len(mine) - len(texts), is_spoilt=story.index in self.spoilt)
