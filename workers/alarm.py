"""An alarm, and what each kind means. Each kind has a section of its name in docs/operations.md; a test holds that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

RUNBOOK: Final = "docs/operations.md"


class State(StrEnum):
    ON = "on"
    OFF = "off"
    UNKNOWN = "unknown"
    """Not enough is known yet to say; it counts as off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    unit: str
    means: str


KINDS: Final[Mapping[str, Kind]] = {
    "no-new-story": Kind(
        unit="seconds",
        means="The site is silent for longer than it usually is at this hour: it is down, it has changed, "
        "or we are not crawling.",
    ),
    "field-coverage": Kind(
        unit="share",
        means="The newest stories lack a field that those of the weeks before had: the site has changed its pages.",
    ),
    "unknown-layout": Kind(
        unit="share",
        means="More articles than before fit no page version and are read generically: the site has a new layout.",
    ),
    "error-mix": Kind(
        unit="share",
        means="More pages than usual end as failed, quarantined, challenge or forbidden: they are not collected.",
    ),
    "crawls-failing": Kind(
        unit="crawls",
        means="One crawl of a scheduled site after the other fails without a page: nothing is collected any more.",
    ),
    "queue-age": Kind(unit="seconds", means="Jobs wait for longer than the work before them can take."),
    "no-worker": Kind(unit="workers", means="Nobody serves a queue that has work, or will have some."),
    "no-scheduler": Kind(
        unit="seconds",
        means="No scheduler gives a sign of life: no tick fires, and nothing that fell out is put back.",
    ),
    "ticks-missed": Kind(unit="ticks", means="Ticks came to pass within the last hour, and nobody was there."),
    "quarantine-growing": Kind(unit="pages", means="More pages than usual could not be processed."),
    "disk-low": Kind(unit="bytes", means="The disk is nearly full; when it is, nothing more is stored."),
    "redis-memory": Kind(
        unit="share",
        means="Redis is nearly full; at nine tenths of its limit crawling stops until jobs are done.",
    ),
}
"""By name, in the order in which they are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """One thing that was looked at."""

    name: str
    subject: str
    """Which site, queue or disk."""
    state: State
    detail: str
    """What was seen, in words."""
    value: float | None = None
    limit: float | None = None
    """Both in the unit of its kind; on above the limit (free disk and workers: below it)."""
    since: datetime | None = None
    """Since when it is on; None where it is not, or the numbers do not tell."""

    @property
    def kind(self) -> Kind:
        return KINDS[self.name]

    @property
    def runbook(self) -> str:
        """Where to read what to do."""
        return f"{RUNBOOK}#{self.name}"
