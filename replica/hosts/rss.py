"""rss.tempo.co: a feed for each channel, as in 2025, and at `/` the one of 2017, whose text was encoded twice."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Final

from replica.answers import XML, Kind, Missing, Outcome
from replica.archive.generations import NEWS_2013_ID
from replica.hosts.channels import newest_of
from replica.hosts.common import page, present, standard
from replica.listed import SECOND, Listed, Row, row
from replica.newsroom import Newsroom
from replica.pages import feeds

HOST: Final = "rss.tempo.co"
_LENGTH: Final = 50
_CHANNELS: Final[Mapping[str, str]] = {
    **{name: name for name in ("nasional", "bisnis", "metro", "dunia", "tekno", "gaya", "travel")},
    "seleb": "gaya",
    "otomotif": "tekno",
    "bola": "sport",
}
"""The channel whose articles a feed has: the archive has not every channel that has a feed."""


def answer(newsroom: Newsroom, path: str, _query: Mapping[str, str]) -> Outcome:
    """The outcome of one address of this host."""
    known = standard(newsroom, HOST, path)
    if known:
        return known
    if path == "/":
        listed = Listed(rows=lambda: _rows_of_2017(newsroom))
        return page(newsroom, Kind.FEED, lambda: feeds.rss_2017(listed.rows()), content_type=XML, listed=listed)
    channel = _CHANNELS.get(path.strip("/"))
    return _feed(newsroom, channel) if channel else Missing(Kind.UNKNOWN)


def _rows_of_2017(newsroom: Newsroom) -> list[Row]:
    stories = present(newsroom, newsroom.archive.stories_of(NEWS_2013_ID), _LENGTH)
    return [row(story, headline=feeds.quoted(story.headline), precision=SECOND) for story in stories]


def _feed(newsroom: Newsroom, channel: str) -> Outcome:
    host = f"{channel}.tempo.co"

    def rows() -> list[Row]:
        newest = newest_of(newsroom, host, "tempo-read")
        return [row(story, precision=SECOND) for story in islice(newest, _LENGTH)]

    return page(
        newsroom,
        Kind.FEED,
        lambda: feeds.rss(rows(), f"https://{host}", "id", newsroom.now),
        content_type=XML,
        listed=Listed(rows=rows),
    )
