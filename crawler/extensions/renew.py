"""Leases of pages that are long at work are renewed, so that nobody else begins with them meanwhile."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import Any, Self

from pymongo.errors import PyMongoError
from scrapy import signals
from scrapy.crawler import Crawler

from crawler.frontier import Frontier

log = logging.getLogger(__name__)


class Renew:
    def __init__(self, frontier: Frontier) -> None:
        self.frontier = frontier
        self._renewing: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        spider: Any = crawler.spider
        extension = cls(spider.frontier)
        crawler.signals.connect(extension.opened, signal=signals.spider_opened)
        crawler.signals.connect(extension.closed, signal=signals.spider_closed)
        return extension

    def opened(self) -> None:
        self._renewing = asyncio.ensure_future(self._renew())

    async def closed(self) -> None:
        if self._renewing:
            self._renewing.cancel()
            with suppress(asyncio.CancelledError):
                await self._renewing

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(self.frontier.renewal)
            try:
                await self.frontier.renew()
            except PyMongoError as error:  # it was waited for in vain: the leases end, and others take the pages
                log.warning("leases could not be renewed", extra={"error": type(error).__name__})
