"""A newspaper that grows at ten times Tempo's rate, and edits what it has published."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from replica.process import ReplicaProcess

SITES = ("tempo-en", "tempo-id")
A_DAY = 600
"""Tempo's stories a day in both editions, rather too many: en.tempo.co has about 40; in sitemaps of February 2026 a
rubric's 200 newest reach back five days, so that the largest of the 17 have 40 a day each."""
RATE = 10 * A_DAY / 24 / 60  # stories a minute
SPEED = RATE / len(SITES)
"""Of its clock: it publishes a story of each edition a minute, the most that the replica can, and has to hurry.

Its newest stories are some minutes old, so that it grows only if it goes on for longer than that, by its own clock.
"""
EDITED = 0.05
"""Of all stories, at each edit."""


@dataclass(slots=True, kw_only=True)
class Newspaper:
    replica: ReplicaProcess
    seed: int
    stories: int
    """When it has ended."""
    opens: datetime
    ends: datetime
    speed: float
    edits: int
    began: float = field(default_factory=time.monotonic)
    """When it begins to grow: set anew by whoever was not ready then."""
    edits_made: int = 0

    def go_on(self) -> None:
        """What has been written by now is published; what is to be edited is. The last edit is before the end."""
        self.replica.advance(self._now())
        share = (self._now() - self.opens) / (self.ends - self.opens)
        while self.edits_made < min(self.edits, int(share * (self.edits + 1))):
            self.edits_made += 1
            self.replica.edit(EDITED, self.seed + self.edits_made)

    @property
    def is_over(self) -> bool:
        """All is published."""
        return self._now() == self.ends

    def _now(self) -> datetime:
        return min(self.opens + timedelta(seconds=(time.monotonic() - self.began) * self.speed), self.ends)

    def days(self) -> tuple[date, date]:
        """The first and last on which it may have published anything, in any zone."""
        first = self.ends - timedelta(minutes=self.stories)
        return first.date() - timedelta(days=1), self.ends.date() + timedelta(days=1)


@contextmanager
def newspaper(*, minutes: float, speed: float, seed: int, at_first: int, edits: int) -> Iterator[Newspaper]:
    """One that grows for so many minutes; its world's time ends about when ours does."""
    ends = datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(minutes=minutes)
    written = round(minutes * speed)
    opens, stories = ends - timedelta(minutes=written), at_first + len(SITES) * written
    with ReplicaProcess(stories=stories, seed=seed, now=ends, opens=opens, minutes_apart=1) as replica:
        yield Newspaper(replica=replica, seed=seed, stories=stories, opens=opens, ends=ends, speed=speed, edits=edits)
