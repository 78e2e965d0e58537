"""The run's sign of life, with what a person watches: pages by fate, held, per second."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any, Final, Self

from pymongo.errors import PyMongoError
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from stories.runs import Runs

_EVERY: Final = 1.0  # seconds; a person who watches sees it move, MongoDB does not notice


class Heartbeat:
    def __init__(self, spider: Any) -> None:
        self.spider = spider
        self.runs: Runs = spider.runs
        self._beating: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if crawler.spider is None:
            raise NotConfigured
        extension = cls(crawler.spider)
        crawler.signals.connect(extension.opened, signal=signals.spider_opened)
        crawler.signals.connect(extension.closed, signal=signals.spider_closed)
        return extension

    def opened(self) -> None:
        self._beating = asyncio.ensure_future(self._beat())

    async def closed(self) -> None:
        if self._beating:
            self._beating.cancel()
            with suppress(asyncio.CancelledError):
                await self._beating

    async def _beat(self) -> None:
        frontier = self.spider.frontier
        while True:
            progress = {"leased": frontier.leased, "held": len(frontier.held), "fates": dict(frontier.fates)}
            asked_at = asyncio.get_running_loop().time()
            with suppress(PyMongoError):  # an outage is the frontier's business
                now = await asyncio.to_thread(frontier.ledger.now)
                await asyncio.to_thread(self.runs.beat, frontier.order.run, now=now, progress=progress)
                frontier.confirmed_at = asked_at
            await asyncio.sleep(_EVERY)
