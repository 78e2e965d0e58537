"""Take a story down: everything that we hold of it goes, and a mark stays, so that it never comes back by itself.

The mark is written first, then all else is removed. Whoever stores looks at the marks before and after, and the command
removes once more when the jobs of that moment have ended (stories/store.py, console/commands/takedown.py). Crawlers ask
for no address of it, and follow no redirect to one (crawler/middlewares/taken_down.py). Whatever reads an archive has
to ask `Takedowns.keys` too, or store by `Store.save`, which does.

Of what points to it, the edges go and so do the cards in other stories: they show its headline and its first lines.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import pymongo
from pymongo.errors import OperationFailure

from stories.fate import Fate
from stories.mongo import Document, Stories
from stories.pages import DUE, REVISIT, SETTLED, event

KeyOf = Callable[[str], str | None]
"""Which page an address is (crawler/follow.py); None where no site of ours follows it."""

_LOOKS: Final = 600.0  # seconds: near-duplicates and paid cards are found by reading all stories, a second for 100,000
_HOPS: Final = 5  # redirects followed from the address that was named, as many as the crawler follows
_READ_OFF: Final = ("etag", "lastModified", "digest", "published", "pageVersion")
"""What the ledger knows of a page only from having read it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What stays of a story that was taken down."""

    key: str
    pages: tuple[str, ...]
    """The keys of all pages in the ledger that lead to it, its own first."""
    urls: tuple[str, ...]
    reason: str | None
    at: datetime

    def to_document(self) -> Document:
        return {
            "_id": self.key,
            "pages": list(self.pages),
            "urls": list(self.urls),
            "reason": self.reason,
            "at": self.at,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """What there is of a story, in documents."""

    stories: int
    revisions: int
    links_from: int
    links_to: int
    """Edges, with the cards in other stories that they are of."""
    quarantined: int
    pages: int
    republished_by: tuple[str, ...]
    """Other publishers' copies: stories of their own, to be taken down by their own keys."""


