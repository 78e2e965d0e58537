"""Every written form of docs/tempo.md, section 5, and what is no date."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stories.article import Window
from stories.dates import Precision, parse_age, parse_published

WIB = timezone(timedelta(hours=7))
MONTHS_ID = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November",
    "Desember",
)  # fmt: skip
MONTHS_EN = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
DAYS_ID = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")

ABSOLUTE = {
    "Kamis, 26 Oktober 2017 12:34 WIB": "2017-10-26T05:34:00Z",
    "Wednesday, 04 November, 2015 |  07:28 WIB": "2015-11-04T00:28:00Z",
    "Wednesday, 04/11/2015 | 07:58 WIB": "2015-11-04T00:58:00Z",
    "August 9, 2025 | 11:39 am": "2025-08-09T04:39:00Z",
    "August 9, 2025 | 12:05 am": "2025-08-08T17:05:00Z",
    "August 9, 2025 | 12:05 pm": "2025-08-09T05:05:00Z",
    "August 9, 2025 at 11:39 p.m.": "2025-08-09T16:39:00Z",
    "24 Juli 2026 | 09.00 WIB": "2026-07-24T02:00:00Z",
    "24 Juli 2026 | 09.00 WITA": "2026-07-24T01:00:00Z",
    "24 Juli 2026 | 09.00 WIT": "2026-07-24T00:00:00Z",
    "Jum'at, 3 Mei 2024 pukul 10.15 WIB": "2024-05-03T03:15:00Z",
    "Jum\u2019at, 3 Mei 2024, pukul 10.15 WIB": "2024-05-03T03:15:00Z",
    "Jumat, 3 Mei 2024 10:15": "2024-05-03T03:15:00Z",
    "Ahad, 5 Nopember 2023 10:15 WIB": "2023-11-05T03:15:00Z",
    "1 November 2017 14:31 WIB": "2017-11-01T07:31:00Z",
    "Diperbarui: 24 Juli 2026 | 09.00 WIB": "2026-07-24T02:00:00Z",
    "3 Ags 2024 10:15": "2024-08-03T03:15:00Z",
    "2026-07-24T09:00:00+07:00": "2026-07-24T02:00:00Z",
    "2026-07-24T09:00:00Z": "2026-07-24T09:00:00Z",
    "2026-07-24T09:00:00.123+0700": "2026-07-24T02:00:00Z",
    "2026-07-24 09:00:00": "2026-07-24T02:00:00Z",
    "Sun, 07 Jun 2026 15:00:00 +0700": "2026-06-07T08:00:00Z",
    "Sun, 07 Jun 2026 08:20:26 GMT": "2026-06-07T08:20:26Z",
    "Monday, 16 January 2023": "2023-01-15T17:00:00Z",
    "2026-07-24": "2026-07-23T17:00:00Z",
}

NO_DATE = [
    *("29", "Mei", "Minggu", "null WIB", "2 weeks ago 29", "PR", "", "12:34", "11:39 am", "Mei 2024", "2024", "9 Mei"),
    *("31 Februari 2020", "1 Januari 2020 25:00", "1 Januari 2020 10:61", "00/00/2020", "32/01/2020", "1 Foo 2020"),
    *(
        "1 Januari 0000",
        "24 Juli 2026 | 09.00 WIB 3",
        "on 24 Juli 2026 he said",
        "2 jam lalu",
        "2026-07-24T09:00+99:99",
    ),
]

SHORT_MONTHS = {
    1: "Jan",
    2: "Feb Peb Pebruari",
    3: "Mar Mrt",
    4: "Apr",
    5: "Mei May",
    6: "Jun",
    7: "Jul",
    8: "Agt Agu Ags Agust Aug",
    9: "Sep Sept",
    10: "Okt Oct",
    11: "Nov Nop",
    12: "Des Dec",
}
SHORTS = [(number, name) for number, names in SHORT_MONTHS.items() for name in names.split()]

SEEN = datetime(2025, 8, 31, 5, 30, tzinfo=UTC)
AGES = {
    "30 detik lalu": ("2025-08-31T05:29:29Z", "2025-08-31T05:29:30Z"),
    "0 menit lalu": ("2025-08-31T05:29:00Z", "2025-08-31T05:30:00Z"),
    "5 Menit Lalu": ("2025-08-31T05:24:00Z", "2025-08-31T05:25:00Z"),
    "2 jam lalu": ("2025-08-31T02:30:00Z", "2025-08-31T03:30:00Z"),
    "1 hari yang lalu": ("2025-08-29T05:30:00Z", "2025-08-30T05:30:00Z"),
    "2 minggu lalu": ("2025-08-10T05:30:00Z", "2025-08-17T05:30:00Z"),
    "2 pekan lalu": ("2025-08-10T05:30:00Z", "2025-08-17T05:30:00Z"),
    "6 bulan lalu": ("2025-01-31T05:30:00Z", "2025-02-28T05:30:00Z"),
    "3 tahun lalu": ("2021-08-31T05:30:00Z", "2022-08-31T05:30:00Z"),
    "semenit lalu": ("2025-08-31T05:28:00Z", "2025-08-31T05:29:00Z"),
    "sejam lalu": ("2025-08-31T03:30:00Z", "2025-08-31T04:30:00Z"),
    "sehari lalu": ("2025-08-29T05:30:00Z", "2025-08-30T05:30:00Z"),
    "seminggu lalu": ("2025-08-17T05:30:00Z", "2025-08-24T05:30:00Z"),
    "sepekan lalu": ("2025-08-17T05:30:00Z", "2025-08-24T05:30:00Z"),
    "sebulan lalu": ("2025-06-30T05:30:00Z", "2025-07-31T05:30:00Z"),
    "setahun lalu": ("2023-08-31T05:30:00Z", "2024-08-31T05:30:00Z"),
    "satu jam lalu": ("2025-08-31T03:30:00Z", "2025-08-31T04:30:00Z"),
    "dua jam lalu": ("2025-08-31T02:30:00Z", "2025-08-31T03:30:00Z"),
    "sepuluh menit yang lalu": ("2025-08-31T05:19:00Z", "2025-08-31T05:20:00Z"),
    "beberapa detik lalu": ("2025-08-31T05:29:00Z", "2025-08-31T05:30:00Z"),
    "baru saja": ("2025-08-31T05:29:00Z", "2025-08-31T05:30:00Z"),
    "barusan": ("2025-08-31T05:29:00Z", "2025-08-31T05:30:00Z"),
    "kemarin": ("2025-08-29T17:00:00Z", "2025-08-30T17:00:00Z"),
    "hari ini": ("2025-08-30T17:00:00Z", "2025-08-31T05:30:00Z"),
    "tadi pagi": ("2025-08-30T17:00:00Z", "2025-08-31T05:30:00Z"),
    "minggu lalu": ("2025-08-17T17:00:00Z", "2025-08-24T17:00:00Z"),
    "bulan lalu": ("2025-06-30T17:00:00Z", "2025-07-31T17:00:00Z"),
    "last year": ("2023-12-31T17:00:00Z", "2024-12-31T17:00:00Z"),
    "2 weeks ago": ("2025-08-10T05:30:00Z", "2025-08-17T05:30:00Z"),
    "an hour ago": ("2025-08-31T03:30:00Z", "2025-08-31T04:30:00Z"),
    "a minute ago": ("2025-08-31T05:28:00Z", "2025-08-31T05:29:00Z"),
    "2 hours ago": ("2025-08-31T02:30:00Z", "2025-08-31T03:30:00Z"),
    "yesterday": ("2025-08-29T17:00:00Z", "2025-08-30T17:00:00Z"),
    "just now": ("2025-08-31T05:29:00Z", "2025-08-31T05:30:00Z"),
}
NO_AGE = [
    *("29", "Mei", "Minggu", "null WIB", "2 weeks ago 29", "PR", "", "lalu", "2 jam", "jam lalu", "2 kali lalu"),
    *("9999 tahun lalu", "99999 jam lalu", "August 9, 2025", "dua jam lalu, dua jam lalu", "2 weeks"),
]


def at(instant: datetime) -> Window:
    return Window(earliest=instant, latest=instant)


def iso(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(("raw", "instant"), ABSOLUTE.items())
def test_a_written_time(raw: str, instant: str):
    found = parse_published(raw)
    assert found is not None
    assert found.instant == iso(instant)
    assert found.instant.tzinfo is UTC


@pytest.mark.parametrize("raw", NO_DATE)
def test_no_written_time(raw: str):
    assert parse_published(raw) is None


@pytest.mark.parametrize(("number", "name"), SHORTS)
def test_a_short_month(number: int, name: str):
    found = parse_published(f"3 {name} 2024 10:15 WIB")
    assert found is not None
    assert found.instant == datetime(2024, number, 3, 3, 15, tzinfo=UTC)


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
    assert found.window.latest - found.window.earliest == width


def test_the_default_zone_is_an_argument():
    found = parse_published("9 Agustus 2025 11:39", zone=UTC)
    assert found is not None
    assert found.instant == datetime(2025, 8, 9, 11, 39, tzinfo=UTC)


@pytest.mark.parametrize(("raw", "window"), AGES.items())
def test_an_age(raw: str, window: tuple[str, str]):
    found = parse_age(raw, seen=at(SEEN))
    assert found == Window(earliest=iso(window[0]), latest=iso(window[1]))


@pytest.mark.parametrize("raw", NO_AGE)
def test_no_age(raw: str):
    assert parse_age(raw, seen=at(SEEN)) is None


def test_an_age_on_a_copy_counts_from_the_window_of_the_copy():
    copied = Window(earliest=SEEN - timedelta(days=7), latest=SEEN)
    found = parse_age("2 jam lalu", seen=copied)
    assert found == Window(earliest=copied.earliest - timedelta(hours=3), latest=copied.latest - timedelta(hours=2))


INSTANTS = st.datetimes(datetime(2001, 1, 1), datetime(2099, 12, 31)).map(  # noqa: DTZ001
    lambda local: local.replace(second=0, microsecond=0, tzinfo=WIB)
)


@settings(deadline=None)
@given(INSTANTS)
def test_what_a_page_of_any_edition_prints_is_read_back(local: datetime):
    day, year, clock = local.day, local.year, f"{local:%H.%M}"
    half = f"{(local.hour - 1) % 12 + 1}:{local:%M} {'am' if local.hour < 12 else 'pm'}"
    forms = [
        f"{DAYS_ID[local.weekday()]}, {day} {MONTHS_ID[local.month - 1]} {year} {local:%H:%M} WIB",
        f"{day} {MONTHS_ID[local.month - 1]} {year} | {clock} WIB",
        f"{MONTHS_EN[local.month - 1]} {day}, {year} | {half}",
        f"{local:%A, %d/%m/%Y | %H:%M} WIB",
        f"{local:%A, %d %B, %Y |  %H:%M} WIB",
        f"{local:%a, %d %b %Y %H:%M:%S} +0700",
        local.isoformat(),
        local.astimezone(UTC).isoformat(),
    ]
    assert [parse_published(form) and parse_published(form).instant for form in forms] == [local] * len(forms)


UNITS = {"detik": 1, "menit": 60, "jam": 3600, "hari": 86400, "minggu": 604800}


@settings(deadline=None)
@given(INSTANTS, st.integers(0, 400), st.sampled_from(sorted(UNITS)), st.floats(0, 0.999))
def test_the_window_of_an_age_holds_the_true_time(seen: datetime, number: int, unit: str, part: float):
    published = seen - timedelta(seconds=UNITS[unit]) * (number + part)
    window = parse_age(f"{number} {unit} lalu", seen=at(seen))
    assert window is not None
    assert window.earliest <= published <= window.latest


@settings(deadline=None)
@given(st.text())
def test_no_text_raises(raw: str):
    parse_published(raw)
    parse_age(raw, seen=at(SEEN))


@settings(deadline=None)
@given(st.text(alphabet="0123456789 /-:.,|+TZapm jamlu", max_size=60))
def test_no_text_of_the_right_letters_raises(raw: str):
    parse_published(raw)
    parse_age(raw, seen=at(SEEN))


HOSTILE = [
    "1" * 100_000,
    " " * 100_000,
    "1 januari " * 10_000,
    "se" * 50_000,
    "a, " * 33_000,
    "1/" * 50_000,
    "\u0130" * 50_000,
]


@pytest.mark.parametrize("raw", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_text_costs_nothing(raw: str):
    started = time.process_time()
    assert parse_published(raw) is None
    assert parse_age(raw, seen=at(SEEN)) is None
    assert time.process_time() - started < 0.05
