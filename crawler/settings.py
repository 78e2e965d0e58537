"""Every Scrapy setting that differs from the default, each with its reason."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any, Final

from crawler import browser
from stories.settings import Settings

BOT_NAME = "kliping"
SPIDER_MODULES: Final = ["crawler.spiders"]

# -- Nothing listens. Scrapy 2.19 opens a telnet and a remote-control (code execution) port by default.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

# -- Who may be asked, and how
ROBOTSTXT_OBEY = True
DOWNLOAD_VERIFY_CERTIFICATES = True  # the default does not
COOKIES_ENABLED = False  # a crawler has no session, and none can leave the site
REDIRECT_MAX_TIMES = 5  # browsers give up at 20; a publisher's own chains have two or three
METAREFRESH_ENABLED = False  # Tempo's 2013-17 pages reload themselves by it
RETRY_ENABLED = False  # the ledger retries, with pauses that outlive this process
DEPTH_STATS_VERBOSE = False
DEPTH_LIMIT = 0  # the ledger knows a page's depth
DOWNLOADER_MIDDLEWARES: Final = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,  # drops silently
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,  # open on failure
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,  # there is no password to give
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": None,  # a proxy would be asked for every host
    "scrapy.downloadermiddlewares.stats.DownloaderStats": None,  # the ledger counts
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,  # ours, with no Referer
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,  # see crawler/unpack.py
    "crawler.middlewares.body.BodyMiddleware": 590,  # the same place
    "crawler.middlewares.redirect.RedirectMiddleware": 600,  # Scrapy's own place
    "crawler.middlewares.guard.GuardMiddleware": 50,
    "crawler.middlewares.robots.RobotsMiddleware": 100,
}
SPIDER_MIDDLEWARES: Final = {
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,  # drops silently; follow.py bounds the length
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,  # every status has a meaning: see outcome.py
    "scrapy.spidermiddlewares.referer.RefererMiddleware": None,  # the path by which we came is nobody's business
    "scrapy.spidermiddlewares.start.StartSpiderMiddleware": None,  # each further one takes 3 % of a page's time
}
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"  # the ledger deduplicates

# -- Limits
DOWNLOADER = "crawler.download.PunctualDownloader"  # the default exceeds the concurrency of a host
DOWNLOAD_TIMEOUT = 30  # seconds: a server that hangs or drips costs no more than that
DOWNLOAD_MAXSIZE = 8 * 1024 * 1024  # a sitemap of 50,000 addresses has about 7 MB
LARGEST_PAGE: Final = 2 * 1024 * 1024  # articles and lists: Tempo's largest had 400 kB; 64 at a time stay in memory
DOWNLOAD_WARNSIZE = 0
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 64 * 1024 * 1024  # pages that wait for their hand-over count: 500 of 100 kB
CONCURRENT_REQUESTS = 64  # over all hosts of a site; per host it is KLIPING_CONCURRENCY
CONCURRENT_ITEMS = 1  # a page gives one article; Scrapy starts so many tasks for every page (half of the time at 100)

# -- Speed (docs/decisions/0003)
TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"
ASYNCIO_EVENT_LOOP = "uvloop.Loop"
DOWNLOAD_HANDLERS: Final = {
    "http": "crawler.download.DownloadHandler",
    "https": "crawler.download.DownloadHandler",
    "data": None,  # no address but http(s) is ever fetched
    "file": None,
    "ftp": None,
    "s3": None,
}

ITEM_PIPELINES: Final = {
    "crawler.pipelines.validate.ValidatePipeline": 100,
    "crawler.pipelines.normalise.NormalisePipeline": 200,
    "crawler.pipelines.deduplicate.DeduplicatePipeline": 300,
    "crawler.pipelines.hand_over.HandOverPipeline": 400,
}
EXTENSIONS: Final = {
    "crawler.extensions.settle.Settle": 0,
    "crawler.extensions.heartbeat.Heartbeat": 0,
    "crawler.extensions.renew.Renew": 0,
    "scrapy.extensions.logstats.LogStats": None,  # the heartbeat reports
}
STATS_DUMP = False
LOG_INSTALL_ROOT_HANDLER = False  # ours writes one line an event (stories/log.py)


def user_agent(contact: str) -> str:
    """An honest one: what we are, and where our people can be reached."""
    return f"Kliping/{version('kliping')} (+{contact})"


def for_run(settings: Settings) -> dict[str, Any]:
    """What a user's settings change."""
    agent = user_agent(settings.contact or "replica")
    return {
        **browser.for_run(settings, agent),
        "USER_AGENT": agent,
        "DOWNLOAD_DELAY": settings.delay,
        "CONCURRENT_REQUESTS_PER_DOMAIN": settings.concurrency,
        "KLIPING_REPLICA": settings.replica,
        "LOG_LEVEL": settings.log_level.upper(),
    }
