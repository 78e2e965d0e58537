"""Cron expression + IANA zone -> ticks, each fired once, by however many schedulers.

A tick is a document, unique on (schedule, instant). Whoever inserts it owns it: `claimed`, then `fired`, `skipped` or
`missed`, with the reason. An owner that dies leaves a claimed tick, which any other takes over; the crawl's run id is
made of the same two parts, so that firing twice orders one crawl.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError
from pymongo import ASCENDING, DESCENDING
from pymongo.errors import DuplicateKeyError

from stories.errors import StoryError, UsageError
from stories.mongo import Document, Stories
from stories.order import CrawlOrder
from stories.queue import JobQueue
from stories.runs import Runs
from workers.orders import place_order

log = logging.getLogger(__name__)

EVERY: Final = 1.0  # seconds between looks: a tick fires within one second of its instant
ON_TIME: Final = timedelta(seconds=90)  # later than that, nobody was there: the tick was missed or is caught up
_TAKE_OVER: Final = timedelta(seconds=30)  # a claimed tick older than that has lost its owner
_MOST_MISSED: Final = 10_080  # ticks recorded one by one after an outage: a week of a one-minute cron

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
    since: datetime
    """Ticks before this are nobody's business: made, resumed or changed then."""

    def ticks(self, after: datetime) -> Iterator[datetime]:
        """Instants in UTC, one by one, later than `after`. In a zone with daylight saving time a tick in the missing
        hour comes at its end, and one in the doubled hour once (Debian cron's rules, as cronsim has them).
        """
        for instant in CronSim(self.cron, after.astimezone(ZoneInfo(self.tz))):
            yield instant.astimezone(UTC)

    def next_ticks(self, after: datetime, count: int) -> list[datetime]:
        return [tick for tick, _ in zip(self.ticks(after), range(count), strict=False)]


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
            f"{cron!r} is no cron expression ({error}). Five fields: minute hour day month weekday; "
            "'*/15 * * * *' is every quarter of an hour, '0 5 * * 1-5' is 05:00 on weekdays."
        ) from error
    if first is None:
        raise UsageError(f"{cron!r} never comes to pass. Check day and month.")


class Schedules:
    """The collections `schedules` and `ticks`."""

    def __init__(self, database: Stories) -> None:
        self._schedules = database["schedules"]
        self._ticks = database["ticks"]

    def add(self, schedule: Schedule) -> None:
        """Raises UsageError if the name is taken."""
        checked(schedule.cron, schedule.tz)
        try:
            self._schedules.insert_one(_to_document(schedule))
        except DuplicateKeyError as error:
            raise UsageError(
                f"there is a schedule {schedule.name!r} already. 'kliping schedule show {schedule.name}' shows it, "
                f"'kliping schedule remove {schedule.name}' makes room."
            ) from error

    def all(self) -> list[Schedule]:
        return [_from_document(document) for document in self._schedules.find().sort("_id", ASCENDING)]

    def get(self, name: str) -> Schedule:
        """Raises UsageError that lists the names there are."""
        document = self._schedules.find_one({"_id": name})
        if document is None:
            names = ", ".join(schedule.name for schedule in self.all()) or "none yet ('kliping schedule add')"
            raise UsageError(f"no schedule {name!r}. There are: {names}.")
        return _from_document(document)

    def pause(self, name: str) -> None:
        self.get(name)
        self._schedules.update_one({"_id": name}, {"$set": {"paused": True}})

    def resume(self, name: str, *, now: datetime) -> None:
        """Ticks while it was paused are nobody's business."""
        self.get(name)
        self._schedules.update_one({"_id": name}, {"$set": {"paused": False, "since": now}})

    def remove(self, name: str) -> None:
        """The schedule and its ticks; what it crawled stays."""
        self.get(name)
        self._schedules.delete_one({"_id": name})
        self._ticks.delete_many({"schedule": name})

    def history(self, name: str, *, limit: int) -> list[Document]:
        """Newest first: planned and real time, outcome, run, and why."""
        return list(self._ticks.find({"schedule": name}, {"_id": 0}).sort("instant", DESCENDING).limit(limit))

    def last_tick(self, name: str) -> datetime | None:
        """The newest instant that somebody took care of."""
        tick = self._ticks.find_one({"schedule": name}, sort=[("instant", DESCENDING)])
        return tick["instant"] if tick else None

    def claim(
        self, name: str, instant: datetime, *, now: datetime, outcome: str = CLAIMED, reason: str | None = None
    ) -> bool:
        """True if this tick is ours to deal with: nobody was faster."""
        tick = {"schedule": name, "instant": instant, "outcome": outcome, "reason": reason, "at": now, "run": None}
        try:
            self._ticks.insert_one(tick)
        except DuplicateKeyError:
            return False
        return True

    def orphaned(self, *, now: datetime) -> list[Document]:
        """Ticks whose owner died between claiming and firing."""
        return list(self._ticks.find({"outcome": CLAIMED, "at": {"$lt": now - _TAKE_OVER}}))

    def conclude(
        self,
        name: str,
        instant: datetime,
        outcome: str,
        *,
        now: datetime,
        reason: str | None = None,
        run: str | None = None,
    ) -> None:
        """What became of a claimed tick."""
        self._ticks.update_one(
            {"schedule": name, "instant": instant, "outcome": CLAIMED},
            {"$set": {"outcome": outcome, "reason": reason, "run": run, "at": now}},
        )


