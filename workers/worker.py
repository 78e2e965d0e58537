"""The RQ worker: one queue, JSON only, our functions only, short leases, dead when its parent is.

Two queues on one worker orphaned jobs for ever; RQ's default time-outs find a dead worker's job after 13 minutes.
Both were measured (docs/decisions/0004); so were the numbers here.
"""

from __future__ import annotations

import gc
import logging
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from types import FrameType
from typing import Any, Final

from pymongo.errors import PyMongoError
from redis.exceptions import OutOfMemoryError, RedisError
from rq import Queue, Worker, worker_registration
from rq.job import Job
from rq.serializers import JSONSerializer

from stories import stopping
from stories.errors import ServiceError, UsageError
from stories.jobs import ALLOWED, StoryJob, function_of, queue_named
from stories.patience import LIMIT
from stories.queue import CRAWL, ENRICH, QUEUES, SOCKET_TIMEOUT, connect
from stories.settings import Settings
from stories.stopping import end_within
from workers.leash import die_with_parent
from workers.stores import open_stores

log = logging.getLogger(__name__)

WORKER_TTL: Final = 25  # seconds without a heartbeat after which Redis forgets a worker: six of a busy one's
MAINTENANCE: Final = 5  # seconds between looks for abandoned jobs; an idle worker looks up to a _DEQUEUE later
MONITORING: Final = 4  # seconds between a running job's heartbeats
CUT_SHORT: Final = 1
"""The exit code of a worker that was told to stop and could not end in good order."""
_DEQUEUE: Final = SOCKET_TIMEOUT - 1
"""Seconds that a worker waits for a job before it asks again: less than its connection waits for any answer."""
_HEARTBEAT_TTL: Final = 12  # seconds a job's own sign of life lasts: three heartbeats
_YIELD: Final = 5  # of nice: a quarter of a core that a crawler or a server wants, too; stories can wait a second
_LONGEST_NAME: Final = 200  # characters of a function's name; ours have 28


