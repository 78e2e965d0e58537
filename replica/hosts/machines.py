"""What www.tempo.co has for machines: feeds, sitemaps, payloads, and what the script of its index loads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from replica.answers import HTML, JSON, SCRIPT, XML, Kind, Missing, Outcome
from replica.desk import is_free_of_charge
from replica.editions import ID
from replica.hosts.common import number_in, page, present
from replica.hosts.selections import PAGE, RUBRICS, access_of, pages_of, rows_of, selected
from replica.hosts.topics import of_section
from replica.listed import SECOND, Listed, bare_row, row
from replica.newsroom import Newsroom
from replica.pages import feeds, listings, payload, shell
from replica.story import Story

_FEED: Final = "/api/gateway/rss/free/"
_PARTS: Final = ("/_nuxt/", shell.ROWS_PATH)
_PAYLOAD: Final = "/_payload.json"
_SITEMAP: Final = "-sitemap.xml"
_STYLESHEET: Final = "/sitemap.xsl"
AS_TABLE: Final = "lingkungan"
"""The rubric whose sitemap comes as the table that a browser shows (trap 7); the others name a stylesheet for that."""
_FEED_LENGTH: Final = 50
_SITEMAP_LENGTH: Final = 200


def answer(newsroom: Newsroom, path: str, query: Mapping[str, str]) -> Outcome | None:
    """None for what is for people."""
    if path.startswith(_FEED):
        return _feed(newsroom, path.removeprefix(_FEED))
    if path.startswith(_PARTS):
        return _script_parts(newsroom, path, query)
    if path.endswith(_PAYLOAD):
        return _payload(newsroom, path[1:].removesuffix(_PAYLOAD))
    if path.endswith(".xml"):
        return _sitemaps(newsroom, path)
    return page(newsroom, Kind.OTHER, feeds.sitemap_stylesheet, content_type=XML) if path == _STYLESHEET else None


def _feed(newsroom: Newsroom, rubric: str) -> Outcome:
    if rubric not in RUBRICS:
        return Missing(Kind.UNKNOWN)
    listed = Listed(rows=lambda: [row(story, precision=SECOND) for story in _free(newsroom, rubric)])
    return page(
        newsroom,
        Kind.FEED,
        lambda: feeds.rss(listed.rows(), "https://www.tempo.co/", "id-ID", newsroom.now, positions=True),
        content_type=XML,
        listed=listed,
    )


def _free(newsroom: Newsroom, rubric: str) -> list[Story]:
    free = (story for story in of_section(newsroom, ID, rubric) if is_free_of_charge(newsroom, story))
    return present(newsroom, free, _FEED_LENGTH)


def _script_parts(newsroom: Newsroom, path: str, query: Mapping[str, str]) -> Outcome:
    """The script, a worker, the rows."""
    scripts = {shell.SCRIPT_PATH: shell.script, shell.WORKER_PATH: shell.worker}
    if path in scripts:
        return page(newsroom, Kind.OTHER, scripts[path], content_type=SCRIPT)
    found, number = selected(newsroom, query), number_in(query.get("page", "1"))
    if path != shell.ROWS_PATH or found is None or not number:
        return Missing(Kind.UNKNOWN)
    numbers = listings.page_numbers(number, pages_of(found))
    return page(
        newsroom,
        Kind.LISTING,
        lambda: shell.rows_json(rows_of(newsroom, found, number), numbers),
        content_type=JSON,
    )


def _payload(newsroom: Newsroom, rubric: str) -> Outcome:
    """The newest of a rubric, whatever they cost."""
    if rubric not in RUBRICS:
        return Missing(Kind.UNKNOWN)
    listed = Listed(
        rows=lambda: [
            row(story, precision=SECOND) for story in present(newsroom, of_section(newsroom, ID, rubric), PAGE)
        ]
    )
    return page(
        newsroom,
        Kind.FEED,
        lambda: payload.rubric_payload(
            [(each, access_of(newsroom, each.story)) for each in listed.rows()], newsroom.now
        ),
        content_type=JSON,
        listed=listed,
    )


def _sitemaps(newsroom: Newsroom, path: str) -> Outcome:
    rubric = path[1:].removesuffix(_SITEMAP)
    if path == "/sitemap_index.xml":
        return page(newsroom, Kind.SITEMAP, _sitemap_index, content_type=XML)
    if rubric not in RUBRICS:
        return Missing(Kind.UNKNOWN)
    return page(
        newsroom,
        Kind.SITEMAP,
        lambda: _sitemap(newsroom, rubric),
        content_type=HTML if rubric == AS_TABLE else XML,
        listed=Listed(rows=lambda: list(map(bare_row, _of_sitemap(newsroom, rubric)))),
    )


def _sitemap_index() -> bytes:
    return feeds.sitemap_index(f"https://www.tempo.co/{section.slug}{_SITEMAP}" for section in ID.lexicon.sections)


def _of_sitemap(newsroom: Newsroom, rubric: str) -> list[Story]:
    return present(newsroom, of_section(newsroom, ID, rubric), _SITEMAP_LENGTH)


def _sitemap(newsroom: Newsroom, rubric: str) -> bytes:
    entries = [(story.url, story.published) for story in _of_sitemap(newsroom, rubric)]
    return feeds.sitemap_table(rubric, entries) if rubric == AS_TABLE else feeds.sitemap(entries)
