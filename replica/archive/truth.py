"""The truth of a page of the archive: the article JSON that a perfect reader makes of it (see replica/truth.py).

`relatedLinks` stand in the page's order: lines, boxes and links of the body, then the related cards, then those of
further articles; positions count within a relation.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from replica.archive.desk import HOUSE
from replica.archive.sheet import Contributed, Line, OldSheet, Paragraph, Pointer, Signed, part_of
from replica.sheet import CardKind
from replica.story import Story
from replica.times import json_time, linked_data_time
from replica.truth import card_truth, link_truth

Json = dict[str, Any]


def old_truth(sheet: OldSheet, said: Json) -> Json:
    """`said` is what only the layout knows: at least `datePublishedRaw` and `dateSource`."""
    story, generation, dateline = sheet.story, sheet.generation, sheet.dateline
    return {
        "key": story.key,
        "site": generation.site,
        "pageVersion": generation.page_version,
        "url": story.url,
        "canonicalUrl": story.url,
        "headline": story.headline,
        "description": sheet.description,
        "datePublished": json_time(story.published),
        "dateModified": None,
        "dateModifiedRaw": None,
        "dateline": {"publisher": dateline.publisher, "place": dateline.place} if dateline else None,
        "authors": list(_authors(sheet)),
        "articleSection": story.section.name,
        "keywords": list(sheet.keywords),
        "inLanguage": generation.language,
        "articleBody": "\n\n".join(line.text for line in sheet.lines if isinstance(line, Paragraph)),
        "bodyComplete": sheet.is_free,
        "isAccessibleForFree": None,
        "images": [{"url": image.url, "caption": image.caption, "credit": image.credit} for image in sheet.pictures],
        "breadcrumbs": [{"name": story.section.name, "url": generation.section_url(story.section)}],
        "relatedLinks": list(_related(sheet)),
        "isBasedOn": None,
        "viewCount": None,
    } | said


def modified(sheet: OldSheet) -> Json:
    """What a JSON-LD that agrees with the page adds; a leftover says nothing of this article.

    Of an article that nobody corrected, the templates say that it was modified when it was published.
    """
    when = None if sheet.leftover else sheet.modified or sheet.story.published
    raw = linked_data_time(when) if when else None
    return {"dateModified": json_time(when) if when else None, "dateModifiedRaw": raw}


def _authors(sheet: OldSheet) -> Iterator[Json]:
    """The byline's, then those who signed, then who contributed; nobody twice as a writer, never the publisher."""
    named = [(credit.name, credit.role, credit.url) for credit in sheet.credits if credit.name != HOUSE]
    signed = [name for line in sheet.lines if isinstance(line, Signed) for name in line.people]
    known = {name for name, role, _ in named if role != "editor"}
    named += [(name, "reporter", None) for name in signed if name not in known]
    helped = [name for line in sheet.lines if isinstance(line, Contributed) for name in line.names]
    named += [(name, "contributor", None) for name in helped]
    yield from ({"name": name, "role": role, "url": url} for name, role, url in named)


def _related(sheet: OldSheet) -> Iterator[Json]:
    """Each address once in its relation; page after page of an article that is spread over several."""
    counts, seen = Counter[str](), set[tuple[str, str]]()
    for part in range(1, sheet.parts + 1):
        for relation, url, headline in _pointed(part_of(sheet, part)):
            if (relation, url) not in seen:
                seen.add((relation, url))
                counts[relation] += 1
                yield link_truth(url, headline, relation, counts[relation])
        yield from _cards(sheet) if part == 1 else ()


def _cards(sheet: OldSheet) -> Iterator[Json]:
    for relation, cards in (("related", sheet.cards), ("moreArticles", sheet.more)):
        yield from (card_truth(card, relation, position) for position, card in enumerate(cards, start=1))


def _pointed(lines: Iterable[Line]) -> Iterator[tuple[str, str, str]]:
    """Relation, address and words of each link in the body."""
    for line in lines:
        if isinstance(line, Pointer):
            yield line.relation, line.url, line.target.headline
        elif isinstance(line, Paragraph) and line.anchor and line.anchor.target:
            yield "inline", line.anchor.url, line.anchor.words


def old_extra_truth(sheet: OldSheet) -> Json:
    """As `extra_truth` of a present page; beside it the pages that the article is spread over."""
    cards = (*sheet.cards, *sheet.more)
    pointed = [line.target for line in sheet.lines if isinstance(line, Pointer)]
    return {
        "agencies": [],
        "relatedKeys": [card.target.key for card in cards if card.target],
        "lineKeys": [story.key for story in pointed],
        "promoted": [card.url for card in cards if card.kind is CardKind.PROMO],
        "forbidden": [],
        "inlined": sheet.inlined.url if sheet.inlined else None,
        "listed": sheet.story.in_index,
        "parts": part_urls(sheet.story, sheet.parts),
    }


def part_urls(story: Story, parts: int) -> list[str]:
    """The pages of one article, the first at its own address."""
    return [story.url, *(f"{story.url}?page_num={number}" for number in range(2, parts + 1))]
