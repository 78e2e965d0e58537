"""What the hosts share: article answers, plain pages, older spellings."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Final

from replica.answers import HTML, TEXT, Answer, Kind, Missing, Outcome
from replica.cards import FORBIDDEN_HEADLINE
from replica.desk import sheet_of
from replica.dice import mix
from replica.editions import EN
from replica.listed import Listed, Row, row
from replica.newsroom import Newsroom
from replica.pages import listings, read_2021, www_2024
from replica.pages.markup import text
from replica.robots import is_forbidden, robots_txt
from replica.story import Story
from replica.times import WIB

_LONGEST_NUMBER: Final = 9  # digits; Tempo's ids have seven


def article(newsroom: Newsroom, story: Story) -> Outcome:
    if newsroom.is_gone(story):
        return Missing(Kind.GONE)
    revision = newsroom.revision(story)
    layout = read_2021.article if story.edition is EN else www_2024.article
    return Answer(
        kind=Kind.ARTICLE,
        build=lambda: layout(sheet_of(newsroom, story, revision)),
        etag=fingerprint(newsroom, story.index, revision.texts, revision.paints, int(revision.is_spoilt)),
        modified=revision.modified or story.published,
    )


def fingerprint(newsroom: Newsroom, *parts: int) -> str:
    """Differs between worlds: ages on the cards count from `now`."""
    return f"{mix(newsroom.seed, newsroom.stories, int(newsroom.now.timestamp()), *parts):016x}"


def page(
    newsroom: Newsroom,
    kind: Kind,
    build: Callable[[], bytes],
    *,
    content_type: str = HTML,
    listed: Listed | None = None,
) -> Answer:
    """A page that only a removal changes."""
    etag = fingerprint(newsroom, len(newsroom.removed))
    modified = newsroom.touched
    return Answer(kind=kind, build=build, etag=etag, modified=modified, content_type=content_type, listed=listed)


def notice(newsroom: Newsroom, host: str, kind: Kind, title: str) -> Answer:
    """A page without an article: one heading, one sentence."""
    main = f"<main><h2>{text(title)}</h2><p>Nothing to read here.</p></main>\n"
    return page(newsroom, kind, lambda: listings.plain(host, title, main))


def standard(newsroom: Newsroom, host: str, path: str) -> Outcome | None:
    """What every host has: robots.txt, and what it forbids. None: something else."""
    if path == "/robots.txt":
        return page(newsroom, Kind.ROBOTS, lambda: robots_txt(host), content_type=TEXT)
    if is_forbidden(host, path):
        return notice(newsroom, host, Kind.FORBIDDEN, FORBIDDEN_HEADLINE)
    return None


def present(newsroom: Newsroom, stories: Iterable[Story], count: int) -> list[Story]:
    """The first so many that were not deleted."""
    return list(islice((story for story in stories if not newsroom.is_gone(story)), count))


def in_older_spelling(newsroom: Newsroom, stories: Iterable[Story]) -> list[Row]:
    """Each story with the address that an index page links: every 89th in a spelling that answers 301."""
    return [row(story, _older_spelling(story) if newsroom.has_moved(story) else None) for story in stories]


def _older_spelling(story: Story) -> str:
    if story.edition is not EN:
        return story.url.replace("https://www.", "https://", 1)
    if story.serial % 2:
        return f"https://en.tempo.co/read/{story.number}/{story.slug}-updated"
    return f"https://en.tempo.co/amp/{story.number}/{story.slug}"


def days(first: str, last: str) -> tuple[datetime, datetime] | None:
    """From the midnight before `2025-08-09` to the one after another day, in WIB; None for what is no day."""
    try:
        start, end = (datetime.combine(date.fromisoformat(day), time(), WIB) for day in (first, last))
        return start, end + timedelta(days=1)
    except (ValueError, OverflowError):  # the last day of the year 9999 has no next
        return None


def number_in(digits: str) -> int | None:
    """An id or page number in an address; None for what can be none."""
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) <= _LONGEST_NUMBER else None
