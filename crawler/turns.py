"""The turns of one host: who waits here, and what the host of all crawlers answers (stories/pace.py).

While Redis is away the crawlers of a host take turns by its clock, as they last heard it: half as fast as with it, and
each in its own slots, so that however many they are they are never faster. One that MongoDB does not hear either is
itself cut off, and asks nobody: the others may have a Redis, and the whole pace.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final, TypeVar

from redis.exceptions import RedisError

from crawler.outcome import NotNow
from stories.pace import Pace, Turn

T = TypeVar("T")
log = logging.getLogger(__name__)

_ALONE: Final = Turn(permits=(), wait=0.0, rests=False, delay=0.0, returns=True, place=0, crawlers=1, at=0.0, why="")

_THREADS: Final = 2  # a question and the end of a request can wait at the same time
_FRESH: Final = 7.0  # seconds that MongoDB's word counts: the next comes when it is five old, and a busy disk takes two
_AWAY: Final = 1.0  # seconds without a question after one that Redis did not answer
_STEP: Final = 0.5  # seconds at most until one who waits sees that the crawl ends
_ASK: Final = 10.0  # seconds at most between two questions of one who waits, so that it counts as one that asks
_BUSY: Final = 0.1  # seconds until it is worth to look again whether a request has ended
_SLOWER: Final = 2  # without Redis: so many times slower
_SLOW: Final = 0.5  # seconds between two requests to a host that has rested while Redis was away
_OWN: Final = "own"  # the permit of a time of our own


class Resting(NotNow):
    """The host is left alone, by all crawlers."""


class Line:
    """The way to Redis that all hosts of a crawl share. One that finds it broken spares the others a second."""

    def __init__(self, pace: Pace, *, confirmed_at: Callable[[], float]) -> None:
        """`confirmed_at`: when a majority of MongoDB was last asked something that it answered; by our clock."""
        self.pace = pace
        self._broken_until = 0.0
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="pace")
        self.goes_on: Callable[[], bool] = lambda: True
        """False once the crawl is to end: nobody waits any longer."""
        self.confirmed_at = confirmed_at
        self._lost_at = math.inf

    async def call(self, call: Callable[..., T], *args: Any, **options: Any) -> T:
        """Raises RedisError, at once where it was away a moment ago."""
        if clock() < self._broken_until:
            raise RedisError("it was away a moment ago")
        loop = asyncio.get_running_loop()
        try:
            answer = await loop.run_in_executor(self._threads, lambda: call(*args, **options))
        except RedisError as error:
            log.warning("Redis is away: hosts are asked slowly or not at all", extra={"error": type(error).__name__})
            self._broken_until = clock() + _AWAY
            self._lost_at = min(self._lost_at, clock())
            raise
        self._lost_at = math.inf
        return answer

    def may_guess(self) -> bool:
        """Whether it is Redis that is away, for all, and not we: since then MongoDB has heard us, and still does."""
        return self.confirmed_at() > max(self._lost_at, clock() - _FRESH)

    def close(self) -> None:
        self._threads.shutdown(wait=False)


class Host:
    """A host as this crawler knows it."""

    def __init__(self, name: str, line: Line, *, delay: float, concurrency: int) -> None:
        self.name = name
        self.delay = delay
        """Seconds between two requests: the user's, or more if robots.txt asks for more."""
        self.rests = 0
        """In a row, as far as we know."""
        self.last: Turn | None = None
        """What the host answered last."""
        self._line = line
        self._concurrency = concurrency
        self._waiting: deque[tuple[asyncio.Future[str], float]] = deque()
        """Who waits for a turn, and until when."""
        self._asker: asyncio.Task[None] | None = None
        self._flying: set[str] = set()
        """Permits in use."""
        self._ended: list[str] = []
        self._good = 0
        self._telling: asyncio.Task[None] | None = None
        self._until = 0.0
        self._why = ""
        self._heard_at = 0.0
        self._slot: int | None = None
        """The last of its times that we used or let pass, while Redis is away."""

    # -- for a request --------------------------------------------------------------------------------------

    async def turn(self, *, patience: float) -> str:
        """A permit to send one request now. Raises NotNow if that would take longer, or the host rests."""
        turn: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._waiting.append((turn, clock() + patience))
        if self._asker is None:
            self._asker = asyncio.ensure_future(self._serve())
        return await turn

    def ended(self, permit: str, *, is_good: bool) -> None:
        self._flying.discard(permit)
        self._ended.append(permit)
        self._good += is_good
        if self._telling is None:
            self._telling = asyncio.ensure_future(self._tell())

    async def _tell(self) -> None:
        while self._ended:
            permits, good, self._ended, self._good = self._ended, self._good, [], 0
            with suppress(RedisError):  # permits end by themselves
                await self._line.call(self._line.pace.end, self.name, permits, good=good)
        self._telling = None

    # -- rests ----------------------------------------------------------------------------------------------

    def left_alone(self) -> tuple[timedelta, str] | None:
        """For how long it is left alone, and why; None: it may be asked."""
        left = self._until - clock()
        return (timedelta(seconds=left), self._why) if left > 0 else None

    def leave_alone(self, seconds: float, why: str) -> None:
        """A longer rest that it has already stays."""
        if clock() + seconds > self._until:
            self._until, self._why = clock() + seconds, why

    # -- turns ----------------------------------------------------------------------------------------------

    async def _serve(self) -> None:
        """Ask for turns as long as somebody waits for one."""
        try:
            while self._is_waited_for():
                turn = await self._question()
                if turn.rests:
                    self.leave_alone(turn.wait, turn.why)
                elif turn.permits:
                    await self._give(turn)
                elif self._is_waited_for(turn.wait):
                    await self._wait(min(turn.wait, _ASK))
        except Exception as error:  # noqa: BLE001 - it belongs to those who wait, whatever it is
            self._refuse(error)
        finally:
            self._asker = None

    def _is_waited_for(self, wait: float = 0.0) -> bool:
        """Refuse those who wait in vain; True if anybody is left."""
        rest = self.left_alone()
        if not self._line.goes_on():
            self._refuse(NotNow("the crawl ends", pause=timedelta(0)))
        elif rest:
            self._refuse(Resting(f"{self.name} rests: {rest[1]}", pause=rest[0]))
        latest = clock() + wait
        for turn, until in [one for one in self._waiting if one[1] < latest or one[0].done()]:
            self._waiting.remove((turn, until))
            _fail(turn, NotNow("its turn would come too late", pause=timedelta(seconds=wait)))
        return bool(self._waiting)

    def _refuse(self, error: Exception) -> None:
        while self._waiting:
            _fail(self._waiting.popleft()[0], error)

    async def _give(self, turn: Turn) -> None:
        """Hand out permits, each at its time."""
        begin = clock() + turn.wait
        for number, permit in enumerate(turn.permits):
            await self._wait(begin + number * turn.delay - clock())
            if self._is_waited_for():
                self._flying.add(permit)
                self._waiting.popleft()[0].set_result(permit)
            else:
                self.ended(permit, is_good=False)

    async def _wait(self, seconds: float) -> None:
        """Until then, or until waiting has become useless."""
        until = clock() + seconds
        while (left := until - clock()) > 0 and self._until <= clock() and self._line.goes_on():  # noqa: ASYNC110 - no event tells of time
            await asyncio.sleep(min(left, _STEP))

    async def _question(self) -> Turn:
        rest = self.left_alone()
        try:
            turn = await self._line.call(
                self._line.pace.take,
                self.name,
                delay=self.delay,
                concurrency=self._concurrency,
                wanted=len(self._waiting),
                rest=(rest[0].total_seconds(), rest[1]) if rest else None,
                was_known=self.last is not None,
                was_away=self._slot is not None,
            )
        except RedisError:
            return self._alone()
        self.last, self._heard_at, self._slot = turn, clock(), None
        if not turn.returns:
            self.rests = 0
        return turn

    # -- without Redis --------------------------------------------------------------------------------------

    def _alone(self) -> Turn:
        last = self.last
        if last is None or not self._line.may_guess():  # how many others there are, or how fast, nobody knows
            return replace(_ALONE, wait=_AWAY)
        if self._flying:
            return replace(_ALONE, wait=_BUSY)
        width = _SLOWER * max(last.delay, self.delay, _SLOW if self.rests else 0.0)
        if not width:
            return replace(_ALONE, permits=(_OWN,))
        now = (last.at + clock() - self._heard_at) / width
        if self._slot is None:
            self._slot = math.floor(now)  # somebody may have asked in it
        slot = own_slot(now, after=self._slot, place=last.place, crawlers=last.crawlers)
        if slot > now:
            return replace(_ALONE, wait=(slot - now) * width)
        self._slot = slot
        return replace(_ALONE, permits=(_OWN,), delay=width)


def own_slot(now: float, *, after: int, place: int, crawlers: int) -> int:
    """The first slot that is not over, comes after another, and is the own one of the crawler at that place."""
    slot = max(math.floor(now), after + 1)
    return slot + (place - slot) % crawlers


def clock() -> float:
    return asyncio.get_running_loop().time()


def _fail(turn: asyncio.Future[str], error: Exception) -> None:
    if not turn.done():
        turn.set_exception(error)
