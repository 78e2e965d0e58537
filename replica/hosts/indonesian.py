"""www.tempo.co, and tempo.co, which leads there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from replica.answers import JSON, SCRIPT, XML, Kind, Missing, Moved, Outcome
from replica.desk import is_free_of_charge
from replica.editions import ID
from replica.hosts.common import article, in_older_spelling, notice, number_in, page, present, standard
from replica.hosts.selections import RUBRICS, Selection, of_rubric, selected
from replica.listed import Listed, Rows
from replica.newsroom import Newsroom
from replica.pages import feeds, filler, listings, shell

_ROWS: Final = 20  # a page of the index
_FEED_LENGTH: Final = 50
_SITEMAP_LENGTH: Final = 200
SCRIPTED: Final = "sains"
"""The rubric whose index needs JavaScript."""
_PLAIN: Final = filler.about_paths() | {f"/{rubric}" for rubric in RUBRICS}
_PLAIN_BELOW: Final = ("/tag/", "/penulis/")
_FEED: Final = "/api/gateway/rss/free/"
_MACHINE: Final = ("/_nuxt/", "/api/gateway/")
_SITEMAP: Final = "-sitemap.xml"


def answer(newsroom: Newsroom, path: str, query: Mapping[str, str]) -> Outcome:
    """The outcome of one address of this host."""
    known = standard(newsroom, ID.host, path)
    if known:
        return known
    if path in {"/", "/indeks"}:
        return _index(newsroom, query)
    if path.startswith(_MACHINE):
        return _for_machines(newsroom, path, query)
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
    story = newsroom.by_number(ID, number) if rubric in RUBRICS and number else None
    if story is None:
        return Missing(Kind.UNKNOWN)
    if newsroom.is_gone(story):
        return Missing(Kind.GONE)
    return article(newsroom, story) if story.url == f"https://{ID.host}{path}" else Moved(story.url)


def _index(newsroom: Newsroom, query: Mapping[str, str]) -> Outcome:
    found, number = selected(newsroom, query), number_in(query.get("page", "1"))
    if found is None or not number:
        return Missing(Kind.UNKNOWN)
    pages = -(-found.count // _ROWS)
    scripted = query.get("category") == "rubrik" and query["rubric_slug"] == SCRIPTED
    listed = Listed(rows=lambda: _index_rows(newsroom, found, number), needs_script=scripted)
    if scripted:
        return page(newsroom, Kind.LISTING, shell.shell, listed=listed)
    return page(
        newsroom,
        Kind.LISTING,
        lambda: listings.indonesian_index(listed.rows(), number, pages),
        listed=listed,
    )


def _index_rows(newsroom: Newsroom, found: Selection, number: int) -> Rows:
    return in_older_spelling(newsroom, found.stories((number - 1) * _ROWS, _ROWS))


def _for_machines(newsroom: Newsroom, path: str, query: Mapping[str, str]) -> Outcome:
    """Feeds, and what the empty page of the index loads: its script, a worker, the rows."""
    if path.startswith(_FEED):
        return _feed(newsroom, path.removeprefix(_FEED))
    scripts = {shell.SCRIPT_PATH: shell.script, shell.WORKER_PATH: shell.worker}
    if path in scripts:
        return page(newsroom, Kind.OTHER, scripts[path], content_type=SCRIPT)
    found, number = selected(newsroom, query), number_in(query.get("page", "1"))
    if path != shell.ROWS_PATH or found is None or not number:
        return Missing(Kind.UNKNOWN)
    pages = -(-found.count // _ROWS)
    return page(
        newsroom,
        Kind.LISTING,
        lambda: shell.rows_json(_index_rows(newsroom, found, number), listings.page_numbers(number, pages)),
        content_type=JSON,
    )


def _feed(newsroom: Newsroom, rubric: str) -> Outcome:
    if rubric not in RUBRICS:
        return Missing(Kind.UNKNOWN)
    return page(newsroom, Kind.FEED, lambda: _feed_page(newsroom, rubric), content_type=XML)


def _feed_page(newsroom: Newsroom, rubric: str) -> bytes:
    free = (story for story in of_rubric(newsroom, rubric) if is_free_of_charge(newsroom, story))
    stories = present(newsroom, free, _FEED_LENGTH)
    return feeds.rss(stories, "https://www.tempo.co/", "id-ID", newsroom.now, positions=True)


def _sitemaps(newsroom: Newsroom, path: str) -> Outcome:
    rubric = path[1:].removesuffix(_SITEMAP)
    if path == "/sitemap_index.xml":
        return page(newsroom, Kind.SITEMAP, _sitemap_index, content_type=XML)
    if rubric not in RUBRICS:
        return Missing(Kind.UNKNOWN)
    return page(newsroom, Kind.SITEMAP, lambda: _sitemap_page(newsroom, rubric), content_type=XML)


def _sitemap_index() -> bytes:
    return feeds.sitemap_index(f"https://www.tempo.co/{section.slug}{_SITEMAP}" for section in ID.lexicon.sections)


def _sitemap_page(newsroom: Newsroom, rubric: str) -> bytes:
    stories = present(newsroom, of_rubric(newsroom, rubric), _SITEMAP_LENGTH)
    return feeds.sitemap((story.url, story.published) for story in stories)
