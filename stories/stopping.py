"""Whoever is told to stop ends soon, also where a server that it waits for is away.

A process ends by itself within seconds while MongoDB and Redis answer. While one does not, what is unfinished cannot be
given back; it is not lost either: leases run out, and the sweeper misses jobs and crawlers. So waiting longer than a
service manager does (90 s, docs/operations.md) would only make it kill us.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

log = logging.getLogger(__name__)

CRAWLER: Final = 45.0  # seconds: a download that hangs takes 30 of them
WORKER: Final = 55.0  # longer than the crawler that it waits for
CREW: Final = 65.0  # longer than a worker; after it the embedded servers take 10 s each at most


_told: Final[list[int]] = []  # the signals that came since `until_stopped`


class Stopped(BaseException):
    """SIGTERM or Ctrl-C came. As with KeyboardInterrupt, no library on the way takes it for an error of its own."""


def until_stopped() -> None:
    """From here on SIGTERM and Ctrl-C raise Stopped in the main thread."""
    _told.clear()
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)


@contextmanager
def stoppable() -> Iterator[None]:
    """SIGTERM and Ctrl-C end the block like an error, so that it leaves nothing behind; then all is as before."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    until_stopped()
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        _told.clear()


def _stop(number: int, _frame: FrameType | None) -> None:
    _told.append(number)
    raise Stopped


def heed() -> None:
    """Raises Stopped again if it was raised and lost: a signal may come while Python is in a destructor, and what that
    raises is dropped. For the rounds of a loop that has no other end.
    """
    if _told:
        raise Stopped


def end_within(seconds: float, *, exit_code: int, last: Callable[[], object] = lambda: None) -> threading.Timer:
    """From now on this process has so long. If it is still there then, it does `last` and ends at once.

    Gives the clock: whoever goes on after all stops it by `cancel`.
    """
    clock = threading.Timer(seconds, _end, (exit_code, last))
    clock.daemon = True
    clock.start()
    return clock


def _end(exit_code: int, last: Callable[[], object]) -> None:
    log.error("stopped while a server was away; what is unfinished is put back when it has returned")
    try:
        last()
    finally:
        os._exit(exit_code)
