"""en.tempo.co."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from replica.answers import XML, Kind, Missing, Moved, Outcome
from replica.cards import PROMO_HEADLINE, PROMOTED
from replica.editions import EN
from replica.hosts import archive
from replica.hosts.common import article, days, in_older_spelling, notice, number_in, page, present, standard
from replica.newsroom import Newsroom
from replica.pages import feeds, filler, listings
from replica.story import Story

_NEWEST: Final = 40  # rows of the index page
_FEED_LENGTH: Final = 50
_SITEMAP_LENGTH: Final = 200
_PLAIN: Final = filler.about_paths() | {f"/{section.slug}" for section in EN.lexicon.sections}
_ARTICLES: Final = ("/read/", "/amp/")
_DAY: Final = "/index/"
_PLAIN_BELOW: Final = ("/tag/", "/reporter/")


def answer(newsroom: Newsroom, path: str, query: Mapping[str, str]) -> Outcome:
    """The outcome of one address of this host."""
    known = standard(newsroom, EN.host, path)
    if known:
        return known
    if path.startswith(_ARTICLES):
        return archive.answer(newsroom, EN.host, path, query) or _numbered(newsroom, path)
    if path in {"/", "/index"}:
        return page(newsroom, Kind.LISTING, lambda: _rows(newsroom, newsroom.listed(EN, 0, _NEWEST)))
    if path.startswith(_DAY):
        return _index_of_day(newsroom, path.removeprefix(_DAY))
    return _other(newsroom, path)


def _other(newsroom: Newsroom, path: str) -> Outcome:
    if path == "/rss":
        return page(newsroom, Kind.FEED, lambda: _feed(newsroom), content_type=XML)
    if path == "/sitemap.xml":
        return page(newsroom, Kind.SITEMAP, lambda: _sitemap(newsroom), content_type=XML)
    if path in _PLAIN or path.startswith(_PLAIN_BELOW):
        return notice(newsroom, EN.host, Kind.OTHER, path.rpartition("/")[2])
    return Missing(Kind.UNKNOWN)


def _numbered(newsroom: Newsroom, path: str) -> Outcome:
    """`/read/<id>/<slug>`; `/amp/<id>` and any other slug lead there."""
    number = number_in(path.split("/")[2])
    if number is None:
        return Missing(Kind.UNKNOWN)
    if number in PROMOTED:
        return notice(newsroom, EN.host, Kind.PROMO, PROMO_HEADLINE)
    story = newsroom.by_number(EN, number)
    if story is None:
        return Missing(Kind.UNKNOWN)
    if newsroom.is_gone(story):
        return Missing(Kind.GONE)
    return article(newsroom, story) if story.url == f"https://{EN.host}{path}" else Moved(story.url)


def _index_of_day(newsroom: Newsroom, day: str) -> Outcome:
    moments = days(day, day)
    if moments is None:
        return Missing(Kind.UNKNOWN)
    return page(newsroom, Kind.LISTING, lambda: _rows(newsroom, _between(newsroom, *moments)))


def _between(newsroom: Newsroom, start: datetime, end: datetime) -> list[Story]:
    return [newsroom.story(EN, serial) for serial in newsroom.between(EN, start, end) if newsroom.in_index(serial)]


def _rows(newsroom: Newsroom, stories: list[Story]) -> bytes:
    return listings.english_index(in_older_spelling(newsroom, stories))


def _feed(newsroom: Newsroom) -> bytes:
    stories = present(newsroom, newsroom.listed(EN, 0, 2 * _FEED_LENGTH), _FEED_LENGTH)
    return feeds.rss(stories, "https://en.tempo.co/", "en", newsroom.now, positions=False)


def _sitemap(newsroom: Newsroom) -> bytes:
    stories = present(newsroom, newsroom.listed(EN, 0, 2 * _SITEMAP_LENGTH), _SITEMAP_LENGTH)
    return feeds.sitemap((story.url, story.published) for story in stories)
