"""The hours of a site: in any zone, over midnight, and on the days when clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stories.hours import Hours

NIGHT = Hours.of("01:00-05:00 Asia/Jakarta")
ZONES = ["UTC", "Asia/Jakarta", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia"]


def jakarta(hour: int, minute: int = 0, day: int = 25) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=ZoneInfo("Asia/Jakarta"))


def test_what_is_written():
    assert Hours(begin=time(1), end=time(5), zone="Asia/Jakarta") == NIGHT
    assert Hours.of(" 9:30 - 23:59  UTC ").begin == time(9, 30)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "write it as"),
        ("01:00-05:00", "write it as"),
        ("1-5 UTC", "write it as"),
        ("25:00-05:00 UTC", "25:00 is no time of day"),
        ("01:00-05:60 UTC", "05:60 is no time of day"),
        ("05:00-05:00 UTC", "begins when it ends"),
        ("01:00-05:00 WIB", "'WIB' is no time zone"),
        ("01:00-05:00 ../etc/passwd", "is no time zone"),
        ("01:00-05:00 Asia", "is no time zone"),
    ],
)
def test_what_is_wrong_is_said(text: str, why: str):
    with pytest.raises(ValueError, match=why):
        Hours.of(text)


@pytest.mark.parametrize(
    ("now", "end"),
    [
        (jakarta(0, 59), None),
        (jakarta(1), jakarta(5)),
        (jakarta(4, 59), jakarta(5)),
        (jakarta(5), None),
    ],
)
def test_when_they_end(now: datetime, end: datetime | None):
    assert NIGHT.end_of(now) == end
    assert NIGHT.next_begin(now) == (jakarta(1) if now < jakarta(1) else jakarta(1, day=26))


def test_over_midnight():
    hours = Hours.of("22:00-04:00 Asia/Jakarta")
    assert hours.end_of(jakarta(23)) == jakarta(4, day=26)
    assert hours.end_of(jakarta(3)) == jakarta(4)
    assert hours.end_of(jakarta(4)) is None
    assert hours.next_begin(jakarta(23)) == jakarta(22, day=26)


def test_an_hour_that_a_clock_change_swallows_is_none():
    """On 28 March 2027 Berlin has no 02:00 to 03:00; the hours of that day fall away."""
    hours = Hours.of("02:00-02:30 Europe/Berlin")
    before = datetime(2027, 3, 28, 0, 30, tzinfo=UTC)
    following = hours.next_begin(before)
    assert hours.end_of(following)
    assert following <= before + timedelta(days=1)


@given(
    begin=st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    end=st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    zone=st.sampled_from(ZONES),
    now=st.integers(1_500_000_000, 1_900_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
)
def test_they_end_before_they_begin_again_and_begin_within_two_days(begin: time, end: time, zone: str, now: datetime):
    if begin == end:
        return
    hours = Hours(begin=begin, end=end, zone=zone)
    following, over = hours.next_begin(now), hours.end_of(now)
    assert now < following <= now + timedelta(hours=50)
    if over:
        assert now < over <= now + timedelta(hours=25)
    assert hours.end_of(following)
    assert hours.end_of(following - timedelta(seconds=1)) in {None, over}
