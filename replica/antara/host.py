"""What ANTARA's two hosts answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from replica.answers import XML, Answer, Kind, Missing, Moved, Outcome
from replica.antara import page as pages
from replica.antara.editions import EDITIONS, EN, ID
from replica.archive.desk import lay_out
from replica.archive.generation import Generation
from replica.archive.sheet import OldSheet
from replica.archive.truth import old_extra_truth, old_truth
from replica.hosts.common import fingerprint, notice, number_in, page, standard
from replica.listed import row
from replica.newsroom import Newsroom
from replica.pages import feeds, listings
from replica.pages.markup import text
from replica.story import Story
from replica.times import weekday_date

_PATH: Final = re.compile(r"/(?:berita|news)/(\d{1,9})(?:/[^/]{0,200})?/?")
_NEWEST: Final = {ID.site: "/terkini", EN.site: "/latest-news"}
_FEEDS: Final = {ID.site: "/rss/terkini.xml", EN.site: "/rss/news.xml"}
_FEED_LENGTH: Final = 10
_ROWS: Final = 8  # of a list's page: a small newspaper has several

_LIST: Final = """<main class="col-md-8">%s
<ul class="pagination">%s</ul></main>
<aside><div class="popular"><a href="/top-news">Top news</a></div></aside>
"""
_ROW: Final = """<article class="simple-post clearfix">
<div class="simple-thumb"><a href="%(url)s"><img alt=""></a></div>
<header><h3><a href="%(url)s">%(headline)s</a></h3><p class="simple-share"><span>%(date)s</span></p></header></article>
"""


def urls_of(newsroom: Newsroom, site: str) -> Iterator[str]:
    """Of every article of an edition that is not gone, newest first."""
    edition = next(edition for edition in EDITIONS if edition.site == site)
    return (story.url for story in newsroom.archive.stories_of(edition) if not newsroom.is_gone(story))


def seen_at(newsroom: Newsroom, url: str) -> Story | None:
    """The story at exactly this address."""
    host, _, path = url.removeprefix("https://").partition("/")
    story = _story(newsroom, host, f"/{path}")
    return story if story and story.url == url and not newsroom.is_gone(story) else None


def truth(newsroom: Newsroom, story: Story) -> dict[str, Any]:
    sheet = _sheet(newsroom, story)
    said = {"pageVersion": pages.version(sheet), "datePublishedRaw": pages.date_line(sheet), "dateSource": "visible"}
    return old_truth(sheet, said)


def extra_truth(newsroom: Newsroom, story: Story) -> dict[str, Any]:
    return old_extra_truth(_sheet(newsroom, story))


def _sheet(newsroom: Newsroom, story: Story) -> OldSheet:
    return pages.of_antara(lay_out(newsroom.archive, story, newsroom.revision(story)), newsroom.now)


def _story(newsroom: Newsroom, host: str, path: str) -> Story | None:
    found = _PATH.fullmatch(path)
    edition = next((edition for edition in EDITIONS if edition.host == host), None)
    return newsroom.archive.by_number(edition, int(found[1])) if found and edition else None


def _answer_of(edition: Generation) -> Callable[[Newsroom, str, Mapping[str, str]], Outcome]:
    return lambda newsroom, path, _query: standard(newsroom, edition.host, path) or _answer(newsroom, edition, path)


def _answer(newsroom: Newsroom, edition: Generation, path: str) -> Outcome:
    newest, feed = _NEWEST[edition.site], _FEEDS[edition.site]
    if path == feed:
        return page(newsroom, Kind.FEED, lambda: _feed(newsroom, edition), content_type=XML)
    if path == "/" or path.startswith(newest):
        number = number_in(path.removeprefix(newest).strip("/") or "1") or 0
        return _list(newsroom, edition, number)
    if path.startswith(("/tag/", "/top-news")):
        return notice(newsroom, edition.host, Kind.OTHER, path.rpartition("/")[2])
    return _article(newsroom, edition, path)


def _article(newsroom: Newsroom, edition: Generation, path: str) -> Outcome:
    story = _story(newsroom, edition.host, path)
    if story is None:
        return Missing(Kind.UNKNOWN)
    if newsroom.is_gone(story):
        return Missing(Kind.GONE)
    if story.url != f"https://{edition.host}{path}":
        return Moved(story.url)
    revision = newsroom.revision(story)
    return Answer(
        kind=Kind.ARTICLE,
        build=lambda: pages.article(_sheet(newsroom, story)),
        etag=fingerprint(newsroom, story.index, revision.texts, revision.paints),
        modified=revision.modified or story.published,
    )


def _list(newsroom: Newsroom, edition: Generation, number: int) -> Outcome:
    stories = [story for story in newsroom.archive.stories_of(edition) if story.in_index]
    shown = stories[(number - 1) * _ROWS : number * _ROWS] if number else []
    if not shown:
        return Missing(Kind.UNKNOWN)
    last = -(-len(stories) // _ROWS)
    return page(newsroom, Kind.LISTING, lambda: _list_page(edition, shown, last))


def _list_page(edition: Generation, stories: list[Story], last: int) -> bytes:
    rows = "".join(
        _ROW % {"url": s.url, "headline": text(s.headline), "date": weekday_date(s.published, edition.lexicon)}
        for s in stories
    )
    newest = f"https://{edition.host}{_NEWEST[edition.site]}"
    buttons = "".join(f'<li><a href="{newest}/{number}">{number}</a></li>' for number in range(1, last + 1))
    return listings.plain(edition.host, "Terkini", _LIST % (rows, buttons))


def _feed(newsroom: Newsroom, edition: Generation) -> bytes:
    listed = [story for story in newsroom.archive.stories_of(edition) if not newsroom.is_gone(story)]
    rows = map(row, listed[:_FEED_LENGTH])
    return feeds.rss(rows, f"https://{edition.host}/", edition.language, newsroom.now)


ANSWERS: Final = {edition.host: _answer_of(edition) for edition in EDITIONS}
