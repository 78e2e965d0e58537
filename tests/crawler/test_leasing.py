"""Why a crawl takes no more pages, and whose a day's budget is."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from crawler.daily import Daily
from crawler.frontier import Frontier
from crawler.leasing import FINISHED, Leasing
from crawler.politeness import Politeness
from stories.budget import Budgets
from stories.fate import Fate
from stories.order import CrawlOrder
from stories.pace import Pace, Rest
from stories.pages import Settlement
from tests.making import discovery
from workers.stores import Stores

HOST = "en.tempo.co"
EVENING = datetime(2026, 11, 25, 16, 59, tzinfo=UTC)
"""A minute before midnight in Jakarta."""
DAILY = 10
Scene = Callable[[Leasing, Frontier, Politeness], Awaitable[Any]]


def play(stores: Stores, scene: Scene) -> Any:
    async def whole() -> Any:
        frontier = Frontier(stores.ledger, CrawlOrder(run="run-1", site="tempo-en"))
        politeness = Politeness(
            Pace(stores.queue.connection, crawler="a"),
            delay=0.0,
            concurrency=2,
            lease_seconds=600,
            time_left=frontier.time_left,
            now=frontier.now,
            confirmed_at=lambda: math.inf,
        )
        frontier.now = lambda: EVENING  # type: ignore[method-assign]
        daily = Daily(frontier, Budgets(stores.database), pages=DAILY, hours=None)
        try:
            return await scene(Leasing(frontier, daily, politeness, host_limit=16), frontier, politeness)
        finally:
            await politeness.close()
            await frontier.close()

    return asyncio.run(whole())


@pytest.mark.parametrize(("pause", "said"), [(30, None), (7200, f"{HOST} rests until")])
def test_a_brief_rest_that_begins_late_is_waited_for(stores: Stores, pause: int, said: str | None):
    """It was not there when we asked whether more may come."""

    async def scene(leasing: Leasing, _: Frontier, politeness: Politeness) -> tuple[bool, str | None, str | None]:
        more = await leasing.more_may_come([HOST])
        before = await leasing.why_over([HOST], more_may_come=more)
        rest = timedelta(seconds=pause)
        await politeness.rest(HOST, Rest(why="HTTP 429", first=rest, longest=rest))
        return more, before, await leasing.why_over([HOST], more_may_come=more)

    more, before, after = play(stores, scene)
    assert (more, before) == (False, FINISHED)
    assert (after or "")[: len(said or "")] == (said or "")
    assert (after is None) is (said is None)


def test_what_others_take_before_our_look_is_waited_for(stores: Stores):
    """Nobody held a page when we asked, and none was left when we looked: what theirs lead to is still to come."""
    stores.ledger.discover([discovery(1)])

    async def scene(leasing: Leasing, _: Frontier, __: Politeness) -> tuple[bool, str | None, str | None]:
        more = await leasing.more_may_come([HOST])
        others = stores.ledger.lease("tempo-en", host=HOST, limit=10, run="run-2", max_depth=9)
        assert len(others) == 1
        assert not await leasing.lease(HOST, of=1)
        meanwhile = await leasing.why_over([HOST], more_may_come=more)
        stores.ledger.settle([Settlement(key=others[0].key, token=others[0].token, fate=Fate.LISTED)])
        return more, meanwhile, await leasing.why_over([HOST], more_may_come=more)

    assert play(stores, scene) == (False, None, FINISHED)


def test_what_is_given_back_after_midnight_is_not_the_new_days(stores: Stores):
    stores.ledger.discover([discovery(number) for number in range(1, DAILY + 3)])

    async def scene(leasing: Leasing, frontier: Frontier, _: Politeness) -> tuple[int, int]:
        held = await leasing.lease(HOST, of=1)
        frontier.now = lambda: EVENING + timedelta(minutes=2)  # type: ignore[method-assign]
        assert len(await leasing.lease(HOST, of=1)) == 2
        for lease in held:
            leasing.unasked(lease)
        await asyncio.gather(*frontier._pending)
        return len(held), Budgets(stores.database).spent("tempo-en", date(2026, 11, 26))

    assert play(stores, scene) == (DAILY, 2)
