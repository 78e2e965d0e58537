"""www.tempo.co, and tempo.co, which leads there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import urlencode

from replica.answers import XML, Kind, Missing, Moved, Outcome
from replica.desk import is_free_of_charge
from replica.editions import ID
from replica.hosts.common import article, days, in_older_spelling, notice, number_in, page, present, standard
from replica.newsroom import Newsroom
from replica.pages import feeds, filler, listings
from replica.story import Story

_ROWS: Final = 20  # a page of the index
_FEED_LENGTH: Final = 50
_SITEMAP_LENGTH: Final = 200
_RUBRICS: Final = frozenset(section.slug for section in ID.lexicon.sections)
_PLAIN: Final = filler.about_paths() | {f"/{rubric}" for rubric in _RUBRICS}
_PLAIN_BELOW: Final = ("/tag/", "/penulis/")
_FEED: Final = "/api/gateway/rss/free/"
_SITEMAP: Final = "-sitemap.xml"


def answer(newsroom: Newsroom, path: str, query: Mapping[str, str]) -> Outcome:
    """The outcome of one address of this host."""
    known = standard(newsroom, ID.host, path)
    if known:
        return known
    if path in {"/", "/indeks"}:
        return _index(newsroom, query)
    if path.startswith(_FEED):
        return _feed(newsroom, path.removeprefix(_FEED))
    if path.endswith(".xml"):
        return _sitemaps(newsroom, path)
    if path in _PLAIN or path.startswith(_PLAIN_BELOW):
        return notice(newsroom, ID.host, Kind.OTHER, path.rpartition("/")[2])
    return _numbered(newsroom, path)


def answer_bare(newsroom: Newsroom, path: str, query: Mapping[str, str]) -> Outcome:
    """tempo.co without www."""
    known = standard(newsroom, "tempo.co", path)
    if known:
        return known
    there = answer(newsroom, path, query)
    return there if isinstance(there, Missing) else Moved(f"https://www.tempo.co{path}{_spelled(query)}")


def _spelled(query: Mapping[str, str]) -> str:
    return f"?{urlencode(query)}" if query else ""


def _numbered(newsroom: Newsroom, path: str) -> Outcome:
    """`/<rubric>/<slug>-<id>`; another slug or rubric leads there."""
    rubric, _, name = path[1:].partition("/")
    number = number_in(name.rpartition("-")[2])
    story = newsroom.by_number(ID, number) if rubric in _RUBRICS and number else None
    if story is None:
        return Missing(Kind.UNKNOWN)
    if newsroom.is_gone(story):
        return Missing(Kind.GONE)
    return article(newsroom, story) if story.url == f"https://{ID.host}{path}" else Moved(story.url)


def _index(newsroom: Newsroom, query: Mapping[str, str]) -> Outcome:
    ranks, number = _ranks(newsroom, query), number_in(query.get("page", "1"))
    if ranks is None or not number:
        return Missing(Kind.UNKNOWN)
    return page(newsroom, Kind.LISTING, lambda: _index_page(newsroom, *ranks, number))


def _ranks(newsroom: Newsroom, query: Mapping[str, str]) -> tuple[int, int] | None:
    """Which of the listed stories the index shows; None for days that are none."""
    if query.get("category") != "date":
        return 0, newsroom.listed_before(newsroom.size(ID))
    moments = days(query.get("start_date", ""), query.get("end_date", ""))
    if moments is None:
        return None
    serials = newsroom.between(ID, *moments)
    return newsroom.listed_before(serials.start), newsroom.listed_before(serials.stop)


def _index_page(newsroom: Newsroom, first: int, last: int, number: int) -> bytes:
    skip = first + (number - 1) * _ROWS
    stories = newsroom.listed(ID, skip, max(0, min(_ROWS, last - skip)))
    return listings.indonesian_index(in_older_spelling(newsroom, stories), number, -(-(last - first) // _ROWS))


def _feed(newsroom: Newsroom, rubric: str) -> Outcome:
    if rubric not in _RUBRICS:
        return Missing(Kind.UNKNOWN)
    return page(newsroom, Kind.FEED, lambda: _feed_page(newsroom, rubric), content_type=XML)


def _feed_page(newsroom: Newsroom, rubric: str) -> bytes:
    free = (story for story in _of_rubric(newsroom, rubric) if is_free_of_charge(newsroom, story))
    stories = present(newsroom, free, _FEED_LENGTH)
    return feeds.rss(stories, "https://www.tempo.co/", "id-ID", newsroom.now, positions=True)


def _sitemaps(newsroom: Newsroom, path: str) -> Outcome:
    rubric = path[1:].removesuffix(_SITEMAP)
    if path == "/sitemap_index.xml":
        return page(newsroom, Kind.SITEMAP, _sitemap_index, content_type=XML)
    if rubric not in _RUBRICS:
        return Missing(Kind.UNKNOWN)
    return page(newsroom, Kind.SITEMAP, lambda: _sitemap_page(newsroom, rubric), content_type=XML)


def _sitemap_index() -> bytes:
    return feeds.sitemap_index(f"https://www.tempo.co/{section.slug}{_SITEMAP}" for section in ID.lexicon.sections)


def _sitemap_page(newsroom: Newsroom, rubric: str) -> bytes:
    stories = present(newsroom, _of_rubric(newsroom, rubric), _SITEMAP_LENGTH)
    return feeds.sitemap((story.url, story.published) for story in stories)


def _of_rubric(newsroom: Newsroom, rubric: str) -> Iterator[Story]:
    """Its listed stories, from the newest."""
    serials = (serial for serial in range(newsroom.size(ID)) if newsroom.in_index(serial))
    return (newsroom.story(ID, serial) for serial in serials if newsroom.section(ID, serial).slug == rubric)
