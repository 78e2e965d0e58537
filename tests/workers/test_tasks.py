"""The functions that a job may name, run as they are: by a real worker, from a real queue."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from rq import Retry
from rq.job import Job
from rq.serializers import JSONSerializer

from stories.article import Article
from stories.codec import SCHEMA_VERSION
from stories.errors import QuarantineError
from stories.jobs import ENRICH_ARTICLES, RETRIES, queue_named, tries
from stories.order import CrawlOrder
from stories.pages import Lease
from stories.queue import CRAWL, ENRICH
from tests.making import NOON, article, batch, batch_page, leased, link
from tests.workers.burst import Work
from workers import tasks
from workers.stores import Stores
from workers.sweep import Swept, sweep

Json = dict[str, Any]


def payload(leases: Sequence[Lease], **different: Any) -> Json:
    """A batch as a crawler hands it over: an article for each lease."""
    pages = [batch_page(held, article(int(held.key.split(":")[1]), **different)) for held in leases]
    return batch(*pages).to_json()


def handed_over(stores: Stores, given: Json, *, job_id: str = "enrich-1") -> Json:
    """Into the ledger, then into the queue."""
    stores.ledger.hand_over({page["page"]: page["token"] for page in given["pages"]}, job_id=job_id)
    assert stores.queue.enqueue_articles(given, job_id=job_id)
    return given


def fates(stores: Stores) -> dict[str, str | None]:
    return {page["_id"].split(":")[1]: page.get("fate") for page in stores.database["pages"].find()}


def stored(stores: Stores) -> list[str]:
    return sorted(story["_id"].split(":")[1] for story in stores.database["stories"].find())


# -- stored and settled -----------------------------------------------------------------------------------------


def test_a_batch_is_enriched_stored_and_settled(stores: Stores, work: Work):
    leases = leased(stores.ledger, 1, 2)
    text = "The talks failed, Anadolu reported."
    handed_over(stores, payload(leases, article_body=text, related_links=(link(9),)))
    work(ENRICH)
    assert fates(stores) == {"1": "stored", "2": "stored"}
    story = stores.database["stories"].find_one({"_id": "tempo-read:1"})
    assert story is not None
    assert story["enrichment"]["agencies"]["names"] == ["Anadolu"]
    assert story["enrichment"]["language"]["code"] == "en"
    assert story["run"] == "run-1"
    page = stores.ledger.page("tempo-read:1")
    assert page is not None
    assert (page["state"], page["digest"], page["published"]) == ("settled", "a-digest", NOON - timedelta(hours=2))
    assert stores.queue.counts()[ENRICH] == {"queued": 0, "started": 0, "failed": 0, "finished": 1}


def test_a_finished_job_does_not_keep_its_articles(stores: Stores, work: Work):
    handed_over(stores, payload(leased(stores.ledger, 1), article_body="text " * 10_000))
    work(ENRICH)
    (job,) = stores.queue.jobs(ENRICH, status="finished", limit=5)
    assert (job.id, job.function, job.status) == ("enrich-1", ENRICH_ARTICLES, "finished")
    assert stores.queue.payload("enrich-1") is None
    assert (stores.queue.connection.memory_usage(Job.key_for("enrich-1"), samples=0) or 0) < 2000  # bytes


def test_a_settled_page_is_due_again_by_its_age(stores: Stores, work: Work):
    leases = leased(stores.ledger, 1, 2)
    now = stores.ledger.now()
    pages = [
        batch_page(leases[0], article(1, date_published=now - timedelta(days=2))),
        batch_page(leases[1], article(2, date_published=now - timedelta(days=800))),
    ]
    handed_over(stores, batch(*pages).to_json())
    work(ENRICH)
    found = {page["_id"]: page.get("nextFetchAt") for page in stores.database["pages"].find()}
    assert abs(found["tempo-read:1"] - now - timedelta(hours=3)) < timedelta(minutes=1)
    assert found["tempo-read:2"] is None


def test_the_key_of_the_article_may_be_another_than_the_pages(stores: Stores, work: Work):
    (held,) = leased(stores.ledger, 1)
    handed_over(stores, batch(batch_page(held, article(7))).to_json())
    work(ENRICH)
    assert fates(stores) == {"1": "stored"}
    assert stored(stores) == ["7"]


def test_a_job_delivered_ten_times_is_one_document(stores: Stores, work: Work):
    given = payload(leased(stores.ledger, 1, 2))
    handed_over(stores, given)
    for number in range(9):
        stores.queue.enqueue_articles(given, job_id=f"again-{number}")
    work(ENRICH)
    assert stored(stores) == ["1", "2"]
    assert fates(stores) == {"1": "stored", "2": "stored"}
    assert stores.queue.counts()[ENRICH]["finished"] == 10
    events = stores.database["pages"].find_one({"_id": "tempo-read:1"}, {"events": 1})
    assert events is not None
    assert [event["what"] for event in events["events"]] == ["found", "leased", "handedOver", "stored"]


def test_a_late_job_stores_its_story_but_settles_nobody_elses_page(stores: Stores, work: Work):
    given = handed_over(stores, payload(leased(stores.ledger, 1)))
    stores.ledger.take_back(["enrich-1"], reason="its job is gone")
    (again,) = leased(stores.ledger, 1, run="run-2")
    work(ENRICH)
    page = stores.ledger.page("tempo-read:1")
    assert page is not None
    assert (page["state"], page["lease"]["token"]) == ("leased", again.token)
    assert again.token != given["pages"][0]["token"]
    assert stored(stores) == ["1"]


# -- poison -----------------------------------------------------------------------------------------------------

HUGE = 2**70  # JSON has such numbers, BSON has not
POISON: dict[str, Json] = {
    "a part of the wrong kind": {"headline": 5},
    "a missing part": {"articleBody": None},
    "a relation of tomorrow": {"relatedLinks": [{"relation": "tomorrow"}]},
    "what BSON cannot hold": {"viewCount": HUGE},
}


@pytest.mark.parametrize("wrong", POISON.values(), ids=POISON)
def test_one_poisonous_page_is_quarantined_after_six_tries_and_all_others_are_stored(
    stores: Stores, work: Work, wrong: Json
):
    given = payload(leased(stores.ledger, 1, 2, 3))
    given["pages"][1]["article"] |= wrong
    handed_over(stores, given)
    work(ENRICH)
    assert fates(stores) == {"1": "stored", "2": "quarantined", "3": "stored"}
    assert stored(stores) == ["1", "3"]
    kept = stores.quarantine.get("tempo-read:2")
    assert kept is not None
    assert (kept["site"], kept["stage"], kept["run"]) == ("tempo-en", "enrich", "run-1")
    assert kept["url"] == "https://en.tempo.co/read/2/a-story"
    assert kept["payload"] == given | {"pages": [given["pages"][1]]}
    assert sorted(map(tries, finished(stores))) == [1, 1, 1, 6]  # the batch, which was split; two alone; the poison
    assert sweep(stores) == Swept()


def test_a_story_that_the_database_refuses_is_the_pages_fault(
    stores: Stores, work: Work, monkeypatch: pytest.MonkeyPatch
):
    """What no check of ours sees, the validator of `stories` does."""
    monkeypatch.setattr("stories.kinds.checked", lambda value: value)
    monkeypatch.setattr("stories.codec.checked", lambda value: value)
    given = payload(leased(stores.ledger, 1, 2))
    given["pages"][0]["article"]["site"] = 5
    handed_over(stores, given)
    work(ENRICH)
    assert fates(stores)["1"] == "quarantined"
    assert stored(stores) == ["2"]
    assert "BulkWriteError" in stores.quarantine.newest(limit=1)[0]["reason"]


def finished(stores: Stores) -> list[Job]:
    ids = queue_named(ENRICH, stores.queue.connection).finished_job_registry.get_job_ids()
    found = Job.fetch_many(ids, connection=stores.queue.connection, serializer=JSONSerializer)
    return [job for job in found if job]


def test_a_quarantined_page_can_be_released(stores: Stores, work: Work):
    given = payload(leased(stores.ledger, 1))
    given["pages"][0]["article"]["headline"] = 5
    handed_over(stores, given)
    work(ENRICH)
    assert stores.quarantine.release("tempo-read:1", stores.ledger)
    handed_over(stores, payload(leased(stores.ledger, 1, run="run-2")), job_id="enrich-2")
    work(ENRICH)
    assert fates(stores) == {"1": "stored"}
    assert stores.quarantine.count() == 0


def test_a_page_that_was_leased_anew_is_left_out_when_a_batch_is_split(stores: Stores, work: Work):
    given = payload(leased(stores.ledger, 1, 2))
    given["pages"][0]["article"]["headline"] = 5
    handed_over(stores, given)
    stores.database["pages"].update_one({"_id": "tempo-read:2"}, {"$set": {"lease.token": "another"}})
    work(ENRICH)
    assert fates(stores) == {"1": "quarantined", "2": None}
    assert len(finished(stores)) == 2  # the batch, and the one page of it that is still its own


# -- not ours ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "strange",
    [
        {"schemaVersion": SCHEMA_VERSION + 1},
        {"schemaVersion": None},
        {"pages": None},
        {"pages": []},
        {"pages": [5]},
        {"run": {"$ne": None}},
    ],
    ids=repr,
)
def test_a_job_that_we_do_not_understand_does_no_harm(stores: Stores, work: Work, strange: Json):
    given = payload(leased(stores.ledger, 1)) | strange
    assert stores.queue.enqueue_articles(given, job_id="strange")
    handed_over(stores, payload(leased(stores.ledger, 2)))
    work(ENRICH)
    assert fates(stores)["2"] == "stored"
    assert stored(stores) == ["2"]
    assert stores.quarantine.count() == (0 if "pages" in strange else 1)


def test_a_job_of_tomorrow_is_kept_for_a_person(stores: Stores, work: Work):
    """An older worker among newer crawlers (docs/operations.md, Upgrade)."""
    handed_over(stores, payload(leased(stores.ledger, 1)) | {"schemaVersion": SCHEMA_VERSION + 1})
    work(ENRICH)
    kept = stores.quarantine.get("tempo-read:1")
    assert kept is not None
    assert "schema version 3 is not known" in kept["reason"]
    assert fates(stores) == {"1": "quarantined"}


def test_a_job_of_nobodys_page_is_a_failed_job(stores: Stores, work: Work):
    (held,) = leased(stores.ledger, 1)
    given = payload([held])
    given["pages"][0] |= {"page": "tempo-read:404", "article": None}
    stores.queue.enqueue_articles(given, job_id="strange")
    work(ENRICH)
    assert stores.queue.counts()[ENRICH]["failed"] == 1
    assert stores.quarantine.count() == 0
    assert "QuarantineError" in (stores.queue.failure("strange") or "")


@pytest.mark.parametrize("named", ["os.system", "builtins.print", "subprocess.call", "workers.tasks._quarantine", ""])
def test_a_job_that_names_another_function_is_refused_and_nothing_runs(
    stores: Stores, work: Work, tmp_path: Path, named: str
):
    trace = tmp_path / "trace"
    queue = queue_named(ENRICH, stores.queue.connection)
    job = Job.create(
        "os.system",
        args=[f"touch {trace}"],
        id="foreign",
        connection=stores.queue.connection,
        serializer=JSONSerializer,
        origin=ENRICH,
    )
    job._func_name = named
    queue.enqueue_job(job)
    handed_over(stores, payload(leased(stores.ledger, 1)))
    work(ENRICH)
    assert not trace.exists()
    assert stores.queue.statuses(["foreign"]) == {"foreign": "failed"}
    assert "refused" in (stores.queue.failure("foreign") or "")
    assert fates(stores) == {"1": "stored"}


def test_a_pickle_in_a_job_is_not_loaded(stores: Stores, work: Work, tmp_path: Path):
    trace = tmp_path / "trace"
    (held,) = leased(stores.ledger, 1)
    handed_over(stores, payload([held]), job_id="foreign")
    pickled = b"cos\nsystem\n(S'touch %s'\ntR." % str(trace).encode()
    stores.queue.connection.hset(Job.key_for("foreign"), "data", pickled)
    work(ENRICH)
    assert not trace.exists()
    assert stores.queue.statuses(["foreign"]) == {"foreign": "failed"}
    assert "refused" in (stores.queue.failure("foreign") or "")


# -- crawl ------------------------------------------------------------------------------------------------------


def test_an_order_that_is_none_starts_nothing():
    with pytest.raises(QuarantineError, match="not a crawl order"):
        tasks.run_crawl({"run": "run-1"})


@pytest.mark.parametrize(
    ("program", "ends"),
    [
        ("import sys; sys.exit(0)", 0),
        ("import sys; sys.exit(1)", 1),
        ("import sys; sys.exit(75)", Retry(max=1_000)),
        ("import os; os.kill(os.getpid(), 9)", Retry(max=RETRIES)),
    ],
)
def test_a_crawlers_end_says_whether_it_goes_on(
    stores: Stores, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, program: str, ends: int | Retry
):
    """By a stand-in for the interpreter: what counts is how the process ends."""
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nexec {tasks.sys.executable} -c "{program}"\n')
    python.chmod(0o700)
    monkeypatch.setattr(tasks.sys, "executable", str(python))
    order = CrawlOrder(run="run-1", site="tempo-en").to_json()
    said = tasks.run_crawl(order)
    assert repr(said) == repr(ends)  # RQ's Retry has no equality


def test_an_order_that_cannot_be_done_ends_by_itself(stores: Stores, work: Work):
    """Through the queue, with the real crawler: no such site is a matter for a person, not for a retry."""
    order = CrawlOrder(run="run-1", site="no-such-site")
    stores.runs.order(order, job_id="crawl-run-1", now=NOON)
    stores.queue.enqueue_crawl(order.to_json(), job_id="crawl-run-1")
    work(CRAWL)
    job = Job.fetch("crawl-run-1", connection=stores.queue.connection, serializer=JSONSerializer)
    assert (job.get_status(), job.return_value(), tries(job)) == ("finished", 2, 1)
    run = stores.runs.get("run-1")
    assert (run["state"], run["exitCode"]) == ("failed", 2)
    assert "no site 'no-such-site'" in run["finishReason"]


def test_an_article_of_a_lease(stores: Stores):
    """What these tests hand over is what a crawler would."""
    (held,) = leased(stores.ledger, 1)
    assert isinstance(batch_page(held, article(1)).article, Article)
