"""When an article of an issue went online: a magazine shows the issue's day, and tells machines the minute."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from crawler.sites.said import Said
from crawler.sites.tempo.layout import Dated
from stories.article import Source
from stories.dates import Precision, parse_published

_ISSUE: Final = timedelta(days=7)  # a weekly's; a time further from the issue's day is that of an archive's filling


def online(shown: Said[Dated] | None, claims: Iterable[Said[str]]) -> Said[Dated] | None:
    """The first claim to the minute that can be of the issue, if no more than its day is shown; else what is shown."""
    day = shown.value[0] if shown and shown.source is Source.VISIBLE else None
    for claim in claims if day and day.precision is Precision.DAY else ():
        found = parse_published(claim.value)
        if day and found and found.precision is not Precision.DAY and abs(found.instant - day.instant) <= _ISSUE:
            return Said((found, claim.value), claim.source)
    return shown
