"""A page's bytes as a tree, and the pages that are none."""

from __future__ import annotations

import re
from typing import Final

from selectolax.lexbor import LexborHTMLParser

from crawler.sites.encoding import decode
from crawler.sites.site import Page
from stories.errors import PageError
from stories.fate import Fate

MAX_TAGS: Final = 20_000
"""The largest stored page has 3,500. The parser's time grows with the square of the depth: 200,000 took 70 s."""

_CHALLENGE: Final = re.compile(
    r"cf[-_]chl|challenge-platform|Verif(?:ying|y) (?:that )?you are (?:a )?human|Just a moment\.\.\."
)


def parse(page: Page) -> tuple[LexborHTMLParser, str]:
    """The tree and the text that it was made of. Raises PageError for a page with too many elements to be one."""
    text = decode(page.body, page.content_type)
    if text.count("<") > MAX_TAGS:
        raise PageError(Fate.REFUSED, f"more than {MAX_TAGS:,} tags")
    return LexborHTMLParser(text), text


def no_article(text: str, reason: str) -> PageError:
    """Why there is no article on a page: the server asked for proof of a human, or the reason that is given.

    Asked only where nothing was found, so that an article about such pages is not taken for one.
    """
    if _CHALLENGE.search(text):
        return PageError(Fate.CHALLENGE, "the server asks for proof of a human")
    return PageError(Fate.NOT_ARTICLE, reason)
