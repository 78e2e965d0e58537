"""Cleaning of text: one Unicode form, nothing invisible, white space folded."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterator
from typing import Final

from selectolax.lexbor import LexborNode

SILENT: Final = frozenset({"script", "style", "noscript", "template", "iframe", "textarea", "select", "svg", "object"})
"""Elements whose text is not for reading."""

_INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"  # controls, but those that are white space
    "\u00ad\u061c\u180e\u200b-\u200f\u2060-\u206f\ufeff\ufff9-\ufffb"  # zero-width, bidi, interlinear
    "\u202a-\u202e"  # bidi embedding
    "\ud800-\udfff]"  # half a character, as JSON can spell it: no UTF-8 can hold it
)


_WHITE: Final = re.compile(r"\s+")
SPACES: Final = r"(?:(?<!\s)\s++)"
"""White space before a sign, as a part of a pattern: looked at once, not once from each of its characters."""


def clean(raw: str) -> str:
    """One line: NFC, without controls, zero-width and bidi characters, white space folded to single spaces."""
    is_plain = raw.isprintable()  # nothing invisible is printable, nor any white space but a space: no need to look
    text = raw if is_plain else _INVISIBLE.sub("", raw)
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)  # after: what was apart may now compose
    if is_plain and "  " not in text and not text.startswith(" ") and not text.endswith(" "):
        return text
    return " ".join(text.split())


def clean_lines(raw: str) -> str:
    """As `clean`, line by line; empty lines go."""
    return "\n".join(line for line in map(clean, raw.splitlines()) if line)


def walk(root: LexborNode, *, skip: Container[int] = ()) -> Iterator[tuple[LexborNode, bool]]:
    """Every readable node below an element, in order: (node, True) where it begins, (node, False) where it ends.

    `skip` are `mem_id`s of elements to pass over with all that is in them, as SILENT ones are. Iterative: a page can be
    nested deeper than Python's stack.
    """
    above: list[LexborNode] = []
    node = root.child
    while True:
        if node is None:
            if not above:
                return
            node = above.pop()
        elif node.tag not in SILENT and node.mem_id not in skip:
            yield node, True
            if node.child is not None:
                above.append(node)
                node = node.child
                continue
        else:
            node = node.next
            continue
        yield node, False
        node = node.next


def text_of(node: LexborNode, *, skip: Container[int] = ()) -> str:
    """The readable text of an element, cleaned; `<br>` is a line break, other white space in the source is not.

    `skip` as in `walk`.
    """
    only = node.child
    if only is not None and only.tag == "-text" and only.next is None:
        return clean(only.text_content or "")  # most labels, headlines and links: a third of the time of the long way
    parts: list[str] = []
    for child, begins in walk(node, skip=skip):
        if begins and child.tag == "-text":
            parts.append(_WHITE.sub(" ", child.text_content or ""))
        elif begins and child.tag == "br":
            parts.append("\n")
    return clean_lines("".join(parts))
