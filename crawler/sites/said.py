"""What a page says for one field, and where: a page version says both in one breath.

return json_ld(view.linked.text("headline")) or visible(view.text(self.HEADLINE))
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from stories.article import Source

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Said(Generic[T]):
    value: T
    source: Source


def said(value: T | None, source: Source) -> Said[T] | None:
    """None where nothing is said: for None, and for a text or a tuple with nothing in it."""
    return Said(value, source) if value or value is False else None


def provenance_of(**fields: Said[Any] | None) -> dict[str, Source]:
    """The fields that have a value, by their names in JSON."""
    return {name: found.source for name, found in fields.items() if found}


def visible(value: T | None) -> Said[T] | None:
    return said(value, Source.VISIBLE)


def json_ld(value: T | None) -> Said[T] | None:
    return said(value, Source.JSON_LD)


def meta(value: T | None) -> Said[T] | None:
    return said(value, Source.META)


def data_layer(value: T | None) -> Said[T] | None:
    return said(value, Source.DATA_LAYER)
