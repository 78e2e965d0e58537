"""One page for `kliping extract`: by the same rules as a crawl, without the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.answers import further_part, page_of
from crawler.middlewares.guard import check_address
from crawler.outcome import Again, Refused, outcome_of_failure
from crawler.sites.parts import Begun, Further, joined, onward
from crawler.sites.site import Listing, Part, Site
from stories.article import Article
from stories.errors import PageError, UsageError
from stories.settings import Settings

_NO_PIPELINES: Final[dict[str, Any]] = {"ITEM_PIPELINES": {}, "EXTENSIONS": {}}


class _OnePage(Spider):
    """Asks for a page and for the further parts of its article; `found` gets the reading, or the error."""

    name = "one-page"

    def __init__(self, *, url: str, site: Site, at: datetime, found: dict[str, Any], **options: Any) -> None:
        super().__init__(**options)
        self._url = url
        self._site = site
        self._at = at
        self._found = found

    async def start(self) -> Any:
        yield Request(self._url, callback=self.parse, errback=self.failed, dont_filter=True)

    def parse(self, response: Response, **_: Any) -> Iterator[Request]:
        if response.status != 200:  # noqa: PLR2004 - HTTP OK
            self._found["error"] = UsageError(f"{self._url} answered HTTP {response.status}.")
            return
        try:
            reading = self._site.read(page_of(response, at=self._at))
        except PageError as error:
            self._found["error"] = error
            return
        if isinstance(reading, Listing):
            self._found["reading"] = reading
        else:
            yield from self._onward(reading, Begun(asked=frozenset({self._url})))

    def parse_part(self, response: Response, begun: Begun) -> Iterator[Request]:
        reading = further_part(response, self._site, now=self._at)
        if isinstance(reading, Again):
            self._found["error"] = UsageError(f"{response.url} could not be had: {reading.reason}.")
        else:
            yield from self._onward(reading, begun)

    def _onward(self, reading: Article | Part | None, begun: Begun) -> Iterator[Request]:
        found = onward(reading, begun, self._site.identify)
        if isinstance(found, Further):
            arguments = {"begun": found.begun}
            yield Request(
                found.url, callback=self.parse_part, errback=self.failed, cb_kwargs=arguments, dont_filter=True
            )
        else:
            self._found["reading"] = found

    def failed(self, failure: Failure) -> None:
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy sets it on every failure
        begun: Begun | None = request.cb_kwargs.get("begun")
        error = failure.value or RuntimeError("no reason given")
        if begun and not isinstance(outcome_of_failure(error), Again):
            self._found["reading"] = joined(begun.articles)
        else:
            said = f"{type(error).__name__}: {error}"
            self._found["error"] = UsageError(f"{request.url} could not be had: {said}.")


def fetch(url: str, site: Site, settings: Settings, *, at: datetime) -> Article | Listing:
    """Read a page, asked for politely, with the further parts of its article. Can be called once in a process.

    Raises PageError as a site's `read` does, and UsageError if a page is not to be had.
    """
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
    process.crawl(_OnePage, url=url, site=site, at=at, found=found)
    process.start()
    if "reading" not in found:
        raise found.get("error") or UsageError(f"{url} could not be had: no answer.")
    reading: Article | Listing = found["reading"]
    return reading
