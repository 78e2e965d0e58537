"""Much is put into Redis only while there is room for what takes it out; and one that takes nothing ends the crawl."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from redis.exceptions import OutOfMemoryError

from crawler.pipelines.hand_over import MOST_FULL, require_memory
from crawler.run import SERVERS_LOST
from stories.runs import ACTIVE
from tests.crawler import crawling
from tests.crawler.crawling import Answer, Asked, serving
from tests.security.paper import address, article
from tests.waiting import wait_for
from workers.stores import Stores

PAGES, SLOWLY = 60, 0.1
"""Pages, and seconds that each takes: three times as many as are held until the first cannot be handed over."""


def test_a_tenth_of_redis_is_left_to_the_workers(stores: Stores):
    queue = stores.queue
    require_memory(queue)
    before = queue.connection.config_get("maxmemory")["maxmemory"]
    used = int(queue.connection.info("memory")["used_memory"])
    queue.connection.config_set("maxmemory", int(used / (MOST_FULL + 0.05)))
    try:
        with pytest.raises(OutOfMemoryError, match="are in use"):
            require_memory(queue)
        queue.remember()  # there is room for what is small
    finally:
        queue.connection.config_set("maxmemory", before)
    require_memory(queue)


@contextmanager
def refused_writes(stores: Stores, home: Path) -> Iterator[None]:
    """A Redis that cannot write its snapshots takes nothing more (MISCONF): here a folder has their file's name."""
    redis, snapshot = stores.queue.connection, home / "valkey" / "dump.rdb"
    snapshot.mkdir()
    redis.config_set("save", "3600 1")
    try:
        redis.bgsave()
        wait_for(lambda: redis.info("persistence")["rdb_last_bgsave_status"] == "err", "its snapshot fails")
        yield
    finally:
        redis.config_set("save", "")
        snapshot.rmdir()


def test_a_redis_that_takes_nothing_ends_the_crawl_which_is_resumed(stores: Stores, home: Path):
    """It read the order's pages in vain, and again and again, until their budget was spent."""
    order = crawling.order_of([address(number) for number in range(1, PAGES + 1)], max_pages=PAGES)
    stores.runs.order(order, job_id="a-job", now=stores.ledger.now())
    with ExitStack() as refusing:

        def answer(asked: Asked) -> Answer:
            if asked.path == "/robots.txt":
                return Answer(headers={"Content-Type": "text/plain"})
            if len(served.paths()) == 1:
                refusing.enter_context(refused_writes(stores, home))
            time.sleep(SLOWLY)
            return Answer(body=article(int(asked.path.split("/")[2])))

        with serving(answer) as served:
            code, said = crawling.crawl(order, crawling.settings_of(stores, served, concurrency=1))
    assert code == SERVERS_LOST, said
    assert len(served.paths()) < PAGES, "it went on"
    assert {page["attempts"] for page in crawling.pages(stores).values()} == {0}
    assert (stores.runs.get("run-1") or {})["state"] in ACTIVE, "so the sweeper resumes it"
