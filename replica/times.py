"""How Tempo and its republisher write times. All instants are aware and in UTC; what is shown is WIB."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from typing import Final

from replica.words.lexicon import Lexicon

WIB: Final = timezone(timedelta(hours=7), "WIB")
"""West Indonesian time."""

_MINUTE: Final = timedelta(minutes=1)
_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(days=7)
_NOON: Final = 12

_UNITS: Final = (
    ("tahun", "year"),
    ("bulan", "month"),
    ("minggu", "week"),
    ("hari", "day"),
    ("jam", "hour"),
    ("menit", "minute"),
)
"""From the longest; Indonesian and English."""

_SPANS: Final = {"week": _WEEK, "day": _DAY, "hour": _HOUR, "minute": _MINUTE}


@dataclass(frozen=True, slots=True)
class Window:
    """When it can have happened, both ends included."""

    earliest: datetime
    latest: datetime


@dataclass(frozen=True, slots=True)
class Age:
    """`2 hours ago`: at least two and less than three."""

    count: int
    unit: str

    @property
    def english(self) -> str:
        return f"{self.count} {self.unit}{'' if self.count == 1 else 's'} ago"

    @property
    def indonesian(self) -> str:
        return f"{self.count} {_INDONESIAN[self.unit]} lalu"

    def window(self, seen: Window) -> Window:
        """When it happened, for an age that was written within `seen`."""
        return Window(_before(seen.earliest, self.count + 1, self.unit), _before(seen.latest, self.count, self.unit))


_INDONESIAN: Final = {english: indonesian for indonesian, english in _UNITS}


def age_of(instant: datetime, seen: datetime) -> Age:
    """In the longest unit of which one is full; `0 minutes ago` within the first minute."""
    for _, unit in _UNITS:
        count = _full(instant, seen, unit)
        if count:
            return Age(count, unit)
    return Age(0, "minute")


def _full(instant: datetime, seen: datetime, unit: str) -> int:
    if unit in _SPANS:
        return (seen - instant) // _SPANS[unit]
    per_unit = 12 if unit == "year" else 1
    guess = ((seen.year - instant.year) * 12 + seen.month - instant.month) // per_unit
    return guess if guess <= 0 or _before(seen, guess, unit) >= instant else guess - 1


def _before(instant: datetime, count: int, unit: str) -> datetime:
    if unit in _SPANS:
        return instant - count * _SPANS[unit]
    months = instant.year * 12 + instant.month - 1 - count * (12 if unit == "year" else 1)
    return _on_the_same_day(instant, months // 12, months % 12 + 1)


def _on_the_same_day(instant: datetime, year: int, month: int) -> datetime:
    """A month before 31 March is the last of February."""
    last = (datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC) - _DAY).day
    return instant.replace(year=year, month=month, day=min(instant.day, last))


def json_time(instant: datetime) -> str:
    """`2025-08-09T04:39:00Z`."""
    return f"{instant:%Y-%m-%dT%H:%M:%S}Z"


def linked_data_time(instant: datetime) -> str:
    """`2025-08-09T11:39:00+07:00`, as in JSON-LD."""
    return instant.astimezone(WIB).isoformat(timespec="seconds")


def english_date(instant: datetime, lexicon: Lexicon) -> str:
    """`August 9, 2025`."""
    local = instant.astimezone(WIB)
    return f"{lexicon.months[local.month - 1]} {local.day}, {local.year}"


def english_time(instant: datetime, lexicon: Lexicon) -> str:
    """`August 9, 2025 | 11:39 am`: no zone, WIB is meant."""
    local = instant.astimezone(WIB)
    half = "am" if local.hour < _NOON else "pm"
    return f"{english_date(instant, lexicon)} | {(local.hour - 1) % _NOON + 1:02}:{local.minute:02} {half}"


def indonesian_date(instant: datetime, lexicon: Lexicon) -> str:
    """`9 Agustus 2025`."""
    local = instant.astimezone(WIB)
    return f"{local.day} {lexicon.months[local.month - 1]} {local.year}"


def indonesian_time(instant: datetime, lexicon: Lexicon) -> str:
    """`9 Agustus 2025 | 11.39 WIB`."""
    local = instant.astimezone(WIB)
    return f"{indonesian_date(instant, lexicon)} | {local.hour:02}.{local.minute:02} WIB"


def index_row_time(instant: datetime, lexicon: Lexicon) -> str:
    """`Saturday, 09/08/2025 | 11:39 WIB`, day before month."""
    local = instant.astimezone(WIB)
    return f"{lexicon.weekdays[local.weekday()]}, {local:%d/%m/%Y | %H:%M} WIB"


def feed_time(instant: datetime) -> str:
    """`Sat, 09 Aug 2025 11:39:00 +0700`."""
    return format_datetime(instant.astimezone(WIB))


def sitemap_time(instant: datetime) -> str:
    """`2025-08-09T11:39:00Z`: trap 3, it says Z and means WIB."""
    return f"{instant.astimezone(WIB):%Y-%m-%dT%H:%M:%S}Z"


def http_time(instant: datetime) -> str:
    """`Sat, 09 Aug 2025 04:39:00 GMT`."""
    return format_datetime(instant, usegmt=True)


_QUAINT: Final = {
    "Jumat": ("Jum'at", "Jum\u2019at"),
    "Minggu": ("Ahad",),
    "Februari": ("Pebruari",),
    "Agustus": ("Agust",),
    "November": ("Nopember",),
}
"""Spellings of older pages."""
ZONES: Final = {7: "WIB", 8: "WITA", 9: "WIT"}
"""Indonesia's, by hours east of UTC."""


def weekday_date(instant: datetime, lexicon: Lexicon, *, zone: int = 7, quaint: int = 0, comma: str = "") -> str:
    """`Kamis, 05 November 2015`; quaint: `Kamis, 05 Nopember 2015`; with a comma: `Wednesday, 04 November, 2015`."""
    local = instant.astimezone(timezone(timedelta(hours=zone)))
    weekday, month = (
        _spelled(word, quaint) for word in (lexicon.weekdays[local.weekday()], lexicon.months[local.month - 1])
    )
    return f"{weekday}, {local.day:02} {month}{comma} {local.year}"


def clock(instant: datetime, *, zone: int = 7) -> str:
    """`11:13 WIB`."""
    return f"{instant.astimezone(timezone(timedelta(hours=zone))):%H:%M} {ZONES[zone]}"


def day_window(instant: datetime) -> Window:
    """All of its day in WIB."""
    start = instant.astimezone(WIB).replace(hour=0, minute=0)
    return Window(start.astimezone(UTC), (start + _DAY).astimezone(UTC))


def _spelled(word: str, quaint: int) -> str:
    ways = _QUAINT.get(word, ())
    return ways[quaint % len(ways)] if quaint and ways else word
