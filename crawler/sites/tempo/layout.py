"""What all page versions of Tempo have in common: an article, read by selectors that each version names.

A version is a class: its selectors on top, and a method overridden where a selector cannot tell. An empty selector
finds nothing.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import ClassVar, Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.sites.lines import Line, lines_of
from crawler.sites.said import Said, data_layer, json_ld, meta, said, visible
from crawler.sites.tempo import credits as credited
from crawler.sites.tempo.body import is_label, is_link
from crawler.sites.tempo.cards import Cards, read_cards
from crawler.sites.tempo.parted import next_part
from crawler.sites.tempo.pictures import PICTURES, address_of
from crawler.sites.tempo.view import View, is_within
from stories.article import Author, Breadcrumb, Image, RelatedLink, Role, Source
from stories.dates import Published, parse_published
from stories.text import text_of

_NO_ELEMENTS: Final = frozenset({"-text", "-comment", "br"})
_LEAST_SENTENCE: Final = 100  # characters; the longest line of Tempo's own in a body has 90
_ENDS: Final = (".", "!", "?", '"', "\u201d", "\u2019", ")")
_LOGO: Final = re.compile(r"/logo[\w-]{0,40}\.svg(?:\?|$)")  # www's own, which holds the place of advertisements
_HOME: Final = frozenset({"home", "beranda", "tempo.co"})
_SAME_DAY: Final = timedelta(days=1)  # a JSON-LD whose publication is further from the visible one is a leftover

Dated = tuple[Published, str]
"""A date, understood and as it is written."""


class Layout:
    """The parts that a version may name.

    Selectors are searched inside ROOT; cards on the whole page; tags and breadcrumbs there if ROOT has none.
    """

    VERSION: ClassVar[str]
    ROOT: ClassVar[str]
    """The article's own element; a page without it is of another version."""
    HEADLINE: ClassVar[str]
    DATE: ClassVar[str]
    DATE_ORDER: ClassVar[tuple[Source, ...]] = (Source.VISIBLE, Source.JSON_LD, Source.META, Source.DATA_LAYER)
    """Whom to believe first."""
    BYLINE: ClassVar[str] = ""
    BYLINE_ROLE: ClassVar[Role] = Role.AUTHOR
    """Of a name without a label."""
    BODY: ClassVar[str]
    NOISE: ClassVar[str] = "figure, figcaption"
    """Inside the body: left out with all that is in it."""
    BOXES: ClassVar[str] = ""
    """Inside the body: boxes of links to read also."""
    PAYWALL: ClassVar[str] = ""
    FIGURES: ClassVar[str] = "figure"
    APART: ClassVar[str] = "aside, .card-box, .baca-juga"
    """In the article's element, but of other articles: no picture there is its own."""
    CAPTION: ClassVar[str] = "figcaption"
    TAGS: ClassVar[str] = ""
    CRUMBS: ClassVar[str] = ""
    CARDS: ClassVar[tuple[Cards, ...]] = ()

    def root(self, tree: LexborHTMLParser) -> LexborNode | None:
        """The article's own element; None on a page of another version."""
        return tree.css_first(self.ROOT)

    def has_signs(self, root: LexborNode, tree: LexborHTMLParser) -> bool:  # noqa: ARG002 - those that override it look there
        """Whether a page is of this version, where several have their articles in the same element (ROOT)."""
        return True

    def headline(self, view: View) -> Said[str] | None:
        linked = view.linked
        return (
            visible(view.text(self.HEADLINE)) or json_ld(linked.text("headline")) or meta(linked.meta.get("og:title"))
        )

    def published(self, view: View) -> Said[Dated] | None:
        """The first date that is one, by DATE_ORDER."""
        for source in self.DATE_ORDER:
            for raw in self.dates(view, source):
                if found := parse_published(raw):
                    return said((found, raw), source)
        return None

    def dates(self, view: View, source: Source) -> Iterator[str]:
        """What one source gives for the published date."""
        if source is Source.VISIBLE:
            yield from view.texts(self.DATE)
        elif source is Source.JSON_LD:
            yield view.linked.text("datePublished") or ""
        elif source is Source.META:
            yield view.linked.meta.get("article:published_time", "")
        elif source is Source.DATA_LAYER:
            yield view.linked.data_layer.get("published_date", "")

    def modified(self, view: View, published: Published | None) -> Said[tuple[datetime, str]] | None:
        """When the text was last changed, by a JSON-LD that agrees about when it was published."""
        raw = view.linked.text("dateModified")
        found = parse_published(raw) if raw else None
        claimed = parse_published(view.linked.text("datePublished") or "")
        if not raw or not found or (published and claimed and abs(claimed.instant - published.instant) > _SAME_DAY):
            return None
        return json_ld((found.instant, raw))

    def authors(self, view: View) -> Iterator[Said[Author]]:
        """Whoever is named, by every source, the most trusted first; one person may come more than once."""
        shown = tuple(self.shown_authors(view))
        yield from (Said(author, Source.VISIBLE) for author in shown)
        yield from (Said(author, Source.JSON_LD) for author in credited.agreeing(self.linked_authors(view), shown))

    def shown_authors(self, view: View) -> Iterator[Author]:
        for byline in view.css(self.BYLINE):
            yield from credited.labelled((line.text for line in lines_of([byline])), self.BYLINE_ROLE)

    def linked_authors(self, view: View) -> Iterator[Author]:
        """By JSON-LD, which names one person more than once, and the publisher too."""
        for name, role in (("author", Role.AUTHOR), ("editor", Role.EDITOR)):
            for names, url in view.linked.people(name):
                for author in credited.people(names, role):
                    yield replace(author, url=view.absolute(url))

    def claimed_authors(self, view: View) -> Iterator[Said[Author]]:
        """By what says no more than a name: asked where nothing else names anybody."""
        told = view.linked.data_layer
        for name, role in (("reporter", Role.REPORTER), ("penulis", Role.AUTHOR), ("editor", Role.EDITOR)):
            yield from (Said(author, Source.DATA_LAYER) for author in credited.people(told.get(name, ""), role))
        yield from (Said(one, Source.META) for one in credited.people(view.linked.meta.get("author", ""), Role.AUTHOR))

    def bodies(self, view: View) -> list[LexborNode]:
        """The elements whose prose is the text; one may stand inside another."""
        return view.css(self.BODY)

    def lines(self, view: View) -> list[Line]:
        """The body's lines of prose, and of boxes that point elsewhere."""
        bodies = _outermost(self.bodies(view))
        boxes = {node.mem_id for node in view.root.css(self.BOXES)} if self.BOXES else ()
        return list(_of_the_text(lines_of(bodies, skip=self.noise(view), boxes=boxes)))

    def noise(self, view: View) -> frozenset[int]:
        """The `mem_id`s of what is in the body, but no text of it."""
        return view.further.union(node.mem_id for node in view.root.css(self.NOISE))

    def text_instead(self, view: View) -> Said[str] | None:
        """What stands for the text where the page has no prose."""
        del view  # most versions are articles by their prose alone
        return None

    def is_cut(self, view: View) -> bool:
        """Whether the text stops at a paywall; one that is hidden stops nothing."""
        return bool(self.walls(view))

    def walls(self, view: View) -> list[LexborNode]:
        return [wall for wall in _outermost(view.css(self.PAYWALL)) if not _is_hidden(wall)]

    def next_url(self, view: View) -> str | None:
        """Where the article goes on: the page after this one, at an address of the same article."""
        return next_part(view)

    def images(self, view: View) -> Said[tuple[Image, ...]] | None:
        return visible(tuple(self.pictures(view)))

    def pictures(self, view: View) -> Iterator[Image]:
        """Each once."""
        seen: set[str] = set()
        for figure, words in self.captioned(view):
            picture = figure if figure.tag in PICTURES else figure.css_first(", ".join(PICTURES))
            url = view.absolute(address_of(picture)) if picture is not None else None
            if url and url not in seen and not _LOGO.search(url):
                seen.add(url)
                caption, credit = credited.caption_and_credit(words)
                yield Image(url=url, caption=caption, credit=credit)

    def captioned(self, view: View) -> Iterator[tuple[LexborNode, str]]:
        """The figures, or pictures without one, and what is written for each; without those of cards."""
        figures = view.css(self.FIGURES)
        apart = {node.mem_id for node in view.root.css(self.APART)} if figures else ()
        captions = {node.mem_id for node in view.root.css(self.CAPTION)} if figures else ()
        for figure in figures:
            if not (apart and is_within(figure, apart)):
                yield figure, self.caption(figure, captions)

    def caption(self, figure: LexborNode, captions: Container[int]) -> str:
        """Of a figure or picture: inside of it, or right behind it."""
        found = figure.css_first(self.CAPTION) or _next_element(figure)
        if found is None or found.mem_id not in captions:
            return ""
        hidden = {node.mem_id for node in found.css("small")}  # a reader's number, in the colour of the ground
        return " ".join(text_of(found, skip=hidden).split())

    def description(self, view: View) -> Said[str] | None:
        metas = view.linked.meta
        return json_ld(view.linked.text("description")) or meta(metas.get("description") or metas.get("og:description"))

    def keywords(self, view: View) -> Said[tuple[str, ...]] | None:
        """As tagged; else as the page tells its statistics."""
        shown = tuple(dict.fromkeys(name for node in self.tags(view) if (name := text_of(node).lstrip("#").strip())))
        return visible(shown) or data_layer(_listed(view.linked.data_layer.get("tags", "")))

    def tags(self, view: View) -> list[LexborNode]:
        return view.around(self.TAGS)

    def breadcrumbs(self, view: View) -> Said[tuple[Breadcrumb, ...]] | None:
        """The path to the article's section, without the home page and the article itself."""
        return visible(tuple(self.crumbs(view))) or self.linked_breadcrumbs(view)

    def linked_breadcrumbs(self, view: View) -> Said[tuple[Breadcrumb, ...]] | None:
        crumbs = view.linked.breadcrumbs
        return json_ld(tuple(Breadcrumb(name=crumb.name, url=view.absolute(crumb.url)) for crumb in crumbs))

    def crumbs(self, view: View) -> Iterator[Breadcrumb]:
        for node in view.around(self.CRUMBS):
            name = text_of(node)
            if name and name.casefold() not in _HOME and node.css_first("h1") is None:
                yield Breadcrumb(name=name, url=view.absolute(node.attributes.get("href")))

    def section(self, view: View, breadcrumbs: Said[tuple[Breadcrumb, ...]] | None) -> Said[str] | None:
        """Where the breadcrumbs begin, else what the page says for machines."""
        if breadcrumbs:
            return Said(breadcrumbs.value[0].name, breadcrumbs.source)
        linked = view.linked
        return (
            json_ld(linked.text("articleSection"))
            or meta(linked.meta.get("article:section"))
            or data_layer(linked.data_layer.get("content_category"))
        )

    def cards(self, view: View) -> Iterator[RelatedLink]:
        for cards in self.CARDS:
            yield from read_cards(cards, view, self.HEADLINE)


