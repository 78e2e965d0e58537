"""What could not be processed: who, when, what, where, and how to release it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from pymongo import DESCENDING

from stories.errors import UsageError
from stories.ledger import Ledger
from stories.mongo import Document, Stories
from stories.takedown import Takedowns

_LONGEST_PAYLOAD: Final = 8_000_000  # characters; MongoDB keeps documents of up to 16 MB


class Quarantine:
    """The collection `quarantine`; `_id` is the page's key."""

    def __init__(self, database: Stories) -> None:
        self._kept = database["quarantine"]
        self._takedowns = Takedowns(database)

    def put(
        self,
        page: str,
        *,
        site: str,
        url: str | None,
        stage: str,
        reason: str,
        at: datetime,
        run: str | None = None,
        payload: Mapping[str, Any] | None = None,
    ) -> None:
        """Keep a page for a person. `stage` is where it failed: fetch, read, enrich, store, job.

        Nothing is kept of a page that was taken down, be it in this moment: so we look once more after we wrote.
        """
        if self._takedowns.has(page):
            return
        kept = {
            "page": page,
            "site": site,
            "url": url,
            "stage": stage,
            "reason": reason,
            "at": at,
            "run": run,
            "payload": _as_text(payload),
        }
        self._kept.replace_one({"_id": page}, kept, upsert=True)
        if self._takedowns.has(page):
            self._kept.delete_one({"_id": page})

    def newest(self, *, limit: int) -> list[Document]:
        return list(self._kept.find({}, {"payload": 0}).sort("at", DESCENDING).limit(limit))

    def get(self, page: str) -> Document | None:
        """The entry, with its payload as it came."""
        kept = self._kept.find_one({"_id": page})
        if kept and kept["payload"]:
            kept["payload"] = json.loads(kept["payload"])
        return kept

    def count(self) -> int:
        return self._kept.count_documents({})

    def release(self, page: str, ledger: Ledger) -> bool:
        """Let the next crawl try the page again; False if it is not here. Raises UsageError while somebody is at it."""
        kept = self.get(page)
        if kept is None:
            return False
        if ledger.is_at_work(page):  # before: it may get its fate meanwhile, and would be due by nobody
            raise UsageError(f"{page} is being worked on at this moment. Repeat the command in a minute.")
        ledger.make_due([page])
        self._kept.delete_one({"_id": page, "at": kept["at"]})  # and no newer one
        return True


def _as_text(payload: Mapping[str, Any] | None) -> str | None:
    """JSON: what could not be processed may hold what BSON cannot, such as a number of 70 bits."""
    text = None if payload is None else json.dumps(payload)
    return text if text and len(text) <= _LONGEST_PAYLOAD else None
