"""The edges of the related-news graph: from a story to what it points to, each once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime

from pymongo import UpdateOne

from stories.article import Article, RelatedLink
from stories.mongo import Document


def edges_of(article: Article, link_keys: Sequence[str | None], now: datetime) -> Iterable[Document]:
    """An edge for each card that nobody paid for, and that leads somewhere."""
    for link, target in zip(article.related_links, link_keys, strict=True):
        if link.is_promotional or (link.url is None and target is None):
            continue
        yield _edge(article.key, target, link, now)


def edge_update(edge: Document) -> UpdateOne:
    """Write an edge that may be there already: it keeps when it was first seen."""
    lasting = {name: value for name, value in edge.items() if name not in {"_id", "firstSeenAt"}}
    return UpdateOne(
        {"_id": edge["_id"]}, {"$set": lasting, "$setOnInsert": {"firstSeenAt": edge["firstSeenAt"]}}, upsert=True
    )


def _edge(source: str, target: str | None, link: RelatedLink, now: datetime) -> Document:
    end = target or hashlib.sha256((link.url or "").encode()).hexdigest()[:16]
    window = link.date_published
    return {
        "_id": f"{source}>{link.relation.value}>{end}",
        "from": source,
        "to": target,
        "url": link.url,
        "relation": link.relation.value,
        "position": link.position,
        "headline": link.headline,
        "datePublishedEarliest": window and window.earliest,
        "datePublishedLatest": window and window.latest,
        "firstSeenAt": now,
        "lastSeenAt": now,
    }