def _of_the_text(lines: Sequence[Line]) -> Iterator[Line]:
    """Prose and boxes; of what else stands there, sentences, and labels with the links below them.

    Editors paste texts whose paragraphs are divs, or none at all; what the page itself puts between them is short.
    """
    has_prose = any(line.prose for line in lines)
    labelled = False
    for line in lines:
        if line.prose or line.boxed:
            labelled = False
            yield line
        elif is_label(line) or (labelled and is_link(line)):
            labelled = True
            yield line
        elif not has_prose or _is_sentence(line):
            yield line


def _is_sentence(line: Line) -> bool:
    return len(line.text) >= _LEAST_SENTENCE and line.text.endswith(_ENDS) and not is_link(line)


def _outermost(nodes: list[LexborNode]) -> list[LexborNode]:
    """Without those inside of others, whose text would come twice."""
    known = frozenset(node.mem_id for node in nodes)
    return [node for node in nodes if not is_within(node, known)] if len(nodes) > 1 else nodes


def _is_hidden(node: LexborNode) -> bool:
    attributes = node.attributes
    return "hidden" in attributes or "display:none" in (attributes.get("style") or "").replace(" ", "").casefold()


def _next_element(node: LexborNode) -> LexborNode | None:
    following = node.next
    while following is not None and following.tag in _NO_ELEMENTS:
        following = following.next
    return following


def _listed(names: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for part in names.split(",") if (name := part.strip())))
