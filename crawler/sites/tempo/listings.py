"""Tempo's indexes, rubrics, tags, feeds, sitemaps and payloads: which articles they name, and of when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.sites.encoding import decode
from crawler.sites.feeds import Entry, read_feed, read_sitemap
from crawler.sites.html import no_article, parse
from crawler.sites.links import absolute, window_of
from crawler.sites.site import Address, Found, Listing, Page, PageKind
from crawler.sites.tempo import paging
from crawler.sites.tempo.addresses import identify_any
from crawler.sites.tempo.cards import PAID
from crawler.sites.tempo.payload import read_payload
from crawler.sites.tempo.places import PAYLOAD, day_of
from crawler.sites.tempo.shells import frame_of, is_shell
from stories.article import Relation, Window
from stories.dates import WIB
from stories.fate import Fate
from stories.text import text_of

_ROWS: Final = (
    "ul > li > div.blok-indeks-kanal",  # en, 2015; the carousel and the columns beside it are lists too
    "ul.indeks-list > li",  # en, to 2014
    "ul.list-terkini > li",  # www, to 2016
    "main#index .w-70 section.list > ul > li",  # www, 2017
    "div.card-box",  # the channels, 2021, and en since
    "main figure, figure.flex",  # www since 2024
)
_WHOLE: Final = "ul.indeks-list, ul.list-terkini, main#index"
"""Lists whose rows are known: without one the day had no news, whatever stands around it."""
_HEADINGS: Final = "h2, h3, .title"
_LABELS: Final = ".tanggal, .date, span, time, p"
_STATE: Final = "script#__NUXT_DATA__"
_MOST_CLIMBED: Final = 8  # elements from a link up to its card; the stored pages need five
_DEEPEST: Final = 40  # elements above a link that are looked at; the stored pages have under 20


def read_listing(page: Page, kind: PageKind) -> Listing:
    """The links of a page that is no article, each once. Raises PageError for a challenge, or for no feed at all."""
    if kind is PageKind.LISTING:
        return _index(page)
    entries = _entries(page, kind)
    if not entries:
        raise no_article(page.body[:100_000].decode("utf-8", "replace"), f"no {kind} to read")
    return Listing(links=tuple(_followed(page, entries)))


def _entries(page: Page, kind: PageKind) -> list[Entry]:
    if kind is PageKind.SITEMAP:
        return read_sitemap(page.body)
    if page.url.partition("?")[0].endswith(f"/{PAYLOAD}"):
        return _of_payload(decode(page.body, page.content_type))
    return read_feed(page.body)


def _of_payload(text: str) -> list[Entry]:
    items = read_payload(text)
    return [Entry(url=item.url, title=item.headline, published_raw=item.published_raw) for item in items]


def _followed(page: Page, entries: Iterable[Entry]) -> Iterator[Found]:
    """What of a feed, sitemap or payload leads to articles or further sitemaps."""
    seen = _moment(page)
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


def _moment(page: Page) -> Window:
    return Window(earliest=page.downloaded_at, latest=page.downloaded_at)


# -- pages ------------------------------------------------------------------------------------------------------


def _index(page: Page) -> Listing:
    tree, text = parse(page)
    links = _listed(page, tree)
    if links:
        following = paging.next_page(page.url, tree)
        return Listing(links=(*links, *([Found(url=following, relation=Relation.NEXT_PAGE)] if following else [])))
    if (error := no_article(text, "")).fate is Fate.CHALLENGE:
        raise error
    return Listing(links=(), is_empty_shell=is_shell(tree, text))


def _listed(page: Page, tree: LexborHTMLParser) -> list[Found]:
    """The rows of a known list, of the day that the page is of; else what its data names; else all that it links.

    A home page has boxes of many shapes, of which only some look like rows.
    """
    for selector in () if urlsplit(page.url).path in {"", "/"} else _ROWS:
        rows = _rows(page, tree.css(selector), day_of(page.url))
        if rows:
            return rows
    state = tree.css_first(_STATE)
    named = list(_followed(page, _of_payload(state.text()))) if state is not None else []
    return named or ([] if tree.css_first(_WHOLE) is not None else _rows(page, _cards(page, tree), None))


def _rows(page: Page, nodes: Iterable[LexborNode], day: date | None) -> list[Found]:
    """One article a row, each once; a row that gives no time was published on the day that the page is of."""
    found: dict[str, Found] = {}
    for node in nodes:
        links = [(_address(page, a.attributes.get("href")), a) for a in node.css("a")]
        known = [(address, a) for address, a in links if address and address.kind.is_article]
        labels = [text_of(label) for label in node.css(_LABELS)] if known else []
        if known and not any(label.casefold() in PAID for label in labels):
            key = known[0][0].key
            row = _row(node, [(address, a) for address, a in known if address.key == key], labels, _moment(page))
            found[key] = _both(found.get(key), row)
    return [replace(row, date_published=row.date_published or _all_of(day)) for row in found.values()]


def _row(node: LexborNode, own: Sequence[tuple[Address, LexborNode]], labels: Iterable[str], seen: Window) -> Found:
    return Found(
        url=own[0][0].url,
        relation=Relation.SECTION,
        headline=_headline(node, [a for _, a in own]),
        date_published=next((window for label in labels if (window := window_of(label, seen))), None),
    )


def _both(first: Found | None, row: Found) -> Found:
    """An article that stands in several boxes: what the first leaves open, another may tell."""
    if first is None:
        return row
    return replace(
        first,
        headline=first.headline or row.headline,
        date_published=first.date_published or row.date_published,
    )


def _all_of(day: date | None) -> Window | None:
    if day is None:
        return None
    start = datetime.combine(day, time(), WIB).astimezone(UTC)
    return Window(earliest=start, latest=start + timedelta(days=1))


def _headline(row: LexborNode, links: Iterable[LexborNode]) -> str | None:
    """The heading inside or around one of the article's own links, else its longest link, else the row's heading."""
    headings = {node.mem_id: node for node in row.css(_HEADINGS)}
    own = [node for link in links for node in (*link.css(_HEADINGS), *_climb(link), link) if node.mem_id in headings]
    texts = [text_of(node) for node in own] or [text_of(link) for link in links]
    return max((*texts, *([] if any(texts) else map(text_of, headings.values()))), key=len, default="") or None


def _cards(page: Page, tree: LexborHTMLParser) -> Iterator[LexborNode]:
    """Every link to an article, with as much around it as belongs to no other: a home page has no rows."""
    frame = frame_of(tree)
    linked = [(address, a) for a in tree.css("a") if (address := _address(page, a.attributes.get("href")))]
    climbed = [(address.key, _climb(a)) for address, a in linked]
    above = [(key, nodes) for key, nodes in climbed if frame.isdisjoint(node.mem_id for node in nodes)]
    held: dict[int, set[str]] = {}
    for key, nodes in above:
        for node in nodes:
            held.setdefault(node.mem_id, set()).add(key)
    for _, nodes in above:
        yield [node for node in nodes[:_MOST_CLIMBED] if len(held[node.mem_id]) == 1][-1]


def _climb(link: LexborNode) -> list[LexborNode]:
    """A link and the elements around it, from the inside."""
    nodes = [link]
    while len(nodes) < _DEEPEST and (parent := nodes[-1].parent) is not None and parent.tag not in {"body", "html"}:
        nodes.append(parent)
    return nodes
