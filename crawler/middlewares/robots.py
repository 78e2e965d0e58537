"""robots.txt, obeyed; and closed when it cannot be read (RFC 9309, 2.3.1).

Scrapy's own middleware opens a host whose robots.txt fails, and reads an error page as if it were one.
"""

from __future__ import annotations

from http import HTTPStatus

from scrapy import Request
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.robotstxt import RobotParser

from crawler.outcome import Forbidden, NotNow


class Unreadable(RobotParser):
    """Stands for a robots.txt that cannot be read: nothing is allowed."""

    @classmethod
    def from_crawler(cls, _crawler: object, _body: bytes) -> Unreadable:
        return cls()

    def allowed(self, _url: str | bytes, _user_agent: str | bytes) -> bool:
        return False


class RobotsMiddleware(RobotsTxtMiddleware):
    """Scrapy's, closed on failure, with reasons that tell a rule from a failure, and with Crawl-delay."""

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        unreachable = (
            response.status >= HTTPStatus.INTERNAL_SERVER_ERROR or response.status == HTTPStatus.TOO_MANY_REQUESTS
        )
        if unreachable:
            raise NotNow(f"robots.txt of {netloc}: HTTP {response.status}")
        if response.status != HTTPStatus.OK:
            response = response.replace(body=b"")  # RFC 9309, 2.3.1.3: no robots.txt, no rules
        await super()._parse_robots(response, netloc, request)
        self._honour_crawl_delay(netloc, request)

    def _honour_crawl_delay(self, netloc: str, request: Request) -> None:
        parser = getattr(self._parsers[netloc], "rp", None)  # Protego's own parser knows the delay
        delay = parser.crawl_delay(self._default_useragent) if parser else None
        engine = self.crawler.engine
        if delay and engine:
            _, slot = engine.downloader._get_slot(request)  # noqa: SLF001 - Scrapy has no public way to slow a host
            slot.delay = max(slot.delay, float(delay))
            slot.jitter = 0.0

    def _robots_error(self, _exc: Exception, netloc: str) -> None:
        waiting = self._parsers[netloc]
        closed = Unreadable()
        self._parsers[netloc] = closed
        waiting.callback(closed)  # type: ignore[union-attr]  # a Deferred until now

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest as error:
            if isinstance(rp, Unreadable):
                raise NotNow("robots.txt cannot be read: nothing is allowed until it can") from error
            raise Forbidden("robots.txt") from error
