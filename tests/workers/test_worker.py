"""The worker: what it refuses, and how it is seen."""

from __future__ import annotations

import signal
import time
from datetime import UTC, datetime, timedelta

import pytest
from redis.exceptions import OutOfMemoryError
from redis.exceptions import TimeoutError as RedisTimeout
from rq import Worker
from rq.serializers import JSONSerializer

from stories.errors import ServiceError, UsageError
from stories.jobs import queue_named
from stories.queue import CRAWL, ENRICH, QUEUES
from stories.settings import Settings
from tests.workers.burst import Work, signals_kept
from workers import worker
from workers.stores import Stores, open_stores
from workers.worker import StoryWorker
from workers.worker import work as serve


def test_a_worker_serves_one_queue(stores: Stores):
    """Jobs of a second were orphaned for ever."""
    queues = [queue_named(name, stores.queue.connection) for name in QUEUES]
    for wrong in (queues, []):
        with pytest.raises(UsageError, match="one queue"):
            StoryWorker(wrong, connection=stores.queue.connection)


def test_a_queue_that_we_do_not_have(stores: Stores):
    with pytest.raises(UsageError, match="no queue 'default'; there are crawl and enrich"):
        serve("default", stores.settings)


def test_a_worker_without_redis(tmp_path):
    with pytest.raises(UsageError, match="KLIPING_REDIS_URL"):
        serve(ENRICH, Settings(home=tmp_path))


@pytest.mark.parametrize("absent", ["mongo_url", "redis_url"])
def test_stores_need_both_servers(absent: str, tmp_path):
    given = {"mongo_url": "mongodb://127.0.0.1:1", "redis_url": "redis://127.0.0.1:1"} | {absent: None}
    with (
        pytest.raises(UsageError, match="KLIPING_MONGO_URL and KLIPING_REDIS_URL"),
        open_stores(Settings(home=tmp_path, **given)),
    ):
        pass


def test_it_is_forgotten_soon_after_its_death_and_its_job_sooner(stores: Stores):
    own = StoryWorker([queue_named(ENRICH, stores.queue.connection)], connection=stores.queue.connection)
    assert own.worker_ttl == worker.WORKER_TTL <= 30
    assert own.get_heartbeat_ttl(None) <= 12  # type: ignore[arg-type]
    assert own.get_heartbeat_ttl(None, any_argument_of_rq_3=True) <= 12  # type: ignore[arg-type]
    assert own.serializer is JSONSerializer
    assert not own.log_job_description


def test_people_see_it_with_its_queue_and_state(stores: Stores):
    own = StoryWorker([queue_named(CRAWL, stores.queue.connection)], connection=stores.queue.connection)
    own.register_birth()
    own.set_state("idle")
    try:
        (seen,) = stores.queue.workers()
    finally:
        own.register_death()
    assert (seen["name"], seen["queues"], seen["state"], seen["job"]) == (own.name, [CRAWL], "idle", None)
    assert seen["heartbeatAt"] is not None


@pytest.mark.parametrize("is_busy", [False, True])
def test_a_worker_that_redis_has_forgotten_is_known_again(stores: Stores, *, is_busy: bool):
    """An outage was longer than it is remembered, or Redis lost its memory."""
    queue = queue_named(ENRICH, stores.queue.connection)
    own = StoryWorker([queue], connection=stores.queue.connection)
    own.register_birth()
    stores.queue.enqueue_articles({"pages": []}, job_id="enrich-1")
    job = queue.fetch_job("enrich-1")
    own.prepare_execution(job)
    stores.queue.connection.flushdb()
    if is_busy:
        own.maintain_heartbeats(job)
    else:
        own.heartbeat()
    (seen,) = stores.queue.workers()
    assert (seen["name"], seen["queues"]) == (own.name, [ENRICH])
    assert 0 < stores.queue.connection.ttl(own.key) <= worker.WORKER_TTL


def test_a_job_whose_end_could_not_be_written_keeps_its_articles(stores: Stores):
    """It runs again; without them it would fail six times."""
    queue = queue_named(ENRICH, stores.queue.connection)
    own = StoryWorker([queue], connection=stores.queue.connection)
    stores.queue.enqueue_articles({"pages": ["an article"]}, job_id="enrich-1")
    job = queue.fetch_job("enrich-1")
    own.prepare_execution(job)
    job.started_at = job.ended_at = datetime.now(UTC)
    stores.queue.connection.config_set("maxmemory", 1)
    try:
        with pytest.raises(OutOfMemoryError):
            own.handle_job_success(job, queue, queue.started_job_registry)
    finally:
        stores.queue.connection.config_set("maxmemory", "512mb")
    assert list(job.args) == [{"pages": ["an article"]}]
    own.handle_job_success(job, queue, queue.started_job_registry)
    assert not queue.fetch_job("enrich-1").args


def test_an_empty_queue_ends_a_burst_at_once(stores: Stores, work: Work):
    work(ENRICH)
    assert Worker.all(connection=stores.queue.connection, serializer=JSONSerializer) == []


def test_a_worker_that_gives_up_is_no_worker_that_was_stopped(stores: Stores, monkeypatch: pytest.MonkeyPatch):
    """RQ's ends in good order, as if somebody had asked for it, when Redis has not answered for too long."""

    def in_vain(*_: object) -> None:
        raise RedisTimeout

    monkeypatch.setattr(StoryWorker, "dequeue_job_and_maintain_ttl", in_vain)
    with signals_kept(), pytest.raises(ServiceError, match="the worker of 'enrich' ended by itself"):
        serve(ENRICH, stores.settings)


def test_a_new_worker_looks_for_the_lost_when_the_living_had_time_to_tell(
    stores: Stores, monkeypatch: pytest.MonkeyPatch
):
    """After an outage of Redis all have been silent, and one that begins then would miss them all."""
    looked: list[bool] = []

    def once(own: StoryWorker, *_: object) -> None:
        looked.append(own.should_run_maintenance_tasks)
        own.last_cleaned_at -= timedelta(seconds=worker.MAINTENANCE)  # type: ignore[operator]  # RQ does not say
        looked.append(own.should_run_maintenance_tasks)
        raise RedisTimeout

    monkeypatch.setattr(StoryWorker, "dequeue_job_and_maintain_ttl", once)
    with signals_kept(), pytest.raises(ServiceError):
        serve(ENRICH, stores.settings)
    assert looked == [False, True]
    assert worker.MAINTENANCE > worker.MONITORING


def test_an_idle_worker_ends_also_where_its_stop_came_in_a_destructor(stores: Stores, monkeypatch: pytest.MonkeyPatch):
    """Python drops what is raised there."""

    class Destroyed:
        def __del__(self) -> None:
            signal.raise_signal(signal.SIGTERM)

    def waiting(*_: object) -> None:
        Destroyed()
        time.sleep(20)
        raise RedisTimeout

    monkeypatch.setattr(StoryWorker, "dequeue_job_and_maintain_ttl", waiting)
    began = time.monotonic()
    with signals_kept():
        serve(ENRICH, stores.settings)
    assert time.monotonic() - began < 10


def test_jobs_of_another_queue_are_left_alone(stores: Stores, work: Work):
    stores.queue.enqueue_crawl({"run": "run-1"}, job_id="crawl-1")
    work(ENRICH)
    assert stores.queue.statuses(["crawl-1"]) == {"crawl-1": "queued"}


def test_a_worker_takes_its_signals_and_gives_them_back_here(stores: Stores, work: Work):
    """What every test of a worker here rests on."""
    with signals_kept():
        work(ENRICH)
