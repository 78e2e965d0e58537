"""Photo pages of foto.tempo.co in the design of 2021: cards in a strip, the captions in a second strip of cards.

Known from a crawler that still met it in 2023 (`article.text-card.padding-no > figcaption.caption`).
"""

from __future__ import annotations

from typing import Any, Final

from replica.archive.sheet import OldSheet
from replica.archive.truth import modified
from replica.pages.markup import text
from replica.pages.old import channel_date
from replica.pages.video import framed
from replica.sheet import Picture

_STRIP: Final = """<div class="foto-detail margin-bottom-sm"><div class="slider-foto">
%s</div><div class="slider-caption-foto">
%s</div></div>"""
_PHOTO: Final = """<div class="card-box"><figure class="img-card"><img src="%s" alt=""></figure></div>
"""
_CAPTION: Final = """<div class="card-box"><article class="text-card padding-no">
<figcaption class="caption">%s %s</figcaption></article></div>
"""


def article(sheet: OldSheet) -> bytes:
    photos = "".join(_PHOTO % picture.url for picture in sheet.pictures)
    return framed(sheet, "Foto", _STRIP % (photos, "".join(map(_caption, sheet.pictures))), [])


def said(sheet: OldSheet) -> dict[str, Any]:
    """What stands below the pictures is the text."""
    captions = dict.fromkeys(picture.caption for picture in sheet.pictures)
    return modified(sheet) | {
        "datePublishedRaw": channel_date(sheet),
        "dateSource": "visible",
        "articleSection": "Foto",
        "breadcrumbs": [{"name": "Foto", "url": "https://foto.tempo.co"}],
        "articleBody": "\n\n".join(captions),
    }


def _caption(picture: Picture) -> str:
    return _CAPTION % (text(picture.caption), text(picture.credit))
