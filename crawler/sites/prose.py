"""The text of an article on a page of any newspaper: found by where text is dense, not by what a template calls it.

Trafilatura does the finding. It is imported when it is first needed: it costs a third of a second, and most crawls meet
no such page. What it leaves in and a reader would not call text goes: the headline, a line that is a date, and lines
that point elsewhere. `make quality AEB=...` measures it (docs/quality.md).
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, Final

from stories.dates import parse_published
from stories.text import clean_lines

_LINES: Final = ("item", "row", "lb", "p")
"""Trafilatura's elements that begin a line inside a block."""

_CELLS: Final = ("cell",)
"""And those that a space keeps apart."""

_POINTER: Final = re.compile(
    r"(?:related(?: (?:articles?|stories|news|posts?|content))?|read (?:also|more|next)|also read|see (?:also|more)"
    r"|(?:more|also) (?:on|from|in)\b.{0,40}|don['\u2019]t miss|watch(?: also)?|listen"
    r"|editor['\u2019]?s['\u2019]? choice|baca(?: juga)?"
    r"|simak(?: juga)?|lihat juga|artikel terkait|berita terkait|pilihan editor)\s?(?::.*|$)",
    re.IGNORECASE,
)
_FURNITURE: Final = re.compile(
    r"(?:comments?|komentar|share|bagikan|tags?|advertisement|iklan|filed under|posted in|print|email|loading)\b\W*"
    r"|(?:filed under|posted in|tags?|topik)\s?:.*"
    r"|(?:like this story|tell us what you think|sign up (?:to|for)|subscribe (?:to|now)).*",
    re.IGNORECASE,
)
_MAX_TAGS: Final = 5_000  # stored pages have up to 3,600
_MAX_POINTER: Final = 200  # characters: longer is a text that happens to begin so


def body_of(html: str) -> str:
    """The article's text: blocks with an empty line between, the lines of a list below each other. Empty if none.

    Pure, and raises nothing: what trafilatura cannot read has no text.
    """
    blocks = (block for element in _main_element(html) for block in _blocks(element))
    return "\n\n".join(block for block in blocks if not _is_furniture(block))


@cache
def _extractor() -> Callable[..., Any]:
    """Quiet: it calls a page without text an error, and names none; what became of each page is told elsewhere."""
    from trafilatura import bare_extraction  # noqa: PLC0415 - see the module's own line on its cost

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    return bare_extraction


def _main_element(html: str) -> Any:
    """The element that trafilatura makes for the text, with `p`, `head`, `list` and so on in it; empty if none.

    `precision`: a newspaper's page has more promotion than text, so a line too many is likelier than one too few.
    Comments are a reader's, not the article's. `fast`: without a second opinion, whose time grows with the square.
    """
    found = _extractor()(html, favor_precision=True, include_comments=False, fast=html.count("<") > _MAX_TAGS)
    return () if found is None or isinstance(found, dict) else found.body


def _blocks(element: Any) -> Iterator[str]:
    """An element and the bare text behind it; the headline is no text."""
    texts = "" if element.get("rend") == "h1" else "".join(_parts(element)), element.tail or ""
    return filter(None, map(clean_lines, texts))


def _parts(element: Any) -> Iterator[str]:
    """The element's text, with a line break where a line begins."""
    for inner in element.iter(*_LINES, *_CELLS):
        if inner is not element:
            inner.text = ("\n" if inner.tag in _LINES else " ") + (inner.text or "")
    yield from element.itertext()


def _is_furniture(block: str) -> bool:
    """A date alone, a line that points to something else to read, or the house's own words."""
    if len(block) > _MAX_POINTER:
        return False
    return bool(parse_published(block) or _POINTER.fullmatch(block) or _FURNITURE.fullmatch(block))
