"""Pages through scrapy-playwright, in a browser that is started when the first page needs it.

A browser that hangs or dies costs its pages one more try: each page gets a second browser at once, and a time limit.
Whatever a browser leaves behind is killed.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, Final, TypeVar

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError, DownloadFailedError, DownloadTimeoutError, IgnoreRequest
from scrapy.http import Response

from crawler.browser import CLOSE, IDLE, MOST_REQUESTS, PAGE, PAGES_A_BROWSER, SLOT, START
from crawler.in_page import InPage, Scripts
from crawler.offspring import Process, drivers, kill, runs, tree
from crawler.outcome import NoBrowser
from stories.pages import Lease

T = TypeVar("T")
log = logging.getLogger(__name__)

_TRIES: Final = 2  # a second browser at once; if that dies too, the page has had its part in it, or none starts here
_PULSE: Final = 0.5  # seconds between two looks whether the driver runs, which take 0.03 ms
_MARGIN: Final = 5.0  # seconds of the lease that are left for reading and settling


class Renderer:
    """All rendering of one crawl. A request for it carries it in its meta; the download handler calls `render`."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._scripts = Scripts()
        self._browser: _Browser | None = None
        self._closing: set[asyncio.Task[None]] = set()
        self._starting = asyncio.Lock()
        self._names = (f"page-{number}" for number in itertools.count())
        self._idle: asyncio.TimerHandle | None = None
        self._has_started = False
        self._lacking: str | None = None
        """Why no browser starts here."""

    def request(self, shell: Response, lease: Lease, *, is_empty: Callable[[str], bool], **options: Any) -> Request:
        """Render this page, which plain HTTP gave and which is empty without its script."""
        meta = {"lease": lease, "renderer": self, "shell": shell, "is_empty": is_empty, "download_slot": SLOT}
        return Request(shell.url, meta=meta, dont_filter=True, **options)

    async def render(self, request: Request) -> Response:
        """Raises what a download raises, and NoBrowser, also for every later page, if none starts."""
        error: Exception | None = None
        for _ in range(_TRIES):
            browser = await self._ready()
            try:
                return await self._in(browser, request)
            except (IgnoreRequest, DownloadCancelledError):
                raise
            except DownloadTimeoutError:
                self._retire(browser)  # it, or its page, hangs
                raise
            except Exception as failure:  # noqa: BLE001 - the driver's errors have no common class
                log.warning("a page was lost in the browser", extra={"page": request.meta["lease"].key})
                self._retire(browser)
                error = failure
        raise DownloadFailedError(f"the browser failed: {_gist(error)}")

    async def close(self) -> None:
        """The end of the crawl."""
        self._rest()
        while self._closing:
            await asyncio.wait(list(self._closing))

    # -- a page ---------------------------------------------------------------------------------------------

    async def _in(self, browser: _Browser, request: Request) -> Response:
        engine = self._crawler.engine
        assert engine is not None  # there is a request
        in_page = InPage(
            request.meta["shell"],
            lease=request.meta["lease"],
            download=engine.download_async,
            scripts=self._scripts,
            is_empty=request.meta["is_empty"],
        )
        limit = self._limit(request.meta["lease"])
        request.meta["in_page"] = in_page
        request.meta.pop("playwright_page", None)  # of the browser that failed
        request.meta.update(_orders(in_page, next(self._names), self._crawler))
        browser.begin()
        try:
            async with asyncio.timeout(limit):
                return await browser.while_it_runs(_rendered(browser, request, in_page, lambda: engine.running))
        except TimeoutError as error:
            raise DownloadTimeoutError(f"{request.url} was not rendered within {limit:.0f} s") from error
        finally:
            await self._ended(browser, in_page)

    def _limit(self, lease: Lease) -> float:
        """Seconds: a page waits for each of its requests as a reader of the site would, but not beyond its lease."""
        spider: Any = self._crawler.spider
        delay = self._crawler.settings.getfloat("DOWNLOAD_DELAY")
        left: float = spider.frontier.time_left(lease) - _MARGIN
        return max(0.0, min(PAGE + MOST_REQUESTS * delay, left))

    async def _ended(self, browser: _Browser, in_page: InPage) -> None:
        try:
            async with asyncio.timeout(CLOSE):
                await browser.while_it_runs(in_page.end())
        except Exception:  # noqa: BLE001 - a page that cannot be closed goes with its browser
            self._retire(browser)
        browser.end()
        if not browser.busy:
            self._rest_later()

    # -- the browser ----------------------------------------------------------------------------------------

    async def _ready(self) -> _Browser:
        async with self._starting:
            if self._idle:
                self._idle.cancel()
            if self._browser and self._browser.begun >= PAGES_A_BROWSER:
                self._retire(self._browser)
            if self._browser is None:
                self._browser = await self._started()
            return self._browser

    async def _started(self) -> _Browser:
        for number in range(_TRIES if self._lacking is None else 0):
            try:
                browser = await _Browser.start(self._crawler)
            except Exception as error:
                if self._has_started or isinstance(error, DownloadFailedError):
                    # It starts here, but the machine is busy, or somebody has ended it: the page comes again.
                    raise DownloadFailedError(f"the browser did not start again: {_gist(error)}") from error
                if number + 1 == _TRIES:  # else somebody may have ended it in its first moment
                    path = self._crawler.settings["PLAYWRIGHT_LAUNCH_OPTIONS"]["executable_path"]
                    self._lacking = f"{path} does not start: {_gist(error)}"
                    log.warning("pages that need a browser are deferred: %s", self._lacking)
            else:
                self._has_started = True
                return browser
        raise NoBrowser(self._lacking)

    def _retire(self, browser: _Browser) -> None:
        """No new pages for it; it is closed when those in it have ended, which their time limits make sure of."""
        if self._browser is browser:
            self._browser = None
        if not browser.is_retired:
            browser.is_retired = True
            closing = asyncio.ensure_future(browser.retire())
            self._closing.add(closing)
            closing.add_done_callback(self._closing.discard)

    def _rest_later(self) -> None:
        if self._idle:
            self._idle.cancel()
        self._idle = asyncio.get_running_loop().call_later(IDLE, self._rest)

    def _rest(self) -> None:
        if self._idle:
            self._idle.cancel()
        if self._browser and not self._browser.busy:
            self._retire(self._browser)


