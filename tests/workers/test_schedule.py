"""The arithmetic of schedules: which instants, in which zone, and what becomes of each that is due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from stories.errors import UsageError
from tests.workers.timekeeping import DAY, HOUR, MINUTE, NOON, schedule
from workers.schedule import (
    AT_ONCE,
    CLAIMED,
    LISTED,
    MISSED,
    ON_TIME,
    SKIPPED,
    CatchUp,
    Decision,
    Overlap,
    Schedule,
    checked,
    decide,
    run_id,
    why_late,
)

# -- which instants -------------------------------------------------------------------------------------------


def ticks(cron: str, tz: str, after: datetime, until: datetime) -> list[datetime]:
    found = []
    for instant in schedule(cron=cron, tz=tz).ticks(after):
        if instant > until:
            break
        found.append(instant)
    return found


def test_jakarta_is_seven_hours_ahead() -> None:
    assert schedule(cron="0 5 * * *").next_ticks(NOON, 1) == [datetime(2026, 3, 2, 22, 0, tzinfo=UTC)]


SPRING = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
"""In Amsterdam 02:00 becomes 03:00."""
AUTUMN = datetime(2026, 10, 25, 1, 0, tzinfo=UTC)
"""In Amsterdam 03:00 becomes 02:00."""


@pytest.mark.parametrize(
    ("cron", "change", "expected"),
    [
        ("30 2 * * *", SPRING, [SPRING]),  # 02:30 does not exist: at the end of the missing hour
        ("30 2 * * *", AUTUMN, [AUTUMN - HOUR / 2]),  # 02:30 is there twice: the first of them
        ("0 3 * * *", SPRING, [SPRING]),
        ("0 3 * * *", AUTUMN, [AUTUMN + HOUR]),
        ("0 * * * *", SPRING, [SPRING - HOUR, SPRING, SPRING + HOUR]),  # 01:00, 03:00, 04:00
        ("0 * * * *", AUTUMN, [AUTUMN - HOUR, AUTUMN, AUTUMN + HOUR]),  # 02:00, 02:00 again, 03:00
    ],
)
def test_a_tick_in_the_missing_hour_and_in_the_doubled_one(
    cron: str, change: datetime, expected: list[datetime]
) -> None:
    begin = change - HOUR - MINUTE
    assert ticks(cron, "Europe/Amsterdam", begin, change + HOUR) == expected


CHANGES = {
    "Europe/Amsterdam": (SPRING, AUTUMN),
    "Australia/Sydney": (datetime(2026, 4, 4, 16, tzinfo=UTC), datetime(2026, 10, 3, 16, tzinfo=UTC)),
    "America/New_York": (datetime(2026, 3, 8, 7, tzinfo=UTC), datetime(2026, 11, 1, 6, tzinfo=UTC)),
    "America/Havana": (datetime(2026, 3, 8, 5, tzinfo=UTC), datetime(2026, 11, 1, 5, tzinfo=UTC)),  # at midnight
    "Asia/Beirut": (
        datetime(2026, 3, 28, 22, tzinfo=UTC),
        datetime(2026, 10, 24, 21, tzinfo=UTC),
    ),  # to 23:00
    "Africa/Casablanca": (datetime(2026, 2, 15, 2, tzinfo=UTC), datetime(2026, 3, 22, 2, tzinfo=UTC)),  # for Ramadan
    "Asia/Jakarta": (SPRING, AUTUMN),  # never changes
}
CRONS = ("*/15 * * * *", "0 * * * *", "30 2 * * *", "15,45 1-3 * * *", "7 */2 * * *", "30 0 * * *", "45 23 * * *")


@pytest.mark.parametrize("zone", CHANGES)
@pytest.mark.parametrize("cron", CRONS)
def test_whoever_asks_from_whenever_gets_the_same_ticks(zone: str, cron: str) -> None:
    """A scheduler that starts within the doubled hour sees what one sees that ran through it."""
    for change in CHANGES[zone]:
        begin, end = change - 10 * HOUR, change + 20 * HOUR
        through = ticks(cron, zone, begin, end)
        assert through == sorted(set(through))
        for quarters in range(4 * 6, 4 * 14):
            asked = begin + quarters * HOUR / 4
            assert ticks(cron, zone, asked, end) == [at for at in through if at > asked], (asked, change)


@pytest.mark.parametrize("cron", ["", "* * * *", "61 * * * *", "every day", "0 0 31 2 *", "* * * * * * *"])
def test_a_bad_expression_is_refused(cron: str) -> None:
    with pytest.raises(UsageError):
        checked(cron, "UTC")


@pytest.mark.parametrize("zone", ["Jakarta", "WIB+7", "../etc/passwd", "", "Asia/Nowhere"])
def test_a_bad_zone_is_refused(zone: str) -> None:
    with pytest.raises(UsageError, match="time zone"):
        checked("* * * * *", zone)


def test_a_run_is_named_after_its_tick_in_utc() -> None:
    assert run_id("pagi", NOON.astimezone(ZoneInfo("Asia/Jakarta"))) == "pagi-20260302T050000Z"


# -- what becomes of them -------------------------------------------------------------------------------------


def decided(
    known: Schedule, now: datetime, *, after: datetime | None = None, busy: str | None = None
) -> list[Decision]:
    after = after or known.since
    return decide(known, known.due(after, now), after=after, now=now, busy=busy)


def outcomes(decisions: list[Decision]) -> list[str]:
    return [decision.outcome for decision in decisions]


def test_a_tick_that_is_due_fires() -> None:
    assert decided(schedule(), NOON + MINUTE) == [Decision(schedule="every", instant=NOON + MINUTE, outcome=CLAIMED)]


def test_of_several_that_wait_the_last_one_fires() -> None:
    decisions = decided(schedule(), NOON + 60 * MINUTE)
    assert outcomes(decisions) == [MISSED] * 59 + [CLAIMED]
    assert decisions[0].reason == "nobody was there for 0:59:00"
    late = decided(schedule(cron="0 5 * * *"), NOON + DAY)
    assert outcomes(late) == [CLAIMED]


def test_catch_up_none_fires_nothing_late() -> None:
    known = schedule(catch_up=CatchUp.NONE, cron="0 5 * * *")
    tick = NOON + 17 * HOUR
    assert outcomes(decided(known, tick + ON_TIME)) == [CLAIMED]
    assert outcomes(decided(known, tick + ON_TIME + timedelta(seconds=1))) == [MISSED]


def test_only_skip_cares_whether_the_last_crawl_is_over() -> None:
    busy = "run x is still at work"
    skipping = decided(schedule(overlap=Overlap.SKIP), NOON + 2 * MINUTE, busy=busy)
    assert [(decision.outcome, decision.reason) for decision in skipping] == [
        (MISSED, "nobody was there for 0:01:00"),
        (SKIPPED, busy),
    ]
    assert outcomes(decided(schedule(), NOON + MINUTE, busy=busy)) == [CLAIMED]


def test_ticks_before_a_pause_are_recorded_those_after_it_are_not() -> None:
    paused = schedule(paused=True, paused_at=NOON + 3 * MINUTE)
    decisions = decided(paused, NOON + 9 * MINUTE)
    assert [decision.instant for decision in decisions] == [NOON + n * MINUTE for n in (1, 2, 3)]
    assert outcomes(decisions) == [MISSED] * 3
    assert decisions[0].reason == "nobody was there for 0:08:00, then it was paused"


def test_a_long_absence_is_dealt_with_in_steps_and_only_the_last_step_fires() -> None:
    now = NOON + (AT_ONCE + 2) * MINUTE
    first = decided(schedule(), now)
    assert outcomes(first) == [MISSED] * AT_ONCE
    second = decided(schedule(), now, after=first[-1].instant)
    assert outcomes(second) == [MISSED, CLAIMED]


def test_what_is_older_than_a_month_is_not_listed_and_that_is_said() -> None:
    now = NOON + LISTED + DAY
    decisions = decided(schedule(), now)
    assert decisions[0].instant == now - LISTED + MINUTE
    assert str(decisions[0].reason).endswith("ticks before it are not listed")
    assert "listed" not in str(decisions[1].reason)
    rare = decided(schedule(cron="0 12 1 1 *"), NOON + 365 * DAY)
    assert outcomes(rare) == [CLAIMED], "nothing was left out"


@pytest.mark.parametrize(
    ("late", "why"),
    [(0.9, None), (2, "0:00:02 late"), (90, "0:01:30 late"), (7200, "caught up, 2:00:00 late")],
)
def test_a_tick_says_how_late_it_is(late: float, why: str | None) -> None:
    assert why_late(NOON, NOON + timedelta(seconds=late)) == why
