"""Related cards: small boxes with a headline, perhaps an excerpt, and an age."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from selectolax.lexbor import LexborNode

from crawler.sites.links import window_of
from crawler.sites.tempo.view import View, is_within
from stories.article import RelatedLink, Relation, Window
from stories.text import text_of

PAID: Final = frozenset({"pr", "inforial", "info tempo", "advertorial", "sponsored"})
"""What stands for an age on a card that somebody paid for."""

_PAID_LABEL: Final = re.compile(rf"(?:{'|'.join(PAID)})\s?(?:[|\u00b7\u2022,-]\s?(?P<age>.+))?", re.IGNORECASE)
_PAID_PLACE: Final = re.compile(r"https?://(?:inforial\.|[^/]+/(?:inforial|info-tempo|advertorial)/)", re.IGNORECASE)

_SECTION: Final = ".kanal"
"""Before the date on a magazine's card."""

_HEADINGS: Final = (
    (re.compile(r"terkait|related", re.IGNORECASE), Relation.RELATED),  # `Foto Terkait` among them
    (
        re.compile(r"pilihan (?:editor|redaksi)|editor['\u2019]?s (?:choice|pick)", re.IGNORECASE),
        Relation.EDITORS_CHOICE,
    ),
    (re.compile(r"(?:baca|simak|lihat) juga|read also", re.IGNORECASE), Relation.READ_ALSO),
    (re.compile(r"\b(?:topik|topic)\b", re.IGNORECASE), Relation.TOPIC),
    (  # one n too many is Tempo's own
        re.compile(r"more articles|(?:berita|artikel) lainn{1,2}ya|rekomendasi|recommend", re.IGNORECASE),
        Relation.MORE_ARTICLES,
    ),
    (
        re.compile(r"popul[ae]r|terkini|latest|terbaru|fokus|video|photo|foto|majalah|edi(?:tion|si)", re.IGNORECASE),
        None,
    ),
    (
        re.compile(
            r"\b(?:kanal|rubrik|section)\b|\b(?:news|stories|articles|berita|artikel) (?:in|from|di|dari)\b",
            re.IGNORECASE,
        ),
        Relation.SECTION,
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cards:
    """Where a page version has its cards; all but `card` and `heading` are searched inside a card."""

    card: str
    link: str
    headline: str
    excerpt: str = ""
    age: str = ""
    heading: str = ""
    """Titles of the boxes that hold cards: they tell the relation of those below."""
    relation: Relation = Relation.RELATED


def read_cards(cards: Cards, view: View, start: str = "") -> Iterator[RelatedLink]:
    """The cards with a link that stand behind the article's `start`, in the page's order; paid ones are marked."""
    relation: Relation | None = cards.relation
    begins = view.root.css_first(start) if start else None
    headings = {node.mem_id for node in view.tree.css(cards.heading)} if cards.heading else frozenset[int]()
    nodes = view.tree.css(", ".join(filter(None, (cards.card, cards.heading, start if begins is not None else ""))))
    if begins is not None:
        nodes = nodes[next(place for place, node in enumerate(nodes) if node.mem_id == begins.mem_id) + 1 :]
    boxes = {node.mem_id for node in nodes} - headings
    for node in nodes:
        if node.mem_id not in headings:
            if relation and not view.is_inlined(node) and (link := _card(cards, node, relation, view)):
                yield link
        elif not is_within(node, boxes):  # a card's own headline may look like a box's
            relation = _relation(text_of(node), cards.relation)


def _card(cards: Cards, node: LexborNode, relation: Relation, view: View) -> RelatedLink | None:
    link = node.css_first(cards.link) or (node if node.tag == "a" else node.css_first("a"))
    headline = _headline(cards, node, link) if link is not None else None
    if link is None or not headline:
        return None
    url = view.absolute(link.attributes.get("href"))
    label, window, is_paid = _age(node, cards.age, view.seen)
    excerpt = _excerpt(node, cards.excerpt, known=(label, headline))
    if excerpt and label is None and (window := window_of(excerpt, view.seen)):
        label, excerpt = excerpt, _excerpt(node, cards.excerpt, known=(excerpt, headline))
    return RelatedLink(
        url=url,
        headline=headline,
        description=excerpt,
        relation=relation,
        position=1,
        date_published_raw=label,
        date_published=window,
        is_promotional=is_paid or bool(url and _PAID_PLACE.match(url)),
    )


def _headline(cards: Cards, node: LexborNode, link: LexborNode) -> str | None:
    """The link's text, if that is all that it holds: to look for the place of the headline costs more."""
    if _is_plain(link):
        return text_of(link) or _text(node, cards.headline)
    return _text(node, cards.headline) or text_of(link) or None


def _is_plain(node: LexborNode) -> bool:
    """Whether an element holds a text and nothing else."""
    only = node.child
    return only is not None and only.tag == "-text" and only.next is None


def _text(node: LexborNode, selector: str) -> str | None:
    found = node.css_first(selector) if selector else None
    return (text_of(found) or None) if found is not None else None


def _excerpt(node: LexborNode, selector: str, known: tuple[str | None, str]) -> str | None:
    """The first text that is neither the card's headline nor its age."""
    said = map(text_of, node.css(selector)) if selector else iter(())
    return next((text for text in said if text and text not in known), None)


def _age(node: LexborNode, selector: str, seen: Window) -> tuple[str | None, Window | None, bool]:
    """The label that is an age or a date; else the first, such as `PR`; and whether one says that it was paid for."""
    first: str | None = None
    is_paid = False
    for label in node.css(selector) if selector else ():
        parts = [] if _is_plain(label) else label.css(_SECTION)
        said = text_of(label, skip={part.mem_id for part in parts})
        paid = _PAID_LABEL.fullmatch(said)
        is_paid = is_paid or bool(paid) or any(text_of(part).casefold() in PAID for part in parts)
        if window := window_of((paid["age"] if paid else None) or said, seen):
            return said, window, is_paid
        first = first or said or None
    return first, None, is_paid


def _relation(heading: str, default: Relation) -> Relation | None:
    return next((relation for pattern, relation in _HEADINGS if pattern.search(heading)), default)
