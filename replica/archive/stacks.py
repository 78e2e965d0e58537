"""The archive's stories, none of them stored: found from serial, number or day, in closed form."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final

from replica import salts
from replica.archive.generation import Generation
from replica.archive.generations import (
    BY_NAME,
    GENERATIONS,
    MAJALAH,
    READ_2017,
    READ_2021_ID,
)
from replica.dice import Dice, mix
from replica.story import Story, compose
from replica.times import WIB
from replica.words.lexicon import Section

_FEWEST: Final = 14  # stories of a generation: one of each trap
_SHARE: Final = 50  # present stories for each of a generation
_A_DAY: Final = 4  # so that the index of a day is a list
_NUMBERS_APART: Final = 3
_UNLISTED_EVERY: Final = 3  # as the present ones
_LAST_MINUTE: Final = 23 * 60 + 30  # of a day, in WIB
_OFFICE_MINUTES: Final = 17 * 60
_OLD: Final = timedelta(days=30)  # the youngest story of the archive, whatever `now` is
_STORY_CACHE: Final = 4096
_NO_ARTICLES: Final = 12  # of each kind three
NO_ARTICLES: Final = (
    ("challenge", READ_2021_ID),
    ("emptyShell", READ_2017),
    ("paywalled", MAJALAH),
    ("notArticle", READ_2021_ID),
)
"""What becomes of a page without an article, and of which generation its address is."""


class Stacks:
    """`max(14, stories // 50)` stories a generation, on days spread over the years in which its layout was current."""

    def __init__(self, stories: int, seed: int, now: datetime) -> None:
        self.seed, self.now = seed, now
        self.each = max(_FEWEST, stories // _SHARE)
        """Stories of each generation."""
        self.story = lru_cache(maxsize=_STORY_CACHE)(self._story)

    def stories_of(self, generation: Generation) -> Iterator[Story]:
        """From the newest."""
        return (self.story(generation, serial) for serial in range(self.each))

    def all(self, name: str | None = None) -> Iterator[Story]:
        """Of one generation, or of every. Raises KeyError for a name that is none."""
        generations = GENERATIONS if name is None else (BY_NAME[name],)
        return (story for generation in generations for story in self.stories_of(generation))

    def on_day(self, day: date, host: str | None = None) -> list[Story]:
        """What the index of a day in WIB lists, newest first: of one host, or of all."""
        found = [story for generation in GENERATIONS for story in self._of_day(generation, day) if story.in_index]
        there = [story for story in found if host is None or story.url.split("/")[2] == host]
        return sorted(there, key=lambda story: story.published, reverse=True)

    def days(self, generation: Generation) -> Iterator[date]:
        """Those on which it has stories, newest first."""
        _, _, a_day = self._calendar(generation)
        return (self._day(generation, group) for group in range(-(-self.each // a_day)))

    def none_of_them(self) -> Iterator[tuple[str, Story]]:
        """Addresses like an article's where none stands: the fate of each, and the story that nobody printed."""
        for number in range(_NO_ARTICLES):
            fate, generation = NO_ARTICLES[number % len(NO_ARTICLES)]
            yield fate, self.story(generation, self.each + number)

    def by_number(self, generation: Generation, number: int) -> Story | None:
        serial = (generation.newest_number - number) // _NUMBERS_APART
        known = 0 <= serial < self.each and self._number(generation, serial) == number
        return self.story(generation, serial) if known else None

    def neighbours(self, story: Story, count: int, skip: int = 0) -> list[Story]:
        """Older stories of its generation, the newest after the oldest; never itself."""
        generation = story.edition if isinstance(story.edition, Generation) else GENERATIONS[0]
        steps = range(1 + skip, min(1 + skip + count, self.each))
        return [self.story(generation, (story.serial + step) % self.each) for step in steps]

    def _story(self, generation: Generation, serial: int) -> Story:
        return compose(
            Dice(self.seed, salts.STORY, generation.index_of(serial)),
            generation,
            serial=serial,
            number=self._number(generation, serial),
            published=self._published(generation, serial),
            section=self._section(generation, serial),
            in_index=serial % _UNLISTED_EVERY != _UNLISTED_EVERY - 1,
        )

    def _section(self, generation: Generation, serial: int) -> Section:
        return generation.sections[
            mix(self.seed, salts.SECTION, generation.index_of(serial)) % len(generation.sections)
        ]

    def _number(self, generation: Generation, serial: int) -> int:
        jitter = mix(self.seed, salts.NUMBER, generation.index_of(serial)) % _NUMBERS_APART
        return generation.newest_number - serial * _NUMBERS_APART - jitter

    def _calendar(self, generation: Generation) -> tuple[date, timedelta, int]:
        """The last day of its time, how far apart days with stories are, about, and how many stories each has."""
        last = min(generation.last, (self.now - _OLD).date())
        length = max(1, (last - generation.first).days)
        a_day = max(_A_DAY, -(-self.each // length))
        return last, timedelta(days=max(1, length // -(-self.each // a_day))), a_day

    def _day(self, generation: Generation, group: int) -> date:
        """Of a group of stories: the newest on the last day, others within their step, so that all months occur."""
        last, step, _ = self._calendar(generation)
        jitter = mix(self.seed, salts.DAY, generation.parity, group) % step.days if group else 0
        return last - group * step - timedelta(days=jitter)

    def _published(self, generation: Generation, serial: int) -> datetime:
        _, _, a_day = self._calendar(generation)
        group, place = divmod(serial, a_day)
        apart = _OFFICE_MINUTES // a_day
        jitter = mix(self.seed, salts.TIME, generation.index_of(serial)) % apart
        minute = _LAST_MINUTE - place * apart - jitter
        day = self._day(generation, group)
        return datetime.combine(day, time(minute // 60, minute % 60), WIB).astimezone(self.now.tzinfo)

    def _of_day(self, generation: Generation, day: date) -> list[Story]:
        last, step, a_day = self._calendar(generation)
        group = (last - day) // step
        if not 0 <= group < -(-self.each // a_day) or self._day(generation, group) != day:
            return []
        return [self.story(generation, serial) for serial in range(group * a_day, min((group + 1) * a_day, self.each))]
