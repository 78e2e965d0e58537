"""A server that was waited for in vain costs a page no try: it is not to blame."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from pymongo.errors import AutoReconnect
from redis.exceptions import OutOfMemoryError
from twisted.python.failure import Failure

from crawler.extensions.settle import Settle
from crawler.frontier import Frontier
from stories.ledger import Ledger
from stories.mongo import Stories
from stories.order import CrawlOrder
from stories.quarantine import Quarantine
from tests.making import clipping, discovery


@pytest.mark.parametrize(
    ("error", "attempts"), [(OutOfMemoryError("full"), 0), (AutoReconnect("away"), 0), (ValueError("the page"), 1)]
)
def test_only_a_pages_own_fault_costs_it_a_try(database: Stories, error: Exception, attempts: int):
    ledger = Ledger(database, lease=timedelta(minutes=10))
    ledger.discover([discovery(1)])

    async def scene() -> Frontier:
        frontier = Frontier(ledger, CrawlOrder(run="run-1", site="tempo-en", depth=3))
        (lease,) = await frontier.lease("en.tempo.co", limit=1)
        await Settle(frontier, Quarantine(database)).item_error(clipping(lease=lease), Failure(error))
        await frontier.close()
        return frontier

    frontier = asyncio.run(scene())
    page = ledger.page("tempo-read:1")
    assert (page["state"], page["attempts"]) == ("due", attempts)
    assert frontier.servers_lost == (attempts == 0)
