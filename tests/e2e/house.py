"""The whole house on the shared servers: a replica, a crew of real processes, and what must come of a crawl."""

from __future__ import annotations

import time
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from console.workplace import Workplace
from crawler.follow import key_of
from replica.process import ReplicaProcess
from replica.world import World
from stories.order import CrawlOrder
from stories.pages import DUE, HANDED_OVER, LEASED
from stories.runs import ACTIVE
from stories.settings import Settings
from workers.sweep import sweep

OPEN = {"state": {"$in": [LEASED, HANDED_OVER, DUE]}}


def settings_for(settings: Settings, replica: ReplicaProcess, **changes: object) -> Settings:
    """As a test wants them: the replica in front, no pause between requests, and short leases."""
    fast = {"replica": replica.url, "delay": 0.0, "concurrency": 8, "lease_seconds": 6, "log_level": "CRITICAL"}
    return replace(settings, **{**fast, **changes})


def expected_keys(world: World, site: str) -> set[str]:
    return {key for key in map(key_of, world.article_urls(site)) if key}


def order(place: Workplace, site: str, world: World, *, enqueue: bool = True, **changes: object) -> CrawlOrder:
    """A back-fill over all of the replica's days; not told to Redis where a test starts its crawler itself."""
    days = timedelta(days=world.stories // 80 + 2)
    today = world.now.date()
    values = {"site": site, "since": today - days, "until": today + timedelta(days=1), **changes}
    crawl = CrawlOrder(run=f"{site}-{time.monotonic_ns()}", **values)
    job_id = f"crawl-{crawl.run}"
    place.stores.runs.order(crawl, job_id=job_id, now=place.now())
    if enqueue:
        place.stores.queue.enqueue_crawl(crawl.to_json(), job_id=job_id)
    return crawl


def a_minute_later(place: Workplace) -> None:
    """As if the time of the sweeper's next look had come."""
    place.stores.database["pages"].update_many({"state": HANDED_OVER}, {"$set": {"checkAt": place.now()}})


def drain(
    place: Workplace,
    runs: list[str],
    *,
    limit: float,
    each_look: Callable[[], object] = lambda: None,
    sweeps: bool = True,
) -> float:
    """Wait until nothing is open; gives the seconds it took. Sweeps as the scheduler would, unless each look does."""
    began = swept_at = time.monotonic()
    while time.monotonic() - began < limit:
        each_look()
        if sweeps and time.monotonic() - swept_at > 1:
            sweep(place.stores)
            swept_at = time.monotonic()
        states = [place.stores.runs.get(run)["state"] for run in runs]
        if not unfinished(place) and not any(state in ACTIVE for state in states):
            return time.monotonic() - began
        time.sleep(0.1)
    raise AssertionError(f"still open after {limit} s: {stuck(place)}; runs {states}")


def unfinished(place: Workplace) -> int:
    """Pages that somebody works on, or that a run has taken."""
    pages = place.stores.database["pages"]
    at_work = pages.count_documents({"state": {"$in": [LEASED, HANDED_OVER]}})
    return at_work + pages.count_documents({"state": DUE, "run": {"$exists": True}})


def stuck(place: Workplace) -> list[dict]:
    """Some of the pages that are open."""
    return list(place.stores.database["pages"].find(OPEN, {"state": 1, "nextFetchAt": 1, "events": 1}).limit(5))


def stored(place: Workplace, site: str) -> set[str]:
    return {story["_id"] for story in place.stores.database["stories"].find({"site": site}, {"_id": 1})}


def most_in(seconds: float, times: Sequence[float]) -> int:
    """The most of these moments, in their order, in any so many seconds."""
    return max(bisect_left(times, begin + seconds) - number for number, begin in enumerate(times))


def children(pid: int, *, deep: bool = True) -> list[tuple[int, str]]:
    """All living descendants of a process, or only its own children: pid and command line."""
    commands: dict[int, str] = {}
    of: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                commands[int(entry.name)] = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except (OSError, ValueError, IndexError):
                continue
            of.setdefault(parent, []).append(int(entry.name))
    found = list(of.get(pid, ()))
    for child in found if deep else ():  # which grows meanwhile
        found += of.get(child, ())
    return [(child, commands[child]) for child in found]
