"""What may be thrown away with age: records of what was done, never a story.

A story goes by its name only (stories/takedown.py). Of the rest each kind is kept for ever unless an age is given.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final

import pymongo
from pymongo.collection import Collection

from stories.errors import UsageError
from stories.fate import Fate
from stories.mongo import Document, Stories
from stories.pages import SETTLED
from stories.runs import FAILED, FINISHED

KINDS: Final[Mapping[str, str]] = {
    "runs": "reports of crawls that ended so long ago",
    "ticks": "what schedules did; the newest tick of each stays, for it says from when on to fire",
    "revisions": "earlier texts of stories, replaced so long ago",
    "quarantine": "pages that a person did not look at for so long; the ledger keeps their fate",
    "gone": "pages of the ledger that are gone, never were a story, and were found so long ago",
    "events": "what happened to settled pages so long ago; their fate stays",
}
"""What can be thrown away, and what that is."""

Ages = Mapping[str, timedelta]
"""By kind: what is older may go."""

_AGE: Final = re.compile(r"([1-9]\d{0,3})([dwy])")
_DAYS: Final = {"d": 1, "w": 7, "y": 365}
_AT_ONCE: Final = 1_000  # documents removed in one call: some 20 ms of a server that others wait for
_LOOKS: Final = 600.0  # seconds: a million pages are read in some


def age(text: str) -> timedelta:
    """`90d`, `12w`, `2y`. Raises UsageError."""
    found = _AGE.fullmatch(text.strip())
    if found is None:
        raise UsageError(f"{text[:50]!r} is no age. Write days, weeks or years: 90d, 12w, 2y.")
    return timedelta(days=int(found[1]) * _DAYS[found[2]])


def ages(text: str) -> dict[str, timedelta]:
    """`runs=90d ticks=1y`. Raises UsageError that says what there is."""
    known = {}
    for part in text.split():
        kind, _, wanted = part.partition("=")
        if kind not in KINDS:
            raise UsageError(f"{part[:50]!r}: nothing of that kind is ever thrown away. There are: {', '.join(KINDS)}.")
        known[kind] = age(wanted)
    return known


class Retention:
    """Counts first; removes when told to."""

    def __init__(self, database: Stories) -> None:
        self._database = database

    def excess(self, wanted: Ages, *, now: datetime) -> dict[str, int]:
        """How many documents of each kind are older; of `events` how many pages have such."""
        with pymongo.timeout(_LOOKS):
            return {kind: self._of(kind).count_documents(self._older(kind, now - old)) for kind, old in wanted.items()}

    def throw_away(self, wanted: Ages, *, now: datetime) -> dict[str, int]:
        """Gives how many documents went, or were made shorter."""
        with pymongo.timeout(_LOOKS):
            return {kind: self._throw_away(kind, now - old) for kind, old in wanted.items()}

    def _throw_away(self, kind: str, before: datetime) -> int:
        of, older, count = self._of(kind), self._older(kind, before), 0
        for ids in _chunks(found["_id"] for found in of.find(older, {"_id": 1})):
            these = {**older, "_id": {"$in": ids}}  # once more: what is in use again since we looked stays
            if kind == "events":
                count += of.update_many(these, {"$pull": {"events": {"at": {"$lt": before}}}}).modified_count
            else:
                count += of.delete_many(these).deleted_count
        return count

    def _of(self, kind: str) -> Collection[Document]:
        return self._database["pages" if kind in {"gone", "events"} else kind]

    def _older(self, kind: str, before: datetime) -> Document:
        old = {"$lt": before}
        match kind:
            case "runs":  # one with open pages is counted anew by the sweeper
                return {"createdAt": old, "finishedAt": old, "state": {"$in": [FINISHED, FAILED]}, "open": {"$lte": 0}}
            case "ticks":
                return {"instant": old, "outcome": {"$ne": "claimed"}, "_id": {"$nin": self._newest_ticks()}}
            case "revisions":
                return {"replacedAt": old}
            case "quarantine":
                return {"at": old}
            case "gone":
                never_read = {"digest": {"$exists": False}, "published": {"$exists": False}}
                return {"state": SETTLED, "fate": Fate.GONE.value, "firstSeenAt": old, **never_read}
            case "events":
                return {"state": SETTLED, "events.at": old}
        raise ValueError(kind)

    def _newest_ticks(self) -> list[Any]:
        newest = {"$sort": {"schedule": 1, "instant": 1}}, {"$group": {"_id": "$schedule", "tick": {"$last": "$_id"}}}
        return [group["tick"] for group in self._database["ticks"].aggregate([*newest])]


def _chunks(ids: Iterable[Any]) -> Iterator[list[Any]]:
    rest = iter(ids)
    while chunk := list(islice(rest, _AT_ONCE)):
        yield chunk
