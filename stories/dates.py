"""Published times and ages, Indonesian and English: a small grammar of our own (docs/tempo.md, section 5).

It reads what it knows and nothing else: a half-understood date is worse than none. Nothing here reads the clock.
Every form is matched against a short text (MAX_LENGTH), so no input costs more than another.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from enum import StrEnum
from typing import Final

from stories.ages import MAX_LENGTH, WIB, one_line, parse_age
from stories.article import Window

__all__ = ["MAX_LENGTH", "WIB", "Precision", "Published", "parse_age", "parse_published"]

_ZONES: Final[dict[str, tzinfo]] = {
    "wib": WIB,
    "wita": timezone(timedelta(hours=8), "WITA"),
    "wit": timezone(timedelta(hours=9), "WIT"),
    "utc": UTC,
    "gmt": UTC,
    "z": UTC,
}

_MONTH_NAMES: Final = (
    "januari january jan",
    "februari pebruari february feb peb",
    "maret march mar mrt",
    "april apr",
    "mei may",
    "juni june jun",
    "juli july jul",
    "agustus august agt agu ags agust aug",
    "september sep sept",
    "oktober october okt oct",
    "november nopember nov nop",
    "desember december des dec",
)
_MONTHS: Final = {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}

_WEEKDAY = (
    r"(?:senin|sen|selasa|sel|rabu|rab|kamis|kam|jum'?at|jum|sabtu|sab|minggu|min|ahad"
    r"|monday|mon|tuesday|tues?|wednesday|wed|thursday|thu(?:rs?)?|friday|fri|saturday|sat|sunday|sun)"
)
_LABEL = r"(?:(?:diperbarui|diterbitkan|dipublikasikan|terbit|tayang|updated|published)(?: pada| on)?\s?:?\s)?"
_DAY = (
    r"(?:(?P<d1>\d{1,2})[ -](?P<m1>[a-z]{3,9})\.?,?[ -](?P<y1>\d{4})"  # 26 Oktober 2017; 04 November, 2015
    r"|(?P<m2>[a-z]{3,9})\.? (?P<d2>\d{1,2})(?:st|nd|rd|th)?,? (?P<y2>\d{4})"  # August 9, 2025
    r"|(?P<d3>\d{1,2})(?P<s3>[/.-])(?P<m3>\d{1,2})(?P=s3)(?P<y3>\d{4})"  # 04/11/2015: the day is first
    r"|(?P<y4>\d{4})-(?P<m4>\d{2})-(?P<d4>\d{2}))"  # ISO 8601
)
_TIME = (
    r"(?P<hour>\d{1,2})[.:](?P<minute>\d{2})(?:[.:](?P<second>\d{2})(?:[.,]\d{1,9})?)?"
    r"(?: ?(?P<half>[ap])\.?m\.?)?"
)
_ZONE = r"(?: ?\(?(?:(?P<zone>wib|wita|wit|utc|gmt|z)|(?:utc|gmt)?(?P<sign>[+-])(?P<zh>\d{2}):?(?P<zm>\d{2})?)\)?)?"
_BETWEEN = r"(?: ?[|,·•-] ?| |t)(?:(?:pukul|jam|at) )?"
_PUBLISHED: Final = re.compile(rf"{_LABEL}(?:{_WEEKDAY}\.?,? )?{_DAY}(?:{_BETWEEN}{_TIME}{_ZONE})?", re.ASCII)


class Precision(StrEnum):
    """The smallest unit that a written time names."""

    DAY = "day"
    MINUTE = "minute"
    SECOND = "second"


_WIDTHS: Final = {
    Precision.DAY: timedelta(days=1),
    Precision.MINUTE: timedelta(minutes=1),
    Precision.SECOND: timedelta(seconds=1),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A written time, understood."""

    instant: datetime
    """Aware, UTC: the beginning of the day, minute or second that was named."""
    precision: Precision

    @property
    def window(self) -> Window:
        """All of the day, minute or second that was named."""
        return Window(earliest=self.instant, latest=self.instant + _WIDTHS[self.precision])


def parse_published(raw: str, *, zone: tzinfo = WIB) -> Published | None:
    """An absolute time in any of the known forms, or None; `zone` is for those that name none. Never raises.

    Known: `Kamis, 26 Oktober 2017 12:34 WIB`, `Wednesday, 04/11/2015 | 07:58 WIB` (day first),
    `August 9, 2025 | 11:39 am`, `24 Juli 2026 | 09.00 WIB`, ISO 8601, RFC 822, a day alone.
    """
    found = _PUBLISHED.fullmatch(one_line(raw))
    if found is None:
        return None
    part = found.groupdict()
    try:
        local = _local(part).replace(tzinfo=_zone_of(part, zone))
        return Published(instant=local.astimezone(UTC), precision=_precision(part))
    except (ValueError, OverflowError):  # 31 Februari, 25:00, the year 0
        return None


def _local(part: dict[str, str | None]) -> datetime:
    """The wall time, without a zone. Raises ValueError where the calendar has no such time."""
    form = next(f for f in "1234" if part[f"y{f}"])
    month, year, day = str(part[f"m{form}"]), int(part[f"y{form}"] or 0), int(part[f"d{form}"] or 0)
    number = int(month) if month.isdigit() else _MONTHS.get(month, 0)
    hour, minute, second = (int(part[name] or 0) for name in ("hour", "minute", "second"))
    return datetime(year, number, day, _hour(hour, part["half"]), minute, second)  # noqa: DTZ001 - the caller adds the zone


def _hour(hour: int, half: str | None) -> int:
    if half is None or hour > 12:  # noqa: PLR2004 - "13:05 pm" is seen, and clear
        return hour
    return hour % 12 + (12 if half == "p" else 0)


def _zone_of(part: dict[str, str | None], default: tzinfo) -> tzinfo:
    if part["sign"]:
        offset = timedelta(hours=int(part["zh"] or 0), minutes=int(part["zm"] or 0))
        return timezone(-offset if part["sign"] == "-" else offset)
    return _ZONES[part["zone"]] if part["zone"] else default


def _precision(part: dict[str, str | None]) -> Precision:
    if part["second"] is not None:
        return Precision.SECOND
    return Precision.DAY if part["hour"] is None else Precision.MINUTE
