"""The run's sign of life, with what a person watches: pages by fate, held, per second.

Here a crawler hears that another goes on with its run: its worker had gone silent, so its job was queued again.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import Any, Final, Self

from pymongo.errors import PyMongoError
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from stories.runs import Runs

log = logging.getLogger(__name__)

_EVERY: Final = 1.0  # seconds; a person who watches sees it move, MongoDB does not notice


class Heartbeat:
    def __init__(self, crawler: Crawler, spider: Any) -> None:
        self.crawler = crawler
        self.spider = spider
        self.runs: Runs = spider.runs
        self._beating: asyncio.Task[None] | None = None
        self._ending: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if crawler.spider is None:
            raise NotConfigured
        extension = cls(crawler, crawler.spider)
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
                if not await asyncio.to_thread(self.runs.beat, frontier.order.run, now=now, progress=progress):
                    self._give_way()
                frontier.confirmed_at = asked_at
            await asyncio.sleep(_EVERY)

    def _give_way(self) -> None:
        """End in good order. At each beat anew: an engine that is about to run cannot be stopped yet."""
        frontier, engine = self.spider.frontier, self.crawler.engine
        if not frontier.is_anothers:
            log.warning("another crawler goes on with this run", extra={"run": frontier.order.run})
            frontier.is_anothers = True
        if engine is not None and engine.running:
            self._ending = asyncio.ensure_future(self.crawler.stop_async())
