"""When to look again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from stories.revisit import next_visit
from tests.making import NOON

SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("age", "pause"),
    [
        (-2 * DAY, 15 * MINUTE),  # an embargo, or a clock
        (timedelta(0), 15 * MINUTE),
        (3 * HOUR - SECOND, 15 * MINUTE),
        (3 * HOUR, HOUR),
        (DAY - SECOND, HOUR),
        (DAY, 3 * HOUR),
        (7 * DAY - SECOND, 3 * HOUR),
        (7 * DAY, 3 * DAY),
        (30 * DAY - SECOND, 3 * DAY),
        (30 * DAY, 30 * DAY),
        (365 * DAY - SECOND, 30 * DAY),
        (365 * DAY, None),
        (9000 * DAY, None),
    ],
)
def test_often_while_young_never_when_old(age: timedelta, pause: timedelta | None):
    assert next_visit(NOON - age, now=NOON) == (None if pause is None else NOON + pause)


def test_a_story_without_a_date_is_looked_at_now_and_then():
    assert next_visit(None, now=NOON) == NOON + 3 * DAY
