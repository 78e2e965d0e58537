"""One page in the browser: what it may ask for, who answers, and when it is done."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import urldefrag

from scrapy import Request
from scrapy.exceptions import DownloadCancelledError, DownloadFailedError
from scrapy.http import HtmlResponse, Response

from crawler.browser import MOST_BYTES, MOST_REQUESTS, SCRIPTS_KEPT
from crawler.outcome import Again, NotNow, Settled, outcome_of_failure, outcome_of_status
from crawler.settings import DOWNLOAD_MAXSIZE

if TYPE_CHECKING:  # the extra may not be installed
    from playwright.async_api import Page, Route
    from playwright.async_api import Request as Asked

Download = Callable[[Request], Awaitable[Response]]

_ANSWERED: Final = frozenset({"document", "script", "xhr", "fetch"})
_PASSED_ON: Final = ("accept", "origin")
"""What our downloader sends of the browser's own headers; not its cookies, and not where it came from."""
_KEPT: Final = frozenset({"content-type", "content-security-policy", "cache-control", "vary"})
_CORS: Final = "access-control-"
_LOOK: Final = 0.1  # seconds between two looks at a page; a rendered page takes about half a second
_CALM: Final = 0.5  # seconds without a request after which a page is as full as it gets: frameworks print in 0.1
_BETWEEN: Final = ("Execution context was destroyed", "because the page is navigating", "Cannot find context")
"""How Playwright says that a page is on its way to another address; it keeps nothing but words."""
_STALLED: Final = 2.0  # seconds of calm after which a page need not have loaded: a cut off step to another address
_LATE: Final = 6.0  # seconds of calm that an empty page gets: timers that delay a list are shorter


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @classmethod
    def of(cls, response: Response) -> _Answer:
        given = {name.decode("latin-1").lower(): b", ".join(values) for name, values in response.headers.items()}
        kept = {name: told.decode("latin-1") for name, told in given.items() if name in _KEPT or name.startswith(_CORS)}
        return cls(response.status, kept, response.body)


_NO_STYLE: Final = _Answer(200, {"content-type": "text/css", "access-control-allow-origin": "*"}, b"")
"""Nothing is looked at, but scripts wait for their styles: they get an empty one."""


class Scripts:
    """The scripts of a site, which all its pages share: each is asked for once a crawl."""

    def __init__(self) -> None:
        self._answers: OrderedDict[str, _Answer] = OrderedDict()
        self._size = 0

    def get(self, url: str) -> _Answer | None:
        answer = self._answers.get(url)
        if answer:
            self._answers.move_to_end(url)
        return answer

    def keep(self, url: str, answer: _Answer) -> None:
        if answer.status != 200 or "no-store" in answer.headers.get("cache-control", ""):  # noqa: PLR2004 - HTTP OK
            return
        self._size += len(answer.body) - len(dropped.body if (dropped := self._answers.pop(url, None)) else b"")
        self._answers[url] = answer
        while self._size > SCRIPTS_KEPT:
            self._size -= len(self._answers.popitem(last=False)[1].body)


