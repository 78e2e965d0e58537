"""What the house does with RQ, on a real Valkey."""

from __future__ import annotations

import json
import socket
import time
import zlib
from datetime import UTC, datetime

import pytest
import redis
from redis.exceptions import TimeoutError as NoAnswer
from rq.job import Job, JobStatus
from rq.results import Result
from rq.serializers import JSONSerializer

from stories.errors import ServiceError
from stories.jobs import ENRICH_ARTICLES, RETRIES, RUN_CRAWL, StoryJob, function_of, queue_named, tries
from stories.queue import CRAWL, CRAWL_TIMEOUT, ENRICH, ENRICH_TIMEOUT, JobQueue, connect
from workers.stores import Stores

PAYLOAD = {"schemaVersion": 1, "run": "run-1", "pages": ["\u00e9\u4e2d"]}


@pytest.fixture
def queue(stores: Stores) -> JobQueue:
    return stores.queue


def job(queue: JobQueue, job_id: str) -> StoryJob:
    return StoryJob.fetch(job_id, connection=queue.connection, serializer=JSONSerializer)


def fail(queue: JobQueue, job_id: str, trace: str) -> None:
    failed = job(queue, job_id)
    own = queue_named(failed.origin, queue.connection)
    own.remove(failed)
    failed.retries_left = 0
    failed.set_status(JobStatus.FAILED)
    with queue.connection.pipeline() as pipeline:
        failed.save(pipeline=pipeline)
        own.failed_job_registry.add(failed, ttl=100, exc_string=trace, pipeline=pipeline)
        Result.create_failure(failed, 100, trace, worker_name="w", pipeline=pipeline)
        pipeline.execute()


def test_a_job_is_json_and_names_our_function(queue: JobQueue):
    assert queue.enqueue_articles(PAYLOAD, job_id="enrich-1")
    data = zlib.decompress(queue.connection.hget(Job.key_for("enrich-1"), "data") or b"")
    assert json.loads(data) == [ENRICH_ARTICLES, None, [PAYLOAD], {}]
    assert queue.payload("enrich-1") == PAYLOAD


def test_each_kind_has_its_queue_function_and_time(queue: JobQueue):
    queue.enqueue_articles(PAYLOAD, job_id="enrich-1")
    queue.enqueue_crawl({"run": "run-1"}, job_id="crawl-1")
    found = {name: job(queue, name) for name in ("enrich-1", "crawl-1")}
    assert [(j.origin, j.func_name, j.timeout) for j in found.values()] == [
        (ENRICH, ENRICH_ARTICLES, ENRICH_TIMEOUT),
        (CRAWL, RUN_CRAWL, CRAWL_TIMEOUT),
    ]
    assert all(j.retries_left == RETRIES for j in found.values())
    assert all(j.retry_intervals in (None, [0]) for j in found.values())  # intervals need a scheduler that survives


def test_the_same_job_is_queued_once(queue: JobQueue):
    assert queue.enqueue_articles(PAYLOAD, job_id="enrich-1")
    assert not queue.enqueue_articles({"another": 1}, job_id="enrich-1")
    assert queue.counts()[ENRICH]["queued"] == 1
    assert queue.payload("enrich-1") == PAYLOAD


def test_statuses_of_many_and_of_the_unknown(queue: JobQueue):
    ids = [f"enrich-{number}" for number in range(1200)]
    for job_id in ids[::100]:
        queue.enqueue_articles({}, job_id=job_id)
    statuses = queue.statuses(ids)
    assert list(statuses) == ids
    assert {job_id for job_id, status in statuses.items() if status == "queued"} == set(ids[::100])
    assert set(statuses.values()) == {"queued", None}
    assert queue.statuses([]) == {}


def test_counts_and_the_oldest(queue: JobQueue):
    nothing = {"queued": 0, "started": 0, "failed": 0, "finished": 0}
    assert queue.counts() == {CRAWL: nothing, ENRICH: nothing}
    assert queue.oldest(ENRICH) is None
    for job_id in ("enrich-1", "enrich-2", "enrich-3"):
        queue.enqueue_articles(PAYLOAD, job_id=job_id)
        time.sleep(0.002)
    fail(queue, "enrich-2", "ValueError: no")
    assert queue.counts()[ENRICH] == nothing | {"queued": 2, "failed": 1}
    oldest = queue.oldest(ENRICH)
    assert oldest is not None
    assert oldest == job(queue, "enrich-1").enqueued_at


