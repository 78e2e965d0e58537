"""A job stands in one place, once, whoever dies, whatever Redis refuses, and whichever answer is lost."""

from __future__ import annotations

import base64
import os
import time

import pytest
from rq.job import Job, Retry

from stories.jobs import RETRIES
from stories.queue import ENRICH, connect
from tests.making import article, batch, batch_page, leased
from tests.workers.burst import Work, signals_kept
from tests.workers.lethal import DIARY, SLOW_DEATHS, enrichment_of
from tests.workers.losing import LOSSES, Lose, as_it_begins, before_it_begins, begins, taken
from workers import tasks
from workers.stores import Stores
from workers.worker import StoryWorker


def places(own: StoryWorker) -> dict[str, list[str]]:
    queue = own.queues[0]
    lists = {
        "queued": queue.job_ids,
        "taken": queue.intermediate_queue.get_job_ids(),
        "started": queue.started_job_registry.get_job_ids(cleanup=False),
        "failed": queue.failed_job_registry.get_job_ids(cleanup=False),
    }
    return {place: jobs for place, jobs in lists.items() if jobs}


@pytest.fixture
def job(own: StoryWorker, stores: Stores) -> Job:
    """The only one, taken by a worker."""
    stores.queue.enqueue_articles({}, job_id="enrich-1")
    return taken(own)


def is_left_as_it_began(own: StoryWorker, job: Job) -> None:
    """And nobody took it before the next look."""
    as_it_begins(own, job)
    own.run_maintenance_tasks()
    before_it_begins(own, job)


def runs_twice(own: StoryWorker, job: Job) -> None:
    """Two workers had it, both are lost."""
    as_it_begins(own, job)
    as_it_begins(own, job)


def is_given_back_twice(own: StoryWorker, job: Job) -> None:
    """By its child, and by the parent for that was killed then; or Redis did so, and its answer was lost."""
    begins(own, job)
    own.handle_job_failure(job, own.queues[0])
    own.handle_job_failure(own.queues[0].fetch_job(job.id), own.queues[0])


def is_stopped_twice(own: StoryWorker, job: Job) -> None:
    """A crawl, once: the answer was lost."""
    begins(own, job)
    job.ended_at, execution, registry = job.started_at, own.execution, own.queues[0].started_job_registry
    for _ in range(2):
        own.handle_job_retry(job, own.queues[0], Retry(max=RETRIES), registry, execution)


@pytest.mark.parametrize("lose", [is_left_as_it_began, runs_twice, is_given_back_twice, is_stopped_twice])
def test_it_is_given_back_once(own: StoryWorker, job: Job, lose: Lose):
    lose(own, job)
    own.run_maintenance_tasks()
    assert places(own) == {"queued": ["enrich-1"]}


@LOSSES
def test_it_fails_once(own: StoryWorker, job: Job, lose: Lose):
    own.connection.hset(job.key, "retries_left", 0)
    lose(own, job)
    own.run_maintenance_tasks()
    assert places(own) == {"failed": ["enrich-1"]}


def test_what_redis_refuses_to_take_back_is_not_lost(own: StoryWorker, stores: Stores):
    """It takes what is small, and to take from a list, when it is full."""
    payload = {"text": base64.b64encode(os.urandom(600_000)).decode()}
    stores.queue.enqueue_articles(payload, job_id="enrich-1")
    before_it_begins(own, taken(own))
    own.connection.config_set("maxmemory", own.connection.info("memory")["used_memory"] + 300_000)
    try:
        own.run_maintenance_tasks()
    finally:
        own.connection.config_set("maxmemory", "512mb")
    assert places(own) == {"taken": ["enrich-1"]}
    own.run_maintenance_tasks()
    assert places(own) == {"queued": ["enrich-1"]}


