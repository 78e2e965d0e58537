# ruff: noqa: RUF001 - typographic quotes are what this is about
"""Small things that every layout prints."""

from __future__ import annotations

from html import escape
from typing import Final

_ENTITIES: Final = str.maketrans({"“": "&ldquo;", "”": "&rdquo;", "’": "&rsquo;", "é": "&eacute;"})


def text(value: str) -> str:
    """For element content."""
    return escape(value, quote=False)


def attribute(value: str) -> str:
    return escape(value, quote=True)


def link(url: str, words: str) -> str:
    return f'<a href="{attribute(url)}">{text(words)}</a>'


def entities(markup: str) -> str:
    """Typographic signs as named entities, as Tempo's editor writes some texts."""
    return markup.translate(_ENTITIES)
