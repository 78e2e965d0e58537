"""The archive's pages, on its own hosts and among en.tempo.co's."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import parse_qsl

from replica.answers import Answer, Kind, Missing, Moved, Outcome
from replica.archive.desk import PROMOTED, lay_out
from replica.archive.generation import Generation
from replica.archive.generations import GENERATIONS
from replica.archive.sheet import OldSheet
from replica.archive.truth import old_extra_truth, old_truth
from replica.cards import PROMO_HEADLINE
from replica.hosts.common import fingerprint, notice, number_in, page, standard
from replica.newsroom import Newsroom, Revision
from replica.pages import (
    amp,
    graphic,
    magazine_2021,
    news_2013_en,
    news_2013_id,
    no_articles,
    photo,
    photo_2021,
    read_2017,
    read_2021_old,
    unknown,
    video,
)
from replica.story import Story

_PATH: Final = re.compile(
    r"/(?P<view>read|amp)/(?:news/\d{4}/\d\d/\d\d/\d{3}(?P<news>\d{6})(?:,uk\.html)?|(?:[a-z-]{1,40}/)?(?P<number>\d{1,9}))"
    r"(?:/[^/]{0,200})?/?"
)
_WHOLE: Final = "/full&view=ok"
_PART: Final = "page_num"


@dataclass(frozen=True, slots=True)
class Layout:
    """How a generation's pages are printed, and what only the print decides."""

    article: Callable[[OldSheet], bytes]
    said: Callable[[OldSheet], dict[str, Any]]
    part: Callable[[OldSheet, int | None], bytes] | None = None
    """One of several pages of an article, or all of them on one."""


_LAYOUTS: Final[Mapping[str, Layout]] = {
    "news-2013-en": Layout(news_2013_en.article, news_2013_en.said),
    "news-2013-id": Layout(news_2013_id.article, news_2013_id.said),
    "read-2021-en": Layout(read_2021_old.article, read_2021_old.said),
    "read-2021-id": Layout(read_2021_old.article, read_2021_old.said),
    **dict.fromkeys(("magz", "majalah", "koran"), Layout(magazine_2021.article, magazine_2021.said)),
    **dict.fromkeys(("photo", "photo-story"), Layout(photo.article, photo.said)),
    "photo-2021": Layout(photo_2021.article, photo_2021.said),
    "video": Layout(video.article, video.said),
    "graphic": Layout(graphic.article, graphic.said),
    "unknown": Layout(unknown.article, unknown.said),
    "read-2017": Layout(read_2017.article, read_2017.said, read_2017.article),
}
_NO_ARTICLES: Final[Mapping[str, Callable[[OldSheet], bytes]]] = {
    "challenge": no_articles.challenge,
    "emptyShell": no_articles.shell,
    "paywalled": no_articles.paywalled,
    "notArticle": no_articles.special,
}
_AT: Final[Mapping[str, tuple[Generation, ...]]] = {
    host: tuple(generation for generation in GENERATIONS if host in generation.hosts)
    for host in {host for generation in GENERATIONS for host in generation.hosts}
}


@dataclass(frozen=True, slots=True)
class Seen:
    """A story, as one of its addresses shows it."""

    story: Story
    url: str
    """The spelling that all others of this view lead to."""
    build: Callable[[OldSheet], bytes]
    said: Callable[[OldSheet], dict[str, Any]]
    pages: int | None = None
    """How many it is spread over here; None: as many as the sheet says. 0: this is one of the further ones."""


def answer_of(host: str) -> Callable[[Newsroom, str, Mapping[str, str]], Outcome]:
    """For a host that only the archive has pages on."""
    return lambda newsroom, path, query: (
        standard(newsroom, host, path) or answer(newsroom, host, path, query) or _other(newsroom, host, path)
    )


