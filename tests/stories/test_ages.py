"""Every age of docs/tempo.md, section 5, against a calculation of its own, and what is no age."""

from __future__ import annotations

import calendar
import time
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stories.ages import parse_age
from stories.article import Window
from tests.cpu import at_most

SEEN = datetime(2025, 8, 31, 5, 30, tzinfo=UTC)  # a Sunday, 12:30 in Jakarta
JUST_NOW = ("2025-08-31T05:29:00Z", "2025-08-31T05:30:00Z")
AN_HOUR = ("2025-08-31T03:30:00Z", "2025-08-31T04:30:00Z")
TWO_HOURS = ("2025-08-31T02:30:00Z", "2025-08-31T03:30:00Z")
A_DAY = ("2025-08-29T05:30:00Z", "2025-08-30T05:30:00Z")
A_WEEK = ("2025-08-17T05:30:00Z", "2025-08-24T05:30:00Z")
TWO_WEEKS = ("2025-08-10T05:30:00Z", "2025-08-17T05:30:00Z")
TODAY = ("2025-08-30T17:00:00Z", "2025-08-31T05:30:00Z")
YESTERDAY = ("2025-08-29T17:00:00Z", "2025-08-30T17:00:00Z")
LAST_WEEK = ("2025-08-17T05:30:00Z", "2025-08-24T17:00:00Z")
LAST_MONTH = ("2025-06-30T05:30:00Z", "2025-07-31T17:00:00Z")
LAST_YEAR = ("2023-08-31T05:30:00Z", "2024-12-31T17:00:00Z")

AGES = {
    "30 detik lalu": ("2025-08-31T05:29:29Z", "2025-08-31T05:29:30Z"),
    "0 menit lalu": JUST_NOW,
    "5 Menit Lalu": ("2025-08-31T05:24:00Z", "2025-08-31T05:25:00Z"),
    **dict.fromkeys(["2 jam lalu", "2 Jam Yang Lalu", "2 JAM LALU", "2jam lalu", "(2 jam lalu)"], TWO_HOURS),
    **dict.fromkeys(["02 jam lalu", "dua jam lalu", "Dua Jam yang Lalu", "2 jam yg lalu", "2 jam silam"], TWO_HOURS),
    "Diperbarui 2 jam lalu": TWO_HOURS,
    **dict.fromkeys(["2 hours ago", "2 Hours Ago", "two hours ago", "2 hrs ago", "Updated: 2 hours ago"], TWO_HOURS),
    **dict.fromkeys(["sejam lalu", "Sejam yang lalu", "satu jam lalu", "1 jam lalu", "an hour ago"], AN_HOUR),
    "semenit lalu": ("2025-08-31T05:28:00Z", "2025-08-31T05:29:00Z"),
    "a minute ago": ("2025-08-31T05:28:00Z", "2025-08-31T05:29:00Z"),
    "sedetik lalu": ("2025-08-31T05:29:58Z", "2025-08-31T05:29:59Z"),
    **dict.fromkeys(["1 hari yang lalu", "sehari lalu", "a day ago", "1 day ago"], A_DAY),
    **dict.fromkeys(["seminggu lalu", "sepekan lalu", "1 pekan lalu", "a week ago"], A_WEEK),
    **dict.fromkeys(["2 minggu lalu", "2 pekan lalu", "2 pekan yang lalu", "2 weeks ago", "2 wks ago"], TWO_WEEKS),
    "sebulan lalu": ("2025-06-30T05:30:00Z", "2025-07-31T05:30:00Z"),
    "6 bulan lalu": ("2025-01-31T05:30:00Z", "2025-02-28T05:30:00Z"),
    "setahun lalu": ("2023-08-31T05:30:00Z", "2024-08-31T05:30:00Z"),
    "3 tahun lalu": ("2021-08-31T05:30:00Z", "2022-08-31T05:30:00Z"),
    "sepuluh menit yang lalu": ("2025-08-31T05:19:00Z", "2025-08-31T05:20:00Z"),
    "sebelas menit lalu": ("2025-08-31T05:18:00Z", "2025-08-31T05:19:00Z"),
    "dua belas menit lalu": ("2025-08-31T05:17:00Z", "2025-08-31T05:18:00Z"),
    "dua puluh lima menit lalu": ("2025-08-31T05:04:00Z", "2025-08-31T05:05:00Z"),
    "twenty-five minutes ago": ("2025-08-31T05:04:00Z", "2025-08-31T05:05:00Z"),
    **dict.fromkeys(["beberapa detik lalu", "beberapa detik yang lalu", "baru saja", "Baru Saja", "barusan"], JUST_NOW),
    **dict.fromkeys(["kurang dari semenit lalu", "kurang dari 1 menit yang lalu"], JUST_NOW),
    **dict.fromkeys(["just now", "Just now", "a few seconds ago", "less than a minute ago"], JUST_NOW),
    **dict.fromkeys(["hari ini", "Hari Ini", "tadi pagi", "tadi siang", "tadi sore", "today", "this morning"], TODAY),
    **dict.fromkeys(["kemarin", "Kemarin", "yesterday", "YESTERDAY"], YESTERDAY),
    "Kemarin, 11.39 WIB": ("2025-08-30T04:39:00Z", "2025-08-30T04:40:00Z"),
    "kemarin pukul 11:39": ("2025-08-30T04:39:00Z", "2025-08-30T04:40:00Z"),
    "Yesterday at 11:39 pm": ("2025-08-30T16:39:00Z", "2025-08-30T16:40:00Z"),
    "Hari ini | 09:00:05 WITA": ("2025-08-31T01:00:05Z", "2025-08-31T01:00:06Z"),
    "Hari ini, 12.30 WIB": ("2025-08-31T05:30:00Z", "2025-08-31T05:30:00Z"),
    **dict.fromkeys(["minggu lalu", "Minggu lalu", "pekan lalu", "minggu yang lalu", "Last week"], LAST_WEEK),
    **dict.fromkeys(["bulan lalu", "last month"], LAST_MONTH),
    **dict.fromkeys(["tahun lalu", "last year"], LAST_YEAR),
}  # fmt: skip