def test_a_full_redis_ends_no_job_that_is_at_work(
    own: StoryWorker, job: Job, stores: Stores, monkeypatch: pytest.MonkeyPatch
):
    """Its worker would end, for it can give no sign of life, and its child with it."""
    own.job_monitoring_interval = 1

    def while_redis_is_full(_: object) -> None:
        with connect(stores.settings.redis_url or "") as connection:
            connection.config_set("maxmemory", 1)
            time.sleep(2.5 * own.job_monitoring_interval)
            connection.config_set("maxmemory", "512mb")

    monkeypatch.setattr(tasks, "enrich_articles", while_redis_is_full)
    own.register_birth()
    try:
        with signals_kept():
            own.execute_job(job, own.queues[0])
    finally:
        own.connection.config_set("maxmemory", "512mb")
    own.register_death()
    assert stores.queue.statuses([job.id]) == {job.id: "finished"}


def test_what_a_child_leaves_without_a_word_does_not_end_with_another_job(
    own: StoryWorker, job: Job, stores: Stores, work: Work, monkeypatch: pytest.MonkeyPatch
):
    """Its worker may be the one that finds the other job. Both are found in time."""
    assert work  # these servers are in the child's environment
    monkeypatch.setenv(DIARY, os.devnull)
    monkeypatch.setattr(tasks, "enrichment_of", enrichment_of)
    (held,) = leased(stores.ledger, 2)
    page = batch_page(held, article(2, headline=next(iter(SLOW_DEATHS))))
    stores.queue.enqueue_articles(batch(page).to_json(), job_id="enrich-2")
    own.register_birth()
    with signals_kept():
        own.execute_job(taken(own), own.queues[0])
    before_it_begins(own, job)
    own.run_maintenance_tasks()
    own.register_death()
    assert places(own) == {"queued": ["enrich-1"], "started": ["enrich-2"]}


@LOSSES
def test_a_job_that_has_just_lost_its_worker_can_be_dropped(own: StoryWorker, stores: Stores, job: Job, lose: Lose):
    """RQ's own way failed for a minute, and half of it was done: the sweeper died of it."""
    own.connection.hset(job.key, "retries_left", 1)
    lose(own, job)
    own.run_maintenance_tasks()
    lose(own, taken(own))
    own.run_maintenance_tasks()
    assert (places(own), stores.queue.failure("enrich-1") is not None) == ({"failed": ["enrich-1"]}, True)
    assert stores.queue.drop(["enrich-1"]) == ["enrich-1"]
    left = own.connection.keys("*enrich-1*")
    assert (places(own), left) == ({}, [])


@pytest.mark.parametrize("at", ["queue", "taken", "started"])
def test_a_job_that_stands_nowhere_is_not_alive(own: StoryWorker, stores: Stores, job: Job, at: str):
    """Whatever lost it: its name says that it waits or runs, and the sweeper would believe it for ever."""
    queue = own.queues[0]
    if at == "queue":
        own.handle_job_failure(job, queue)
        list_ = queue.key
    elif at == "started":
        begins(own, job)
        list_ = queue.started_job_registry.key
    else:
        list_ = queue.intermediate_queue.key
    assert stores.queue.statuses([job.id])[job.id] in {"queued", "started"}
    own.connection.delete(list_)
    assert stores.queue.statuses([job.id]) == {job.id: None}


def test_a_crawl_that_was_stopped_six_times_has_all_its_tries_again(own: StoryWorker, stores: Stores, job: Job):
    own.connection.hset(job.key, mapping={"retries_left": 0, "number_of_retries": RETRIES})
    before_it_begins(own, job)
    own.run_maintenance_tasks()
    assert stores.queue.requeue([job.id]) == [job.id]
    again = own.queues[0].fetch_job(job.id)
    assert (again.retries_left, again.number_of_retries or 0) == (RETRIES, 0)


def test_two_people_put_the_same_jobs_back(own: StoryWorker, stores: Stores, job: Job, monkeypatch: pytest.MonkeyPatch):
    own.connection.hset(job.key, "retries_left", 0)
    before_it_begins(own, job)
    own.run_maintenance_tasks()
    seen = stores.queue._fetch(job.id)
    assert stores.queue.requeue([job.id]) == [job.id]
    monkeypatch.setattr(stores.queue, "_fetch", lambda _: seen)
    assert stores.queue.requeue([job.id]) == []
    assert places(own) == {"queued": [job.id]}
    assert stores.queue.counts()[ENRICH]["queued"] == 1
