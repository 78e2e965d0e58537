"""Waiting through an outage: by a call that fails as MongoDB's and Redis's do, a few times."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from pymongo.errors import (
    AutoReconnect,
    BulkWriteError,
    DuplicateKeyError,
    ExecutionTimeout,
    NotPrimaryError,
    OperationFailure,
    ServerSelectionTimeoutError,
    WriteConcernError,
)
from redis.exceptions import BusyLoadingError, OutOfMemoryError, ResponseError
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeout

from stories import patience
from stories.patience import patiently

MAJORITY_LATE = BulkWriteError(
    {"writeErrors": [], "writeConcernErrors": [{"code": 64, "errInfo": {"wtimeout": True}}]},
)
INTERRUPTED = {"code": 11602, "errmsg": "operation was interrupted"}  # as a primary says that must step down
STEPPED_DOWN = BulkWriteError({"writeErrors": [], "writeConcernErrors": [INTERRUPTED]})


class Clock:
    """The clock of this module alone: its sleeping is what passes the time."""

    def __init__(self) -> None:
        self.now = 0.0
        self.pauses: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(patience, "time", made)
    return made


def failing(*errors: BaseException) -> Callable[..., tuple[object, ...]]:
    """A call that raises these, one after the other, and then gives what it was called with."""
    left = list(errors)

    def call(*args: object, **options: object) -> tuple[object, ...]:
        if left:
            raise left.pop(0)
        return (*args, *options.items())

    return call


@pytest.mark.parametrize(
    "error",
    [
        AutoReconnect("closed"),
        NotPrimaryError("election"),
        ServerSelectionTimeoutError("nobody there"),
        ExecutionTimeout("busy", 50),
        MAJORITY_LATE,
        STEPPED_DOWN,
        WriteConcernError("operation was interrupted", 11602),
        OperationFailure("No keys found for HMAC that is valid for time: ...", 211),  # as MongoDB says after a kill -9
        RedisConnectionError("refused"),
        RedisTimeout("late"),
        BusyLoadingError("loading"),
        OutOfMemoryError("maxmemory"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_passes_is_waited_for(clock: Clock, error: Exception):
    assert patiently(failing(error, error, error), 1, two=2) == (1, ("two", 2))
    assert clock.pauses == [0.1, 0.2, 0.4]


@pytest.mark.parametrize(
    "error",
    [
        DuplicateKeyError("dup"),
        OperationFailure("not authorized", 13),
        BulkWriteError({"writeErrors": [{"code": 121}], "writeConcernErrors": []}),
        BulkWriteError({"writeErrors": [{"code": 121}], "writeConcernErrors": [INTERRUPTED]}),
        ResponseError("WRONGTYPE"),
        ValueError("ours"),
        KeyboardInterrupt(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_does_not_pass_is_raised_at_once(clock: Clock, error: BaseException):
    with pytest.raises(type(error)):
        patiently(failing(error))
    assert clock.pauses == []


def test_pauses_grow_to_a_limit_and_end_with_the_last_error(clock: Clock):
    errors = [AutoReconnect(f"number {number}") for number in range(1000)]
    with pytest.raises(AutoReconnect, match="number") as last:
        patiently(failing(*errors))
    assert clock.pauses == sorted(clock.pauses)
    assert max(clock.pauses) == 5.0
    assert patience.LIMIT - 5 <= sum(clock.pauses) <= patience.LIMIT < 300
    assert str(last.value) == f"number {len(clock.pauses)}"


def test_the_patience_can_be_less(clock: Clock):
    with pytest.raises(AutoReconnect):
        patiently(failing(*[AutoReconnect("gone")] * 100), patience=1.0)
    assert sum(clock.pauses) <= 1.0


def test_it_really_waits():
    begun = time.monotonic()
    assert patiently(failing(AutoReconnect("gone"), AutoReconnect("gone"))) == ()
    assert 0.25 < time.monotonic() - begun < 5
