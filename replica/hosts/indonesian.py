"""www.tempo.co, and tempo.co, which leads there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import urlencode

from replica.answers import Kind, Missing, Moved, Outcome
from replica.editions import ID
from replica.hosts import days, machines
from replica.hosts.common import article, notice, number_in, page, standard
from replica.hosts.selections import RUBRICS, first, pages_of, rows_of, selected
from replica.hosts.topics import authored, of_section, parts_of, tagged
from replica.listed import Listed
from replica.newsroom import Newsroom
from replica.pages import filler, listings, shell
from replica.story import Story

SCRIPTED: Final = "sains"
"""The rubric whose index needs JavaScript."""
_PLAIN: Final = filler.about_paths()
_SLASHED: Final = re.compile(r"/indeks/(\d{4})/(\d\d)/(\d\d)(?=/|$)")  # as until about 2019
_INDEX: Final = re.compile(
    r"/(?:indeks(?:/(?P<day>\d{4}-\d\d-\d\d)(?:/(?P<channel>[a-z-]+))?|/(?P<script>[a-z]+))?/?)?"
)
_TAG: Final = re.compile(r"/(?:tag|topik)/(?P<tag>[^/]+)/?")
_AUTHOR: Final = re.compile(r"/penulis/(?P<name>[a-z-]+?)-(?P<number>\d{1,6})")
_RUBRIC: Final = re.compile(r"/(?P<rubric>[a-z-]+)(?:/(?P<part>[a-z-]*))?")
_POPULAR: Final = 5  # beside a rubric's rows


def answer(newsroom: Newsroom, path: str, query: Mapping[str, str]) -> Outcome:
    """The outcome of one address of this host."""
    known = standard(newsroom, ID.host, path) or machines.answer(newsroom, path, query)
    return known or _lists(newsroom, path, query) or _numbered(newsroom, path)


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


def _lists(newsroom: Newsroom, path: str, query: Mapping[str, str]) -> Outcome | None:
    """Pages of links; None for what is no such page."""
    if found := _INDEX.fullmatch(_SLASHED.sub(r"/indeks/\1-\2-\3", path)):
        day, script = found["day"], found["script"]
        return days.indonesian(newsroom, day, found["channel"] or "") if day else _index(newsroom, query, script)
    if found := _TAG.fullmatch(path):
        return _list(newsroom, found["tag"], tagged(newsroom, ID, found["tag"]), query)
    if found := _AUTHOR.fullmatch(path):
        return _author(newsroom, found["name"], int(found["number"]))
    if found := _RUBRIC.fullmatch(path):
        return _rubric(newsroom, found["rubric"], found["part"] or "", query)
    return notice(newsroom, ID.host, Kind.OTHER, path[1:]) if path in _PLAIN else None


def _index(newsroom: Newsroom, query: Mapping[str, str], script: str | None) -> Outcome:
    """`script` is how the one that needs JavaScript misbehaves; it alone has such addresses."""
    found, number = selected(newsroom, query), number_in(query.get("page", "1"))
    scripted = query.get("category") == "rubrik" and query.get("rubric_slug") == SCRIPTED
    if found is None or not number or (script and not (scripted and script in shell.VARIANTS)):
        return Missing(Kind.UNKNOWN)
    listed = Listed(rows=lambda: rows_of(newsroom, found, number), needs_script=scripted)
    if scripted:
        return page(newsroom, Kind.LISTING, shell.shell, listed=listed)
    return page(
        newsroom,
        Kind.LISTING,
        lambda: listings.indonesian_index(listed.rows(), number, pages_of(found)),
        listed=listed,
    )


def _rubric(newsroom: Newsroom, rubric: str, part: str, query: Mapping[str, str]) -> Outcome | None:
    """`/politik`, and `/politik/petisi-warga` for a part of it."""
    if rubric not in RUBRICS or (part and part not in parts_of(ID, rubric)):
        return notice(newsroom, ID.host, Kind.OTHER, rubric) if f"/{rubric}" in _PLAIN and not part else None
    popular = listings.popular(newsroom.listed(ID, 0, _POPULAR))
    return _list(newsroom, part or rubric, of_section(newsroom, ID, rubric, part), query, popular)


def _list(
    newsroom: Newsroom, title: str, stories: Iterable[Story], query: Mapping[str, str], aside: str = ""
) -> Outcome:
    number = number_in(query.get("page", "1"))
    if not number:
        return Missing(Kind.UNKNOWN)
    found = first(stories)
    listed = Listed(rows=lambda: rows_of(newsroom, found, number))
    return page(
        newsroom,
        Kind.LISTING,
        lambda: listings.indonesian_index(listed.rows(), number, pages_of(found), title=title, aside=aside),
        listed=listed,
    )


def _author(newsroom: Newsroom, name: str, number: int) -> Outcome:
    """No article, though its address ends in digits."""
    stories = authored(newsroom, ID, number)
    main = listings.author(name.replace("-", " ").title(), stories)
    return page(newsroom, Kind.OTHER, lambda: listings.plain(ID.host, name, main))