class StoryWorker(Worker):
    """Overrides take **kwargs, so that RQ 3.0's further arguments pass (docs/decisions/0004)."""

    clock: threading.Timer | None = None
    """Runs since the worker was told to stop."""

    def __init__(self, queues: list[Queue], *, settings: Settings | None = None, **kwargs: Any) -> None:
        """With settings, what it refuses is also kept in quarantine."""
        if len(queues) != 1:
            raise UsageError(f"a worker serves one queue, not {len(queues)}: jobs of a second can be lost.")
        super().__init__(
            queues,
            serializer=JSONSerializer,
            job_class=StoryJob,
            worker_ttl=WORKER_TTL,
            maintenance_interval=MAINTENANCE,
            job_monitoring_interval=MONITORING,
            log_job_description=False,  # a description holds the payload: page text
            **kwargs,
        )
        self._settings = settings

    @property
    def dequeue_timeout(self) -> int:
        """RQ's own is ten seconds, for which it makes every call wait twenty."""
        return _DEQUEUE

    @property
    def connection_timeout(self) -> int:
        return SOCKET_TIMEOUT

    def heartbeat(self, timeout: int | None = None, pipeline: Any = None) -> None:  # noqa: ARG002 - RQ's signature
        """RQ's own would be remembered for a minute longer."""
        super().heartbeat(WORKER_TTL, pipeline)
        if pipeline is None:
            self._introduce()

    def maintain_heartbeats(self, job: Job) -> None:
        with _unless_full():
            super().maintain_heartbeats(job)
            self._introduce()

    def set_current_job_working_time(self, current_job_working_time: float, pipeline: Any = None) -> None:
        with _unless_full():
            super().set_current_job_working_time(current_job_working_time, pipeline)

    def _introduce(self) -> None:
        """A Redis that has forgotten this worker, in an outage or with all else, knows it again."""
        with self.connection.pipeline() as pipeline:
            pipeline.hset(self.key, mapping=self.serialize())
            worker_registration.register(self, pipeline)
            pipeline.execute()

    def get_heartbeat_ttl(self, job: Job, **_kwargs: Any) -> int:  # noqa: ARG002 - RQ's signature
        """How long a job counts as running without a sign of life: not its whole time-out."""
        return _HEARTBEAT_TTL

    def execute_job(self, job: Job, queue: Queue, **kwargs: Any) -> None:
        """Refuse what is not ours before a child is made for it."""
        if function_of(job) not in ALLOWED:
            self._refuse(job, queue)
            return
        try:
            super().execute_job(job, queue, **kwargs)
        finally:
            self.execution = None  # RQ keeps that of a child that told nothing: it would end with the next job's

    def _refuse(self, job: Job, queue: Queue) -> None:
        named = function_of(job)[:_LONGEST_NAME]
        reason = f"refused: a job may name only our own functions, not {named!r}"
        log.error("job refused", extra={"job": job.id, "function": named})
        job.retries_left = None  # whatever it says itself
        self.handle_job_failure(job, queue, exc_string=reason)
        if self._settings is None:
            return
        try:
            with open_stores(self._settings) as stores:
                stores.quarantine.put(
                    f"job:{job.id}", site=queue.name, url=None, stage="job", reason=reason, at=stores.ledger.now()
                )
        except PyMongoError:  # it is refused, and among the failed jobs, all the same
            log.exception("a refused job is not in quarantine", extra={"job": job.id})

    def main_work_horse(self, job: Job, queue: Queue, **kwargs: Any) -> None:
        die_with_parent(signal.SIGKILL)
        if queue.name == ENRICH:
            os.nice(_YIELD)
        gc.disable()  # it ends with its job: to look for cycles in a batch takes longer than they would stay
        super().main_work_horse(job, queue, **kwargs)

    def handle_job_success(self, job: Job, queue: Queue, *args: Any, **kwargs: Any) -> None:
        """A finished job stays to be looked at, without its articles: those are in MongoDB now.

        An hour's worth at full speed would be a gigabyte of Redis, and RQ would compress each again (0.08 ms).
        """
        articles = job.args
        if queue.name == ENRICH:
            job.args = ()
        try:
            super().handle_job_success(job, queue, *args, **kwargs)
        except RedisError:
            job.args = articles  # it runs again, for nobody was told that it has ended
            raise

    def _install_signal_handlers(self) -> None:
        super()._install_signal_handlers()  # type: ignore[no-untyped-call]  # RQ's own
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
            signal.signal(signal.SIGHUP, self.request_stop)

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        """RQ's raises where nobody works."""
        if not stopping.comes_again(signum, frame):
            super().request_stop(signum, frame)  # type: ignore[no-untyped-call]  # RQ's own

    def handle_warm_shutdown_request(self, **kwargs: Any) -> None:
        """A crawl is told to end in good order; a batch ends by itself within a second, or waits for a server."""
        self.clock = end_within(stopping.WORKER, exit_code=CUT_SHORT, last=self._end_horse)
        super().handle_warm_shutdown_request(**kwargs)  # type: ignore[no-untyped-call]  # RQ's own
        if self.horse_pid and self.queues[0].name == CRAWL:
            self.kill_horse(signal.SIGTERM)

    def _end_horse(self) -> None:
        if self.horse_pid:
            self.kill_horse()


@contextmanager
def _unless_full() -> Iterator[None]:
    """A sign of life that a full Redis refuses is left out: who would miss it cannot write, either. RQ would end."""
    try:
        yield
    except OutOfMemoryError:
        log.warning("Redis is full: a job's sign of life is refused")


def work(queue: str, settings: Settings, *, burst: bool = False) -> None:
    """Serve one queue until SIGTERM; with `burst` until it is empty."""
    if queue not in QUEUES:
        raise UsageError(f"no queue {queue!r}; there are {' and '.join(QUEUES)}.")
    if settings.redis_url is None:
        raise UsageError("a worker needs KLIPING_REDIS_URL; 'kliping up' starts its own.")
    _warm_up(queue)
    connection = connect(settings.redis_url, patience=LIMIT)  # RQ's own patience is for idle workers only
    worker = StoryWorker([queue_named(queue, connection)], settings=settings, connection=connection)
    if not burst:  # after an outage the others have to give a sign of life before they can be missed
        worker.last_cleaned_at = datetime.now(UTC)  # type: ignore[assignment]  # RQ does not say what it holds
    try:
        worker.work(burst=burst, logging_level=settings.log_level.upper(), with_scheduler=False)
    finally:
        if worker.clock:
            worker.clock.cancel()
    if not (burst or worker.clock):
        raise ServiceError(f"the worker of '{queue}' ended by itself: Redis was away for too long, or see its log.")


def _warm_up(queue: str) -> None:
    """What a child would import and load for every job, it inherits: 1 s a job less."""
    from stories import store  # noqa: PLC0415
    from workers import tasks  # noqa: F401, PLC0415
    from workers.enrich import registry  # noqa: PLC0415

    if queue == ENRICH:
        registry.warm_up()
        store.warm_up()
    gc.freeze()  # else a child's collector touches, and so copies, all that it inherited
