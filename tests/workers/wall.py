"""When a cron expression comes to pass, minute by minute on the wall's clock: slow, simple, and not cronsim."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
FIELDS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 6))


def _values(field: str, lowest: int, highest: int) -> set[int]:
    """`*`, `*/5`, `7`, `1-3`, `15,45`."""
    span, _, step = field.partition("/")
    if span == "*":
        return set(range(lowest, highest + 1, int(step or 1)))
    found: set[int] = set()
    for part in span.split(","):
        first, _, last = part.partition("-")
        found |= set(range(int(first), int(last or first) + 1))
    return found


def _matches(wall: datetime, fields: tuple[set[int], ...]) -> bool:
    shown = (wall.minute, wall.hour, wall.day, wall.month, wall.isoweekday() % 7)
    return all(value in allowed for value, allowed in zip(shown, fields, strict=True))


@cache
def _minutes(zone: str, begin: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """Every minute as it comes: the instant, and what the wall's clock shows."""
    count = (end - begin) // MINUTE
    return [(at, at.astimezone(ZoneInfo(zone))) for at in (begin + n * MINUTE for n in range(count + 1))]


def instants(cron: str, zone: str, begin: datetime, end: datetime) -> set[datetime]:
    """From `begin` (a whole minute) to `end`, both included; in UTC."""
    parts = cron.split()
    fields = tuple(_values(part, *span) for part, span in zip(parts, FIELDS, strict=True))
    minutes = _minutes(zone, begin, end)
    if parts[0].startswith("*") or parts[1].startswith("*"):  # an interval: whenever the wall shows it
        return {at for at, wall in minutes if _matches(wall, fields)}
    found = {at for at, wall in minutes if wall.fold == 0 and _matches(wall, fields)}
    for (_, before), (at, wall) in pairwise(minutes):
        shown = before.replace(tzinfo=None) + MINUTE
        skipped = (wall.replace(tzinfo=None) - shown) // MINUTE  # minutes that the wall never showed
        if any(_matches(shown + n * MINUTE, fields) for n in range(skipped)):
            found.add(at)
    return found


def as_utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
