"""Lists on the hosts that only the archive has articles on: a channel's home, and its index of a day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import islice
from typing import Final

from replica.answers import Kind, Outcome
from replica.archive.generations import GENERATIONS
from replica.hosts import archive, days
from replica.hosts.common import page
from replica.listed import Listed, Row, aged_row, row
from replica.newsroom import Newsroom
from replica.pages import older_listings
from replica.story import Story
from replica.times import Window

_DAY: Final = "/indeks/"
_SLIDES: Final = 3
_POPULAR: Final = slice(1, 5)  # some of them are slides too
_NEWEST: Final = slice(3, 12)
_LOOKED_THROUGH: Final = 400  # stories of a generation: 50 of each of eight channels


def answer_of(host: str) -> Callable[[Newsroom, str, Mapping[str, str]], Outcome]:
    rest = archive.answer_of(host)

    def answer(newsroom: Newsroom, path: str, query: Mapping[str, str]) -> Outcome:
        if path == "/":
            return _home(newsroom, host)
        if path.startswith(_DAY):
            return days.indonesian(newsroom, path.removeprefix(_DAY).rstrip("/"), host=host)
        return rest(newsroom, path, query)

    return answer


def newest_of(newsroom: Newsroom, host: str, sequence: str = "") -> list[Story]:
    """The newest stories of a channel that are not gone, of all generations or of those with one kind of number."""
    generations = [each for each in GENERATIONS if host in each.hosts and sequence in {"", each.sequence}]
    stories = (story for each in generations for story in islice(newsroom.archive.stories_of(each), _LOOKED_THROUGH))
    there = (story for story in stories if story.url.split("/")[2] == host and not newsroom.is_gone(story))
    return sorted(there, key=lambda story: story.published, reverse=True)


def _home(newsroom: Newsroom, host: str) -> Outcome:
    def parts() -> tuple[list[Row], list[Row], list[Row]]:
        stories, seen = newest_of(newsroom, host), Window(newsroom.now, newsroom.now)
        bare = [row(story, precision=None) for story in stories]
        return bare[:_SLIDES], bare[_POPULAR], [aged_row(story, seen) for story in stories[_NEWEST]]

    def rows() -> list[Row]:
        """Each article once, with what the first of its boxes says."""
        return list({each.key: each for part in parts() for each in part}.values())

    return page(
        newsroom,
        Kind.LISTING,
        lambda: older_listings.channel_home(*parts(), newsroom.now),
        listed=Listed(rows=rows),
    )
