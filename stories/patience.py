"""Wait through an outage of MongoDB or Redis instead of failing at once: bounded, with growing pauses."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, TypeVar

from pymongo.errors import (
    AutoReconnect,
    BulkWriteError,
    ConnectionFailure,
    ExecutionTimeout,
    NetworkTimeout,
    OperationFailure,
    PyMongoError,
    ServerSelectionTimeoutError,
    WTimeoutError,
)
from redis.exceptions import BusyLoadingError, OutOfMemoryError, RedisError
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeout

T = TypeVar("T")
log = logging.getLogger(__name__)

OUTAGES: Final = (
    AutoReconnect,
    ConnectionFailure,
    ExecutionTimeout,
    NetworkTimeout,
    ServerSelectionTimeoutError,
    WTimeoutError,
    RedisConnectionError,
    RedisTimeout,
    BusyLoadingError,
    OutOfMemoryError,  # Redis at maxmemory: back-pressure, nothing is dropped
)
"""What passes by itself: a restart, an election, a cut network, a full Redis."""

_ELECTIONS: Final = frozenset(
    {
        6,  # HostUnreachable
        7,  # HostNotFound
        89,  # NetworkTimeout
        91,  # ShutdownInProgress
        134,  # ReadConcernMajorityNotAvailableYet
        189,  # PrimarySteppedDown
        211,  # KeyNotFound: it has just started, and has not read yet with what it signed the time that we tell it
        262,  # ExceededTimeLimit
        9001,  # SocketException
        10107,  # NotWritablePrimary
        11600,  # InterruptedAtShutdown
        11602,  # InterruptedDueToReplStateChange
        13435,  # NotPrimaryNoSecondaryOk
        13436,  # NotPrimaryOrSecondary
    }
)
"""What MongoDB answers while its primary changes (its drivers' specification of retryable writes). PyMongo tries once
more; in the answer to a write that waited for its majority it gives them as errors of that write.
"""

DRIVERS: Final = (PyMongoError, RedisError)
"""Whatever a server, or the way to it, can raise."""

LIMIT: Final = 240.0  # seconds; four minutes cover a restart with recovery, and stay under a job's 300 s
_FIRST_PAUSE: Final = 0.1
_LONGEST_PAUSE: Final = 5.0


def is_drivers(line: str) -> bool:
    """True if the last line of a trace (`module.Class: message`) names an error of a driver's."""
    return line.partition(":")[0] in _names_of(DRIVERS)


def _names_of(errors: Iterable[type[BaseException]]) -> Iterator[str]:
    for error in errors:
        yield f"{error.__module__}.{error.__qualname__}"
        yield from _names_of(error.__subclasses__())


def patiently(call: Callable[..., T], *args: Any, patience: float = LIMIT, **options: Any) -> T:
    """The call's result, tried again while a server is away; after `patience` seconds the last error."""
    until = time.monotonic() + patience
    pause = _FIRST_PAUSE
    while True:
        try:
            return call(*args, **options)
        except (*OUTAGES, PyMongoError) as error:
            if not _passes(error) or time.monotonic() + pause > until:
                raise
            log.warning("a server is away, waiting", extra={"error": type(error).__name__, "pause": pause})
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)


def _passes(error: Exception) -> bool:
    if isinstance(error, OUTAGES) or getattr(error, "timeout", False):
        return True
    return isinstance(error, OperationFailure) and _codes(error) <= _ELECTIONS


def _codes(error: OperationFailure) -> set[int | None]:
    if isinstance(error, BulkWriteError):
        return {failed["code"] for kind in ("writeErrors", "writeConcernErrors") for failed in error.details[kind]}
    return {error.code}
