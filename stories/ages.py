"""How long ago: `2 jam lalu`, `an hour ago`, `kemarin` -> the window in which it happened.

Floor semantics: `2 jam lalu` is at least 2 and less than 3 hours before the moment of writing, which is an argument
and itself a window, so that ages on a copied page can count from when it was copied. Months and years are those of
the calendar. What names no number (`beberapa jam lalu`, `half an hour ago`) is no age.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import Final

from stories.article import Window
from stories.daytime import (
    BETWEEN,
    LABEL,
    MAX_RAW,
    OLDEST,
    REMEMBERED,
    TIME,
    WIB,
    ZONES,
    Parts,
    one_line,
    precision_of,
    time_of,
    zone_of,
)

_ONES_ID: Final = ("satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan")
_ONES_EN: Final = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS_EN: Final = (
    "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS_EN: Final = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


def _words_id() -> Iterator[tuple[str, int]]:
    """One to ninety-nine."""
    yield from ((word, n) for n, word in enumerate(_ONES_ID, 1))
    yield from (("sepuluh", 10), ("sebelas", 11))
    yield from ((f"{word} belas", 10 + n) for n, word in enumerate(_ONES_ID[1:], 2))
    for tens, word in enumerate(_ONES_ID[1:], 2):
        yield f"{word} puluh", 10 * tens
        yield from ((f"{word} puluh {one}", 10 * tens + n) for n, one in enumerate(_ONES_ID, 1))


def _words_en() -> Iterator[tuple[str, int]]:
    yield from (("a", 1), ("an", 1))
    yield from ((word, n) for n, word in enumerate((*_ONES_EN, *_TEENS_EN), 1))
    for tens, word in enumerate(_TENS_EN, 2):
        yield word, 10 * tens
        yield from ((f"{word}{mark}{one}", 10 * tens + n) for n, one in enumerate(_ONES_EN, 1) for mark in "- ")


_NUMBERS_ID: Final = dict(_words_id())
_NUMBERS_EN: Final = dict(_words_en())
_SECOND, _MINUTE, _HOUR, _DAYS, _WEEK = (timedelta(seconds=s) for s in (1, 60, 3600, 86400, 604800))
_SPANS: Final = {
    "detik": _SECOND, "second": _SECOND, "sec": _SECOND,
    "menit": _MINUTE, "minute": _MINUTE, "min": _MINUTE,
    "jam": _HOUR, "hour": _HOUR, "hr": _HOUR,
    "hari": _DAYS, "day": _DAYS,
    "minggu": _WEEK, "pekan": _WEEK, "week": _WEEK, "wk": _WEEK,
}  # fmt: skip
_MONTH_SPANS: Final = {"bulan": 1, "month": 1, "tahun": 12, "year": 12, "yr": 12}

_AGO_ID = r"(?:(?:yang|yg) )?(?:lalu|silam)"
_AGE: Final = re.compile(
    rf"{LABEL}(?:"
    rf"(?:(?P<n1>\d{{1,4}}) ?|se|(?P<w1>[a-z]{{3,8}}(?: belas| puluh(?: [a-z]{{3,8}})?)?) )"
    rf"(?P<id>detik|menit|jam|hari|minggu|pekan|bulan|tahun) {_AGO_ID}"
    r"|(?:(?P<n2>\d{1,4}) ?|(?P<w2>[a-z]{1,9}(?:[ -][a-z]{3,5})?) )"
    r"(?P<en>second|sec|minute|min|hour|hr|day|week|wk|month|year|yr)s? ago)",
    re.ASCII,
)
_JUST_NOW: Final = re.compile(
    rf"{LABEL}(?:beberapa detik {_AGO_ID}|kurang dari (?:se|1 |satu )menit {_AGO_ID}|baru saja|barusan"
    r"|just now|(?:(?:a )?few )?seconds ago|(?:a )?moments? ago|less than (?:a|1|one) minute ago)"
)
_DAY_WORDS: Final = {
    "hari ini": 0, "tadi pagi": 0, "tadi siang": 0, "tadi sore": 0, "today": 0, "this morning": 0,
    "kemarin": 1, "yesterday": 1,
}  # fmt: skip
_DAY_WORD: Final = re.compile(rf"{LABEL}(?P<day>{'|'.join(_DAY_WORDS)})(?:{BETWEEN}{TIME}{ZONES})?", re.ASCII)
_LAST: Final = re.compile(rf"{LABEL}(?:(minggu|pekan|bulan|tahun) {_AGO_ID}|last (week|month|year))")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ago:
    """`2 jam lalu`."""

    number: int
    unit: str

    def window(self, seen: Window, zone: tzinfo) -> Window:
        return Window(
            earliest=_before(seen.earliest, self.number + 1, self.unit, zone),
            latest=_before(seen.latest, self.number, self.unit, zone),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _JustNow:
    """Less than a minute ago: the next label that a site shows is `1 menit lalu`."""

    def window(self, seen: Window, zone: tzinfo) -> Window:  # noqa: ARG002 - every age has a window alike
        return Window(earliest=seen.earliest - _MINUTE, latest=seen.latest)


@dataclass(frozen=True, slots=True, kw_only=True)
class _OnDay:
    """`kemarin`, `hari ini, 09.00 WIB`: a day of the calendar, up to the moment of writing."""

    days_ago: int
    parts: Parts
    """The time of day, if one is named."""

    def window(self, seen: Window, zone: tzinfo) -> Window | None:
        zone, clock = zone_of(self.parts, zone), time_of(self.parts)
        earliest, latest = (self._start(instant, clock, zone) for instant in (seen.earliest, seen.latest))
        end = min(latest + precision_of(self.parts).width, seen.latest)
        return Window(earliest=earliest, latest=end) if earliest <= end else None

    def _start(self, instant: datetime, clock: time, zone: tzinfo) -> datetime:
        day = instant.astimezone(zone).date() - self.days_ago * _DAYS
        return datetime.combine(day, clock, zone).astimezone(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Last:
    """`minggu lalu`: on a card what `1 minggu lalu` is, in prose the week before this one; either is inside."""

    unit: str

    def window(self, seen: Window, zone: tzinfo) -> Window:
        return Window(earliest=_before(seen.earliest, 2, self.unit, zone), latest=_start(seen.latest, self.unit, zone))


def parse_age(raw: str, *, seen: Window, zone: tzinfo = WIB) -> Window | None:
    """When that was, for a text written within `seen`; None for what is no age. Never raises.

    `zone` is where `kemarin` has its midnight.
    """
    age = _understood(raw) if len(raw) <= MAX_RAW else None
    if age is None:
        return None
    try:
        window = age.window(seen, zone)
    except (ValueError, OverflowError):  # before the year 1; kemarin, 25:00
        return None
    return window if window and window.earliest >= OLDEST else None


@lru_cache(maxsize=REMEMBERED)
def _understood(raw: str) -> _Ago | _JustNow | _OnDay | _Last | None:
    text = one_line(raw)
    if _JUST_NOW.fullmatch(text):
        return _JustNow()
    if found := _AGE.fullmatch(text):
        return _counted(found)
    if found := _DAY_WORD.fullmatch(text):
        return _OnDay(days_ago=_DAY_WORDS[found["day"]], parts=found.groupdict())
    if found := _LAST.fullmatch(text):
        return _Last(unit=found[1] or found[2])
    return None


def _counted(found: re.Match[str]) -> _Ago | None:
    if digits := found["n1"] or found["n2"]:
        number: int | None = int(digits)
    elif word := found["w2"]:
        number = _NUMBERS_EN.get(word)
    else:
        number = _NUMBERS_ID.get(found["w1"] or "satu")  # "sejam" is one hour
    return None if number is None else _Ago(number=number, unit=found["id"] or found["en"])


def _before(instant: datetime, number: int, unit: str, zone: tzinfo) -> datetime:
    if unit in _SPANS:
        return (instant - number * _SPANS[unit]).astimezone(UTC)
    local = instant.astimezone(zone)
    months = local.year * 12 + local.month - 1 - number * _MONTH_SPANS[unit]
    return _with_day(local, months // 12, months % 12 + 1).astimezone(UTC)


def _with_day(instant: datetime, year: int, month: int) -> datetime:
    """That day of another month, or its last: a month before 31 March is 28 or 29 February."""
    following = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=instant.tzinfo)
    last = (following - _DAYS).day
    return instant.replace(year=year, month=month, day=min(instant.day, last))


def _start(instant: datetime, unit: str, zone: tzinfo) -> datetime:
    """When the calendar week (from Monday), month or year of an instant began."""
    day = instant.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    if unit in _SPANS:
        return (day - day.weekday() * _DAYS).astimezone(UTC)
    return day.replace(day=1, month=1 if _MONTH_SPANS[unit] > 1 else day.month).astimezone(UTC)
