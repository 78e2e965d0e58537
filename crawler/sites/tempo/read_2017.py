"""All channels from mid 2017 to about 2020."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.sites.tempo import credits as credited
from crawler.sites.tempo.cards import Cards
from crawler.sites.tempo.layout import Layout
from crawler.sites.tempo.view import View
from stories.article import Author, Relation, Role
from stories.text import text_of

_MAX_FRAMES: Final = 10  # around a headline; Tempo has three


class Read2017(Layout):
    VERSION = "read-2017"
    ROOT = "h1[itemprop=headline]"
    """Where the article is found by; its element is the one around it."""
    AROUND = frozenset({"article", "main"})
    HEADLINE = "h1[itemprop=headline]"
    DATE = "#date, [itemprop=datePublished]"
    PEOPLE = "[itemprop=author], [itemprop=editor]"
    BYLINE = "#author, .author"
    BODY = "#isi, [itemprop=articleBody]"
    NOISE = "figure, figcaption, #inarticle, .paging, .pagination"
    TAGS = "a[itemprop=keywords]"
    TAGS_ELSE = ".tags a"
    CRUMBS = "nav.breadcrumbs a, .breadcrumbs a"
    CARDS: ClassVar[tuple[Cards, ...]] = (
        Cards(card="#terkait li", link="a", headline=".title", age="span.time"),
        Cards(  # the misspelling is Tempo's
            card="#rekomentasi li, #rekomendasi li",
            link="a",
            headline=".title",
            age="span.time",
            relation=Relation.MORE_ARTICLES,
        ),
    )

    def root(self, tree: LexborHTMLParser) -> LexborNode | None:
        """The smallest frame around the headline that has the text in it, too."""
        headline = super().root(tree)
        frames = [frame for frame in _above(headline) if frame.tag in self.AROUND or frame.id == "article"][
            :_MAX_FRAMES
        ]
        whole = (frame for frame in frames if frame.css_first(self.BODY) is not None)
        return next(whole, frames[0] if frames else None)

    def tags(self, view: View) -> list[LexborNode]:
        return super().tags(view) or view.around(self.TAGS_ELSE)

    def shown_authors(self, view: View) -> Iterator[Author]:
        """As marked up; else by the labels before the names."""
        marked = view.css(self.PEOPLE)
        for node in marked:
            role = Role.EDITOR if node.attributes.get("itemprop") == "editor" else Role.REPORTER
            yield from credited.labelled([text_of(node)], role)
        if not marked:
            yield from super().shown_authors(view)


def _above(node: LexborNode | None) -> Iterator[LexborNode]:
    place = node.parent if node is not None else None
    while place is not None:
        yield place
        place = place.parent
