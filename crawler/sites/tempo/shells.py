"""Pages that came without what they are for: a script would fill them, so a browser has to."""

from __future__ import annotations

import re
from typing import Final

from selectolax.lexbor import LexborHTMLParser

from stories.text import text_of

_ROOTS: Final = "#__nuxt, #__next, #__layout, #app, #root"
"""Where the usual frameworks put what they render."""
_STATE: Final = re.compile(r"__NUXT__|__NUXT_DATA__|__NEXT_DATA__")
_FRAME: Final = frozenset({"header", "nav", "footer", "aside"})
_NOTHING: Final = re.compile(
    r"(?:tidak|belum) (?:ada|ditemukan|tersedia)|no (?:news|articles?|stories|results?|data)\b"
    r"|not(?:hing)? (?:was )?found|nothing to show",
    re.IGNORECASE,
)
"""How a page says that there was no news: then it is whole."""


def is_shell(tree: LexborHTMLParser, text: str) -> bool:
    """True for a page without links whose markup shows that an app should have filled it.

    A page of the older server is never one: without links it is a day without news. Nor is the app's own page that
    says so. `window.__NUXT__={}` alone proves nothing: Nuxt 3 writes it into whole pages too.
    """
    root = tree.css_first(_ROOTS)
    if root is None and not _STATE.search(text):
        return False
    place = root if root is not None else tree.body
    return place is None or not _NOTHING.search(text_of(place, skip=frame_of(tree)))


def frame_of(tree: LexborHTMLParser) -> frozenset[int]:
    """The `mem_id`s of what stands around the content: menus, what others read, the imprint."""
    return frozenset(node.mem_id for tag in _FRAME for node in tree.css(tag))
