"""Jobs whose worker is lost, at each step of the way. Their worker does nothing by itself."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

import pytest
from rq.job import Job
from rq.serializers import JSONSerializer

from stories.jobs import StoryJob, StoryQueue, queue_named
from stories.queue import ENRICH
from workers.stores import Stores
from workers.worker import StoryWorker

Lose = Callable[[StoryWorker, Job], None]


@pytest.fixture
def own(stores: Stores) -> StoryWorker:
    queue = queue_named(ENRICH, stores.queue.connection)
    return StoryWorker([queue], connection=queue.connection)


def taken(own: StoryWorker) -> Job:
    """The next job; the look after this one may find it."""
    job, _ = StoryQueue.dequeue_any(
        own.queues, None, connection=own.connection, job_class=StoryJob, serializer=JSONSerializer
    )
    own.run_maintenance_tasks()
    return job


def begins(own: StoryWorker, job: Job) -> None:
    """As its parent, and then the child, tell."""
    own.prepare_execution(job)
    own.prepare_job_execution(job, remove_from_intermediate_queue=True)


def before_it_begins(own: StoryWorker, job: Job) -> None:
    """Since then a minute has passed."""
    own.connection.set(own.queues[0].intermediate_queue.get_first_seen_key(job.id), time.time() - 60)


def as_it_begins(own: StoryWorker, job: Job) -> None:
    """The parent has told of it, its child is not there yet."""
    execution = own.prepare_execution(job)
    own.connection.zadd(own.queues[0].started_job_registry.key, {execution.composite_key: time.time() - 1}, xx=True)
    own.connection.delete(execution.key)
    own.execution = None


def after_it_began(own: StoryWorker, job: Job) -> None:
    before_it_begins(own, job)
    as_it_begins(own, job)
    own.prepare_job_execution(job, remove_from_intermediate_queue=True)


LOSSES: Final = pytest.mark.parametrize("lose", [before_it_begins, as_it_begins, after_it_began])
