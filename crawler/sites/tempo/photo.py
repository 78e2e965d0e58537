"""Photo pages (foto.tempo.co): a strip of pictures whose captions are the story.

Two designs are known: that of 2017, from a stored page, and that of 2021, from Tempo's own template and from a crawler
that still met it in 2023. In both, captions can stand apart: a script pairs them with the pictures by their place.
What there was before 2017 (`/read/beritafoto/<id>`) is not known; such a page is read generically.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.sites.said import Said
from crawler.sites.tempo.essay import Essay
from crawler.sites.tempo.read_2017 import Read2017
from crawler.sites.tempo.read_2021 import Read2021, lead_of
from crawler.sites.tempo.view import View
from stories.article import Author, Role


class Photo2017(Essay, Read2017):
    VERSION = "photo"
    ROOT = 'main:has([itemtype$="/ImageGallery"]):has(h1[itemprop=headline])'
    BODY = "article[itemprop=description]"
    NOISE = f"{Read2017.NOISE}, .foto-caption, .tags, .author"
    STRIP = '[itemtype$="/ImageGallery"]'
    FIGURES = f"{STRIP} figure"
    CAPTIONS = ".foto-caption [itemprop=caption]"

    def root(self, tree: LexborHTMLParser) -> LexborNode | None:
        return tree.css_first(self.ROOT)

    def authors(self, view: View) -> Iterator[Said[Author]]:
        """Whom the page is `oleh:`, by; where a news page names its reporter."""
        for author in super().authors(view):
            is_by = author.value.role is Role.REPORTER
            yield Said(replace(author.value, role=Role.AUTHOR), author.source) if is_by else author


class Photo2021(Essay, Read2021):
    VERSION = "photo"
    STRIP = ".foto-detail"
    CARD = ".card-box:has(img)"
    FIGURES = f"{STRIP} {CARD}"
    APART = "aside, .baca-juga"  # a card is a picture of the strip here
    CAPTIONS = ".slider-caption-foto .card-box"

    def has_signs(self, root: LexborNode, _tree: LexborHTMLParser) -> bool:
        """An article that begins with a strip of pictures, each a card."""
        strip = lead_of(root)
        return strip is not None and strip.css_first(self.CARD) is not None
