"""How data meets a person: tables and colours on a terminal, plain text in a pipe, JSON on request.

Everything from a page is shown as text: markup and terminal escapes in a headline do nothing. NO_COLOR is obeyed (Rich).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Final
from unicodedata import category

from rich.console import Console
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

OUT: Final = Console(highlight=False)
ERR: Final = Console(stderr=True, highlight=False)
WIB: Final = timezone(timedelta(hours=7), "WIB")
NOTHING: Final = "-"


def as_json(data: Any) -> None:
    """One document on standard output; nothing else goes there."""
    sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=2) + "\n")


def safe(text: object) -> str:
    """Text without anything that a terminal would obey."""
    return "".join(c if category(c)[0] != "C" else " " for c in str(text))


def cell(value: object) -> Text:
    return Text(NOTHING if value is None or value == "" else safe(value))


def table(
    title: str | None, columns: Sequence[str], rows: Iterable[Sequence[object]], *, right: Sequence[str] = ()
) -> None:
    """A table as wide as the terminal; where there is none, as wide as its text."""
    drawn = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for column in columns:
        drawn.add_column(column, justify="right" if column in right else "left", overflow="fold")
    for row in rows:
        drawn.add_row(*map(cell, row))
    OUT.print(drawn)


def facts(pairs: Mapping[str, object]) -> None:
    """Names and values, one a line, the empty ones left out."""
    shown = {name: value for name, value in pairs.items() if value not in (None, "", [], {})}
    width = max(map(len, shown), default=0)
    for name, value in shown.items():
        OUT.print(Text.assemble((f"{name:<{width}}  ", "bold"), safe(value)))


def say(text: str, *, style: str = "") -> None:
    OUT.print(Text(text, style=style))


def note(text: str) -> None:
    """For a person, beside the data: goes to standard error."""
    ERR.print(Text(text, style="dim"))


def refuse(text: str) -> None:
    """An error's one message, on standard error, unwrapped."""
    ERR.print(Text(text, style="red"), soft_wrap=True)


def local(instant: datetime | str | None, zone: Any = WIB) -> str | None:
    """`2025-08-09 11:39 WIB`."""
    if instant is None:
        return None
    at = datetime.fromisoformat(instant) if isinstance(instant, str) else instant
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M %Z}"


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
    OUT.print(drawn)
