"""One downloaded page, parsed once, as the page versions look at it."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.sites.linked_data import LinkedData
from crawler.sites.links import absolute
from crawler.sites.said import Said, json_ld, meta
from crawler.sites.site import Address, Page
from crawler.sites.tempo.addresses import identify_any
from stories.article import Source, Window
from stories.text import text_of

INLINED: Final = ".berikutnya"
"""A further article below the first, with people, tags and cards of its own."""

_FURTHER: Final = f"{INLINED}, article.detail-artikel"


def further_articles(tree: LexborHTMLParser, root: LexborNode) -> frozenset[int]:
    """The `mem_id`s of the articles below the first, marked as such or not."""
    others = {node.mem_id for node in tree.css(_FURTHER)} - {root.mem_id}
    above = root.parent if others else None
    while above is not None:
        others.discard(above.mem_id)
        above = above.parent
    return frozenset(others)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    page: Page
    tree: LexborHTMLParser
    source: str
    """The text that the tree is made of."""
    linked: LinkedData
    root: LexborNode
    """The article's own element: what stands outside of it is not searched, but for cards."""
    address: Said[Address]
    """Who the page is, by its own word where that can be believed."""
    site: str
    further: frozenset[int]
    """The `mem_id`s of further articles below the first."""
    seen: Window = field(init=False)
    """When its ages were written: as it was downloaded."""

    def __post_init__(self) -> None:
        at = self.page.downloaded_at
        object.__setattr__(self, "seen", Window(earliest=at, latest=at))

    def css(self, selector: str) -> list[LexborNode]:
        """What matches in the article."""
        return self._own(self.root.css(selector), selector) if selector else []

    def around(self, selector: str) -> list[LexborNode]:
        """What matches in the article, else on the page outside of further articles: some versions have it there."""
        if not selector:
            return []
        return self.css(selector) or self._own(self.tree.css(selector), selector)

    def _own(self, nodes: list[LexborNode], selector: str) -> list[LexborNode]:
        """Each once: lexbor gives a node once for each part of a selector that it matches."""
        once = list({node.mem_id: node for node in nodes}.values()) if "," in selector else nodes
        return [node for node in once if not self.is_inlined(node)] if self.further else once

    def is_inlined(self, node: LexborNode) -> bool:
        """Whether an element belongs to a further article below the first (docs/tempo.md, trap 4)."""
        return is_within(node, self.further) if self.further else False

    def texts(self, selector: str) -> Iterator[str]:
        """The texts of all elements in the article that match, without the empty ones."""
        return (said for node in self.css(selector) if (said := text_of(node)))

    def text(self, selector: str) -> str | None:
        return next(self.texts(selector), None)

    def absolute(self, href: str | None) -> str | None:
        return absolute(self.page.url, href)

    def is_article(self, url: str) -> bool:
        """Whether an address is that of another article, in either edition."""
        address = identify_any(url)
        return address is not None and address.kind.is_article and address.key != self.address.value.key


def is_within(node: LexborNode, elements: Container[int]) -> bool:
    """Whether a node stands inside one of some elements, which are given by their `mem_id`s."""
    above = node.parent
    while above is not None:
        if above.mem_id in elements:
            return True
        above = above.parent
    return False


def address_of(page_url: str, linked: LinkedData) -> Said[Address] | None:
    """Who a page is: of its own addresses and the one that answered, the first article that two of them name, else the
    first.

    Tempo's template once left a foreign canonical address on its articles, so a page is not believed blindly.
    """
    links, metas = linked.links, linked.meta
    claims = (
        meta(links.get("canonical")),
        meta(metas.get("og:url")),
        meta(links.get("amphtml")),
        json_ld(linked.address()),
        Said(page_url, Source.URL),
    )
    known = [(identify_any(claim.value), claim.source) for claim in claims if claim]
    articles = [Said(address, source) for address, source in known if address and address.kind.is_article]
    keys = [article.value.key for article in articles]
    named_twice = (article for article in articles if keys.count(article.value.key) > 1)
    return next(named_twice, articles[0] if articles else None)
