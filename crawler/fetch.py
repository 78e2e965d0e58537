"""One page for `kliping extract`: by the same rules as a crawl, without the ledger."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from scrapy import Request, Spider, signals
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.answers import further_part, page_of
from crawler.middlewares.guard import check_address, without_ledger
from crawler.outcome import Again, NotNow, Refused, outcome_of_failure
from crawler.politeness import Politeness
from crawler.sites.parts import Begun, Further, joined, onward
from crawler.sites.site import Listing, Part, Site
from stories.article import Article
from stories.errors import PageError, UsageError
from stories.pace import Pace
from stories.settings import Settings

_NO_PIPELINES: Final[dict[str, Any]] = {"ITEM_PIPELINES": {}, "EXTENSIONS": {}}


class _OnePage(Spider):
    """Asks for a page and for the further parts of its article; `found` gets the reading, or the error."""

    name = "one-page"

    def __init__(
        self,
        *,
        url: str,
        site: Site,
        at: datetime,
        found: dict[str, Any],
        politeness: Politeness | None,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.politeness = politeness
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
            said = str(error) if isinstance(error, NotNow) else f"{type(error).__name__}: {error}"
            self._found["error"] = UsageError(f"{request.url} could not be had: {said}.")


def fetch(url: str, site: Site, settings: Settings, *, at: datetime) -> Article | Listing:
    """Read a page, asked for politely, with the further parts of its article. Can be called once in a process.

    Where the settings name a Redis, it is asked for in turn with all crawlers; else nobody else is known to ask.
    Raises PageError as a site's `read` does, and UsageError if a page is not to be had.
    """
    from crawler.run import scrapy_settings  # noqa: PLC0415 - run.py needs the whole crawler; this needs its settings

    settings = settings.of_site(site.name)
    settings.require_contact()
    _check_hours(url, settings)
    try:
        check_address(url)
    except Refused as error:
        raise UsageError(f"{url} is not asked for: {error}.") from error
    found: dict[str, Any] = {}
    scrapy = scrapy_settings(settings)
    scrapy.setdict(_NO_PIPELINES, priority="cmdline")
    process = AsyncCrawlerProcess(scrapy)
    crawler = process.create_crawler(_OnePage)
    politeness = _manners(settings, settings.redis_url) if settings.redis_url else None
    if politeness:
        _check_rest(url, politeness.line.pace)
        crawler.signals.connect(politeness.close, signal=signals.engine_stopped)
    process.crawl(crawler, url=url, site=site, at=at, found=found, politeness=politeness)
    process.start()
    if "reading" not in found:
        raise found.get("error") or UsageError(f"{url} could not be had: no answer.")
    reading: Article | Listing = found["reading"]
    return reading


def _check_hours(url: str, settings: Settings) -> None:
    hours, now = settings.open_hours(), datetime.now(UTC)
    if hours and hours.end_of(now) is None:
        raise UsageError(
            f"{url} is not asked for now: its site's hours are {settings.hours} (KLIPING_HOURS); "
            f"the next ones begin at {hours.next_begin(now):%H:%M} UTC."
        )


def _manners(settings: Settings, redis_url: str) -> Politeness:
    """Those of a crawl, without a lease whose end would hurry us."""
    from crawler.run import politeness_of  # noqa: PLC0415 - as above

    return politeness_of(
        settings,
        redis_url,
        time_left=without_ledger,
        now=lambda: datetime.now(UTC),
        confirmed_at=lambda: -math.inf,  # without Redis it asks nobody
    )


def _check_rest(url: str, pace: Pace) -> None:
    host = urlsplit(url).hostname or ""
    left, why = pace.look([host]).get(host, (0.0, ""))
    if left:
        until = datetime.now(UTC) + timedelta(seconds=left)
        raise UsageError(f"{url} is not asked for now: {host} rests until {until:%H:%M:%S} UTC ({why}).")
