"""The collections `schedules`, `ticks` and `schedulers`.

A tick is a document, unique on (schedule, instant): whoever inserts it decides what becomes of it. `claimed` says that
it shall fire; its crawl's run id is made of the same two parts, so that firing it twice orders one crawl, and whoever
finds a claimed tick whose owner is gone may fire it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from cronsim import CronSimError
from pymongo import ASCENDING, DESCENDING, InsertOne, UpdateOne
from pymongo.errors import BulkWriteError, DuplicateKeyError

from stories.errors import UsageError
from stories.mongo import Document, Stories, only_duplicates
from workers.schedule import CLAIMED, MISSED, CatchUp, Decision, Overlap, Schedule, checked, missed

log = logging.getLogger(__name__)

TAKE_OVER: Final = timedelta(seconds=10)  # no call to MongoDB takes longer: a claim that is older has lost its owner
UNREADABLE: Final = (CronSimError, AttributeError, KeyError, TypeError, ValueError)
"""What a schedule's document may raise that somebody has changed by hand, its zone's name included."""


class Schedules:
    """What a person does with schedules, and what schedulers remember. `now` is MongoDB's clock."""

    def __init__(self, database: Stories) -> None:
        self._schedules = database["schedules"]
        self._ticks = database["ticks"]
        self._schedulers = database["schedulers"]
        self._told: set[str] = set()

    # -- for people -----------------------------------------------------------------------------------------

    def add(self, schedule: Schedule) -> None:
        """Raises UsageError if the name is taken."""
        checked(schedule.cron, schedule.tz)
        try:
            self._schedules.insert_one(_to_document(schedule))
        except DuplicateKeyError as error:
            raise UsageError(
                f"there is a schedule {schedule.name!r} already. 'kliping schedule show {schedule.name}' shows it, "
                f"'kliping schedule edit {schedule.name}' changes it, "
                f"'kliping schedule remove {schedule.name}' makes room."
            ) from error

    def all(self) -> list[Schedule]:
        """By name. One that cannot be read is left out, and told in the log: the others go on."""
        return list(self._read({}))

    def some(self, names: Iterable[str]) -> dict[str, Schedule]:
        """Those of the names that are there now."""
        return {schedule.name: schedule for schedule in self._read({"_id": {"$in": list(names)}})}

    def _read(self, which: Document) -> Iterator[Schedule]:
        for document in self._schedules.find(which).sort("_id", ASCENDING):
            try:
                yield _from_document(document)
            except UNREADABLE as error:
                self.tell_unreadable(document["_id"], error)

    def tell_unreadable(self, name: str, error: Exception) -> None:
        """In the log, once."""
        if name not in self._told:
            self._told.add(name)
            said = {"schedule": name, "error": f"{type(error).__name__}: {error}"}
            log.error("a schedule cannot be read; the others go on", extra=said)

    def get(self, name: str) -> Schedule:
        """Raises UsageError that lists the names there are."""
        document = self._schedules.find_one({"_id": name})
        if document is None:
            names = ", ".join(schedule.name for schedule in self.all()) or "none yet ('kliping schedule add')"
            raise UsageError(f"no schedule {name!r}. There are: {names}.")
        return _from_document(document)

    def pause(self, name: str, *, now: datetime) -> None:
        """Ticks up to now are still dealt with."""
        self.get(name)
        self._schedules.update_one({"_id": name, "paused": False}, {"$set": {"paused": True, "pausedAt": now}})

    def resume(self, name: str, *, now: datetime) -> None:
        """Ticks while it was paused are nobody's business; those before that nobody was there for are recorded."""
        self._record_past(self.get(name), now, then="it was paused")
        self._schedules.update_one({"_id": name}, {"$set": {"paused": False, "since": now}, "$unset": {"pausedAt": ""}})

    def edit(self, name: str, *, now: datetime, **changes: Any) -> Schedule:
        """The schedule with another `cron`, `tz`, `overlap`, `catch_up` or `order`, from now on.

        Ticks of the old expression that nobody has dealt with are recorded first, so that none is forgotten.
        """
        before = self.get(name)
        after = replace(before, **changes)
        checked(after.cron, after.tz)
        if (before.cron, before.tz) != (after.cron, after.tz):
            self._record_past(before, now, then="it was changed")
            after = replace(after, since=now)
        known = _to_document(before)
        changed = {field: value for field, value in _to_document(after).items() if value != known[field]}
        if changed:  # and nothing else: another may change something else, pause or resume it in this moment
            self._schedules.update_one({"_id": name}, {"$set": changed})
        return self.get(name)

    def remove(self, name: str) -> None:
        """The schedule and its ticks; what it crawled stays."""
        self.get(name)
        self._schedules.delete_one({"_id": name})
        self._ticks.delete_many({"schedule": name})

    def history(self, name: str, *, limit: int) -> list[Document]:
        """Newest first: planned and real time, outcome, run, and why."""
        return list(self._ticks.find({"schedule": name}, {"_id": 0}).sort("instant", DESCENDING).limit(limit))

    def _record_past(self, schedule: Schedule, now: datetime, *, then: str) -> None:
        """Every tick that is due and that nobody has dealt with, as missed."""
        after = self.dealt_with(schedule, now=now)
        while due := schedule.due(after, now):
            self.record(missed(schedule, due, after=after, now=now, then=then), by="a person", now=now)
            after = due[-1]

    # -- for schedulers -------------------------------------------------------------------------------------

    def beat(self, scheduler: str, *, now: datetime, host: str, pid: int) -> None:
        """A scheduler lives."""
        seen = {"$set": {"host": host, "pid": pid, "seenAt": now}, "$setOnInsert": {"startedAt": now}}
        self._schedulers.update_one({"_id": scheduler}, seen, upsert=True)

    def leave(self, scheduler: str) -> None:
        """It ends in good order: nobody need miss it."""
        self._schedulers.delete_one({"_id": scheduler})

    def dealt_with(self, schedule: Schedule, *, now: datetime) -> datetime:
        """All of a schedule's ticks up to this instant stand in the history, or are nobody's business."""
        past = {"schedule": schedule.name, "instant": {"$lte": now}}
        tick = self._ticks.find_one(past, {"instant": 1}, sort=[("instant", DESCENDING)])
        return max(schedule.since, tick["instant"]) if tick else schedule.since

    def record(self, decisions: Sequence[Decision], *, by: str, now: datetime) -> None:
        """Write what becomes of ticks; where another was faster, the other's decision stands."""
        inserts = [
            InsertOne(
                {
                    "schedule": decision.schedule,
                    "instant": decision.instant,
                    "outcome": decision.outcome,
                    "reason": decision.reason,
                    "at": now,
                    "run": None,
                    "by": by,
                }
            )
            for decision in decisions
        ]
        try:
            self._ticks.bulk_write(inserts, ordered=False)
        except BulkWriteError as error:
            if not only_duplicates(error):
                raise

    def claimed(self, *, by: str, now: datetime) -> tuple[list[Document], list[Document]]:
        """Ticks that shall fire: ours to fire, and those of others who are at it.

        A claim that is too old, or from a future that the clock has left again, has lost its owner.
        """
        ours: list[Document] = []
        others: list[Document] = []
        for tick in self._ticks.find({"outcome": CLAIMED}).sort("instant", ASCENDING):
            is_ours = tick.get("by") == by or abs(now - tick["at"]) > TAKE_OVER
            (ours if is_ours else others).append(tick)
        return ours, others

    def conclude(self, outcomes: Mapping[Any, Document]) -> None:
        """What became of claimed ticks, by their `_id`; one that another has concluded stays as it is."""
        updates = [UpdateOne({"_id": tick, "outcome": CLAIMED}, {"$set": said}) for tick, said in outcomes.items()]
        if updates:
            self._ticks.bulk_write(updates, ordered=False)

    def forget(self, ticks: Sequence[Any]) -> None:
        """Claimed ticks of a schedule that was removed, by their `_id`."""
        if ticks:
            self._ticks.delete_many({"_id": {"$in": list(ticks)}, "outcome": CLAIMED})

    def clock_went_back(self, *, now: datetime) -> None:
        """What was written while the clock was ahead: a tick that has not come yet is not missed."""
        self._ticks.delete_many({"outcome": MISSED, "instant": {"$gt": now}})
        self._schedules.update_many({"since": {"$gt": now}}, {"$set": {"since": now}})


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
        paused_at=document.get("pausedAt"),
        since=document["since"],
    )
