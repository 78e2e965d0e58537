"""How long ago: `2 jam lalu`, `an hour ago`, `kemarin` -> the window in which it happened.

Floor semantics: `2 jam lalu` is at least 2 and less than 3 hours before the moment of writing, which is an argument
and itself a window, so that ages on a copied page can count from when it was copied.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Final

from stories.article import Window

WIB: Final = timezone(timedelta(hours=7), "WIB")
"""West Indonesian time: Jakarta, and every zone-less time of Tempo."""

MAX_LENGTH: Final = 100  # characters; the longest form known, with its label and weekday, has 62

_MARKS: Final = {0x2018: "'", 0x2019: "'", 0x60: "'", 0x2013: "-", 0x2014: "-"}
"""Typographic quotes and dashes, to the plain ones that the grammars know."""

_NUMBERS: Final = {
    "se": 1, "satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7, "delapan": 8, "sembilan": 9,
    "sepuluh": 10, "sebelas": 11, "dua belas": 12,
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12,
}  # fmt: skip
_SECOND, _MINUTE, _HOUR, _DAYS, _WEEK = (timedelta(seconds=s) for s in (1, 60, 3600, 86400, 604800))
_SPANS: Final = {
    "detik": _SECOND, "second": _SECOND, "sec": _SECOND,
    "menit": _MINUTE, "minute": _MINUTE, "min": _MINUTE,
    "jam": _HOUR, "hour": _HOUR, "hr": _HOUR,
    "hari": _DAYS, "day": _DAYS,
    "minggu": _WEEK, "pekan": _WEEK, "week": _WEEK,
}  # fmt: skip
_MONTH_SPANS: Final = {"bulan": 1, "month": 1, "tahun": 12, "year": 12}

_WORDS = "|".join(sorted(_NUMBERS, key=len, reverse=True))
_AGE: Final = re.compile(  # every part is bounded: linear
    rf"(?:(?P<n>\d{{1,4}})|(?P<word>{_WORDS})) ?"
    r"(?:(?P<id>detik|menit|jam|hari|minggu|pekan|bulan|tahun) (?:yang )?(?:lalu|silam)"
    r"|(?P<en>second|sec|minute|min|hour|hr|day|week|month|year)s? ago)"
)
_JUST_NOW: Final = re.compile(
    r"(?:beberapa detik(?: yang)? lalu|baru saja|barusan|just now|a few seconds ago|(?:a )?moments? ago)"
)
_DAY_WORDS: Final = {
    "hari ini": 0,
    "tadi pagi": 0,
    "tadi siang": 0,
    "tadi sore": 0,
    "today": 0,
    "kemarin": 1,
    "yesterday": 1,
}
_LAST: Final = re.compile(r"(?:(minggu|pekan|bulan|tahun) lalu|last (week|month|year))")


def parse_age(raw: str, *, seen: Window, zone: tzinfo = WIB) -> Window | None:
    """When that was, for a text written within `seen`; None for what is no age. Never raises.

    `zone` is where `kemarin` has its midnight.
    """
    text = one_line(raw)
    try:
        return _counted(text, seen) or _moment(text, seen) or _calendar(text, seen, zone)
    except (ValueError, OverflowError):  # before the year 1
        return None


def one_line(raw: str) -> str:
    """Folded and in lower case; empty for what is too long to be a time or has invisible characters in it."""
    if len(raw) > MAX_LENGTH * 4:  # four times, for the white space of a template around it
        return ""
    text = " ".join(raw.split()).casefold().translate(_MARKS)
    return text if len(text) <= MAX_LENGTH and text.isprintable() else ""


def _counted(text: str, seen: Window) -> Window | None:
    found = _AGE.fullmatch(text)
    if found is None:
        return None
    number = int(found["n"]) if found["n"] else _NUMBERS[found["word"]]
    unit = found["id"] or found["en"]
    return Window(earliest=_before(seen.earliest, number + 1, unit), latest=_before(seen.latest, number, unit))


def _before(instant: datetime, number: int, unit: str) -> datetime:
    if unit in _SPANS:
        return instant - number * _SPANS[unit]
    months = instant.year * 12 + instant.month - 1 - number * _MONTH_SPANS[unit]
    return _with_day(instant, months // 12, months % 12 + 1)


def _with_day(instant: datetime, year: int, month: int) -> datetime:
    """That day of another month, or its last: a month before 31 March is 28 or 29 February."""
    following = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=instant.tzinfo)
    last = (following - _DAYS).day
    return instant.replace(year=year, month=month, day=min(instant.day, last))


def _moment(text: str, seen: Window) -> Window | None:
    """Less than a minute ago: the next label that a site shows is `1 menit lalu`."""
    return Window(earliest=seen.earliest - _MINUTE, latest=seen.latest) if _JUST_NOW.fullmatch(text) else None


def _calendar(text: str, seen: Window, zone: tzinfo) -> Window | None:
    if text in _DAY_WORDS:
        ago = _DAY_WORDS[text]
        latest = _midnight(seen.latest, zone) - (ago - 1) * _DAYS
        return Window(earliest=_midnight(seen.earliest, zone) - ago * _DAYS, latest=min(latest, seen.latest))
    found = _LAST.fullmatch(text)
    if found is None:
        return None
    unit = found[1] or found[2]
    start, end = _start(seen.earliest, unit, zone), _start(seen.latest, unit, zone)
    return Window(earliest=_before(start.astimezone(zone), 1, unit).astimezone(UTC), latest=end)


def _midnight(instant: datetime, zone: tzinfo) -> datetime:
    return instant.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)


def _start(instant: datetime, unit: str, zone: tzinfo) -> datetime:
    """When the calendar week (from Monday), month or year of an instant began."""
    day = _midnight(instant, zone).astimezone(zone)
    if unit in _SPANS:
        return (day - day.weekday() * _DAYS).astimezone(UTC)
    return day.replace(day=1, month=1 if _MONTH_SPANS[unit] > 1 else day.month).astimezone(UTC)
