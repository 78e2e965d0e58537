"""What people ask of the collection. Every value from outside is matched as text, never as an operator."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from pymongo import ASCENDING, DESCENDING

from stories.mongo import Document, Stories
from stories.search import LANGUAGES, search_query

MAX_TIME_MS: Final = 5_000  # a person waits no longer, and a server must not work longer for one
INTERNAL: Final = {"searchText": 0, "bands": 0, "fingerprint": 0, "runFate": 0}
SORTS: Final = ("newest", "oldest", "relevance")
MAX_DEPTH: Final = 6
_FANOUT: Final = 500  # edges followed from one level: six levels stay under a second


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What `kliping stories find` narrows by; None does not narrow."""

    text: str | None = None
    site: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    """Exclusive."""
    section: str | None = None
    author: str | None = None
    agency: str | None = None
    language: str | None = None
    sort: str = "newest"
    limit: int = 20


class Query:
    """Reads only."""

    def __init__(self, database: Stories) -> None:
        self._stories = database["stories"]
        self._links = database["links"]

    def find(self, wanted: Filter) -> list[Document]:
        """Stories as stored, without internal fields; by date, or by relevance where a text is given and asked for."""
        if not wanted.text:
            return self._sorted(_conditions(wanted), wanted)
        languages = [wanted.language] if wanted.language else list(LANGUAGES)
        found: dict[str, Document] = {}
        for language in languages:
            words = search_query(wanted.text, language)
            if words:
                conditions = _conditions(wanted) | {"$text": {"$search": words}}
                found |= {story["_id"]: story for story in self._sorted(conditions, wanted)}
        return _merged(found.values(), wanted)

    def _sorted(self, conditions: Document, wanted: Filter) -> list[Document]:
        fields: Document = dict(INTERNAL)
        forward, back = (ASCENDING, DESCENDING) if wanted.sort == "oldest" else (DESCENDING, ASCENDING)
        order: list[tuple[str, Any]] = [("datePublished", forward), ("_id", back)]  # one order, call after call
        if "$text" in conditions:
            fields["score"] = {"$meta": "textScore"}
            if wanted.sort == "relevance":
                order = [("score", {"$meta": "textScore"}), ("_id", ASCENDING)]
        cursor = self._stories.find(conditions, fields).sort(order).limit(wanted.limit).max_time_ms(MAX_TIME_MS)
        return list(cursor)

    def story(self, key: str) -> Document | None:
        return self._stories.find_one({"_id": key}, INTERNAL, max_time_ms=MAX_TIME_MS)

    def related(self, key: str, *, depth: int) -> Iterator[Document]:
        """The related-news graph from a story: edges level by level, each target once, with what is stored of it."""
        seen = {key}
        level = [key]
        for step in range(1, min(depth, MAX_DEPTH) + 1):
            edges = self._edges_from(level, seen)
            stored = self._headlines([edge["to"] for edge in edges if edge["to"]])
            yield from (edge | {"depth": step, "story": stored.get(edge["to"])} for edge in edges)
            level = [edge["to"] for edge in edges if edge["to"]]
            if not level:
                return

    def _edges_from(self, level: list[str], seen: set[str]) -> list[Document]:
        order = [("from", ASCENDING), ("relation", ASCENDING), ("position", ASCENDING)]
        edges = self._links.find({"from": {"$in": level}}).sort(order).limit(_FANOUT).max_time_ms(MAX_TIME_MS)
        new = []
        for edge in edges:
            end = edge["to"] or edge["url"]
            if end not in seen:
                seen.add(end)
                new.append(edge)
        return new

    def _headlines(self, keys: list[str]) -> dict[str, Document]:
        wanted = {"headline": 1, "datePublished": 1, "url": 1, "site": 1}
        return {story["_id"]: story for story in self._stories.find({"_id": {"$in": keys}}, wanted)}

    def counts(self) -> dict[str, int]:
        """Stories by site."""
        groups = self._stories.aggregate([{"$group": {"_id": "$site", "n": {"$sum": 1}}}], maxTimeMS=MAX_TIME_MS)
        return {group["_id"]: group["n"] for group in groups}


def _conditions(wanted: Filter) -> Document:
    plain = {
        "site": wanted.site,
        "articleSection": wanted.section,
        "authors.name": wanted.author,
        "enrichment.agencies.names": wanted.agency,
        "inLanguage": wanted.language,
    }
    conditions: Document = {name: {"$eq": value} for name, value in plain.items() if value is not None}
    dates = {"$gte": wanted.since, "$lt": wanted.until}
    if any(dates.values()):
        conditions["datePublished"] = {op: value for op, value in dates.items() if value is not None}
    return conditions


def _merged(stories: Any, wanted: Filter) -> list[Document]:
    def rank(story: Document) -> Any:
        return story["score"] if wanted.sort == "relevance" else _published(story)

    ranked = sorted(stories, key=rank, reverse=wanted.sort != "oldest")[: wanted.limit]
    for story in ranked:
        del story["score"]
    return ranked


def _published(story: Document) -> float:
    at = story["datePublished"]
    return at.timestamp() if at else 0.0
