"""What a listing says of the articles on it: the rows that a page prints, and the truth of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from replica.story import Story
from replica.times import Window, age_of, json_time

SECOND: Final = timedelta(seconds=1)
MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One article on a listing."""

    story: Story
    key: str
    address: str
    """Absolute, as the page links it: some in a spelling that answers 301."""
    headline: str | None
    """None where only the address stands, as in a sitemap."""
    window: Window | None
    """When the article appeared, as far as the page tells; None where it does not."""

    @property
    def path(self) -> str:
        """The address as a page of its own host links it."""
        return "/" + self.address.split("/", 3)[3]


Rows = Sequence[Row]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """The articles of one listing, in its order."""

    rows: Callable[[], Rows]
    needs_script: bool = False
    """Plain HTTP finds none of them: a script in a browser fetches and prints them."""


def row(
    story: Story, address: str | None = None, *, headline: str | None = None, precision: timedelta | None = MINUTE
) -> Row:
    """With the story's own address, headline and time of publication, unless told otherwise."""
    window = Window(story.published, story.published + precision) if precision else None
    return Row(
        story=story,
        key=story.key,
        address=address or story.url,
        headline=headline or story.headline,
        window=window,
    )


def bare_row(story: Story) -> Row:
    """Its address alone."""
    return Row(story=story, key=story.key, address=story.url, headline=None, window=None)


def aged_row(story: Story, seen: Window) -> Row:
    """With an age: `2 jam lalu`."""
    window = age_of(story.published, seen.earliest).window(seen)
    return Row(story=story, key=story.key, address=story.url, headline=story.headline, window=window)


def listing_truth(listed: Listed) -> list[dict[str, Any]]:
    return [
        {
            "key": row.key,
            "url": row.address,
            "headline": row.headline,
            "datePublishedEarliest": json_time(row.window.earliest) if row.window else None,
            "datePublishedLatest": json_time(row.window.latest) if row.window else None,
        }
        for row in listed.rows()
    ]
