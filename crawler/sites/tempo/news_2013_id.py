"""The Indonesian channels of about 2013 to mid 2017: one paragraph with breaks, and at its end who wrote it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from selectolax.lexbor import LexborNode

from crawler.sites.tempo.news_2013 import News2013
from crawler.sites.tempo.view import View
from stories.article import RelatedLink, Relation, Source
from stories.text import clean, text_of, walk

_RELATED: Final = re.compile(r"(?:berita |artikel )?terkait\s?:?", re.IGNORECASE)


_MAX_APART: Final = 5  # nodes without a word between heading and list: white space, comments, a clearing <div>
_MAX_HEADING: Final = 40  # characters; what is longer is no heading


class News2013Id(News2013):
    ROOT = "div.artikel:has(h1)"
    HEADLINE = "h1"
    DATE = "div.block-tanggal"
    BODY = "div.artikel > p"
    BODY_ELSE = "p"
    NOISE = "figure, .single-img, .deskripsi, .block-tanggal, .font-size"
    FIGURES = ".single-img"
    CAPTION = ".deskripsi"
    TAGS = "ul.topik-terkait a"
    CRUMBS = ".block-kanal-map a"
    CARDS = ()

    def dates(self, view: View, source: Source) -> Iterator[str]:
        if source is Source.VISIBLE:  # it stands in the article or above it
            yield from map(text_of, view.around(self.DATE))
        else:
            yield from super().dates(view, source)

    def bodies(self, view: View) -> list[LexborNode]:
        return super().bodies(view) or view.css(self.BODY_ELSE)

    def cards(self, view: View) -> Iterator[RelatedLink]:
        """The list below the heading, whatever element that is."""
        for items in view.tree.css("ul"):
            if _RELATED.fullmatch(_above(items)):
                for link in items.css("a"):
                    url, headline = view.absolute(link.attributes.get("href")), text_of(link)
                    if url and headline:
                        yield RelatedLink(url=url, headline=headline, relation=Relation.RELATED, position=1)


def _above(node: LexborNode) -> str:
    """What is said right before an element, or before the one that it is the first of."""
    place: LexborNode | None = node
    for _ in range(3):
        before = place.prev if place is not None else None
        for _ in range(_MAX_APART):
            if before is None:
                break
            if said := _beginning(before):
                return said
            before = before.prev
        place = place.parent if place is not None else None
    return ""


def _beginning(node: LexborNode) -> str:
    """The text of a node; of a long one, enough to see that it is long."""
    if node.tag == "-text":
        return clean(node.text_content or "")
    said = ""
    for child, begins in walk(node):
        if begins and child.tag == "-text":
            said += child.text_content or ""
        if len(said) > 2 * _MAX_HEADING:
            break
    return clean(said)
