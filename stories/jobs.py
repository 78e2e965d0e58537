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
_NEXT: Final = 2  # tries after which a lost job is next: one that loses each of its workers does not hold up the others


class _Taken(IntermediateQueue):
    """Jobs that a worker has taken and not begun; a healthy one begins within a second.

    RQ remembers for a day when it first saw a job here: taken anew, it would count as lost at once, and run twice.
    """

    def leaves(self, job_id: str, pipeline: Pipeline) -> None:
        """With what else is written of it, or not at all."""
        pipeline.lrem(self.key, 0, job_id)  # all: a worker that died as it began has left it here once more
        pipeline.delete(self.get_first_seen_key(job_id))

    def remove(self, job_id: str) -> None:
        """RQ calls it after it gave a job back, also where Redis refused that: it would be nowhere."""
        if not Job.exists(job_id, self.connection):
            super().remove(job_id)

    def should_be_cleaned_up(self, job_id: str) -> bool:
        first_seen = self.get_first_seen(job_id)
        return first_seen is not None and datetime.now(UTC) - first_seen > _BEGINS


class StoryJob(Job):
    """A job as our workers know it: it names one of our functions, and calls nobody back.

    RQ would import and call whatever a job names: as its function, and as what is to be called when it succeeds, fails,
    stops or is found abandoned; and post to any address. Whoever can write to Redis could name anything.

    It stands in one place, once, whoever died or whichever answer was lost: what moves it takes it from all others.
    """

    has_begun = False
    """In this process: what fails here fails by itself."""

    @property
    def func(self) -> Any:
        if self.func_name not in ALLOWED:
            raise UsageError(f"a job may name only our own functions, not {str(self.func_name)[:100]!r}")
        return super().func

    def prepare_for_execution(self, worker_name: str, pipeline: Pipeline) -> None:
        super().prepare_for_execution(worker_name, pipeline)
        self._taken.leaves(self.id, pipeline)

    def perform(self) -> Any:
        self.has_begun = True
        return super().perform()

    def retry(self, queue: Queue, pipeline: Pipeline) -> None:
        """What fails by itself waits for its turn anew; what has lost its worker is next.

        Else it would run again behind all that wait; a few lost batches alone are split into hundreds.
        """
        self.enqueue_at_front_on_retry = not self.has_begun and tries(self) <= _NEXT
        self._leaves(pipeline)
        super().retry(queue, pipeline)

    def _handle_retry_result(self, queue: Queue, pipeline: Pipeline, *args: Any, **kwargs: Any) -> None:
        self._leaves(pipeline)
        super()._handle_retry_result(queue, pipeline, *args, **kwargs)

    def _handle_failure(self, exc_string: str, pipeline: Pipeline, *args: Any, **kwargs: Any) -> None:
        self._leaves(pipeline)
        super()._handle_failure(exc_string, pipeline, *args, **kwargs)

    def forget(self) -> None:
        """Gone from everywhere, with what it said, at once.

        RQ's `delete` takes it from its queue, and then fails in the minute after it has lost its worker.
        """
        with self.connection.pipeline() as pipeline:
            self._leaves(pipeline)
            for registry in (self.failed_job_registry, self.finished_job_registry):
                pipeline.zrem(registry.key, self.id)
            pipeline.delete(self.key, f"rq:results:{self.id}", self.execution_registry.key)
            pipeline.execute()

    @property
    def _taken(self) -> _Taken:
        return queue_named(self.origin, self.connection).intermediate_queue

    def _leaves(self, pipeline: Pipeline) -> None:
        pipeline.lrem(queue_named(self.origin, self.connection).key, 0, self.id)
        self._taken.leaves(self.id, pipeline)

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
    def intermediate_queue(self) -> _Taken:
        return _Taken(self.key, connection=self.connection)


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
