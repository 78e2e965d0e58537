"""Related cards: small boxes with a headline, perhaps an excerpt, and an age."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from selectolax.lexbor import LexborNode

from crawler.sites.links import window_of
from crawler.sites.tempo.view import View
from stories.article import RelatedLink, Relation, Window
from stories.text import text_of

PAID: Final = frozenset({"pr", "inforial", "info tempo", "advertorial"})
"""What stands for an age on a card that somebody paid for."""

_SECTION: Final = ".kanal"
"""Before the date on a magazine's card."""

_PAID_HOST: Final = re.compile(r"https?://inforial\.", re.IGNORECASE)

_HEADINGS: Final = (
    (re.compile(r"terkait|related", re.IGNORECASE), Relation.RELATED),  # `Foto Terkait` among them
    (  # one n too many is Tempo's own
        re.compile(r"more articles|(?:berita|artikel) lainn{1,2}ya|rekomendasi|recommend", re.IGNORECASE),
        Relation.MORE_ARTICLES,
    ),
    (
        re.compile(r"popul[ae]r|terkini|latest|terbaru|fokus|video|photo|foto|majalah|edi(?:tion|si)", re.IGNORECASE),
        None,
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


def read_cards(cards: Cards, view: View) -> Iterator[RelatedLink]:
    """The cards with a link, in the page's order; paid ones are marked."""
    relation: Relation | None = cards.relation
    headings = {node.mem_id for node in view.tree.css(cards.heading)} if cards.heading else set()
    for node in view.tree.css(f"{cards.heading}, {cards.card}" if cards.heading else cards.card):
        if node.mem_id in headings:
            relation = _relation(text_of(node), cards.relation)
        elif relation and not view.is_inlined(node) and (link := _card(cards, node, relation, view)):
            yield link


def _card(cards: Cards, node: LexborNode, relation: Relation, view: View) -> RelatedLink | None:
    link = node.css_first(cards.link)
    if link is None:
        return None
    url = view.absolute(link.attributes.get("href"))
    headline = _text(node, cards.headline)
    label, window = _age(node, cards.age, view.seen)
    if not headline:
        return None
    return RelatedLink(
        url=url,
        headline=headline,
        description=_text(node, cards.excerpt),
        relation=relation,
        position=1,
        date_published_raw=label,
        date_published=window,
        is_promotional=(label or "").casefold() in PAID or bool(url and _PAID_HOST.match(url)),
    )


def _text(node: LexborNode, selector: str) -> str | None:
    found = node.css_first(selector) if selector else None
    return (text_of(found) or None) if found is not None else None


def _age(node: LexborNode, selector: str, seen: Window) -> tuple[str | None, Window | None]:
    """The label that is an age or a date; else the first, such as `PR`."""
    sections = {part.mem_id for part in node.css(_SECTION)}
    labels = [text for label in node.css(selector) if (text := text_of(label, skip=sections))] if selector else []
    windows = ((label, window) for label in labels if (window := window_of(label, seen)))
    return next(windows, (labels[0] if labels else None, None))


def _relation(heading: str, default: Relation) -> Relation | None:
    return next((relation for pattern, relation in _HEADINGS if pattern.search(heading)), default)
