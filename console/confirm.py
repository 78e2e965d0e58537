"""Before something is thrown away: a person is asked, a program has to say that it means it."""

from __future__ import annotations

import sys

import typer

from console import show
from stories.errors import UsageError


def confirmed(question: str, *, yes: bool) -> None:
    """Return if it may be done. Raises UsageError where nobody can be asked, and ends the command where they say no."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise UsageError(
            "nothing was done: there is nobody to ask. Add --yes to do it, or --dry-run to see what it is."
        )
    try:
        agreed = typer.confirm(show.safe(question), err=True)
    except typer.Abort:  # Ctrl-C, or the end of what they type
        show.note("")
        agreed = False
    if not agreed:
        show.note("nothing was done")
        raise typer.Exit(1)
