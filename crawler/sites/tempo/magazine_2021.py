"""The magazines and the daily from 2021 to 2023: magz, majalah, koran.

Two designs share one frame; the later one has the headline in a paragraph, and the people below the text. An article
has two headlines: the printed page's, in its title, and the site's, which its machine-readable parts, its address and
search engines have. The second is taken: it says what the article is about.

The date that is shown is a day, and that of the issue: the article goes online in the days before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import takewhile, zip_longest
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.sites.lines import Line
from crawler.sites.said import Said, data_layer, json_ld, meta, visible
from crawler.sites.tempo import credits as credited
from crawler.sites.tempo.cards import Cards
from crawler.sites.tempo.essay import Essay
from crawler.sites.tempo.issues import online
from crawler.sites.tempo.layout import Dated
from crawler.sites.tempo.read_2021 import Read2021
from crawler.sites.tempo.signatures import signatures
from crawler.sites.tempo.view import View
from stories.article import Author, Breadcrumb, Relation, Role, Source
from stories.text import SPACES, text_of

_PUBLICATION: Final = re.compile(
    rf"{SPACES}[-|\u2013\u2014]\s+(?:(?:majalah|koran|magz)\.tempo\.co|(?:majalah|koran) tempo"
    r"|tempo(?:\.co)?(?: english)?(?: magazine)?)$",
    re.IGNORECASE,
)
"""The publication's name at a title's end."""

_NOT_WORD: Final = re.compile(r"[\W_]+")
_WORD: Final = re.compile(r"\w")


class Magazine2021(Essay, Read2021):
    VERSION = "magazine-2021"
    SIGNS = ".list-konten-eksklusif, .main_title"
    """Covers of further issues, or a headline of the later design; the rest of the frame is the news pages' too."""
    HEADLINE = ".detail-title h1, .detail-title .main_title"
    PEOPLE = ".text-avatar a"
    HELPERS = ".penymbangbahan span"  # the misspelling is Tempo's
    BODY = ".detail-in"
    NOISE = f"{Read2021.NOISE}, .faq, .koreksi, .caption-container"
    FIGURES = ".foto-detail:not(.multipleimage) figure, .detail-in > p img"
    STRIP = ".multipleimage"
    CARDS = (
        Cards(
            card=".list-berita-lainnya .card-box:has(.title a)",  # those without are bought, and lead nowhere
            link=".title a",
            headline=".title",
            age=".date",
            relation=Relation.MORE_ARTICLES,
        ),
    )

    def has_signs(self, _root: LexborNode, tree: LexborHTMLParser) -> bool:
        return tree.css_first(self.SIGNS) is not None

    def headline(self, view: View) -> Said[str] | None:
        """The site's, even where the page's title is the printed one."""
        title = _PUBLICATION.sub("", view.linked.meta.get("og:title", ""))
        if title and any(text_of(heading) == title for heading in view.tree.css("h1")):
            return visible(title)
        return meta(title) or json_ld(view.linked.text("headline")) or super().headline(view)

    def published(self, view: View) -> Said[Dated] | None:
        """When it went online, to the minute; else the day of its issue."""
        sources = (Source.JSON_LD, Source.META)
        return online(super().published(view), (Said(raw, one) for one in sources for raw in self.dates(view, one)))

    def section(self, view: View, breadcrumbs: Said[tuple[Breadcrumb, ...]] | None) -> Said[str] | None:
        """The rubric, as it is written for readers wherever the page does so."""
        rubric = _letters(view.linked.meta.get("article:section", ""))
        written = [Said(crumb.name, breadcrumbs.source) for crumb in breadcrumbs.value] if breadcrumbs else []
        if told := data_layer(view.linked.data_layer.get("content_category")):
            written.append(told)
        return next((name for name in written if _letters(name.value) == rubric), None) or super().section(
            view, breadcrumbs
        )

    def authors(self, view: View) -> Iterator[Said[Author]]:
        """The page names its first writer for machines, and shows all; who signed or helped may be among them."""
        writers = [*self._declared(view), *self._shown(view)]
        yield from writers
        yield from (Said(author, Source.JSON_LD) for author in self.linked_authors(view))
        known = {writer.value.name.casefold() for writer in writers}
        for helper in (*self._signed(view), *self._helpers(view)):
            if helper.name.casefold() not in known:
                yield Said(helper, Source.VISIBLE)
        told = view.linked.data_layer.get("editor", "")
        yield from (Said(editor, Source.DATA_LAYER) for editor in credited.people(told, Role.EDITOR))

    def _declared(self, view: View) -> Iterator[Said[Author]]:
        declared = view.linked.meta.get("author", "")
        yield from (Said(author, Source.META) for author in credited.people(declared, Role.AUTHOR))

    def _shown(self, view: View) -> Iterator[Said[Author]]:
        """The first link of a person is a picture."""
        for link in view.around(self.PEOPLE):
            url = view.absolute(link.attributes.get("href"))
            for author in credited.people(text_of(link), Role.AUTHOR):
                yield Said(replace(author, url=url), Source.VISIBLE)

    def _signed(self, view: View) -> list[Author]:
        """Who is named in capitals below the text."""
        prose = self._prose(view)
        return [Author(name=name, role=Role.REPORTER) for name in signatures(prose[-1].text)] if prose else []

    def _helpers(self, view: View) -> Iterator[Author]:
        """Who gave material."""
        for helper in view.around(self.HELPERS):
            yield from credited.people(text_of(helper), Role.CONTRIBUTOR)

    def lines(self, view: View) -> list[Line]:
        prose = self._prose(view)
        return prose[:-1] if len(prose) > 1 and signatures(prose[-1].text) else prose

    def _prose(self, view: View) -> list[Line]:
        """The text with its signature, without the ornaments between its parts."""
        return [line for line in super().lines(view) if _WORD.search(line.text)]

    def bodies(self, view: View) -> list[LexborNode]:
        """Those that begin above the paywall."""
        walls = {wall.mem_id for wall in self.walls(view)}
        parts = view.css(f"{self.BODY}, {self.PAYWALL}")
        return list(takewhile(lambda part: part.mem_id not in walls, parts))

    def noise(self, view: View) -> frozenset[int]:
        """Also what stands below the paywall, and the captions of pictures in the text."""
        first = {wall.parent.mem_id: wall for wall in reversed(self.walls(view)) if wall.parent is not None}
        below = (node.mem_id for wall in first.values() for node in _following(wall))
        return super().noise(view).union(below, (note.mem_id for _, note in self._notes(view)))

    def captioned(self, view: View) -> Iterator[tuple[LexborNode, str]]:
        """Also those of a photo essay: large ones, and small ones below whose alternative texts a script shows."""
        large = view.css(f"{self.STRIP} .slides img")
        small = view.css(f"{self.STRIP} img.slide-thumbnail")
        for pair in zip_longest(large, small):
            alternatives = [(picture, picture.attributes.get("alt") or "") for picture in pair if picture is not None]
            yield alternatives[0][0], next((words for _, words in reversed(alternatives) if words), "")
        noted: dict[int, str] = {}
        for paragraph, note in self._notes(view):
            words = " ".join(text_of(note).split())
            noted |= {picture.mem_id: words for picture in paragraph.css("img")}
        for figure, words in super().captioned(view):
            yield figure, noted.get(figure.mem_id, words)

    def _notes(self, view: View) -> Iterator[tuple[LexborNode, LexborNode]]:
        """The paragraphs with pictures that have a caption, and the paragraph that is it."""
        for paragraph in view.css(f"{self.BODY} > p:has(img)"):
            if (note := _note_of(paragraph)) is not None:
                yield paragraph, note


def _letters(name: str) -> str:
    """`Laporan Utama`, `laporan-utama` -> `laporanutama`."""
    return _NOT_WORD.sub("", name).casefold()


def _following(node: LexborNode) -> Iterator[LexborNode]:
    """What stands behind it, in the same element."""
    following = node.next
    while following is not None:
        yield following
        following = following.next


def _note_of(paragraph: LexborNode) -> LexborNode | None:
    """The paragraph with the caption of one with a picture: that itself or the next, with only small print in it."""
    if text_of(paragraph):
        return paragraph if _is_small_print(paragraph) else None
    behind = next((node for node in _following(paragraph) if node.tag == "p" or text_of(node)), None)
    return behind if behind is not None and _is_small_print(behind) else None


def _is_small_print(paragraph: LexborNode) -> bool:
    small = paragraph.css_first("small") if paragraph.tag == "p" else None
    return small is not None and bool(text_of(small)) and text_of(small) == text_of(paragraph)
