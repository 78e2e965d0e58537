"""suarakita.net."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from replica import republished
from replica.answers import XML, Answer, Kind, Missing, Moved, Outcome
from replica.hosts.common import fingerprint, notice, number_in, page, standard
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
        return page(newsroom, Kind.SITEMAP, lambda: _sitemap(newsroom), content_type=XML)
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
    return page(newsroom, Kind.LISTING, lambda: _home_page(newsroom, shown, number, more=shown[-1] < last))


def _home_page(newsroom: Newsroom, shown: range, number: int, *, more: bool) -> bytes:
    posts = [(republished.copy_url(newsroom, copy), republished.original_of(newsroom, copy).headline) for copy in shown]
    return listings.republisher_home(posts, number, more=more)


def _sitemap(newsroom: Newsroom) -> bytes:
    newest = range(1, min(200, republished.count(newsroom)) + 1)
    return feeds.sitemap((republished.copy_url(newsroom, n), republished.copied_at(newsroom, n)) for n in newest)
