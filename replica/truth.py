"""The truth of a page: the article JSON that a perfect reader makes of it, without `dateDownloaded`.

The format is docs/schema/article.json. `relatedLinks` stand in the order of the page: lines in the body, the editors'
choice, the cards. Ages count from the world's `now`. Promoted cards are marked; cards that robots.txt forbids are
not, since a reader of the page cannot know.
"""

from __future__ import annotations

from typing import Any

from replica.desk import is_publisher
from replica.editions import EN
from replica.republished import PAGE_VERSION, SITE, Copy
from replica.sheet import Card, CardKind, Credit, Sheet
from replica.story import Story
from replica.times import english_time, json_time, linked_data_time

Json = dict[str, Any]


def article_truth(sheet: Sheet) -> Json:
    story, edition = sheet.story, sheet.story.edition
    english = edition is EN
    return _complete(
        {
            "key": story.key,
            "site": edition.site,
            "pageVersion": edition.page_version,
            "url": story.url,
            "canonicalUrl": story.url,
            "headline": story.headline,
            "description": story.excerpt,
            "datePublishedRaw": _published_raw(story),
            "dateSource": "visible" if english else "jsonLd",
            "dateModified": json_time(sheet.modified) if sheet.modified and not english else None,
            "dateModifiedRaw": linked_data_time(sheet.modified) if sheet.modified and not english else None,
            "authors": [_author(credit) for credit in sheet.credits if not is_publisher(credit)],
            "articleSection": story.section.name,
            "keywords": list(sheet.keywords),
            "bodyComplete": sheet.is_free,
            "isAccessibleForFree": None if english else sheet.is_free,
            "images": _images(sheet),
            "breadcrumbs": [{"name": story.section.name, "url": edition.section_url(story.section)}],
            "relatedLinks": _lines(sheet) + _cards(sheet.cards),
            "isBasedOn": None,
            "viewCount": None,
        },
        sheet,
    )


def copy_truth(copy: Copy) -> Json:
    return _complete(
        {
            "key": copy.key,
            "site": SITE,
            "pageVersion": PAGE_VERSION,
            "url": copy.url,
            "canonicalUrl": copy.url,
            "headline": copy.original.headline,
            "description": None,
            "datePublishedRaw": _published_raw(copy.original),
            "dateSource": "visible",
            "dateModified": None,
            "dateModifiedRaw": None,
            "authors": [],
            "articleSection": None,
            "keywords": [],
            "bodyComplete": True,
            "isAccessibleForFree": None,
            "images": [],
            "breadcrumbs": [],
            "relatedLinks": _lines(copy.sheet) + _cards(copy.cards),
            "isBasedOn": copy.original.url,
            "viewCount": copy.views,
        },
        copy.sheet,
    )


def _complete(own: Json, sheet: Sheet) -> Json:
    """What a copy has in common with its original, added."""
    contributor = [_author(Credit(sheet.contributor, "contributor"))] if sheet.contributor else []
    return own | {
        "datePublished": json_time(sheet.story.published),
        "dateline": {"publisher": "TEMPO.CO", "place": sheet.story.place} if sheet.dateline else None,
        "authors": own["authors"] + contributor,
        "inLanguage": sheet.story.edition.language,
        "articleBody": "\n\n".join(sheet.paragraphs),
    }


def _published_raw(story: Story) -> str:
    return (
        english_time(story.published, story.edition.lexicon)
        if story.edition is EN
        else linked_data_time(story.published)
    )


def _author(credit: Credit) -> Json:
    return {"name": credit.name, "role": credit.role, "url": credit.url}


def _images(sheet: Sheet) -> list[Json]:
    picture = sheet.picture
    return [{"url": picture.url, "caption": picture.caption, "credit": picture.credit}] if picture else []


def _lines(sheet: Sheet) -> list[Json]:
    named = [("readAlso", sheet.read_also[1] if sheet.read_also else None), ("editorsChoice", sheet.editors_choice)]
    return [link_truth(story.url, story.headline, relation, 1) for relation, story in named if story]


def link_truth(url: str, headline: str, relation: str, position: int) -> Json:
    """A link of which the page says no more than where it leads and what is there."""
    return {
        "url": url,
        "headline": headline,
        "description": None,
        "relation": relation,
        "position": position,
        "datePublishedRaw": None,
        "datePublishedEarliest": None,
        "datePublishedLatest": None,
        "isPromotional": False,
    }


def _cards(cards: tuple[Card, ...]) -> list[Json]:
    return [card_truth(card, "related", position) for position, card in enumerate(cards, start=1)]


def card_truth(card: Card, relation: str, position: int) -> Json:
    """A card's link, with its age as printed and the window that this names."""
    window = card.window
    return link_truth(card.url, card.headline, relation, position) | {
        "description": card.excerpt,
        "datePublishedRaw": card.age,
        "datePublishedEarliest": json_time(window.earliest) if window else None,
        "datePublishedLatest": json_time(window.latest) if window else None,
        "isPromotional": card.kind is CardKind.PROMO,
    }


def extra_truth(sheet: Sheet, cards: tuple[Card, ...]) -> Json:
    """What a page makes true beyond the article: for enrichers, link graphs and robots."""
    lines = [line for line in (sheet.read_also[1] if sheet.read_also else None, sheet.editors_choice) if line]
    return {
        "agencies": list(sheet.agencies),
        "relatedKeys": [card.target.key for card in cards if card.target],
        "lineKeys": [line.key for line in lines],
        "promoted": [card.url for card in cards if card.kind is CardKind.PROMO],
        "forbidden": [card.url for card in cards if card.kind is CardKind.FORBIDDEN],
        "inlined": sheet.inlined.url if sheet.inlined else None,
        "listed": sheet.story.in_index,
    }
