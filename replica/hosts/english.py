"""en.tempo.co."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from replica.answers import XML, Kind, Missing, Moved, Outcome
from replica.cards import FIRST_PROMO, PROMO_HEADLINE
from replica.editions import EN
from replica.hosts.common import article, in_older_spelling, notice, on_day, page, present, standard
from replica.newsroom import Newsroom
from replica.pages import feeds, filler, listings
from replica.story import Story

_NEWEST: Final = 40  # rows of the index page
_FEED_LENGTH: Final = 50
_SITEMAP_LENGTH: Final = 200
_PLAIN: Final = filler.about_paths() | {f"/{section.slug}" for section in EN.lexicon.sections}
_PLAIN_BELOW: Final = ("/tag/", "/reporter/")


def answer(newsroom: Newsroom, path: str, _query: Mapping[str, str]) -> Outcome:
    """The outcome of one address of this host."""
    known = standard(newsroom, EN.host, path)
    if known:
        return known
    parts = path.strip("/").split("/")
    if parts[0] in {"read", "amp"}:
        return _numbered(newsroom, parts)
    if parts[0] in {"", "index"}:
        return _index(newsroom, parts)
    return _other(newsroom, path)


def _other(newsroom: Newsroom, path: str) -> Outcome:
    if path == "/rss":
        return page(newsroom, Kind.FEED, lambda: _feed(newsroom), content_type=XML)
    if path == "/sitemap.xml":
        return page(newsroom, Kind.SITEMAP, lambda: _sitemap(newsroom), content_type=XML)
    if path in _PLAIN or path.startswith(_PLAIN_BELOW):
        return notice(newsroom, EN.host, Kind.OTHER, path.rpartition("/")[2])
    return Missing(Kind.UNKNOWN)


def _numbered(newsroom: Newsroom, parts: list[str]) -> Outcome:
    """`/read/<id>/<slug>`; `/amp/…` and any other slug lead there."""
    if len(parts) < 2 or not parts[1].isdecimal():  # noqa: PLR2004 - read and number
        return Missing(Kind.UNKNOWN)
    number = int(parts[1])
    if number >= FIRST_PROMO:
        return notice(newsroom, EN.host, Kind.PROMO, PROMO_HEADLINE)
    story = newsroom.by_number(EN, number)
    if story is None:
        return Missing(Kind.UNKNOWN)
    if parts[0] == "read" and parts[2:] == [story.slug]:
        return article(newsroom, story)
    return Missing(Kind.GONE) if newsroom.is_gone(story) else Moved(story.url)


def _index(newsroom: Newsroom, parts: list[str]) -> Outcome:
    """The newest, or `/index/2025-08-09`: one day."""
    if len(parts) == 1:
        return page(newsroom, Kind.LISTING, lambda: _rows(newsroom, newsroom.listed(EN, 0, _NEWEST)))
    try:
        day = date.fromisoformat(parts[1])
    except ValueError:
        return Missing(Kind.UNKNOWN)
    return page(newsroom, Kind.LISTING, lambda: _rows(newsroom, _of_day(newsroom, day)))


def _of_day(newsroom: Newsroom, day: date) -> list[Story]:
    return [newsroom.story(EN, serial) for serial in newsroom.between(EN, *on_day(day)) if newsroom.in_index(serial)]


def _rows(newsroom: Newsroom, stories: list[Story]) -> bytes:
    return listings.english_index(in_older_spelling(newsroom, stories))


def _feed(newsroom: Newsroom) -> bytes:
    stories = present(newsroom, newsroom.listed(EN, 0, 2 * _FEED_LENGTH), _FEED_LENGTH)
    return feeds.rss(stories, "https://en.tempo.co/", "en", newsroom.now, positions=False)


def _sitemap(newsroom: Newsroom) -> bytes:
    stories = present(newsroom, newsroom.listed(EN, 0, 2 * _SITEMAP_LENGTH), _SITEMAP_LENGTH)
    return feeds.sitemap((story.url, story.published) for story in stories)
