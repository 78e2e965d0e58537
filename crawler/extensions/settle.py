"""Every page gets its one fate: here all the ways in which Scrapy can lose one are caught.

A page normally settles in the spider or in a pipeline. What is caught here is an error, or a way out that no signal of
Scrapy's tells of. The frontier takes only the first word on each page, so catching twice does no harm.
"""

from __future__ import annotations

import logging
from typing import Any, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from twisted.python.failure import Failure

from crawler.frontier import Frontier
from crawler.items import Clipping
from stories.errors import QuarantineError
from stories.fate import Fate
from stories.pages import Lease
from stories.patience import DRIVERS
from stories.quarantine import Quarantine

log = logging.getLogger(__name__)


class Settle:
    """Listens to the signals that end a page's way."""

    def __init__(self, frontier: Frontier, quarantine: Quarantine) -> None:
        self.frontier = frontier
        self.quarantine = quarantine

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        spider: Any = crawler.spider
        extension = cls(spider.frontier, spider.quarantine)
        connect = crawler.signals.connect
        connect(extension.downloaded, signal=signals.request_left_downloader)
        connect(extension.spider_error, signal=signals.spider_error)
        connect(extension.item_error, signal=signals.item_error)
        connect(extension.request_dropped, signal=signals.request_dropped)
        connect(extension.closed, signal=signals.spider_closed)
        return extension

    def downloaded(self, request: Request) -> None:
        lease = _lease_of(request)
        if lease:
            self.frontier.downloaded(lease)

    def spider_error(self, failure: Failure, response: Any) -> None:
        """Our own code failed on a page: a person should see that page. A lost server is not the page's fault."""
        lease = _lease_of(getattr(response, "request", None))
        if isinstance(failure.value, DRIVERS):
            self._give_back(lease, failure)
        elif lease:
            self.frontier.later(self._quarantine(lease, stage="read", reason=_said(failure)))

    def _give_back(self, lease: Lease | None, failure: Failure) -> None:
        """A server was waited for in vain: its page loses no try, and the run is resumed when it has ended."""
        self.frontier.servers_lost = True
        if lease:
            self.frontier.retry(lease, reason=_said(failure), counts=False)

    async def item_error(self, item: Clipping, failure: Failure) -> None:
        if isinstance(failure.value, QuarantineError):
            await self._quarantine(item.lease, stage="read", reason=str(failure.value))
        elif isinstance(failure.value, DRIVERS):
            self._give_back(item.lease, failure)
        else:
            self.frontier.retry(item.lease, reason=_said(failure))

    def request_dropped(self, request: Request) -> None:
        lease = _lease_of(request)
        if lease:
            self.frontier.retry(lease, reason="Scrapy's scheduler dropped the request")

    async def closed(self) -> None:
        await self.frontier.close()

    async def _quarantine(self, lease: Lease, *, stage: str, reason: str) -> None:
        if not self.frontier.is_held(lease):
            return
        log.error("page quarantined", extra={"page": lease.key, "stage": stage, "reason": reason})
        await self.frontier.in_thread(
            self.quarantine.put,
            lease.key,
            site=lease.site,
            url=lease.url,
            stage=stage,
            reason=reason[:1000],
            at=self.frontier.now(),
            run=lease.run,
        )
        self.frontier.settle(lease, Fate.QUARANTINED, reason=reason[:300])


def _lease_of(request: Request | None) -> Lease | None:
    return request.meta.get("lease") if request is not None else None


def _said(failure: Failure) -> str:
    return f"{type(failure.value).__name__}: {failure.value}"[:300]
