"""A newspaper that grows at ten times Tempo's rate, and edits what it has published; and the truth of it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from replica.process import ReplicaProcess
from replica.world import World

A_DAY = 600
"""Tempo's stories a day in both editions, rather too many: en.tempo.co has about 40; in sitemaps of February 2026 a
rubric's 200 newest reach back five days, so that the largest of the 17 have 40 a day each."""
RATE = 10 * A_DAY / 24 / 60  # stories a minute
AT_FIRST = 120
"""Stories that are there when the doors open: two full listings."""
_MINUTES_APART = 1  # the closest that the replica has them; its clock runs faster, so that RATE comes out
_EDITIONS = 2
SPEED = RATE * _MINUTES_APART / _EDITIONS
EDITED = 0.05
"""Of all stories, at each edit."""


@dataclass(slots=True, kw_only=True)
class Newspaper:
    replica: ReplicaProcess
    seed: int
    stories: int
    opens: datetime
    ends: datetime
    edits_every: float
    """Seconds."""
    began: float = field(default_factory=time.monotonic)
    edits: int = 0

    def go_on(self) -> None:
        """What has been written by now is published; what is to be edited is."""
        passed = time.monotonic() - self.began
        self.replica.advance(min(self.opens + timedelta(seconds=passed * SPEED), self.ends))
        while self.edits < passed // self.edits_every and not self.is_over:
            self.edits += 1
            self.replica.edit(EDITED, self.seed + self.edits)

    @property
    def is_over(self) -> bool:
        """All is published."""
        return self.opens + timedelta(seconds=(time.monotonic() - self.began) * SPEED) >= self.ends

    def world(self) -> World:
        """When it has ended, with its first texts."""
        return World(stories=self.stories, seed=self.seed, now=self.ends, minutes_apart=_MINUTES_APART)


@contextmanager
def newspaper(*, minutes: float, seed: int, edits_every: float) -> Iterator[Newspaper]:
    """One that grows for so many minutes; its world's time ends when ours does."""
    ends = datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(minutes=minutes)
    written = round(minutes * SPEED / _MINUTES_APART)
    opens, stories = ends - timedelta(minutes=written), AT_FIRST + _EDITIONS * written
    growing = ("--opens", opens.isoformat(), "--minutes-apart", str(_MINUTES_APART))
    with ReplicaProcess(stories=stories, seed=seed, now=ends, growing=growing) as replica:
        yield Newspaper(replica=replica, seed=seed, stories=stories, opens=opens, ends=ends, edits_every=edits_every)
