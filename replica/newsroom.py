"""All stories, none of them stored: computed from (seed, index), found from time or number, in closed form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final, TypedDict, Unpack

from replica import salts
from replica.archive.stacks import Stacks
from replica.dice import Dice, mix
from replica.editions import EDITIONS, Edition
from replica.story import Story, compose
from replica.words.lexicon import Section

MINUTES_APART: Final = 36  # 40 stories a day and edition, about what en.tempo.co publishes
_JITTER: Final = 5 / 6  # of the minutes apart; less than all of them, so that times fall strictly
_NUMBERS_APART: Final = 3  # other channels share the sequence
_NEWEST_NUMBER: Final = 2_277_913  # of both editions: their ranges overlap (trap 2)
_GONE_EVERY: Final = 97  # deleted stories, about one in a hundred as on a real site
_MOVED_EVERY: Final = 89  # stories that the index pages still link in an older spelling
_MINUTE: Final = timedelta(minutes=1)
_UNLISTED_EVERY: Final = 3  # a third of the stories stands on no index page
_STORY_CACHE: Final = 8192  # of 2 kB; cards show neighbours again and again


class Growth(TypedDict, total=False):
    opens: datetime | None
    """When its time stands still at first; None: at its end."""
    minutes_apart: int
    """Between two stories of an edition."""


class Made(Growth):
    """What a newspaper is made of. Made of the same, it is the same."""

    stories: int
    seed: int
    now: datetime
    """When its time ends."""


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
    """A closed world of so many stories; what is edited, removed and spoilt is all that ever changes.

    With `opens`, time stands there at first, and `advance` moves it on: stories appear as it passes them.
    """

    def __init__(self, **made: Unpack[Made]) -> None:
        self.made: Final[Made] = {"opens": None, "minutes_apart": MINUTES_APART, **made}
        self.stories, self.seed, self.end = made["stories"], made["seed"], made["now"]
        self.minutes_apart = self.made["minutes_apart"]
        self._jitter = max(1, int(self.minutes_apart * _JITTER))
        self.opens = self.now = made.get("opens") or self.end
        self._to_come = (0, 0)
        """How many stories of each edition nobody has published yet: the newest."""
        self.edits: tuple[Edit, ...] = ()
        self.removed: frozenset[int] = frozenset()
        """Indexes."""
        self.removed_copies: frozenset[int] = frozenset()
        """Numbers of the republisher's pages."""
        self.spoilt: Mapping[int, datetime] = {}
        """Indexes of stories whose pages have gone wrong, and since when."""
        self.story = lru_cache(maxsize=_STORY_CACHE)(self._story)
        self.archive = Stacks(self.stories, self.seed, self.end)
        """Older stories, in older layouts."""
        self.advance(self.now)
        self._to_come_at_first = self._to_come

    def to_come_at_first(self, edition: Edition) -> int:
        return self._to_come_at_first[edition.parity]

    def advance(self, now: datetime) -> None:
        """It is later now. Raises ValueError for what is before now, or after the end of this world."""
        if not self.now <= now <= self.end:
            raise ValueError(f"it is {self.now} now, and this world ends at {self.end}: {now} is not between them")
        self.now = now
        english, indonesian = (self._first_before(edition, now + _MINUTE) for edition in EDITIONS)
        self._to_come = english, indonesian

    def to_come(self, edition: Edition) -> int:
        return self._to_come[edition.parity]

    def size(self, edition: Edition) -> int:
        """With those to come."""
        return (self.stories + 1 - edition.parity) // 2

    def serials(self, edition: Edition) -> range:
        """Of all that were published."""
        return range(self.to_come(edition), self.size(edition))

    def edition_stories(self, edition: Edition) -> Iterator[Story]:
        """From the newest."""
        return (self.story(edition, serial) for serial in self.serials(edition))

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
        jitter = mix(self.seed, salts.TIME, edition.parity, serial) % self._jitter if serial else 0
        return edition.minutes_to_newest + serial * self.minutes_apart + jitter

    def published(self, edition: Edition, serial: int) -> datetime:
        return self.end - timedelta(minutes=self.minutes_ago(edition, serial))

    def between(self, edition: Edition, start: datetime, end: datetime) -> range:
        """Serials of the stories published from start, before end."""
        first, last = (max(self._first_before(edition, instant), self.to_come(edition)) for instant in (end, start))
        return range(first, last)

    def _first_before(self, edition: Edition, instant: datetime) -> int:
        """The newest story published before: a step or two from where the clock says, since times are jittered."""
        size = self.size(edition)
        passed = self.end - instant - timedelta(minutes=edition.minutes_to_newest)
        serial = min(max(0, passed // timedelta(minutes=self.minutes_apart) - 1), size)
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
        known = serial in self.serials(edition) and self.number(edition, serial) == number
        return self.story(edition, serial) if known else None

    def in_index(self, serial: int) -> bool:
        return serial % _UNLISTED_EVERY != _UNLISTED_EVERY - 1

    def listed_before(self, edition: Edition, serial: int) -> int:
        """How many listed stories are newer than this one."""
        return _listed_among(serial) - _listed_among(self.to_come(edition))

    def listed(self, edition: Edition, skip: int, count: int) -> list[Story]:
        """Those on the index pages, from the newest: of three, the first two."""
        first = _listed_among(self.to_come(edition)) + skip
        serials = (k // 2 * _UNLISTED_EVERY + k % 2 for k in range(first, first + count))
        return [self.story(edition, serial) for serial in serials if serial < self.size(edition)]

    @property
    def touched(self) -> datetime:
        """When anything last changed. A change takes a second, so that no two share a Last-Modified."""
        changes = len(self.edits) + len(self.removed) + len(self.removed_copies) + len(self.spoilt)
        return self.now + timedelta(seconds=changes)

    def edit(self, share: float, seed: int, *, cosmetic: bool = False) -> None:
        at = self.touched + timedelta(seconds=1)
        self.edits = (*self.edits, Edit(share, seed, at, cosmetic))

    def remove(self, story: Story) -> None:
        self.removed |= {story.index}

    def remove_copy(self, number: int) -> None:
        self.removed_copies |= {number}

    def spoil(self, story: Story) -> None:
        self.spoilt = {**self.spoilt, story.index: self.touched + timedelta(seconds=1)}

    def is_gone(self, story: Story) -> bool:
        """Of the archive only what was removed."""
        by_rule = story.index >= 0 and story.index % _GONE_EVERY == _GONE_EVERY - 1
        return by_rule or story.index in self.removed

    def gone(self, edition: Edition) -> int:
        """How many of an edition were deleted: of every 97th index every other one, and the removed."""
        first = _GONE_EVERY - 1
        start = first if first % 2 == edition.parity else first + _GONE_EVERY
        by_rule, to_come = (
            range(start, end, 2 * _GONE_EVERY) for end in (self.stories, edition.index_of(self.to_come(edition)))
        )
        return (
            len(by_rule) - len(to_come) + sum(1 for index in self.removed if index >= 0 and index % 2 == edition.parity)
        )

    def has_moved(self, story: Story) -> bool:
        return story.index % _MOVED_EVERY == 0

    def revision(self, story: Story) -> Revision:
        mine = [edit for edit in self.edits if edit.touches(story.index) and edit.at > story.published]
        texts = [edit for edit in mine if not edit.cosmetic]
        spoilt = [at for at in [self.spoilt.get(story.index)] if at]
        modified = max([*(edit.at for edit in texts), *spoilt], default=None)
        return Revision(len(texts), modified, len(mine) - len(texts), is_spoilt=bool(spoilt))


def _listed_among(newest: int) -> int:
    """How many of so many newest stories the index pages list."""
    whole, rest = divmod(newest, _UNLISTED_EVERY)
    return whole * (_UNLISTED_EVERY - 1) + min(rest, _UNLISTED_EVERY - 1)
