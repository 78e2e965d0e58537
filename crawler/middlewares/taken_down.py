"""No address of a story that was taken down is asked for, whoever points to it, and whoever redirects to it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Final, Self

from pymongo.errors import PyMongoError
from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from crawler import follow
from crawler.outcome import TakenDown
from stories.takedown import Takedowns

_EVERY: Final = 2.0  # seconds between looks at the marks; what is fetched meanwhile is stored by nobody


class TakenDownMiddleware:
    """Raises TakenDown, which ends in the request's errback."""

    def __init__(self, takedowns: Takedowns, keys: frozenset[str]) -> None:
        """`keys` are those of the start: here, in the loop that all wait for, nothing may wait for MongoDB."""
        self._takedowns = takedowns
        self._keys = keys
        self._looking: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        takedowns: Takedowns | None = getattr(crawler.spider, "takedowns", None)
        if takedowns is None:  # one page alone, of which nothing is stored (crawler/fetch.py)
            raise NotConfigured
        middleware = cls(takedowns, crawler.spider.taken_down)  # type: ignore[union-attr]  # run.py gives both
        crawler.signals.connect(middleware.opened, signal=signals.spider_opened)
        crawler.signals.connect(middleware.closed, signal=signals.spider_closed)
        return middleware

    def process_request(self, request: Request) -> None:
        if self._keys and follow.key_of(request.url) in self._keys:
            raise TakenDown("it was taken down")

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
