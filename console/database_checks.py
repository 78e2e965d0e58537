"""Whether our database is as this kliping needs it: its collections, its documents, and who works on it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pymongo
from pymongo.errors import ConfigurationError, InvalidName, PyMongoError
from redis.exceptions import RedisError

from console.check import Check
from console.services import Services
from console.show import several
from stories import mongo
from stories.codec import SCHEMA_VERSION
from stories.mongo import INDEXES, VALIDATORS, Stories
from stories.queue import QUEUES, JobQueue, connect
from stories.settings import Settings
from workers.ticks import Schedules
from workers.worker import WORKER_TTL

ANSWER_LIMIT: Final = 4.0  # seconds for all questions together
ROOM: Final = 1_000_000_000  # bytes: 100,000 stories with their revisions and indexes
_OUR_ZONE: Final = "Asia/Jakarta"


def database_checks(settings: Settings, services: Services) -> list[Check]:
    """Asked only where both servers are fit. What cannot be looked at is left out."""
    found: list[Check] = []
    try:
        with pymongo.timeout(ANSWER_LIMIT), mongo.client(services.mongo_url) as client:
            found += _of_database(client[settings.database])
    except (PyMongoError, InvalidName, ConfigurationError) as error:
        found.append(Check(name="collections", ok=False, detail=f"they cannot be looked at: {error}"[:200]))
    try:
        with connect(services.redis_url) as redis:
            found.append(workers_check(JobQueue(redis)))
    except RedisError as error:
        found.append(Check(name="workers", ok=False, detail=f"they cannot be looked at: {error}"[:200], fatal=False))
    return found


def _of_database(database: Stories) -> Iterator[Check]:
    yield collections_check(database)
    yield documents_check(database)
    yield disk_check(database)
    yield zones_check(Schedules(database))


def collections_check(database: Stories) -> Check:
    """A command makes what is missing only where it finds a form of its own that it does not know yet."""
    present = set(database.list_collection_names())
    if not present & set(VALIDATORS):
        return Check(name="collections", ok=True, detail="none yet; the first command makes them", fatal=False)
    missing = sorted(set(VALIDATORS) - present)
    for name in sorted(set(VALIDATORS) & present):
        missing += [f"{name}.{index}" for index in _missing_indexes(database, name)]
        if database[name].options().get("validator") != VALIDATORS[name]:
            missing.append(f"the validator of {name}")
    return Check(
        name="collections",
        ok=not missing,
        detail=f"missing: {', '.join(missing)}" if missing else "all are there, with their indexes and validators",
        remedy="Make them, with a user who may: kliping doctor --mend",
        fatal=False,
    )


def _missing_indexes(database: Stories, name: str) -> list[str]:
    there = {index: dict(known["key"]) for index, known in database[name].index_information().items()}
    wanted = {index.document["name"]: dict(index.document["key"]) for index in INDEXES.get(name, ())}
    return [index for index, key in wanted.items() if there.get(index) != key]


def mend(settings: Settings, services: Services) -> None:
    """Make collections, indexes and validators anew, whatever was remembered of them."""
    with mongo.client(services.mongo_url) as client:
        database = client[settings.database]
        database["meta"].delete_one({"_id": "schema"})
        mongo.prepare(database)


def documents_check(database: Stories) -> Check:
    newer = database["stories"].find_one({"schemaVersion": {"$gt": SCHEMA_VERSION}}, {"schemaVersion": 1})
    return Check(
        name="documents",
        ok=newer is None,
        detail=f"{newer['_id']} has version {newer['schemaVersion']}, and this kliping knows {SCHEMA_VERSION}"
        if newer
        else f"all of version {SCHEMA_VERSION} or older",
        remedy="Install the newest kliping on every machine: pip install --upgrade kliping",
        fatal=False,
    )


def disk_check(database: Stories) -> Check:
    """The disk under MongoDB, wherever that is; hosted ones do not say."""
    said = database.command("dbStats")
    total, used = said.get("fsTotalSize"), said.get("fsUsedSize")
    if not total or used is None:
        return Check(name="MongoDB disk", ok=True, detail="the server does not say", fatal=False)
    return Check(
        name="MongoDB disk",
        ok=total - used >= ROOM,
        detail=f"{(total - used) / ROOM:.1f} GB free where MongoDB keeps its data",
        remedy="Make room there, or throw old records away: kliping retain --runs 90d --ticks 1y --dry-run",
        fatal=False,
    )


def zones_check(schedules: Schedules) -> Check:
    """The system's zone files or the package `tzdata`."""
    zones = {_OUR_ZONE: "here"} | {schedule.tz: f"the schedule {schedule.name}" for schedule in schedules.all()}
    unknown = [f"{zone} ({of})" for zone, of in zones.items() if not _is_known(zone)]
    return Check(
        name="time zones",
        ok=not unknown,
        detail=f"not known here: {', '.join(unknown)}" if unknown else f"{len(zones)} in use, all known",
        remedy="Install the zone files: pip install --upgrade tzdata",
        fatal=False,
    )


def _is_known(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def workers_check(queue: JobQueue) -> Check:
    """Jobs that nobody serves, and workers that have stopped giving signs of life."""
    workers, counts = queue.workers(), queue.counts()
    now = datetime.now(UTC)
    silent = [w["name"] for w in workers if w["heartbeatAt"] and _age(w["heartbeatAt"], now) > WORKER_TTL]
    served = {name for worker in workers if worker["name"] not in silent for name in worker["queues"]}
    unserved = [name for name in QUEUES if counts[name]["queued"] and name not in served]
    waiting = {name: several(counts[name]["queued"], "job waits", "jobs wait") for name in unserved}
    faults = [f"{jobs} in {name}, and nobody serves it" for name, jobs in waiting.items()]
    if silent:
        gone = several(len(silent), "worker gives", "workers give")
        faults.append(f"{gone} no sign of life: {', '.join(silent)[:200]}")
    commands = " or ".join(f"'kliping worker {name}'" for name in unserved)
    return Check(
        name="workers",
        ok=not faults,
        detail="; ".join(faults) if faults else f"{len(workers)} at work, and no job waits for another",
        remedy=f"Start 'kliping up'{f', or {commands}' if commands else ''}; look at silent ones: kliping queue",
        fatal=False,
    )


def _age(at: datetime, now: datetime) -> float:
    return (now - (at.replace(tzinfo=UTC) if at.tzinfo is None else at)).total_seconds()
