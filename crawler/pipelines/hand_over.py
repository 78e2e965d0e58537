"""Articles leave the crawler in batches: up to 200, or what came within a second, a job of the queue `enrich`."""

from __future__ import annotations

import math
import secrets
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, Self

from redis.exceptions import OutOfMemoryError
from scrapy.crawler import Crawler

from crawler.frontier import Frontier
from crawler.gather import Gatherer
from crawler.items import Clipping
from stories.batch import Batch, BatchPage
from stories.faults import reached
from stories.identity import reading_digest
from stories.queue import JobQueue

_BATCH: Final = 200  # of a job of 50, half the work is its process and its connections (docs/decisions/0012)
LARGEST_JOB: Final = 4_000_000  # characters: 200 articles have 1.6 million; a worker holds a job several times over
MOST_FULL: Final = 0.9  # of Redis' memory; the rest is for taking jobs out, for at its limit it refuses that, too
_A_LINK: Final = 400  # characters of a card, about
_WAIT: Final = 1.0  # seconds an article waits for company at most: 200 come in that time; what comes last does not wait


class HandOverPipeline:
    """`process_item` returns only when Redis has the job."""

    def __init__(self, frontier: Frontier, queue: JobQueue) -> None:
        self.frontier = frontier
        self.queue = queue
        self._batches: Gatherer[Clipping] = Gatherer(
            self._hand_over, wait=_WAIT, limit=_BATCH, is_all=lambda count: count >= len(frontier.held)
        )

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        spider: Any = crawler.spider
        return cls(spider.frontier, spider.queue)

    async def process_item(self, item: Clipping) -> Clipping:
        await self._batches.add(item)
        return item

    async def _hand_over(self, items: list[Clipping]) -> None:
        for load in loads(items):
            await self._hand_over_one(load)

    async def _hand_over_one(self, items: list[Clipping]) -> None:
        """The ledger first: a job of which it knows nothing could not be missed by the sweeper."""
        job_id = f"enrich-{secrets.token_hex(8)}"
        reached("before_hand_over")
        tokens = {item.lease.key: item.lease.token for item in items}
        ours = await self.frontier.in_thread(self.frontier.ledger.hand_over, tokens, job_id=job_id)
        batch = Batch(run=self.frontier.order.run, pages=tuple(_page(item) for item in items if item.lease.key in ours))
        if batch.pages:
            await self.frontier.ring(self._enqueue, batch.to_json(), job_id=job_id)
        reached("after_enqueue")
        for item in items:
            self.frontier.handed_over(item.lease)

    def _enqueue(self, payload: Mapping[str, Any], *, job_id: str) -> None:
        require_memory(self.queue)
        self.queue.enqueue_articles(payload, job_id=job_id)


def require_memory(queue: JobQueue) -> None:
    """Raises OutOfMemoryError while Redis is so full that jobs have to be taken out before more are put in."""
    memory: Any = queue.connection.info("memory")
    if memory["used_memory"] > MOST_FULL * (memory.get("maxmemory") or math.inf):
        raise OutOfMemoryError(f"{memory['used_memory']:,} of {memory['maxmemory']:,} bytes are in use")


def loads(items: Iterable[Clipping]) -> Iterator[list[Clipping]]:
    """As much as one job may carry; an article that is larger than that travels alone."""
    load: list[Clipping] = []
    size = 0
    for item in items:
        own = len(item.article.article_body) + _A_LINK * len(item.article.related_links)
        if load and size + own > LARGEST_JOB:
            yield load
            load, size = [], 0
        load.append(item)
        size += own
    if load:
        yield load


def _page(item: Clipping) -> BatchPage:
    return BatchPage(
        page=item.lease.key,
        token=item.lease.token,
        article=item.article,
        link_keys=item.link_keys,
        is_based_on_key=item.is_based_on_key,
        aliases=item.lease.aliases,
        etag=item.etag,
        last_modified=item.last_modified,
        digest=item.digest or reading_digest(item.article),
    )
