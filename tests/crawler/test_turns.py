"""Who waits for a host: turns in order, nobody in vain, and slower turns of one's own while Redis is away."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.outcome import NotNow
from crawler.turns import Host, Line, Resting, own_slot
from stories.pace import Pace, Rest
from stories.queue import connect
from workers.stores import Stores

NAME = "en.tempo.co"
NOBODY = "redis://127.0.0.1:1/0"
Scene = Callable[[Host, Line], Awaitable[Any]]


def play(scene: Scene, url: str, *, delay: float = 0.0, concurrency: int = 2) -> Any:
    """A scene with a host whose budget is there."""

    async def whole() -> Any:
        pace = Pace(connect(url, timeout=1, reconnects=0), crawler="a")
        line = Line(pace, confirmed_at=lambda: math.inf)
        try:
            return await scene(Host(NAME, line, delay=delay, concurrency=concurrency), line)
        finally:
            line.close()

    return asyncio.run(asyncio.wait_for(whole(), 20))


@pytest.fixture
def url(stores: Stores) -> str:
    assert stores.settings.redis_url
    return stores.settings.redis_url


def now() -> float:
    return asyncio.get_running_loop().time()


def test_all_get_their_turn_in_order_a_delay_apart(url: str):
    async def scene(host: Host, _line: Line) -> list[tuple[int, float]]:
        got: list[tuple[int, float]] = []

        async def one(number: int) -> None:
            permit = await host.turn(patience=20)
            got.append((number, now()))
            host.ended(permit, is_good=True)

        await asyncio.gather(*(one(number) for number in range(4)))
        return got

    got = play(scene, url, delay=0.2)
    assert [number for number, _ in got] == [0, 1, 2, 3]
    assert got[-1][1] - got[0][1] > 0.5


def test_a_turn_that_would_come_after_the_lease_is_refused_at_once(url: str):
    async def scene(host: Host, _line: Line) -> tuple[float, timedelta]:
        await host.turn(patience=20)
        begun = now()
        with pytest.raises(NotNow, match="too late") as refused:
            await host.turn(patience=5)
        return now() - begun, refused.value.pause

    took, pause = play(scene, url, delay=60)
    assert took < 2
    assert timedelta(seconds=50) < pause <= timedelta(seconds=60)


def test_who_waits_for_a_host_that_begins_to_rest_waits_no_longer(url: str):
    async def scene(host: Host, _line: Line) -> timedelta:
        await host.turn(patience=90)
        waiting = asyncio.ensure_future(host.turn(patience=90))
        await asyncio.sleep(0.2)
        host.leave_alone(30, "HTTP 429")
        with pytest.raises(Resting, match=r"en\.tempo\.co rests: HTTP 429") as refused:
            await waiting
        return refused.value.pause

    assert timedelta(seconds=25) < play(scene, url, delay=60) <= timedelta(seconds=30)


def test_a_rest_that_another_was_told_is_heard_at_the_next_question(url: str):
    async def scene(host: Host, line: Line) -> None:
        rest = Rest(why="HTTP 503", first=timedelta(seconds=10), longest=timedelta(hours=1))
        await line.call(Pace(connect(url), crawler="b").rest, NAME, rest)
        with pytest.raises(Resting):
            await host.turn(patience=90)
        assert host.left_alone()

    play(scene, url)


def test_nobody_waits_for_a_crawl_that_ends(url: str):
    async def scene(host: Host, line: Line) -> timedelta:
        await host.turn(patience=90)
        waiting = asyncio.ensure_future(host.turn(patience=90))
        await asyncio.sleep(0.1)
        line.goes_on = lambda: False
        with pytest.raises(NotNow, match="ends") as refused:
            await waiting
        return refused.value.pause

    assert play(scene, url, delay=60) == timedelta(0)


# -- without Redis ----------------------------------------------------------------------------------------------


def test_who_never_heard_of_a_host_does_not_ask_it_without_redis():
    async def scene(host: Host, _line: Line) -> None:
        with pytest.raises(NotNow):
            await host.turn(patience=1.5)

    play(scene, NOBODY)


def test_who_knows_a_host_goes_on_at_half_its_pace(url: str):
    async def scene(host: Host, line: Line) -> list[float]:
        host.ended(await host.turn(patience=20), is_good=True)
        line.pace = Pace(connect(NOBODY, reconnects=0), crawler="a")
        times = []
        for _ in range(4):
            permit = await host.turn(patience=20)
            times.append(now())
            host.ended(permit, is_good=True)
        return times

    times = play(scene, url, delay=0.2)
    assert times[-1] - times[0] > 3 * 0.4 - 0.1


def test_who_is_cut_off_from_mongodb_too_asks_nobody(url: str):
    """The others may have a Redis, and ask at the whole pace."""

    async def scene(host: Host, line: Line) -> tuple[float, float]:
        confirmed_at = now()
        line.confirmed_at = lambda: confirmed_at
        host.ended(await host.turn(patience=20), is_good=True)
        line.pace = Pace(connect(NOBODY, reconnects=0), crawler="a")
        lost_at = now()
        with pytest.raises(NotNow, match="too late"):
            await host.turn(patience=1.5)
        refused_at = confirmed_at = now()
        await host.turn(patience=20)
        return refused_at - lost_at, now() - refused_at

    waited, then = play(scene, url, delay=0.2)
    assert waited >= 0.5, "it asked nobody until it gave up"
    assert then < 3, "once MongoDB has answered, it knows that it is Redis that is away"


def test_what_mongodb_said_counts_for_seven_seconds(url: str):
    async def scene(_host: Host, line: Line) -> list[bool]:
        line._lost_at = now() - 10
        ages = iter((11, 8, 6))
        line.confirmed_at = lambda: now() - next(ages)
        return [line.may_guess() for _ in range(3)]

    assert play(scene, url) == [False, False, True]


@given(
    crawlers=st.integers(1, 9),
    starts=st.lists(st.floats(0, 1000), min_size=9, max_size=9),
    pauses=st.lists(st.floats(0, 5), min_size=5, max_size=5),
)
def test_no_two_crawlers_ever_have_the_same_time(crawlers: int, starts: list[float], pauses: list[float]):
    taken: list[int] = []
    for place in range(crawlers):
        at, last = starts[place], int(starts[place])
        for pause in pauses:
            slot = own_slot(at, after=last, place=place, crawlers=crawlers)
            assert slot > last
            assert slot >= int(at)
            assert slot - max(at, last) <= crawlers + 1, "and none waits for longer than a round"
            taken.append(slot)
            at, last = max(at, slot) + pause, slot
    assert len(set(taken)) == len(taken)
