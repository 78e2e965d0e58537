"""Every written form of docs/tempo.md, sections 3 and 5, in every combination, and what is no date."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stories.dates import Precision, parse_published
from tests.cpu import at_most

WIB = timezone(timedelta(hours=7))
MONTHS = (  # of each month: Indonesian long and short, English long and short
    ("Januari", "Jan", "January", "Jan"),
    ("Februari", "Feb", "February", "Feb"),
    ("Maret", "Mar", "March", "Mar"),
    ("April", "Apr", "April", "Apr"),
    ("Mei", "Mei", "May", "May"),
    ("Juni", "Jun", "June", "Jun"),
    ("Juli", "Jul", "July", "Jul"),
    ("Agustus", "Agt", "August", "Aug"),
    ("September", "Sep", "September", "Sept"),
    ("Oktober", "Okt", "October", "Oct"),
    ("November", "Nov", "November", "Nov"),
    ("Desember", "Des", "December", "Dec"),
)
OTHER_MONTHS = {
    2: "Pebruari Peb",
    3: "Mrt",
    8: "Agu Ags Agust",
    9: "Sept",
    11: "Nopember Nop",
}
SPELLED_MONTHS = sorted(
    {(number, name) for number, names in enumerate(MONTHS, 1) for name in names}
    | {(number, name) for number, names in OTHER_MONTHS.items() for name in names.split()}
)
DAYS = (
    ("Senin", "Sen", "Monday", "Mon"),
    ("Selasa", "Sel", "Tuesday", "Tue"),
    ("Rabu", "Rab", "Wednesday", "Wed"),
    ("Kamis", "Kam", "Thursday", "Thu"),
    ("Jumat", "Jum", "Friday", "Fri"),
    ("Sabtu", "Sab", "Saturday", "Sat"),
    ("Minggu", "Min", "Sunday", "Sun"),
)
OTHER_DAYS = {4: ("Jum'at", "Jum\u2019at", "Jum\u2018at", "Jum`at", "Jum\u02bcat"), 6: ("Ahad",)}
SPELLED_DAYS = sorted(
    {(number, name) for number, names in enumerate(DAYS) for name in names}
    | {(number, name) for number, names in OTHER_DAYS.items() for name in names}
)

ABSOLUTE = {
    "Kamis, 26 Oktober 2017 12:34 WIB": "2017-10-26T05:34:00Z",
    "Wednesday, 04 November, 2015 |  07:28 WIB": "2015-11-04T00:28:00Z",
    "Wednesday, 04/11/2015 | 07:58 WIB": "2015-11-04T00:58:00Z",
    "Wednesday, 04-11-2015 | 07:58 WIB": "2015-11-04T00:58:00Z",
    "04.11.2015 07.58": "2015-11-04T00:58:00Z",
    "August 9, 2025 | 11:39 am": "2025-08-09T04:39:00Z",
    "August 9, 2025 | 12:05 am": "2025-08-08T17:05:00Z",
    "August 9, 2025 | 00:05 am": "2025-08-08T17:05:00Z",
    "August 9, 2025 | 12:05 pm": "2025-08-09T05:05:00Z",
    "August 9, 2025 | 13:05 pm": "2025-08-09T06:05:00Z",
    "August 9, 2025 at 11:39 p.m.": "2025-08-09T16:39:00Z",
    "August 9, 2025 at 11:39\u202fPM": "2025-08-09T16:39:00Z",
    "9th of August 2025": "2025-08-08T17:00:00Z",
    "August 1st, 2025": "2025-07-31T17:00:00Z",
    "August 2nd 2025": "2025-08-01T17:00:00Z",
    "24 Juli 2026 | 09.00 WIB": "2026-07-24T02:00:00Z",
    "24 Juli 2026 \u2022 09.00 WIB": "2026-07-24T02:00:00Z",
    "24 Juli 2026 - 09.00 WIB": "2026-07-24T02:00:00Z",
    "24 Juli 2026 \u2013 09.00 WIB": "2026-07-24T02:00:00Z",
    "24 Juli 2026 (09.00 WIB)": "2026-07-24T02:00:00Z",
    "24 Juli 2026 | 09.00 WITA": "2026-07-24T01:00:00Z",
    "24 Juli 2026 | 09.00 WIT": "2026-07-24T00:00:00Z",
    "24 Juli 2026, pkl. 09.00 WIT": "2026-07-24T00:00:00Z",
    "Jumat (24/7/2026) pukul 09.00 WIB": "2026-07-24T02:00:00Z",
    "09.00 WIB | Jumat, 24 Juli 2026": "2026-07-24T02:00:00Z",
    "9:00 am, July 24, 2026": "2026-07-24T02:00:00Z",
    "24 Juli 2026 (Jumat)": "2026-07-23T17:00:00Z",
    "Jum'at, 3 Mei 2024 pukul 10.15 WIB": "2024-05-03T03:15:00Z",
    "Jum\u2019at, 3 Mei 2024, pukul 10.15 WIB": "2024-05-03T03:15:00Z",
    "Jumat, 3 Mei 2024 10:15": "2024-05-03T03:15:00Z",
    "Ahad, 5 Nopember 2023 10:15 WIB": "2023-11-05T03:15:00Z",
    "1 November 2017 14:31 WIB": "2017-11-01T07:31:00Z",
    "3 Ags 2024 10:15": "2024-08-03T03:15:00Z",
    "Diperbarui: 24 Juli 2026 | 09.00 WIB": "2026-07-24T02:00:00Z",
    "Terbit: Jumat, 24 Juli 2026 09.00": "2026-07-24T02:00:00Z",
    "Tayang : 24/07/2026 09:00": "2026-07-24T02:00:00Z",
    "Published: July 24, 2026 09:00 WIB": "2026-07-24T02:00:00Z",
    "Last updated on July 24, 2026 09:00 WIB": "2026-07-24T02:00:00Z",
    "\u200e24 Juli\u00a02026\n\t|  09.00\u00a0WIB\u200b": "2026-07-24T02:00:00Z",
    "2026-07-24T09:00:00+07:00": "2026-07-24T02:00:00Z",
    "2026-07-24T09:00:00Z": "2026-07-24T09:00:00Z",
    "2026-07-24T09:00Z": "2026-07-24T09:00:00Z",
    "2026-07-24 09:00 Z": "2026-07-24T09:00:00Z",
    "2026-07-24T09:00:00.123+0700": "2026-07-24T02:00:00Z",
    "2026-07-24T09:00-05:00": "2026-07-24T14:00:00Z",
    "2026-07-24 09:00:00-05": "2026-07-24T14:00:00Z",
    "2026-07-24 09:00:00": "2026-07-24T02:00:00Z",
    "2026-07-24": "2026-07-23T17:00:00Z",
    "2026/07/24": "2026-07-23T17:00:00Z",
    "Sun, 07 Jun 2026 15:00:00 +0700": "2026-06-07T08:00:00Z",
    "Sun, 07 Jun 2026 15:00:00 +0700 (WIB)": "2026-06-07T08:00:00Z",
    "Sun, 07 Jun 2026 08:20:26 GMT": "2026-06-07T08:20:26Z",
    "07 Jun 2026 08:20 UT": "2026-06-07T08:20:00Z",
    "Sun, 07 Jun 2026 08:20:26 EDT": "2026-06-07T12:20:26Z",
    "Sun, 07 Jun 2026 08:20:26 EST": "2026-06-07T13:20:26Z",
    "Sun, 07 Jun 2026 08:20:26 PST": "2026-06-07T16:20:26Z",
    "Sun, 07 Jun 2026 08:20 -0500": "2026-06-07T13:20:00Z",
    "Sun Jun 07 2026 15:00:00 GMT+0700 (Western Indonesia Time)": "2026-06-07T08:00:00Z",
    "7 Juni 2026 15.00 Waktu Indonesia Tengah": "2026-06-07T07:00:00Z",
    "7 Juni 2026 15.00 (Eastern Indonesia Time)": "2026-06-07T06:00:00Z",
    "7 Juni 2026 15.00 GMT+7": "2026-06-07T08:00:00Z",
    "7 June 2026 15:00 GMT+700": "2026-06-07T08:00:00Z",
    "7 Juni 2026 15.00 WIB (UTC+7)": "2026-06-07T08:00:00Z",
    "Monday, 16 January 2023": "2023-01-15T17:00:00Z",
}

NO_DATE = [
    *("29", "Mei", "Minggu", "null WIB", "2 weeks ago 29", "PR", "", " ", "12:34", "11:39 am", "Mei 2024", "9 Mei"),
    *("null", "24 Juli 2026 | null WIB", "Kamis, WIB", "WIB", "09.00 WIB", "Minggu, 09.00 WIB", "2 jam lalu"),
    *("31 Februari 2020", "29 Februari 2023", "32/01/2020", "00/00/2020", "04/13/2015", "0000-00-00 00:00:00"),
    *("1 Januari 2020 25:00", "1 Januari 2020 24:00", "1 Januari 2020 10:61", "1 Januari 2020 10:10:61", "1 Foo 2020"),
    *("1 Januari 2020 13:05 am", "1 Januari 2020 00:05 pm", "1 Januari 2020 10:5", "1 Januari 2020 pukul"),
    # which year, which zone, the beginning or the end: what is not said is not guessed
    *("04/11/15", "4 Nov '15", "Nov 4, 15", "24 Juli 2026 | 09.00 waktu setempat", "24 Juli 2026 | 09.00 ET"),
    *("24 Juli 2026 09:00-10:00", "24 Juli 2026 09.00-10.00 WIB", "24 Juli 2026 09.00 - 10.00", "2026-07-24 09:00-11"),
    *("2026-07-24-09:00", "2026-07-24+07:00", "24 Juli 2026 09.00 WIB / 10.00 WITA", "24 Juli 2026 09.00 WIB WITA"),
    *("24 Juli 2026 09.00 WIB +0800", "24 Juli 2026 09.00 GMT+15", "2026-07-24T09:00+99:99", "2026-07-24T09:00+07:60"),
    *("24 Juli 2026T09:00", "2026-07/24", "24-7/2026", "2026-07-24 -09:00", "24 Juli 2026 09:00 +7"),
    # what a database prints for a date that it does not have
    *("0001-01-01T00:00:00Z", "1 Januari 0001", "-0001-11-30T00:00:00+00:00", "0000-00-00"),
    *("1970-01-01T00:00:00Z", "1970-01-01T07:00:00+07:00", "Kamis, 1 Januari 1970 | 07.00 WIB", "January 1, 1970"),
    # prose
    *("24 Juli 2026 | 09.00 WIB 3", "on 24 Juli 2026 he said", "Jakarta, 24 Juli 2026", "24 Juli 2026 oleh Andi"),
    *("31 Agustus 2015 dan 1 September 2015", "| Wednesday, 04 November 2015 |", "Pilkada 2018", "Edisi 24 Juli 2026"),
    *("24 Juli 2026 09.00 wibwib", "24 Juli 2026 09.00 GMT+70", "24 Juli 2026 09.00 +700", "24 Juli 2026 09.00 WIBx"),
    # numbers
    *("1446595200", "20151104", "021-5360409", "0812-3456-7890", "+62 21 5360409", "Rp 10.000", "2-1", "2 - 1"),
    *("192.168.10.2024", "1.2.3", "3/4", "2024-2025", "2024/2025", "04-11-2015 2-1", "\u0662\u0664 Juli 2026"),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "instant"), ABSOLUTE.items())
def test_a_written_time(raw: str, instant: str):
    found = parse_published(raw)
    assert found is not None
    assert found.instant == datetime.fromisoformat(instant)
    assert found.instant.tzinfo is UTC


@pytest.mark.parametrize("raw", NO_DATE)
def test_no_written_time(raw: str):
    assert parse_published(raw) is None


@pytest.mark.parametrize(("number", "name"), SPELLED_MONTHS)
@pytest.mark.parametrize("dot", ["", "."])
def test_a_month(number: int, name: str, dot: str):
    expected = datetime(2024, number, 3, 3, 15, tzinfo=UTC)
    for spelled in (name, name.upper(), name.lower()):
        for raw in (f"3 {spelled}{dot} 2024 10:15 WIB", f"{spelled}{dot} 3, 2024 | 10:15"):
            found = parse_published(raw)
            assert found is not None
            assert found.instant == expected


@pytest.mark.parametrize(("number", "name"), SPELLED_DAYS)
def test_a_weekday_must_be_the_one_of_the_date(number: int, name: str):
    for day in range(1, 8):  # 1 July 2024 was a Monday
        for raw in (f"{name}, {day} Juli 2024", f"{name} {day:02}/07/2024 09.00", f"{day} Juli 2024 ({name})"):
            assert (parse_published(raw) is not None) is (day - 1 == number)


def test_a_weekday_tells_a_month_that_stands_first():
    assert parse_published("Wednesday, 04/11/2015") is not None
    assert parse_published("Wednesday, 11/04/2015") is None  # 11 April was a Saturday: none, and not that


@pytest.mark.parametrize(
    ("raw", "precision", "width"),
    [
        ("9 Agustus 2025", Precision.DAY, timedelta(days=1)),
        ("9 Agustus 2025 11:39", Precision.MINUTE, timedelta(minutes=1)),
        ("2025-08-09 11:39:00", Precision.SECOND, timedelta(seconds=1)),
    ],
)
def test_precision_is_the_smallest_unit_that_is_named(raw: str, precision: Precision, width: timedelta):
    found = parse_published(raw)
    assert found is not None
    assert found.precision is precision
    assert found.window.earliest == found.instant
    assert found.window.latest - found.window.earliest == width


def test_the_default_zone_is_an_argument():
    for raw, hour in {"9 Agustus 2025 11:39": 11, "9 Agustus 2025 11:39 WIB": 4}.items():
        found = parse_published(raw, zone=UTC)
        assert found is not None
        assert found.instant == datetime(2025, 8, 9, hour, 39, tzinfo=UTC)


# A printer of our own: an instant in a zone, in every form; what is read back must be it.

Printer = Callable[[datetime], str]


def named(language: int, form: str) -> Printer:
    """A date with the names of a language: 0 and 1 Indonesian, 2 and 3 English, long and short."""
    return lambda t: form.format(
        d=t.day, dd=f"{t.day:02}", y=t.year, month=MONTHS[t.month - 1][language], day=DAYS[t.weekday()][language]
    )


LANGUAGES = range(4)
ISO_DATE: Printer = lambda t: f"{t:%Y-%m-%d}"  # noqa: E731 - one line of a table
DATES: tuple[Printer, ...] = (
    *(named(language, "{day}, {dd} {month} {y}") for language in LANGUAGES),
    *(named(language, "{d} {month} {y}") for language in LANGUAGES),
    named(2, "{day}, {dd} {month}, {y}"),
    named(3, "{dd}-{month}-{y}"),
    named(2, "{month} {d}, {y}"),
    named(3, "{day}, {month}. {d}, {y}"),
    lambda t: f"{DAYS[t.weekday()][2]}, {t:%d/%m/%Y}",
    lambda t: f"{DAYS[t.weekday()][0]} ({t.day}/{t.month}/{t.year})",
    lambda t: f"{t:%d/%m/%Y}",
    lambda t: f"{t:%d-%m-%Y}",
    lambda t: f"{t:%d.%m.%Y}",
    ISO_DATE,
)


def half(t: datetime) -> str:
    return "am" if t.hour < 12 else "pm"


MINUTES: tuple[Printer, ...] = (
    lambda t: f"{t:%H.%M}",
    lambda t: f"{t:%H:%M}",
    lambda t: f"{t.hour}:{t:%M}",
    lambda t: f"{t:%I:%M} {half(t)}",
    lambda t: f"{(t.hour + 11) % 12 + 1}.{t:%M} {half(t).upper()}",
    lambda t: f"{t:%I:%M} {half(t)[0]}.m.",
)
SECONDS: tuple[Printer, ...] = (lambda t: f"{t:%H:%M:%S}", lambda t: f"{t:%H.%M.%S}")
BETWEEN = (" ", " | ", ", ", " - ", " \u2022 ", " pukul ", ", pukul ", " | pukul ", " jam ", " at ")
ZONES = {  # how it is written: hours ahead of UTC
    "": 7, " WIB": 7, " WITA": 8, " WIT": 9, " (WIB)": 7, " GMT+7": 7, " GMT+07:00": 7, " UTC+8": 8, " UTC": 0,
    " GMT": 0, " Z": 0, " +07:00": 7, " +0700": 7, " +09": 9, " +0800 (WITA)": 8, " -0500": -5,
}  # fmt: skip
LABELS = ("", "Diperbarui: ", "Terbit: ", "Published: ", "Updated: ", "Tayang: ", "Diterbitkan pada ", "Published on ")

Case = tuple[str, datetime, Precision]


def cases(moment: datetime) -> Iterator[Case]:
    """That moment in every combination of forms: what is written, the instant, the precision."""
    for date, label in product(DATES, LABELS):
        for zone in (7, 8, 9, 0, -5):
            local = moment.astimezone(timezone(timedelta(hours=zone)))
            written = [suffix for suffix, hours in ZONES.items() if hours == zone]
            times = [*((clock, Precision.MINUTE) for clock in MINUTES), *((c, Precision.SECOND) for c in SECONDS)]
            for (clock, precision), between, suffix in product(times, BETWEEN, written):
                yield f"{label}{date(local)}{between}{clock(local)}{suffix}", begin(local, precision), precision
        day = moment.astimezone(WIB)
        yield f"{label}{date(day)}", begin(day, Precision.DAY), Precision.DAY


def begin(local: datetime, precision: Precision) -> datetime:
    if precision is Precision.SECOND:
        return local
    return local.replace(second=0) if precision is Precision.MINUTE else local.replace(hour=0, minute=0, second=0)


@pytest.mark.parametrize("moment", [datetime(2015, 11, 3, 17, 5, 9, tzinfo=UTC), datetime(2024, 2, 29, 5, tzinfo=UTC)])
def test_one_moment_in_every_combination_of_forms(moment: datetime):
    count = 0
    for raw, instant, precision in cases(moment):
        found = parse_published(raw)
        assert found is not None, raw
        assert (found.instant, found.precision) == (instant, precision), raw
        count += 1
    assert count > 100_000


MOMENTS = st.datetimes(datetime(1971, 1, 1), datetime(2099, 12, 31)).map(  # noqa: DTZ001
    lambda t: t.replace(microsecond=0, tzinfo=UTC)
)
SPACES = st.sampled_from([" ", "  ", "\u00a0", "\n\t ", " \r\n", "\u202f"])
CASES = st.sampled_from([str, str.lower, str.upper, str.title])


@st.composite
def written(draw: st.DrawFn) -> Case:
    suffix, hours = draw(st.sampled_from(sorted(ZONES.items())))
    local = draw(MOMENTS).astimezone(timezone(timedelta(hours=hours)))
    precision = draw(st.sampled_from(Precision))
    date, label = draw(st.sampled_from(DATES)), draw(st.sampled_from(LABELS))
    if precision is Precision.DAY:
        local = local.astimezone(WIB)
        raw = f"{label}{date(local)}"
    else:
        clock = draw(st.sampled_from(MINUTES if precision is Precision.MINUTE else SECONDS))(local)
        if draw(st.booleans()):
            raw = f"{label}{date(local)}{draw(st.sampled_from(BETWEEN))}{clock}{suffix}"
        else:
            raw = f"{label}{clock}{suffix}{draw(st.sampled_from([', ', ' | ', ' - ']))}{date(local)}"
    around = draw(SPACES)
    return around + draw(CASES)(raw).replace(" ", draw(SPACES)) + around, begin(local, precision), precision


@settings(max_examples=3000)
@given(written())
def test_what_is_written_is_read_back_exactly(case: Case):
    raw, instant, precision = case
    found = parse_published(raw)
    assert found is not None
    assert (found.instant, found.precision) == (instant, precision)


@settings(max_examples=1000)
@given(MOMENTS, st.sampled_from([-12, -8, -5, 0, 5.5, 7, 8, 9, 14]))
def test_what_machines_write_is_read_back_exactly(moment: datetime, hours: float):
    local = moment.astimezone(timezone(timedelta(hours=hours)))
    rfc822 = f"{DAYS[local.weekday()][3]}, {local:%d} {MONTHS[local.month - 1][3][:3]} {local:%Y %H:%M:%S %z}"
    for raw in (local.isoformat(), local.isoformat(" "), local.isoformat(timespec="milliseconds"), rfc822):
        found = parse_published(raw)
        assert found is not None
        assert (found.instant, found.precision) == (moment, Precision.SECOND)


@settings(max_examples=500)
@given(MOMENTS, st.integers(1, 6), st.sampled_from(DATES[:4]), st.sampled_from(["", " 09.00", " | 09:00 WIB"]))
def test_a_weekday_of_another_day_makes_it_none(moment: datetime, off: int, date: Printer, clock: str):
    weekday = date(moment + timedelta(days=off)).split(",")[0]
    assert parse_published(f"{weekday},{date(moment).split(',')[1]}{clock}") is None


WORDS = st.sampled_from(
    [
        *("Jakarta", "kata", "Presiden", "di", "pada", "hari", "the", "of", "said", "Minggu", "Mei", "Rabu", "may"),
        *("pukul", "WIB", "jam", "lalu", "tahun", "24", "29", "2-1", "10.15", "Rp", "10.000", "persen", "am", "ago"),
    ]
)  # fmt: skip
NAMES = st.sampled_from(["Jakarta", "kata", "Presiden", "sejak", "hingga", "said", "Rp", "skor", "no.", "dan"])


@settings(max_examples=1000)
@given(st.lists(WORDS, max_size=8).map(" ".join))
def test_words_of_dates_without_one_are_none(raw: str):
    assert parse_published(raw) is None


@settings(max_examples=1000)
@given(written(), NAMES, st.booleans())
def test_a_date_inside_of_prose_is_none(case: Case, word: str, before: bool):
    assert parse_published(f"{word} {case[0]}" if before else f"{case[0]} {word}") is None


@st.composite
def figures(draw: st.DrawFn) -> str:
    """Phone numbers, scores, prices, shares, years, ranges, bare numbers."""
    some = st.integers(0, 99_999)
    a, b, c = draw(some), draw(some), draw(some)
    phone = f"{draw(st.sampled_from(['021', '0812', '+62 812', '(022)']))}{draw(st.sampled_from('- '))}{a:05}"
    forms = [
        str(a),
        f"{a % 10}-{b % 10}",
        f"{a % 10} - {b % 10}",
        f"Rp {a % 1000}.{b % 1000:03}",
        f"{a % 100},{b % 100} persen",
    ]
    forms += [
        phone,
        f"{phone}-{b:04}",
        f"{a}/{b}",
        f"{1900 + a % 200}-{1900 + b % 200}",
        f"{a}.{b:03}.{c:03}",
        f"{a % 24:02}:{b % 60:02}",
    ]
    return draw(st.sampled_from(forms))  # fmt: skip


@settings(max_examples=1000)
@given(figures(), st.sampled_from(["", " WIB", " lalu", " am"]))
def test_a_number_is_none(number: str, after: str):
    assert parse_published(number + after) is None


@given(st.text())
def test_no_text_raises(raw: str):
    parse_published(raw)


@settings(max_examples=1000)
@given(st.text(alphabet="0123456789 /-:.,|+TZapm wibgt()", max_size=60))
def test_no_text_of_the_right_letters_raises(raw: str):
    found = parse_published(raw)
    assert found is None or found.window.earliest < found.window.latest


HOSTILE = [
    "1" * 100_000,
    " " * 100_000,
    "1 januari " * 10_000,
    "se" * 50_000,
    "a, " * 33_000,
    "1/" * 50_000,
    "\u0130" * 50_000,
    "published: " * 9,
    "+07" * 33,
    "1 " * 50,
]


@pytest.mark.parametrize("raw", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_text_costs_nothing(raw: str):
    with at_most(0.05):
        assert parse_published(raw) is None
