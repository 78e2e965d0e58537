"""A written time of day and its zone, `pukul 11.39 WIB`: what dates and ages have in common.

The patterns are pieces for a `fullmatch` of a whole text that `one_line` has made plain. Every part of them is
bounded, and so is the text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta, timezone, tzinfo
from enum import StrEnum
from typing import Final

WIB: Final = timezone(timedelta(hours=7), "WIB")
"""West Indonesian time: Jakarta, and every zone-less time of Tempo."""

MAX_LENGTH: Final = 100  # characters; the longest form known, a browser's own with a label before it, has 77
MAX_RAW: Final = 4 * MAX_LENGTH  # characters, for the white space of a template around it
REMEMBERED: Final = 4096  # texts, MAX_RAW long at most: a page says its date in four places; under 3 MB
OLDEST: Final = datetime(1900, 1, 1, tzinfo=UTC)
"""No page is older. What says so was empty in a database: `0001-01-01T00:00:00Z`."""

_MARKS: Final = (
    dict.fromkeys(map(ord, "\u2018\u2019\u02bc\u2032\u00b4"), "'")  # Jum'at, however it is typed
    | dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-")
    | dict.fromkeys(
        map(ord, "\u00ad\u200b\u200e\u200f\u2060\ufeff"), None
    )  # invisible; templates and browsers add them
)

LABEL: Final = (
    r"(?:(?:(?:terakhir |last )?(?:diperbarui|diperbaharui|updated|modified)|diterbitkan|dipublikasikan|ditayangkan"
    r"|terbit|tayang|published|posted)(?: pada| on)?(?: ?: ?| ))?"
)
BETWEEN: Final = r"(?: ?[|,;·•] ?| - | / | )(?:(?:pukul|pkl\.?|jam|at) )?"
"""What stands between a day and its time. A hyphen needs room: `2026-07-24-09:00` ends with a zone."""
TIME: Final = (
    r"(?P<hour>\d{1,2})[.:](?P<minute>\d{2})(?:[.:](?P<second>\d{2})(?:[.,]\d{1,9})?)?"
    r"(?: ?(?P<half>[ap])\.?m\b\.?)?"
)

_ZONES: Final = {  # minutes ahead of UTC
    "wib": 420, "waktu indonesia barat": 420, "western indonesia time": 420,
    "wita": 480, "waktu indonesia tengah": 480, "central indonesia time": 480,
    "wit": 540, "waktu indonesia timur": 540, "eastern indonesia time": 540,
    "utc": 0, "gmt": 0, "ut": 0, "z": 0,
    "est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420,
}  # fmt: skip
"""Indonesia's, as people and as browsers write them (CLDR), and those of RFC 822, section 5.1."""
_TERM: Final = re.compile(
    rf"(?P<utc>(?:utc|gmt) ?)?(?P<sign>[+-])(?P<ahead>\d{{1,2}})(?P<colon>:?)(?P<rest>\d{{2}})?(?!\d)"
    rf"|(?P<name>{'|'.join(_ZONES)})",
    re.ASCII,
)
_UNNAMED_TERM: Final = re.sub(r"\?P<\w+>", "?:", _TERM.pattern)
ZONES: Final = rf"(?P<zones>(?: ?(?:{_UNNAMED_TERM})(?![a-z0-9])){{0,2}})"
"""None, one, or one said twice: `+0700 (WIB)`."""
_FURTHEST: Final = (-12 * 60, 14 * 60)  # minutes: Baker Island, Kiribati


class Precision(StrEnum):
    """The smallest unit that a written time names."""

    DAY = "day"
    MINUTE = "minute"
    SECOND = "second"

    @property
    def width(self) -> timedelta:
        return _WIDTHS[self]


_WIDTHS: Final = {
    Precision.DAY: timedelta(days=1),
    Precision.MINUTE: timedelta(minutes=1),
    Precision.SECOND: timedelta(seconds=1),
}

Parts = Mapping[str, str | None]
"""What TIME and ZONES found."""


def one_line(raw: str) -> str:
    """In lower case, with plain marks and single spaces; empty for what is too long to be a time or has controls."""
    if len(raw) > MAX_RAW:
        return ""
    plain = raw if raw.isascii() else raw.translate(_MARKS)
    text = " ".join(plain.replace("(", " ").replace(")", " ").split()).casefold()  # Jumat (24/7/2026); +0700 (WIB)
    return text if len(text) <= MAX_LENGTH and text.isprintable() else ""


def time_of(parts: Parts) -> time:
    """The wall time, midnight where none is named. Raises ValueError for 25:00 and 13:05 am."""
    hour, minute, second = (int(parts[name] or 0) for name in ("hour", "minute", "second"))
    return time(_hour(hour, parts["half"]), minute, second)


def _hour(hour: int, half: str | None) -> int:
    """Of 24. `00:05 am` and `13:05 pm` are seen, and clear; `00:05 pm` and `13:05 am` are neither."""
    if half == "p":
        if hour == 0:
            raise ValueError("midnight is no afternoon")
        return hour if hour >= 12 else hour + 12  # noqa: PLR2004 - noon
    if half == "a" and hour > 12:  # noqa: PLR2004
        raise ValueError("an afternoon is no morning")
    return 0 if half == "a" and hour == 12 else hour  # noqa: PLR2004


def zone_of(parts: Parts, default: tzinfo) -> tzinfo:
    """The zone that is named, or the default. Raises ValueError where two are, or none that exists."""
    found = {_minutes_ahead(term, parts) for term in _TERM.finditer(parts["zones"] or "")}
    if len(found) > 1:
        raise ValueError(f"two zones: {parts['zones']}")
    return timezone(timedelta(minutes=found.pop())) if found else default


def _minutes_ahead(term: re.Match[str], parts: Parts) -> int:
    if term["name"]:
        return _ZONES[term["name"]]
    if not term["utc"] and (len(term["ahead"]) == 1 or _ends_a_range(term, parts)):
        raise ValueError(f"not a zone: {term[0]}")
    hours, minutes = int(term["ahead"]), int(term["rest"] or 0)
    ahead = (hours * 60 + minutes) * (-1 if term["sign"] == "-" else 1)
    if minutes > 59 or not _FURTHEST[0] <= ahead <= _FURTHEST[1]:  # noqa: PLR2004 - an hour's last
        raise ValueError(f"no zone has {term[0]}")
    return ahead


def _ends_a_range(term: re.Match[str], parts: Parts) -> bool:
    """`09:00-10:00` lasts an hour; only with seconds, an ISO 8601 `T` or four bare digits is it a zone in America."""
    bare = term["rest"] is not None and not term["colon"]
    return term["sign"] == "-" and not bare and parts["second"] is None and not parts.get("t")


def precision_of(parts: Parts) -> Precision:
    if parts["second"] is not None:
        return Precision.SECOND
    return Precision.DAY if parts["hour"] is None else Precision.MINUTE
