"""Tempo's indexes, rubrics, tags, feeds, sitemaps and payloads: which articles they name, and of when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from crawler.sites.encoding import decode
from crawler.sites.feeds import Entry, read_feed, read_sitemap
from crawler.sites.html import no_article, parse
from crawler.sites.links import absolute, window_of
from crawler.sites.site import Address, Found, Listing, Page, PageKind
from crawler.sites.tempo import paging
from crawler.sites.tempo.addresses import identify_any
from crawler.sites.tempo.payload import read_payload
from crawler.sites.tempo.places import PAYLOAD
from crawler.sites.tempo.rows import all_cards, linked_cards, listed_rows
from crawler.sites.tempo.shells import is_shell
from stories.article import Relation, Window
from stories.fate import Fate

_STATE: Final = "script#__NUXT_DATA__"


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
    """The rows of a known list; else what the page's data names; else all that it links, as on a home page."""
    if urlsplit(page.url).path in {"", "/"}:
        return all_cards(page, tree)
    rows = listed_rows(page, tree)
    state = tree.css_first(_STATE) if not rows else None
    named = list(_followed(page, _of_payload(state.text()))) if state is not None else []
    return rows or named or linked_cards(page, tree)
