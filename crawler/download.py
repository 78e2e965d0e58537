"""The download handler. Pages that need a browser are rendered; the others never see one.

In replica mode every request goes to the replica, and only there.
A request for en.tempo.co is sent to the replica with that Host header; its response keeps its real address. So keys,
robots.txt and per-host politeness work as in production, and nothing can leave the machine.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import SplitResult, urlsplit, urlunsplit

from scrapy import Request
from scrapy.core.downloader import Downloader, Slot
from scrapy.core.downloader.handlers._aiohttp import AiohttpDownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadConnectionRefusedError
from scrapy.http import Headers, Response

from crawler.allowance import RECEIVED
from crawler.connection import ClosedAddressError, door
from crawler.marks import Marks
from crawler.outcome import NotNow
from crawler.politeness import Politeness
from crawler.rendering import Renderer


@dataclass(slots=True)
class _AtReplica:
    """What the handler looks at of a request, with the replica's address. (Scrapy's own copy takes 0.1 ms.)"""

    url: str
    method: str
    body: bytes
    headers: Headers
    meta: dict[str, Any]


class DownloadHandler(AiohttpDownloadHandler):
    """aiohttp's (a fifth faster than Twisted's, docs/decisions/0003), with the replica in front of the sites."""

    experimental = False
    """Scrapy warns of it at every start. We pin Scrapy's minor version, and the storm tests run on this handler."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        replica = crawler.settings["KLIPING_REPLICA"]
        self._replica = urlsplit(replica) if replica else None
        _guard(self._session.connector, self._replica)
        assert crawler.stats is not None  # made before any handler
        self._stats = crawler.stats
        self._politeness: Politeness | None = getattr(crawler.spider, "politeness", None)
        self._marks: Marks | None = getattr(crawler.spider, "marks", None)
        if self._politeness:
            self._politeness.line.goes_on = lambda: crawler.engine is not None and crawler.engine.running

    async def download_request(self, request: Request) -> Response:
        renderer: Renderer | None = request.meta.get("renderer")
        if renderer is not None:
            return await renderer.render(request)
        if self._marks:  # now, for it shall take nobody's turn; and when it has had its own
            await self._marks.check(request.url)
        if self._politeness is None:
            return await self._answer(request)
        return await self._politeness.ask(request, self._answer)

    async def _answer(self, request: Request) -> Response:
        if self._marks:
            await self._marks.check(request.url)
        try:
            return await super().download_request(request)
        except DownloadConnectionRefusedError as error:
            why = getattr(error.__cause__, "os_error", None)  # aiohttp's
            if isinstance(why, ClosedAddressError):  # a captive portal, a sinkhole, an attack: no page is to blame
                raise NotNow(f"{urlsplit(request.url).hostname} leads to {why}") from error
            raise

    @staticmethod
    def _request_headers(request: Request) -> Headers:
        """As they are. (Scrapy copies them, to take out what is for a proxy; we use none.)"""
        return request.headers

    @staticmethod
    def _extract_headers(response: Any) -> Headers:
        """As bytes. (Scrapy takes aiohttp's texts, in which a byte that is no UTF-8 loses the page.)"""
        return Headers(response.raw_headers)

    async def _iter_body_chunks(self, response: Any) -> AsyncIterator[bytes]:  # type: ignore[override]  # static there
        received = 0
        try:
            async for chunk in super()._iter_body_chunks(response):
                received += len(chunk)
                yield chunk
        finally:
            self._stats.inc_value(RECEIVED, received)

    def _make_request(self, request: Request, timeout: float) -> Any:
        if self._replica is not None:
            request = cast("Request", _at_replica(request, self._replica))
        return super()._make_request(request, timeout)


class PunctualDownloader(Downloader):
    """Scrapy's, which counts a request only when its task runs: of those that come at once, it lets too many through.

    Without a delay a host with a concurrency of 2 had up to 16 at a time (Scrapy 2.19). Its delay is that of one
    process, with chance in it: where there are manners (politeness.py), they know better.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        if getattr(crawler.spider, "politeness", None):
            self._delay = 0.0

    def _wait_for_download(self, slot: Slot, request: Request, queue_dfd: Any) -> Any:
        slot.transferring.add(request)
        return super()._wait_for_download(slot, request, queue_dfd)


def _guard(connector: Any, replica: SplitResult | None) -> None:
    """Every connection goes through our door. Scrapy makes the connector, and gives no place to say so."""
    assert connector._socket_factory is None  # noqa: SLF001 - aiohttp's `socket_factory`, where it keeps it
    connector._socket_factory = door(replica)  # noqa: SLF001
    if replica:  # there all hosts are one, and would wait for each other between their turn and its use
        connector._limit_per_host = 0  # noqa: SLF001 - unlimited; the downloader knows how many each may have


def _at_replica(request: Request, replica: SplitResult) -> _AtReplica:
    parts = urlsplit(request.url)
    headers = request.headers.copy()
    headers["Host"] = parts.netloc
    return _AtReplica(
        url=urlunsplit((replica.scheme, replica.netloc, parts.path or "/", parts.query, "")),
        method=request.method,
        body=request.body,
        headers=headers,
        meta=request.meta,
    )
