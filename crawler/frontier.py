"""The crawler's side of the ledger: which pages are held here, what was found, what became of them.

Every call to the ledger goes through a thread, in batches, and waits through an outage of MongoDB. State only; who may
be asked, how often, and what a page's fate is, is decided elsewhere.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections import Counter, OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import count
from typing import Any, Final, TypeVar

from crawler.gather import Gatherer
from crawler.sites.site import PageKind
from stories import revisit
from stories.fate import Fate
from stories.faults import reached
from stories.ledger import Ledger
from stories.order import CrawlOrder
from stories.pages import MAX_ATTEMPTS, Discovery, Lease, Settlement
from stories.patience import patiently

T = TypeVar("T")
log = logging.getLogger(__name__)

_THREADS: Final = 4  # lease, discover, settle and hand over can wait at the same time
_BELLS: Final = 2  # batches handed over at the same time
_DISCOVER_WAIT: Final = 0.015  # seconds; 200 ms starved the frontier, 10-20 ms did not (docs/decisions/0003)
_DISCOVER_LIMIT: Final = 500  # pages in one bulk: under 100 kB
_SETTLE_WAIT: Final = 0.05  # seconds; nobody waits for it but the end of the crawl
_SETTLE_LIMIT: Final = 200
_VANISHED_AFTER: Final = 300.0  # seconds; longer than anything waits: patience's four minutes and a download
RENEWAL: Final = 20.0  # seconds between renewals, at most: three before the sweeper looks for a job that is not queued
_LONGEST_WORK: Final = 1800.0  # seconds a page may be at work: fifty parts of it with half a minute's delay
_LISTING_LEVEL: Final = -1  # what a listing points to has depth 0
_FAR: Final = 1_000_000
_KNOWN: Final = 50_000  # keys remembered as discovered: 28 % fewer upserts for about 8 MB


class Frontier:
    """Pages between lease and fate, in this process."""

    def __init__(self, ledger: Ledger, order: CrawlOrder, *, spent: int = 0) -> None:
        self.ledger = ledger
        self.order = order
        self.held: dict[str, Lease] = {}
        self._waiting: dict[str, set[str]] = {}
        """Keys of pages that are leased and not yet downloaded, by host."""
        self._at_work: dict[str, float] = {}
        """Held pages that were downloaded, with the time since when."""
        self.leased = spent
        """Of the run's page budget; a run that goes on begins with what it had spent."""
        self.fates: Counter[str] = Counter()
        self.servers_lost = False
        """A server was away for longer than we wait."""
        self.is_anothers = False
        """Another crawler goes on with the run."""
        self.confirmed_at = float("-inf")
        """When a majority of MongoDB was last asked something that it answered, by the loop's clock."""
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="ledger")
        self._unread: dict[str, int] = {}
        """Held pages whose links are not in the ledger yet, with their level."""
        self._known: OrderedDict[str, int] = OrderedDict()
        self._discoveries: Gatherer[Discovery] = Gatherer(self._discover, wait=_DISCOVER_WAIT, limit=_DISCOVER_LIMIT)
        self._settlements: Gatherer[Settlement] = Gatherer(self._settle, wait=_SETTLE_WAIT, limit=_SETTLE_LIMIT)
        self._pending: set[asyncio.Task[None]] = set()
        self._leasing: set[asyncio.Task[list[Lease]]] = set()
        self._doorbell = ThreadPoolExecutor(_BELLS, thread_name_prefix="doorbell")

    async def in_thread(self, call: Callable[..., T], *args: Any, **options: Any) -> T:
        """The result of a blocking call that may have to wait through an outage."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, lambda: patiently(call, *args, **options))

    async def ring(self, call: Callable[..., T], *args: Any, **options: Any) -> T:
        """As in_thread, for Redis: while it is away or full, the ledger's calls go on."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._doorbell, lambda: patiently(call, *args, **options))

    # -- leased ---------------------------------------------------------------------------------------------

    async def lease(self, host: str, *, limit: int) -> list[Lease]:
        """Take due pages of a host. A cancelled caller does not lose them: they are held, and given back at the end."""
        leasing = asyncio.ensure_future(self._lease(host, limit))
        self._leasing.add(leasing)
        leasing.add_done_callback(self._leasing.discard)
        return await asyncio.shield(leasing)

    async def _lease(self, host: str, limit: int) -> list[Lease]:
        order, deepest = self.order, self._deepest()
        token, tries = secrets.token_hex(8), count()
        leases = await self.in_thread(
            lambda: self.ledger.lease(
                order.site,
                host=host,
                limit=limit,
                run=order.run,
                max_depth=deepest,
                token=token,
                is_again=next(tries) > 0,
            )
        )
        for lease in leases:
            self.held[lease.key] = lease
            self._at_work.pop(lease.key, None)
            self._unread[lease.key] = lease.depth if PageKind(lease.kind).is_article else _LISTING_LEVEL
        self._waiting.setdefault(host, set()).update(lease.key for lease in leases)
        self.leased += len(leases)
        return leases

    def _deepest(self) -> int:
        """How far from a listing a page may be to be leased now: one step beyond the nearest that is still unread.

        So no story is read at a longer distance than its shortest, and what is in reach does not hang on the network.
        """
        return min(self.order.depth, min(self._unread.values(), default=self.order.depth) + 1)

    def was_read(self, lease: Lease) -> None:
        """All that the page points to is in the ledger."""
        self._unread.pop(lease.key, None)

    def downloaded(self, lease: Lease) -> None:
        """The page no longer waits for its host."""
        self._waiting[lease.host].discard(lease.key)
        if lease.key in self.held:
            self._at_work.setdefault(lease.key, time.monotonic())

    def waiting(self, host: str) -> int:
        """How many pages are leased and not yet downloaded."""
        return len(self._waiting.get(host, ()))

    def is_held(self, lease: Lease) -> bool:
        held = self.held.get(lease.key)
        return held is not None and held.token == lease.token

    def time_left(self, lease: Lease) -> float:
        """Seconds for which the page is ours, as last renewed."""
        return self.held[lease.key].ends - time.monotonic() if self.is_held(lease) else 0.0

    @property
    def renewal(self) -> float:
        """Seconds between renewals."""
        return min(RENEWAL, self.ledger.length.total_seconds() / 3)

    async def renew(self) -> None:
        """Prolong the leases of pages at work, for some are long: rendered, of many parts, or waiting for a full Redis.

        Those that wait for their host are not prolonged: another may ask it sooner.
        """
        begun = time.monotonic() - _LONGEST_WORK
        slow = [self.held[key] for key, since in self._at_work.items() if since > begun]
        renewed = await self.in_thread(self.ledger.renew, slow)
        for lease in filter(self.is_held, slow):
            if lease.key in renewed:
                self.held[lease.key] = renewed[lease.key]
            else:
                self._let_go(lease)
                self.fates["lost"] += 1  # somebody else's: whatever we say of it would not be heard

    def now(self) -> datetime:
        """The server's time, for what others will compare with it."""
        return self.ledger.about_now()

    # -- found ----------------------------------------------------------------------------------------------

    async def discover(self, found: Iterable[Discovery]) -> None:
        """Return when all are in the ledger."""
        new = [page for page in found if page.alias or self._known.get(page.key, _FAR) > page.depth]
        if new:
            await self._discoveries.add(*new)
            reached("after_discover")

    async def _discover(self, found: list[Discovery]) -> None:
        nearest = {(page.key, page.alias): page for page in sorted(found, key=lambda page: -page.depth)}
        await self.in_thread(self.ledger.discover, list(nearest.values()))
        for page in nearest.values():
            self._known[page.key] = page.depth
        while len(self._known) > _KNOWN:
            self._known.popitem(last=False)

    # -- ended ----------------------------------------------------------------------------------------------

    def settle(self, lease: Lease, fate: Fate, **details: Any) -> None:
        """The page's one fate here; a second one for the same lease is not heard."""
        if self._let_go(lease):
            self.fates[fate.value] += 1
            settlement = Settlement(key=lease.key, token=lease.token, fate=fate, **details)
            self.later(self._settlements.add(settlement))

    def retry(self, lease: Lease, *, reason: str, pause: timedelta | None = None, counts: bool = True) -> None:
        """The page goes back and is due after a pause; after its last try it has failed, and rests for a day.

        `counts` is False where the page was not asked for: then it loses no try.
        """
        if counts and lease.attempts + 1 >= MAX_ATTEMPTS:
            self.settle(lease, Fate.FAILED, reason=reason, next_fetch_at=self.now() + revisit.FAILED)
        elif self._let_go(lease):
            self.fates["retried"] += 1
            self.later(self.in_thread(self.ledger.retry, lease, reason=reason, pause=pause, counts=counts))

    def let_go_of_vanished(self) -> None:
        """A net for what no signal shows: pages still held long after their lease ran out are somebody else's."""
        at = time.monotonic() - _VANISHED_AFTER
        for lease in [held for held in self.held.values() if held.ends < at]:
            self._let_go(lease)
            self.fates["vanished"] += 1

    def handed_over(self, lease: Lease) -> None:
        """The page is a job's business now."""
        if self._let_go(lease):
            self.fates["handedOver"] += 1

    def _let_go(self, lease: Lease) -> bool:
        if not self.is_held(lease):
            return False
        del self.held[lease.key]
        self.was_read(lease)
        self.downloaded(lease)
        self._at_work.pop(lease.key, None)
        return True

    async def _settle(self, settlements: list[Settlement]) -> None:
        await self.in_thread(self.ledger.settle, settlements)

    def later(self, work: Awaitable[None]) -> None:
        """Do this beside the crawl; its end waits for it."""
        task = asyncio.ensure_future(work)
        self._pending.add(task)
        task.add_done_callback(self._written)

    def _written(self, task: asyncio.Task[None]) -> None:
        self._pending.discard(task)
        if not task.cancelled() and (error := task.exception()):
            self.servers_lost = True
            log.error("a fate could not be written", extra={"error": type(error).__name__})

    async def close(self) -> None:
        """Write what is left and give back what was not fetched."""
        if self._leasing:
            await asyncio.wait(list(self._leasing))
        while self._pending:
            await self._settlements.drain()
            await asyncio.wait(list(self._pending))
        left = list(self.held.values())
        self.held.clear()
        await self.in_thread(self.ledger.give_back, left)
        self._threads.shutdown(wait=False)
        self._doorbell.shutdown(wait=False)
