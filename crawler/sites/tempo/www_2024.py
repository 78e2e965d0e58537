"""www.tempo.co since October 2024: a Nuxt app with utility classes, whose JSON-LD is the surest part."""

from __future__ import annotations

from collections.abc import Iterator

from crawler.sites.tempo import credits as credited
from crawler.sites.tempo.cards import Cards
from crawler.sites.tempo.layout import Layout
from crawler.sites.tempo.said import Said, json_ld
from crawler.sites.tempo.view import INLINED, View
from stories.article import Author, Breadcrumb, Role, Source


class Www2024(Layout):
    VERSION = "www-2024"
    ROOT = 'article:has([id="content-wrapper"])'
    HEADLINE = "h1"
    DATE = "p.text-neutral-900.text-sm"
    DATE_ORDER = (Source.JSON_LD, Source.VISIBLE, Source.META)
    BYLINE = 'a[href*="/penulis/"]'
    BODY = '[id="content-wrapper"]'  # the repeated id is Tempo's own: an attribute selector finds every paragraph
    NOISE = f"figure, figcaption, aside, .pw-container, {INLINED}"
    BOXES = "div.baca-juga"
    PAYWALL = ".pw-container"
    TAGS = 'a[href^="/tag/"], #article-tags a'
    CARDS = (Cards(card="aside figure", link="figcaption a", headline="figcaption a", age="figcaption span"),)

    def headline(self, view: View) -> Said[str] | None:
        return json_ld(view.linked.text("headline")) or super().headline(view)

    def authors(self, view: View) -> Iterator[Said[Author]]:
        """By JSON-LD, which names one person more than once; else by the links to authors' pages."""
        named = False
        for name, url in view.linked.people("author"):
            if credited.somebody(name):
                named = True
                yield Said(Author(name=name, role=Role.AUTHOR, url=view.absolute(url)), Source.JSON_LD)
        if not named:
            yield from super().authors(view)
        for name, url in view.linked.people("editor"):
            if credited.somebody(name):
                yield Said(Author(name=name, role=Role.EDITOR, url=view.absolute(url)), Source.JSON_LD)

    def breadcrumbs(self, view: View) -> Said[tuple[Breadcrumb, ...]] | None:
        crumbs = view.linked.breadcrumbs
        return json_ld(tuple(Breadcrumb(name=crumb.name, url=view.absolute(crumb.url)) for crumb in crumbs))
