"""Gathers the numbers that alarms are judged by. Every query is bounded, and goes by an index, whatever there is."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import takewhile
from pathlib import Path
from typing import Any, Final

import pymongo

from stories.fate import Fate
from stories.mongo import Document, Stories
from stories.queue import CRAWL, QUEUES, JobQueue
from stories.runs import FAILED, FINISHED, Runs
from workers.readings import (
    FIELDS,
    SAMPLE,
    Disk,
    Failing,
    Fates,
    Memory,
    MissedTicks,
    Quarantined,
    QueueReading,
    Readings,
    Sample,
    Seen,
    Silence,
)
from workers.schedule import MISSED, Schedule
from workers.ticks import Schedules

LIMIT: Final = 20.0  # seconds for all questions to MongoDB together; of 150,000 stories they took 0.1
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)

HISTORY: Final = 28  # days: four of each weekday
CRAWL_TIME: Final = timedelta(minutes=15)  # from a tick until what it found is stored, with a queue before it
_SAME_ISSUE: Final = WEEK  # a newest story older than that tells nothing of that day's rhythm
_RUNS: Final = 5_000  # a crawl every quarter of an hour of five sites for ten days
_QUARANTINED: Final = 10_000
_MISSED: Final = 10_000
_LISTS: Final = frozenset({"authors", "keywords", "images", "breadcrumbs", "relatedLinks"})


def gather(database: Stories, queue: JobQueue, *, home: Path, now: datetime) -> Readings:
    """All numbers. May raise PyMongoError and RedisError."""
    with pymongo.timeout(LIMIT):
        active = [schedule for schedule in Schedules(database).all() if not schedule.paused]
        sites = sorted(database["stories"].distinct("site"))
        runs = _runs(database, now)
        return Readings(
            at=now,
            expects_crawls=bool(active),
            silences=tuple(_silence(database, site, _of_site(active, site), now) for site in _sites(active)),
            samples=tuple(_sample(database, site, now) for site in sites),
            fates=_fates(runs, now),
            failing=tuple(_failing(runs, site) for site in _sites(active)),
            queues=_queues(database, queue),
            scheduler_seen_at=_scheduler(database),
            missed=_missed(database, now),
            quarantine=_quarantined(database, now),
            disks=(*_home(home), *_mongo_disk(database)),
            redis=_memory(queue),
        )


# -- sites ------------------------------------------------------------------------------------------------------


def _sites(active: Sequence[Schedule]) -> list[str]:
    return sorted({schedule.site for schedule in active})


def _of_site(active: Iterable[Schedule], site: str) -> list[Schedule]:
    return [schedule for schedule in active if schedule.site == site]


def _silence(database: Stories, site: str, schedules: Sequence[Schedule], now: datetime) -> Silence:
    ticks = [tick for schedule in schedules if (tick := schedule.last_tick(now - CRAWL_TIME)) and tick > schedule.since]
    looked_at = max(ticks, default=None)
    if looked_at is None:
        return Silence(site=site, looked_at=None, newest=None, usual=())
    days = [looked_at - n * DAY for n in range(1, HISTORY + 1)]
    usual = [at - newest for at in days if (newest := _newest(database, site, at)) and at - newest < _SAME_ISSUE]
    return Silence(site=site, looked_at=looked_at, newest=_newest(database, site, looked_at), usual=tuple(usual))


def _newest(database: Stories, site: str, before: datetime) -> datetime | None:
    wanted = {"site": site, "datePublished": {"$lte": before}}
    newest = database["stories"].find_one(wanted, {"datePublished": 1}, sort=[("datePublished", -1)], hint="newest")
    return newest["datePublished"] if newest else None


def _sample(database: Stories, site: str, now: datetime) -> Sample:
    newest = _stored_before(database, site, now)
    weeks = [_stored_before(database, site, now - n * WEEK) for n in range(1, 5)]
    return Sample(
        site=site,
        recent=_seen(newest),
        before=_seen({story["_id"]: story for week in weeks for story in week}.values()),
        since=min((story["firstStoredAt"] for story in newest), default=None),
    )


def _stored_before(database: Stories, site: str, at: datetime) -> list[Document]:
    """Of the newest stories then, which fields they have: the stories themselves stay where they are."""
    has: Document = {field: {"$gt": [f"${field}", None]} for field in FIELDS}
    has |= {field: {"$gt": [{"$size": f"${field}"}, 0]} for field in FIELDS if field in _LISTS}
    steps: list[Document] = [
        {"$match": {"site": site, "firstStoredAt": {"$lte": at}}},
        {"$sort": {"firstStoredAt": -1}},
        {"$limit": SAMPLE},
        {"$project": {"pageVersion": 1, "firstStoredAt": 1, **has}},
    ]
    return list(database["stories"].aggregate(steps, hint="stored"))


def _seen(stories: Iterable[Document]) -> dict[str, Seen]:
    by_version: dict[str, list[Document]] = {}
    for story in stories:
        by_version.setdefault(story["pageVersion"], []).append(story)
    return {
        version: Seen(count=len(some), having={field: sum(story[field] for story in some) for field in FIELDS})
        for version, some in by_version.items()
    }


def _runs(database: Stories, now: datetime) -> list[Document]:
    """Newest first."""
    wanted = dict.fromkeys(("site", "createdAt", "fates", "state", "finishReason"), 1)
    runs = database["runs"].find({"createdAt": {"$gt": now - HISTORY * DAY, "$lte": now}}, wanted)
    return list(runs.sort("createdAt", -1).limit(_RUNS))


def _fates(runs: Iterable[Document], now: datetime) -> tuple[Fates, ...]:
    recent: dict[str, Counter[str]] = {}
    before: dict[str, Counter[str]] = {}
    since: dict[str, datetime] = {}
    for run in runs:
        is_recent = run["createdAt"] > now - DAY
        (recent if is_recent else before).setdefault(run["site"], Counter()).update(run["fates"])
        if is_recent:
            since[run["site"]] = run["createdAt"]
    return tuple(
        Fates(site=site, recent=counts, before=before.get(site, Counter()), since=since[site])
        for site, counts in sorted(recent.items())
    )


def _failing(runs: Iterable[Document], site: str) -> Failing:
    ended = [run for run in runs if run["site"] == site and _says_something(run)]
    failed = list(takewhile(_had_nothing, ended))
    return Failing(
        site=site,
        ended=len(ended),
        failed=len(failed),
        since=failed[-1]["createdAt"] if failed else None,
        reason=failed[0].get("finishReason") if failed else None,
    )


def _says_something(run: Document) -> bool:
    """It has ended, and not because nothing was due: so it is while a host rests that could not be reached."""
    return run["state"] == FAILED or (run["state"] == FINISHED and any(run["fates"].values()))


def _had_nothing(run: Document) -> bool:
    """It failed, too: single pages that cannot be read are the business of `error-mix`."""
    return run["state"] == FAILED and not any(pages and Fate(fate).was_had for fate, pages in run["fates"].items())


# -- the house --------------------------------------------------------------------------------------------------


def _queues(database: Stories, queue: JobQueue) -> tuple[QueueReading, ...]:
    """A crawl waits from its order on, also while it waits for another of its schedule and has no job."""
    counts, ordered = queue.counts(), {CRAWL: Runs(database).unbegun()}
    workers = Counter(served for worker in queue.workers() for served in worker["queues"])
    return tuple(
        QueueReading(
            name=name,
            waiting=max(counts[name]["queued"], len(ordered.get(name, ()))),
            oldest=min(filter(None, [queue.oldest(name), *ordered.get(name, ())]), default=None),
            workers=workers[name],
        )
        for name in QUEUES
    )


def _scheduler(database: Stories) -> datetime | None:
    seen = database["schedulers"].find_one({}, sort=[("seenAt", -1)])
    return seen["seenAt"] if seen else None


def _missed(database: Stories, now: datetime) -> MissedTicks:
    within = {"outcome": MISSED, "instant": {"$gt": now - HOUR, "$lte": now}}
    ticks = list(database["ticks"].find(within, {"schedule": 1, "instant": 1}).hint("outcome").limit(_MISSED))
    names = sorted({tick["schedule"] for tick in ticks})
    return MissedTicks(
        count=len(ticks), first=min((tick["instant"] for tick in ticks), default=None), schedules=tuple(names)
    )


def _quarantined(database: Stories, now: datetime) -> Quarantined:
    kept = database["quarantine"].find({"at": {"$gt": now - HISTORY * DAY, "$lte": now}}, {"at": 1, "_id": 0})
    times = [entry["at"] for entry in kept.sort("at", -1).limit(_QUARANTINED)]
    last_day = [at for at in times if at > now - DAY]
    usual = (len(times) - len(last_day)) / (HISTORY - 1)
    return Quarantined(last_day=len(last_day), first=min(last_day, default=None), usual=usual)


def _home(home: Path) -> list[Disk]:
    absolute = home.expanduser().resolve()
    folder = next(place for place in (absolute, *absolute.parents) if place.exists())
    usage = shutil.disk_usage(folder)
    return [Disk(name="home", free=usage.free, total=usage.total)]


def _mongo_disk(database: Stories) -> list[Disk]:
    """Where its server tells; a hosted one may not."""
    stats: dict[str, Any] = database.command("dbStats")
    total = stats.get("fsTotalSize", 0)
    return [Disk(name="mongodb", free=total - stats["fsUsedSize"], total=total)] if total else []


def _memory(queue: JobQueue) -> Memory:
    info: Any = queue.connection.info("memory")
    return Memory(used=info["used_memory"], most=info.get("maxmemory") or info.get("total_system_memory", 0))
