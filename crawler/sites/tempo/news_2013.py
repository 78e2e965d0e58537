"""The English edition of about 2013 to 2017: no h1, no byline, an address with a date in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar, Final

from crawler.sites.tempo.cards import Cards
from crawler.sites.tempo.layout import Layout
from crawler.sites.tempo.view import View
from stories.article import Source

_DAY: Final = re.compile(r"/read/news/(\d{4})/(\d\d)/(\d\d)/")


class News2013(Layout):
    VERSION = "news-2013"
    ROOT = "div.kolom-2-kolom:has(div.tubuh-berita)"
    HEADLINE = "div.judul-konten"
    DATE = "div.tanggal"
    DATE_ORDER = (*Layout.DATE_ORDER, Source.URL)
    BODY = "div.tubuh-berita"
    NOISE = "figure, figcaption, .blok-foto-konten"
    FIGURES = "div.foto-konten"
    CAPTION = ".foto-desc"
    TAGS = ".mlta a"
    CRUMBS = "#blok-sitemap a"
    CARDS: ClassVar[tuple[Cards, ...]] = (Cards(card=".berita-terkait li", link="a", headline="a"),)

    def dates(self, view: View, source: Source) -> Iterator[str]:
        found = _DAY.search(view.address.value.url) if source is Source.URL else None
        if found:
            yield "-".join(found.groups())
        yield from super().dates(view, source)
