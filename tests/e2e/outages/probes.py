"""How long a call of ledger, store or queue takes to answer or to raise while its server does not."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from pymongo.errors import PyMongoError
from redis.exceptions import RedisError

from stories.fate import Fate
from stories.pages import Settlement
from stories.settings import Settings
from workers.stores import Stores, open_stores

BOUND = 10.0
"""Seconds: what docs/guarantees.md promises of every call."""
LATE = 2.0
"""Seconds by which two busy cores may wake a thread too late."""
PROBED = BOUND + LATE + 1.0
"""Seconds of an outage that shows whether a call ends by itself: one that waits for its end takes too long."""
_READY = 60.0
"""Seconds for some dozens of connections."""

ASKS_MONGO: dict[str, Callable[[Stores], Any]] = {
    "lease": lambda stores: stores.ledger.lease("nobody", host="nowhere", limit=9, run="probe", max_depth=9),
    "hosts": lambda stores: stores.ledger.hosts("nobody"),
    "settle": lambda stores: stores.ledger.settle([Settlement(key="no:1", token="no", fate=Fate.GONE)]),
    "hand over": lambda stores: stores.ledger.hand_over({"no:1": "no"}, job_id="no"),
    "report": lambda stores: stores.ledger.report("probe"),
    "beat": lambda stores: stores.runs.beat("probe", now=stores.ledger.now(), progress={}),
    "story": lambda stores: stores.database["stories"].find_one({"_id": "no:1"}),
}
ASKS_REDIS: dict[str, Callable[[Stores], Any]] = {
    "statuses": lambda stores: stores.queue.statuses(["no"]),
    "counts": lambda stores: stores.queue.counts(),
    "workers": lambda stores: stores.queue.workers(),
    "remember": lambda stores: stores.queue.remember(),
    "lost": lambda stores: stores.queue.was_lost(),
}


@dataclass(slots=True)
class Took:
    """By call, the longest; and the longest that leaving took, when a process ends."""

    seconds: dict[str, float] = field(default_factory=dict)
    wrong: list[BaseException] = field(default_factory=list)

    def note(self, call: str, begun: float) -> None:
        self.seconds[call] = max(self.seconds.get(call, 0.0), time.monotonic() - begun)

    def assert_bounded(self) -> None:
        assert not self.wrong
        assert self.seconds
        assert {call: took for call, took in self.seconds.items() if took > BOUND + LATE} == {}


@dataclass(slots=True, kw_only=True)
class _Probe:
    """One call in a thread of its own; over a connection that has worked until now, or over a new one."""

    settings: Settings
    name: str
    call: Callable[[Stores], Any]
    is_warm: bool
    took: Took
    ready: threading.Barrier
    begin: threading.Event

    def __call__(self) -> None:
        try:
            with open_stores(self.settings) as stores:
                self._ask(stores)
                begun = time.monotonic()
            self.took.note("leaving", begun)
        except Exception as error:  # noqa: BLE001 - it belongs to the test
            self.took.wrong.append(error)
            self.ready.abort()

    def _ask(self, stores: Stores) -> None:
        if self.is_warm:
            self.call(stores)
        self.ready.wait(_READY)
        self.begin.wait()
        begun = time.monotonic()
        with suppress(PyMongoError, RedisError):  # to raise is an answer, too
            self.call(stores)
        self.took.note(self.name, begun)


@contextmanager
def probing(settings: Settings, calls: dict[str, Callable[[Stores], Any]], took: Took) -> Iterator[Callable[[], None]]:
    """Gives what begins the calls, when the outage has begun; leaving waits for all of them."""
    begin, ready = threading.Event(), threading.Barrier(2 * len(calls) + 1)
    probes = [
        _Probe(settings=settings, name=name, call=call, is_warm=is_warm, took=took, ready=ready, begin=begin)
        for name, call in calls.items()
        for is_warm in (True, False)
    ]
    threads = [threading.Thread(target=probe, daemon=True) for probe in probes]
    for thread in threads:
        thread.start()
    ready.wait(_READY)
    try:
        yield begin.set
    finally:
        begin.set()
        for thread in threads:
            thread.join(4 * BOUND)
    assert not any(thread.is_alive() for thread in threads), f"a call does not end; so far: {took.seconds}"
