"""One crawl = one process; its exit code tells the truth.

    python -m crawler.run < order.json

0: everything that was due was asked for, or the page budget is spent. 1: pages failed, vanished, or our own code did.
2: the order cannot be done. 3: MongoDB or Redis was lost. 75: interrupted; what was held is given back, and the run
can be resumed (EX_TEMPFAIL of sysexits.h). 76: another run of its schedule goes first; nothing was begun, and the
sweeper queues it again when that has ended. 77: the run has ended, or another crawler goes on with it; what was held is
given back.
"""

from __future__ import annotations

import gc
import json
import logging
import secrets
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from pymongo.errors import PyMongoError
from redis.exceptions import RedisError
from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings as ScrapySettings

from crawler import settings as defaults
from crawler.allowance import Allowance
from crawler.daily import Daily
from crawler.frontier import Frontier
from crawler.heap import keep_freed_memory
from crawler.leasing import Leasing
from crawler.marks import Marks
from crawler.politeness import Politeness
from crawler.sites.registry import site_named
from crawler.spiders.article import ArticleSpider
from stories import faults, mongo, stopping
from stories.budget import Budgets
from stories.errors import StoryError, UsageError
from stories.fate import Fate
from stories.ledger import Ledger
from stories.log import to_standard_error
from stories.order import CrawlOrder
from stories.pace import PACE_TIMEOUT, Pace
from stories.pages import Lease
from stories.patience import patiently
from stories.quarantine import Quarantine
from stories.queue import JobQueue, connect
from stories.runs import Beginning, Runs
from stories.settings import Settings
from stories.stopping import end_within
from stories.takedown import Takedowns

log = logging.getLogger(__name__)

DONE, FAULTY, UNUSABLE, SERVERS_LOST, INTERRUPTED, NOT_YET, NOT_OURS = 0, 1, 2, 3, 75, 76, 77

_YOUNG_OBJECTS: Final = 100_000  # about fifty pages' worth between looks: a twentieth of the time at ten pages'
_OLDER, _OLDEST = 20, 50  # looks until one at what outlived them: a thousand pages; then at all: fifty thousand
_LOWEST_LIMIT: Final = 16  # pages a host may hold: a lease of fewer costs more than it brings


class _Process(AsyncCrawlerProcess):
    """One that ends soon after it is told to, whoever is away."""

    was_told_to_end = False

    def _signal_shutdown(self, signum: int, frame: Any) -> None:
        self.was_told_to_end = True
        end_within(stopping.CRAWLER, exit_code=INTERRUPTED)
        super()._signal_shutdown(signum, frame)


def host_limit(settings: Settings) -> int:
    """How many pages of one host to hold, if it has no delay: eight rounds of its concurrency."""
    return max(_LOWEST_LIMIT, 8 * settings.concurrency)


def politeness_of(
    settings: Settings,
    redis_url: str,
    *,
    time_left: Callable[[Lease], float],
    now: Callable[[], datetime],
    confirmed_at: Callable[[], float],
) -> Politeness:
    """How this process asks its hosts, together with all others."""
    world = f"{settings.replica}:" if settings.replica else ""
    connection = connect(redis_url, timeout=PACE_TIMEOUT, reconnects=0)
    return Politeness(
        Pace(connection, crawler=secrets.token_hex(6), world=world),
        delay=settings.delay,
        concurrency=settings.concurrency,
        lease_seconds=settings.lease_seconds,
        time_left=time_left,
        now=now,
        confirmed_at=confirmed_at,
        hours=settings.open_hours(),
    )


def manners(settings: Settings, frontier: Frontier, redis_url: str, budgets: Budgets) -> tuple[Politeness, Leasing]:
    """How this process asks its hosts, together with all others; and what for."""
    politeness = politeness_of(
        settings,
        redis_url,
        time_left=frontier.time_left,
        now=frontier.now,
        confirmed_at=lambda: frontier.confirmed_at,
    )
    daily = Daily(frontier, budgets, pages=settings.daily_pages, hours=settings.open_hours())
    return politeness, Leasing(frontier, daily, politeness, host_limit=host_limit(settings))


def allowance(settings: Settings, *, started: datetime) -> Allowance:
    """Of a run that began then, in whichever process."""
    until = started + timedelta(seconds=settings.run_seconds)
    return Allowance(until=until, most_bytes=settings.run_megabytes * 1_000_000)


