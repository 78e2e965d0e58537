"""Published times, Indonesian and English: a small grammar of our own (docs/tempo.md, section 5).

It reads what it knows and nothing else: a half-understood date is worse than none, for another part of the page may
say it better. Nothing here reads the clock. There is no general date parser behind it: docs/decisions/0009.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache
from typing import Final

from stories.ages import parse_age
from stories.article import Window
from stories.daytime import (
    BETWEEN,
    LABEL,
    MAX_LENGTH,
    MAX_RAW,
    OLDEST,
    REMEMBERED,
    TIME,
    WIB,
    ZONES,
    Parts,
    Precision,
    one_line,
    precision_of,
    time_of,
    zone_of,
)

__all__ = ["MAX_LENGTH", "WIB", "Precision", "Published", "parse_age", "parse_published"]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""Unix's zero: what a page prints for a date that its database does not have."""

_MONTH_NAMES: Final = (
    "januari january jan",
    "februari pebruari february feb peb",
    "maret march mar mrt",
    "april apr",
    "mei may",
    "juni june jun",
    "juli july jul",
    "agustus august agust agt agu ags aug",
    "september sept sep",
    "oktober october okt oct",
    "november nopember nov nop",
    "desember december des dec",
)
_DAY_NAMES: Final = (
    "senin sen monday mon",
    "selasa sel tuesday tues tue",
    "rabu rab wednesday wed",
    "kamis kam thursday thurs thur thu",
    "jumat jum'at jum`at jum friday fri",
    "sabtu sab saturday sat",
    "minggu min ahad sunday sun",
)


def _numbered(names: tuple[str, ...], first: int) -> dict[str, int]:
    return {name: number for number, same in enumerate(names, first) for name in same.split()}


_MONTHS: Final = _numbered(_MONTH_NAMES, 1)
_WEEKDAYS: Final = _numbered(_DAY_NAMES, 0)
"""As date.weekday() counts them."""

_MONTH = "|".join(_MONTHS)
_WEEKDAY = "|".join(_WEEKDAYS)
_DAY = (
    rf"(?:(?P<w1>{_WEEKDAY})\.?,? (?:tanggal )?)?"
    rf"(?:(?:the )?(?P<d1>\d{{1,2}})(?:st|nd|rd|th|\.)?(?: of)?(?P<s1>[ /-])(?P<m1>{_MONTH})\.?,?(?P=s1)(?P<y1>\d{{4}})"
    rf"|(?P<m2>{_MONTH})\.? (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y2>\d{{4}})"  # August 9, 2025
    r"|(?P<d3>\d{1,2})(?P<s3>[/.-])(?P<m3>\d{1,2})(?P=s3)(?P<y3>\d{4})"  # 04/11/2015: the day is first
    r"|(?P<y4>\d{4})(?P<s4>[/.-])(?P<m4>\d{1,2})(?P=s4)(?P<d4>\d{1,2}))"  # ISO 8601 and its like
    rf"(?:,? (?P<w2>{_WEEKDAY}))?"
)
_ISO_T = r"(?(y4)(?P<t>t)|(?!))"
_DAY_FIRST: Final = re.compile(rf"{LABEL}{_DAY}(?:(?:{BETWEEN}|{_ISO_T}){TIME}{ZONES})?", re.ASCII)
_TIME_FIRST: Final = re.compile(rf"{LABEL}(?:pukul |jam )?{TIME}{ZONES}(?: ?[|,;·•] ?| - | ){_DAY}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A written time, understood."""

    instant: datetime
    """Aware, UTC: the beginning of the day, minute or second that was named."""
    precision: Precision

    @property
    def window(self) -> Window:
        """All of the day, minute or second that was named."""
        return Window(earliest=self.instant, latest=self.instant + self.precision.width)


def parse_published(raw: str, *, zone: tzinfo = WIB) -> Published | None:
    """An absolute time in any of the known forms, or None; `zone` is for those that name none. Never raises.

    Known: `Kamis, 26 Oktober 2017 12:34 WIB`, `Wednesday, 04/11/2015 | 07:58 WIB` (day first),
    `August 9, 2025 | 11:39 am`, `24 Juli 2026 | 09.00 WIB`, ISO 8601, RFC 822, a day alone.
    A weekday that the date does not have makes it none: one of the two is wrong, and nothing says which.
    """
    return _published(raw, zone) if len(raw) <= MAX_RAW else None


@lru_cache(maxsize=REMEMBERED)
def _published(raw: str, zone: tzinfo) -> Published | None:
    text = one_line(raw)
    found = _DAY_FIRST.fullmatch(text) or _TIME_FIRST.fullmatch(text)
    if found is None:
        return None
    parts = found.groupdict()
    try:
        local = datetime.combine(_day(parts), time_of(parts), zone_of(parts, zone))
        published = Published(instant=local.astimezone(UTC), precision=precision_of(parts))
    except (ValueError, OverflowError):  # 31 Februari, 25:00, the year 0
        return None
    return None if _is_empty(published.window) else published


def _day(parts: Parts) -> date:
    """Raises ValueError where the calendar has no such day, or another weekday for it."""
    form = next(f for f in "1234" if parts[f"y{f}"])
    month = str(parts[f"m{form}"])
    day = date(int(parts[f"y{form}"] or 0), _MONTHS.get(month) or int(month), int(parts[f"d{form}"] or 0))
    weekdays = {_WEEKDAYS[name] for name in (parts["w1"], parts["w2"]) if name}
    if weekdays - {day.weekday()}:
        raise ValueError(f"{day} is another weekday")
    return day


def _is_empty(window: Window) -> bool:
    return window.earliest < OLDEST or window.earliest <= _EPOCH < window.latest
