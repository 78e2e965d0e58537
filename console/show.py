"""How data meets a person: tables and colours on a terminal, plain text in a pipe, JSON on request.

Everything from a page is shown as text: markup and terminal escapes in a headline do nothing. NO_COLOR switches colours
off (Rich sees to it).
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Final, Literal
from unicodedata import category

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from stories.changes import Change

OUT: Final = Console(highlight=False)
ERR: Final = Console(stderr=True, highlight=False)
WIB: Final = timezone(timedelta(hours=7), "WIB")
_PIPE: Final = Console(highlight=False, width=100_000)  # wider than any line, so that nothing is broken
NOTHING: Final = "-"
_LINE: Final = 90  # columns: longer lines are hard to follow back to the next one
_UNSEEN: Final = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
"""What JSON may hold as it is, and a terminal obeys: controls of the upper half, bidi, half characters."""
_STATES: Final = {
    **dict.fromkeys(("finished", "fired", "stored", "idle"), "green"),
    **dict.fromkeys(("running", "busy", "started", "leased", "handedOver"), "cyan"),
    **dict.fromkeys(("queued", "skipped", "missed", "paused"), "yellow"),
    **dict.fromkeys(("failed", "quarantined"), "bold red"),
}


def as_json(data: Any) -> None:
    """One document on standard output; nothing else goes there. What a terminal would obey is escaped."""
    text = json.dumps(data, ensure_ascii=False, indent=2)
    sys.stdout.write(_UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n")
    sys.stdout.flush()  # here a reader that has seen enough is noticed, not at the interpreter's end


def safe(text: object) -> str:
    """Text without anything that a terminal would obey."""
    return "".join(" " if category(c)[0] == "C" or c in "\u2028\u2029" else c for c in str(text))


def lines(text: str) -> str:
    """As `safe`, with the line breaks that we make ourselves."""
    return "\n".join(map(safe, text.split("\n")))


def cell(value: object) -> Text:
    if isinstance(value, Text):
        return value
    return Text(NOTHING if value is None or value == "" else safe(value))


def state(name: str) -> Text:
    """A state's name in its colour."""
    return Text(name, style=_STATES.get(name, ""))


def tabled(
    title: str | None,
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    whole: Sequence[str] = (),
    right: Sequence[str] = (),
) -> Table:
    """A table; a value in one of the columns `whole` is never broken, so that it can be copied."""
    drawn = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, header_style="dim")
    for column in columns:
        justify: Literal["left", "right"] = "right" if column in right else "left"
        drawn.add_column(column, justify=justify, overflow="fold", no_wrap=column in whole)
    for row in rows:
        drawn.add_row(*map(cell, row))
    return drawn


def table(
    title: str | None,
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    whole: Sequence[str] = (),
    right: Sequence[str] = (),
) -> None:
    draw(tabled(title, columns, rows, whole=whole, right=right))


def draw(drawn: RenderableType) -> None:
    """As wide as the terminal; in a pipe as wide as the text, so that a line there is a row."""
    (OUT if OUT.is_terminal else _PIPE).print(drawn)


def facts(pairs: Mapping[str, object]) -> None:
    """Names and values, one a line, the empty ones left out. The terminal breaks long ones: they are copied whole."""
    shown = {name: value for name, value in pairs.items() if value not in (None, "", [], {})}
    width = max(map(len, shown), default=0)
    for name, value in shown.items():
        OUT.print(Text.assemble((f"{name:<{width}}  ", "dim"), cell(value)), soft_wrap=True)


def say(text: str, *, style: str = "") -> None:
    """A line for a person, broken by the terminal only: a command in it can be copied."""
    OUT.print(Text(lines(text), style=style), soft_wrap=True)


def prose(text: str, *, style: str = "") -> None:
    """A paragraph from a page, in lines that an eye can follow."""
    line = Text(safe(text), style=style)
    if OUT.is_terminal:
        OUT.print(line, width=_LINE)  # or the terminal's width, if that is less
    else:
        _PIPE.print(line)


def changes(found: Iterable[Change]) -> None:
    """As `diff` shows them: the paragraph before with -, after with +, the words that differ in colour."""
    for change in found:
        for words, mark, style in ((change.before, "-", "bold red"), (change.after, "+", "bold green")):
            if words is not None:
                parts = [(f"{safe(word)} ", style if is_new else "") for word, is_new in words]
                line = Text.assemble((f"{mark} ", style), *parts)
                line.rstrip()
                OUT.print(line, soft_wrap=not OUT.is_terminal, width=_LINE if OUT.is_terminal else None)


def note(text: str) -> None:
    """For a person, beside the data: goes to standard error."""
    ERR.print(Text(lines(text), style="dim"), soft_wrap=True)


def refuse(text: str) -> None:
    """An error's one message, on standard error, unwrapped."""
    ERR.print(Text(lines(text), style="red"), soft_wrap=True)


def local(instant: datetime | str | None, zone: Any = WIB, *, seconds: bool = False) -> str | None:
    """`2025-08-09 11:39 WIB`, or with seconds."""
    if instant is None:
        return None
    at = datetime.fromisoformat(instant) if isinstance(instant, str) else instant
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at
    at = at.astimezone(zone)
    return f"{at:%Y-%m-%d %H:%M:%S %Z}" if seconds else f"{at:%Y-%m-%d %H:%M %Z}"


def in_wib(instant: datetime | str | None) -> str | None:
    """`2025-08-09 11:39`, under a heading that names the zone."""
    shown = local(instant)
    return shown and shown.removesuffix(f" {WIB}")


def several(number: int, one: str, more: str | None = None) -> str:
    """`1 page`, `2 pages`; where an s is not enough, `more` is said."""
    return f"{number} {one if number == 1 else more or f'{one}s'}"


def counted(counts: Mapping[str, int]) -> str:
    """`37 stored, 2 listed`, the most first."""
    return ", ".join(f"{n} {name}" for name, n in sorted(counts.items(), key=lambda pair: -pair[1]) if n)


def tree(title: str, root: str, edges: Sequence[Mapping[str, Any]]) -> None:
    """Edges (`from`, `to`, `relation`, `headline`, `stored`) as a tree that grows from the root."""
    drawn = Tree(Text(safe(title), style="bold"))
    branches = {root: drawn}
    for edge in edges:
        label = Text.assemble((f"{edge['relation']}  ", "cyan"), safe(edge["headline"] or edge["url"]))
        label.append(f"  {edge['to'] or 'elsewhere'}{'' if edge['stored'] else ' (not stored)'}", style="dim")
        branch = branches[edge["from"]].add(label)
        if edge["to"]:
            branches[edge["to"]] = branch
    draw(drawn)
