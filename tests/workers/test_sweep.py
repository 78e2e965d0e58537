"""What fell out is put back, whoever lost it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from redis.exceptions import OutOfMemoryError
from rq.job import JobStatus
from rq.results import Result
from rq.serializers import JSONSerializer

from stories.fate import Fate
from stories.jobs import StoryJob, queue_named
from stories.order import CrawlOrder
from stories.pages import HAND_OVER_CHECK, MAX_ATTEMPTS, Lease, Settlement
from stories.queue import CRAWL, ENRICH
from stories.runs import FAILED, MAX_RESUMES, QUEUED, RUNNING, SILENT
from tests.making import article, batch, batch_page, leased
from tests.workers.burst import Work
from workers.stores import Stores
from workers.sweep import Swept, sweep

SOON = HAND_OVER_CHECK - timedelta(seconds=10)
LONG_AGO = SILENT + timedelta(minutes=10)


def order(run: str = "run-1") -> CrawlOrder:
    return CrawlOrder(run=run, site="tempo-en", depth=1)


def ordered(stores: Stores, run: str = "run-1", *, ago: timedelta = timedelta(0)) -> None:
    """A run that was ordered so long ago, without its job."""
    stores.runs.order(order(run), job_id=f"crawl-{run}", now=stores.ledger.now() - ago)


def finished(stores: Stores, run: str = "run-1") -> None:
    ordered(stores, run, ago=LONG_AGO)
    stores.runs.start(run, now=stores.ledger.now() - LONG_AGO)
    stores.runs.report(run, stores.ledger.report(run))
    stores.runs.finish(run, now=stores.ledger.now() - LONG_AGO, exit_code=0, reason="finished")


def overdue(stores: Stores) -> None:
    """A minute passes for every page."""
    stores.database["pages"].update_many(
        {"checkAt": {"$exists": True}}, {"$set": {"checkAt": stores.ledger.now() - timedelta(seconds=1)}}
    )


def handed_over(stores: Stores, *leases: Lease, job_id: str = "enrich-1", enqueued: bool = True) -> dict[str, Any]:
    pages = [batch_page(held, article(int(held.key.split(":")[1]))) for held in leases]
    stores.ledger.hand_over({page.page: page.token for page in pages}, job_id=job_id)
    given = batch(*pages, run=leases[0].run).to_json()
    if enqueued:
        stores.queue.enqueue_articles(given, job_id=job_id)
    return given


def failed(stores: Stores, job_id: str, reason: str) -> None:
    """The job has had all its tries."""
    queue = queue_named(ENRICH, stores.queue.connection)
    job = StoryJob.fetch(job_id, connection=stores.queue.connection, serializer=JSONSerializer)
    queue.remove(job)
    job.set_status(JobStatus.FAILED)
    with stores.queue.connection.pipeline() as pipeline:
        queue.failed_job_registry.add(job, ttl=100, exc_string=reason, pipeline=pipeline)
        Result.create_failure(job, 100, f"Traceback ...\n{reason}", worker_name="w", pipeline=pipeline)
        pipeline.execute()


def states(stores: Stores) -> dict[int, str]:
    return {int(page["_id"].split(":")[1]): page["state"] for page in stores.database["pages"].find().sort("_id", 1)}


def waiting_crawls(stores: Stores) -> list[dict[str, Any]]:
    return [stores.queue.payload(job.id) or {} for job in stores.queue.jobs(CRAWL, status="queued", limit=10)]


# -- jobs -------------------------------------------------------------------------------------------------------


def test_nothing_to_do(stores: Stores):
    leased(stores.ledger, 1)
    assert sweep(stores) == Swept()


def test_jobs_of_a_wiped_redis_are_taken_back_and_their_runs_queued_again(stores: Stores):
    handed_over(stores, *leased(stores.ledger, 1, 2, run="run-1"), job_id="enrich-1")
    handed_over(stores, *leased(stores.ledger, 3, run="run-2"), job_id="enrich-2")
    finished(stores, "run-1")
    finished(stores, "run-2")
    stores.queue.connection.flushdb()
    overdue(stores)
    assert sweep(stores) == Swept(taken_back=3, resumed=2)
    assert states(stores) == {1: "due", 2: "due", 3: "due"}
    assert waiting_crawls(stores) == [order("run-1").to_json(), order("run-2").to_json()]
    runs = [stores.runs.get(run) or {} for run in ("run-1", "run-2")]
    assert [run["state"] for run in runs] == [QUEUED, QUEUED]
    assert all(stores.queue.statuses([run["jobId"]]) == {run["jobId"]: "queued"} for run in runs)
    assert sweep(stores) == Swept()
    assert len(waiting_crawls(stores)) == 2


def test_an_emptied_redis_is_noticed_at_once_and_once(stores: Stores):
    """Not when each page is overdue, and not before those on their way had time to be queued."""
    sweep(stores)
    handed_over(stores, *leased(stores.ledger, 1, 2))
    assert sweep(stores) == Swept()
    stores.queue.connection.flushdb()
    (on_its_way,) = leased(stores.ledger, 3)
    stores.database["pages"].update_many({"state": "handedOver"}, {"$set": {"checkAt": stores.ledger.now() + SOON}})
    stores.ledger.hand_over({on_its_way.key: on_its_way.token}, job_id="enrich-2")
    assert sweep(stores) == Swept(taken_back=2)
    assert states(stores) == {1: "due", 2: "due", 3: "handedOver"}
    assert sweep(stores) == Swept()


def test_pages_that_come_back_while_their_crawler_closes_are_not_left_to_the_next_crawl(stores: Stores):
    handed_over(stores, *leased(stores.ledger, 1), enqueued=False)
    ordered(stores, ago=LONG_AGO)
    stores.runs.start("run-1", now=stores.ledger.now())
    overdue(stores)
    assert sweep(stores) == Swept(taken_back=1)
    stores.runs.finish("run-1", now=stores.ledger.now(), exit_code=0, reason="finished")
    assert sweep(stores) == Swept(resumed=1)
    assert waiting_crawls(stores) == [order().to_json()]
    assert sweep(stores) == Swept()


def test_pages_that_come_back_when_the_crawler_has_ended_and_its_job_has_not(stores: Stores):
    """Its worker tells Redis a moment later; for minutes, while Redis is away. The run was left, and its pages."""
    finished(stores)
    stores.queue.enqueue_crawl(order().to_json(), job_id="crawl-run-1")
    job = StoryJob.fetch("crawl-run-1", connection=stores.queue.connection, serializer=JSONSerializer)
    job.set_status(JobStatus.STARTED)
    handed_over(stores, *leased(stores.ledger, 1), enqueued=False)
    overdue(stores)
    assert sweep(stores) == Swept(taken_back=1)
    assert sweep(stores) == Swept()
    job.set_status(JobStatus.FINISHED)
    assert sweep(stores) == Swept(resumed=1)
    assert sweep(stores) == Swept()


def test_a_crawler_that_takes_the_pages_itself_is_not_queued_again(stores: Stores):
    (held,) = leased(stores.ledger, 1)
    handed_over(stores, held, enqueued=False)
    ordered(stores, ago=LONG_AGO)
    stores.runs.start("run-1", now=stores.ledger.now())
    overdue(stores)
    assert sweep(stores) == Swept(taken_back=1)
    (again,) = leased(stores.ledger, 1)
    stores.ledger.settle([Settlement(key=again.key, token=again.token, fate=Fate.STORED)])
    stores.runs.finish("run-1", now=stores.ledger.now(), exit_code=0, reason="finished")
    assert sweep(stores) == Swept()


def test_a_run_that_is_at_work_is_not_queued_again_for_its_lost_jobs(stores: Stores):
    handed_over(stores, *leased(stores.ledger, 1), enqueued=False)
    ordered(stores)
    stores.runs.start("run-1", now=stores.ledger.now())
    overdue(stores)
    assert sweep(stores) == Swept(taken_back=1)
    assert waiting_crawls(stores) == []


def test_pages_of_an_unknown_run_are_taken_back_all_the_same(stores: Stores):
    handed_over(stores, *leased(stores.ledger, 1), enqueued=False)
    overdue(stores)
    assert sweep(stores) == Swept(taken_back=1)
    assert states(stores) == {1: "due"}


def test_a_job_that_waits_is_left_alone_and_looked_at_later(stores: Stores):
    handed_over(stores, *leased(stores.ledger, 1))
    overdue(stores)
    assert sweep(stores) == Swept()
    assert states(stores) == {1: "handedOver"}
    page = stores.ledger.page("tempo-read:1")
    assert page is not None
    assert page["checkAt"] > stores.ledger.now() + timedelta(seconds=30)
    assert stores.queue.counts()[ENRICH]["queued"] == 1


def test_a_job_that_is_not_overdue_is_not_looked_for(stores: Stores):
    handed_over(stores, *leased(stores.ledger, 1), enqueued=False)
    assert sweep(stores) == Swept()
    assert states(stores) == {1: "handedOver"}


def test_a_finished_job_that_left_a_page_behind_is_a_lost_one(stores: Stores, work: Work):
    """Its result outlives it for an hour, so Redis knows the job; the page was left because it failed to settle."""
    first, second = leased(stores.ledger, 1, 2)
    handed_over(stores, first)
    stores.ledger.hand_over({second.key: second.token}, job_id="enrich-1")
    work(ENRICH)
    overdue(stores)
    assert stores.queue.statuses(["enrich-1"]) == {"enrich-1": "finished"}
    assert sweep(stores) == Swept(taken_back=1)
    assert states(stores) == {1: "settled", 2: "due"}


def test_more_lost_jobs_than_one_look_sees(stores: Stores, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("workers.sweep._AT_ONCE", 2)
    for number, held in enumerate(leased(stores.ledger, *range(5))):
        handed_over(stores, held, job_id=f"enrich-{number}", enqueued=number == 3)
    overdue(stores)
    assert sweep(stores) == Swept(taken_back=4)
    assert states(stores)[3] == "handedOver"


# -- failed -----------------------------------------------------------------------------------------------------


def test_a_single_page_whose_job_failed_for_good_is_quarantined(stores: Stores):
    given = handed_over(stores, *leased(stores.ledger, 1))
    failed(stores, "enrich-1", "ValueError: nothing that we expected")
    overdue(stores)
    assert sweep(stores) == Swept(quarantined=1)
    page = stores.ledger.page("tempo-read:1")
    assert page is not None
    assert (page["state"], page["fate"]) == ("settled", "quarantined")
    kept = stores.quarantine.get("tempo-read:1")
    assert kept is not None
    assert (kept["stage"], kept["reason"], kept["payload"]) == ("job", "ValueError: nothing that we expected", given)
    assert sweep(stores) == Swept()


@pytest.mark.parametrize(
    "reason",
    [
        "pymongo.errors.ServerSelectionTimeoutError: no primary",
        "redis.exceptions.ConnectionError: refused",
        "pymongo.errors.AutoReconnect: connection closed",
    ],
)
def test_the_servers_trouble_is_not_the_pages(stores: Stores, reason: str):
    handed_over(stores, *leased(stores.ledger, 1))
    failed(stores, "enrich-1", reason)
    overdue(stores)
    assert sweep(stores) == Swept(taken_back=1)
    assert states(stores) == {1: "due"}
    assert stores.quarantine.count() == 0
    assert stores.queue.statuses(["enrich-1"]) == {"enrich-1": None}, "its page is fetched anew: nobody needs it"


@pytest.mark.parametrize(
    "reason", ["myredis.Trouble: no", "ValueError: pymongo.errors.AutoReconnect: no", "redis: no", "AutoReconnect"]
)
def test_a_word_in_an_error_makes_no_servers_trouble(stores: Stores, reason: str):
    handed_over(stores, *leased(stores.ledger, 1))
    failed(stores, "enrich-1", reason)
    overdue(stores)
    assert sweep(stores) == Swept(quarantined=1)


def test_what_fails_by_a_servers_word_is_not_tried_for_ever(stores: Stores):
    """Whatever MongoDB has against a page, six times fetched anew and six tries each are enough."""
    for turn in range(MAX_ATTEMPTS):
        assert stores.quarantine.count() == 0
        handed_over(stores, *leased(stores.ledger, 1), job_id=f"enrich-{turn}")
        failed(stores, f"enrich-{turn}", "pymongo.errors.OperationFailure: something about this document")
        overdue(stores)
        swept = sweep(stores)
    assert swept == Swept(quarantined=1)
    kept = stores.quarantine.get("tempo-read:1")
    assert kept is not None
    assert (kept["stage"], kept["payload"]["pages"][0]["page"]) == ("job", "tempo-read:1")
    assert states(stores) == {1: "settled"}


def test_of_many_pages_nobody_knows_which_was_at_fault(stores: Stores):
    handed_over(stores, *leased(stores.ledger, 1, 2))
    failed(stores, "enrich-1", "ValueError: nothing that we expected")
    overdue(stores)
    assert sweep(stores) == Swept(taken_back=2)
    assert states(stores) == {1: "due", 2: "due"}


def test_a_job_whose_payload_is_no_json_is_taken_back(stores: Stores):
    handed_over(stores, *leased(stores.ledger, 1))
    stores.queue.connection.hset(StoryJob.key_for("enrich-1"), "data", b"cos\nsystem\n")
    stores.queue.connection.hset(StoryJob.key_for("enrich-1"), "status", "failed")
    overdue(stores)
    assert sweep(stores) == Swept(taken_back=1)


def test_a_payload_that_bson_cannot_hold_does_not_stop_the_sweep(stores: Stores):
    first, second = leased(stores.ledger, 1, 2)
    given = handed_over(stores, first, enqueued=False)
    given["pages"][0]["article"]["viewCount"] = 2**70
    stores.queue.enqueue_articles(given, job_id="enrich-1")
    failed(stores, "enrich-1", "OverflowError: too large")
    handed_over(stores, second, job_id="enrich-2", enqueued=False)
    overdue(stores)
    assert sweep(stores) == Swept(taken_back=1, quarantined=1)


# -- runs -------------------------------------------------------------------------------------------------------


def silent_with_a_job(stores: Stores) -> None:
    """Its crawler is silent, and its job waits."""
    ordered(stores, ago=LONG_AGO)
    stores.runs.start("run-1", now=stores.ledger.now() - LONG_AGO)
    stores.queue.enqueue_crawl(order().to_json(), job_id="crawl-run-1")


def missed_since(stores: Stores, ago: timedelta) -> None:
    """As if a sweeper had looked then, and nothing was heard of the crawler since."""
    missed = stores.ledger.now() - ago
    known = {"missedAt": {"$exists": True}}
    assert stores.database["runs"].update_one(known, {"$set": {"missedAt": missed}}).matched_count


def test_a_silent_run_is_resumed(stores: Stores):
    ordered(stores, ago=LONG_AGO)
    stores.runs.start("run-1", now=stores.ledger.now() - LONG_AGO)
    assert sweep(stores) == Swept(resumed=1)
    assert waiting_crawls(stores) == [order().to_json()]
    run = stores.runs.get("run-1")
    assert run is not None
    assert (run["state"], run["resumes"]) == (QUEUED, 1)
    assert sweep(stores) == Swept()


def test_a_redis_that_takes_nothing_uses_up_none_of_its_starts(stores: Stores):
    ordered(stores, ago=LONG_AGO)
    stores.queue.connection.config_set("maxmemory", 1)
    try:
        for _ in range(3):
            with pytest.raises(OutOfMemoryError):
                sweep(stores)
            stores.database["runs"].update_one(
                {"_id": "run-1"}, {"$set": {"heartbeatAt": stores.ledger.now() - LONG_AGO}}
            )
    finally:
        stores.queue.connection.config_set("maxmemory", 0)
    assert sweep(stores) == Swept(resumed=1)
    run = stores.runs.get("run-1")
    assert run is not None
    assert (run["state"], run["resumes"]) == (QUEUED, 1)


def test_an_order_whose_job_was_lost_before_it_began_is_queued_again(stores: Stores):
    ordered(stores, ago=LONG_AGO)
    assert sweep(stores) == Swept(resumed=1)
    assert waiting_crawls(stores) == [order().to_json()]


def test_a_run_that_beats_is_left_alone(stores: Stores):
    ordered(stores, ago=LONG_AGO)
    stores.runs.start("run-1", now=stores.ledger.now())
    assert sweep(stores) == Swept()
    assert waiting_crawls(stores) == []


def test_what_a_killed_crawler_held_is_due_while_its_run_waits_again(stores: Stores):
    """Else the crawl before it in the queue would wait for these pages, and it for that crawl, until the lease ends."""
    silent_with_a_job(stores)
    leased(stores.ledger, 1, 2)
    assert sweep(stores) == Swept()
    assert stores.ledger.is_leased("tempo-en"), "it may just not have reached MongoDB"
    missed_since(stores, SILENT + timedelta(seconds=1))
    assert sweep(stores) == Swept()
    assert not stores.ledger.is_leased("tempo-en")
    assert {page["state"] for page in stores.database["pages"].find()} == {"due"}
    assert len(waiting_crawls(stores)) == 1


def test_what_a_killed_crawler_held_is_due_while_nobody_has_missed_its_worker(stores: Stores):
    """Workers that all crawl look for no dead one's jobs, and their crawls may wait for just these pages."""
    silent_with_a_job(stores)
    StoryJob.fetch("crawl-run-1", connection=stores.queue.connection).set_status(JobStatus.STARTED)
    leased(stores.ledger, 1, 2)
    assert sweep(stores) == Swept()
    missed_since(stores, SILENT + timedelta(seconds=1))
    assert sweep(stores) == Swept()
    assert not stores.ledger.is_leased("tempo-en")


