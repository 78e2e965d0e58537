"""Which job is next: one that has lost its worker, before all that wait; not one that fails by itself."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from rq.job import Job
from rq.serializers import JSONSerializer

from stories.jobs import StoryJob, StoryQueue, queue_named, tries
from stories.queue import ENRICH, JobQueue
from tests.making import article, batch, batch_page, leased
from tests.workers.burst import Work
from workers.stores import Stores
from workers.worker import StoryWorker

Lose = Callable[[StoryWorker, Job], None]


@pytest.fixture
def own(stores: Stores) -> StoryWorker:
    """A worker that does nothing by itself."""
    queue = queue_named(ENRICH, stores.queue.connection)
    return StoryWorker([queue], connection=queue.connection)


def queued(stores: Stores, number: int, job_id: str, **different: Any) -> None:
    """A page that is handed over."""
    (held,) = leased(stores.ledger, number)
    stores.ledger.hand_over({held.key: held.token}, job_id=job_id)
    given = batch(batch_page(held, article(number, **different))).to_json()
    assert stores.queue.enqueue_articles(given, job_id=job_id)


def ended(queue: JobQueue) -> list[str]:
    """Jobs by the time of their end, the first one first."""
    ids = [job.id for status in ("finished", "failed") for job in queue.jobs(ENRICH, status=status, limit=100)]
    jobs = StoryJob.fetch_many(ids, connection=queue.connection, serializer=JSONSerializer)
    return [job.id for job in sorted(filter(None, jobs), key=lambda job: job.ended_at)]


def taken(own: StoryWorker) -> Job:
    """The next job; the second look is to find it."""
    job, _ = StoryQueue.dequeue_any(
        own.queues, None, connection=own.connection, job_class=StoryJob, serializer=JSONSerializer
    )
    own.run_maintenance_tasks()
    return job


def before_it_begins(own: StoryWorker, job: Job) -> None:
    """Since then a minute has passed."""
    long_ago = time.time() - 60
    own.connection.set(own.queues[0].intermediate_queue.get_first_seen_key(job.id), long_ago)


def as_it_begins(own: StoryWorker, job: Job) -> None:
    """The parent has told of it, its child is not there yet."""
    execution = own.prepare_execution(job)
    own.connection.zadd(own.queues[0].started_job_registry.key, {execution.composite_key: time.time() - 1}, xx=True)


def after_it_began(own: StoryWorker, job: Job) -> None:
    before_it_begins(own, job)
    as_it_begins(own, job)
    own.prepare_job_execution(job, remove_from_intermediate_queue=True)


LOSSES = pytest.mark.parametrize("lose", [before_it_begins, as_it_begins, after_it_began])


@LOSSES
def test_a_job_that_has_lost_its_worker_is_next(own: StoryWorker, stores: Stores, lose: Lose):
    """It has waited once: behind what has come since, it would run again much later than half a minute."""
    for number in range(3):
        stores.queue.enqueue_articles({}, job_id=f"enrich-{number}")
    lose(own, taken(own))
    assert own.queues[0].job_ids == ["enrich-1", "enrich-2"]
    own.run_maintenance_tasks()
    assert own.queues[0].job_ids == ["enrich-0", "enrich-1", "enrich-2"]


@LOSSES
def test_a_job_that_is_taken_anew_is_not_lost_at_once(own: StoryWorker, stores: Stores, lose: Lose):
    """Who looks for lost jobs has seen it, when it was taken before. It would run twice, and use up its tries."""
    stores.queue.enqueue_articles({}, job_id="enrich-1")
    lose(own, taken(own))
    own.run_maintenance_tasks()
    again = taken(own)
    own.run_maintenance_tasks()
    assert (tries(again), own.queues[0].job_ids) == (2, [])
    own.prepare_execution(again)
    own.prepare_job_execution(again, remove_from_intermediate_queue=True)
    assert own.queues[0].intermediate_queue.get_job_ids() == []


def test_a_job_that_fails_by_itself_waits_for_its_turn_anew(stores: Stores, work: Work):
    """What is wrong, in it or with a server, may need a while: the others do not wait for it."""
    queued(stores, 1, "enrich-wrong", headline=5)
    queued(stores, 2, "enrich-right")
    work(ENRICH)
    assert ended(stores.queue) == ["enrich-right", "enrich-wrong"]
