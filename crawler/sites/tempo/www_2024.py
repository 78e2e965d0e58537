"""www.tempo.co since October 2024: a Nuxt app with utility classes, whose JSON-LD is the surest part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.sites.said import Said, json_ld
from crawler.sites.tempo import credits as credited
from crawler.sites.tempo.cards import Cards
from crawler.sites.tempo.layout import Layout
from crawler.sites.tempo.view import INLINED, View, is_within
from stories.article import Author, Breadcrumb, Source
from stories.text import text_of


class Www2024(Layout):
    VERSION = "www-2024"
    ROOT = '[id="content-wrapper"]'
    """Where the article is found by; its element is the one around it."""
    HEADLINE = "h1"
    DATE = "p.text-neutral-900.text-sm, time"
    DATE_ORDER = (Source.JSON_LD, Source.VISIBLE, Source.META, Source.DATA_LAYER)
    BYLINE = 'a[href*="/penulis/"]'
    BODY = '[id="content-wrapper"]'  # the repeated id is Tempo's own: an attribute selector finds every paragraph
    NOISE = f"figure, figcaption, aside, .pw-container, .newblur-pwcontain, {INLINED}"
    BOXES = "div.baca-juga, div.bacajuga"
    PAYWALL = ".pw-container, .newblur-pwcontain"
    TAGS = '#article-tags a, a[href*="/tag/"]'
    CARDS = (
        Cards(
            card="aside figure",
            link="figcaption a",
            headline="figcaption a",
            excerpt="figcaption p:not(:has(a))",
            age="figcaption span, figcaption time",
            heading="aside h2, aside h3, aside h4",
        ),
    )

    def root(self, tree: LexborHTMLParser) -> LexborNode | None:
        """The first article that has text, and is not one further below."""
        for place in tree.css(self.ROOT):
            around: LexborNode | None = place
            while around is not None and around.tag not in {"article", "main"}:
                around = around.parent
            if around is not None and "berikutnya" not in (around.attributes.get("class") or ""):
                return around
        return None

    def headline(self, view: View) -> Said[str] | None:
        return json_ld(view.linked.text("headline")) or super().headline(view)

    def authors(self, view: View) -> Iterator[Said[Author]]:
        """By JSON-LD, which names one person more than once; then by the links to people's pages, without a role."""
        linked = tuple(self.linked_authors(view))
        yield from (Said(author, Source.JSON_LD) for author in linked)
        yield from (Said(author, Source.VISIBLE) for author in credited.agreeing(self.shown_authors(view), linked))

    def shown_authors(self, view: View) -> Iterator[Author]:
        bodies = _ids(self.bodies(view))
        for link in view.css(self.BYLINE):
            if not is_within(link, bodies):
                for author in credited.people(text_of(link), self.BYLINE_ROLE):
                    yield replace(author, url=view.absolute(link.attributes.get("href")))

    def tags(self, view: View) -> list[LexborNode]:
        """Without links in the text to tags' pages."""
        bodies = _ids(self.bodies(view))
        return [tag for tag in super().tags(view) if not is_within(tag, bodies)]

    def next_url(self, view: View) -> str | None:
        del view  # it has each article on one page
        return None

    def breadcrumbs(self, view: View) -> Said[tuple[Breadcrumb, ...]] | None:
        return self.linked_breadcrumbs(view)


def _ids(nodes: Iterable[LexborNode]) -> frozenset[int]:
    return frozenset(node.mem_id for node in nodes)
