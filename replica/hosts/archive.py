"""The archive's pages, on its own hosts and among en.tempo.co's."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from replica.answers import Answer, Kind, Missing, Moved, Outcome
from replica.archive.desk import lay_out
from replica.archive.generations import GENERATIONS, Generation
from replica.archive.sheet import OldSheet
from replica.archive.truth import old_extra_truth, old_truth
from replica.dice import mix
from replica.newsroom import Newsroom
from replica.pages import news_2013_en
from replica.story import Story

_PATH: Final = re.compile(
    r"/(?P<view>read|amp)/(?:news/\d{4}/\d\d/\d\d/\d{3}(?P<news>\d{6})(?:,uk\.html)?|(?:[a-z-]{1,40}/)?(?P<number>\d{1,9}))"
    r"(?:/[^/]{0,200})?(?P<full>/full&view=ok)?/?"
)


@dataclass(frozen=True, slots=True)
class Layout:
    article: Callable[[OldSheet], bytes]
    said: Callable[[OldSheet], dict[str, Any]]


_LAYOUTS: Final[Mapping[str, Layout]] = {
    "news-2013-en": Layout(news_2013_en.article, news_2013_en.said),
}
_AT: Final[Mapping[str, tuple[Generation, ...]]] = {
    host: tuple(generation for generation in GENERATIONS if host in generation.hosts)
    for host in {host for generation in GENERATIONS for host in generation.hosts}
}


def answer(newsroom: Newsroom, host: str, path: str) -> Outcome | None:
    """A page of the archive at any spelling of its address; None where there is none."""
    story = _story_at(newsroom, host, path)
    if story is None:
        return None
    if newsroom.is_gone(story):
        return Missing(Kind.GONE)
    if story.url != f"https://{host}{path}":
        return Moved(story.url)
    revision = newsroom.revision(story)
    return Answer(
        kind=Kind.ARTICLE,
        build=lambda: _layout(story).article(lay_out(newsroom.archive, story, revision)),
        etag=f"{mix(newsroom.seed, int(newsroom.now.timestamp()), story.index, revision.texts, revision.paints):016x}",
        modified=revision.modified or story.published,
        content_type="text/html",
    )


def story_at(newsroom: Newsroom, url: str) -> Story | None:
    """The archived story that stands at exactly this address, and is not gone."""
    host, _, path = url.removeprefix("https://").partition("/")
    story = _story_at(newsroom, host, f"/{path}")
    return story if story and story.url == url and not newsroom.is_gone(story) else None


def truth(newsroom: Newsroom, story: Story) -> dict[str, Any]:
    sheet = lay_out(newsroom.archive, story, newsroom.revision(story))
    return old_truth(sheet, _layout(story).said(sheet))


def extra_truth(newsroom: Newsroom, story: Story) -> dict[str, Any]:
    return old_extra_truth(lay_out(newsroom.archive, story, newsroom.revision(story)))


def _layout(story: Story) -> Layout:
    assert isinstance(story.edition, Generation)
    return _LAYOUTS[story.edition.name]


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
