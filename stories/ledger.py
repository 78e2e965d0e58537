"""The memory of every page: found, leased to one crawler, handed over to one job, settled with one fate.

    due ──lease──> leased ──hand_over──> handedOver ──settle──> settled ──(next visit)──> due
     ^                │ lease ends            │ job gone (sweep)
     └────────────────┴───────────────────────┘

A lease is a token and an end. Whoever settles must show the token, so of two owners of one page only the last one can.
Leasing compares with MongoDB's own clock ($$NOW), and who has a lease judges its end by the monotonic clock, so that
wrong clocks on crawlers give nobody a page for ever (docs/decisions/0013).
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from pymongo import ASCENDING, UpdateMany, UpdateOne

from stories.fate import Fate
from stories.mongo import Document, ServerClock, Stories
from stories.pages import (
    BACKOFF,
    DUE,
    HAND_OVER_CHECK,
    HANDED_OVER,
    LEASED,
    SEED,
    SETTLED,
    STATE_FATE_VERSION,
    Discovery,
    Lease,
    Report,
    Settlement,
    at_once,
    event,
    insertion,
    lease_of,
    leased_as,
    leasing,
    looking_later,
    owned,
    renewing,
    report_of,
    settling,
)

_FOR_THE_SWEEPER: Final = ("jobId", "run", "site", "url", "attempts", "lease.token")


class Ledger:
    """The collection `pages`. Every method is one bounded call or a few; all may raise PyMongoError."""

    def __init__(self, database: Stories, *, lease: timedelta) -> None:
        self._pages = database["pages"]
        self.length = lease
        """Of a lease."""
        self._clock = ServerClock(database)

    def now(self) -> datetime:
        return self._clock.now()

    def about_now(self) -> datetime:
        """As now(), for those who may not wait for the server."""
        return self._clock.estimate()

    # -- found ----------------------------------------------------------------------------------------------

    def discover(self, found: Iterable[Discovery]) -> None:
        """Remember pages; one that is known stays as it is, but for a shorter way to it. Acknowledged by a majority."""
        now = self.now()
        updates = [insertion(page, now) for page in found]
        if updates:
            self._pages.bulk_write(updates, ordered=False)

    def make_due(self, keys: Sequence[str], *, priority: int = SEED) -> int:
        """Ask again for these now, unless somebody is at it, or they were taken down; gives how many.

        Not before their server wants: what it asked for, no order cuts short.
        """
        free = {"state": {"$in": [DUE, SETTLED]}, "fate": {"$ne": Fate.TAKEN_DOWN.value}}
        result = self._pages.update_many(
            {"_id": {"$in": list(keys)}, **free},
            [{"$set": {"state": DUE, "nextFetchAt": at_once(self.now()), "priority": priority}}],
        )
        return result.matched_count

    def make_site_due(self, site: str) -> int:
        """Ask again for every settled page of a site that is ever asked again; gives how many."""
        known = {"site": site, "state": SETTLED, "nextFetchAt": {"$exists": True}}
        return self._pages.update_many(known, [{"$set": {"nextFetchAt": at_once(self.now())}}]).matched_count

    # -- leased ---------------------------------------------------------------------------------------------

    def hosts(self, site: str) -> list[str]:
        """Hosts with pages that are or will be due: one index seek each."""
        hosts: list[str] = []
        while True:
            after = {"$gt": hosts[-1]} if hosts else {"$gte": ""}
            query = {"site": site, "host": after, "nextFetchAt": {"$exists": True}}
            page = self._pages.find_one(query, {"host": 1, "_id": 0}, sort=[("host", ASCENDING)], hint="lease")
            if page is None:
                return hosts
            hosts.append(page["host"])

    def lease(
        self, site: str, *, host: str, limit: int, run: str, max_depth: int, token: str = "", is_again: bool = False
    ) -> list[Lease]:
        """Up to `limit` due pages of a host, in order of priority and of waiting.

        `is_again`: this was asked before, and the answer was lost: what has the token now was leased then.
        """
        token = token or secrets.token_hex(8)
        if is_again and (had := self._had(token)):
            return had
        due = {
            "nextFetchAt": {"$exists": True},
            "depth": {"$lte": max_depth},
            "$expr": {"$lte": ["$nextFetchAt", "$$NOW"]},
        }
        order = [("priority", ASCENDING), ("nextFetchAt", ASCENDING)]
        candidates = self._pages.find({"site": site, "host": host, **due}, {"_id": 1}).sort(order).limit(limit)
        keys = [page["_id"] for page in candidates]
        if not keys:
            return []
        ends = self._ends()
        self._pages.update_many({"_id": {"$in": keys}, **due}, leasing(token, run, self.length))
        leased = self._pages.find({"_id": {"$in": keys}, "lease.token": token}, {"events": 0})
        in_order = {page["_id"]: lease_of(page, ends=ends) for page in leased}
        return [in_order[key] for key in keys if key in in_order]

    def _had(self, token: str) -> list[Lease]:
        """Which of the questions was heard, only the server knows: so the ends are its own."""
        asked = time.monotonic()
        found = self._pages.aggregate(leased_as(token), hint="inFlight")
        return [lease_of(page, ends=asked + page["left"] / 1000) for page in found]

    def renew(self, leases: Sequence[Lease]) -> dict[str, Lease]:
        """Begin leases anew for pages that are still at work, and look later for the jobs of those that were handed
        over and wait to be queued; gives those that are still ours, by key.
        """
        if not leases:
            return {}
        ours = owned((lease.key, lease.token) for lease in leases)
        ends = self._ends()
        self._pages.bulk_write(
            [
                UpdateMany({"state": LEASED, **ours}, renewing(self.length)),
                UpdateMany({"state": HANDED_OVER, **ours}, looking_later()),
            ],
            ordered=False,
        )
        still = {page["_id"] for page in self._pages.find(ours, {"_id": 1})}
        return {lease.key: replace(lease, ends=ends) for lease in leases if lease.key in still}

    def _ends(self) -> float:
        """Of a lease that is asked for now: the server's begins later, so that ours never outlasts it."""
        return time.monotonic() + self.length.total_seconds()

    def is_leased(self, site: str) -> bool:
        """True while anybody holds a living lease on a page of this site: another run, or a process that died."""
        living = {"checkAt": {"$exists": True}, "$expr": {"$gt": ["$checkAt", "$$NOW"]}}  # the first is for the index
        return self._pages.find_one({"state": LEASED, "site": site, **living}, {"_id": 1}) is not None

    def due_soon(self, run: str, *, within: timedelta, but_of: Sequence[str] = ()) -> bool:
        """True if a page that came back to this run is due within that time; pages of some hosts do not count."""
        soon = {"$lte": self.now() + within}
        came_back = {"$or": [{"attempts": {"$gt": 0}}, {"notBefore": {"$exists": True}}]}
        query = {"run": run, "state": DUE, "nextFetchAt": soon, "host": {"$nin": list(but_of)}, **came_back}
        return self._pages.find_one(query, {"_id": 1}, hint="returned") is not None

    def has_due(self, run: str) -> bool:
        """True if a page of this run came back and waits for somebody to take it."""
        query = {"run": run, "state": DUE, "$expr": {"$lte": ["$nextFetchAt", "$$NOW"]}}
        return self._pages.find_one(query, {"_id": 1}, hint="returned") is not None

    def spent(self, run: str) -> int:
        """How much of its page budget a run has spent before it begins again: pages that it need not lease again."""
        untried = {"state": DUE, "attempts": 0}
        return self._pages.count_documents({"run": run, "$nor": [untried]}, hint="report")

    def release(self, run: str) -> int:
        """A run begins again: what its dead process had leased is due at once. Gives how many pages."""
        result = self._pages.update_many(
            {"run": run, "state": LEASED},
            {
                "$set": {"state": DUE, "nextFetchAt": self.now()},
                "$unset": {"lease": "", "checkAt": ""},
                "$push": event(self.now(), "released", run, "its crawler died"),
            },
        )
        return result.modified_count

    def give_back(self, leases: Iterable[Lease]) -> None:
        """Return pages that were not fetched: due at once, no attempt counted."""
        self._release([(lease, "givenBack", None, timedelta(0), 0) for lease in leases])

    def retry(self, lease: Lease, *, reason: str, pause: timedelta | None = None, counts: bool = True) -> None:
        """Return a page whose fetch failed: due after a growing pause, or after the server's own wish, which nobody
        may cut short. One that does not count was not asked for: it is due after just this pause.
        """
        wait = timedelta(seconds=BACKOFF[min(lease.attempts, len(BACKOFF) - 1)])
        if counts:
            self._release([(lease, "failed", reason, max(wait, pause or wait), 1)], until=pause)
        else:
            self._release([(lease, "givenBack", reason, wait if pause is None else pause, 0)], until=pause)

    def _release(
        self, pages: Sequence[tuple[Lease, str, str | None, timedelta, int]], *, until: timedelta | None = None
    ) -> None:
        now = self.now()
        asked = {} if until is None else {"notBefore": now + until}
        updates = [
            UpdateOne(
                {"_id": lease.key, "lease.token": lease.token},
                {
                    "$set": {"state": DUE, "nextFetchAt": now + pause, **asked},
                    "$unset": {"lease": "", "checkAt": "", "jobId": ""},
                    "$inc": {"attempts": attempts},
                    "$push": event(now, what, lease.run, reason),
                },
            )
            for lease, what, reason, pause, attempts in pages
        ]
        if updates:
            self._pages.bulk_write(updates, ordered=False)

    # -- handed over ----------------------------------------------------------------------------------------

    def hand_over(self, tokens: Mapping[str, str], *, job_id: str) -> set[str]:
        """Give pages (key -> lease token) to a job; gives the keys that were still ours to give."""
        now = self.now()
        self._pages.update_many(
            owned(tokens.items()),
            {
                "$set": {"state": HANDED_OVER, "jobId": job_id, "checkAt": now + HAND_OVER_CHECK},
                "$unset": {"nextFetchAt": ""},
                "$push": event(now, "handedOver", job_id, None),
            },
        )
        return {page["_id"] for page in self._pages.find({"_id": {"$in": list(tokens)}, "jobId": job_id}, {"_id": 1})}

    def overdue_jobs(self, *, limit: int, before: datetime | None = None) -> dict[str, list[Document]]:
        """Job ids whose pages should have been settled by now, or by then, with what is known of those pages."""
        overdue = {"state": HANDED_OVER, "checkAt": {"$lte": before or self.now()}}
        jobs: dict[str, list[Document]] = {}
        for page in self._pages.find(overdue, _FOR_THE_SWEEPER).sort("checkAt", ASCENDING).limit(limit):
            jobs.setdefault(page["jobId"], []).append(page)
        return jobs

    def look_later(self, job_ids: Sequence[str]) -> None:
        """These jobs are alive: look again after the usual time."""
        self._pages.update_many(
            {"state": HANDED_OVER, "jobId": {"$in": list(job_ids)}}, {"$set": {"checkAt": self.now() + HAND_OVER_CHECK}}
        )

    def take_back(self, job_ids: Sequence[str], *, reason: str, counts: bool = False) -> int:
        """These jobs are gone: their pages are due at once; gives how many pages. `counts`: each has lost a try."""
        now = self.now()
        result = self._pages.update_many(
            {"state": HANDED_OVER, "jobId": {"$in": list(job_ids)}},
            {
                "$set": {"state": DUE, "nextFetchAt": now},
                "$unset": {"lease": "", "checkAt": "", "jobId": ""},
                "$inc": {"attempts": int(counts)},
                "$push": event(now, "takenBack", None, reason),
            },
        )
        return result.modified_count

    # -- settled --------------------------------------------------------------------------------------------

    def settle(self, settlements: Iterable[Settlement]) -> int:
        """Write fates; gives how many took effect. One whose lease has gone to somebody else takes none."""
        now = self.now()
        updates = [settling(settlement, now) for settlement in settlements]
        return self._pages.bulk_write(updates, ordered=False).matched_count if updates else 0

    # -- asked ----------------------------------------------------------------------------------------------

    def is_at_work(self, key: str) -> bool:
        """True while a crawler, with a lease that lives, or a job has the page."""
        leased = {"state": LEASED, "$expr": {"$gt": ["$checkAt", "$$NOW"]}}
        return self._pages.find_one({"_id": key, "$or": [leased, {"state": HANDED_OVER}]}, {"_id": 1}) is not None

    def page(self, key: str) -> Document | None:
        """All that is known of a page."""
        return self._pages.find_one({"_id": key})

    def report(self, run: str) -> Report:
        """A run's pages: each settled one by its fate, and those that are not settled."""
        groups = self._pages.aggregate(
            [{"$match": {"run": run}}, {"$group": {"_id": STATE_FATE_VERSION, "n": {"$sum": 1}}}],
            hint="report",
        )
        return report_of(groups)
