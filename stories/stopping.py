"""Whoever is told to stop ends soon, also where a server that it waits for is away.

A process ends by itself within seconds while MongoDB and Redis answer. While one does not, what is unfinished cannot be
given back; it is not lost either: leases run out, and the sweeper misses jobs and crawlers. So waiting longer than a
service manager does (90 s, docs/operations.md) would only make it kill us.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from typing import Final

log = logging.getLogger(__name__)

CRAWLER: Final = 45.0  # seconds: a download that hangs takes 30 of them
WORKER: Final = 55.0  # longer than the crawler that it waits for
CREW: Final = 65.0  # longer than a worker; after it the embedded servers take 10 s each at most


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
