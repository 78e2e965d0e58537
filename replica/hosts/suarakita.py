"""suarakita.net."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from replica import republished
from replica.answers import XML, Answer, Kind, Missing, Moved, Outcome
from replica.hosts.common import fingerprint, notice, number_in, page, standard
from replica.listed import Listed, Row
from replica.newsroom import Newsroom
from replica.pages import feeds, listings, suarakita

_POSTS: Final = 50  # a page of the home page


def answer(newsroom: Newsroom, path: str, _query: Mapping[str, str]) -> Outcome:
    """The outcome of one address of this host."""
    known = standard(newsroom, republished.HOST, path)
    if known:
        return known
    if path == "/":
        return _home(newsroom, 1)
    if path == "/sitemap.xml":
        return _sitemap(newsroom)
    if path.startswith("/page/"):
        return _home(newsroom, number_in(path.removeprefix("/page/").strip("/")) or 0)
    if path.startswith("/tag/"):
        return notice(newsroom, republished.HOST, Kind.OTHER, "Tag")
    return _copy(newsroom, path)


def number_of(newsroom: Newsroom, path: str) -> int | None:
    """The copy that an address ends in."""
    number = number_in(path.strip("/").rpartition("-")[2])
    return number if number and number <= republished.count(newsroom) else None


def _copy(newsroom: Newsroom, path: str) -> Outcome:
    number = number_of(newsroom, path)
    if number is None:
        return Missing(Kind.UNKNOWN)
    url = republished.copy_url(newsroom, number)
    if url != f"https://{republished.HOST}{path}":
        return Moved(url) if url == f"https://{republished.HOST}{path}/" else Missing(Kind.UNKNOWN)
    if number in newsroom.removed_copies:
        return Missing(Kind.GONE)
    return Answer(
        kind=Kind.ARTICLE,
        build=lambda: suarakita.article(republished.copy_of(newsroom, number)),
        etag=fingerprint(newsroom, number),
        modified=republished.copied_at(newsroom, number),
    )


def _home(newsroom: Newsroom, number: int) -> Outcome:
    last = republished.count(newsroom)
    shown = range((number - 1) * _POSTS + 1, min(number * _POSTS, last) + 1)
    if number < 1 or not shown:
        return Missing(Kind.UNKNOWN)
    listed = Listed(rows=lambda: [_row(newsroom, copy) for copy in shown])
    return page(
        newsroom,
        Kind.LISTING,
        lambda: listings.republisher_home(listed.rows(), number, more=shown[-1] < last),
        listed=listed,
    )


def _row(newsroom: Newsroom, number: int) -> Row:
    url, original = republished.copy_url(newsroom, number), republished.original_of(newsroom, number)
    return Row(story=original, key=republished.key_of(url), address=url, headline=original.headline, window=None)


def _sitemap(newsroom: Newsroom) -> Answer:
    newest = range(1, min(200, republished.count(newsroom)) + 1)
    return page(
        newsroom,
        Kind.SITEMAP,
        lambda: feeds.sitemap(
            (republished.copy_url(newsroom, number), republished.copied_at(newsroom, number)) for number in newest
        ),
        content_type=XML,
        listed=Listed(rows=lambda: [replace(_row(newsroom, number), headline=None) for number in newest]),
    )
