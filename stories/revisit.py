"""When to look at a page again: often while a story is young, hardly ever later."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

_YOUNGER_THAN: Final = (
    (timedelta(hours=3), timedelta(minutes=15)),
    (timedelta(days=1), timedelta(hours=1)),
    (timedelta(days=7), timedelta(hours=3)),
    (timedelta(days=30), timedelta(days=3)),
    (timedelta(days=365), timedelta(days=30)),
)
LISTING: Final = timedelta(minutes=5)  # Tempo publishes a story about every four minutes at noon
GONE: Final = timedelta(days=30)  # publishers do put articles back
FAILED: Final = timedelta(days=1)  # six tries over about an hour did not help; tomorrow may
CHALLENGED: Final = timedelta(hours=6)  # a gateway that asks for a human is left alone for a while
FORBIDDEN: Final = timedelta(days=7)  # robots.txt may change; it is read anew by every crawl
UNDATED: Final = timedelta(days=3)


def next_visit(published: datetime | None, *, now: datetime) -> datetime | None:
    """When a stored story is due again; None for one over a year old: never."""
    if published is None:
        return now + UNDATED
    age = now - published
    return next((now + pause for limit, pause in _YOUNGER_THAN if age < limit), None)
