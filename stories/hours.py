"""The hours in which a site may be crawled, as `01:00-05:00 Asia/Jakarta`: when they end, and begin again. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_FORM: Final = re.compile(r"\s*(\d{1,2}:\d{2})\s*-\s*(\d{1,2}:\d{2})\s+(\S+)\s*")
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """From one time of day to another, every day, on the clocks of a zone; over midnight if the end comes first."""

    begin: time
    end: time
    zone: str

    @classmethod
    def of(cls, text: str) -> Self:
        """Raises ValueError that says what is wrong."""
        found = _FORM.fullmatch(text)
        if found is None:
            raise ValueError("write it as '01:00-05:00 Asia/Jakarta'")
        begin, end = (_time(part) for part in found.groups()[:2])
        if begin == end:
            raise ValueError("it begins when it ends; leave it out to crawl at all hours")
        try:
            ZoneInfo(found[3])
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(f"{found[3]!r} is no time zone; write one such as Asia/Jakarta or UTC") from error
        return cls(begin=begin, end=end, zone=found[3])

    def end_of(self, now: datetime) -> datetime | None:
        """When the hours that we are in will be over; None: we are in none."""
        return next((end for begin, end in self._around(now) if begin <= now < end), None)

    def next_begin(self, now: datetime) -> datetime:
        """When the next hours begin, after now."""
        return next(begin for begin, _ in self._around(now) if begin > now)

    def _around(self, now: datetime) -> list[tuple[datetime, datetime]]:
        """Those of yesterday, today and the two days after it. (One that a clock change swallows is none.)"""
        today = now.astimezone(ZoneInfo(self.zone)).date()
        days = (today + number * _DAY for number in (-1, 0, 1, 2))
        spans = ((self._at(day, self.begin), self._at(self._last_day(day), self.end)) for day in days)
        return [(begin, end) for begin, end in spans if begin < end]

    def _last_day(self, day: date) -> date:
        return day if self.begin < self.end else day + _DAY

    def _at(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, ZoneInfo(self.zone)).astimezone(UTC)


def _time(text: str) -> time:
    hour, minute = map(int, text.split(":"))
    try:
        return time(hour, minute)
    except ValueError as error:
        raise ValueError(f"{text} is no time of day; 00:00 to 23:59 are") from error
