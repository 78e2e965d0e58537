"""A page as the ledger keeps it: its values on the way in and out, and the documents and updates they become."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from pymongo import UpdateOne

from stories.fate import Fate
from stories.mongo import Document

DUE, LEASED, HANDED_OVER, SETTLED = "due", "leased", "handedOver", "settled"

SEED, FRESH, LISTED, RELATED, REVISIT = 0, 1, 2, 3, 30
"""Priorities, a small integer each: seeds first, fresh before old, then related news by its distance (RELATED + steps),
so that a story is read at its shortest distance; what we have already comes last."""

MAX_ATTEMPTS: Final = 6  # the sixth failure is a person's business: about an hour of growing pauses has passed
EVENTS_KEPT: Final = 20  # four visits' worth; a page's document stays under 4 kB
HAND_OVER_CHECK: Final = timedelta(seconds=60)  # two sweeps; a healthy batch is enriched within a second
STATE_FATE_VERSION: Final = {"state": "$state", "fate": "$fate", "version": "$pageVersion"}
"""By what a run's pages are counted."""
BACKOFF: Final = (10, 30, 120, 600, 1800)  # seconds after each failed attempt: 10 s lets a restart pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """A page that somebody pointed to."""

    key: str
    site: str
    host: str
    url: str
    kind: str
    priority: int
    depth: int
    found_on: str | None = None
    """The key of the page that showed it; None for a seed."""
    relation: str | None = None
    alias: str | None = None
    """A further address that led here by redirection."""
    nested: int = 0
    """How many sitemaps stand above this one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """The right to fetch a page for a while."""

    key: str
    token: str
    ends: float
    """On the monotonic clock of the process that has it, never later than by the server's: no wall clock counts."""
    run: str
    site: str
    host: str
    url: str
    kind: str
    depth: int
    attempts: int
    etag: str | None = None
    last_modified: str | None = None
    digest: str | None = None
    """Of what we read there last (identity.reading_digest)."""
    published: datetime | None = None
    """When the story there was published, if we have read it."""
    aliases: tuple[str, ...] = ()
    nested: int = 0
    """How many sitemaps stand above this one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """A page's fate, and when to look again (None: never)."""

    key: str
    token: str
    fate: Fate
    reason: str | None = None
    next_fetch_at: datetime | None = None
    etag: str | None = None
    last_modified: str | None = None
    digest: str | None = None
    published: datetime | None = None
    page_version: str | None = None
    """Which layout read it, where it is an article."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What became of a run's pages."""

    fates: dict[str, int]
    page_versions: dict[str, int]
    """Articles by the layout that read them: a growing `fallback` says that the site has a new one."""
    in_flight: int
    """Leased or handed over: somebody is at it, or the sweeper will notice."""
    later: int
    """Due again after a failure: another run's business, if this one has ended."""

    def counts(self) -> Document:
        """As it stands in a run's document."""
        return {
            "fates": self.fates,
            "pageVersions": self.page_versions,
            "open": self.in_flight,
            "later": self.later,
        }


def report_of(groups: Iterable[Document]) -> Report:
    """Of pages counted by STATE_FATE_VERSION."""
    states, fates, versions = Counter[str](), Counter[str](), Counter[str]()
    for group in groups:
        states[group["_id"]["state"]] += group["n"]
        if group["_id"]["state"] == SETTLED:
            fates[group["_id"]["fate"]] += group["n"]
            if Fate(group["_id"]["fate"]).is_story:
                versions[group["_id"].get("version") or "unknown"] += group["n"]
    return Report(
        fates=dict(fates),
        page_versions=dict(versions),
        in_flight=states[LEASED] + states[HANDED_OVER],
        later=states[DUE],
    )


def insertion(page: Discovery, now: datetime) -> UpdateOne:
    new: Mapping[str, Any] = {
        "site": page.site,
        "host": page.host,
        "url": page.url,
        "kind": page.kind,
        "priority": page.priority,
        "state": DUE,
        "nextFetchAt": now,
        "attempts": 0,
        "foundOn": page.found_on,
        "relation": page.relation,
        "firstSeenAt": now,
        "events": [{"at": now, "what": "found", "by": page.found_on, "why": page.relation}],
    }
    if page.nested:
        new = {**new, "nested": page.nested}
    update: Document = {"$setOnInsert": new, "$min": {"depth": page.depth}}
    if page.alias:
        update["$addToSet"] = {"aliases": page.alias}
    return UpdateOne({"_id": page.key}, update, upsert=True)


