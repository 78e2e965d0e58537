"""Who may be asked: only the hosts of our sites, only over http(s) and its usual ports, only under a live lease.

A downloader middleware, so that it sees redirects too. (Scrapy's own offsite check drops silently; it is switched off.)
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final, Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler

from crawler.frontier import Frontier
from crawler.outcome import NotNow, Refused
from crawler.politeness import MARGIN
from crawler.sites.registry import SITES
from stories.pages import Lease

_PORTS: Final = {None, 80, 443}


class GuardMiddleware:
    """Raises Refused or NotNow, both of which end in the request's errback."""

    def __init__(self, time_left: Callable[[Lease], float]) -> None:
        """`time_left`: seconds until the end of a lease, by a clock that nobody sets."""
        self._time_left = time_left

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        frontier: Frontier | None = getattr(crawler.spider, "frontier", None)
        return cls(frontier.time_left if frontier else without_ledger)

    def process_request(self, request: Request) -> None:
        check_address(request.url)
        lease: Lease | None = request.meta.get("lease")
        if lease and self._time_left(lease) < MARGIN:
            raise NotNow("the lease ran out while the request waited", pause=timedelta(0))


def without_ledger(_lease: Lease) -> float:
    """For a page that is read for itself (crawler/fetch.py), which needs no lease."""
    return 0.0


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
    host = parts.hostname or ""
    if host.endswith("."):  # pace, rests and robots.txt go by the name: with a dot it would be a host of its own
        raise Refused(f"host {host!r} is never asked for by a name that ends in a dot")
    if not any(site.owns(host) for site in SITES.values()):
        raise Refused(f"host {host!r} belongs to no site here")
