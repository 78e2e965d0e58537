"""The only user of rq.Queue: RQ's jobs and queues as ours. What a job may name, JSON, tries, which one is next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import redis
from redis.client import Pipeline
from rq import Queue
from rq.exceptions import DeserializationError
from rq.intermediate_queue import IntermediateQueue
from rq.job import Job
from rq.serializers import JSONSerializer

from stories.errors import UsageError

RUN_CRAWL: Final = "workers.tasks.run_crawl"
ENRICH_ARTICLES: Final = "workers.tasks.enrich_articles"
ALLOWED: Final = frozenset({RUN_CRAWL, ENRICH_ARTICLES})
"""The only functions that a job may name; the worker refuses any other."""

RETRIES: Final = 5  # six tries in all; without intervals, which would need a scheduler whose child survives a kill
_CLEANING: Final = 5  # seconds; it takes milliseconds, and two at once would do no more than a job twice
_BEGINS: Final = timedelta(seconds=4)  # less than between two looks (workers/worker.py), so that the second one acts


class _Taken(IntermediateQueue):
    """Jobs that a worker has taken and not begun; a healthy one begins within a second.

    RQ remembers for a day when it first saw a job here: taken anew, it would count as lost at once, and run twice.
    """

    def remove(self, job_id: str) -> None:
        super().remove(job_id)
        self.connection.delete(self.get_first_seen_key(job_id))

    def begins(self, job_id: str, pipeline: Pipeline) -> None:
        pipeline.lrem(self.key, 0, job_id)  # all: a worker that died in this moment has left it here once more
        pipeline.delete(self.get_first_seen_key(job_id))

    def should_be_cleaned_up(self, job_id: str) -> bool:
        first_seen = self.get_first_seen(job_id)
        return first_seen is not None and datetime.now(UTC) - first_seen > _BEGINS


def _taken(queue: str, connection: redis.Redis) -> _Taken:
    return _Taken(f"{Queue.redis_queue_namespace_prefix}{queue}", connection=connection)


class StoryJob(Job):
    """A job as our workers know it: it names one of our functions, and calls nobody back.

    RQ would import and call whatever a job names: as its function, and as what is to be called when it succeeds, fails,
    stops or is found abandoned; and post to any address. Whoever can write to Redis could name anything.
    """

    @property
    def func(self) -> Any:
        if self.func_name not in ALLOWED:
            raise UsageError(f"a job may name only our own functions, not {str(self.func_name)[:100]!r}")
        return super().func

    def prepare_for_execution(self, worker_name: str, pipeline: Pipeline) -> None:
        super().prepare_for_execution(worker_name, pipeline)
        _taken(self.origin, self.connection).begins(self.id, pipeline)

    def perform(self) -> Any:
        """From here on it has a worker: what fails by itself waits for its turn anew, what loses its worker is next.

        Else it would run again behind all that wait; a few lost batches alone are split into hundreds.
        """
        self.enqueue_at_front_on_retry = False
        return super().perform()

    @property
    def success_callback(self) -> None:
        """None of ours has one."""

    @property
    def failure_callback(self) -> None:
        """None of ours has one."""

    @property
    def stopped_callback(self) -> None:
        """None of ours has one."""

    def send_webhooks(self, *_: Any, **_named: Any) -> None:
        """None of ours has one."""


class StoryQueue(Queue):
    """One whose maintenance a killed worker does not hold up.

    RQ's lock would outlive a worker that is killed in the middle of it by 15 minutes, in which nobody finds the jobs of
    dead workers; and a job whose worker died before it began would wait for 70 seconds.
    """

    def acquire_maintenance_lock(self) -> bool:
        return bool(self.connection.set(self.registry_cleaning_key, 1, nx=True, ex=_CLEANING))

    @property
    def intermediate_queue(self) -> IntermediateQueue:
        return _taken(self.name, self.connection)


def queue_named(name: str, connection: redis.Redis) -> StoryQueue:
    return StoryQueue(name, connection=connection, serializer=JSONSerializer, job_class=StoryJob)


def function_of(job: Job) -> str:
    """The function that a job names; empty if it is not in JSON, or names none."""
    try:
        return job.func_name or ""
    except DeserializationError:
        return ""


def tries(job: Job) -> int:
    """Which try this is, or was the last one. (RQ's `number_of_retries` counts another kind of retry.)"""
    return 1 if job.retries_left is None else RETRIES + 1 - job.retries_left
