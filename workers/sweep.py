"""Puts back what fell out. Every call may be repeated, by any number of sweepers at once."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from stories.fate import Fate
from stories.mongo import Document
from stories.pages import Settlement
from stories.queue import ALIVE
from workers.stores import Stores

EVERY: Final = 60.0  # seconds: a lost job is missed within two minutes
_AT_ONCE: Final = 5_000  # pages looked at in one round trip; rounds follow until none is overdue
_SERVERS_TROUBLE: Final = ("pymongo", "redis", "ServerSelectionTimeout", "AutoReconnect", "NetworkTimeout")


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """What one sweep did."""

    taken_back: int = 0
    """Pages whose job was gone: due again."""
    quarantined: int = 0
    """Pages whose job failed for the last time."""
    resumed: int = 0
    """Runs whose crawler had gone silent: queued again."""


def sweep(stores: Stores) -> Swept:
    """Look at every overdue job and every silent run."""
    taken_back = quarantined = 0
    unfinished: set[str] = set()
    while jobs := stores.ledger.overdue_jobs(limit=_AT_ONCE):
        statuses = stores.queue.statuses(list(jobs))
        alive = [job for job, status in statuses.items() if status in ALIVE]
        failed = [job for job, status in statuses.items() if status == "failed"]
        gone = [job for job in jobs if job not in {*alive, *failed}]
        stores.ledger.look_later(alive)
        returned = stores.ledger.take_back(gone, reason="its job is gone") if gone else 0
        for job in failed:
            kept, back = _bury(job, jobs[job], stores)
            quarantined += kept
            returned += back
        if returned:
            unfinished |= {page["run"] for job in (*gone, *failed) for page in jobs[job]}
        taken_back += returned
    resumed = _resume_silent(stores) + sum(_resume(run, stores) for run in sorted(unfinished))
    _report_anew(stores)
    return Swept(taken_back=taken_back, quarantined=quarantined, resumed=resumed)


def _bury(job: str, pages: Sequence[Document], stores: Stores) -> tuple[int, int]:
    """A job that failed for good: (pages quarantined, pages due again). The servers' trouble is not the page's."""
    reason = stores.queue.failure(job) or "the job failed without a word"
    payload = stores.queue.payload(job)
    if payload is None or len(pages) > 1 or any(word in reason.partition(":")[0] for word in _SERVERS_TROUBLE):
        return 0, stores.ledger.take_back([job], reason=reason[:300])
    page = stores.ledger.page(pages[0]["_id"])
    if page is None or "lease" not in page:
        return 0, 0
    stores.quarantine.put(
        page["_id"],
        site=page["site"],
        url=page["url"],
        stage="job",
        reason=reason[:1000],
        at=stores.ledger.now(),
        run=page["run"],
        payload=payload,
    )
    fate = Settlement(key=page["_id"], token=page["lease"]["token"], fate=Fate.QUARANTINED, reason=reason[:300])
    return stores.ledger.settle([fate]), 0


def _resume_silent(stores: Stores) -> int:
    """Runs whose crawler gives no sign of life, and whose job neither waits nor runs."""
    resumed = 0
    for run in stores.runs.silent(now=stores.ledger.now()):
        if _resume(run["_id"], stores):
            resumed += 1
        else:
            stores.runs.give_up(run["_id"], now=stores.ledger.now())
    return resumed


def _resume(run: str, stores: Stores) -> bool:
    """Queue a run again, ended or not, unless it is at work or waits already."""
    known = stores.runs.get(run)
    if known is None or stores.queue.statuses([known["jobId"]])[known["jobId"]] in ALIVE:
        return False
    job_id = f"crawl-{run}-{secrets.token_hex(4)}"
    resumed = stores.runs.resume(run, job_id=job_id, now=stores.ledger.now())
    if resumed:
        stores.queue.enqueue_crawl(resumed["order"], job_id=job_id)
    return resumed is not None


def _report_anew(stores: Stores) -> None:
    for run in stores.runs.unreported():
        stores.runs.report(run, stores.ledger.report(run))
