"""No address of a story that was taken down is asked for, whoever points to it, and whoever redirects to it.

Asked at the last moment (crawler/download.py): a request may have waited for its turn for minutes.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Final

from pymongo.errors import PyMongoError

from crawler import follow
from crawler.outcome import TakenDown
from stories.takedown import Takedowns

_EVERY: Final = 2.0  # seconds between looks at the marks; what is fetched meanwhile is stored by nobody


class Marks:
    """Those of all takedowns, as a crawl knows them."""

    def __init__(self, takedowns: Takedowns, keys: frozenset[str]) -> None:
        """`keys` are those of the start: in the loop that all wait for, nothing may wait for MongoDB."""
        self._takedowns = takedowns
        self._keys = keys
        self._looking: asyncio.Task[None] | None = None

    async def check(self, url: str) -> None:
        """Raises TakenDown, which ends in the request's errback."""
        key = follow.key_of(url) if self._keys else None
        if key in self._keys and await asyncio.to_thread(self._is_marked, key):
            raise TakenDown("it was taken down")

    def _is_marked(self, key: str) -> bool:
        """As of now: one that was released a moment ago is asked for, and would else be settled for good."""
        try:
            return self._takedowns.has(key)
        except PyMongoError:  # what was known is still so
            return True

    def opened(self) -> None:
        self._looking = asyncio.ensure_future(self._look())

    def closed(self) -> None:
        if self._looking:
            self._looking.cancel()

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(_EVERY)
            with suppress(PyMongoError):  # what was known is still so; the ledger notices the outage
                self._keys = await asyncio.to_thread(self._takedowns.keys)
