"""From the lines of an article's body to its text, and to what is not text: links, credits, promotion, captions.

The rules are of docs/tempo.md, "Not text, though inside the body": a line that names a link becomes a related link,
one that names a person a contributor, the rest is dropped; the dateline is a field of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Final

from crawler.sites.lines import Anchor, Line
from crawler.sites.links import absolute
from crawler.sites.tempo import credits as credited
from stories.article import Author, Dateline, RelatedLink, Relation

_RELATIONS: Final = {
    "choice": Relation.EDITORS_CHOICE,
    "also": Relation.READ_ALSO,
    "read": Relation.READ_ALSO,
    "related": Relation.RELATED,
    "more": Relation.MORE_ARTICLES,
}
_LABEL: Final = re.compile(
    r"(?:(?P<choice>editor['\u2019`]?s['\u2019`]? (?:choice|pick)s?|pilihan (?:editor|redaksi))"
    r"|(?P<also>read also|also read|read more|see also|(?:baca|simak|lihat|tonton) juga|baca selengkapnya)"
    r"|(?P<read>read|baca|simak|lihat|tonton)"
    r"|(?P<related>(?:berita|artikel) terkait|related (?:news|articles?|stor(?:y|ies)))"
    r"|(?P<more>(?:berita |artikel )?ter(?:populer|hangat|kini)(?: lainnya)?|(?:berita|artikel) (?:menarik )?lainnya"
    r"|more (?:articles|news|stories)))"
    r"(?:\s?(?::\s?|$)|(?P<open>\s))",
    re.IGNORECASE,
)
"""A line that begins so points elsewhere: with a colon, with nothing behind it, or (`open`) with a link and no more."""

_NEVER_OPEN: Final = frozenset({"read", "related", "more"})  # `Baca <link>` may be a sentence's beginning

_MAX_LABELLED: Final = 300  # characters: longer is a text that happens to begin with `Baca:`

_PROMOTION: Final = re.compile(
    r"click here to get the latest news updates from tempo.{0,40}"
    r"|(?:scroll|gulir) ke bawah untuk (?:melanjutkan|lanjut) membaca.{0,20}"
    r"|scroll (?:down )?to continue reading.{0,20}"
    r"|baca berita dengan sedikit iklan.{0,40}"
    r"|(?:iklan|advertisement|tampilkan ringkasan artikel|dengarkan artikel|listen to (?:this )?article|bagikan|share)"
    r"|(?:ikuti|dapatkan|selalu update|simak|cek|follow|get).{0,120}"
    r"(?:google news|telegram|whatsapp).{0,80}"
    r"|(?:berlangganan|langganan|subscribe).{0,120}tempo.{0,120}"
    r"|berlangganan untuk (?:melanjutkan|lanjut) membaca\.?|subscribe to continue reading\.?"
    r"|(?:kami mengemas berita dengan cerita|we craft news with stories)\.?"
    r"|(?:untuk keuntungan|for the benefits of) (?:berlangganan|subscribing).{0,120}",
    re.IGNORECASE,
)
_MAX_PROMOTION: Final = 300  # characters: longer is a text that happens to begin so
_CAPTION: Final = re.compile(r"(?:illustration|ilustrasi)\b", re.IGNORECASE)
_PHOTO_CREDIT: Final = re.compile(
    r"(?:(?:dok|doc|foto|photo|image)[.:]? ?)?"
    r"(?:tempo|antara|reuters|afp|ap|epa|xinhua|getty images|[a-z ]{2,20} foto)\s?/\s?\S.*"
    r"|(?:pixabay|unsplash|pexels|freepik|shutterstock|i?stock ?photo|canva|wikimedia|pxhere|getty images)"
    r"(?:\.com|\.org)?(?:[/ ,].{0,40})?",
    re.IGNORECASE,
)
"""Who is named so at a line's end took a picture: no sentence ends with it."""

