"""Crawl runs: what was ordered, what is going on, and what came of it."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, Final

from pymongo import ASCENDING, DESCENDING, InsertOne, ReturnDocument, UpdateOne
from pymongo.errors import BulkWriteError, DuplicateKeyError

from stories.mongo import Document, Stories, only_duplicates
from stories.order import CrawlOrder
from stories.pages import Report

QUEUED, RUNNING, FINISHED, FAILED = "queued", "running", "finished", "failed"
ACTIVE: Final = (QUEUED, RUNNING)

SILENT: Final = timedelta(seconds=30)  # a heartbeat comes each second, or waits for MongoDB for twenty: it is dead
_HEARD: Final = timedelta(seconds=20)  # whoever lives beats within seconds; the sweeper's next look is 30 s later
MAX_RESUMES: Final = 50  # a run that dies more often dies of itself
_WAITING: Final = 1_000  # looked at: ten days of a crawl every quarter of an hour


class Beginning(Enum):
    """How a crawler finds the run that its job names."""

    FIRST = "first"
    AGAIN = "again"
    """Another crawler had begun: it died, or was told to end; or it lives, and gives way."""
    ENDED = "ended"
    """There is nothing to do: its job is there once more."""


class Runs:
    """The collection `runs`. `now` is always MongoDB's clock."""

    def __init__(self, database: Stories, *, crawler: str | None = None) -> None:
        """`crawler`: who begins, beats and ends. Of several who began with one run, it is the last one's."""
        self._runs = database["runs"]
        self._crawler = crawler

    def order(self, order: CrawlOrder, *, job_id: str, now: datetime, schedule: str | None = None) -> bool:
        """Remember an order before it is queued; False if it was known already."""
        try:
            self._runs.insert_one(_ordered(order, job_id=job_id, now=now, schedule=schedule))
        except DuplicateKeyError:
            return False
        return True

    def order_all(self, orders: Mapping[str, tuple[str, CrawlOrder]], *, now: datetime) -> None:
        """Remember many at once: by its job, the schedule and the order. One that is known already stays as it is."""
        inserts = [
            InsertOne(_ordered(order, job_id=job, now=now, schedule=schedule))
            for job, (schedule, order) in orders.items()
        ]
        try:
            self._runs.bulk_write(inserts, ordered=False)
        except BulkWriteError as error:
            if not only_duplicates(error):
                raise

    def start(self, run: str, *, now: datetime) -> Beginning:
        """The crawler is at work, unless the run has ended."""
        at_work = {"state": RUNNING, "heartbeatAt": now, "crawler": self._crawler}
        before = self._runs.find_one_and_update({"_id": run, "state": {"$in": ACTIVE}}, {"$set": at_work})
        if before is None:
            return Beginning.ENDED if self.get(run) else Beginning.FIRST  # ordered by nobody: a crawl by hand
        if "startedAt" in before:
            return Beginning.AGAIN
        self._runs.update_one({"_id": run}, {"$set": {"startedAt": now}})
        return Beginning.FIRST

    def sown(self, run: str, *, now: datetime) -> None:
        """All that the order begins with is due: whoever resumes the run only goes on."""
        self._runs.update_one({"_id": run}, {"$set": {"sownAt": now}})

    def is_sown(self, run: str) -> bool:
        return self._runs.find_one({"_id": run, "sownAt": {"$exists": True}}, {"_id": 1}) is not None

    def beat(self, run: str, *, now: datetime, progress: Mapping[str, Any]) -> bool:
        """The crawler lives; `progress` is what a person watches. False if the run is another crawler's now."""
        living = {"heartbeatAt": now, "progress": dict(progress)}
        return bool(self._runs.update_one(self._ours(run), {"$set": living}).matched_count) or self.get(run) is None

    def finish(self, run: str, *, now: datetime, exit_code: int, reason: str) -> None:
        """Of no effect if the run is another crawler's now."""
        state = FINISHED if exit_code == 0 else FAILED
        ended = {"state": state, "finishedAt": now, "exitCode": exit_code, "finishReason": reason}
        self._runs.update_one(self._ours(run), {"$set": ended})

    def refuse(self, run: str, *, now: datetime, exit_code: int, reason: str) -> None:
        """End a run that cannot be done here; one that a crawler is at work on goes on."""
        ended = {"state": FAILED, "finishedAt": now, "exitCode": exit_code, "finishReason": reason}
        begun = {"state": RUNNING, "heartbeatAt": {"$gte": now - SILENT}}
        self._runs.update_one({"_id": run, "state": {"$in": ACTIVE}, "$nor": [begun]}, {"$set": ended})

    def _ours(self, run: str) -> Document:
        return {"_id": run} if self._crawler is None else {"_id": run, "crawler": self._crawler}

    def report(self, run: str, report: Report) -> None:
        self._runs.update_one({"_id": run}, {"$set": report.counts()})

    def resume(self, run: str, *, job_id: str, now: datetime) -> Document | None:
        """The run, queued again; None if its crawler is at work, or it died too often."""
        at_work = _at_work(now)
        return self._runs.find_one_and_update(
            {"_id": run, "resumes": {"$lt": MAX_RESUMES}, "$nor": [at_work]},
            {"$set": {"state": QUEUED, "jobId": job_id, "heartbeatAt": now}, "$inc": {"resumes": 1}},
        )

    def not_resumed(self, run: str, *, job_id: str) -> None:
        """That start is not counted: its job could not be queued."""
        self._runs.update_one({"_id": run, "jobId": job_id}, {"$inc": {"resumes": -1}})

    def give_up(self, run: str, *, now: datetime) -> None:
        """End a run that died too often; one that somebody has just resumed is left alone."""
        dead = {"_id": run, "state": {"$in": ACTIVE}, "resumes": {"$gte": MAX_RESUMES}}
        silent = {"heartbeatAt": {"$lt": now - SILENT}}
        ended = {"state": FAILED, "finishedAt": now, "exitCode": 1, "finishReason": "it died too often"}
        self._runs.update_one(dead | silent, {"$set": ended})

    def silent(self, *, now: datetime) -> list[Document]:
        """Active runs that have given no sign of life for SILENT."""
        since = {"$lt": now - SILENT}
        never = {"heartbeatAt": {"$exists": False}, "createdAt": since}
        return list(self._runs.find({"state": {"$in": ACTIVE}, "$or": [{"heartbeatAt": since}, never]}))

    def mark_unfinished(self, runs: Iterable[str]) -> None:
        """Pages of these runs have come back: somebody has to take them, when this crawler has ended."""
        self._runs.update_many({"_id": {"$in": sorted(runs)}}, {"$set": {"unfinished": secrets.token_hex(4)}})

    def is_missed(self, run: str, *, now: datetime) -> bool:
        """Whether a silent run was so at an earlier look, too: whom an outage had silenced has been heard since."""
        silent = {"_id": run, "state": {"$in": ACTIVE}, "heartbeatAt": {"$lt": now - SILENT}}
        since = {"$cond": [{"$gt": ["$missedAt", "$heartbeatAt"]}, "$missedAt", now]}
        known = self._runs.find_one_and_update(
            silent, [{"$set": {"missedAt": since}}], {"missedAt": 1}, return_document=ReturnDocument.AFTER
        )
        return known is not None and known["missedAt"] <= now - _HEARD

    def unfinished(self, *, now: datetime) -> list[Document]:
        """Marked runs whose crawler is not at work. Who looks sees to them, and then says so: he may die before."""
        return list(self._runs.find({"unfinished": {"$exists": True}, "$nor": [_at_work(now)]}, hint="unfinished"))

    def seen_to(self, runs: Iterable[Document]) -> None:
        """Take these marks off; one that was set meanwhile is another."""
        updates = [
            UpdateOne({k: run[k] for k in ("_id", "unfinished")}, {"$unset": {"unfinished": ""}}) for run in runs
        ]
        if updates:
            self._runs.bulk_write(updates, ordered=False)

    def unreported(self) -> list[str]:
        """Ended runs with pages that were open when they were last counted."""
        ended = {"state": {"$in": [FINISHED, FAILED]}, "open": {"$gt": 0}}
        return [run["_id"] for run in self._runs.find(ended, {"_id": 1}, hint="open")]

    def active_of_schedules(self, schedules: Sequence[str]) -> dict[str, Document]:
        """Of each schedule a run that waits or is at work, if there is one."""
        active = {"schedule": {"$in": list(schedules)}, "state": {"$in": ACTIVE}}
        return {run["schedule"]: run for run in self._runs.find(active, {"schedule": 1, "state": 1})}

    def goes_first(self, run: str, *, now: datetime) -> str | None:
        """The run of the same schedule that has to end before this one may begin: one at work, or an earlier one."""
        own = self._runs.find_one({"_id": run}, {"schedule": 1, "createdAt": 1})
        if own is None or own.get("schedule") is None:
            return None
        others = {"_id": {"$ne": run}, "schedule": own["schedule"], "state": {"$in": ACTIVE}}
        earlier = {"createdAt": {"$lt": own["createdAt"]}}
        of_the_same_moment = {"createdAt": own["createdAt"], "_id": {"$lt": run}}
        at_work = {"state": RUNNING, "heartbeatAt": {"$gte": now - SILENT}}
        first = self._runs.find_one(others | {"$or": [earlier, of_the_same_moment, at_work]}, {"_id": 1})
        return first["_id"] if first else None

    def unbegun(self) -> list[datetime]:
        """When the runs were ordered that nobody has begun, the oldest first: they wait for a worker or for another."""
        waiting = {"state": QUEUED, "startedAt": {"$exists": False}}
        found = self._runs.find(waiting, {"createdAt": 1}, hint="state").sort("createdAt", ASCENDING).limit(_WAITING)
        return [run["createdAt"] for run in found]

    def get(self, run: str) -> Document | None:
        return self._runs.find_one({"_id": run})

    def newest(self, *, limit: int) -> list[Document]:
        return list(self._runs.find().sort("createdAt", DESCENDING).limit(limit))

    def at_work_and_newest(self, *, limit: int) -> list[Document]:
        """Those that have begun and not ended come first, however many were ordered since."""
        begun = self._runs.find({"state": RUNNING}).sort("createdAt", DESCENDING).limit(limit)
        return list({run["_id"]: run for run in (*begun, *self.newest(limit=limit))}.values())[:limit]


def _at_work(now: datetime) -> Document:
    return {"state": {"$in": ACTIVE}, "heartbeatAt": {"$gte": now - SILENT}}


def _ordered(order: CrawlOrder, *, job_id: str, now: datetime, schedule: str | None) -> Document:
    return {
        "_id": order.run,
        "site": order.site,
        "order": order.to_json(),
        "schedule": schedule,
        "state": QUEUED,
        "createdAt": now,
        "jobId": job_id,
        "resumes": 0,
        "fates": {},
        "pageVersions": {},
        "open": 0,
        "later": 0,
    }
