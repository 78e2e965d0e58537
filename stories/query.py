"""What people ask of the collection. Every value from outside is matched as text, never as an operator."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pymongo import ASCENDING, DESCENDING

from stories.mongo import Document, Stories
from stories.search import LANGUAGES, terms

MAX_TIME_MS: Final = 5_000  # a person waits no longer, and a server must not work longer for one
INTERNAL: Final = {"terms": 0, "headlineTerms": 0, "bands": 0, "fingerprint": 0, "runFate": 0}
SORTS: Final = ("newest", "oldest", "relevance")
MAX_DEPTH: Final = 6
_RANKED: Final = 1_000  # the newest stories with all words are ranked; older ones are not what a search is after
_VERSIONS: Final = 1_000  # texts of one story; a live report of a day was changed some forty times
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
        self._revisions = database["revisions"]
        self._links = database["links"]

    def find(self, wanted: Filter) -> list[Document]:
        """Stories as stored, without internal fields; by date, or by relevance where a text is given and asked for."""
        conditions = _conditions(wanted)
        if not wanted.text:
            return self._sorted(conditions, wanted, then_by_key=True)
        words = _words(wanted)
        if not words:
            return []
        conditions["$or"] = [{"terms": {"$all": of_language}} for of_language in words]
        if wanted.sort == "relevance":
            return self._ranked(conditions, [word for of_language in words for word in of_language], wanted.limit)
        return self._sorted(conditions, wanted, then_by_key=False)

    def _sorted(self, conditions: Document, wanted: Filter, *, then_by_key: bool) -> list[Document]:
        """By date; then by key, one order call after call, where the index has it: the words' index would double."""
        forward, back = (ASCENDING, DESCENDING) if wanted.sort == "oldest" else (DESCENDING, ASCENDING)
        order = [("datePublished", forward), *([("_id", back)] if then_by_key else [])]
        cursor = self._stories.find(conditions, INTERNAL).sort(order).limit(wanted.limit).max_time_ms(MAX_TIME_MS)
        return list(cursor)

    def _ranked(self, conditions: Document, words: list[str], limit: int) -> list[Document]:
        """Those with the most of the words in their headline first, the newest of equals before others."""
        in_headline = {"$size": {"$setIntersection": ["$headlineTerms", words]}}
        steps: list[Document] = [
            {"$match": conditions},
            {"$sort": {"datePublished": DESCENDING}},
            {"$limit": _RANKED},
            {"$set": {"inHeadline": in_headline}},
            {"$sort": {"inHeadline": DESCENDING, "datePublished": DESCENDING, "_id": ASCENDING}},
            {"$limit": limit},
            {"$project": {**INTERNAL, "inHeadline": 0}},
        ]
        return list(self._stories.aggregate(steps, maxTimeMS=MAX_TIME_MS))

    def story(self, key: str) -> Document | None:
        return self._stories.find_one({"_id": key}, INTERNAL, max_time_ms=MAX_TIME_MS)

    def versions(self, key: str) -> list[Document]:
        """A story's texts, the oldest first, today's last; empty if there is no such story."""
        today = self._stories.find_one({"_id": key}, INTERNAL, max_time_ms=MAX_TIME_MS)
        if today is None:
            return []
        earlier = self._revisions.find({"key": key}, max_time_ms=MAX_TIME_MS).sort("dateDownloaded", ASCENDING)
        return [*earlier.limit(_VERSIONS), today]

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


def _words(wanted: Filter) -> list[list[str]]:
    """What must stand in a story, by language; without those in which the text has no word that counts."""
    languages = [wanted.language] if wanted.language else list(LANGUAGES)
    return [of_language for language in languages if (of_language := terms(wanted.text or "", language))]
