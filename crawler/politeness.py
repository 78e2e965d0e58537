"""When a host is asked, by this crawler and all others: nothing is sent without its turn.

A host without a delay costs a look into a set: it has no budget but the downloader's concurrency, and a look at Redis
once a second tells whether it rests. Any other host is asked one request after the other, each with a permit that Redis
gives at that very moment. A page that would wait beyond its lease, or for a host that rests, is given back unasked.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Final

from redis.exceptions import RedisError
from scrapy import Request
from scrapy.http import Response

from crawler.answers import rest_asked_for
from crawler.outcome import BUSY, NotNow
from crawler.turns import Host, Line
from stories.hours import Hours
from stories.pace import Pace, Rest
from stories.pages import Lease

log = logging.getLogger(__name__)

_LOOK: Final = 1.0  # seconds between looks at hosts without a delay: so late does a crawler hear of another's rest
_PATIENCE: Final = 60.0  # seconds that what has no lease waits: robots.txt
MARGIN: Final = 2.0  # seconds; a request needs that long at least; its lease should outlive it
_LEASE_SHARE: Final = 3  # a host's pages must be asked for within a third of the lease
_MOST_DOUBLED: Final = 10  # 2**10: no rest is longer than a thousand first ones


class Politeness:
    """The manners of one crawl. The download handler sends everything through `ask`."""

    def __init__(
        self,
        pace: Pace,
        *,
        delay: float,
        concurrency: int,
        lease_seconds: int,
        time_left: Callable[[Lease], float],
        now: Callable[[], datetime],
        confirmed_at: Callable[[], float],
        hours: Hours | None = None,
    ) -> None:
        """`time_left`: seconds until the end of a lease; `now`: by the clock of all; `confirmed_at`: when MongoDB was
        last asked something that it answered, by the loop's clock; `hours`: those of the site.
        """
        self.line = Line(pace, confirmed_at=confirmed_at)
        self._delay = delay
        self._concurrency = concurrency
        self._lease_seconds = lease_seconds
        self._time_left = time_left
        self._now = now
        self._hours = hours
        self._closes_at = datetime.min.replace(tzinfo=UTC)
        self._hosts: dict[str, Host] = {}
        self._free: set[str] = set()
        """Hosts that may be asked at once."""
        self._watcher: asyncio.Task[None] | None = None
        self._telling: set[asyncio.Task[None]] = set()

    async def ask(self, request: Request, download: Callable[[Request], Awaitable[Response]]) -> Response:
        """The answer to a request, which is sent when its turn has come. Raises NotNow if that is too late."""
        name: str = request.meta["download_slot"]
        self._check_hours()
        if name in self._free:
            response = await download(request)
        else:
            response = await self._ask_in_turn(self._host(name), request, download)
        if response.status >= HTTPStatus.BAD_REQUEST and (rest := rest_asked_for(response, now=self._now())):
            await self.rest(name, rest)
        return response

    async def _ask_in_turn(
        self, host: Host, request: Request, download: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        lease: Lease | None = request.meta.get("lease")
        permit = await host.turn(patience=self._time_left(lease) - MARGIN if lease else _PATIENCE)
        if host.last and host.last.is_free and host.left_alone() is None:
            self._is_free(host)
        is_good = False
        try:
            self._check_hours()  # it may have waited for minutes
            response = await download(request)
            is_good = response.status not in BUSY
        finally:
            host.ended(permit, is_good=is_good)
        return response

    def _check_hours(self) -> None:
        if self._hours is None or (now := self._now()) < self._closes_at:
            return
        closes_at = self._hours.end_of(now)
        if closes_at is None:
            raise NotNow("the site's hours are over", pause=self._hours.next_begin(now) - now)
        self._closes_at = closes_at

    # -- rests ----------------------------------------------------------------------------------------------

    def rest(self, name: str, rest: Rest) -> asyncio.Task[None]:
        """Leave a host alone: here at once, everywhere when what is returned has ended."""
        host = self._host(name)
        was_well = host.left_alone() is None
        self._leave_alone(host, max(rest.first, rest.named or rest.first).total_seconds(), rest.why)
        telling = asyncio.ensure_future(self._tell(host, rest, was_well=was_well))
        self._telling.add(telling)
        telling.add_done_callback(self._telling.discard)
        return telling

    async def _tell(self, host: Host, rest: Rest, *, was_well: bool) -> None:
        try:
            left = await self.line.call(self.line.pace.rest, host.name, rest)
        except RedisError:
            doubled = min(rest.longest, rest.first * 2 ** min(host.rests, _MOST_DOUBLED))
            left = doubled.total_seconds() if was_well else 0.0
        host.rests += was_well
        self._leave_alone(host, left, rest.why)
        log.warning("a host rests", extra={"host": host.name, "why": rest.why, "seconds": round(left)})

    def _leave_alone(self, host: Host, seconds: float, why: str) -> None:
        self._free.discard(host.name)
        host.leave_alone(seconds, why)

    def rest_of(self, name: str) -> tuple[timedelta, str] | None:
        """For how long a host is left alone, and why; None: it may be asked."""
        host = self._hosts.get(name)
        return host.left_alone() if host else None

    def is_ill(self, name: str) -> bool:
        """Whether the host rests for the second time in a row, or more: no single page is to blame."""
        return self._host(name).rests > 1

    async def slow_down(self, name: str, crawl_delay: float) -> None:
        """What the host's robots.txt asks for, known to all."""
        host = self._host(name)
        host.delay = max(self._delay, crawl_delay)
        if host.delay:
            self._free.discard(name)
        with suppress(RedisError):  # each crawler reads robots.txt itself
            await self.line.call(self.line.pace.slow_down, name, crawl_delay)

    def room(self, name: str, most: int) -> int:
        """How many of the host's pages to hold: those that our share of its pace lets through in time."""
        host = self._host(name)
        turn = host.last
        share = max(host.delay, turn.delay) * turn.crawlers if turn else host.delay
        return max(1, min(most, int(self._lease_seconds / _LEASE_SHARE / share))) if share else most

    # -- hosts without a delay ------------------------------------------------------------------------------

    def _is_free(self, host: Host) -> None:
        self._free.add(host.name)
        if self._watcher is None:
            self._watcher = asyncio.ensure_future(self._watch())

    async def _watch(self) -> None:
        """Hear of the rests that others were asked for."""
        while True:
            await asyncio.sleep(_LOOK)
            with suppress(RedisError):  # next time
                for name, (left, why) in (await self.line.call(self.line.pace.look, tuple(self._free))).items():
                    self._leave_alone(self._host(name), left, why)

    async def close(self) -> None:
        if self._watcher:
            self._watcher.cancel()
        if self._telling:
            await asyncio.wait(list(self._telling))
        with suppress(RedisError):  # we are forgotten in a minute
            await self.line.call(self.line.pace.leave, tuple(self._hosts))
        self.line.close()

    def _host(self, name: str) -> Host:
        known = self._hosts.get(name)
        if known is None:
            known = Host(name, self.line, delay=self._delay, concurrency=self._concurrency)
            self._hosts[name] = known
        return known
