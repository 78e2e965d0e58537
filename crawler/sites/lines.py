"""A page as the lines that a reader sees, whatever tags make them, with the links and pictures on each."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from selectolax.lexbor import LexborNode

from stories.text import SILENT, clean

PROSE: Final = frozenset({"p", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "pre"})
"""Blocks that hold an article's text; text of a bare div belongs to the page."""

BLOCKS: Final = PROSE | {
    "address", "article", "aside", "body", "center", "dd", "details", "dialog", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "footer", "form", "h1", "header", "hr", "html", "main", "nav", "ol", "section", "summary",
    "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
}  # fmt: skip
"""Elements that begin and end a line (the HTML standard's rendering, section 15.3)."""


class Anchor(NamedTuple):
    text: str
    href: str


class Line(NamedTuple):
    """A tuple, for a page has a hundred: to make one takes a third of a frozen dataclass's time."""

    text: str
    """Cleaned, never empty."""
    anchors: tuple[Anchor, ...] = ()
    block: int = 0
    """Lines of one block, apart only by `<br>`, share its number."""
    prose: bool = False
    """Whether it stands inside one of PROSE."""
    boxed: bool = False
    """Whether it stands inside one of the boxes that were asked for."""
    picture: bool = False
    """An `<img alt>`, not a text."""


@dataclass(slots=True)
class _Writer:
    """The line that is being written, and those before it."""

    lines: list[Line] = field(default_factory=list)
    parts: list[tuple[str, str | None]] = field(default_factory=list)
    href: str | None = None
    block: int = 0
    prose: int = 0
    boxed: int = 0

    def end_block(self) -> None:
        if self.parts:
            self._write()
        self.block += 1

    def end_line(self) -> None:
        """At a `<br>`. A second one leaves a line empty, which ends the paragraph."""
        if not self.parts or not self._write():
            self.block += 1

    def _write(self) -> bool:
        text = clean("".join([part for part, _ in self.parts]))
        if text:
            linked = any(href for _, href in self.parts)
            self.add(text, anchors=tuple(self._anchors()) if linked else ())
        self.parts.clear()
        return bool(text)

    def add(self, text: str, *, anchors: tuple[Anchor, ...] = (), picture: bool = False) -> None:
        line = Line(
            text=text,
            anchors=anchors,
            block=self.block,
            prose=self.prose > 0,
            boxed=self.boxed > 0,
            picture=picture,
        )
        self.lines.append(line)

    def _anchors(self) -> Iterator[Anchor]:
        open_href, text = None, ""
        for part, href in (*self.parts, ("", None)):
            if href != open_href and open_href is not None and (said := clean(text)):
                yield Anchor(text=said, href=open_href)
            text = part if href != open_href else text + part
            open_href = href


def lines_of(
    roots: Iterable[LexborNode], *, skip: Container[int] = (), boxes: Container[int] = (), pictures: bool = False
) -> list[Line]:
    """The lines below some elements. `skip` and `boxes` are `mem_id`s; `pictures` adds a line for each `<img alt>`."""
    writer = _Writer()
    for root in roots:
        writer.prose = 1 if root.tag in PROSE else 0
        _write_all(writer, root, skip=skip, boxes=boxes, pictures=pictures)
        writer.end_block()
    return writer.lines


def _write_all(
    writer: _Writer, root: LexborNode, *, skip: Container[int], boxes: Container[int], pictures: bool
) -> None:
    """As `walk` goes, but written out: of all that is done to read a page, most is done here."""
    above: list[tuple[LexborNode, str]] = []
    node = root.child
    while True:
        if node is None:
            if not above:
                return
            node, tag = above.pop()
            _end(writer, node, tag, boxes)
        elif (tag := node.tag or "") == "-text":
            writer.parts.append((node.text_content or "", writer.href))
        elif tag not in SILENT and node.mem_id not in skip:
            _begin(writer, node, tag, boxes, pictures=pictures)
            if node.child is not None:
                above.append((node, tag))
                node = node.child
                continue
            _end(writer, node, tag, boxes)
        node = node.next


def _begin(writer: _Writer, node: LexborNode, tag: str, boxes: Container[int], *, pictures: bool) -> None:
    if tag in BLOCKS:
        writer.end_block()
        writer.prose += tag in PROSE
        writer.boxed += node.mem_id in boxes
    elif tag == "a":
        writer.href = node.attributes.get("href") or None
    elif tag == "br":
        writer.end_line()
    elif tag == "img" and pictures and (alt := clean(node.attributes.get("alt") or "")):
        writer.end_block()
        writer.add(alt, anchors=(Anchor(text=alt, href=writer.href),) if writer.href else (), picture=True)


def _end(writer: _Writer, node: LexborNode, tag: str, boxes: Container[int]) -> None:
    if tag in BLOCKS:
        writer.end_block()
        writer.prose -= tag in PROSE
        writer.boxed -= node.mem_id in boxes
    elif tag == "a":
        writer.href = None


def lines_of_plain(text: str) -> list[Line]:
    """The lines of a page without a tag, by its own line breaks."""
    return [Line(text=line, block=number) for number, raw in enumerate(text.splitlines()) if (line := clean(raw))]
