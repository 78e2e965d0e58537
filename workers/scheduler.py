"""A scheduler: looks what is due, fires it once, and says when to look again. Any number of them may look at once.

A look asks MongoDB a few questions, however many schedules there are, and never Redis: a crawl is ordered when its run
stands in MongoDB. Redis is told afterwards (`ring`), by another thread if Redis is slow; what it was not told, the
sweeper tells it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from stories import faults
from stories.errors import QuarantineError
from stories.mongo import Document
from stories.order import CrawlOrder
from stories.runs import QUEUED, Runs
from workers.orders import job_of
from workers.schedule import FIRED, SKIPPED, Decision, Schedule, decide, why_late
from workers.ticks import UNREADABLE, Schedules

EVERY: Final = timedelta(seconds=1)  # between looks at the latest: so soon a new or changed schedule is known
_BACKWARDS: Final = timedelta(seconds=1)  # more than two readings of one server's clock can differ by themselves

Ring = Callable[[Mapping[str, CrawlOrder]], object]
"""Tells Redis of orders, by their jobs. May be called with what it knows already."""


class _Known(NamedTuple):
    """What this scheduler remembers of a schedule: it asks MongoDB only when something is due."""

    since: datetime
    cron: str
    tz: str
    after: datetime
    """All ticks up to this one are recorded."""
    next: datetime | None
    """The next one; None if there is none for fifty years."""


class Scheduler:
    """One look at a time: `look(now)`."""

    def __init__(self, schedules: Schedules, runs: Runs, ring: Ring, *, name: str) -> None:
        """`name` is no other scheduler's."""
        self._schedules = schedules
        self._runs = runs
        self._ring = ring
        self._name = name
        self._known: dict[str, _Known] = {}
        self._looked_at: datetime | None = None

    def look(self, now: datetime) -> list[tuple[str, datetime]]:
        """Deal with every tick that is due; gives those that this scheduler fired."""
        if self._looked_at is None or now < self._looked_at - _BACKWARDS:
            self._schedules.clock_went_back(now=now)
            self._known.clear()
        self._looked_at = now
        schedules = self._schedules.all()
        ours, others = self._schedules.claimed(by=self._name, now=now)
        if decisions := self._decisions(schedules, [*ours, *others], now):
            self._schedules.record(decisions, by=self._name, now=now)
            last = {decision.schedule: decision.instant for decision in decisions}
            self._known |= {s.name: _known_of(s, after=last[s.name]) for s in schedules if s.name in last}
            faults.reached("after_claim")
            ours, _ = self._schedules.claimed(by=self._name, now=now)
        return self._fire(ours, now) if ours else []

    def next_look(self, now: datetime, *, at_most: timedelta = EVERY) -> timedelta:
        """How long from now to the next look: to the next tick, or as long as nobody has to know of a change."""
        ticks = [known.next for known in self._known.values() if known.next]
        return max(timedelta(0), min([at_most, *(tick - now for tick in ticks)]))

    # -- what is due ----------------------------------------------------------------------------------------

    def _decisions(self, schedules: Sequence[Schedule], claimed: Sequence[Document], now: datetime) -> list[Decision]:
        due = {schedule.name: instants for schedule in schedules if (instants := self._due(schedule, now))}
        self._known = {s.name: self._known[s.name] for s in schedules if s.name in self._known}
        if not due:
            return []
        busy = {tick["schedule"]: f"its tick of {tick['instant']:%H:%M:%S} UTC is being dealt with" for tick in claimed}
        busy |= {name: _busy(run) for name, run in self._runs.active_of_schedules(list(due)).items()}
        return [
            decision
            for schedule in schedules
            if schedule.name in due
            for decision in decide(
                schedule,
                due[schedule.name],
                after=self._known[schedule.name].after,
                now=now,
                busy=busy.get(schedule.name),
            )
        ]

    def _due(self, schedule: Schedule, now: datetime) -> list[datetime]:
        try:
            known = self._remember(schedule, now)
            if known.next is None or known.next > now:
                return []
            if not (due := schedule.due(known.after, now)):  # it is paused
                self._known[schedule.name] = known._replace(next=None)
        except UNREADABLE as error:
            self._schedules.tell_unreadable(schedule.name, error)
            return []
        return due

    def _remember(self, schedule: Schedule, now: datetime) -> _Known:
        known = self._known.get(schedule.name)
        if known is None or (known.since, known.cron, known.tz) != (schedule.since, schedule.cron, schedule.tz):
            known = _known_of(schedule, after=self._schedules.dealt_with(schedule, now=now))
            self._known[schedule.name] = known
        return known

    # -- firing ---------------------------------------------------------------------------------------------

    def _fire(self, ticks: Sequence[Document], now: datetime) -> list[tuple[str, datetime]]:
        """Every step may be done twice, by several schedulers, and has one result."""
        schedules = self._schedules.some({tick["schedule"] for tick in ticks})
        self._schedules.forget([tick["_id"] for tick in ticks if tick["schedule"] not in schedules])
        outcomes: dict[Any, Document] = {}
        orders: dict[str, tuple[str, CrawlOrder]] = {}
        fired = []
        for tick in ticks:
            if schedule := schedules.get(tick["schedule"]):
                outcomes[tick["_id"]], order = _ordered(schedule, tick["instant"], now)
                if order:
                    orders[job_of(order)] = (schedule.name, order)
                    fired.append((schedule.name, tick["instant"]))
        if orders:
            self._runs.order_all(orders, now=now)
            faults.reached("after_order")
        self._schedules.conclude(outcomes)
        if orders:
            faults.reached("after_conclude")
            self._ring({job: order for job, (_, order) in orders.items()})
        return fired


def _known_of(schedule: Schedule, *, after: datetime) -> _Known:
    upcoming = next(schedule.ticks(after), None)
    return _Known(since=schedule.since, cron=schedule.cron, tz=schedule.tz, after=after, next=upcoming)


def _busy(run: Document) -> str:
    return f"run {run['_id']} {'waits in the queue' if run['state'] == QUEUED else 'is still at work'}"


def _ordered(schedule: Schedule, instant: datetime, now: datetime) -> tuple[Document, CrawlOrder | None]:
    """What is written of a claimed tick, and the crawl that it orders."""
    if schedule.paused:
        return {"outcome": SKIPPED, "reason": "it was paused while it was due", "at": now}, None
    run = schedule.run(instant)
    try:
        order = CrawlOrder.from_json({**schedule.order, "run": run, "site": schedule.site})
    except (QuarantineError, TypeError) as error:
        return {"outcome": SKIPPED, "reason": f"its order cannot be read: {error}", "at": now}, None
    return {"outcome": FIRED, "reason": why_late(instant, now), "run": run, "at": now}, order
