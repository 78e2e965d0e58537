"""Who may be asked: only the hosts of our sites, only over http(s) and its usual ports, only under a live lease.

A downloader middleware, so that it sees redirects too. (Scrapy's own offsite check drops silently; it is switched off.)
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final, Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler

from crawler.outcome import NotNow, Refused
from crawler.sites.registry import SITES
from stories.pages import Lease

_PORTS: Final = {None, 80, 443}
_MARGIN: Final = timedelta(seconds=2)  # a request needs that long at least; its lease should outlive it


class GuardMiddleware:
    """Raises Refused or NotNow, both of which end in the request's errback."""

    @classmethod
    def from_crawler(cls, _crawler: Crawler) -> Self:
        return cls()

    def process_request(self, request: Request) -> None:
        check_address(request.url)
        lease: Lease | None = request.meta.get("lease")
        if lease and datetime.now(UTC) + _MARGIN > lease.until:
            raise NotNow("the lease ran out while the request waited")


def check_address(url: str) -> None:
    """Raises Refused unless a site of ours owns the address."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Refused(f"no address: {url[:200]}") from error
    if parts.scheme not in {"http", "https"}:
        raise Refused(f"scheme {parts.scheme!r} is never asked for")
    if port not in _PORTS or parts.username is not None or parts.password is not None:
        raise Refused("an address with a port or a user name is never asked for")
    if not any(site.owns((parts.hostname or "").rstrip(".")) for site in SITES.values()):
        raise Refused(f"host {parts.hostname!r} belongs to no site here")
