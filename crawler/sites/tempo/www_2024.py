"""www.tempo.co since October 2024: a Nuxt app with utility classes, whose JSON-LD is the surest part."""

from __future__ import annotations

from collections.abc import Iterator

from crawler.sites.tempo import credits as credited
from crawler.sites.tempo.cards import Cards
from crawler.sites.tempo.layout import Layout
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

    def headline(self, view: View) -> str | None:
        return view.linked.text("headline") or super().headline(view)

    def authors(self, view: View) -> Iterator[Author]:
        """By JSON-LD, which names one person more than once; else by the links to authors' pages."""
        named = False
        for name, url in view.linked.people("author"):
            if credited.somebody(name):
                named = True
                yield Author(name=name, role=Role.AUTHOR, url=view.absolute(url))
        if not named:
            yield from super().authors(view)
        for name, url in view.linked.people("editor"):
            if credited.somebody(name):
                yield Author(name=name, role=Role.EDITOR, url=view.absolute(url))

    def breadcrumbs(self, view: View) -> Iterator[Breadcrumb]:
        for crumb in view.linked.breadcrumbs:
            yield Breadcrumb(name=crumb.name, url=view.absolute(crumb.url))
