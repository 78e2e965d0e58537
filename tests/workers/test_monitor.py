"""What is going on, as data."""

from __future__ import annotations

import json
from datetime import timedelta

from stories.order import CrawlOrder
from stories.queue import CRAWL, ENRICH
from tests.making import NOON, leased
from workers.monitor import run_as_data, snapshot
from workers.stores import Stores


def test_nothing_going_on(stores: Stores):
    now = stores.ledger.now()
    seen = snapshot(stores.database, stores.queue, now=now)
    assert [queue["name"] for queue in seen["queues"]] == [CRAWL, ENRICH]
    assert all(queue["queued"] == 0 and queue["oldestSeconds"] is None for queue in seen["queues"])
    assert (seen["workers"], seen["runs"], seen["quarantined"]) == ([], [], 0)
    assert seen["pages"] == {"leased": 0, "handedOver": 0}


def test_all_that_is_going_on(stores: Stores):
    first, *_ = leased(stores.ledger, 1, 2, 3)
    stores.ledger.hand_over({first.key: first.token}, job_id="enrich-1")
    stores.queue.enqueue_articles({}, job_id="enrich-1")
    now = stores.ledger.now() + timedelta(seconds=90)
    stores.runs.order(CrawlOrder(run="run-1", site="tempo-en"), job_id="crawl-run-1", now=now, schedule="pagi")
    stores.quarantine.put("p", site="s", url=None, stage="read", reason="r", at=now)
    seen = snapshot(stores.database, stores.queue, now=now)
    enrich = seen["queues"][1]
    assert enrich["queued"] == 1
    assert 89 < enrich["oldestSeconds"] < 100
    assert seen["pages"] == {"leased": 2, "handedOver": 1}
    assert [(run["run"], run["schedule"], run["state"]) for run in seen["runs"]] == [("run-1", "pagi", "queued")]
    assert seen["quarantined"] == 1
    json.dumps(seen)


def test_a_run_as_people_see_it():
    run = run_as_data({"_id": "run-1", "site": "tempo-en", "state": "queued", "createdAt": NOON, "secret": 1})
    assert (run["run"], run["createdAt"], run["startedAt"], run["fates"]) == ("run-1", "2026-11-24T05:00:00Z", None, {})
    assert "secret" not in run
