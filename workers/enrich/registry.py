"""All enrichers. A new one is a file of its own and a line here."""

from __future__ import annotations

from typing import Any, Final

from stories.article import Article
from workers.enrich.agencies import AGENCY_CREDITS
from workers.enrich.base import Enricher
from workers.enrich.language import LANGUAGE
from workers.enrich.reading_minutes import READING_MINUTES

ENRICHERS: Final[tuple[Enricher, ...]] = (LANGUAGE, AGENCY_CREDITS, READING_MINUTES)


def enrichment_of(article: Article) -> dict[str, Any]:
    """The enrichment sub-document: each part with its enricher's version."""
    return {e.name: {"version": e.version, **e.enrich(article)} for e in ENRICHERS}


def warm_up() -> None:
    """Load every model; each child of this process has them then."""
    for enricher in ENRICHERS:
        enricher.warm_up()
