"""The text of an article on a page of any newspaper: found by where text is dense, not by what a template calls it.

trafilatura does the finding. It is imported when it is first needed: it costs a third of a second, and most crawls meet
no such page.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from stories.dates import parse_published
from stories.text import clean_lines

_LINES: Final = ("item", "row", "lb", "p")
"""trafilatura's elements that begin a line inside a block."""

_CELLS: Final = ("cell",)
"""And those that a space keeps apart."""


def body_of(html: str) -> str:
    """The article's text: blocks with an empty line between, the lines of a list below each other. Empty if none.

    Pure, and raises nothing: what trafilatura cannot read has no text.
    """
    blocks = (block for element in _main_element(html) for block in _blocks(element))
    return "\n\n".join(block for block in blocks if not parse_published(block))


def _main_element(html: str) -> Any:
    """The element that trafilatura makes for the text, with `p`, `head`, `list` and so on in it; empty if none.

    `precision`: a newspaper's page has more promotion than text, so a line too many is likelier than one too few.
    Comments are a reader's, not the article's.
    """
    from trafilatura import bare_extraction  # noqa: PLC0415 - see the module's own line on its cost

    found = bare_extraction(html, favor_precision=True, include_comments=False)
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
