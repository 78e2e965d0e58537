"""What is going on, as data."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from pymongo import DeleteOne, UpdateOne
from pymongo.errors import OperationFailure

from stories.codec import instant_to_json
from stories.mongo import Document, Stories
from stories.queue import QUEUES, JobQueue
from stories.runs import Runs
from workers.alarm import Alarm, State
from workers.alarms import alarms, are_on
from workers.gauges import gather


def snapshot(database: Stories, queue: JobQueue, *, now: datetime) -> dict[str, Any]:
    """Queues, workers, pages in flight, runs and the quarantine: docs/schema/queue.json."""
    counts = queue.counts()
    return {
        "at": instant_to_json(now),
        "queues": [{"name": name, **counts[name], "oldestSeconds": _age(queue.oldest(name), now)} for name in QUEUES],
        "workers": [_worker(worker, now) for worker in queue.workers()],
        "pages": _pages_in_flight(database),
        "runs": [run_as_data(run) for run in Runs(database).at_work_and_newest(limit=5)],
        "quarantined": database["quarantine"].estimated_document_count(),
    }


def look(database: Stories, queue: JobQueue, *, home: Path, now: datetime) -> list[Alarm]:
    """Every alarm, on or not; those that are on with since when, which is remembered from look to look."""
    found, known = _found(database, queue, home, now), _since(database)
    dated = [_dated(alarm, known.get(_id(alarm)) or now) for alarm in found]
    _remember(database, {_id(alarm): alarm.since for alarm in are_on(dated)}, known)
    return dated


def glance(database: Stories, queue: JobQueue, *, home: Path, now: datetime) -> list[Alarm]:
    """As look(), and nothing is written: for the console, which only reads. What nobody has looked at has no since."""
    known = _since(database)
    return [_dated(alarm, known.get(_id(alarm))) for alarm in _found(database, queue, home, now)]


def _found(database: Stories, queue: JobQueue, home: Path, now: datetime) -> list[Alarm]:
    return alarms(gather(database, queue, home=home, now=now))


def _since(database: Stories) -> dict[str, datetime]:
    """Of those that were on at the last look."""
    return {kept["_id"]: kept["since"] for kept in database["alarms"].find().sort("_id")}


def _id(alarm: Alarm) -> str:
    return f"{alarm.name} {alarm.subject}"


def _dated(alarm: Alarm, since: datetime | None) -> Alarm:
    is_undated = alarm.state is State.ON and alarm.since is None
    return replace(alarm, since=since) if is_undated else alarm


def _remember(database: Stories, on: Mapping[str, datetime | None], known: Mapping[str, datetime]) -> None:
    """A user that may only read sees the same, but for since when some are on."""
    changes: list[UpdateOne | DeleteOne] = [
        UpdateOne({"_id": name}, {"$setOnInsert": {"since": since}}, upsert=True)
        for name, since in on.items()
        if name not in known
    ]
    changes += [DeleteOne({"_id": name}) for name in known if name not in on]
    if changes:
        with suppress(OperationFailure):
            database["alarms"].bulk_write(changes, ordered=False)


def run_as_data(run: Document) -> dict[str, Any]:
    """A run as people see it: docs/schema/run.json."""
    return {
        "run": run["_id"],
        "site": run["site"],
        "schedule": run.get("schedule"),
        "state": run["state"],
        "createdAt": instant_to_json(run["createdAt"]),
        "startedAt": instant_to_json(run.get("startedAt")),
        "finishedAt": instant_to_json(run.get("finishedAt")),
        "exitCode": run.get("exitCode"),
        "reason": run.get("finishReason"),
        "fates": run.get("fates", {}),
        "pageVersions": run.get("pageVersions", {}),
        "open": run.get("open", 0),
        "later": run.get("later", 0),
        "progress": run.get("progress"),
    }


def _pages_in_flight(database: Stories) -> dict[str, int]:
    groups = database["pages"].aggregate(
        [{"$match": {"checkAt": {"$exists": True}}}, {"$group": {"_id": "$state", "n": {"$sum": 1}}}], hint="inFlight"
    )
    found = {group["_id"]: group["n"] for group in groups}
    return {"leased": found.get("leased", 0), "handedOver": found.get("handedOver", 0)}


def _worker(worker: dict[str, Any], now: datetime) -> dict[str, Any]:
    plain = {name: value for name, value in worker.items() if name != "heartbeatAt"}
    return plain | {"silentSeconds": _age(worker["heartbeatAt"], now)}


def _age(at: datetime | None, now: datetime) -> float | None:
    return round((now - at).total_seconds(), 1) if at else None