class Scheduler:
    """One look at a time: `step(now)`. Any number of them may look at once."""

    def __init__(self, schedules: Schedules, runs: Runs, queue: JobQueue) -> None:
        self._schedules = schedules
        self._runs = runs
        self._queue = queue

    def step(self, now: datetime) -> list[tuple[str, datetime]]:
        """Deal with every tick that is due; gives those that this scheduler fired."""
        fired = []
        for tick in self._schedules.orphaned(now=now):
            schedule = self._known(tick["schedule"])
            if schedule and self._fire(schedule, tick["instant"], now):
                fired.append((schedule.name, tick["instant"]))
        for schedule in self._schedules.all():
            if not schedule.paused:
                try:
                    fired += [(schedule.name, instant) for instant in self._due(schedule, now)]
                except (StoryError, CronSimError, LookupError, ValueError):
                    log.exception("a schedule cannot be read; the others go on", extra={"schedule": schedule.name})
        return fired

    def _known(self, name: str) -> Schedule | None:
        return next((schedule for schedule in self._schedules.all() if schedule.name == name), None)

    def _due(self, schedule: Schedule, now: datetime) -> Iterator[datetime]:
        last = self._schedules.last_tick(schedule.name)
        after = max(schedule.since, last) if last else schedule.since
        due = []
        for instant in schedule.ticks(after):
            if instant > now:
                break
            due.append(instant)
        for instant in self._not_missed(schedule, due, now):
            if self._schedules.claim(schedule.name, instant, now=now) and self._fire(schedule, instant, now):
                yield instant

    def _not_missed(self, schedule: Schedule, due: list[datetime], now: datetime) -> Iterator[datetime]:
        """Record the missed ones on the way, oldest first, so that a scheduler that dies here leaves no gap behind."""
        for place, instant in enumerate(due):
            is_last = place == len(due) - 1
            late = now - instant
            if late <= ON_TIME or (is_last and schedule.catch_up is CatchUp.LAST):
                yield instant
            elif place >= len(due) - _MOST_MISSED:
                self._schedules.claim(
                    schedule.name, instant, now=now, outcome=MISSED, reason=f"no scheduler for {late}"
                )

    def _fire(self, schedule: Schedule, instant: datetime, now: datetime) -> bool:
        run = run_id(schedule.name, instant)
        active = self._runs.active_of_schedule(schedule.name)
        if active and active != run and schedule.overlap is Overlap.SKIP:
            reason = f"run {active} is still at work"
            self._schedules.conclude(schedule.name, instant, SKIPPED, now=now, reason=reason)
            return False
        order = CrawlOrder.from_json({**schedule.order, "run": run, "site": schedule.site})
        place_order(order, self._runs, self._queue, now=now, schedule=schedule.name)
        late = now - instant
        why = None if late <= ON_TIME else f"caught up, {late} late"
        self._schedules.conclude(schedule.name, instant, FIRED, now=now, reason=why, run=run)
        return True


def run_id(schedule: str, instant: datetime) -> str:
    """One id a tick: whoever fires it again orders the same crawl."""
    return f"{schedule}-{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _to_document(schedule: Schedule) -> Document:
    return {
        "_id": schedule.name,
        "cron": schedule.cron,
        "site": schedule.site,
        "tz": schedule.tz,
        "overlap": schedule.overlap.value,
        "catchUp": schedule.catch_up.value,
        "order": schedule.order,
        "paused": schedule.paused,
        "since": schedule.since,
    }


def _from_document(document: Document) -> Schedule:
    return Schedule(
        name=document["_id"],
        cron=document["cron"],
        site=document["site"],
        tz=document["tz"],
        overlap=Overlap(document["overlap"]),
        catch_up=CatchUp(document["catchUp"]),
        order=document["order"],
        paused=document["paused"],
        since=document["since"],
    )
