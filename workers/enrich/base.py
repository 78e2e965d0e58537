"""What an enricher is: a name, a version, and a pure function from an article to what it adds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from stories.article import Article


@dataclass(frozen=True, slots=True, kw_only=True)
class Enricher:
    """One part of the enrichment sub-document."""

    name: str
    """The field's name in `enrichment`."""
    version: int
    """Stands beside what it gave: higher where the same article may give something else."""
    enrich: Callable[[Article], dict[str, Any]]
    """JSON values; no I/O, no clock."""
    warm_up: Callable[[], object] = lambda: None
    """Load what is slow to load, once in a worker, before its children are made."""
