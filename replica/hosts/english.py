"""en.tempo.co."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from replica.answers import XML, Kind, Missing, Moved, Outcome
from replica.cards import PROMO_HEADLINE, PROMOTED
from replica.editions import EN
from replica.hosts import archive, days
from replica.hosts.common import article, in_older_spelling, notice, number_in, page, present, standard
from replica.hosts.selections import PAGE, first, pages_of
from replica.hosts.topics import of_section, tagged
from replica.listed import SECOND, Listed, bare_row, row
from replica.newsroom import Newsroom
from replica.pages import feeds, filler, listings, older_listings
from replica.story import Story

_NEWEST: Final = 40  # rows of the index page
_FEED_LENGTH: Final = 50
_SITEMAP_LENGTH: Final = 200
_SECTIONS: Final = {section.slug: section.name for section in EN.lexicon.sections}
_PLAIN: Final = filler.about_paths()
_ARTICLES: Final = ("/read/", "/amp/")
_DAY: Final = "/index/"
_TAG: Final = "/tag/"
_PLAIN_BELOW: Final = "/reporter/"


def answer(newsroom: Newsroom, path: str, query: Mapping[str, str]) -> Outcome:
    """The outcome of one address of this host."""
    known = standard(newsroom, EN.host, path)
    if known:
        return known
    if path.startswith(_ARTICLES):
        return archive.answer(newsroom, EN.host, path, query) or _numbered(newsroom, path)
    return _lists(newsroom, path.rstrip("/"), query) or _other(newsroom, path)


def _lists(newsroom: Newsroom, path: str, query: Mapping[str, str]) -> Outcome | None:
    if path in {"", "/index"}:
        listed = Listed(rows=lambda: in_older_spelling(newsroom, newsroom.listed(EN, 0, _NEWEST)))
        return page(newsroom, Kind.LISTING, lambda: listings.english_index(listed.rows()), listed=listed)
    if path.startswith(_DAY):
        day, _, channel = path.removeprefix(_DAY).partition("/")
        return days.english(newsroom, day, channel)
    if path.startswith(_TAG):
        tag = path.removeprefix(_TAG)
        return _cards(newsroom, tag, tagged(newsroom, EN, tag), query)
    if path[1:] in _SECTIONS:
        return _cards(newsroom, _SECTIONS[path[1:]], of_section(newsroom, EN, path[1:]), query)
    return None


def _cards(newsroom: Newsroom, title: str, stories: Iterable[Story], query: Mapping[str, str]) -> Outcome:
    """A page of a list of cards."""
    number = number_in(query.get("page", "1"))
    if not number:
        return Missing(Kind.UNKNOWN)
    found = first(stories)
    listed = Listed(rows=lambda: [row(story) for story in found.stories((number - 1) * PAGE, PAGE)])
    buttons = listings.buttons(number, pages_of(found))
    return page(
        newsroom,
        Kind.LISTING,
        lambda: older_listings.cards_2021(title, listed.rows(), "en", buttons=buttons),
        listed=listed,
    )


def _other(newsroom: Newsroom, path: str) -> Outcome:
    if path == "/rss":
        return _feed(newsroom)
    if path == "/sitemap.xml":
        return _sitemap(newsroom)
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


def _feed(newsroom: Newsroom) -> Outcome:
    listed = Listed(rows=lambda: [row(story, precision=SECOND) for story in _newest(newsroom, _FEED_LENGTH)])
    return page(
        newsroom,
        Kind.FEED,
        lambda: feeds.rss(listed.rows(), "https://en.tempo.co/", "en", newsroom.now),
        content_type=XML,
        listed=listed,
    )


def _newest(newsroom: Newsroom, count: int) -> list[Story]:
    return present(newsroom, newsroom.listed(EN, 0, 2 * count), count)


def _sitemap(newsroom: Newsroom) -> Outcome:
    return page(
        newsroom,
        Kind.SITEMAP,
        lambda: feeds.sitemap((story.url, story.published) for story in _newest(newsroom, _SITEMAP_LENGTH)),
        content_type=XML,
        listed=Listed(rows=lambda: list(map(bare_row, _newest(newsroom, _SITEMAP_LENGTH)))),
    )