NO_AGE = [
    *("29", "Mei", "Minggu", "null WIB", "2 weeks ago 29", "PR", "", "lalu", "2 jam", "jam lalu", "2 kali lalu", "ago"),
    *("9999 tahun lalu", "99999 jam lalu", "2015 tahun lalu", "August 9, 2025", "2 jam lalu, 2 jam lalu", "2 weeks"),
    # no number, or none that is exact
    *("beberapa jam lalu", "belasan jam lalu", "puluhan tahun lalu", "setengah jam lalu", "1,5 jam lalu"),
    *("half an hour ago", "a few hours ago", "several days ago", "beberapa saat lalu", "sekitar 2 jam lalu"),
    *("-2 jam lalu", "2-3 jam lalu", "+2 jam lalu", "2 jam 5 menit lalu", "\u0662 jam lalu", "1.5 hours ago"),
    *("dua puluh sepuluh jam lalu", "satu belas jam lalu", "baru-baru ini"),
    # words of the other language, words run together
    *("two jam lalu", "dua hours ago", "duajam lalu", "anhour ago", "se jam lalu", "2 hourss ago", "2 lalu", "5m ago"),
    # not yet, or at no time
    *("Hari ini, 12.31 WIB", "kemarin, 25.00", "kemarin, 11.39 WIB WITA", "besok", "2 jam lagi", "in 2 hours"),
    *("kemarin dulu", "Presiden kemarin", "minggu depan", "Piala Dunia minggu lalu", "12.30", "Minggu, 12.30 WIB"),
]  # fmt: skip


def at(instant: datetime) -> Window:
    return Window(earliest=instant, latest=instant)


@pytest.mark.parametrize(("raw", "window"), AGES.items())
def test_an_age(raw: str, window: tuple[str, str]):
    earliest, latest = map(datetime.fromisoformat, window)
    found = parse_age(raw, seen=at(SEEN))
    assert found == Window(earliest=earliest, latest=latest)
    assert found.earliest.tzinfo is found.latest.tzinfo is UTC


@pytest.mark.parametrize("raw", NO_AGE)
def test_no_age(raw: str):
    assert parse_age(raw, seen=at(SEEN)) is None


