"""Gathering: single things become batches, and nobody who waits is forgotten."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

import pytest

from crawler.gather import Gatherer

Batches = list[list[int]]


def flushing(batches: Batches, *, slow: float = 0) -> Callable[[list[int]], Awaitable[None]]:
    async def flush(things: list[int]) -> None:
        await asyncio.sleep(slow)
        batches.append(things)

    return flush


def test_what_comes_within_the_wait_is_one_batch():
    batches: Batches = []

    async def play() -> None:
        gatherer = Gatherer(flushing(batches), wait=0.02, limit=100)
        await asyncio.gather(*(gatherer.add(number) for number in range(10)), gatherer.add(10, 11))

    asyncio.run(play())
    assert batches == [list(range(12))]


def test_a_full_batch_does_not_wait():
    batches: Batches = []

    async def play() -> float:
        gatherer = Gatherer(flushing(batches), wait=60, limit=3)
        begun = time.monotonic()
        await asyncio.gather(*(gatherer.add(number) for number in range(6)))
        return time.monotonic() - begun

    assert asyncio.run(play()) < 5
    assert batches == [[0, 1, 2], [3, 4, 5]]


def test_the_wait_counts_from_the_first_thing():
    batches: Batches = []

    async def play() -> None:
        gatherer = Gatherer(flushing(batches), wait=0.05, limit=100)
        tasks = []
        for number in range(10):
            tasks.append(asyncio.ensure_future(gatherer.add(number)))
            await asyncio.sleep(0.02)
        await asyncio.gather(*tasks)

    asyncio.run(play())
    assert len(batches) > 1
    assert sum(batches, []) == list(range(10))  # noqa: RUF017 - ten


def test_whoever_adds_returns_when_it_is_flushed_and_not_before():
    batches: Batches = []

    async def play() -> None:
        gatherer = Gatherer(flushing(batches, slow=0.05), wait=0.01, limit=100)
        adding = asyncio.ensure_future(gatherer.add(1))
        await asyncio.sleep(0.03)
        assert not adding.done()
        await adding
        assert batches == [[1]]

    asyncio.run(play())


def test_an_error_comes_to_all_who_wait_and_to_nobody_else():
    async def flush(things: list[int]) -> None:
        if 1 in things:
            raise ValueError("no")

    async def play() -> tuple[object, ...]:
        gatherer = Gatherer(flush, wait=0.01, limit=2)
        return tuple(await asyncio.gather(*(gatherer.add(n) for n in (1, 2, 3, 4)), return_exceptions=True))

    one, two, three, four = asyncio.run(play())
    assert isinstance(one, ValueError)
    assert isinstance(two, ValueError)
    assert (three, four) == (None, None)


def test_one_who_is_cancelled_takes_nothing_out_of_the_batch():
    batches: Batches = []

    async def play() -> None:
        gatherer = Gatherer(flushing(batches), wait=0.02, limit=100)
        adding, other = asyncio.ensure_future(gatherer.add(1)), asyncio.ensure_future(gatherer.add(2))
        await asyncio.sleep(0)
        adding.cancel()
        await other
        with pytest.raises(asyncio.CancelledError):
            await adding

    asyncio.run(play())
    assert batches == [[1, 2]]


def test_draining_flushes_what_is_left_and_waits_for_what_is_under_way():
    batches: Batches = []

    async def play() -> None:
        gatherer = Gatherer(flushing(batches, slow=0.05), wait=60, limit=2)
        tasks = [asyncio.ensure_future(gatherer.add(number)) for number in range(3)]
        await asyncio.sleep(0)
        await gatherer.drain()
        assert sorted(map(len, batches)) == [1, 2]
        await asyncio.gather(*tasks)
        await gatherer.drain()

    asyncio.run(play())
    assert len(batches) == 2


def test_draining_outlives_an_error():
    async def flush(_: list[int]) -> None:
        raise ValueError("no")

    async def play() -> None:
        gatherer = Gatherer(flush, wait=60, limit=100)
        adding = asyncio.ensure_future(gatherer.add(1))
        await asyncio.sleep(0)
        await gatherer.drain()
        with pytest.raises(ValueError, match="no"):
            await adding

    asyncio.run(play())
