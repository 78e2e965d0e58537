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


_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_AGAIN: Final = 0.02  # seconds: a destructor takes less

_told: Final[list[int]] = []  # the signals that came since `until_stopped`
_undisturbed: Final[list[None]] = []  # one for each block that is to be left in order


class Stopped(BaseException):
    """Somebody asked to stop. As with KeyboardInterrupt, no library on the way takes it for an error of its own."""


def until_stopped() -> None:
    """From here on SIGTERM, Ctrl-C and the end of the terminal (but for `nohup`) raise Stopped in the main thread."""
    _told.clear()
    for number in _SIGNALS:
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _stop)


@contextmanager
def stoppable() -> Iterator[None]:
    """These signals end the block like an error, so that it leaves nothing behind; then all is as before."""
    before = {number: signal.getsignal(number) for number in _SIGNALS}
    until_stopped()
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        _told.clear()


@contextmanager
def undisturbed() -> Iterator[None]:
    """For what ends within a bounded time, and would leave something behind if it were cut short: a second Ctrl-C."""
    _undisturbed.append(None)
    try:
        yield
    finally:
        _undisturbed.pop()


def _stop(number: int, frame: FrameType | None) -> None:
    _told.append(number)
    if not _undisturbed and not comes_again(number, frame):
        raise Stopped


def comes_again(number: int, frame: FrameType | None) -> bool:
    """Whether a signal came within a destructor, where Python drops what is raised; then it comes again in a moment."""
    while frame is not None and frame.f_code.co_name != "__del__":
        frame = frame.f_back
    if frame is None:
        return False
    signal.signal(signal.SIGALRM, lambda *_: signal.raise_signal(number))
    signal.setitimer(signal.ITIMER_REAL, _AGAIN)
    return True


def heed() -> None:
    """Raises Stopped again if it was lost, as in other callbacks whose errors Python drops. For the rounds of a loop
    that has no other end.
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
