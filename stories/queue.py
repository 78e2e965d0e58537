"""What the house does with RQ: queue names, jobs and their ids, what became of them.

Redis is the doorbell, MongoDB the memory: whatever is lost here is put back by the sweeper.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, cast

import redis
from redis.exceptions import RedisError
from rq import Retry
from rq.exceptions import DeserializationError, DuplicateJobError, InvalidJobOperation, NoSuchJobError
from rq.job import Job
from rq.serializers import JSONSerializer
from rq.worker import BaseWorker

from stories.errors import ServiceError
from stories.jobs import ENRICH_ARTICLES, RETRIES, RUN_CRAWL, StoryJob, function_of, queue_named, tries
from stories.redis_client import client

CRAWL: Final = "crawl"
ENRICH: Final = "enrich"
QUEUES: Final = (CRAWL, ENRICH)

ALIVE: Final = frozenset({"queued", "started", "deferred", "scheduled"})
"""The states of a job that waits or runs."""

ENRICH_TIMEOUT: Final = 300  # seconds; a batch of 200 takes under one second, a single hopeless text under ten
CRAWL_TIMEOUT: Final = 24 * 3600  # a day: a full back-fill is cut into days by its orders
RESULT_TTL: Final = 3600  # seconds a finished job stays to be looked at
FAILURE_TTL: Final = 30 * 24 * 3600  # a month: somebody is back from holiday

SOCKET_TIMEOUT: Final = 3  # seconds; an answer takes a millisecond, on a disk that is busy two seconds at worst
RECONNECTS: Final = 1  # an answer, a new connection, its login: three waits in all, under ten seconds
_KNOWN: Final = "kliping:known"
_BATCH: Final = 500  # job ids a round trip: the answer stays under 100 kB


def connect(
    url: str, *, timeout: float = SOCKET_TIMEOUT, reconnects: int = RECONNECTS, patience: float = 0.0
) -> redis.Redis:
    """Its waits are bounded; with `patience` each command is tried again for so many seconds.

    Raises ServiceError where the URL itself cannot be used.
    """
    try:
        return client(url, timeout=timeout, connect_timeout=timeout / 2, reconnects=reconnects, patience=patience)
    except (ValueError, RedisError) as error:
        raise ServiceError(f"KLIPING_REDIS_URL cannot be used: {error}") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedJob:
    """A job as `kliping queue jobs` shows it."""

    id: str
    queue: str
    status: str
    function: str
    enqueued_at: datetime | None
    tries: int
    error: str | None


class JobQueue:
    """What the house does with RQ. All methods may raise RedisError."""

    def __init__(self, connection: redis.Redis) -> None:
        self.connection = connection
        self._queues = {name: queue_named(name, connection) for name in QUEUES}

    def enqueue_articles(self, payload: Mapping[str, Any], *, job_id: str) -> bool:
        """One batch for the enrichers; False if this very job was already there."""
        return self._enqueue(ENRICH, ENRICH_ARTICLES, payload, job_id=job_id, timeout=ENRICH_TIMEOUT)

    def enqueue_crawl(self, order: Mapping[str, Any], *, job_id: str) -> bool:
        """One crawl; False if this very order was already there."""
        return self._enqueue(CRAWL, RUN_CRAWL, order, job_id=job_id, timeout=CRAWL_TIMEOUT)

    def _enqueue(self, queue: str, function: str, argument: Mapping[str, Any], *, job_id: str, timeout: int) -> bool:
        try:
            self._queues[queue].enqueue_call(
                function,
                args=(dict(argument),),
                job_id=job_id,
                description=function,  # RQ's own holds the whole payload once more
                unique=True,
                retry=Retry(max=RETRIES),
                timeout=timeout,
                result_ttl=RESULT_TTL,
                failure_ttl=FAILURE_TTL,
            )
        except DuplicateJobError:
            return False
        return True

    def was_lost(self) -> bool:
        """True if this Redis remembers nothing of ours: it is new, or was emptied."""
        return not self.connection.exists(_KNOWN)

    def remember(self) -> None:
        """From now on its loss is noticed."""
        self.connection.set(_KNOWN, 1)

    def statuses(self, job_ids: Sequence[str]) -> dict[str, str | None]:
        """Each job's status; None where Redis has no such job, or has it in no list: nobody will run it."""
        statuses: dict[str, str | None] = {}
        for start in range(0, len(job_ids), _BATCH):
            some = job_ids[start : start + _BATCH]
            with self.connection.pipeline() as pipeline:  # of one moment: a job may be on its way from list to list
                for job in some:
                    pipeline.hget(Job.key_for(job), "status")
                for queue in self._queues.values():
                    pipeline.lrange(queue.key, 0, -1)
                    pipeline.lrange(queue.intermediate_queue.key, 0, -1)
                    pipeline.zrange(queue.started_job_registry.key, 0, -1)  # of executions: "job:execution"
                answers = pipeline.execute()
            listed = {entry.decode().partition(":")[0] for entries in answers[len(some) :] for entry in entries}
            for job, answer in zip(some, answers, strict=False):
                status = answer.decode() if answer else None
                statuses[job] = None if status in ALIVE and job not in listed else status
        return statuses

    def counts(self) -> dict[str, dict[str, int]]:
        """Jobs by queue and state."""
        return {
            name: {
                "queued": queue.count,
                "started": queue.started_job_registry.get_job_count(cleanup=False),
                "failed": queue.failed_job_registry.get_job_count(cleanup=False),
                "finished": queue.finished_job_registry.get_job_count(cleanup=False),
            }
            for name, queue in self._queues.items()
        }

    def oldest(self, name: str) -> datetime | None:
        """When the job that waits longest was enqueued."""
        return next((job.enqueued_at for job in self.jobs(name, status="queued", limit=1)), None)

    def jobs(self, name: str, *, status: str, limit: int) -> list[QueuedJob]:
        """Up to `limit` jobs of a queue in a state: queued ones, the next first, else the newest."""
        queue = self._queues[name]
        if status == "queued":
            ids = queue.get_job_ids(0, limit)
        else:
            registry = getattr(queue, f"{status}_job_registry")
            ids = registry.get_job_ids(0, limit - 1, desc=True, cleanup=False)
        return [_as_data(job) for job in map(self._fetch, ids) if job is not None]

    def workers(self) -> list[dict[str, Any]]:
        """Every worker that Redis knows: name, queues, state, current job, counts."""
        return [
            {
                "name": worker.name,
                "queues": worker.queue_names(),
                "state": str(worker.get_state()),
                "job": worker.get_current_job_id(),
                "succeeded": worker.successful_job_count,
                "failed": worker.failed_job_count,
                "pid": worker.pid,
                "heartbeatAt": _aware(worker.last_heartbeat),
            }
            for worker in BaseWorker.all(connection=self.connection, serializer=JSONSerializer)
        ]

    def requeue(self, job_ids: Iterable[str]) -> list[str]:
        """Put failed jobs back with all their tries; gives those that were there."""
        done = []
        for job in filter(None, map(self._fetch, job_ids)):
            if job.get_status(refresh=False) == "failed":
                job.retries_left, job.number_of_retries = RETRIES, 0
                with suppress(InvalidJobOperation):  # somebody else has just done so
                    self._queues[job.origin].failed_job_registry.requeue(job)
                    done.append(job.id)
        return done

    def drop(self, job_ids: Iterable[str]) -> list[str]:
        """Forget jobs; their pages are put back by the sweeper. Gives those that were there."""
        done = []
        for job in filter(None, map(self._fetch, job_ids)):
            job.forget()
            done.append(job.id)
        return done

    def payload(self, job_id: str) -> dict[str, Any] | None:
        """The argument of a job; None if it is gone or not ours to read."""
        job = self._fetch(job_id)
        try:
            return job.args[0] if job and job.args and isinstance(job.args[0], dict) else None
        except DeserializationError:
            return None

    def failure(self, job_id: str) -> str | None:
        """The last line of what made a job fail."""
        job = self._fetch(job_id)
        return _last_line(job) if job else None

    def _fetch(self, job_id: str) -> StoryJob | None:
        try:
            return cast("StoryJob", StoryJob.fetch(job_id, connection=self.connection, serializer=JSONSerializer))
        except (NoSuchJobError, ValueError):  # ValueError: no job can have such an id
            return None


def _as_data(job: Job) -> QueuedJob:
    status = job.get_status(refresh=False)
    return QueuedJob(
        id=job.id,
        queue=job.origin,
        status=status.value if status else "unknown",
        function=function_of(job),
        enqueued_at=_aware(job.enqueued_at),
        tries=tries(job),
        error=_last_line(job),
    )


def _aware(at: datetime | None) -> datetime | None:
    """RQ's times are UTC, and some of its versions do not say so."""
    return at.replace(tzinfo=UTC) if at and at.tzinfo is None else at


def _last_line(job: Job) -> str | None:
    result = job.latest_result()
    lines = (result.exc_string or "").strip().splitlines() if result else []
    return lines[-1][:500] if lines else None
