"""What is shown, and that an age's window holds what it is the age of."""

from datetime import UTC, datetime, timedelta

import pytest

from replica import times
from replica.times import Age, Window, age_of
from replica.words.english import ENGLISH
from replica.words.indonesian import INDONESIAN

SEEN = datetime(2026, 3, 31, 3, 0, tzinfo=UTC)
MINUTES = (0, 1, 59, 60, 61, 1439, 1440, 10079, 10080, 43199, 43200, 44640, 60000, 100_000, 525_599, 525_600, 2_000_000)


@pytest.mark.parametrize("minutes", MINUTES)
def test_a_window_holds_the_instant(minutes):
    instant = SEEN - timedelta(minutes=minutes)
    window = age_of(instant, SEEN).window(Window(SEEN, SEEN))
    assert window.earliest <= instant <= window.latest


def test_ages_are_rounded_down():
    assert age_of(SEEN - timedelta(minutes=179), SEEN) == Age(2, "hour")
    assert age_of(SEEN - timedelta(days=13), SEEN) == Age(1, "week")
    assert age_of(datetime(2026, 2, 28, 3, 0, tzinfo=UTC), SEEN) == Age(1, "month")  # 31 March less a month
    assert age_of(datetime(2026, 2, 28, 3, 1, tzinfo=UTC), SEEN) == Age(4, "week")
    assert age_of(datetime(2023, 4, 1, tzinfo=UTC), SEEN) == Age(2, "year")


def test_ages_in_words():
    assert Age(2, "week").english == "2 weeks ago"
    assert Age(1, "hour").english == "1 hour ago"
    assert Age(2, "hour").indonesian == "2 jam lalu"
    assert Age(3, "year").indonesian == "3 tahun lalu"


def test_forms_of_a_time():
    instant = datetime(2025, 8, 9, 4, 39, tzinfo=UTC)
    assert times.english_time(instant, ENGLISH) == "August 9, 2025 | 11:39 am"
    assert times.indonesian_time(instant, INDONESIAN) == "9 Agustus 2025 | 11.39 WIB"
    assert times.index_row_time(instant, ENGLISH) == "Saturday, 09/08/2025 | 11:39 WIB"
    assert times.linked_data_time(instant) == "2025-08-09T11:39:00+07:00"
    assert times.feed_time(instant) == "Sat, 09 Aug 2025 11:39:00 +0700"
    assert times.sitemap_time(instant) == "2025-08-09T11:39:00Z"
    assert times.http_time(instant) == "Sat, 09 Aug 2025 04:39:00 GMT"
    assert times.json_time(instant) == "2025-08-09T04:39:00Z"


@pytest.mark.parametrize(("hour", "shown"), [(17, "12:00 am"), (5, "12:00 pm"), (6, "01:00 pm"), (18, "01:00 am")])
def test_noon_and_midnight(hour, shown):
    assert times.english_time(datetime(2025, 8, 9, hour, 0, tzinfo=UTC), ENGLISH).endswith(f"| {shown}")
