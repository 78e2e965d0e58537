"""The only functions that a job may name."""

from __future__ import annotations

import json
import logging
import secrets
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from rq import Retry, get_current_job

from stories import faults, revisit
from stories.batch import Batch, BatchPage, Part, parts
from stories.fate import Fate
from stories.jobs import RETRIES, tries
from stories.mongo import refuses_document
from stories.order import CrawlOrder
from stories.pages import Settlement
from stories.patience import DRIVERS, patiently
from stories.settings import Settings
from stories.store import Saved, Story
from workers.enrich.registry import enrichment_of
from workers.leash import die_with_parent
from workers.stores import Stores, open_stores

log = logging.getLogger(__name__)

INTERRUPTED, NOT_YET, NOT_OURS = 75, 76, 77
"""Exit codes of the crawler's (crawler/run.py): stopped in good order, go on later; wait; nothing to be done."""
_STOPS: Final = 1_000  # times that a crawl may be told to stop: it did nothing wrong, and goes on where it was
_SAID: Final = {NOT_YET: "the run waits", NOT_OURS: "the run has ended, or another crawler goes on with it"}


# -- enrich ---------------------------------------------------------------------------------------------------


def enrich_articles(payload: Mapping[str, Any] | None = None) -> None:
    """Enrich a batch, save it, settle its pages. A batch that fails is split; a single page that fails for the last
    time is quarantined. Without a batch there is nothing to do: the job has done its work, and is there once more.
    """
    if payload is None:  # its worker had gone silent, so RQ queued it again; then it ended, and emptied it (worker.py)
        return
    settings = Settings.load()
    faults.arm(settings)
    with open_stores(settings) as stores:
        pages = parts(payload)
        if len(pages) > 1 and _tries() > 1:  # the first try failed, or killed its worker
            _split(pages, stores)
            return
        try:
            _enrich(Batch.from_json(payload), stores)
        except Exception as error:
            if _is_servers_trouble(error):
                raise  # not the page's: RQ tries again, then the sweeper
            if len(pages) > 1:
                _split(pages, stores)
            elif pages and _is_last_try():
                _quarantine(pages[0], error, stores)
            else:
                raise


def _enrich(batch: Batch, stores: Stores) -> None:
    now = patiently(stores.ledger.now)
    saved = patiently(stores.store.save, [_story(page, batch.run) for page in batch.pages], now=now)
    faults.reached("after_save")
    settlements = [_settlement(page, saved[page.article.key], now) for page in batch.pages]
    faults.reached("before_settle")
    patiently(stores.ledger.settle, settlements)


def _story(page: BatchPage, run: str) -> Story:
    return Story(
        article=page.article,
        enrichment=enrichment_of(page.article),
        link_keys=page.link_keys,
        is_based_on_key=page.is_based_on_key,
        aliases=page.aliases,
        run=run,
    )


def _settlement(page: BatchPage, saved: Saved, now: datetime) -> Settlement:
    published = page.article.date_published
    return Settlement(
        key=page.page,
        token=page.token,
        fate=saved.fate,
        next_fetch_at=None if saved.fate is Fate.TAKEN_DOWN else revisit.next_visit(published, now=now),
        etag=page.etag,
        last_modified=page.last_modified,
        digest=page.digest,
        published=published,
        page_version=page.article.page_version,
    )


def _split(pages: Sequence[Part], stores: Stores) -> None:
    """Each page in a job of its own, so that only the one at fault fails again."""
    for part in pages:
        job_id = f"enrich-{secrets.token_hex(8)}"
        if patiently(stores.ledger.hand_over, {part.page: part.token}, job_id=job_id):
            patiently(stores.queue.enqueue_articles, part.payload, job_id=job_id)


def _quarantine(part: Part, error: Exception, stores: Stores) -> None:
    page = patiently(stores.ledger.page, part.page)
    if page is None:
        raise error  # a job of nobody's page: it stays in the failed jobs
    reason = f"{type(error).__name__}: {error}"[:1000]
    patiently(
        stores.quarantine.put,
        part.page,
        site=page["site"],
        url=page["url"],
        stage="enrich",
        reason=reason,
        at=patiently(stores.ledger.now),
        run=page.get("run"),
        payload=part.payload,
    )
    fate = Settlement(key=part.page, token=part.token, fate=Fate.QUARANTINED, reason=reason[:300])
    patiently(stores.ledger.settle, [fate])


def _is_servers_trouble(error: Exception) -> bool:
    return isinstance(error, DRIVERS) and not refuses_document(error)


def _tries() -> int:
    job = get_current_job()
    return tries(job) if job else 1


def _is_last_try() -> bool:
    job = get_current_job()
    return job is None or not job.retries_left


# -- crawl ----------------------------------------------------------------------------------------------------


def run_crawl(order: Mapping[str, Any]) -> int | Retry:
    """One Scrapy process for one order; gives its exit code, or a Retry if it was killed or told to stop."""
    run = CrawlOrder.from_json(order)  # fails here, not in the child
    command = [sys.executable, "-m", "crawler.run"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, text=True, preexec_fn=die_with_parent) as crawler:  # noqa: S603, PLW1509 - our own module; one thread here
        # The worker signals our whole process group, so the crawler has it already; a second one would cut it short.
        signal.signal(signal.SIGTERM, lambda *_: None)
        crawler.communicate(json.dumps(run.to_json()))
    if crawler.returncode < 0 or crawler.returncode == INTERRUPTED:
        log.warning("crawl interrupted", extra={"run": run.run, "exit_code": crawler.returncode})
        return Retry(max=_STOPS if crawler.returncode == INTERRUPTED else RETRIES)
    log.info(_SAID.get(crawler.returncode, "crawl ended"), extra={"run": run.run, "exit_code": crawler.returncode})
    return crawler.returncode