def test_an_age_on_a_copy_counts_from_the_window_of_the_copy():
    copied = Window(earliest=SEEN - timedelta(days=7), latest=SEEN)
    found = parse_age("2 jam lalu", seen=copied)
    assert found == Window(earliest=copied.earliest - timedelta(hours=3), latest=copied.latest - timedelta(hours=2))


def test_a_time_of_yesterday_on_a_copy_is_within_the_days_of_the_copy():
    copied = Window(earliest=SEEN - timedelta(days=7), latest=SEEN)
    found = parse_age("kemarin, 11.39 WIB", seen=copied)
    first, last = datetime(2025, 8, 23, 4, 39, tzinfo=UTC), datetime(2025, 8, 30, 4, 40, tzinfo=UTC)
    assert found == Window(earliest=first, latest=last)


# An independent calculation, in whole seconds since 1970 and by the calendar module.

SECONDS = {"detik": 1, "menit": 60, "jam": 3600, "hari": 86400, "minggu": 604800, "pekan": 604800}
SECONDS |= {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800}
MONTHS = {"bulan": 1, "tahun": 12, "month": 1, "year": 12}
WIB = 7 * 3600
ONES_ID = ["", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"]
ONES_EN = ["", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
ONES_EN += ["thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
TENS_EN = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def in_indonesian(number: int) -> str:
    tens, one = divmod(number, 10)
    if number in {10, 11}:
        return "sepuluh" if number == 10 else "sebelas"
    if tens == 1:
        return f"{ONES_ID[one]} belas"
    return f"{ONES_ID[tens]} puluh {ONES_ID[one]}".strip() if tens else ONES_ID[one]


def in_english(number: int) -> str:
    if number < 20:
        return ONES_EN[number]
    tens, one = divmod(number, 10)
    return f"{TENS_EN[tens]}-{ONES_EN[one]}".strip("-")


def months_before(epoch: int, months: int) -> int:
    """Epoch seconds of the same clock in Jakarta, on the same day that many months before, or that month's last."""
    local = time.gmtime(epoch + WIB)
    total = local.tm_year * 12 + local.tm_mon - 1 - months
    year, month = total // 12, total % 12 + 1
    day = min(local.tm_mday, calendar.monthrange(year, month)[1])
    return calendar.timegm((year, month, day, *local[3:6])) - WIB


def expected(unit: str, number: int, first: int, last: int) -> Window:
    if unit in SECONDS:
        span = SECONDS[unit]
        return moments(first - (number + 1) * span, last - number * span)
    span = MONTHS[unit]
    return moments(months_before(first, (number + 1) * span), months_before(last, number * span))


def moments(first: int, last: int) -> Window:
    return Window(earliest=datetime.fromtimestamp(first, UTC), latest=datetime.fromtimestamp(last, UTC))


EPOCHS = st.integers(1_000_000_000, 4_000_000_000)  # 2001 to 2096
WIDTHS = st.sampled_from([0, 0, 1, 3599, 86_400, 604_800, 31_536_000])
CASES = st.sampled_from([str, str.lower, str.upper, str.title])


@st.composite
def spelled(draw: st.DrawFn, unit: str, number: int) -> str:
    if unit in {"detik", "menit", "jam", "hari", "minggu", "pekan", "bulan", "tahun"}:
        ago = draw(st.sampled_from(["lalu", "yang lalu", "yg lalu", "silam"]))
        counts = [f"{number} "]
        if 0 < number < 100:
            counts.append(f"{in_indonesian(number)} ")
        if number == 1:
            counts.append("se")
    else:
        ago = "ago"
        counts = [f"{number} "]
        if 0 < number < 100:
            counts.append(f"{in_english(number)} ")
        if number == 1:
            counts.append("an " if unit == "hour" else "a ")
        unit += "" if number == 1 else "s"
    return draw(CASES)(f"{draw(st.sampled_from(counts))}{unit} {ago}")


@settings(max_examples=3000)
@given(st.data(), st.sampled_from(sorted(SECONDS | MONTHS)), st.integers(0, 99), EPOCHS, WIDTHS)
def test_an_age_is_what_is_calculated(data: st.DataObject, unit: str, number: int, epoch: int, width: int):
    raw = data.draw(spelled(unit, number))
    assert parse_age(raw, seen=moments(epoch, epoch + width)) == expected(unit, number, epoch, epoch + width)


@settings(max_examples=500)
@given(EPOCHS, st.integers(0, 400), st.sampled_from(["detik", "menit", "jam", "hari", "minggu"]), st.floats(0, 0.999))
def test_the_window_of_an_age_holds_the_true_time(epoch: int, number: int, unit: str, part: float):
    seen = datetime.fromtimestamp(epoch, UTC)
    published = seen - timedelta(seconds=SECONDS[unit]) * (number + part)
    window = parse_age(f"{number} {unit} lalu", seen=at(seen))
    assert window is not None
    assert window.earliest <= published <= window.latest


def midnight(epoch: int) -> int:
    return (epoch + WIB) // 86400 * 86400 - WIB


@settings(max_examples=1000)
@given(EPOCHS, WIDTHS, CASES, st.sampled_from(["kemarin", "yesterday", "hari ini", "tadi pagi", "today"]))
def test_a_day_is_one_of_the_calendar_in_jakarta(epoch: int, width: int, case, word: str):
    ago = 1 if word in {"kemarin", "yesterday"} else 0
    end = min(midnight(epoch + width) - (ago - 1) * 86400, epoch + width)
    found = parse_age(case(word), seen=moments(epoch, epoch + width))
    assert found == moments(midnight(epoch) - ago * 86400, end)


@settings(max_examples=500)
@given(EPOCHS, st.integers(0, 86_399))
def test_a_time_of_yesterday_is_read_to_the_second(epoch: int, second: int):
    clock = time.strftime("%H:%M:%S", time.gmtime(second))
    first = midnight(epoch) - 86400 + second
    assert parse_age(f"kemarin, {clock} WIB", seen=moments(epoch, epoch)) == moments(first, first + 1)


@settings(max_examples=500)
@given(EPOCHS, WIDTHS)
def test_last_week_is_one_of_both_that_it_can_mean(epoch: int, width: int):
    found = parse_age("minggu lalu", seen=moments(epoch, epoch + width))
    monday = midnight(epoch + width) - (midnight(epoch + width) + WIB + 3 * 86400) // 86400 % 7 * 86400
    assert time.gmtime(monday + WIB).tm_wday == 0
    assert found == moments(epoch - 14 * 86400, monday)


@given(st.text())
def test_no_text_raises(raw: str):
    parse_age(raw, seen=at(SEEN))


PIECES = st.sampled_from(
    ["2", "29", "se", "dua", "puluh", "belas", "jam", "hari", "minggu", "lalu", "yang", "ago", "weeks", "a", "kemarin"]
)


@settings(max_examples=1000)
@given(st.lists(PIECES, max_size=6))
def test_what_words_of_ages_give_is_a_window_in_the_past(words: list[str]):
    found = parse_age(" ".join(words), seen=at(SEEN))
    assert found is None or found.earliest <= found.latest <= SEEN


@given(st.sampled_from(sorted(AGES)), st.sampled_from(["Presiden", "no.", "2-1", "kata", "null", "|"]), st.booleans())
def test_an_age_inside_of_prose_is_none(raw: str, word: str, before: bool):
    assert parse_age(f"{word} {raw}" if before else f"{raw} {word}", seen=at(SEEN)) is None


@pytest.mark.parametrize(
    "raw", ["1" * 100_000, " " * 100_000, "se" * 50_000, "dua puluh " * 9, "a " * 49, "2 jam " * 10_000]
)
def test_a_hostile_text_costs_nothing(raw: str):
    with at_most(0.05):
        assert parse_age(raw, seen=at(SEEN)) is None


def test_the_zone_of_a_calendar_day_is_an_argument():
    found = parse_age("kemarin", seen=at(SEEN), zone=timezone(timedelta(hours=-5)))
    assert found == Window(earliest=datetime(2025, 8, 30, 5, tzinfo=UTC), latest=datetime(2025, 8, 31, 5, tzinfo=UTC))
