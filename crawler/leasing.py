"""Which pages a crawl takes from the ledger, how many at a time, and why it takes no more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from crawler.daily import Daily
from crawler.frontier import Frontier
from crawler.politeness import Politeness
from stories.pages import Lease

FINISHED: Final = "finished"

_WAIT_FOR_RETRY: Final = timedelta(minutes=1)  # a failed page's first two pauses; later ones are the next run's
_MOST_HELD: Final = 500  # pages in memory at a time, about 50 MB of bodies and articles


class Leasing:
    """Between the ledger and what may be asked: the order's pages, the site's day, the hosts' rests."""

    def __init__(self, frontier: Frontier, daily: Daily, politeness: Politeness, *, host_limit: int) -> None:
        """`host_limit`: how many pages of a host to hold, if it has no delay."""
        self._frontier = frontier
        self._order = frontier.order
        self._daily = daily
        self._politeness = politeness
        self._host_limit = host_limit

    async def lease(self, host: str, *, of: int) -> Sequence[Lease]:
        """What a host has room for, and its share of what is left of the budget among so many; none while it rests."""
        if self._politeness.rest_of(host) or self._daily.why_not():
            return ()
        frontier = self._frontier
        most = self._politeness.room(host, self._host_limit)
        share = -(-min(self._order.max_pages - frontier.leased, await self._daily.left()) // of)
        room = min(most - frontier.waiting(host), share, _MOST_HELD - len(frontier.held))
        if room < min(most, share or 1) / 2:
            return ()
        return await self._daily.of(await frontier.lease(host, limit=room))

    def unasked(self, lease: Lease) -> None:
        """A page that was leased goes back, without having been asked for."""
        self._frontier.leased -= 1
        self._daily.unasked(lease)

    async def more_may_come(self, hosts: Sequence[str]) -> bool:
        """Whether a look for due pages that finds none is not the last: others hold some, a host rests briefly, or one
        of ours is due soon.

        Asked before that look, while nothing is held here: what ends in between, as a dead crawler's lease, it finds.
        """
        frontier, order = self._frontier, self._order
        if await self._others_hold_some():
            return True
        resting = self._resting(hosts)
        if _soon_ended(resting):
            return True
        is_due = frontier.ledger.due_soon
        return await frontier.in_thread(is_due, order.run, within=_WAIT_FOR_RETRY, but_of=tuple(resting))

    async def why_over(self, hosts: Sequence[str], *, more_may_come: bool) -> str | None:
        """Why the crawl has come to its end, after a look that found nothing; None: it has not.

        The look finds nothing either where others were faster: what was due, they hold since we asked whether they do.
        """
        if reason := self._daily.why_not():
            return reason
        resting = self._resting(hosts)
        if more_may_come or _soon_ended(resting) or await self._others_hold_some():  # one may have begun since
            return None
        return _told(resting, self._frontier.now()) if resting else FINISHED

    async def _others_hold_some(self) -> bool:
        return await self._frontier.in_thread(self._frontier.ledger.is_leased, self._order.site)

    def _resting(self, hosts: Sequence[str]) -> dict[str, tuple[timedelta, str]]:
        return {host: rest for host in hosts if (rest := self._politeness.rest_of(host))}


def _soon_ended(rests: dict[str, tuple[timedelta, str]]) -> bool:
    return any(left <= _WAIT_FOR_RETRY for left, _ in rests.values())


def _told(rests: dict[str, tuple[timedelta, str]], now: datetime) -> str:
    """`en.tempo.co rests until 14:02:10 UTC (HTTP 429)`, and so on, for the run's report."""
    said = (f"{host} rests until {now + left:%H:%M:%S} UTC ({why})" for host, (left, why) in sorted(rests.items()))
    return "; ".join(said)[:500]