def test_jobs_as_people_see_them(queue: JobQueue):
    for job_id in ("enrich-1", "enrich-2", "enrich-3"):
        queue.enqueue_articles(PAYLOAD, job_id=job_id)
    fail(queue, "enrich-2", "Traceback (most recent call last):\n  File ...\nValueError: no such thing\n")
    waiting = queue.jobs(ENRICH, status="queued", limit=10)
    assert [one.id for one in waiting] == ["enrich-1", "enrich-3"]
    (failed,) = queue.jobs(ENRICH, status="failed", limit=10)
    assert (failed.id, failed.queue, failed.status, failed.function, failed.tries, failed.error) == (
        "enrich-2",
        ENRICH,
        "failed",
        ENRICH_ARTICLES,
        6,
        "ValueError: no such thing",
    )
    assert waiting[0].enqueued_at is not None
    assert abs((waiting[0].enqueued_at - datetime.now(UTC)).total_seconds()) < 60
    assert (waiting[0].tries, waiting[0].error) == (1, None)
    assert [one.id for one in queue.jobs(ENRICH, status="queued", limit=1)] == ["enrich-1"]
    assert queue.jobs(CRAWL, status="finished", limit=10) == []


def test_a_failed_job_is_put_back_with_all_its_tries(queue: JobQueue):
    queue.enqueue_articles(PAYLOAD, job_id="enrich-1")
    queue.enqueue_articles(PAYLOAD, job_id="enrich-2")
    fail(queue, "enrich-1", "ValueError: no")
    assert tries(job(queue, "enrich-1")) == 6
    assert queue.requeue(["enrich-1", "enrich-2", "enrich-404"]) == ["enrich-1"]
    again = job(queue, "enrich-1")
    assert (again.get_status(), again.retries_left, tries(again)) == ("queued", RETRIES, 1)
    assert queue.counts()[ENRICH] == {"queued": 2, "started": 0, "failed": 0, "finished": 0}


def test_a_dropped_job_is_gone_from_everywhere(queue: JobQueue):
    queue.enqueue_articles(PAYLOAD, job_id="enrich-1")
    queue.enqueue_articles(PAYLOAD, job_id="enrich-2")
    fail(queue, "enrich-2", "ValueError: no")
    assert queue.drop(["enrich-1", "enrich-2", "enrich-404"]) == ["enrich-1", "enrich-2"]
    assert queue.counts()[ENRICH] == {"queued": 0, "started": 0, "failed": 0, "finished": 0}
    assert queue.statuses(["enrich-1", "enrich-2"]) == {"enrich-1": None, "enrich-2": None}


def test_of_a_lost_job_nothing_is_known(queue: JobQueue):
    queue.enqueue_articles(PAYLOAD, job_id="enrich-1")
    queue.connection.flushdb()
    assert queue.payload("enrich-1") is None
    assert queue.failure("enrich-1") is None
    assert queue.jobs(ENRICH, status="queued", limit=10) == []
    assert queue.requeue(["enrich-1"]) == queue.drop(["enrich-1"]) == []


def test_a_job_that_has_lost_its_hash_does_not_hide_the_others(queue: JobQueue):
    queue.enqueue_articles(PAYLOAD, job_id="enrich-1")
    queue.enqueue_articles(PAYLOAD, job_id="enrich-2")
    queue.connection.delete(Job.key_for("enrich-1"))
    assert [one.id for one in queue.jobs(ENRICH, status="queued", limit=10)] == ["enrich-2"]


def test_a_job_that_is_no_json_is_shown_but_not_read(queue: JobQueue):
    queue.enqueue_articles(PAYLOAD, job_id="enrich-1")
    queue.connection.hset(Job.key_for("enrich-1"), "data", zlib.compress(b"cos\nsystem\n(S'true'\ntR."))
    assert queue.payload("enrich-1") is None
    (shown,) = queue.jobs(ENRICH, status="queued", limit=10)
    assert (shown.id, shown.function) == ("enrich-1", "")
    assert function_of(job(queue, "enrich-1")) == ""


@pytest.mark.parametrize("argument", ["text", 5, None, [1]])
def test_an_argument_that_is_no_object_is_no_payload(queue: JobQueue, argument: object):
    queue_named(ENRICH, queue.connection).enqueue_call(ENRICH_ARTICLES, args=(argument,), job_id="enrich-1")
    assert queue.payload("enrich-1") is None


def test_no_worker_is_no_trouble(queue: JobQueue):
    assert queue.workers() == []


@pytest.mark.parametrize("url", ["", "http://127.0.0.1:6379", "redis://127.0.0.1:99999999", "nonsense"])
def test_an_address_that_cannot_be_used_is_an_error_of_ours(url: str):
    with pytest.raises(ServiceError, match="KLIPING_REDIS_URL"):
        connect(url)


def test_a_server_that_is_not_there_is_found_out_in_a_bounded_time():
    begun = time.monotonic()
    with pytest.raises(redis.ConnectionError), connect("redis://127.0.0.1:1") as nobody:
        nobody.ping()
    assert time.monotonic() - begun < 10


def test_a_call_to_a_server_that_says_nothing_ends_within_ten_seconds():
    """By a connection that was well until now."""
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        connect(f"redis://127.0.0.1:{silent.getsockname()[1]}/0") as connection,
    ):
        made = connection.connection_pool.make_connection()
        made._sock = made._connect()
        connection.connection_pool.release(made)
        begun = time.monotonic()
        with pytest.raises(NoAnswer):
            JobQueue(connection).was_lost()
        assert time.monotonic() - begun < 10
