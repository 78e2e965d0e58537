"""The scheduler's process: one thread looks at the clock, one tells Redis, one sweeps. None of them waits for another.

A tick fires within a second of its instant while MongoDB answers, however slow Redis is and however much the sweeper
finds to put back.
"""

from __future__ import annotations

import logging
import os
import secrets
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from datetime import datetime
from threading import Event, Thread
from typing import Final

from pymongo.errors import PyMongoError
from redis.exceptions import RedisError

from stories import stopping
from stories.order import CrawlOrder
from stories.queue import JobQueue
from workers.scheduler import EVERY, Scheduler
from workers.stores import Stores
from workers.sweep import EVERY as SWEEP_EVERY
from workers.sweep import sweep
from workers.ticks import Schedules

log = logging.getLogger(__name__)

SIGN_OF_LIFE: Final = 5.0  # seconds between two; an absent scheduler is told after four (workers/alarms.py)
_PATIENCE: Final = 20.0  # seconds to tell Redis of an order; after 30 the sweeper does (stories.runs.SILENT)
_TELLERS: Final = 8  # each waits for Redis's disk, which writes for all of them at once: 200 orders took 0.1 s
_LEAVE: Final = 12.0  # seconds for the threads to end: no call takes more than ten


def keep_time(stores: Stores, schedules: Schedules) -> None:
    """Fire ticks and sweep until an exception (a signal's) ends it. Any number of them may run."""
    name = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(3)}"
    with _bell(stores.queue) as ring, _thread("sweeper", lambda stop: _sweep(stores, stop)):
        scheduler = Scheduler(schedules, stores.runs, ring, name=name)
        try:
            _look_for_ever(scheduler, schedules, stores.ledger.now, name)
        finally:
            with suppress(PyMongoError):
                schedules.leave(name)


def _look_for_ever(scheduler: Scheduler, schedules: Schedules, now: Callable[[], datetime], name: str) -> None:
    seen_at = float("-inf")
    while True:
        stopping.heed()
        pause = EVERY.total_seconds()
        try:
            for schedule, instant in scheduler.look(now()):
                log.info("tick fired", extra={"schedule": schedule, "instant": instant.isoformat()})
            if time.monotonic() - seen_at > SIGN_OF_LIFE:
                schedules.beat(name, now=now(), host=socket.gethostname(), pid=os.getpid())
                seen_at = time.monotonic()
            pause = scheduler.next_look(now()).total_seconds()
        except PyMongoError as error:
            log.warning("MongoDB is away", extra={"error": type(error).__name__})
        time.sleep(pause)


@contextmanager
def _bell(queue: JobQueue) -> Iterator[Callable[[Mapping[str, CrawlOrder]], object]]:
    """What tells Redis of orders, without keeping its caller."""
    tellers = ThreadPoolExecutor(_TELLERS, thread_name_prefix="bell")
    untold: set[Future[None]] = set()

    def ring(orders: Mapping[str, CrawlOrder]) -> None:
        before = time.monotonic() + _PATIENCE
        for job_id, order in orders.items():
            told = tellers.submit(_tell, queue, job_id, order, before=before)
            untold.add(told)
            told.add_done_callback(untold.discard)

    try:
        yield ring
    finally:
        wait(set(untold), timeout=_LEAVE)
        tellers.shutdown(wait=False, cancel_futures=True)


def _tell(queue: JobQueue, job_id: str, order: CrawlOrder, *, before: float) -> None:
    if time.monotonic() > before:
        return
    try:
        queue.enqueue_crawl(order.to_json(), job_id=job_id)
    except RedisError as error:  # the order stands in MongoDB: the sweeper puts it into the queue
        log.warning("Redis is away", extra={"error": type(error).__name__, "job": job_id})


def _sweep(stores: Stores, stop: Event) -> None:
    while not stop.is_set():
        try:
            log.info("swept", extra={"swept": str(sweep(stores))})
        except (PyMongoError, RedisError) as error:
            log.warning("a server is away", extra={"error": type(error).__name__})
        except Exception:  # one page or job that it cannot cope with; nobody would sweep until the next start
            log.exception("the sweep failed; it is tried again")
        stop.wait(SWEEP_EVERY)


@contextmanager
def _thread(name: str, work: Callable[[Event], object]) -> Iterator[None]:
    """Beside the block for as long as it lasts. Whatever it is at may be done again: it ends with the process."""
    stop = Event()
    thread = Thread(target=work, args=(stop,), name=name, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(_LEAVE)
