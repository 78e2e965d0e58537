"""What stands above a copied text: headline, age and views of the copy (`2 weeks ago 29`), the publisher's date."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final

from crawler.sites.lines import Line
from stories.article import Window
from stories.dates import Precision, Published, parse_age, parse_published

_AGE_AND_VIEWS: Final = re.compile(r"(\D{0,30}\d{0,4}\D{3,30}?)(?:\s(\d{1,3}(?:[.,]?\d{3}){0,2}))?")
_VIEWS: Final = re.compile(r"\d{1,3}(?:[.,]?\d{3}){0,2}")
_MAX_DATED: Final = 20  # lines; stored pages have one, and two where another headline stands above the article's
_TITLE_LENGTH: Final = 20  # characters; shorter lines that begin a page's title are the house's name


@dataclass(frozen=True, slots=True, kw_only=True)
class Top:
    headline: str
    published: Published
    published_raw: str
    copied: Window
    """When the page was copied and the ages on its cards were written; never before it was published."""
    aged: bool
    """Whether the page says when it was copied."""
    views: int | None
    lines: int
    """How many lines it takes."""


def read_top(lines: Sequence[Line], title: str, downloaded: datetime) -> Top | None:
    """None where there is no headline above a date that names a minute; a date below an age goes first."""
    found = [top for place in islice(_dated(lines), _MAX_DATED) if (top := _above(lines, place, title, downloaded))]
    return next((top for top in found if top.aged), found[0] if found else None)


def _dated(lines: Sequence[Line]) -> Iterator[int]:
    for place, line in enumerate(lines):
        published = parse_published(line.text)
        if published and published.precision is not Precision.DAY:
            yield place


def _above(lines: Sequence[Line], place: int, title: str, downloaded: datetime) -> Top | None:
    said = [line.text for line in lines[:place] if not line.picture]
    published = parse_published(lines[place].text)
    seen = Window(earliest=downloaded, latest=downloaded)
    headline = _headline(said, title, seen)
    if headline is None or published is None:
        return None
    between = said[len(said) - said[::-1].index(headline) :]
    metas = [_meta(text, seen) for text in between]
    age = next((age for age, _ in metas if age), None)
    return Top(
        headline=headline,
        published=published,
        published_raw=lines[place].text,
        copied=_not_before(published.instant, age or Window(earliest=published.instant, latest=downloaded)),
        aged=age is not None,
        views=next((views for _, views in metas if views is not None), None),
        lines=place + 1,
    )


def _headline(said: Sequence[str], title: str, seen: Window) -> str | None:
    """The line that the page's title begins with, else the last that is neither an age nor a number."""
    titled = (text for text in reversed(said) if len(text) >= _TITLE_LENGTH and title.startswith(text))
    return next(titled, None) or next((text for text in reversed(said) if _meta(text, seen) == (None, None)), None)


def _meta(text: str, seen: Window) -> tuple[Window | None, int | None]:
    """Age and views, on one line or two."""
    if _VIEWS.fullmatch(text):
        return None, _count(text)
    found = _AGE_AND_VIEWS.fullmatch(text)
    age = parse_age(found[1], seen=seen) if found else None
    return age, _count(found[2]) if found and found[2] and age else None


def _count(text: str) -> int:
    """`1,234` and `1.234` are both one thousand and some."""
    return int(text.replace(",", "").replace(".", ""))


def _not_before(instant: datetime, window: Window) -> Window:
    return Window(earliest=max(window.earliest, instant), latest=max(window.latest, instant))
