"""Gather single things into batches: one round trip for fifty is far cheaper than fifty."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Gatherer(Generic[T]):
    """Whoever adds a thing waits until the batch that holds it was flushed, and gets the flush's error if it failed."""

    def __init__(
        self,
        flush: Callable[[list[T]], Awaitable[None]],
        *,
        wait: float,
        limit: int,
        is_all: Callable[[int], bool] = lambda _: False,
    ) -> None:
        """`is_all`: whether so many things are all that can come, so that there is nothing to wait for."""
        self._flush = flush
        self._wait = wait
        self._limit = limit
        self._is_all = is_all
        self._things: list[T] = []
        self._done: asyncio.Future[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._flushing: set[asyncio.Task[None]] = set()

    async def add(self, *things: T) -> None:
        """Add and wait. Cancelling the waiter does not take the things out of the batch."""
        loop = asyncio.get_running_loop()
        if self._done is None:
            self._done = loop.create_future()
            self._timer = loop.call_later(self._wait, self._start)
        done = self._done
        self._things.extend(things)
        if len(self._things) >= self._limit or self._is_all(len(self._things)):
            self._start()
        await asyncio.shield(done)

    def _start(self) -> None:
        if self._done is None:
            return
        if self._timer is not None:
            self._timer.cancel()
        task = asyncio.get_running_loop().create_task(self._run(self._things, self._done))
        self._flushing.add(task)
        task.add_done_callback(self._flushing.discard)
        self._things, self._done, self._timer = [], None, None

    async def _run(self, things: list[T], done: asyncio.Future[None]) -> None:
        try:
            await self._flush(things)
        except Exception as error:  # noqa: BLE001 - it belongs to those who wait, whatever it is
            done.set_exception(error)
            done.exception()  # read here once, so that a waiter who was cancelled leaves no warning behind
        else:
            done.set_result(None)

    async def drain(self) -> None:
        """Flush what is left and wait for every flush under way."""
        self._start()
        while self._flushing:
            await asyncio.wait(list(self._flushing))
