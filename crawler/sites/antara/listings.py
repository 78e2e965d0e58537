"""ANTARA's feeds and lists: which articles they name, and when those were published."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from selectolax.lexbor import LexborNode

from crawler.sites.antara.addresses import Edition, identify, next_list
from crawler.sites.feeds import read_feed
from crawler.sites.html import no_article, parse
from crawler.sites.links import absolute, window_of
from crawler.sites.site import Found, Listing, Page, PageKind
from stories.article import Relation, Window
from stories.text import text_of

_ROWS: Final = "article.simple-post, .card__post"
"""Lists of until 2023, and since."""
_HEADING: Final = "h1, h2, h3, h4, h5"
_LABELS: Final = ".simple-share span, .text-secondary, time, li span"
_PAGES: Final = ".pagination a"


def read_listing(page: Page, edition: Edition, kind: PageKind) -> Listing:
    """The articles that a page names, each once. Raises PageError for a page with none."""
    links = tuple(_of_feed(page, edition) if kind is PageKind.FEED else _of_list(page, edition))
    if not links:
        raise no_article(page.body[:100_000].decode("utf-8", "replace"), f"no article on this {kind}")
    return Listing(links=links)


def _of_feed(page: Page, edition: Edition) -> Iterator[Found]:
    rows = ((entry.url, entry.title, entry.published_raw) for entry in read_feed(page.body))
    return _found(page, edition, rows)


def _of_list(page: Page, edition: Edition) -> Iterator[Found]:
    tree, _ = parse(page)
    yield from _found(page, edition, _rows(tree.css(_ROWS), page))
    following = next_list(page.url, edition)
    if following and any(absolute(page.url, a.attributes.get("href")) == following for a in tree.css(_PAGES)):
        yield Found(url=following, relation=Relation.NEXT_PAGE)


def _rows(nodes: Iterable[LexborNode], page: Page) -> Iterator[tuple[str, str | None, str | None]]:
    seen = Window(earliest=page.downloaded_at, latest=page.downloaded_at)
    for node in nodes:
        heading = node.css_first(_HEADING)
        link = heading.css_first("a") if heading is not None else None
        if heading is not None and link is not None:
            labels = (text_of(label) for label in node.css(_LABELS))
            dated = next((label for label in labels if window_of(label, seen)), None)
            yield link.attributes.get("href") or "", text_of(heading) or None, dated


def _found(page: Page, edition: Edition, rows: Iterable[tuple[str, str | None, str | None]]) -> Iterator[Found]:
    seen = Window(earliest=page.downloaded_at, latest=page.downloaded_at)
    keys: set[str] = set()
    for href, headline, label in rows:
        address = identify(absolute(page.url, href) or "", edition)
        if address and address.kind.is_article and address.key not in keys:
            keys.add(address.key)
            window = window_of(label, seen)
            yield Found(url=address.url, relation=Relation.SECTION, headline=headline, date_published=window)
