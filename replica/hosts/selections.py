"""Which stories www's index shows: all, those of some days, of a rubric, or of one kind of access."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final

from replica.desk import is_free_of_charge
from replica.editions import ID
from replica.hosts.common import days, in_older_spelling
from replica.hosts.topics import of_section
from replica.listed import Row
from replica.newsroom import Newsroom
from replica.story import Story

RUBRICS: Final = frozenset(section.slug for section in ID.lexicon.sections)
PAGE: Final = 20  # rows of a page of the index
_ACCESS: Final = ("FREE", "FREEMIUM", "VIP")
_LOOKED_THROUGH: Final = 2_000  # of the newest stories, for those of a kind of access: one of 30 is VIP
_DEEPEST: Final = 400  # stories of a rubric, tag or kind of access: 20 pages; each story is looked at, from the newest


@dataclass(frozen=True, slots=True)
class Selection:
    count: int
    stories: Callable[[int, int], list[Story]]
    """After so many, so many."""


def pages_of(found: Selection) -> int:
    return -(-found.count // PAGE)


def rows_of(newsroom: Newsroom, found: Selection, number: int) -> list[Row]:
    """Of one page."""
    return in_older_spelling(newsroom, found.stories((number - 1) * PAGE, PAGE))


def selected(newsroom: Newsroom, query: Mapping[str, str]) -> Selection | None:
    """By the query of `/indeks`; None for days, rubrics and kinds of access that are none."""
    category = query.get("category")
    if category == "rubrik":
        rubric = query.get("rubric_slug", "")
        return first(of_section(newsroom, ID, rubric)) if rubric in RUBRICS else None
    if category == "newsAccess":
        access = query.get("access", "")
        return first(_of_access(newsroom, access)) if access in _ACCESS else None
    if category != "date":
        return _ranks(newsroom, 0, newsroom.listed_before(ID, newsroom.size(ID)))
    moments = days(query.get("start_date", ""), query.get("end_date", ""))
    if moments is None:
        return None
    serials = newsroom.between(ID, *moments)
    return _ranks(newsroom, newsroom.listed_before(ID, serials.start), newsroom.listed_before(ID, serials.stop))


def _ranks(newsroom: Newsroom, first: int, last: int) -> Selection:
    """Of the listed stories, those from one place to before another."""
    count = max(0, last - first)
    return Selection(count, lambda skip, many: newsroom.listed(ID, first + skip, max(0, min(many, count - skip))))


def first(stories: Iterable[Story]) -> Selection:
    """Only the newest of them."""
    found = list(islice(stories, _DEEPEST))
    return Selection(len(found), lambda skip, many: found[skip : skip + many])


def access_of(newsroom: Newsroom, story: Story) -> str:
    """As Tempo's own JSON names it; what is paid for is FREEMIUM or VIP."""
    return "FREE" if is_free_of_charge(newsroom, story) else _ACCESS[1 + story.number % 2]


def _of_access(newsroom: Newsroom, access: str) -> Iterator[Story]:
    listed = (story for story in newsroom.edition_stories(ID) if story.in_index)
    return (story for story in islice(listed, _LOOKED_THROUGH) if access_of(newsroom, story) == access)
