"""Pages of grafis.tempo.co since 2021: a drawing in the frame of read-2021, with a short text or none."""

from __future__ import annotations

from typing import Any, Final

from replica.archive.sheet import OldSheet, Paragraph
from replica.archive.truth import modified
from replica.pages.markup import text
from replica.pages.old import channel_date
from replica.pages.video import framed, paragraphs

_DRAWING: Final = """<div class="foto-detail margin-bottom-sm">
<figure class="margin-bottom-xs"><img src="%(url)s" alt=""></figure>
<figcaption>%(caption)s %(credit)s</figcaption></div>"""
_PARAGRAPHS: Final = 2
_NO_TEXT_ONCE_IN: Final = 2


def article(sheet: OldSheet) -> bytes:
    drawing = sheet.pictures[0]
    shown = {"url": drawing.url, "caption": text(drawing.caption), "credit": text(drawing.credit)}
    return framed(sheet, "Grafis", _DRAWING % shown, paragraphs(sheet, _shown(sheet)))


def said(sheet: OldSheet) -> dict[str, Any]:
    """Without a text, the caption is it."""
    drawn = [line.text for line in _shown(sheet)] or [sheet.pictures[0].caption]
    own = {} if _shown(sheet) else {"dateline": None}
    return (
        modified(sheet)
        | own
        | {
            "datePublishedRaw": channel_date(sheet),
            "dateSource": "visible",
            "articleSection": "Grafis",
            "breadcrumbs": [{"name": "Grafis", "url": "https://grafis.tempo.co"}],
            "articleBody": "\n\n".join(drawn),
        }
    )


def _shown(sheet: OldSheet) -> list[Paragraph]:
    lines = [line for line in sheet.lines if isinstance(line, Paragraph)]
    return [] if sheet.style % _NO_TEXT_ONCE_IN == 0 else lines[:_PARAGRAPHS]
