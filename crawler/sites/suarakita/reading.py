"""A republished article, read by its lines and not by its tags.

The same text in <p>, in <div>, split by <br> or with no tag at all is the same article.

The lines, in their order: headline; age and views of the copy; the publisher's date; the text; then cards; last
`Read Entire Article`. What stands before and after is the house's furniture.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from crawler.sites.html import no_article, parse
from crawler.sites.lines import Line, lines_of, lines_of_plain
from crawler.sites.links import absolute, numbered, window_of
from crawler.sites.site import Page
from crawler.sites.suarakita.addresses import SITE, identify
from crawler.sites.suarakita.cards import Card, alike, cards_of, first_card
from crawler.sites.suarakita.top import read_top
from crawler.sites.tempo.addresses import identify_any
from crawler.sites.tempo.body import Body, read_body  # it copies Tempo, with Tempo's lines that are no text
from stories.article import Article, RelatedLink, Relation, Source, Window
from stories.text import text_of

VERSION: Final = "suarakita-lines"

_TAG: Final = re.compile(r"<!doctype|</?[a-z][a-z0-9]{0,12}(?:\s[^<>]{0,500})?/?>", re.IGNORECASE)
_LAST_LINE: Final = re.compile(r"read (?:the )?entire article", re.IGNORECASE)
_WORD: Final = re.compile(r"[a-z]+")
_READ: Final = ("headline", "datePublished", "articleBody", "inLanguage")
"""The fields that every article here has, by what its reader sees."""

_ENGLISH: Final = frozenset({"the", "of", "and", "to", "in", "that", "is", "was", "for", "with", "by", "on"})
_INDONESIAN: Final = frozenset({"yang", "dan", "di", "dari", "untuk", "dengan", "ini", "itu", "pada", "ke", "akan"})


def read_article(page: Page) -> Article:
    """Raises PageError for a page without a headline, the publisher's date and a text."""
    lines, title, source = _lines(page)
    address = identify(page.url)
    top = read_top(lines, title, page.downloaded_at)
    if address is None or not address.kind.is_article or top is None:
        raise no_article(source, "no headline above a publisher's date line")
    below = lines[top.lines :]
    end = next((place for place, line in enumerate(below) if _LAST_LINE.fullmatch(line.text)), len(below))
    start = first_card(below[:end], top.copied)
    body = _body(below[:start], page.url)
    if not body.text:
        raise no_article(source, "no text below the publisher's date line")
    cards = list(cards_of(below[start:end], top.copied))
    provenance = dict.fromkeys(_READ, Source.VISIBLE) | {"canonicalUrl": Source.URL}
    provenance |= {
        name: Source.VISIBLE for name, value in (("dateline", body.dateline), ("authors", body.authors)) if value
    }
    links = (*_named(body.links, cards, page.url), *_related(cards, top.copied, page.url))
    return Article(
        key=address.key,
        site=SITE,
        page_version=VERSION,
        url=page.url,
        canonical_url=address.url,
        headline=top.headline,
        date_published=top.published.instant,
        date_published_raw=top.published_raw,
        date_source=Source.VISIBLE,
        dateline=body.dateline,
        authors=body.authors,
        in_language=_language(body.text),
        article_body=body.text,
        body_complete=True,
        related_links=numbered(links),
        is_based_on=_original(below[end : end + 1], page.url),
        view_count=top.views,
        provenance=provenance,
        date_downloaded=page.downloaded_at,
    )


def _lines(page: Page) -> tuple[list[Line], str, str]:
    """The page's lines, its title, and its source."""
    tree, source = parse(page)
    if not _TAG.search(source):
        return lines_of_plain(source), "", source
    title = tree.css_first("title")
    return lines_of(tree.css("body"), pictures=True), text_of(title) if title else "", source


def _body(lines: Sequence[Line], base: str) -> Body:
    """Each line is a paragraph, however it was broken."""
    prose = [line._replace(block=place) for place, line in enumerate(lines) if not line.picture]
    return read_body(prose, base=base, is_article=_is_article)


def _is_article(url: str) -> bool:
    address = identify_any(url)
    return address is not None and address.kind.is_article


def _named(links: Iterable[RelatedLink], cards: Iterable[Card], base: str) -> Iterator[RelatedLink]:
    """The links of lines in the text; one that lost its address has that of the first card with its headline."""
    hrefs: dict[str, str | None] = {}
    for card in cards:
        hrefs.setdefault(alike(card.headline), card.href)
    for link in links:
        yield link if link.url else replace(link, url=absolute(base, hrefs.get(alike(link.headline or ""))))


def _related(cards: Iterable[Card], copied: Window, base: str) -> Iterator[RelatedLink]:
    """Ages on the cards are frozen: they count from the copy."""
    for card in cards:
        yield RelatedLink(
            url=absolute(base, card.href),
            headline=card.headline,
            description=card.excerpt,
            relation=Relation.RELATED,
            position=1,
            date_published_raw=card.age,
            date_published=window_of(card.age, copied),
            is_promotional=card.is_paid,
        )


def _original(lines: Iterable[Line], base: str) -> str | None:
    return next((absolute(base, anchor.href) for line in lines for anchor in line.anchors), None)


def _language(text: str) -> str:
    """By which language's small words are more: the copy does not say, and the house's frame is no witness."""
    words = _WORD.findall(text.casefold())
    english = sum(word in _ENGLISH for word in words)
    return "en" if english >= sum(word in _INDONESIAN for word in words) else "id"
