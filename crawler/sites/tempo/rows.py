"""The rows of Tempo's lists, and the cards of pages that have no rows: one article each, with its headline and time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.sites.links import absolute, window_of
from crawler.sites.site import Address, Found, Page
from crawler.sites.tempo.addresses import identify_any
from crawler.sites.tempo.cards import PAID
from crawler.sites.tempo.places import day_of
from crawler.sites.tempo.shells import frame_of
from stories.article import Relation, Window
from stories.dates import MAX_LENGTH, WIB
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

# A page can be made so that every row holds all others. The stored pages have 176 rows with 4 links and 6 labels each.
_MOST_ROWS: Final = 500
_MOST_IN_ROW: Final = 20  # links, and labels
_MOST_AROUND: Final = 1  # rows around a row
_MOST_CLIMBED: Final = 8  # elements from a link up to its card; the stored pages need five
_DEEPEST: Final = 40  # elements above a link that are looked at; the stored pages have under 20


_Identify = Callable[[str | None], Address | None]


@dataclass(frozen=True, slots=True)
class _Link:
    key: str
    url: str
    node: LexborNode


def listed_rows(page: Page, tree: LexborHTMLParser) -> list[Found]:
    """The rows of the first known list that has any; one without a time is of the day that the page is of."""
    day = _all_of(day_of(page.url))
    for selector in _ROWS:
        if rows := _read(page, _apart(tree.css(selector)[:_MOST_ROWS])):
            return [replace(row, date_published=row.date_published or day) for row in rows]
    return []


def linked_cards(page: Page, tree: LexborHTMLParser) -> list[Found]:
    """Every article that is linked outside the page's frame; none where a known list is empty."""
    return [] if tree.css_first(_WHOLE) is not None else all_cards(page, tree)


def all_cards(page: Page, tree: LexborHTMLParser) -> list[Found]:
    """Every article that is linked outside the page's frame: a home page has boxes of many shapes."""
    return _read(page, _cards(page, tree))


def _read(page: Page, nodes: Iterable[LexborNode]) -> list[Found]:
    """One article a node, each once."""
    seen = Window(earliest=page.downloaded_at, latest=page.downloaded_at)
    found: dict[str, Found] = {}
    address_of = _addresses(page)
    for node in nodes:
        links = _links(node.css("a")[:_MOST_IN_ROW], address_of)
        if node.tag == "a" and len({link.key for link in links}) > 1:  # never closed: it says what the others say
            found.setdefault(links[0].key, Found(url=links[0].url, relation=Relation.SECTION))
            continue
        labels = _labels(node) if links else []
        if links and not any(label.casefold() in PAID for label in labels):
            key = links[0].key
            row = _row(node, [link for link in links if link.key == key], labels, seen)
            found[key] = _both(found.get(key), row)
    return list(found.values())


def _links(nodes: Iterable[LexborNode], address_of: _Identify) -> list[_Link]:
    addresses = ((address_of(a.attributes.get("href")), a) for a in nodes)
    return [_Link(address.key, address.url, a) for address, a in addresses if address and address.kind.is_article]


def _addresses(page: Page) -> _Identify:
    """Where a link of the page leads. Remembered, for a row has several to its article."""

    @cache
    def address_of(href: str | None) -> Address | None:
        url = absolute(page.url, href)
        return identify_any(url) if url else None

    return address_of


def _labels(node: LexborNode) -> list[str]:
    """Texts that are short enough for a time (four times, for the white space of a template around it)."""
    labels = node.css(_LABELS)[:_MOST_IN_ROW]
    return [text_of(label) for label in labels if len(label.text()) <= 4 * MAX_LENGTH]


def _row(node: LexborNode, own: Sequence[_Link], labels: Iterable[str], seen: Window) -> Found:
    return Found(
        url=own[0].url,
        relation=Relation.SECTION,
        headline=_headline(node, [link.node for link in own]),
        date_published=next((window for label in labels if (window := window_of(label, seen))), None),
    )


def _headline(row: LexborNode, links: Iterable[LexborNode]) -> str | None:
    """The heading inside or around one of the article's own links, else its longest link, else the row's heading."""
    headings = {node.mem_id: node for node in row.css(_HEADINGS)[:_MOST_IN_ROW]}
    own = [node for link in links for node in (*link.css(_HEADINGS), *_climb(link)) if node.mem_id in headings]
    texts = [text_of(node) for node in own] or [text_of(link) for link in links]
    return max((*texts, *([] if any(texts) else map(text_of, headings.values()))), key=len, default="") or None


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


def _apart(nodes: Sequence[LexborNode]) -> Iterator[LexborNode]:
    """The rows without those that stand deep in other rows."""
    rows = {node.mem_id for node in nodes}
    return (node for node in nodes if sum(around.mem_id in rows for around in _climb(node)[1:]) <= _MOST_AROUND)


def _cards(page: Page, tree: LexborHTMLParser) -> Iterator[LexborNode]:
    """Every link to an article, with as much around it as belongs to no other; each once."""
    frame = frame_of(tree)
    climbed = [(link.key, _climb(link.node)) for link in _links(tree.css("a"), _addresses(page))]
    above = [(key, nodes) for key, nodes in climbed if frame.isdisjoint(node.mem_id for node in nodes)]
    held: dict[int, set[str]] = {}
    for key, nodes in above:
        for node in nodes:
            held.setdefault(node.mem_id, set()).add(key)
    alone = ([node for node in nodes[:_MOST_CLIMBED] if len(held[node.mem_id]) == 1] for _, nodes in above)
    cards = ([nodes[0], *own][-1] for (_, nodes), own in zip(above, alone, strict=True))
    return iter({card.mem_id: card for card in cards}.values())


def _climb(node: LexborNode) -> list[LexborNode]:
    """A node and the elements around it, from the inside."""
    nodes = [node]
    while len(nodes) < _DEEPEST and (parent := nodes[-1].parent) is not None and parent.tag not in {"body", "html"}:
        nodes.append(parent)
    return nodes