class Takedowns:
    """The collection `takedowns`."""

    def __init__(self, database: Stories) -> None:
        self._marks = database["takedowns"]
        self._stories = database["stories"]
        self._revisions = database["revisions"]
        self._links = database["links"]
        self._pages = database["pages"]
        self._quarantine = database["quarantine"]

    def keys(self) -> frozenset[str]:
        """The keys of all stories and pages that were taken down. They are few: a newspaper takes down some a year."""
        return frozenset(key for mark in self._marks.find({}, {"pages": 1}) for key in mark["pages"])

    def has(self, key: str) -> bool:
        return self._marks.find_one({"pages": key}, {"_id": 1}) is not None

    def marks(self) -> list[Mark]:
        """Newest first."""
        return [_mark_of(document) for document in self._marks.find().sort("at", pymongo.DESCENDING)]

    def considered(self, key: str, key_of: KeyOf, *, reason: str | None, now: datetime) -> Mark:
        """The mark that this story, or the one that this page leads to, would get. Changes nothing.

        One that it has keeps its time, and its reason unless another is given: it may be removed again and again.
        """
        key = self._led_to(key, key_of)
        story = self._stories.find_one({"_id": key}, {"addresses": 1}) or {}
        page = self._pages.find_one({"_id": key}, {"url": 1, "aliases": 1}) or {}
        known = self._marks.find_one({"_id": key}) or {}
        urls = {*story.get("addresses", ()), *page.get("aliases", ()), *known.get("urls", ())}
        urls |= {page["url"]} if page else set()
        others = {other for other in map(key_of, urls) if other} | set(known.get("pages", ()))
        pages = (key, *sorted(others - {key}))
        reason = known.get("reason") if reason is None else reason
        return Mark(key=key, pages=pages, urls=tuple(sorted(urls)), reason=reason, at=known.get("at", now))

    def _led_to(self, key: str, key_of: KeyOf) -> str:
        for _ in range(_HOPS):
            page = self._pages.find_one({"_id": key, "fate": Fate.ALIAS.value}, {"fateReason": 1})
            target = key_of(page["fateReason"]) if page and page["fateReason"] else None
            if target is None:
                break
            key = target
        return key

    def holdings(self, mark: Mark) -> Holdings:
        story = self._stories.find_one({"_id": mark.key}, {"republishedBy": 1})
        return Holdings(
            stories=int(story is not None),
            revisions=self._revisions.count_documents({"key": mark.key}),
            links_from=self._links.count_documents({"from": mark.key}),
            links_to=self._links.count_documents({"to": mark.key}),
            quarantined=self._quarantine.count_documents({"_id": {"$in": list(mark.pages)}}),
            pages=self._pages.count_documents({"_id": {"$in": list(mark.pages)}}),
            republished_by=tuple((story or {}).get("republishedBy", ())),
        )

    def take_down(self, mark: Mark) -> None:
        """When this returns, a majority has the mark and nothing else."""
        self._marks.replace_one({"_id": mark.key}, mark.to_document(), upsert=True)
        self.purge(mark)

    def purge_new(self, before: frozenset[str]) -> None:
        """Remove again what a takedown since `before` may have missed, because it was stored in that moment.

        A worker whose user may not remove stories leaves it to the command, which waits for such jobs.
        """
        if not self.keys() - before:
            return
        with suppress(OperationFailure):
            for mark in self.marks():
                if mark.key not in before:
                    self.purge(mark)

    def purge(self, mark: Mark) -> None:
        """Remove everything of a story that is marked. May be repeated."""
        pages = {"_id": {"$in": list(mark.pages)}}
        self._pages.update_many(pages, _never_again(mark))
        self._quarantine.delete_many(pages)
        self._stories.delete_one({"_id": mark.key})
        self._revisions.delete_many({"key": mark.key})
        self._links.delete_many({"from": mark.key})
        self._remove_cards(mark)
        with pymongo.timeout(_LOOKS):
            self._remove_paid_cards(mark)
            self._stories.update_many({"nearDuplicateOf.key": mark.key}, {"$set": {"nearDuplicateOf": None}})
            self._stories.update_many({"republishedBy": mark.key}, {"$pull": {"republishedBy": mark.key}})

    def _remove_cards(self, mark: Mark) -> None:
        """Each edge goes with its card: one that is stored meanwhile shows whoever stored it that a card is left."""
        for edge in self._links.find({"to": mark.key}, {"from": 1, "url": 1}):
            self._stories.update_one({"_id": edge["from"]}, {"$pull": {"relatedLinks": {"url": edge["url"]}}})
            self._links.delete_one({"_id": edge["_id"]})

    def _remove_paid_cards(self, mark: Mark) -> None:
        """They have no edges (stories/edges.py): they are found by the addresses that we know of the story."""
        to_it = {"url": {"$in": list(mark.urls)}}
        self._stories.update_many({"relatedLinks": {"$elemMatch": to_it}}, {"$pull": {"relatedLinks": to_it}})

    def release(self, key: str, *, now: datetime) -> Mark | None:
        """Forget the mark of a story or page: its pages are due again. None if there is no such mark."""
        document = self._marks.find_one_and_delete({"pages": key})
        if document is None:
            return None
        mark = _mark_of(document)
        self._pages.update_many(
            {"_id": {"$in": list(mark.pages)}, "fate": Fate.TAKEN_DOWN.value},
            {
                "$set": {"state": DUE, "nextFetchAt": now},
                "$unset": {"fate": "", "fateReason": "", "fateAt": ""},
                "$push": event(now, "released", None, "no longer taken down"),
            },
        )
        return mark


def _mark_of(document: Document) -> Mark:
    return Mark(
        key=document["_id"],
        pages=tuple(document["pages"]),
        urls=tuple(document["urls"]),
        reason=document["reason"],
        at=document["at"],
    )


def _never_again(mark: Mark) -> Document:
    """Whoever holds the page loses it with the lease; what happened to it before is forgotten."""
    known: dict[str, Any] = {
        "state": SETTLED,
        "fate": Fate.TAKEN_DOWN.value,
        "fateReason": mark.reason,
        "fateAt": mark.at,
        "attempts": 0,
        "priority": REVISIT,
        "events": [{"at": mark.at, "what": Fate.TAKEN_DOWN.value, "by": None, "why": mark.reason}],
    }
    return {"$set": known, "$unset": dict.fromkeys(("lease", "checkAt", "jobId", "nextFetchAt", *_READ_OFF), "")}
