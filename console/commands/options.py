"""Options that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

from crawler.sites.registry import SITES
from stories.order import DEPTH, MAX_PAGES

Json = Annotated[bool, typer.Option("--json", help="Print JSON (docs/schema).")]
SiteName = Annotated[str, typer.Argument(help=f"One of: {', '.join(SITES)}.")]
MaxPages = Annotated[
    int, typer.Option(min=1, max=10_000_000, help=f"Pages asked for at most; {MAX_PAGES} if not given.")
]
Depth = Annotated[
    int, typer.Option(min=0, max=20, help=f"Steps of related news from a listed story; {DEPTH} if not given.")
]
MaybeMaxPages = Annotated[
    int | None, typer.Option("--max-pages", min=1, max=10_000_000, help="Pages asked for at most.")
]
MaybeDepth = Annotated[int | None, typer.Option("--depth", min=0, max=20, help="Steps of related news.")]
Fresh = Annotated[bool, typer.Option("--fresh", help="Ask again for stories that are not due yet.")]
MOST = 10_000
"""Lines of a list: more is for a program that asks MongoDB."""
Limit = Annotated[int, typer.Option(min=1, max=MOST, help="At most so many.")]
