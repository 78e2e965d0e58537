"""One page for `kliping extract`: by the same rules as a crawl, without the ledger."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response

from crawler.middlewares.guard import check_address
from crawler.outcome import Refused
from crawler.sites.site import Page
from stories.errors import UsageError
from stories.settings import Settings

_NO_PIPELINES: Final = {"ITEM_PIPELINES": {}, "EXTENSIONS": {}, "LOG_LEVEL": "CRITICAL"}


class _OnePage(Spider):
    name = "one-page"

    def __init__(self, *, url: str, found: dict[str, Any], **options: Any) -> None:
        super().__init__(**options)
        self._url = url
        self._found = found

    async def start(self) -> Any:
        yield Request(self._url, callback=self.parse, errback=self.failed, dont_filter=True)

    def parse(self, response: Response, **_: Any) -> None:
        self._found["response"] = response

    def failed(self, failure: Any) -> None:
        self._found["error"] = f"{type(failure.value).__name__}: {failure.value}"


def fetch(url: str, settings: Settings, *, at: datetime) -> Page:
    """Ask for a page, politely, once. Raises UsageError if it is not to be had. Can be called once in a process."""
    from crawler.run import scrapy_settings  # noqa: PLC0415 - run.py needs the whole crawler; this needs its settings

    settings.require_contact()
    try:
        check_address(url)
    except Refused as error:
        raise UsageError(f"{url} is not asked for: {error}.") from error
    found: dict[str, Any] = {}
    scrapy = scrapy_settings(settings)
    scrapy.setdict(_NO_PIPELINES, priority="cmdline")
    process = AsyncCrawlerProcess(scrapy)
    process.crawl(_OnePage, url=url, found=found)
    process.start()
    response = found.get("response")
    if response is None:
        raise UsageError(f"{url} could not be had: {found.get('error', 'no answer')}.")
    if response.status != 200:  # noqa: PLR2004 - HTTP OK
        raise UsageError(f"{url} answered HTTP {response.status}.")
    content_type = response.headers.get("Content-Type")
    return Page(
        url=response.url,
        body=response.body,
        downloaded_at=at,
        content_type=content_type.decode("latin-1") if content_type else None,
    )