def test_what_a_crawler_holds_stays_its_own_after_an_outage(stores: Stores):
    """Nobody heard of it while MongoDB was away; a sweeper that looks before its next beat took all that it held."""
    silent_with_a_job(stores)
    leased(stores.ledger, 1, 2)
    assert sweep(stores) == Swept()
    stores.runs.beat("run-1", now=stores.ledger.now() - SILENT + timedelta(seconds=10), progress={})
    assert sweep(stores) == Swept()
    stores.database["runs"].update_one({}, {"$set": {"heartbeatAt": stores.ledger.now() - LONG_AGO}})
    missed_since(stores, LONG_AGO + timedelta(seconds=1))
    assert sweep(stores) == Swept(), "a further outage: it was heard since it was missed"
    assert stores.ledger.is_leased("tempo-en")


def test_a_run_that_waits_for_a_worker_is_left_alone(stores: Stores):
    ordered(stores, ago=LONG_AGO)
    stores.queue.enqueue_crawl(order().to_json(), job_id="crawl-run-1")
    assert sweep(stores) == Swept()
    assert len(waiting_crawls(stores)) == 1


def test_a_run_that_died_too_often_has_failed(stores: Stores):
    ordered(stores, ago=LONG_AGO)
    stores.runs.start("run-1", now=stores.ledger.now() - LONG_AGO)
    stores.database["runs"].update_one({"_id": "run-1"}, {"$set": {"resumes": MAX_RESUMES}})
    assert sweep(stores) == Swept()
    run = stores.runs.get("run-1")
    assert run is not None
    assert (run["state"], run["finishReason"]) == (FAILED, "it died too often")


def test_an_ended_run_is_reported_anew_until_no_page_is_open(stores: Stores):
    first, second = leased(stores.ledger, 1, 2)
    for number, held in enumerate((first, second)):
        handed_over(stores, held, job_id=f"enrich-{number}")
    finished(stores)
    for expected, held in (({"stored": 1}, first), ({"stored": 2}, second)):
        stores.ledger.settle([Settlement(key=held.key, token=held.token, fate=Fate.STORED)])
        sweep(stores)
        run = stores.runs.get("run-1")
        assert run is not None
        assert run["fates"] == expected
    assert run["open"] == 0
    assert run["state"] != RUNNING
