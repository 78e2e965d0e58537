"""RSS and sitemaps: what stands in them, whatever they call it. Nothing in them is believed to be well-formed.

XML is parsed without entities, network or huge trees, so that a feed can neither read a file nor fill the memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lxml import etree  # type: ignore[import-untyped]

from crawler.sites.html import tree_of
from stories.errors import PageError
from stories.text import clean

_MAX_ENTRIES: Final = 50_000
"""The limit of a sitemap (sitemaps.org)."""

_TAIL: Final = re.compile(r"[\u0080-\u017f\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]{2}")
"""Two characters, at least, that one became by being encoded twice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item of a feed, or one address of a sitemap."""

    url: str
    """As written."""
    title: str | None = None
    published_raw: str | None = None
    """Never a sitemap's lastmod, which is when the page was last saved."""


def read_feed(body: bytes) -> list[Entry]:
    """The items of an RSS feed, in its order; empty for what is no feed. Tempo's `guid` is only a position."""
    root = _xml(body)
    items = root.iter("item") if root is not None else iter(())
    return [entry for item in _first(items) if (entry := _item(item))]


def read_sitemap(body: bytes) -> list[Entry]:
    """The addresses of a sitemap or sitemap index, or of the table that a browser shows for one; empty for neither."""
    root = _xml(body)
    found = [_said(loc) for loc in _first(root.iter("{*}loc")) if _is_page(loc)] if root is not None else []
    return [Entry(url=url) for url in found or _shown(body) if url]


def _shown(body: bytes) -> list[str]:
    try:
        table = tree_of(body).css_first("table#sitemap")
    except PageError:  # too dear to be parsed
        return []
    return [a.attributes.get("href") or "" for a in table.css("a")[:_MAX_ENTRIES]] if table is not None else []


def repaired(text: str) -> str:
    """Text that was encoded as UTF-8 twice, as it was meant: `â€™` -> `'`; any other text as it is."""
    if not _TAIL.search(text):
        return text
    try:
        return _bytes_of_windows_1252(text).decode("utf-8")
    except (UnicodeDecodeError, UnicodeEncodeError):
        return text


def _bytes_of_windows_1252(text: str) -> bytes:
    """Its five undefined bytes stand for themselves, as in browsers (WHATWG Encoding)."""
    return b"".join(c.encode("latin-1") if c in "\x81\x8d\x8f\x90\x9d" else c.encode("cp1252") for c in text)


def _item(item: etree._Element) -> Entry | None:
    url, title, published = (_text(item.find(name)) for name in ("link", "title", "pubDate"))
    if not clean(url):
        return None
    # Mended first: cleaning takes away U+009D, which half of all closing quotes are made of.
    headline = clean(repaired(title))
    return Entry(url=clean(url), title=headline or None, published_raw=clean(published) or None)


def _is_page(loc: etree._Element) -> bool:
    """False for the picture or film of a page, which has a `loc` too, in an `image:image`.

    By the name's end: where its prefix is not declared, `image:image` is all of the name, and lxml calls that invalid.
    """
    parent = loc.getparent()
    return parent is None or str(parent.tag).replace("}", ":").rpartition(":")[2] not in {"image", "video"}


def _said(element: etree._Element) -> str:
    return clean(_text(element))


def _text(element: etree._Element | None) -> str:
    try:
        return element.text or "" if element is not None else ""
    except UnicodeDecodeError:  # "&#xD800;": libxml2 lets it through, lxml cannot read it
        return ""


def _xml(body: bytes) -> etree._Element | None:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True)
    try:
        return etree.fromstring(body.lstrip(), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _first(elements: Iterator[etree._Element]) -> Iterator[etree._Element]:
    return (element for element, _ in zip(elements, range(_MAX_ENTRIES), strict=False))
