"""A bare Scrapy spider: it asks for every address it is given and parses nothing. What Kliping is measured against.

    python -m bench.bare REPLICA CONCURRENCY < addresses

Prints one JSON line: pages, seconds, peak memory.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import AsyncIterator
from typing import Any

from scrapy import Request, Spider, signals
from scrapy.crawler import AsyncCrawlerProcess

from crawler.run import scrapy_settings
from stories.settings import Settings


class BareSpider(Spider):
    name = "bare"

    def __init__(self, *, urls: list[str], **options: Any) -> None:
        super().__init__(**options)
        self.urls = urls
        self.pages = 0
        self.began = 0.0
        self.ended = 0.0

    async def start(self) -> AsyncIterator[Request]:
        self.began = time.monotonic()
        for url in self.urls:
            yield Request(url, callback=self.parse, dont_filter=True)

    def parse(self, _response: Any, **_: Any) -> None:
        self.pages += 1
        self.ended = time.monotonic()


def main() -> None:
    replica, concurrency = sys.argv[1], int(sys.argv[2])
    settings = scrapy_settings(Settings(replica=replica, delay=0, concurrency=concurrency))
    settings.setdict({"ITEM_PIPELINES": {}, "EXTENSIONS": {}, "LOG_LEVEL": "ERROR"}, priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(BareSpider)
    process.crawl(crawler, urls=sys.stdin.read().split())
    kept: dict[str, Any] = {}
    crawler.signals.connect(lambda spider: kept.update(spider=spider), signal=signals.spider_closed, weak=False)
    process.start()
    spider = kept["spider"]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sys.stdout.write(json.dumps({"pages": spider.pages, "seconds": spider.ended - spider.began, "peakKiB": peak}) + "\n")


if __name__ == "__main__":
    main()
