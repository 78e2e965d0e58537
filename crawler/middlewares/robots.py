"""robots.txt, obeyed; and closed when it cannot be read (RFC 9309, 2.3.1).

Scrapy's own middleware opens a host whose robots.txt fails, and reads an error page as if it were one.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Final

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached

from crawler.answers import unreadable_robots
from crawler.outcome import Forbidden, NotNow, rest_of_robots
from crawler.politeness import Politeness
from crawler.turns import clock

_LONGEST: Final = 86_400.0  # seconds: a Crawl-delay of a year is no request a day either
_COMMON: Final = 1.0  # seconds: who waited for a robots.txt that got no turn does not wait once more, each for himself


def _without_trace(record: logging.LogRecord) -> bool:
    """Scrapy's line names the cause; the trace of a refused connection, of 5,000 characters, tells nobody more."""
    record.exc_info = None
    return True


logging.getLogger(RobotsTxtMiddleware.__module__).addFilter(_without_trace)


class Unreadable(RobotParser):
    """Stands for a robots.txt that cannot be read: nothing is allowed."""

    until = 0.0
    """When it is worth to ask for it again, by the loop's clock, where its host does not rest."""
    why = ""

    @classmethod
    def from_crawler(cls, _crawler: object, _body: bytes) -> Unreadable:
        return cls()

    def allowed(self, _url: str | bytes, _user_agent: str | bytes) -> bool:
        return False


class RobotsMiddleware(RobotsTxtMiddleware):
    """Scrapy's, closed on failure, with reasons that tell a rule from a failure, and with Crawl-delay.

    A host that fails at it is left alone, by all crawlers; then it is asked for it again.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    @property
    def _politeness(self) -> Politeness | None:
        """None for `kliping extract` where there is no Redis: nobody else is known to ask."""
        return getattr(self.crawler.spider, "politeness", None)

    async def robot_parser(self, request: Request) -> RobotParser | None:
        """One request of a host after the other. All wait for one Deferred otherwise, which gives what it has to the
        first: the others get None, and that allows everything.
        """
        netloc = urlparse_cached(request).netloc
        async with self._turns[netloc]:
            known = self._parsers.get(netloc)
            if isinstance(known, Unreadable) and known.until <= clock() and not self._rest_of(request):
                del self._parsers[netloc]
            return await super().robot_parser(request)

    def _rest_of(self, request: Request) -> tuple[timedelta, str] | None:
        return self._politeness.rest_of(_host(request)) if self._politeness else None

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        rest = unreadable_robots(response, now=datetime.now(UTC))
        if rest:
            if self._politeness:
                await self._politeness.rest(_host(request), rest)
            raise NotNow(rest.why, pause=timedelta(0))  # after the rest
        if response.status != HTTPStatus.OK:
            response = response.replace(body=b"")  # RFC 9309, 2.3.1.3: no robots.txt, no rules
        await super()._parse_robots(response, netloc, request)
        parser = getattr(self._parsers[netloc], "rp", None)  # Protego's own parser knows the delay
        delay = parser.crawl_delay(self._default_useragent) if parser else None
        await self._honour_crawl_delay(min(float(delay), _LONGEST) if delay and delay > 0 else 0.0, request)

    async def _honour_crawl_delay(self, delay: float, request: Request) -> None:
        engine = self.crawler.engine
        if self._politeness:
            await self._politeness.slow_down(_host(request), delay)
        elif engine:
            _, slot = engine.downloader._get_slot(request)  # noqa: SLF001 - Scrapy has no public way to slow a host
            slot.delay = max(slot.delay, delay)
            slot.jitter = 0.0 if delay else slot.jitter

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        """Called for whatever keeps it from being read."""
        closed = Unreadable()
        pause = exc.pause.total_seconds() if isinstance(exc, NotNow) else 0.0
        closed.until = clock() + max(pause, _COMMON)
        closed.why = str(exc) if isinstance(exc, NotNow) else type(exc).__name__
        if self._politeness and not isinstance(exc, NotNow):
            self._politeness.rest(netloc.partition(":")[0], rest_of_robots(type(exc).__name__))
        waiting = self._parsers[netloc]
        self._parsers[netloc] = closed
        waiting.callback(closed)  # type: ignore[union-attr]  # a Deferred until now

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest as error:
            if isinstance(rp, Unreadable):
                raise self._not_now(rp, request) from error
            raise Forbidden("robots.txt") from error

    def _not_now(self, closed: Unreadable, request: Request) -> NotNow:
        left = timedelta(seconds=max(0.0, closed.until - clock()))
        pause, why = self._rest_of(request) or (left, closed.why)
        return NotNow(f"robots.txt cannot be read, so nothing is allowed: {why}", pause=pause)


def _host(request: Request) -> str:
    return urlparse_cached(request).hostname or ""
