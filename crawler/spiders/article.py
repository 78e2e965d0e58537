"""The only spider: lease -> request -> page -> an article and the links it points to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from scrapy import Request, Spider, signals
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler import follow
from crawler.allowance import RECEIVED, Allowance
from crawler.answers import error_of, further_part, is_empty_shell, outcome_of, page_of, validators_of
from crawler.frontier import Frontier
from crawler.items import Clipping
from crawler.leasing import FINISHED, Leasing
from crawler.marks import Marks
from crawler.outcome import CHALLENGED, Again, next_visit, outcome_of_failure
from crawler.politeness import Politeness
from crawler.rendering import Renderer
from crawler.sites.parts import Begun, Further, joined, onward
from crawler.sites.site import Listing, PageKind, Part, Site
from stories.article import Article
from stories.errors import PageError
from stories.fate import Fate
from stories.pages import FRESH, SEED, Lease
from stories.quarantine import Quarantine
from stories.queue import JobQueue
from stories.runs import Runs

_POLL: Final = 0.02  # seconds between looks for due pages while some are held: a page takes longer to download
_QUIET_POLL: Final = 0.5  # seconds, while only others hold pages
_HOSTS_EVERY: Final = 5.0  # seconds between looks for new hosts; pages found here bring theirs at once
_BEGUN: Final = FRESH + 1  # priority: what is half read is ended first, it waits in memory
_AFTER_ITS_NEIGHBOURS: Final = timedelta(seconds=5)  # the page may be to blame for its host's rest


class ArticleSpider(Spider):
    """Feeds on the ledger. run.py gives it its parts, and pipelines and extensions find theirs here."""

    name = "article"

    def __init__(
        self,
        *,
        frontier: Frontier,
        site: Site,
        leasing: Leasing,
        politeness: Politeness,
        queue: JobQueue,
        quarantine: Quarantine,
        runs: Runs,
        allowance: Allowance,
        marks: Marks,
        is_sown: bool,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.frontier = frontier
        self.site = site
        self.order = frontier.order
        self.leasing = leasing
        self.politeness = politeness
        self.queue = queue
        self.quarantine = quarantine
        self.runs = runs
        self.allowance = allowance
        self.marks = marks
        self.is_sown = is_sown
        self.outcome = FINISHED
        """Why leasing ended."""
        self._renderer: Renderer | None = None

    # -- lease -> request -----------------------------------------------------------------------------------

    async def start(self) -> AsyncIterator[Request]:
        """Requests for due pages until none is due, none is held here, and none is leased elsewhere."""
        await self._sow()
        hosts: list[str] = []
        looked, clock = float("-inf"), asyncio.get_running_loop().time
        while True:
            # Both before we look: what a page will find that is held now, here or elsewhere, only the next look sees.
            is_idle = not self.frontier.held
            more_may_come = is_idle and not self._spent() and await self.leasing.more_may_come(hosts)
            if is_idle or clock() - looked > _HOSTS_EVERY:
                hosts, looked = await self.frontier.in_thread(self.frontier.ledger.hosts, self.site.name), clock()
            hosts = hosts[1:] + hosts[:1]  # each is first in its turn: what may be held at most is for all of them
            open_hosts = () if self._spent() else hosts
            leases = [lease for host in open_hosts for lease in await self.leasing.lease(host, of=len(hosts))]
            for lease in leases:
                yield self._request(lease)
            if leases:
                continue
            self.frontier.let_go_of_vanished()
            if is_idle and (over := self._spent() or await self.leasing.why_over(hosts, more_may_come=more_may_come)):
                self.outcome = over
                return
            await asyncio.sleep(_QUIET_POLL if is_idle else _POLL)

    async def _sow(self) -> None:
        seeds = follow.seeds(self.site, self.order)
        await self.frontier.discover(seeds)
        await self.frontier.in_thread(self.frontier.ledger.make_due, [seed.key for seed in seeds], priority=SEED)
        if self.order.fresh and not self.is_sown:  # once, but surely: a crawler may die before this
            await self.frontier.in_thread(self.frontier.ledger.make_site_due, self.site.name)
        await self.frontier.in_thread(self.runs.sown, self.order.run, now=self.frontier.now())

    def _spent(self) -> str | None:
        if self.frontier.servers_lost:  # what is read now could not be put down, and would be read again and again
            return "MongoDB or Redis was lost"
        if self.frontier.leased >= self.order.max_pages:
            return "page budget spent"
        assert self.crawler.stats is not None  # made before any spider
        return self.allowance.spent(now=self.frontier.now(), received=self.crawler.stats.get_value(RECEIVED, 0))

    def _request(self, lease: Lease) -> Request:
        headers = {}
        if not self.order.fresh:
            conditions = {"If-None-Match": lease.etag, "If-Modified-Since": lease.last_modified}
            headers = {name: value for name, value in conditions.items() if value}
        return Request(
            lease.url,
            callback=self.parse,
            errback=self.failed,
            headers=headers,
            priority=FRESH - SEED if lease.depth == 0 else SEED,
            meta={"lease": lease},
            dont_filter=True,  # the ledger deduplicates
        )

    # -- page -> article, links -----------------------------------------------------------------------------

    async def parse(self, response: Response, **_: Any) -> AsyncIterator[Clipping | Request]:
        """Read a page. Every link is in the ledger before its page can get its fate."""
        lease: Lease = response.meta["lease"]
        now = self.frontier.now()
        outcome = outcome_of(response, now=now)
        if isinstance(outcome, Again):
            self._retry(lease, outcome)
        elif outcome is not None:
            self._settle(lease, outcome.fate, reason=outcome.reason, now=now)
        elif await self._led_elsewhere(response.url, lease):
            self._settle(lease, Fate.ALIAS, reason=response.url, now=now)
        else:
            async for output in self._read(response, lease, now):
                yield output

    async def _led_elsewhere(self, url: str, lease: Lease) -> bool:
        if url == lease.url:
            return False
        target = follow.led_to(url, lease)
        if target is None:
            return False
        await self.frontier.discover([follow.from_redirect(target, lease)])
        return True

    async def _read(self, response: Response, lease: Lease, now: datetime) -> AsyncIterator[Clipping | Request]:
        try:
            reading = self.site.read(page_of(response, at=now))
        except PageError as error:
            self._settle(lease, error.fate, reason=error.reason, now=now)
            return
        if isinstance(reading, Listing) and PageKind(lease.kind).is_article:
            # Where an article was, sites show their home page: that is no other address of it.
            self._settle(lease, Fate.NOT_ARTICLE, reason=f"a page of links: {response.url}", now=now)
        elif isinstance(reading, Listing) and reading.is_empty_shell:
            for request in self._with_a_browser(response, lease, now):
                yield request
        elif isinstance(reading, Listing):
            # A back-fill leaves out links of other days: the next crawl has to see the page again, changed or not.
            kept = {} if follow.date_range(self.order) else validators_of(response)
            await self._listed(reading, lease, now, **kept)
        elif isinstance(reading, Part):
            yield await self._onward(reading, Begun(asked=frozenset({lease.url})), lease)
        else:
            yield await self._clipping(reading, lease, **validators_of(response))

    async def _listed(self, listing: Listing, lease: Lease, now: datetime, **validators: str) -> None:
        await self.frontier.discover(follow.from_listing(listing.links, lease, self.order, now=now))
        self._settle(lease, Fate.LISTED, now=now, **validators)

    async def _clipping(self, article: Article, lease: Lease, **validators: str) -> Clipping:
        await self.frontier.discover(follow.from_article(article, lease, self.order))
        self.frontier.was_read(lease)
        return Clipping(
            article=article,
            lease=lease,
            link_keys=tuple(follow.story_key_of(link.url) for link in article.related_links),
            is_based_on_key=follow.story_key_of(article.is_based_on),
            **validators,
        )

    def _retry(self, lease: Lease, again: Again, *, of: str = "") -> None:
        """Back into the ledger. An answer that speaks of the host costs no try where others got it just before."""
        pause, counts = again.pause, again.counts
        if again.rest:
            self.politeness.rest(lease.host, again.rest)
        if again.is_of_host:
            rest = self.politeness.rest_of(lease.host)
            pause = rest[0] + _AFTER_ITS_NEIGHBOURS if rest else pause
            counts = not self.politeness.is_ill(lease.host)
        self.frontier.retry(lease, reason=of + again.reason, pause=pause, counts=counts)

    def _settle(self, lease: Lease, fate: Fate, *, now: datetime, reason: str | None = None, **details: Any) -> None:
        if fate is Fate.CHALLENGE:
            self.politeness.rest(lease.host, CHALLENGED)
        self.frontier.settle(lease, fate, reason=reason, next_fetch_at=next_visit(fate, lease, now=now), **details)

    def failed(self, failure: Failure) -> None:
        """Nothing was downloaded, or nothing that may be kept."""
        lease: Lease = failure.request.meta["lease"]  # type: ignore[attr-defined]  # Scrapy sets it on every failure
        outcome = outcome_of_failure(error_of(failure))
        if isinstance(outcome, Again):
            if not outcome.counts:
                self.leasing.unasked(lease)
            self._retry(lease, outcome)
        else:
            self._settle(lease, outcome.fate, reason=outcome.reason, now=self.frontier.now())

    # -- a listing that is empty without its script ---------------------------------------------------------

    def _with_a_browser(self, shell: Response, lease: Lease, now: datetime) -> Iterator[Request]:
        """The request to render it, under the same lease. Without a browser the page waits until there is one."""
        lacking: str | None = self.settings["KLIPING_BROWSER_MISSING"]
        if lacking:
            if not self.frontier.fates[Fate.DEFERRED.value]:
                self.logger.warning("pages that need a browser are deferred: %s", lacking)
            self._settle(lease, Fate.DEFERRED, reason=lacking, now=now)
            return
        if self._renderer is None:
            self._renderer = Renderer(self.crawler)
            self.crawler.signals.connect(self._renderer.close, signal=signals.spider_closed)
        yield self._renderer.request(
            shell,
            lease,
            is_empty=lambda html: is_empty_shell(html, shell.url, self.site, now=now),
            callback=self.parse_rendered,
            errback=self.failed,
            priority=_BEGUN,
        )

    async def parse_rendered(self, response: Response, **_: Any) -> None:
        """Read a page as its script has filled it. Validators are its shell's, which may stay as it is: none kept."""
        lease: Lease = response.meta["lease"]
        now = self.frontier.now()
        if await self._led_elsewhere(response.url, lease):
            self._settle(lease, Fate.ALIAS, reason=response.url, now=now)
            return
        try:
            reading = self.site.read(page_of(response, at=now))
        except PageError as error:
            self._settle(lease, error.fate, reason=error.reason, now=now)
            return
        trouble = response.meta["in_page"].trouble
        if isinstance(reading, Listing) and not reading.is_empty_shell:
            await self._listed(reading, lease, now)
        elif trouble:
            self.frontier.retry(lease, reason=f"empty in a browser, without {trouble}"[:300])
        else:
            self._settle(lease, Fate.EMPTY_SHELL, reason="no link, even in a browser", now=now)

    # -- an article's further parts -------------------------------------------------------------------------

    async def _onward(self, reading: Article | Part | None, begun: Begun, lease: Lease) -> Clipping | Request:
        """The whole article, or a request for its next part under the same lease.

        An article of several parts keeps no validators: its first part may stay as it is while another changes.
        """
        found = onward(reading, begun, self.site.identify)
        if not isinstance(found, Further):
            return await self._clipping(found, lease)
        return Request(
            found.url,
            callback=self.parse_part,
            errback=self.part_failed,
            priority=_BEGUN,
            meta={"lease": lease, "begun": found.begun},
            dont_filter=True,
        )

    async def parse_part(self, response: Response, **_: Any) -> AsyncIterator[Clipping | Request]:
        """Read a further part. One that cannot be had now sends the whole page back, to be tried again."""
        lease: Lease = response.meta["lease"]
        found = further_part(response, self.site, now=self.frontier.now())
        if isinstance(found, Again):
            self._retry(lease, found, of=f"{response.url}: ")
        else:
            yield await self._onward(found, response.meta["begun"], lease)

    async def part_failed(self, failure: Failure) -> AsyncIterator[Clipping]:
        """A part that is never asked for (robots.txt, our guard) leaves the article unfinished."""
        meta = failure.request.meta  # type: ignore[attr-defined]  # Scrapy sets it on every failure
        outcome = outcome_of_failure(error_of(failure))
        if isinstance(outcome, Again):  # it counts even where the part was not asked for: the page was
            self.frontier.retry(meta["lease"], reason=f"a further part: {outcome.reason}", pause=outcome.pause)
        else:
            yield await self._clipping(joined(meta["begun"].articles), meta["lease"])
