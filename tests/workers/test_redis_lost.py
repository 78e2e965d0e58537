"""Redis loses its memory: how soon all unfinished pages are queued again (F4)."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

import pytest

from stories.order import CrawlOrder
from stories.queue import CRAWL
from tests.faults.record import Tally
from tests.making import discovery
from workers.stores import Stores
from workers.sweep import EVERY, sweep

LIMIT = 60.0  # seconds from the loss until the last page is queued again
BATCH = 200
RUNS = 5


def unfinished(stores: Stores, count: int) -> None:
    """Handed over by runs that have ended, to jobs that wait."""
    now = stores.ledger.now()
    for run in range(RUNS):
        name = f"run-{run}"
        stores.runs.order(CrawlOrder(run=name, site="tempo-en"), job_id=f"crawl-{name}", now=now)
        stores.runs.start(name, now=now - timedelta(hours=1))
        for start in range(count * run // RUNS, count * (run + 1) // RUNS, BATCH):
            numbers = range(start, min(start + BATCH, count * (run + 1) // RUNS))
            stores.ledger.discover([discovery(number) for number in numbers])
            leases = stores.ledger.lease("tempo-en", host="en.tempo.co", limit=BATCH, run=name, max_depth=9)
            stores.ledger.hand_over({lease.key: lease.token for lease in leases}, job_id=f"enrich-{start}")
            stores.queue.enqueue_articles({"run": name, "pages": []}, job_id=f"enrich-{start}")
        stores.runs.finish(name, now=now, exit_code=0, reason="finished")


@pytest.mark.fault("F4")
def test_all_unfinished_pages_are_queued_again_within_a_minute(
    stores: Stores, tally: Tally, scale: Callable[..., int], capsys: pytest.CaptureFixture[str]
):
    count = scale(short=10_000, long=100_000)
    sweep(stores)
    unfinished(stores, count)
    stores.database["pages"].update_many({}, {"$set": {"checkAt": stores.ledger.now() + timedelta(seconds=40)}})
    stores.queue.connection.flushall()
    began = time.monotonic()
    swept = sweep(stores)
    took = time.monotonic() - began
    with capsys.disabled():
        print(f"\n{count:,} pages queued again in {took:.1f} s")
    tally.add(trials=1, stuck=count - swept.taken_back)
    assert (swept.taken_back, swept.resumed) == (count, RUNS)
    assert EVERY + took < LIMIT, "the sweeper looks so often, and then it takes so long"
    assert stores.database["pages"].count_documents({"state": "due"}) == count
    assert stores.queue.counts()[CRAWL]["queued"] == RUNS
