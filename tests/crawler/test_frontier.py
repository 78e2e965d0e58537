"""The crawler's side of the ledger, on a real one."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from pymongo.errors import AutoReconnect

from crawler.frontier import Frontier
from stories.fate import Fate
from stories.ledger import Ledger
from stories.mongo import Stories
from stories.order import CrawlOrder
from stories.pages import Lease, Settlement
from tests.making import discovery

HOST = "en.tempo.co"
Scene = Callable[[Frontier], Awaitable[Any]]


def play(ledger: Ledger, scene: Scene, *, depth: int = 3, close: bool = True) -> Any:
    """A scene on a frontier, which is closed as at the end of a crawl."""

    async def whole() -> Any:
        frontier = Frontier(ledger, CrawlOrder(run="run-1", site="tempo-en", depth=depth))
        try:
            return await scene(frontier)
        finally:
            if close:
                await frontier.close()

    return asyncio.run(whole())


def state(ledger: Ledger, number: int = 1) -> tuple[str, str | None]:
    page = ledger.page(f"tempo-read:{number}")
    assert page is not None
    return page["state"], page.get("fate")


# -- leased -----------------------------------------------------------------------------------------------------


def test_what_is_leased_is_held_and_waits_for_its_host(ledger: Ledger):
    ledger.discover([discovery(1), discovery(2)])

    async def scene(frontier: Frontier) -> None:
        leases = await frontier.lease(HOST, limit=10)
        assert {lease.key for lease in leases} == set(frontier.held)
        assert (frontier.waiting(HOST), frontier.leased) == (2, 2)
        assert frontier.is_held(leases[0])
        frontier.downloaded(leases[0])
        frontier.downloaded(leases[0])  # after a redirect
        assert frontier.waiting("www.tempo.co") == 0
        assert (frontier.waiting(HOST), len(frontier.held)) == (1, 2)

    play(ledger, scene)


def test_a_cancelled_lease_is_held_all_the_same_and_given_back_at_the_end(database: Stories):
    begun, cancelled = threading.Event(), threading.Event()

    class Slow(Ledger):
        def lease(self, *args: Any, **options: Any) -> list[Lease]:
            begun.set()
            assert cancelled.wait(10)
            return super().lease(*args, **options)

    ledger = Slow(database, lease=timedelta(minutes=10))
    ledger.discover([discovery(1)])

    async def scene(frontier: Frontier) -> None:
        leasing = asyncio.ensure_future(frontier.lease(HOST, limit=10))
        assert await asyncio.to_thread(begun.wait, 10)
        leasing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await leasing
        cancelled.set()
        async with asyncio.timeout(10):
            while not frontier.held:  # noqa: ASYNC110 - nothing tells of it, which is the point
                await asyncio.sleep(0.005)

    play(ledger, scene)
    assert state(ledger) == ("due", None)


def test_another_lease_of_a_page_is_another(ledger: Ledger):
    ledger.discover([discovery(1)])

    async def scene(frontier: Frontier) -> None:
        (lease,) = await frontier.lease(HOST, limit=10)
        ledger.give_back([lease])
        (again,) = await frontier.lease(HOST, limit=10)
        assert not frontier.is_held(lease)
        assert frontier.is_held(again)
        frontier.settle(lease, Fate.GONE)  # its request comes back late
        assert frontier.is_held(again)

    play(ledger, scene)
    assert state(ledger) == ("due", None)


def test_a_page_that_is_long_at_work_keeps_its_lease(database: Stories):
    """Rendered, of many parts, or waiting for a full Redis; one that waits for its host may go to another."""
    ledger = Ledger(database, lease=timedelta(seconds=0.9))
    ledger.discover([discovery(number) for number in (1, 2, 3)])

    async def scene(frontier: Frontier) -> None:
        slow, waits, handed = sorted(await frontier.lease(HOST, limit=10), key=lambda lease: lease.key)
        frontier.downloaded(slow)
        frontier.downloaded(handed)
        await frontier.in_thread(ledger.hand_over, {handed.key: handed.token}, job_id="job-1")
        assert frontier.renewal == pytest.approx(0.3)
        for _ in range(4):
            await asyncio.sleep(0.35)
            await frontier.renew()
        assert frontier.time_left(slow) > 0.5
        assert frontier.time_left(waits) < 0
        assert set(frontier.held) == {slow.key, waits.key, handed.key}
        others = ledger.lease("tempo-en", host=HOST, limit=10, run="run-2", max_depth=9)
        assert [lease.key for lease in others] == [waits.key]
        frontier.settle(slow, Fate.STORED)
        frontier.handed_over(handed)
        assert frontier.time_left(slow) == 0

    play(ledger, scene)
    assert [state(ledger, number)[0] for number in (1, 2, 3)] == ["settled", "leased", "handedOver"]


def test_a_page_that_somebody_else_has_taken_is_let_go(database: Stories):
    ledger = Ledger(database, lease=timedelta(seconds=0.15))
    ledger.discover([discovery(1)])

    async def scene(frontier: Frontier) -> dict[str, int]:
        (lease,) = await held(frontier)
        frontier.downloaded(lease)
        await asyncio.sleep(0.2)
        assert ledger.lease("tempo-en", host=HOST, limit=10, run="run-2", max_depth=9)
        await frontier.renew()
        assert not frontier.held
        return dict(frontier.fates)

    assert play(ledger, scene) == {"lost": 1}


def test_no_page_is_read_before_all_that_could_be_nearer_to_it(ledger: Ledger):
    """While a page of distance 0 is unread, none beyond 1 is leased; so it is read at its shortest distance."""
    ledger.discover([discovery(number, depth=number) for number in range(4)])

    async def scene(frontier: Frontier) -> None:
        (near,) = await frontier.lease(HOST, limit=1)
        assert [lease.depth for lease in await frontier.lease(HOST, limit=10)] == [1]
        assert await frontier.lease(HOST, limit=10) == []
        frontier.was_read(near)
        assert [lease.depth for lease in await frontier.lease(HOST, limit=10)] == [2]

    play(ledger, scene, depth=3)


def test_while_a_listing_is_unread_only_what_is_listed_is_leased(ledger: Ledger):
    ledger.discover(
        [
            discovery(1, key="tempo-en:00aa", kind="listing", priority=0),
            discovery(2, depth=0),
            discovery(3, depth=1),
        ]
    )

    async def scene(frontier: Frontier) -> None:
        (listing,) = await frontier.lease(HOST, limit=1)
        (near,) = await frontier.lease(HOST, limit=10)
        assert (listing.kind, near.depth) == ("listing", 0)
        frontier.settle(listing, Fate.LISTED)
        frontier.was_read(near)
        assert [lease.depth for lease in await frontier.lease(HOST, limit=10)] == [1]

    play(ledger, scene)


def test_the_orders_depth_is_the_last(ledger: Ledger):
    ledger.discover([discovery(number, depth=number) for number in range(4)])

    async def scene(frontier: Frontier) -> list[int]:
        depths = []
        while leases := await frontier.lease(HOST, limit=10):
            for lease in leases:
                depths.append(lease.depth)
                frontier.settle(lease, Fate.STORED)
        return depths

    assert sorted(play(ledger, scene, depth=2)) == [0, 1, 2]


# -- found ------------------------------------------------------------------------------------------------------


class Counted(Ledger):
    """A ledger that remembers what it was told in one call each."""

    def __init__(self, database: Stories) -> None:
        super().__init__(database, lease=timedelta(minutes=10))
        self.told: list[list[str]] = []

    def discover(self, found: Any) -> None:
        self.told.append([page.key.split(":")[1] for page in found])
        super().discover(found)


def test_what_is_found_at_once_is_told_at_once(database: Stories):
    ledger = Counted(database)

    async def scene(frontier: Frontier) -> None:
        await asyncio.gather(*(frontier.discover([discovery(number), discovery(number + 1)]) for number in range(20)))

    play(ledger, scene)
    assert [sorted(map(int, told)) for told in ledger.told] == [list(range(21))]
    assert database["pages"].count_documents({}) == 21


def test_what_is_known_is_told_again_only_if_it_is_nearer(database: Stories):
    ledger = Counted(database)

    async def scene(frontier: Frontier) -> None:
        for depth in (2, 2, 3, 1, 1):
            await frontier.discover([discovery(1, depth=depth)])
        await frontier.discover([discovery(1, depth=1, alias="https://en.tempo.co/amp/1")])
        await frontier.discover([])

    play(ledger, scene)
    assert len(ledger.told) == 3
    page = ledger.page("tempo-read:1")
    assert page is not None
    assert (page["depth"], page["aliases"]) == (1, ["https://en.tempo.co/amp/1"])


def test_of_the_same_page_found_twice_the_nearer_way_counts(database: Stories):
    ledger = Counted(database)

    async def scene(frontier: Frontier) -> None:
        await frontier.discover([discovery(1, depth=1), discovery(1, depth=3), discovery(1, depth=2)])

    play(ledger, scene)
    assert ledger.told == [["1"]]
    assert (ledger.page("tempo-read:1") or {})["depth"] == 1


def test_when_discovering_returns_it_is_in_the_ledger(ledger: Ledger):
    async def scene(frontier: Frontier) -> None:
        await frontier.discover([discovery(1)])
        assert ledger.page("tempo-read:1") is not None

    play(ledger, scene)


def test_what_could_not_be_told_is_not_taken_for_known(database: Stories):
    class Failing(Counted):
        def discover(self, found: Any) -> None:
            if not self.told:
                self.told.append([])
                raise ValueError("no")
            super().discover(found)

    ledger = Failing(database)

    async def scene(frontier: Frontier) -> None:
        with pytest.raises(ValueError, match="no"):
            await frontier.discover([discovery(1)])
        await frontier.discover([discovery(1)])

    play(ledger, scene)
    assert ledger.told == [[], ["1"]]


def test_an_outage_is_waited_through(database: Stories):
    class Away(Counted):
        def discover(self, found: Any) -> None:
            if len(self.told) < 2:
                self.told.append([])
                raise AutoReconnect("gone")
            super().discover(found)

    ledger = Away(database)
    play(ledger, lambda frontier: frontier.discover([discovery(1)]))
    assert ledger.told == [[], [], ["1"]]


# -- ended ------------------------------------------------------------------------------------------------------


def held(frontier: Frontier) -> Awaitable[list[Lease]]:
    return frontier.lease(HOST, limit=10)


def test_a_page_is_settled_once_and_the_first_word_counts(ledger: Ledger):
    ledger.discover([discovery(1)])

    async def scene(frontier: Frontier) -> dict[str, int]:
        (lease,) = await held(frontier)
        frontier.settle(lease, Fate.GONE, reason="HTTP 404")
        frontier.settle(lease, Fate.STORED)
        frontier.retry(lease, reason="HTTP 503")
        frontier.handed_over(lease)
        assert not frontier.held
        return dict(frontier.fates)

    assert play(ledger, scene) == {"gone": 1}
    assert state(ledger) == ("settled", "gone")
    page = ledger.page("tempo-read:1") or {}
    assert [event["what"] for event in page["events"]] == ["found", "leased", "gone"]
    assert page["fateReason"] == "HTTP 404"


def test_many_fates_are_few_calls(database: Stories, monkeypatch: pytest.MonkeyPatch):
    ledger = Ledger(database, lease=timedelta(minutes=10))
    ledger.discover([discovery(number) for number in range(40)])
    calls: list[int] = []
    settle = ledger.settle

    def counted(settlements: list[Settlement]) -> int:
        calls.append(len(settlements))
        return settle(settlements)

    monkeypatch.setattr(ledger, "settle", counted)

    async def scene(frontier: Frontier) -> None:
        for lease in await frontier.lease(HOST, limit=100):
            frontier.settle(lease, Fate.STORED)

    play(ledger, scene)
    assert calls == [40]
    assert database["pages"].count_documents({"state": "settled"}) == 40


def test_a_page_that_failed_is_due_after_its_pause(ledger: Ledger):
    ledger.discover([discovery(1)])

    async def scene(frontier: Frontier) -> dict[str, int]:
        (lease,) = await held(frontier)
        frontier.retry(lease, reason="HTTP 503", pause=timedelta(minutes=30))
        return dict(frontier.fates)

    assert play(ledger, scene) == {"retried": 1}
    page = ledger.page("tempo-read:1") or {}
    assert (page["state"], page["attempts"]) == ("due", 1)
    assert page["nextFetchAt"] - ledger.now() > timedelta(minutes=29)


def test_at_the_end_what_was_not_fetched_is_given_back_and_what_was_said_is_written(ledger: Ledger):
    ledger.discover([discovery(number) for number in range(1, 5)])

    async def scene(frontier: Frontier) -> None:
        leases = {lease.key.split(":")[1]: lease for lease in await held(frontier)}
        frontier.settle(leases["1"], Fate.STORED)
        await frontier.in_thread(ledger.hand_over, {leases["2"].key: leases["2"].token}, job_id="job-1")
        frontier.handed_over(leases["2"])
        frontier.retry(leases["3"], reason="HTTP 503")

    play(ledger, scene)
    assert [state(ledger, number)[0] for number in range(1, 5)] == ["settled", "handedOver", "due", "due"]
    again = ledger.lease("tempo-en", host=HOST, limit=10, run="run-2", max_depth=9)
    assert [(lease.key, lease.attempts) for lease in again] == [("tempo-read:4", 0)]


def test_work_that_begins_while_closing_is_waited_for(ledger: Ledger):
    ledger.discover([discovery(1)])

    async def scene(frontier: Frontier) -> None:
        (lease,) = await held(frontier)

        async def late() -> None:
            await asyncio.sleep(0.02)
            frontier.settle(lease, Fate.QUARANTINED)

        frontier.later(late())

    play(ledger, scene)
    assert state(ledger) == ("settled", "quarantined")