def crawl(order: CrawlOrder, settings: Settings) -> int:
    """Do the crawl in this process; gives the exit code. Can be called once in a process (Twisted)."""
    site = site_named(order.site)
    for own in settings.sites or ():
        site_named(own.site)  # a name that is misspelled would be of no effect, in silence
    settings = settings.of_site(site.name)
    if settings.mongo_url is None or settings.redis_url is None:
        raise UsageError("a crawl needs KLIPING_MONGO_URL and KLIPING_REDIS_URL; 'kliping crawl' sets both for you.")
    settings.require_contact()
    faults.arm(settings)
    database = mongo.client(settings.mongo_url)[settings.database]
    ledger = Ledger(database, lease=timedelta(seconds=settings.lease_seconds))
    runs = Runs(database, crawler=secrets.token_hex(6))
    to_standard_error(settings.log_level.upper())
    if first := patiently(runs.goes_first, order.run, now=patiently(ledger.now)):
        log.info("the run waits", extra={"run": order.run, "goes_first": first})
        return NOT_YET
    beginning = patiently(_begin, order.run, ledger, runs)
    if beginning is Beginning.ENDED:
        log.info("the run has ended", extra={"run": order.run})
        return NOT_OURS
    spent = patiently(ledger.spent, order.run) if beginning is Beginning.AGAIN else 0
    frontier = Frontier(ledger, order, spent=spent)
    process = _Process(scrapy_settings(settings))
    logging.getLogger("scrapy").setLevel(settings.log_level.upper())  # else two records a page are made and thrown away
    crawler = process.create_crawler(ArticleSpider)
    politeness, leasing = manners(settings, frontier, settings.redis_url, Budgets(database))
    takedowns = Takedowns(database)
    marks = Marks(takedowns, patiently(takedowns.keys))
    parts = {
        "politeness": politeness,
        "leasing": leasing,
        "runs": runs,
        "is_sown": patiently(runs.is_sown, order.run),
        "quarantine": Quarantine(database),
        "marks": marks,
        "allowance": allowance(settings, started=patiently(_started_at, order.run, ledger, runs)),
        "queue": JobQueue(connect(settings.redis_url)),
    }
    crawler.signals.connect(politeness.close, signal=signals.engine_stopped)
    crawler.signals.connect(marks.opened, signal=signals.spider_opened)
    crawler.signals.connect(marks.closed, signal=signals.spider_closed)
    process.crawl(crawler, frontier=frontier, site=site, **parts)
    _rest_the_collector()
    keep_freed_memory()
    process.start()
    code, reason = _verdict(crawler, frontier, was_told_to_end=process.was_told_to_end)
    return _ended(order.run, code, reason, ledger, runs)


def _begin(run: str, ledger: Ledger, runs: Runs) -> Beginning:
    """What a process before us has leased is due at once."""
    beginning = runs.start(run, now=ledger.now())
    if beginning is Beginning.AGAIN:
        ledger.release(run)
    return beginning


def _ended(run: str, code: int, reason: str, ledger: Ledger, runs: Runs) -> int:
    """The run's end is written, unless somebody goes on with it, or the sweeper sees to it; gives the exit code."""
    if code in {INTERRUPTED, SERVERS_LOST, NOT_OURS}:
        return code
    report = patiently(ledger.report, run)
    if code == DONE and any(Fate(fate).is_error for fate in report.fates):
        code, reason = FAULTY, "some pages could not be read"
    patiently(runs.report, run, report)
    patiently(lambda: runs.finish(run, now=ledger.now(), exit_code=code, reason=reason))
    return code


def _started_at(run: str, ledger: Ledger, runs: Runs) -> datetime:
    return (runs.get(run) or {}).get("startedAt") or ledger.now()


def _rest_the_collector() -> None:
    """Modules and settings never die: do not look at them again; and pages come by thousands without cycles."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG_OBJECTS, _OLDER, _OLDEST)


def scrapy_settings(settings: Settings) -> ScrapySettings:
    """Ours on top of Scrapy's defaults, and the user's on top of ours."""
    scrapy = ScrapySettings()
    scrapy.setmodule(defaults, priority="project")
    scrapy.setdict(defaults.for_run(settings), priority="cmdline")
    return scrapy


def _verdict(crawler: Any, frontier: Frontier, *, was_told_to_end: bool) -> tuple[int, str]:
    """One that was told to end before its engine ran ends without any reason of Scrapy's: it was interrupted, too."""
    if frontier.is_anothers:
        return NOT_OURS, "another crawler goes on with it"
    reason = crawler.stats.get_value("finish_reason") if crawler.stats else None
    if reason == "shutdown" or (was_told_to_end and reason is None):
        return INTERRUPTED, "interrupted"
    if frontier.servers_lost:
        return SERVERS_LOST, "MongoDB or Redis was lost"
    if crawler.stats.get_value("spider_exceptions/count") or reason != "finished" or frontier.fates["vanished"]:
        return FAULTY, f"errors in our own code ({reason})"
    return DONE, crawler.spider.outcome


def _done(order: CrawlOrder, settings: Settings) -> int:
    """The crawl's exit code. An order that cannot be done ends its run, with the reason, instead of being resumed."""
    try:
        return crawl(order, settings)
    except UsageError as error:
        if settings.mongo_url is not None:
            with mongo.client(settings.mongo_url) as client:
                database = client[settings.database]
                now = mongo.ServerClock(database).now()
                Runs(database).refuse(order.run, now=now, exit_code=UNUSABLE, reason=str(error))
        raise


def main() -> int:
    try:
        return _done(CrawlOrder.from_json(json.load(sys.stdin)), Settings.load())
    except StoryError as error:
        sys.stderr.write(f"{error}\n")
        return getattr(error, "exit_code", UNUSABLE)
    except json.JSONDecodeError as error:
        sys.stderr.write(f"the order on standard input is not JSON: {error}\n")
        return UNUSABLE
    except (PyMongoError, RedisError) as error:
        sys.stderr.write(f"lost: {error}\n")
        return SERVERS_LOST


if __name__ == "__main__":
    sys.exit(main())
