"""Graphics (grafis.tempo.co): a drawing with a headline, with or without a text.

No page of theirs is known, only addresses, and where the drawings lie (`…/flashgrafis/…`, in Tempo's own template of an
article that shows one). So this is the frame of 2021, on a page that calls itself a graphic; of what stands in it only
the structure is believed: headline, pictures with captions, paragraphs if any, and what the page says for machines.
Other frames are read generically.
"""

from __future__ import annotations

from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.sites.tempo.essay import Essay
from crawler.sites.tempo.read_2021 import Read2021, lead_of
from stories.text import text_of

_NAMES: Final = frozenset({"grafis", "infografis", "infografik", "graphic", "graphics", "infographic", "infographics"})


class Graphic(Essay, Read2021):
    VERSION = "graphic"
    STRIP = ".foto-detail"
    FIGURES = ".foto-detail figure, .foto-detail > img, .detail-in figure, .detail-in > p img"
    DRAWING = '[src*="/flashgrafis/"], [data-src*="/flashgrafis/"]'

    def has_signs(self, root: LexborNode, tree: LexborHTMLParser) -> bool:
        if any(text_of(crumb).casefold() in _NAMES for crumb in tree.css(self.CRUMBS)):
            return True
        lead = lead_of(root)
        return lead is not None and lead.css_first(self.DRAWING) is not None
