"""What runs beside the clock keeps it from nothing, neither at work nor at the end."""

from __future__ import annotations

import signal
import sys
import threading
import time
import weakref
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from threading import Event

import pytest

from stories.order import CrawlOrder
from stories.pages import DUE
from stories.queue import JobQueue, connect
from stories.stopping import Stopped, stoppable
from tests.console.commands import listener
from tests.making import leased
from tests.waiting import wait_for
from tests.workers.timekeeping import jobs, scheduler
from workers import clockwork
from workers.stores import Stores
from workers.ticks import Schedules

ORDERS = {f"crawl-run-{n}": CrawlOrder(run=f"run-{n}", site="tempo-en") for n in range(20)}


@contextmanager
def deaf_queue() -> Iterator[JobQueue]:
    """A Redis that takes connections and never answers."""
    with listener() as port, connect(f"redis://127.0.0.1:{port}/0") as deaf:
        yield JobQueue(deaf)


def test_all_that_is_rung_is_told_before_the_end(stores: Stores) -> None:
    with clockwork._bell(stores.queue) as ring:
        ring(ORDERS)
        ring(ORDERS)
    assert sorted(jobs(stores)) == sorted(ORDERS)


def test_a_redis_that_never_answers_keeps_neither_the_clock_nor_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clockwork, "_LEAVE", 0.5)
    with deaf_queue() as deaf:
        began = time.monotonic()
        with clockwork._bell(deaf) as ring:
            ring(ORDERS)
            rung = time.monotonic() - began
        ended = time.monotonic() - began
    assert rung < 3, "it waited for an answer, of which each takes ten seconds"
    assert ended < 8


def test_an_order_that_waited_too_long_is_left_to_the_sweeper(stores: Stores) -> None:
    """By then the sweeper may have queued it under another job."""
    ((job, order), *_) = ORDERS.items()
    clockwork._tell(stores.queue, job, order, before=time.monotonic() - 1)
    assert jobs(stores) == []
    clockwork._tell(stores.queue, job, order, before=time.monotonic() + 1)
    assert jobs(stores) == [job]


def test_the_scheduler_sweeps_again_and_again(stores: Stores, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page whose job is gone is due again; so is one that is found to be so later."""
    monkeypatch.setattr(clockwork, "SWEEP_EVERY", 0.1)

    def lose(number: int) -> None:
        (lease,) = leased(stores.ledger, number)
        stores.ledger.hand_over({lease.key: lease.token}, job_id=f"gone-{number}")
        stores.database["pages"].update_one({"_id": lease.key}, {"$set": {"checkAt": stores.ledger.now()}})
        wait_for(lambda: stores.ledger.page(lease.key)["state"] == DUE, "the sweeper", limit=20)

    def lose_two() -> None:
        try:
            lose(1)
            lose(2)
        finally:
            signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)

    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a command that ran here may have left its own
    try:
        with ThreadPoolExecutor(1) as beside:
            losing = beside.submit(lose_two)
            with pytest.raises(KeyboardInterrupt):
                clockwork.keep_time(stores, Schedules(stores.database))
            losing.result()
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_sweep_that_fails_is_tried_again(stores: Stores, monkeypatch: pytest.MonkeyPatch) -> None:
    """A job or page that it cannot cope with ended the sweeper, while the clock went on."""
    monkeypatch.setattr(clockwork, "SWEEP_EVERY", 0.01)
    stop, sweeps = Event(), []

    def fails_first(_: Stores) -> None:
        sweeps.append(len(sweeps))
        if len(sweeps) == 1:
            raise ValueError("no such execution")
        stop.set()

    monkeypatch.setattr(clockwork, "sweep", fails_first)
    clockwork._sweep(stores, stop)
    assert sweeps == [0, 1]


def test_a_signal_that_python_drops_ends_the_clock_at_its_next_look(
    stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is raised where an object is forgotten is dropped, and a driver has such callbacks."""
    dropped: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda lost: dropped.append(lost.exc_type))
    until = time.monotonic() + 20

    def now() -> datetime:
        assert time.monotonic() < until, "it goes on"
        if not dropped:
            forgotten = Event()
            _ = weakref.ref(forgotten, lambda _: signal.raise_signal(signal.SIGTERM))
            del forgotten
        return stores.ledger.now()

    with stoppable(), pytest.raises(Stopped):
        clockwork._look_for_ever(scheduler(stores), Schedules(stores.database), now, "one")
    assert dropped == [Stopped]


def test_a_thread_that_does_not_end_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clockwork, "_LEAVE", 0.1)
    told = Event()

    def work(stop: Event) -> None:
        stop.wait(5)
        told.set()
        time.sleep(20)

    began = time.monotonic()
    with clockwork._thread("a test's", work):
        pass
    assert told.is_set()
    assert time.monotonic() - began < 10
