"""A page's bytes as a tree, and the pages that are none.

The parser keeps to the HTML standard, which lets a small page grow: what is dear in time or memory is refused, most of
it before it is parsed.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from crawler.sites.encoding import decoded
from crawler.sites.site import Page
from stories.errors import PageError
from stories.fate import Fate
from stories.text import text_of

MAX_TAGS: Final = 15_000
"""The largest stored page has 3,500. The parser's time grows with the square of the depth: 200,000 took 70 s."""

_MAX_ELEMENTS: Final = 400_000
_MAX_BYTES: Final = 150_000_000
"""So many elements take 150 MB, and so many bytes of attributes do.

Each tag may open anew all formatting elements that are still open (HTML standard, "reconstruct the active formatting
elements"), with their attributes: 1,000 of `<b class=1>` before 1,000 of `<p>`, a page of 13 kB, are a million
elements; a link of 100 kB before 10,000 of `<p>` is a gigabyte.
"""

_FORMATTING: Final = re.compile(
    rb"""<(b|big|code|em|font|i|s|small|strike|strong|tt|u)(?![\w-])
    (?:  # its attributes, where they are written so plainly that nothing else can be meant
        ((?:\s++[\w:-]++(?:=(?:"[^"<>]*+"|'[^'<>]*+'|[^\s"'<>=`]++))?+)*+\s*+>)
        ([^<]*+</\1[\s/>])?+  # closed at once
    )?+""",
    re.IGNORECASE | re.VERBOSE,
)
"""Without `a` and `nobr`, which close the one before."""

_CLOSING_OTHERS: Final = 2
"""An `a` and a `nobr`."""

_ALIKE: Final = 3
"""The standard opens no more anew of those that are alike."""

_TAG: Final = re.compile(
    rb"""<(?:a|big|b|code|em|font|i|nobr|small|strike|strong|s|tt|u)(?=[\s/>])(?=(
    (?:[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]{0,20000}+"|'[^']{0,20000}+'|(?!["'])[^\s>]*+))?+(?!\s*+=)){0,30}+
    [\s/]*+>)?+)""",
    re.IGNORECASE | re.VERBOSE,
)
"""With all its attributes; without any where they are too many or too long, or have no end."""

_MAX_ATTRIBUTES: Final = 1_000
"""Stored pages have 7. Each is compared with all before: 100,000 in a tag took 21 s."""

_SMALL: Final = 100_000  # bytes: too few for so many attributes that they take more than a second
_MANY_ATTRIBUTES: Final = re.compile(
    rb"""<[a-z][^\s/>]*+
    (?:[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)?+)?+){%d}"""
    % _MAX_ATTRIBUTES,
    re.IGNORECASE | re.VERBOSE,
)

_MAX_DEPTH: Final = 128
"""Stored pages have 40. Readers look at what stands around and in an element: time grows with the depth."""

_TOO_DEEP: Final = " > ".join("*" * (_MAX_DEPTH + 1))

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
    """The tree of a page in UTF-8. Raises PageError for one that would take many seconds, or hundreds of megabytes."""
    if (tags := body.count(b"<")) > MAX_TAGS:
        raise PageError(Fate.REFUSED, f"more than {MAX_TAGS:,} tags")
    if tags * tags > 4 * _MAX_ELEMENTS or tags * len(body) > _MAX_BYTES:  # at worst half of them are open, or all of it
        opened = tags * _left_open(body)
        if opened > _MAX_ELEMENTS or opened * _longest(body) > _MAX_BYTES:
            raise PageError(Fate.REFUSED, f"its unclosed elements would make more than {_MAX_ELEMENTS:,}, or too large")
    if len(body) > _SMALL and _MANY_ATTRIBUTES.search(body):
        raise PageError(Fate.REFUSED, f"a tag with {_MAX_ATTRIBUTES:,} attributes")
    try:
        tree = LexborHTMLParser(body)
    except SelectolaxError as error:
        raise PageError(Fate.REFUSED, f"the parser gives up: {error}") from error
    if tree.css_first(_TOO_DEEP) is not None:
        raise PageError(Fate.REFUSED, f"more than {_MAX_DEPTH} elements within each other")
    return tree


def _left_open(body: bytes) -> int:
    """How many formatting elements may be open at once, at most: in comments and scripts they count, too."""
    found = Counter((name, attributes) for name, attributes, closed in _FORMATTING.findall(body) if not closed)
    return _CLOSING_OTHERS + sum(
        min(times, _ALIKE) if attributes else times for (_, attributes), times in found.items()
    )


def _longest(body: bytes) -> int:
    """How long the attributes of an element that is opened anew may be, at most."""
    tags = _TAG.findall(body)
    return max((len(attributes) or len(body) for attributes in tags), default=0)


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
