"""All channels from mid 2017 to about 2020."""

from __future__ import annotations

from collections.abc import Iterator

from crawler.sites.tempo import credits as credited
from crawler.sites.tempo.cards import Cards
from crawler.sites.tempo.layout import Layout
from crawler.sites.tempo.said import Said
from crawler.sites.tempo.view import View
from stories.article import Author, Relation, Role, Source


class Read2017(Layout):
    VERSION = "read-2017"
    ROOT = "#article:has(h1[itemprop=headline])"
    HEADLINE = "h1[itemprop=headline]"
    DATE = "#date, [itemprop=datePublished]"
    REPORTER = "h4[itemprop=author]"
    EDITOR = "h4[itemprop=editor]"
    BODY = "#isi"
    NOISE = "figure, figcaption, #inarticle"
    FIGURES = "article figure"
    TAGS = ".tags a[itemprop=keywords]"
    CRUMBS = "nav.breadcrumbs a"
    CARDS = (
        Cards(card="#terkait li", link="a", headline=".title", age="span.time"),
        Cards(  # the misspelling is Tempo's
            card="#rekomentasi li", link="a", headline=".title", age="span.time", relation=Relation.MORE_ARTICLES
        ),
    )

    def authors(self, view: View) -> Iterator[Said[Author]]:
        for selector, role in ((self.REPORTER, Role.REPORTER), (self.EDITOR, Role.EDITOR)):
            for author in credited.labelled(view.texts(selector), role):
                yield Said(author, Source.VISIBLE)
