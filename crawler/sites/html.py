"""A page's bytes as a tree, and the pages that are none."""

from __future__ import annotations

import re
from typing import Final

from selectolax.lexbor import LexborHTMLParser

from crawler.sites.encoding import decoded
from crawler.sites.site import Page
from stories.errors import PageError
from stories.fate import Fate
from stories.text import text_of

MAX_TAGS: Final = 15_000
"""The largest stored page has 3,500. The parser's time grows with the square of the depth: 200,000 took 70 s."""

_FRAME: Final = "header, nav, footer"
_MAX_SHELL: Final = 60  # characters: `Memuat…`, `Loading, please wait`

_CHALLENGE: Final = re.compile(
    r"cf[-_]chl|challenge-platform|Verif(?:ying|y) (?:that )?you are (?:a )?human|Just a moment\.\.\."
)


def parse(page: Page) -> tuple[LexborHTMLParser, str]:
    """The tree and the text that it was made of. Raises PageError for a page with too many elements to be one."""
    text, body = decoded(page.body, page.content_type)
    if body.count(b"<") > MAX_TAGS:
        raise PageError(Fate.REFUSED, f"more than {MAX_TAGS:,} tags")
    return LexborHTMLParser(body), text


def no_article(text: str, reason: str, tree: LexborHTMLParser | None = None) -> PageError:
    """Why there is no article on a page: the server asked for proof of a human, a script would fill it (asked only with
    its tree), or the reason that is given.

    Asked only where nothing was found, so that an article about such pages is not taken for one.
    """
    if is_challenge(text):
        return PageError(Fate.CHALLENGE, "the server asks for proof of a human")
    if tree is not None and is_unfilled(tree):
        return PageError(Fate.EMPTY_SHELL, "nothing to read on it, only scripts that would fill it")
    return PageError(Fate.NOT_ARTICLE, reason)


def is_challenge(text: str) -> bool:
    return bool(_CHALLENGE.search(text))


def is_unfilled(tree: LexborHTMLParser) -> bool:
    """Whether a page has scripts, and nothing to read but its frame."""
    body = tree.body
    if body is None or tree.css_first("script") is None:
        return False
    frame = {node.mem_id for node in body.css(_FRAME)}
    return len(text_of(body, skip=frame)) <= _MAX_SHELL
