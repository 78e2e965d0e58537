"""A page that reads as it did last time ends here: UNCHANGED, without a job.

(A story that another one almost repeats is noted when it is stored, where all stories are known: stories/store.py.)
"""

from __future__ import annotations

from dataclasses import replace
from typing import Self

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from crawler.frontier import Frontier
from crawler.items import Clipping
from stories import revisit
from stories.fate import Fate
from stories.identity import reading_digest


class DeduplicatePipeline:
    def __init__(self, frontier: Frontier) -> None:
        self.frontier = frontier

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler.spider.frontier)  # type: ignore[union-attr]  # ours has one

    def process_item(self, item: Clipping) -> Clipping:
        digest = reading_digest(item.article)
        if digest != item.lease.digest:
            return replace(item, digest=digest)
        self.frontier.settle(
            item.lease,
            Fate.UNCHANGED,
            next_fetch_at=revisit.next_visit(item.article.date_published, now=self.frontier.now()),
            etag=item.etag,
            last_modified=item.last_modified,
            page_version=item.article.page_version,
        )
        raise DropItem("unchanged", log_level="DEBUG")
