"""A page's bytes as a tree, and the pages that are none."""

from __future__ import annotations

import re
from html import unescape
from typing import Final

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from crawler.sites.encoding import decoded
from crawler.sites.site import Page
from crawler.sites.weight import weigh
from stories.errors import PageError
from stories.fate import Fate
from stories.text import text_of

_OVERFLOWING: Final = re.compile(rb"&n[GL]t;")
"""lexbor writes the six bytes of these into the place of five: many in a row overwrite what is behind its buffer, and
the process dies. All other references are as long as what they mean, or longer."""

_MAX_DEPTH: Final = 128
"""Stored pages have 40. Readers look at what stands around and in an element: time grows with the depth."""

_DEEP, _TOO_DEEP = (" > ".join("*" * (depth + 1)) for depth in (48, _MAX_DEPTH))
"""Half of a search's time is to understand so long a selector, so we look for a shorter one first."""

_FRAME: Final = "header, nav, footer"
_MAX_SHELL: Final = 60  # characters: `Memuat…`, `Loading, please wait`

_CHALLENGE: Final = re.compile(
    r"cf[-_]chl|challenge-platform|Verif(?:ying|y) (?:that )?you are (?:a )?human|Just a moment\.\.\."
)


def parse(page: Page) -> tuple[LexborHTMLParser, str]:
    """The tree and the text that it was made of. Raises PageError for what would be too dear to read."""
    text, body = decoded(page.body, page.content_type)
    return tree_of(body), text


def tree_of(body: bytes) -> LexborHTMLParser:
    """The tree of a page in UTF-8. Raises PageError for one that would be too dear to parse or to read."""
    body = _OVERFLOWING.sub(lambda found: unescape(found[0].decode()).encode(), body)
    weigh(body)
    try:
        tree = LexborHTMLParser(body)
    except SelectolaxError as error:
        raise PageError(Fate.REFUSED, f"the parser gives up: {error}") from error
    if tree.css_first(_DEEP) is not None and tree.css_first(_TOO_DEEP) is not None:
        raise PageError(Fate.REFUSED, f"more than {_MAX_DEPTH} elements within each other")
    return tree


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
