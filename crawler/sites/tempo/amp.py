"""AMP pages, of all hosts and all years: `<html amp>` or `<html ⚡>`.

Their key is that of the page they stand for, which they name as canonical. Tempo's own template of 2021 has the classes
of the page it stands for; of other years only the rules of AMP itself are known (`amp-img`, a canonical link, JSON-LD),
so each part is looked for where the page versions have it.
"""

from __future__ import annotations

from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.sites.said import Said, json_ld, meta, visible
from crawler.sites.tempo.essay import Essay
from crawler.sites.tempo.issues import online
from crawler.sites.tempo.layout import Dated
from crawler.sites.tempo.read_2017 import Read2017
from crawler.sites.tempo.read_2021 import Read2021
from crawler.sites.tempo.view import View
from stories.article import Source

_ROOTS: Final = (".detail-artikel:not(.berikutnya)", "article:has(h1)", "main:has(h1)", "body")
_BODIES: Final = (".detail-in, .detail-konten", "#isi", "[itemprop=articleBody]", '[id="content-wrapper"]', "article")


class Amp(Essay, Read2021, Read2017):
    VERSION = "amp"
    MARK = ""
    ROOT = "html"
    MARKS = frozenset({"amp", "\u26a1"})
    """Attributes of the root, either of them. A selector for them would look at every element of every page."""
    HEADLINE = "h1"
    DATE = ".detail-title .date, #date, [itemprop=datePublished], time"
    BYLINE = f"{Read2021.BYLINE}, {Read2017.BYLINE}"
    NOISE = (
        f"{Read2021.NOISE}, {Read2017.NOISE}, header, footer, nav, aside, h1, amp-ad, amp-embed, amp-sidebar, .date,"
        " .block-avatar, .box-tag-detail, .tags, .faq"
    )
    STRIP = "amp-carousel"
    FIGURES = "figure, amp-carousel > amp-img, .foto-detail > amp-img, .detail-in > p amp-img, #isi > p amp-img"
    TAGS = f"{Read2021.TAGS}, {Read2017.TAGS}"
    CRUMBS = f"{Read2021.CRUMBS}, {Read2017.CRUMBS}"
    CARDS = (*Read2021.CARDS, *Read2017.CARDS)

    def root(self, tree: LexborHTMLParser) -> LexborNode | None:
        page = tree.root
        is_amp = page is not None and not self.MARKS.isdisjoint(page.attributes)
        found = (page.css_first(selector) for selector in _ROOTS) if page is not None and is_amp else ()
        return next((node for node in found if node is not None), None)

    def headline(self, view: View) -> Said[str] | None:
        """What the page says for machines, in full where it shows that; a magazine's h1 is the title in print."""
        claimed = json_ld(view.linked.text("headline")) or meta(view.linked.meta.get("og:title"))
        if claimed is None:
            return super().headline(view)
        begins = claimed.value.rstrip(".\u2026 ")  # AMP once wanted headlines of at most 110 characters
        return visible(next((shown for shown in view.texts("h1") if shown.startswith(begins)), None)) or claimed

    def published(self, view: View) -> Said[Dated] | None:
        """As on the page that it stands for: a magazine's shows the day of its issue only."""
        sources = (Source.JSON_LD, Source.META)
        return online(super().published(view), (Said(raw, one) for one in sources for raw in self.dates(view, one)))

    def bodies(self, view: View) -> list[LexborNode]:
        found = (view.css(selector) for selector in _BODIES)
        return next(filter(None, found), [view.root])

    def keywords(self, view: View) -> Said[tuple[str, ...]] | None:
        written = (word.strip() for word in view.linked.meta.get("keywords", "").split(","))
        return super().keywords(view) or meta(tuple(dict.fromkeys(filter(None, written))))
