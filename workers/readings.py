"""Numbers about the house, as values: what alarms are judged by. workers/gauges.py gathers them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

FALLBACK: Final = "fallback"
"""The page version of an article that fits none."""
SAMPLE: Final = 60  # stories: enough that a share is known to a tenth, few enough to be of one layout

FIELDS: Final = (
    *("datePublished", "description", "articleSection", "inLanguage", "isAccessibleForFree"),
    *("authors", "keywords", "images", "breadcrumbs", "relatedLinks"),
)
"""What a reader would miss. A headline and a text every story has, or it would be none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """How long a site was silent, when it was last asked."""

    site: str
    looked_at: datetime | None
    """The last tick of its schedules whose crawl must be done by now."""
    newest: datetime | None
    """The newest story published before that."""
    usual: tuple[timedelta, ...]
    """The silence at that time of day on each of the days before, where it is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Of so many stories, how many have a field."""

    count: int
    having: Mapping[str, int]

    def shares(self) -> dict[str, float]:
        return {field: self.having[field] / self.count for field in FIELDS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A site's newest stories, and as many from each of four weeks before; by page version."""

    site: str
    recent: Mapping[str, Seen]
    before: Mapping[str, Seen]
    since: datetime | None
    """When the first of the newest was stored."""

    @staticmethod
    def share_of(version: str, side: Mapping[str, Seen]) -> float | None:
        """Of one page version among the stories of one side; None if these are too few to say."""
        count = sum(seen.count for seen in side.values())
        if count < SAMPLE // 3:
            return None
        return side[version].count / count if version in side else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fates:
    """How the pages of a site's runs ended."""

    site: str
    recent: Counter[str]
    """Within a day."""
    before: Counter[str]
    since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failing:
    """The newest runs of a scheduled site that ended, back to the last one that ended well."""

    site: str
    ended: int
    """How many runs are known to have ended."""
    failed: int
    """Of the newest, one after the other."""
    since: datetime | None
    """When the first of those was ordered."""
    reason: str | None
    """Of the newest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueReading:
    name: str
    waiting: int
    oldest: datetime | None
    workers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedTicks:
    count: int
    first: datetime | None
    schedules: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined:
    last_day: int
    first: datetime | None
    usual: float
    """A day, over the four weeks before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    name: str
    free: float
    total: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    used: float
    most: float
    """The limit, or all that the machine has; 0 if neither is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    at: datetime
    expects_crawls: bool
    """Whether a schedule is active."""
    silences: tuple[Silence, ...]
    samples: tuple[Sample, ...]
    fates: tuple[Fates, ...]
    failing: tuple[Failing, ...]
    queues: tuple[QueueReading, ...]
    scheduler_seen_at: datetime | None
    missed: MissedTicks
    quarantine: Quarantined
    disks: tuple[Disk, ...]
    redis: Memory
