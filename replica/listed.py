"""What a listing says of the articles on it: the rows that a page prints, and the truth of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from replica.story import Story
from replica.times import json_time

Rows = Sequence[tuple[Story, str]]
"""Stories, each with the address that the page links: some in an older spelling."""

SECOND: Final = timedelta(seconds=1)
MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """The articles of one listing, in its order."""

    rows: Callable[[], Rows]
    headlines: bool = True
    """False: it names addresses only, as a sitemap does."""
    precision: timedelta | None = MINUTE
    """Of the times of publication; None if it gives none."""
    needs_script: bool = False
    """Plain HTTP finds none of them: a script in a browser fetches and prints them."""


def listing_truth(listed: Listed) -> list[dict[str, Any]]:
    return [_row_truth(listed, story, address) for story, address in listed.rows()]


def _row_truth(listed: Listed, story: Story, address: str) -> dict[str, Any]:
    told = listed.precision
    return {
        "key": story.key,
        "url": address,
        "headline": story.headline if listed.headlines else None,
        "datePublishedEarliest": json_time(story.published) if told else None,
        "datePublishedLatest": json_time(story.published + told) if told else None,
    }