class _Browser:
    """scrapy-playwright's handler with its processes: Playwright's driver, which runs Chromium."""

    def __init__(self, handler: Any) -> None:
        self.handler = handler
        self.driver: Process | None = None
        self.begun = 0
        self.busy = 0
        self.is_retired = False
        self._is_free = asyncio.Event()
        self._is_free.set()
        self._ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Done when Chromium has ended, whoever ended it."""

    @classmethod
    async def start(cls, crawler: Crawler) -> _Browser:
        from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler  # noqa: PLC0415 - an extra, and slow

        logging.getLogger("scrapy-playwright").setLevel(logging.ERROR)  # its warnings are our retries, with a trace
        logging.getLogger("playwright").setLevel(logging.CRITICAL)  # its errors, too: a browser that somebody killed
        before = set(drivers())
        handler = ScrapyPlaywrightDownloadHandler.from_crawler(crawler)
        browser = cls(handler)
        try:
            async with asyncio.timeout(START):
                await handler._launch()  # noqa: SLF001 - its own signal for it, engine_started, is long past
                browser.driver = next(iter(set(drivers()) - before), None)
                launching = handler._maybe_launch_browser()  # noqa: SLF001 - now, so that its failure is not a page's
                await browser.while_it_runs(launching)
                handler.browser.on("disconnected", browser.has_ended)
                if not handler.browser.is_connected():  # any more
                    browser.has_ended()
        except BaseException:
            await browser.retire()
            raise
        return browser

    def begin(self) -> None:
        self.begun += 1
        self.busy += 1
        self._is_free.clear()

    def end(self) -> None:
        self.busy -= 1
        if not self.busy:
            self._is_free.set()

    def has_ended(self, _: object = None) -> None:
        if not self._ended.done():
            self._ended.set_result(None)

    async def while_it_runs(self, work: Coroutine[Any, Any, T]) -> T:
        """The work's result; DownloadFailedError as soon as Chromium or its driver has ended.

        Of what its death interrupts, Playwright (1.6x) gives an error for most, but never answers a page that was just
        being opened: that one would wait for its whole time limit. Of the driver's own death it says nothing.
        """
        task = asyncio.ensure_future(work)
        try:
            while not task.done():
                if self._ended.done() or (self.driver and not runs(self.driver)):
                    raise DownloadFailedError("the browser ended")
                await asyncio.wait((task, self._ended), timeout=_PULSE, return_when=asyncio.FIRST_COMPLETED)
            return task.result()
        finally:
            task.cancel()

    async def retire(self) -> None:
        await self._is_free.wait()
        processes = tree(self.driver) if self.driver else []
        with suppress(Exception):  # what does not close is killed
            async with asyncio.timeout(CLOSE):
                await self.handler.close()
        kill(processes)


async def _rendered(browser: _Browser, request: Request, in_page: InPage, goes_on: Callable[[], bool]) -> Response:
    await browser.handler.download_request(request)  # only until the page begins
    return await in_page.filled(goes_on=goes_on)


def _orders(in_page: InPage, context: str, crawler: Crawler) -> dict[str, Any]:
    """What scrapy-playwright is to do for one page: begin it in a context of its own, and leave it to us."""
    return {
        "playwright": True,
        "playwright_include_page": True,
        "playwright_context": context,
        "playwright_context_kwargs": dict(crawler.settings.getdict("KLIPING_BROWSER_CONTEXT")),
        "playwright_page_init_callback": in_page.begin,
        "playwright_page_goto_kwargs": {"wait_until": "commit"},
    }


def _gist(error: Exception | None) -> str:
    """What a person needs of a driver's error, which holds the browser's whole log."""
    lines = [line.strip() for line in str(error).splitlines()]
    told = next((line for line in lines if "ERROR" in line or "FATAL" in line), "")
    return " ".join(filter(None, (f"{type(error).__name__}: {lines[0] if lines else ''}"[:120], told[-150:])))
