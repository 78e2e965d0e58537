"""Tempo's indexes, feeds and sitemaps: which articles they name, and when those were published."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.sites.feeds import Entry, read_feed, read_sitemap
from crawler.sites.html import no_article, parse
from crawler.sites.links import absolute, window_of
from crawler.sites.site import Address, Found, Listing, Page, PageKind
from crawler.sites.tempo.addresses import identify_any
from stories.article import Relation, Window
from stories.fate import Fate
from stories.text import text_of

LAST_PAGE: Final = 10  # of an index: 200 stories, more than a day of Tempo

_ROWS: Final = (
    "ul > li > div.blok-indeks-kanal",  # en, 2015; the carousel and the columns beside it are lists too
    "main#index .w-70 section.list > ul > li",  # www, 2017
    "div.card-box",  # the channels, 2021, and en since
    "main figure, figure.flex",  # www since 2024
)
_HEADINGS: Final = "h2, h3, .title"
_LABELS: Final = ".tanggal, .date, span, time, p"
_NEXT: Final = 'button[data-type="page"]'
_NUMBER: Final = re.compile(r"\d{1,4}")


def read_listing(page: Page, kind: PageKind) -> Listing:
    """The links of a page that is no article, each once. Raises PageError for a challenge, or for no feed at all."""
    if kind is PageKind.LISTING:
        return Listing(links=tuple(_index(page)))
    entries = read_feed(page.body) if kind is PageKind.FEED else read_sitemap(page.body)
    if not entries:
        raise no_article(page.body[:100_000].decode("utf-8", "replace"), f"no {kind} to read")
    return Listing(links=tuple(_followed(page, entries)))


def _followed(page: Page, entries: Iterable[Entry]) -> Iterator[Found]:
    """What of a feed or sitemap leads to articles or further sitemaps."""
    seen = Window(earliest=page.downloaded_at, latest=page.downloaded_at)
    keys: set[str] = set()
    for entry in entries:
        address = _address(page, entry.url)
        if address and address.key not in keys:
            keys.add(address.key)
            window = window_of(entry.published_raw, seen)
            yield Found(url=address.url, relation=Relation.SECTION, headline=entry.title, date_published=window)


def _address(page: Page, href: str | None) -> Address | None:
    url = absolute(page.url, href)
    address = identify_any(url) if url else None
    return address if address and address.kind in {PageKind.ARTICLE, PageKind.SITEMAP} else None


def _index(page: Page) -> Iterator[Found]:
    tree, text = parse(page)
    rows: list[Found] = []
    for selector in _ROWS:
        rows = list(_rows(page, tree.css(selector)))
        if rows:
            break
    if not rows and (error := no_article(text, "")).fate is Fate.CHALLENGE:
        raise error
    yield from rows
    if rows and (url := _next_page(page.url, tree)):
        yield Found(url=url, relation=Relation.NEXT_PAGE)


def _rows(page: Page, nodes: Iterable[LexborNode]) -> Iterator[Found]:
    seen = Window(earliest=page.downloaded_at, latest=page.downloaded_at)
    keys: set[str] = set()
    for node in nodes:
        links = [(_address(page, a.attributes.get("href")), a) for a in node.css("a")]
        known = [(address, a) for address, a in links if address and address.kind.is_article]
        if known and known[0][0].key not in keys:
            address = known[0][0]
            keys.add(address.key)
            headline = _headline(node, [a for other, a in known if other.key == address.key])
            window = next((w for label in node.css(_LABELS) if (w := window_of(text_of(label), seen))), None)
            yield Found(url=address.url, relation=Relation.SECTION, headline=headline or None, date_published=window)


def _headline(row: LexborNode, links: Iterable[LexborNode]) -> str | None:
    heading = row.css_first(_HEADINGS)
    texts = [text_of(heading)] if heading is not None else [text_of(link) for link in links]
    return max(texts, key=len) or None


def _next_page(url: str, tree: LexborHTMLParser) -> str | None:
    """The index page after this one, if a button leads further: the app has buttons where others have links."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    current = int(query["page"]) if _NUMBER.fullmatch(query.get("page", "")) else 1
    offered = (number for button in tree.css(_NEXT) for number in _NUMBER.findall(text_of(button)))
    if current >= LAST_PAGE or not any(int(number) > current for number in offered):
        return None
    return urlunsplit(parts._replace(query=urlencode(query | {"page": current + 1}), fragment=""))
