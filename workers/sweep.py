"""Puts back what fell out. Every call may be repeated, by any number of sweepers at once."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from redis.exceptions import RedisError

from stories.fate import Fate
from stories.mongo import Document
from stories.pages import HAND_OVER_CHECK, MAX_ATTEMPTS, Settlement
from stories.patience import is_drivers
from stories.queue import ALIVE
from workers.stores import Stores

EVERY: Final = 30.0  # seconds: a Redis that was emptied is noticed that soon, a lost job within a minute and a half
_AT_ONCE: Final = 5_000  # pages looked at in one round trip; rounds follow until none is overdue
_ON_ITS_WAY: Final = timedelta(seconds=5)  # a page is handed over in the ledger first, and then its job is queued


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
    """Look at every overdue job and every silent run; at every job there should be, if Redis has lost its memory."""
    is_new = stores.queue.was_lost()
    before = stores.ledger.now() + (HAND_OVER_CHECK - _ON_ITS_WAY if is_new else timedelta(0))
    taken_back = quarantined = 0
    while jobs := stores.ledger.overdue_jobs(limit=_AT_ONCE, before=before):
        kept, back = _seen_to(jobs, stores)
        quarantined += kept
        taken_back += back
    if is_new:
        stores.queue.remember()  # now, and not before: whoever dies on the way leaves it to the next
    _report_anew(stores)  # first: a Redis that takes no run ends the sweep
    resumed = _resume_silent(stores) + _resume_unfinished(stores)
    return Swept(taken_back=taken_back, quarantined=quarantined, resumed=resumed)


def _seen_to(jobs: Mapping[str, Sequence[Document]], stores: Stores) -> tuple[int, int]:
    """(Pages quarantined, pages due again.)"""
    statuses = stores.queue.statuses(list(jobs))
    alive = [job for job, status in statuses.items() if status in ALIVE]
    failed = [job for job, status in statuses.items() if status == "failed"]
    gone = [job for job in jobs if job not in {*alive, *failed}]
    runs = {page["run"] for job in (*gone, *failed) for page in jobs[job]}
    stores.ledger.look_later(alive)
    if runs:
        stores.runs.mark_unfinished(runs)  # before: this process may die; and after: another may look in between
    returned = stores.ledger.take_back(gone, reason="its job is gone") if gone else 0
    quarantined = 0
    for job in failed:
        kept, back = _bury(job, jobs[job], stores)
        quarantined += kept
        returned += back
    if returned:
        stores.runs.mark_unfinished(runs)
    return quarantined, returned


def _bury(job: str, pages: Sequence[Document], stores: Stores) -> tuple[int, int]:
    """A job that failed for good: (pages quarantined, pages due again).

    The servers' trouble is not the page's, and of many pages nobody knows which was at fault. But each has lost a try:
    what has failed by a server's word six times, fetched anew each time, is a person's business.
    """
    reason = stores.queue.failure(job) or "the job failed without a word"
    payload = stores.queue.payload(job)
    is_the_pages = payload is not None and len(pages) == 1 and not is_drivers(reason)
    given_up = [page for page in pages if is_the_pages or page["attempts"] + 1 >= MAX_ATTEMPTS]
    quarantined = sum(_quarantine(page, reason, payload if len(pages) == 1 else None, stores) for page in given_up)
    if len(given_up) == len(pages):
        return quarantined, 0
    returned = stores.ledger.take_back([job], reason=reason[:300], counts=True)
    stores.queue.drop([job])  # its pages are fetched anew: nobody needs it
    return quarantined, returned


def _quarantine(page: Document, reason: str, payload: Document | None, stores: Stores) -> int:
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
    return stores.ledger.settle([fate])


def _resume_unfinished(stores: Stores) -> int:
    """Ended runs of which pages came back: their crawler had ended, or was about to.

    One that has to wait keeps its mark: the next look sees to it. Each is judged at its turn, for the one before it may
    be of the same schedule.
    """
    resumed, seen_to = 0, []
    for run in stores.runs.unfinished(now=stores.ledger.now()):
        if stores.ledger.has_due(run["_id"]):
            if _has_job(run, stores) or _goes_second(run, stores):
                continue
            resumed += _resume(run["_id"], stores)
        seen_to.append(run)
    stores.runs.seen_to(seen_to)
    return resumed


def _resume_silent(stores: Stores) -> int:
    """Runs whose crawler gives no sign of life: queued again if their job neither waits nor runs.

    Where the job waits, or nobody has missed its worker yet, the crawler was killed: its pages are due, once it was
    silent at two looks. A crawl that is at work may wait for them to end, and workers that all crawl miss nobody.
    """
    resumed = 0
    for run in stores.runs.silent(now=stores.ledger.now()):
        if _has_job(run, stores):
            if stores.runs.is_missed(run["_id"], now=stores.ledger.now()):
                stores.ledger.release(run["_id"])
        elif not _goes_second(run, stores) and _resume(run["_id"], stores):
            resumed += 1
        else:
            stores.runs.give_up(run["_id"], now=stores.ledger.now())
    return resumed


def _has_job(run: Document, stores: Stores) -> bool:
    """True while its job waits or runs: its crawler may have told its end before its worker does."""
    return stores.queue.statuses([run["jobId"]])[run["jobId"]] in ALIVE


def _goes_second(run: Document, stores: Stores) -> bool:
    """True while another run of its schedule goes first."""
    return stores.runs.goes_first(run["_id"], now=stores.ledger.now()) is not None


def _resume(run: str, stores: Stores) -> bool:
    """Queue a run again, ended or not, unless it is at work: another sweeper may just have done so."""
    job_id = f"crawl-{run}-{secrets.token_hex(4)}"
    resumed = stores.runs.resume(run, job_id=job_id, now=stores.ledger.now())
    if resumed:
        try:
            stores.queue.enqueue_crawl(resumed["order"], job_id=job_id)
        except RedisError:  # no crawler died of it: a Redis that takes nothing for half an hour would end the run
            stores.runs.not_resumed(run, job_id=job_id)
            raise
    return resumed is not None


def _report_anew(stores: Stores) -> None:
    for run in stores.runs.unreported():
        stores.runs.report(run, stores.ledger.report(run))