def answer(newsroom: Newsroom, host: str, path: str, query: Mapping[str, str]) -> Outcome | None:
    """A page of the archive at any spelling of its address; None where there is none."""
    seen = _seen(newsroom, host, path, query)
    if seen is None:
        return None
    story = seen.story
    if newsroom.is_gone(story):
        return Missing(Kind.GONE)
    if seen.url.partition("?")[0] != f"https://{host}{path}":
        return Moved(seen.url)
    revision = newsroom.revision(story)
    view = zlib.crc32(seen.url.encode())
    return Answer(
        kind=Kind.ARTICLE,
        build=lambda: seen.build(lay_out(newsroom.archive, story, revision)),
        etag=fingerprint(newsroom, story.index, view, revision.texts, revision.paints),
        modified=revision.modified or story.published,
        content_type="text/html",
    )


def _no_article(newsroom: Newsroom, url: str) -> Outcome | None:
    """A page at an article's address that is none."""
    archive = newsroom.archive
    found = next(((fate, story) for fate, story in archive.none_of_them() if story.url == url), None)
    if found is None:
        return None
    fate, story = found
    return page(newsroom, Kind.OTHER, lambda: _NO_ARTICLES[fate](lay_out(archive, story, Revision())))


def _other(newsroom: Newsroom, host: str, path: str) -> Outcome:
    """A page without an article, such as what cards labelled `PR` lead to; or nothing."""
    known = _no_article(newsroom, f"https://{host}{path}")
    if known:
        return known
    parts = path.split("/")
    number = number_in(parts[2]) if path.startswith("/read/") and len(parts) > 2 else None  # noqa: PLR2004
    return notice(newsroom, host, Kind.PROMO, PROMO_HEADLINE) if number in PROMOTED else Missing(Kind.UNKNOWN)


def seen_at(newsroom: Newsroom, url: str) -> Seen | None:
    """The story that stands at exactly this address, whole or with its first page, and is not gone."""
    host, _, rest = url.removeprefix("https://").partition("/")
    path, _, query = rest.partition("?")
    seen = _seen(newsroom, host, f"/{path}", dict(parse_qsl(query)))
    stands = seen and seen.url == url and not newsroom.is_gone(seen.story) and seen.pages != 0
    return seen if stands else None


def truth(newsroom: Newsroom, seen: Seen) -> dict[str, Any]:
    sheet = lay_out(newsroom.archive, seen.story, newsroom.revision(seen.story))
    sheet = replace(sheet, parts=seen.pages or sheet.parts)
    return old_truth(sheet, seen.said(sheet)) | {"url": seen.url}


def extra_truth(newsroom: Newsroom, seen: Seen) -> dict[str, Any]:
    return old_extra_truth(lay_out(newsroom.archive, seen.story, newsroom.revision(seen.story)))


def amp_urls(newsroom: Newsroom) -> Iterator[str]:
    """Of every story that has an AMP page."""
    return (amp.url_of(story.url) for story in newsroom.archive.all() if _generation(story).has_amp)


def _layout(story: Story) -> Layout:
    return _LAYOUTS[_generation(story).name]


def _generation(story: Story) -> Generation:
    assert isinstance(story.edition, Generation)
    return story.edition


def _seen(newsroom: Newsroom, host: str, path: str, query: Mapping[str, str]) -> Seen | None:
    whole = path.endswith(_WHOLE)
    story = _story_at(newsroom, host, path.removesuffix(_WHOLE))
    if story is None:
        return None
    layout = _layout(story)
    part = layout.part
    if path.startswith("/amp/") and _generation(story).has_amp:
        return Seen(story, amp.url_of(story.url), amp.article, amp.said)
    if part and whole:
        return Seen(story, story.url + _WHOLE, lambda sheet: part(sheet, None), layout.said, pages=1)
    if part and _PART in query and (number := number_in(query[_PART])):
        return Seen(story, f"{story.url}?{_PART}={number}", lambda sheet: part(sheet, number), layout.said, pages=0)
    return Seen(story, story.url, layout.article, layout.said)


def _story_at(newsroom: Newsroom, host: str, path: str) -> Story | None:
    found = _PATH.fullmatch(path)
    if found is None:
        return None
    number = int(found["news"] or found["number"])
    stories = (
        newsroom.archive.by_number(generation, number)
        for generation in _AT.get(host, ())
        if (found["news"] is not None) is generation.sequence.endswith("news")
    )
    return next((story for story in stories if story), None)