_MAX_CAPTION: Final = 250  # characters
_DASH: Final = r"(?:\s,?[\u2013\u2014-]{1,3}\s?|,?[\u2013\u2014-]{1,3}\s|[\u2013\u2014]{1,3})"
_DATELINE: Final = re.compile(
    r"(?P<publisher>(?:INFO )?(?:KORAN )?TEMPO(?: ENGLISH| INTERAKTIF|(?i:\.co))?|Tempo\.co|TEMPO Interaktif"
    r"|INFO [A-Z][A-Z ]{2,30}?|[A-Z][A-Z0-9 ]{1,30}(?:\.[A-Z]{2,6}){1,3})"
    r"(?:"
    rf"\s?,\s?(?P<hyphened>[A-Z][\w']*(?:-[\w']+)+(?: [A-Z][\w']*)*){_DASH}"
    rf"|\s?,\s?(?P<spaced>[^\n\u2013\u2014-]{{2,60}}?){_DASH}"
    r"|\s?,\s?(?P<close>[^\n\u2013\u2014-]{2,60}?)-{1,3}"
    r"|\s?,\s?(?P<colon>[A-Z][\w' ]{1,40}):\s"
    r"|\s?[\u2013\u2014-]{1,3}\s?)"
)
"""A place may have a hyphen, and the dash behind it may lack its spaces: the surest reading goes first."""

