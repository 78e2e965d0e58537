"""What several layouts of the archive print alike: linked paragraphs, JSON-LD and its leftovers, older spellings."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any, Final

from replica.archive.sheet import Dateline, OldSheet, Paragraph
from replica.pages.markup import link, text
from replica.times import clock, linked_data_time, weekday_date

_LEFTOVER_DAYS: Final = timedelta(days=115)
"""How much younger the JSON-LD was on the stored page of 2017 that had another article's."""
_QUAINT_ONCE_IN: Final = 2
EXAMPLE: Final = "https://webtorial.tempo.co/template/desktop/detail-article.html"
"""What the template's canonical link and JSON-LD once named on every page."""


def linked(paragraph: Paragraph) -> str:
    """Its text, with the link in it."""
    anchor = paragraph.anchor
    if anchor is None:
        return text(paragraph.text)
    end = anchor.start + len(anchor.words)
    return text(paragraph.text[: anchor.start]) + link(anchor.url, anchor.words) + text(paragraph.text[end:])


def dateline(line: Dateline, form: str = "<strong>%s</strong>", dash: str = " - ") -> str:
    """`TEMPO.CO, Jakarta - `, each part in the form."""
    parts = [line.publisher] if line.place is None else [line.publisher, line.place]
    return ", ".join(form % text(part) for part in parts) + dash


def channel_date(sheet: OldSheet, gap: str = " | ") -> str:
    """`Jum'at, 06 Nopember 2015 | 11:13 WIB`, in the zone and the spelling of the page's desk."""
    story = sheet.story
    quaint = sheet.style >> 5 if sheet.style % _QUAINT_ONCE_IN == 0 else 0
    day = weekday_date(story.published, story.edition.lexicon, zone=sheet.zone, quaint=quaint)
    return f"{day}{gap}{clock(story.published, zone=sheet.zone)}"


def news_article(sheet: OldSheet, **more: Any) -> dict[str, Any]:
    """The page's JSON-LD; a leftover names a designer's example, and dates some months younger."""
    story = sheet.story
    shift = _LEFTOVER_DAYS if sheet.leftover else timedelta()
    modified = sheet.modified or story.published
    return {
        "@context": "http://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": {"@type": "WebPage", "@id": EXAMPLE if sheet.leftover else story.url},
        "headline": story.headline,
        "description": sheet.description,
        "datePublished": linked_data_time(story.published + shift),
        "dateModified": linked_data_time(modified + shift),
        "publisher": {"@type": "Organization", "name": "TEMPO.CO"},
        **more,
    }


def breadcrumb_list(*crumbs: tuple[str, str]) -> dict[str, Any]:
    """(name, address) of each, in the older spelling of the vocabulary: name and address inside the item."""
    items = [
        {"@type": "ListItem", "position": place, "item": {"@id": url, "name": name}}
        for place, (name, url) in enumerate(crumbs, start=1)
    ]
    return {"@context": "http://schema.org", "@type": "BreadcrumbList", "itemListElement": items}


def script(value: dict[str, Any]) -> str:
    """A JSON-LD element, indented as the templates do."""
    shown = json.dumps(value, ensure_ascii=False, indent=2).replace("</", "<\\/")
    return f'<script type="application/ld+json">\n{shown}\n</script>'
