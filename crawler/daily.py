"""At what hours a site may be asked, and for how many pages a day: what its user set, whatever the number of crawls."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from crawler.frontier import Frontier
from stories.budget import Budgets
from stories.hours import Hours
from stories.pages import Lease

_ZONE: Final = ZoneInfo("Asia/Jakarta")  # the day of a site without hours is that of Tempo's readers
_UNLIMITED: Final = 1_000_000_000

SPENT: Final = "daily budget spent"


class Daily:
    """Of one crawl's site."""

    def __init__(self, frontier: Frontier, budgets: Budgets, *, pages: int | None, hours: Hours | None) -> None:
        self.hours = hours
        self._frontier = frontier
        self._site = frontier.order.site
        self._budgets = budgets
        self._pages = pages
        self._zone = ZoneInfo(hours.zone) if hours else _ZONE
        self._left: int | None = None
        """Of the day's pages, when we looked last."""
        self._earlier: set[str] = set()
        """Tokens of what we held when a new day began: it was counted on the day before."""
        self._day = self._today()

    def why_not(self) -> str | None:
        """Why nothing more may be asked for now, in words for the run's report."""
        now = self._frontier.now()
        if self.hours and self.hours.end_of(now) is None:
            begin = self.hours.next_begin(now).astimezone(self._zone)
            return f"outside the crawl window until {begin:%Y-%m-%d %H:%M} {self.hours.zone}"
        return SPENT if self._left == 0 and self._day == self._today() else None

    async def left(self) -> int:
        """How many pages may still be asked for today."""
        if self._pages is None:
            return _UNLIMITED
        if self._left is None or self._day != self._today():
            self._day = self._today()
            self._earlier = {lease.token for lease in self._frontier.held.values()}
            spent = await self._frontier.in_thread(self._budgets.spent, self._site, self._day)
            self._left = max(0, self._pages - spent)
        return self._left

    async def of(self, leases: Sequence[Lease]) -> Sequence[Lease]:
        """Those of these pages that may be asked for; the others go back. Another crawl may have been faster."""
        if self._pages is None or not leases:
            return leases
        allowed = await self._frontier.in_thread(
            self._budgets.spend, self._site, self._day, pages=len(leases), daily=self._pages
        )
        self._left = max(0, (self._left or 0) - len(leases)) if allowed == len(leases) else 0
        for lease in leases[allowed:]:
            self._frontier.leased -= 1
            self._frontier.retry(lease, reason=SPENT, pause=self._until_tomorrow(), counts=False)
        return leases[:allowed]

    def unasked(self, lease: Lease) -> None:
        """A page goes back that was not asked for."""
        if self._pages is not None and lease.token not in self._earlier:
            self._left = (self._left or 0) + 1
            returning = self._frontier.in_thread(self._budgets.return_unasked, self._site, self._day, pages=1)
            self._frontier.later(returning)

    def _until_tomorrow(self) -> timedelta:
        tomorrow = datetime.combine(self._day + timedelta(days=1), time(), self._zone)
        return max(timedelta(0), tomorrow - self._frontier.now())

    def _today(self) -> date:
        return self._frontier.now().astimezone(self._zone).date()
