"""Take a story down: everything that we hold of it goes, and a mark stays, so that it never comes back by itself.

The mark is written first, then all else is removed. Whoever stores looks at the marks before and after, and the command
removes once more when the jobs of that moment have ended (stories/store.py, console/commands/takedown.py). Crawlers ask
for no address of it, and follow no redirect to one (crawler/marks.py). Whatever reads an archive has
to ask `Takedowns.keys` too, or store by `Store.save`, which does.

It goes under every number that it had: the story that a page of it once was (docs/decisions/0002) is a copy of it. Of
what points to it, the edges go and so do the cards in other stories: they show its headline and its first lines.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
_STANDS: Final = {"releasedAt": {"$exists": False}}


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
        return frozenset(key for mark in self._marks.find(_STANDS, {"pages": 1}) for key in mark["pages"])

    def has(self, key: str) -> bool:
        return self._marks.find_one({"pages": key, **_STANDS}, {"_id": 1}) is not None

    def marks(self) -> list[Mark]:
        """Newest first."""
        return [_mark_of(document) for document in self._marks.find(_STANDS).sort("at", pymongo.DESCENDING)]

    def considered(self, key: str, key_of: KeyOf, *, reason: str | None, now: datetime) -> Mark:
        """The mark that this story, or the one that this page leads to, would get. Changes nothing.

        One that it has keeps its time, and its reason unless another is given: it may be removed again and again.
        """
        marked = self._marks.find_one({"pages": key, **_STANDS}, {"_id": 1})
        key = self._shown_at(self._led_to(marked["_id"] if marked else key, key_of))
        known = self._marks.find_one({"_id": key, **_STANDS}) or {}
        pages, urls = {key, *known.get("pages", ())}, set(known.get("urls", ()))
        for _ in range(_HOPS):
            urls |= self._addresses(pages)
            more = {page for page in map(key_of, urls) if page} - pages - self._originals(pages)
            if not more:
                break
            pages |= more
        reason = known.get("reason") if reason is None else reason
        every = (key, *sorted(pages - {key}))
        return Mark(key=key, pages=every, urls=tuple(sorted(urls)), reason=reason, at=known.get("at", now))

    def _led_to(self, key: str, key_of: KeyOf) -> str:
        for _ in range(_HOPS):
            page = self._pages.find_one({"_id": key, "fate": Fate.ALIAS.value}, {"fateReason": 1})
            target = key_of(page["fateReason"]) if page and page["fateReason"] else None
            if target is None:
                break
            key = target
        return key

    def _shown_at(self, key: str) -> str:
        """The story that was last read on this page, which may name another number as its own."""
        if self._stories.find_one({"_id": key}, {"_id": 1}):
            return key
        with pymongo.timeout(_LOOKS):
            read_there = {"addresses": {"$in": sorted(self._addresses({key}))}}
            story = self._stories.find_one(read_there, {"_id": 1}, sort=[("dateDownloaded", pymongo.DESCENDING)])
        return story["_id"] if story else key

    def _addresses(self, keys: set[str]) -> set[str]:
        """All that these stories and pages are known by."""
        named = {"_id": {"$in": sorted(keys)}}
        stories = self._stories.find(named, {"addresses": 1})
        pages = self._pages.find(named, {"url": 1, "aliases": 1})
        return {url for story in stories for url in story["addresses"]} | {
            url for page in pages for url in (page["url"], *page.get("aliases", ()))
        }

    def _originals(self, keys: set[str]) -> set[str]:
        """Of copies, which may give an address of the original as their own: that is another publisher's story."""
        copies = self._stories.find({"_id": {"$in": sorted(keys)}}, {"isBasedOnKey": 1})
        return {copy["isBasedOnKey"] for copy in copies if copy.get("isBasedOnKey")}

    def holdings(self, mark: Mark) -> Holdings:
        its = {"$in": list(mark.pages)}
        stories = list(self._stories.find({"_id": its}, {"republishedBy": 1}))
        return Holdings(
            stories=len(stories),
            revisions=self._revisions.count_documents({"key": its}),
            links_from=self._links.count_documents({"from": its}),
            links_to=self._links.count_documents({"to": its}),
            quarantined=self._quarantine.count_documents({"_id": its}),
            pages=self._pages.count_documents({"_id": its}),
            republished_by=tuple(sorted({copy for story in stories for copy in story.get("republishedBy", ())})),
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
        its = {"$in": list(mark.pages)}
        self._pages.update_many({"_id": its}, _never_again(mark))
        self._quarantine.delete_many({"_id": its})
        self._stories.delete_many({"_id": its})
        self._revisions.delete_many({"key": its})
        self._links.delete_many({"from": its})
        self._remove_cards(mark)
        with pymongo.timeout(_LOOKS):
            self._remove_paid_cards(mark)
            self._stories.update_many({"nearDuplicateOf.key": its}, {"$set": {"nearDuplicateOf": None}})
            self._stories.update_many({"republishedBy": its}, {"$pull": {"republishedBy": its}})

    def _remove_cards(self, mark: Mark) -> None:
        """Each edge goes with its card: one that is stored meanwhile shows whoever stored it that a card is left."""
        for edge in self._links.find({"to": {"$in": list(mark.pages)}}, {"from": 1, "url": 1}):
            self._stories.update_one({"_id": edge["from"]}, {"$pull": {"relatedLinks": {"url": edge["url"]}}})
            self._links.delete_one({"_id": edge["_id"]})

    def _remove_paid_cards(self, mark: Mark) -> None:
        """They have no edges (stories/edges.py): they are found by the addresses that we know of the story."""
        to_it = {"url": {"$in": list(mark.urls)}}
        self._stories.update_many({"relatedLinks": {"$elemMatch": to_it}}, {"$pull": {"relatedLinks": to_it}})

    def release(self, key: str, *, now: datetime) -> str | None:
        """Forget the mark of a story or page: its pages are due again. Gives its key; None if it was not taken down.

        May be repeated where it was cut short. The mark no longer stands before any page is due: a crawler that had it
        then would settle the page for good.
        """
        self._marks.delete_one({"_id": None})  # there is none: who may not remove is told so before anything is changed
        mark = self._marks.find_one_and_update(
            {"pages": key}, {"$set": {"releasedAt": now}}, sort=[("releasedAt", pymongo.ASCENDING)]
        )  # one that stands comes before what is left of a release that was cut short
        if mark is None:  # a page that only leads to one has none of its own
            return key if self._make_due([key], now) else None
        self._make_due(mark["pages"], now)
        self._marks.delete_one({"_id": mark["_id"], "releasedAt": {"$exists": True}})  # unless it was taken down anew
        return str(mark["_id"])

    def _make_due(self, pages: Sequence[str], now: datetime) -> int:
        return self._pages.update_many(
            {"_id": {"$in": list(pages)}, "fate": Fate.TAKEN_DOWN.value},
            {
                "$set": {"state": DUE, "nextFetchAt": now},
                "$unset": {"fate": "", "fateReason": "", "fateAt": ""},
                "$push": event(now, "released", None, "no longer taken down"),
            },
        ).modified_count


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
