"""Days of schedules under every trouble at once: no tick twice, none forgotten, all prompt while somebody is there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.faults.record import Tally
from tests.workers.days import Days
from tests.workers.wall import as_utc
from workers.schedule import FIRED, MISSED, SKIPPED
from workers.stores import Stores

BEGIN = as_utc("2026-03-28T18:00")
"""Within a day Amsterdam's clocks go forward; within a week those of Sydney go back (5 April)."""


@pytest.mark.fault("F3")
def test_a_day_of_forty_schedules_or_a_week_of_two_hundred(
    stores: Stores, tally: Tally, scale: Callable[..., int], seed: int
) -> None:
    end = BEGIN + timedelta(days=scale(short=1, long=7), seconds=10)
    count, minutely, kills = scale(short=40, long=200), scale(short=0, long=3), scale(short=15, long=100)
    days = Days(stores, BEGIN, end, count=count, minutely=minutely, kills=kills, seed=seed)
    days.live()
    verdict = days.judge()
    print(f"seed {seed}: {count} schedules, {verdict.looks} looks, {dict(verdict.outcomes)}")
    tally.add(
        trials=verdict.outcomes.total(),
        lost=len(verdict.unrecorded),
        duplicated=len(verdict.doubled),
        stuck=len(verdict.stuck),
        seed=seed,
    )
    assert verdict.faults() == {}, f"seed {seed}"
    assert {FIRED, MISSED, SKIPPED} <= verdict.outcomes.keys(), "a trouble that troubles nobody"