class InPage:
    """A page's way through the browser. Its first address is answered with what we have downloaded already."""

    def __init__(
        self, shell: Response, *, lease: object, download: Download, scripts: Scripts, is_empty: Callable[[str], bool]
    ) -> None:
        self._shell = shell
        self._lease = lease
        self._download = download
        self._scripts = scripts
        self._is_empty = is_empty
        self._page: Page | None = None
        self._is_loaded = self._is_crashed = False
        self._waiting = 0
        self._active = 0.0
        """When the page last got something, on the loop's clock."""
        self._answers: dict[str, asyncio.Future[_Answer | None]] = {}
        self._bytes = 0
        self.trouble: str | None = None
        """What it could not have for now: if it stays empty, that may be why."""

    async def begin(self, page: Page, _request: Request) -> None:
        """Before the page asks for anything. Its context is its own, so every other page in it is a pop-up."""
        self._page = page
        page.on("load", lambda _: setattr(self, "_is_loaded", True))
        page.on("crash", lambda _: setattr(self, "_is_crashed", True))
        page.context.on("page", _close)
        await page.context.route("**", lambda route: route.abort())
        await page.route("**", self._route)

    async def end(self) -> None:
        """Close the page with all that it opened."""
        if self._page:
            await self._page.context.close()

    # -- what it asks for -----------------------------------------------------------------------------------

    async def _route(self, route: Route) -> None:
        asked = route.request
        answer = await self._answer(asked)
        with suppress(_playwright_error()):  # the page has gone meanwhile
            if answer:
                await route.fulfill(status=answer.status, headers=answer.headers, body=answer.body)
            else:
                await route.abort("aborted" if asked.is_navigation_request() else "blockedbyclient")

    async def _answer(self, asked: Asked) -> _Answer | None:
        """None: it does not get that."""
        if asked.method != "GET":
            return None
        if asked.resource_type == "stylesheet":
            return _NO_STYLE
        if asked.resource_type not in _ANSWERED or (asked.is_navigation_request() and not self._is_own(asked)):
            return None
        return await self._once(urldefrag(asked.url).url, asked)

    def _is_own(self, asked: Asked) -> bool:
        """Whether the page itself goes there, not a frame in it."""
        return self._page is not None and asked.frame == self._page.main_frame

    async def _once(self, url: str, asked: Asked) -> _Answer | None:
        """Whatever a page asks for twice, it gets from memory the second time."""
        if url not in self._answers:
            if len(self._answers) >= MOST_REQUESTS or self._bytes > MOST_BYTES:
                return None
            self._answers[url] = asyncio.ensure_future(self._have(url, asked))
        return await self._answers[url]

    async def _have(self, url: str, asked: Asked) -> _Answer | None:
        if url == urldefrag(self._shell.url).url:
            return _Answer.of(self._shell)
        is_script = asked.resource_type == "script"
        if is_script and (kept := self._scripts.get(url)):
            return kept
        self._waiting += 1
        try:
            response = await self._download(self._request(url, asked))
        except Exception as error:  # noqa: BLE001 - whatever kept it from being had, the page goes on without it
            self._note(url, outcome_of_failure(error))
            return None
        finally:
            self._waiting -= 1
            self._active = asyncio.get_running_loop().time()
        self._note(url, outcome_of_status(response.status, None, now=datetime.now(UTC)))
        answer = _Answer.of(response)
        self._bytes += len(answer.body)
        if is_script:
            self._scripts.keep(url, answer)
        return answer

    def _note(self, url: str, outcome: Settled | Again | None) -> None:
        if isinstance(outcome, Again):
            self.trouble = self.trouble or f"{url}: {outcome.reason}"

    def _request(self, url: str, asked: Asked) -> Request:
        headers = {name: value for name, value in asked.headers.items() if name in _PASSED_ON}
        return Request(url, headers=headers, meta={"lease": self._lease}, dont_filter=True)

    # -- when it is done ------------------------------------------------------------------------------------

    async def filled(self, *, goes_on: Callable[[], bool]) -> HtmlResponse:
        """The page, once it is not empty any more and waits for nothing, or after long enough.

        Raises NotNow when the crawl ends, DownloadFailedError if the page's process died, DownloadCancelledError for a
        page that grew beyond all size.
        """
        clock = asyncio.get_running_loop().time
        self._active = max(self._active, clock())
        while True:
            await asyncio.sleep(_LOOK)
            if not goes_on():
                raise NotNow("the crawl ended while the page was rendered", pause=timedelta(0))
            if self._is_crashed or self._page is None:
                raise DownloadFailedError("the page's process ended in the browser")
            calm = clock() - self._active
            if self._waiting or (not self._is_loaded and calm < _STALLED):
                continue
            html = await self._content(self._page)
            if html is not None and calm > (_LATE if self._is_empty(html) else _CALM):
                headers = {"Content-Type": "text/html; charset=utf-8"}
                return HtmlResponse(self._page.url, headers=headers, body=html.encode(), encoding="utf-8")

    async def _content(self, page: Page) -> str | None:
        """None: it is on its way to another address. Measured before it can fill our own memory."""
        try:
            size = await page.evaluate("document.documentElement.outerHTML.length")
            if isinstance(size, int) and size <= DOWNLOAD_MAXSIZE:
                return await page.content()
        except _playwright_error() as error:
            if any(sign in str(error) for sign in _BETWEEN):
                return None
            raise
        raise DownloadCancelledError(f"the rendered page has {size} characters")


async def refuse(_asked: Asked) -> bool:
    """For scrapy-playwright, which asks whether to abort what no route of ours has answered: always."""
    return True


async def _close(page: Page) -> None:
    with suppress(_playwright_error()):
        await page.close()


def _playwright_error() -> type[Exception]:
    from playwright.async_api import Error  # noqa: PLC0415 - the extra may not be installed

    return Error