def leasing(token: str, run: str, length: timedelta) -> list[Document]:
    until = {"$add": ["$$NOW", _milliseconds(length)]}
    event = {"at": "$$NOW", "what": "leased", "by": run, "why": None}
    events = {"$slice": [{"$concatArrays": ["$events", [event]]}, -EVENTS_KEPT]}
    return [
        {
            "$set": {
                "state": LEASED,
                "lease": {"token": token, "until": until},
                "run": run,
                "nextFetchAt": until,  # an expired lease is due by itself
                "checkAt": until,
                "events": events,
            }
        }
    ]


def leased_as(token: str) -> list[Document]:
    """Pages with this token, the first to be asked for first; `left` is for how many milliseconds they have it."""
    return [
        {"$match": {"state": LEASED, "checkAt": {"$exists": True}, "lease.token": token}},
        {"$sort": {"priority": 1, "_id": 1}},
        {"$set": {"left": {"$subtract": ["$lease.until", "$$NOW"]}}},
        {"$unset": "events"},
    ]


def at_once(now: datetime) -> Document:
    """But not before the server's own wish, where a page has one."""
    return {"$max": [now, "$notBefore"]}


def renewing(length: timedelta) -> list[Document]:
    until = {"$add": ["$$NOW", _milliseconds(length)]}
    return [{"$set": {"lease.until": until, "nextFetchAt": until, "checkAt": until}}]


def looking_later() -> list[Document]:
    return [{"$set": {"checkAt": {"$add": ["$$NOW", _milliseconds(HAND_OVER_CHECK)]}}}]


def _milliseconds(length: timedelta) -> int:
    return int(length.total_seconds() * 1000)


def owned(leases: Iterable[tuple[str, str]]) -> Document:
    """A filter for pages (key, token) that are still under their leases. A lease has one token for all its pages, so
    it is a few branches, not one a page.
    """
    keys_of: dict[str, list[str]] = {}
    for key, token in leases:
        keys_of.setdefault(token, []).append(key)
    return {"$or": [{"_id": {"$in": keys}, "lease.token": token} for token, keys in keys_of.items()]}


def lease_of(page: Document, *, ends: float) -> Lease:
    return Lease(
        key=page["_id"],
        token=page["lease"]["token"],
        ends=ends,
        run=page["run"],
        site=page["site"],
        host=page["host"],
        url=page["url"],
        kind=page["kind"],
        depth=page["depth"],
        attempts=page["attempts"],
        etag=page.get("etag"),
        last_modified=page.get("lastModified"),
        digest=page.get("digest"),
        published=page.get("published"),
        aliases=tuple(page.get("aliases", ())),
        nested=page.get("nested", 0),
    )


def settling(settlement: Settlement, now: datetime) -> UpdateOne:
    known: Document = {
        "state": SETTLED,
        "fate": settlement.fate.value,
        "fateReason": settlement.reason,
        "fateAt": now,
        "attempts": 0,
        "priority": REVISIT,
    }
    gone = {"lease": "", "checkAt": "", "jobId": "", "notBefore": ""}
    if settlement.fate is Fate.CHALLENGE and settlement.next_fetch_at:
        known["notBefore"] = settlement.next_fetch_at  # its gateway is left alone, whoever orders the page
        del gone["notBefore"]
    if settlement.next_fetch_at is None:
        gone["nextFetchAt"] = ""
    else:
        known["nextFetchAt"] = settlement.next_fetch_at
    for field, value in (
        ("etag", settlement.etag),
        ("lastModified", settlement.last_modified),
        ("digest", settlement.digest),
        ("published", settlement.published),
        ("pageVersion", settlement.page_version),
    ):
        if value is not None:
            known[field] = value
    return UpdateOne(
        {"_id": settlement.key, "lease.token": settlement.token},
        {"$set": known, "$unset": gone, "$push": event(now, settlement.fate.value, None, settlement.reason)},
    )


def event(now: datetime, what: str, by: str | None, why: str | None) -> Document:
    return {"events": {"$each": [{"at": now, "what": what, "by": by, "why": why}], "$slice": -EVENTS_KEPT}}
