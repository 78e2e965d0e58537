"""The index of one day, as far back as the archive goes: each in the layout of the years that the day is of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from itertools import islice
from typing import Final

from replica.answers import Kind, Missing, Outcome
from replica.archive.generation import Generation
from replica.archive.generations import NEWS_2013_EN, READ_2017, READ_2021_EN, READ_2021_ID
from replica.editions import EN, ID, Edition
from replica.hosts.common import days, in_older_spelling, page
from replica.listed import Listed, Row, Rows, row
from replica.newsroom import Newsroom
from replica.pages import listings, older_listings
from replica.story import Story
from replica.times import day_window

_LAST_OLD_INDEX: Final = date(2024, 10, 31)
"""www's index of a day moved to a query in that month."""
_LAST_BARE_EN: Final = date(2014, 12, 31)
_LAST_BARE_ID: Final = date(2016, 12, 31)
"""Until then the rows of a day gave no time."""
_BESIDE: Final = 6  # articles of other days in the lists beside the rows


def english(newsroom: Newsroom, day: str, channel: str) -> Outcome:
    """`/index/2015-11-04`, `/index/2015-11-04/metro`."""
    moments = days(day, day)
    if moments is None:
        return Missing(Kind.UNKNOWN)
    when = date.fromisoformat(day)
    listed = Listed(rows=lambda: _english_rows(newsroom, moments, when, channel))
    return page(newsroom, Kind.LISTING, lambda: _english_page(newsroom, listed.rows(), when), listed=listed)


def _english_rows(newsroom: Newsroom, moments: tuple[datetime, datetime], day: date, channel: str) -> list[Row]:
    present = in_older_spelling(newsroom, _present(newsroom, EN, *moments))
    archived = [row(story, _with_edition(story)) for story in newsroom.archive.on_day(day, EN.host)]
    found = _of_channel([*present, *archived], channel)
    return found if day > _LAST_BARE_EN else list(map(_of_the_day, found))


def _present(newsroom: Newsroom, edition: Edition, start: datetime, end: datetime) -> list[Story]:
    serials = newsroom.between(edition, start, end)
    return [newsroom.story(edition, serial) for serial in serials if newsroom.in_index(serial)]


def _of_the_day(row: Row) -> Row:
    """Without a time: the page is of one day, and its rows say no more."""
    return replace(row, window=day_window(row.story.published))


def _with_edition(story: Story) -> str:
    """As en's index linked it to mid 2017: `,uk.html` answers 301."""
    if story.edition is not NEWS_2013_EN:
        return story.url
    head, _, slug = story.url.rpartition("/")
    return f"{head},uk.html/{slug}"


def _of_channel(rows: Iterable[Row], channel: str) -> list[Row]:
    """Newest first; of one channel, or of all."""
    found = (each for each in rows if channel in {"", each.story.section.slug})
    return sorted(found, key=lambda each: each.story.published, reverse=True)


def _english_page(newsroom: Newsroom, rows: Rows, day: date) -> bytes:
    if day <= _LAST_BARE_EN:
        return older_listings.index_2014(rows)
    if day <= NEWS_2013_EN.last:
        return older_listings.index_2015(rows, _beside(newsroom, NEWS_2013_EN, rows))
    if day <= READ_2021_EN.last:
        return older_listings.cards_2021("Index", rows, "en", promo=True)
    return listings.english_index(rows)


def _beside(newsroom: Newsroom, generation: Generation, rows: Rows) -> list[Story]:
    """Stories of other days."""
    shown = {each.key for each in rows}
    others = (story for story in newsroom.archive.stories_of(generation) if story.key not in shown)
    return list(islice(others, _BESIDE))


def indonesian(newsroom: Newsroom, day: str, channel: str = "", host: str | None = None) -> Outcome:
    """`/indeks/2017-11-01`, with a channel or on a channel's host: one page, as until 2024."""
    moments = days(day, day)
    when = date.fromisoformat(day) if moments else _LAST_OLD_INDEX
    if moments is None or when > _LAST_OLD_INDEX:
        return Missing(Kind.UNKNOWN)
    listed = Listed(rows=lambda: _indonesian_rows(newsroom, moments, when, channel, host))
    return page(newsroom, Kind.LISTING, lambda: _indonesian_page(newsroom, listed.rows(), when), listed=listed)


def _indonesian_rows(
    newsroom: Newsroom, moments: tuple[datetime, datetime], day: date, channel: str, host: str | None
) -> list[Row]:
    present = in_older_spelling(newsroom, _present(newsroom, ID, *moments)) if host is None else []
    archived = [row(story) for story in newsroom.archive.on_day(day, host) if story.edition.site == ID.site]
    found = _of_channel([*present, *archived], channel)
    return found if day > _LAST_BARE_ID else list(map(_of_the_day, found))


def _indonesian_page(newsroom: Newsroom, rows: Rows, day: date) -> bytes:
    if day <= _LAST_BARE_ID:
        return older_listings.index_2016(rows, _beside(newsroom, READ_2017, rows))
    if day <= READ_2017.last:
        return older_listings.index_2017(rows, _beside(newsroom, READ_2021_ID, rows), newsroom.now)
    return older_listings.cards_2021("Indeks", rows, "id", promo=True)