_PAGING: Final = re.compile(r"[?&]page_num=\d|/full&view=ok")
_LETTERS: Final = re.compile(r"\W+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What a body's lines say."""

    text: str
    dateline: Dateline | None
    links: tuple[RelatedLink, ...]
    """In their order, not yet numbered; without an address where a label's link lost it."""
    authors: tuple[Author, ...]


@dataclass(slots=True)
class _Reading:
    """What has been read so far."""

    base: str
    is_article: Callable[[str], bool]
    captions: Container[str]
    kept: list[tuple[int, str]] = field(default_factory=list)
    """Block number and text."""
    links: list[RelatedLink] = field(default_factory=list)
    authors: list[Author] = field(default_factory=list)
    label: Relation | None = None
    """Of the label above: links that fill a line belong to it,"""
    label_block: int | None = None
    """in this block; in any, if the label stands alone."""

    def take(self, line: Line) -> None:
        labelled = None if line.boxed else _label_of(line)
        if line.boxed:
            self.point(Relation.READ_ALSO, line.anchors)
        elif labelled:
            self.take_labelled(_relation_of(labelled), line, line.text[labelled.end() :])
        elif _is_paging(line):
            return
        elif self.label and self.label_block in {None, line.block} and is_link(line):
            self.point(self.label, line.anchors)
        else:
            self.label = None
            self.take_text(line)

    def take_labelled(self, relation: Relation, line: Line, rest: str) -> None:
        self.label, self.label_block = relation, line.block if rest else None
        if line.anchors:
            self.point(relation, line.anchors)
        elif rest:
            self.links.append(RelatedLink(url=None, headline=rest, relation=relation, position=1))

    def take_text(self, line: Line) -> None:
        people = credited.contributors(line.text)
        self.authors.extend(people)
        if people or line.text in self.captions or _is_promotion(line.text) or _is_caption(line.text):
            return
        self.kept.append((line.block, line.text))
        self.point(Relation.INLINE, line.anchors)

    def point(self, relation: Relation, anchors: Sequence[Anchor]) -> None:
        for anchor in anchors:
            url = absolute(self.base, anchor.href)
            if relation is Relation.INLINE and (url is None or not self.is_article(url)):
                continue
            label = None if relation is Relation.INLINE else _LABEL.match(anchor.text)
            headline = anchor.text[label.end() if label and not label["open"] else 0 :] or None
            self.links.append(RelatedLink(url=url, headline=headline, relation=relation, position=1))


def read_body(
    lines: Sequence[Line], *, base: str, is_article: Callable[[str], bool], captions: Container[str] = ()
) -> Body:
    """The body of an article. `is_article` decides which links inside the text count; `captions` are not text."""
    reading = _Reading(base=base, is_article=is_article, captions=captions)
    for line in lines:
        reading.take(line)
    people = _closing_credits(reading.kept)
    dateline = _dateline(reading.kept)
    return Body(
        text=_paragraphs(reading.kept),
        dateline=dateline,
        links=tuple(reading.links),
        authors=(*people, *reading.authors),
    )


def split_dateline(text: str) -> tuple[Dateline | None, str]:
    """`TEMPO.CO, Jakarta - Text` -> its dateline, and the text."""
    found = _DATELINE.match(text)
    if found is None:
        return None, text
    place = found["hyphened"] or found["spaced"] or found["close"] or found["colon"]
    return Dateline(publisher=found["publisher"], place=place), text[found.end() :]


def _dateline(kept: list[tuple[int, str]]) -> Dateline | None:
    if not kept:
        return None
    block, text = kept[0]
    dateline, rest = split_dateline(text)
    kept[:1] = [(block, rest)] if rest else []
    return dateline


def _closing_credits(kept: list[tuple[int, str]]) -> tuple[Author, ...]:
    """The people in the capitals at the end, which go; agencies and initials go with them."""
    lines: list[Sequence[Author]] = []
    while len(kept) > 1 and (found := credited.capitals(kept[-1][1])) is not None:
        lines.append(found)
        kept.pop()
    return tuple(chain.from_iterable(reversed(lines)))


def _paragraphs(kept: Sequence[tuple[int, str]]) -> str:
    """Lines of one block stand below each other, blocks with an empty line between."""
    text = ""
    previous: int | None = None
    for block, line in kept:
        text += line if previous is None else ("\n" if block == previous else "\n\n") + line
        previous = block
    return text


def _label_of(line: Line) -> re.Match[str] | None:
    """The label that a line begins with, if the rest of it, or the lines below, are what it points to."""
    found = _LABEL.match(line.text) if len(line.text) <= _MAX_LABELLED else None
    if found is None or not found["open"]:
        return found
    said = "".join(anchor.text for anchor in line.anchors)
    is_rest = _same_letters(said, line.text[found.end() :]) or _same_letters(said, line.text)
    return found if is_rest and not _NEVER_OPEN & {name for name, part in found.groupdict().items() if part} else None


def is_label(line: Line) -> bool:
    """Whether a line outside of prose is a label, with its link behind it or below it, and no button of the page."""
    found = _label_of(line)
    if found is None or not (found["choice"] or found["also"]):
        return False
    return bool(line.text[found.end() :]) or not line.anchors


def _relation_of(label: re.Match[str]) -> Relation:
    return next(relation for name, relation in _RELATIONS.items() if label[name])


def _is_promotion(text: str) -> bool:
    return len(text) <= _MAX_PROMOTION and bool(_PROMOTION.fullmatch(text))


def _is_caption(text: str) -> bool:
    """A picture's caption that became a paragraph: `Illustration of … (Pixabay)`, `… TEMPO/Somebody`."""
    if len(text) > _MAX_CAPTION:
        return False
    credit = credited.caption_and_credit(text)[1]
    return bool(credit) and bool(_CAPTION.match(text) or _PHOTO_CREDIT.fullmatch(credit or ""))


def is_link(line: Line) -> bool:
    """Whether links are all that the line says."""
    said = "".join(anchor.text for anchor in line.anchors)
    return bool(said) and _same_letters(said, line.text)


def _is_paging(line: Line) -> bool:
    """The numbers of an article's pages, `Selanjutnya`, `Tampilkan Semua`."""
    return bool(line.anchors) and all(_PAGING.search(anchor.href) for anchor in line.anchors) and is_link(line)


def _same_letters(one: str, other: str) -> bool:
    return _LETTERS.sub("", one) == _LETTERS.sub("", other) != ""
