"""A bare Scrapy spider: it asks for every address it is given and parses nothing. What Kliping is measured against.

    python -m bench.bare stock|tuned REPLICA CONCURRENCY < addresses

`stock`: Scrapy as it comes, with the concurrency set and nothing else. `tuned`: with crawler/settings.py, which is part
of what Kliping does for its speed. Prints one JSON line: pages, seconds, peak memory.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request, Spider, signals
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings as ScrapySettings

from crawler.run import scrapy_settings
from stories.settings import Settings


class BareSpider(Spider):
    name = "bare"

    def __init__(self, *, requests: list[Request], **options: Any) -> None:
        super().__init__(**options)
        self.requests = requests
        self.pages = 0
        self.began = 0.0
        self.ended = 0.0

    async def start(self) -> AsyncIterator[Request]:
        self.began = time.monotonic()
        for request in self.requests:
            yield request

    def parse(self, _response: Any, **_: Any) -> None:
        self.pages += 1
        self.ended = time.monotonic()


def tuned(replica: str, concurrency: int) -> ScrapySettings:
    settings = scrapy_settings(Settings(replica=replica, delay=0, concurrency=concurrency))
    settings.setdict({"ITEM_PIPELINES": {}, "EXTENSIONS": {}, "LOG_LEVEL": "ERROR"}, priority="cmdline")
    return settings


def stock(_replica: str, concurrency: int) -> ScrapySettings:
    both = {"CONCURRENT_REQUESTS": 4 * concurrency, "CONCURRENT_REQUESTS_PER_DOMAIN": concurrency}
    return ScrapySettings(
        {**both, "TELNETCONSOLE_ENABLED": False, "REMOTE_CONTROL_ENABLED": False, "LOG_LEVEL": "ERROR"}
    )


def direct(url: str, replica: str) -> Request:
    """The request as it reaches the replica: Scrapy as it comes knows no replica mode."""
    parts = urlsplit(url)
    return Request(replica + parts.path, headers={"Host": parts.netloc}, dont_filter=True)


def main() -> None:
    kind, replica, concurrency = sys.argv[1], sys.argv[2], int(sys.argv[3])
    urls = sys.stdin.read().split()
    if kind == "tuned":
        settings, requests = tuned(replica, concurrency), [Request(url, dont_filter=True) for url in urls]
    else:
        settings, requests = stock(replica, concurrency), [direct(url, replica) for url in urls]
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(BareSpider)
    process.crawl(crawler, requests=requests)
    kept: dict[str, Any] = {}
    crawler.signals.connect(lambda spider: kept.update(spider=spider), signal=signals.spider_closed, weak=False)
    process.start()
    spider = kept["spider"]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sys.stdout.write(
        json.dumps({"pages": spider.pages, "seconds": spider.ended - spider.began, "peakKiB": peak}) + "\n"
    )


if __name__ == "__main__":
    main()
