"""A schedule and its ticks, as pure arithmetic: cron expression + IANA zone -> instants, and what to do with each.

Nothing here reads a clock, or asks a server: workers/ticks.py remembers, workers/scheduler.py acts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import islice, takewhile
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError

from stories.errors import UsageError

ON_TIME: Final = timedelta(seconds=90)  # later than that, nobody was there: the tick is missed, or is caught up
PROMPT: Final = timedelta(seconds=1)  # the promise; a tick that fires later says how late
LISTED: Final = timedelta(days=31)  # older ticks than that are not recorded one by one: 44,640 of a one-minute cron
AT_ONCE: Final = 1_000  # ticks of one schedule in one look: a look stays under a second, and the next one goes on

CLAIMED, FIRED, SKIPPED, MISSED = "claimed", "fired", "skipped", "missed"


class Overlap(StrEnum):
    """What a tick does while its schedule's last crawl is still at work."""

    SKIP = "skip"
    QUEUE = "queue"


class CatchUp(StrEnum):
    """What to do about ticks that nobody was there for."""

    LAST = "last"
    """Fire the newest one, record the others as missed."""
    NONE = "none"
    """Record them all as missed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """A crawl that is ordered at each tick."""

    name: str
    cron: str
    site: str
    tz: str
    overlap: Overlap = Overlap.SKIP
    catch_up: CatchUp = CatchUp.LAST
    order: dict[str, Any]
    """The crawl order's options, without its run."""
    paused: bool = False
    paused_at: datetime | None = None
    """Ticks up to then are still dealt with; None if it is not paused."""
    since: datetime
    """Ticks before this are nobody's business: made, resumed or changed then."""

    def ticks(self, after: datetime) -> Iterator[datetime]:
        """Instants in UTC, one by one, later than `after`.

        In a zone with daylight saving time, Debian cron's rules, as cronsim has them. A tick at a certain time of day
        (`30 2 * * *`) comes at the end of the missing hour, and once in the doubled one; an interval (`*/15 * * * *`)
        goes on by the clock on the wall.
        """
        for instant in CronSim(self.cron, after.astimezone(ZoneInfo(self.tz))):
            at = instant.astimezone(UTC)
            if at > after:  # asked within the second pass of a doubled hour, cronsim begins in the first
                yield at

    def next_ticks(self, after: datetime, count: int) -> list[datetime]:
        return list(islice(self.ticks(after), count))

    def last_tick(self, before: datetime) -> datetime | None:
        """The newest before then; None if there was none for fifty years."""
        earlier = next(CronSim(self.cron, before.astimezone(ZoneInfo(self.tz)), reverse=True), None)
        return earlier and earlier.astimezone(UTC)

    def due(self, after: datetime, now: datetime) -> list[datetime]:
        """The oldest ticks that wait to be dealt with: all, or more than AT_ONCE.

        A paused schedule's ticks end with the pause. Those before LISTED are left out, unless there is none since.
        """
        end = now if not self.paused else min(now, self.paused_at or after)
        listed = self._between(max(after, end - LISTED), end)
        return listed or self._between(after, end)

    def _between(self, after: datetime, end: datetime) -> list[datetime]:
        return list(takewhile(lambda instant: instant <= end, islice(self.ticks(after), AT_ONCE + 1)))

    def run(self, instant: datetime) -> str:
        """One id a tick: whoever fires it again orders the same crawl."""
        return run_id(self.name, instant)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What becomes of a tick. CLAIMED: it shall fire, and whoever finds it so may see to it."""

    schedule: str
    instant: datetime
    outcome: str
    reason: str | None = None


def decide(
    schedule: Schedule, due: Sequence[datetime], *, after: datetime, now: datetime, busy: str | None
) -> list[Decision]:
    """For ticks that are due, oldest first; of more than AT_ONCE the others wait for the next look.

    Only the newest may fire: of several that wait, it does all that the others would have done. `after` is the last
    tick that was dealt with, `busy` says why its last crawl is not over.
    """
    newest, is_all = due[-1], len(due) <= AT_ONCE
    is_prompt = now - newest <= ON_TIME or schedule.catch_up is CatchUp.LAST
    if schedule.paused:
        return missed(schedule, due[:AT_ONCE], after=after, now=now, then="it was paused")
    decisions = missed(schedule, due[:AT_ONCE], after=after, now=now)
    if is_all and is_prompt:
        reason = busy if schedule.overlap is Overlap.SKIP else None
        outcome = SKIPPED if reason else CLAIMED
        decisions[-1] = Decision(schedule=schedule.name, instant=newest, outcome=outcome, reason=reason)
    return decisions


def missed(
    schedule: Schedule, due: Sequence[datetime], *, after: datetime, now: datetime, then: str | None = None
) -> list[Decision]:
    """All of them, each with how long nobody was there for it, and what ended that."""
    end = f", then {then}" if then else ""
    reasons = [f"nobody was there for {in_words(now - instant)}{end}" for instant in due]
    if next(schedule.ticks(after)) < due[0]:
        reasons[0] += "; ticks before it are not listed"
    return [
        Decision(schedule=schedule.name, instant=instant, outcome=MISSED, reason=reason)
        for instant, reason in zip(due, reasons, strict=True)
    ]


def why_late(instant: datetime, now: datetime) -> str | None:
    """What there is to say of a tick that fires now; None if it is prompt."""
    late = now - instant
    if late <= PROMPT:
        return None
    return f"{in_words(late)} late" if late <= ON_TIME else f"caught up, {in_words(late)} late"


def in_words(length: timedelta) -> str:
    """`0:01:30`, `2 days, 3:00:00`: whole seconds are as fine as anybody asks."""
    return str(timedelta(seconds=int(length.total_seconds())))


def run_id(schedule: str, instant: datetime) -> str:
    """The run of a schedule's tick."""
    return f"{schedule}-{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def checked(cron: str, tz: str) -> None:
    """Raises UsageError that shows what a right expression or zone looks like."""
    try:
        zone = ZoneInfo(tz)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UsageError(f"no time zone {tz!r}. Use an IANA name such as Asia/Jakarta or UTC.") from error
    try:
        first = next(CronSim(cron, datetime.now(zone)), None)
    except CronSimError as error:
        raise UsageError(
            f"{cron!r} is no cron expression ({error}). Five fields: minute hour day month weekday "
            "(or six: seconds come first); "
            "'*/15 * * * *' is every quarter of an hour, '0 5 * * 1-5' is 05:00 on weekdays."
        ) from error
    if first is None:
        raise UsageError(f"{cron!r} never comes to pass. Check day and month.")
