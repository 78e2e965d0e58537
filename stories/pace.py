"""One budget a host, whatever the number of crawlers and machines: when may the next request be sent?

Decided in Redis, by its clock, in one script a question, at the moment of asking: nothing is reserved for later, so a
crawler that dies leaves no gap and a rest is heard by all at once. A host has a next free moment, at most so many
requests at a time, and now and then a rest that its server asked for: longer each time, and followed by a slow return.
Those who wait stand in a line: who has waited longest may ask as soon as the host is free, each next one a little later
still. Else whoever is nearest to Redis, or least busy, would be the first every time, and one that never is gets none.

Redis may be lost. Each question brings what its crawler knows of a rest, so that an emptied Redis learns it anew; and
the answer tells the crawler its place among those that ask, by which it goes on alone (crawler/turns.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, cast

import redis

PREFIX: Final = "kliping:pace:"  # the users that `doctor --create-users` makes may write `kliping:*`
PACE_TIMEOUT: Final = 1.0  # seconds: a Redis that hangs longer is away, and the crawl goes on without it

_SECOND: Final = 1_000_000  # in microseconds, Redis' own unit of time
_KEPT: Final = 86_400 * _SECOND  # of a host that nobody asks: a day, the longest that a robots.txt is to be believed
_BURST: Final = _SECOND // 10  # a fast host gives up to so much of its time at once: ten round trips a second suffice
_LATE: Final = 4  # a question that is late by a quarter of the delay, as the next in line is, pushes no later one back
_BUSY: Final = _SECOND // 10  # ask again so soon where a host has as many requests as it may have
_TAKEN: Final = 40 * _SECOND  # a request that nobody ends has ended with its crawler: ten seconds over its time-out
_SEEN: Final = 60 * _SECOND  # a crawler that did not ask for so long is gone; those that wait ask every ten seconds
_SLOW: Final = _SECOND // 2  # after a rest even a host without a delay starts with two requests a second, or fewer
_SLOWEST: Final = 30 * _SECOND  # but no slower than this, which a lease of ten minutes outlives
_UNSURE: Final = _SECOND // 4  # what a crawler knows of a rest is late by a round trip: it does not lengthen the rest
_MOST_LEVELS: Final = 5  # 2**5 = 32 times slower, at most, after five rests
_GOOD: Final = 5  # good answers that make a returning host twice as fast

_TAKE: Final = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local me, delay, concurrency, wanted = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local rest, returns, permit = tonumber(ARGV[5]), ARGV[6] == '1', ARGV[7]
local host = redis.call('HMGET', KEYS[1], 'next', 'until', 'level', 'crawlDelay', 'why')
local free, rests, level, why = tonumber(host[1]), tonumber(host[2]) or 0, tonumber(host[3]) or 0, host[5] or ''

redis.call('ZADD', KEYS[3], now, me)
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', now - SEEN)
redis.call('PEXPIRE', KEYS[3], SEEN / 1000)
local crawlers, place = redis.call('ZRANGE', KEYS[3], 0, -1), 0
for _, other in ipairs(crawlers) do if other < me then place = place + 1 end end

delay = math.max(delay, tonumber(host[4]) or 0)
if level > 0 then delay = math.max(delay, math.min(SLOWEST, math.max(delay, SLOW) * 2 ^ level)) end
local function answer(granted, wait)
  return {granted, wait, rests > now and 1 or 0, delay, level, place, #crawlers, now, why}
end
local function line()
  -- How many wait since longer than we; those that have gone do not count.
  if wanted > 0 then redis.call('ZADD', KEYS[4], 'NX', now, me) end
  redis.call('PEXPIRE', KEYS[4], SEEN / 1000)
  local before = 0
  for _, other in ipairs(redis.call('ZRANGE', KEYS[4], 0, -1)) do
    if other == me then break end
    if redis.call('ZSCORE', KEYS[3], other) then before = before + 1 else redis.call('ZREM', KEYS[4], other) end
  end
  return before
end
local function keep(...)
  redis.call('HSET', KEYS[1], ...)
  redis.call('PEXPIRE', KEYS[1], math.ceil((math.max(rests - now, 0) + KEPT) / 1000))
end

if rest > 0 and now + rest > rests + UNSURE then
  rests, level, why = now + rest, math.max(level, 1), ARGV[8]
  keep('until', rests, 'level', level, 'why', why)
end
if rests > now then return answer(0, rests - now) end
if delay == 0 then return answer(wanted, 0) end
if returns or (not free and rest >= 0) then
  -- What was asked meanwhile, nobody knows: be slow to begin anew.
  free = math.max(free or 0, now + 2 * delay)
  keep('next', free)
end
free = free or now
local ours = free + math.min(line(), LATE - 1) * delay / LATE  -- before the next turn, however many are gone
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
local room = math.min(wanted, concurrency - redis.call('ZCARD', KEYS[2]))
if room <= 0 then return answer(0, wanted > 0 and BUSY or 0) end
if ours > now then return answer(0, ours - now) end
redis.call('ZREM', KEYS[4], me)
local exactly = delay == tonumber(host[4])  -- what robots.txt asks for is no mean
free = math.max(free, now - (exactly and 0 or delay / LATE))
room = math.min(room, math.max(1, math.floor(BURST / delay)))
keep('next', free + room * delay)
for number = 1, room do redis.call('ZADD', KEYS[2], now + TAKEN, permit .. number) end
redis.call('PEXPIRE', KEYS[2], TAKEN / 1000)
return answer(room, math.max(0, free - now))
"""

_END: Final = """
for number = 2, #ARGV do redis.call('ZREM', KEYS[2], ARGV[number]) end
local level = tonumber(redis.call('HGET', KEYS[1], 'level')) or 0
if level == 0 or tonumber(ARGV[1]) == 0 then return level end
if redis.call('HINCRBY', KEYS[1], 'good', ARGV[1]) < GOOD then return level end
if level == 1 then
  redis.call('HDEL', KEYS[1], 'level', 'good', 'rests', 'why')
else
  redis.call('HSET', KEYS[1], 'level', level - 1, 'good', 0)
end
return level - 1
"""

_REST: Final = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local named, first, longest, why = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4]
local host = redis.call('HMGET', KEYS[1], 'until', 'rests', 'level')
local ends, rests, level = tonumber(host[1]) or 0, tonumber(host[2]) or 0, tonumber(host[3]) or 0
if ends > now then
  -- It rests already: answers to what was sent before do not make it a second one.
  ends = math.max(ends, now + math.min(longest, math.max(named, first)))
else
  rests = rests + 1
  ends = now + math.min(longest, math.max(named, first * 2 ^ (rests - 1)))
  level = math.min(level + 1, MOST_LEVELS)
end
redis.call('HSET', KEYS[1], 'until', ends, 'rests', rests, 'level', level, 'good', 0, 'why', why)
redis.call('PEXPIRE', KEYS[1], math.ceil((ends - now + KEPT) / 1000))
return {ends - now, rests}
"""

_NUMBERS: Final = {
    "SEEN": _SEEN,
    "KEPT": _KEPT,
    "BURST": _BURST,
    "LATE": _LATE,
    "BUSY": _BUSY,
    "TAKEN": _TAKEN,
    "SLOWEST": _SLOWEST,
    "SLOW": _SLOW,
    "UNSURE": _UNSURE,
    "MOST_LEVELS": _MOST_LEVELS,
    "GOOD": _GOOD,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """Why a host is left alone, and how the rests of one that goes on asking for them grow."""

    why: str
    named: timedelta | None = None
    """What the server itself asked for."""
    first: timedelta
    """The first one is no shorter; each further one in a row is twice as long."""
    longest: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What the host answers to a crawler that would like to ask."""

    permits: tuple[str, ...]
    """One for each request that may be sent, `delay` seconds apart, the first one after `wait`."""
    wait: float
    """Seconds; without permits: to the next question."""
    rests: bool
    """The host is left alone for `wait` seconds."""
    delay: float
    """Seconds between two requests to the host, whoever sends them."""
    returns: bool
    """It is slower than it need be, after a rest."""
    place: int
    crawlers: int
    """We are the one with this number (from 0) of so many that ask this host."""
    at: float
    """Redis' clock, in seconds since 1970."""
    why: str
    """Of a rest."""

    @property
    def is_free(self) -> bool:
        """Whoever likes may ask, as often as it likes."""
        return not (self.rests or self.returns or self.delay)


class Pace:
    """The budgets of all hosts. Every method is one round trip and may raise RedisError."""

    def __init__(self, connection: redis.Redis, *, crawler: str, world: str = "") -> None:
        """`crawler` is the name of one that asks, its own; hosts of another `world` (a replica) are other hosts."""
        self._redis = connection
        self._crawler = crawler
        self._prefix = PREFIX + world
        self._take, self._end, self._rest = (connection.register_script(_filled(s)) for s in (_TAKE, _END, _REST))
        self._permits = 0

    def take(
        self,
        host: str,
        *,
        delay: float,
        concurrency: int,
        wanted: int = 1,
        rest: tuple[float, str] | None = None,
        was_known: bool = False,
        was_away: bool = False,
    ) -> Turn:
        """May we ask now? `rest` is what we know of one that goes on, `was_known` that we have asked this host before,
        `was_away` that we have asked it without this.
        """
        self._permits += 1
        permit = f"{self._crawler}-{self._permits}-"
        seconds, why = rest or (0.0 if was_known else -1.0, "")
        arguments: list[str | int] = [
            self._crawler,
            _us(delay),
            concurrency,
            wanted,
            _us(seconds),
            int(was_away),
            permit,
            why,
        ]
        found = cast("list[Any]", self._take(keys=self._keys(host), args=arguments))
        granted, wait, rests, spacing, level, place, crawlers, now, why = found
        return Turn(
            permits=tuple(f"{permit}{number}" for number in range(1, granted + 1)),
            wait=wait / _SECOND,
            rests=bool(rests),
            delay=spacing / _SECOND,
            returns=level > 0,
            place=place,
            crawlers=crawlers,
            at=now / _SECOND,
            why=why.decode(),
        )

    def end(self, host: str, permits: Sequence[str], *, good: int = 0) -> bool:
        """These requests have ended, so many of them well; True if the host still returns slowly."""
        return bool(self._end(keys=self._keys(host), args=[good, *permits]))

    def rest(self, host: str, rest: Rest) -> float:
        """Nobody asks this host any more, for so many seconds."""
        named = rest.named.total_seconds() if rest.named else 0.0
        arguments: list[str | int] = [
            _us(named),
            _us(rest.first.total_seconds()),
            _us(rest.longest.total_seconds()),
            rest.why,
        ]
        left, _ = cast("list[int]", self._rest(keys=self._keys(host), args=arguments))
        return left / _SECOND

    def slow_down(self, host: str, crawl_delay: float) -> None:
        """What the host's robots.txt asks for, for all; 0: nothing."""
        key = self._keys(host)[0]
        if crawl_delay:
            self._redis.hset(key, "crawlDelay", str(_us(crawl_delay)))
            self._redis.pexpire(key, _KEPT // 1000)
        else:
            self._redis.hdel(key, "crawlDelay")

    def leave(self, hosts: Iterable[str]) -> None:
        """We shall not ask these any more."""
        pipeline = self._redis.pipeline(transaction=False)
        for key in (key for host in hosts for key in self._keys(host)[2:]):
            pipeline.zrem(key, self._crawler)
        pipeline.execute()

    def look(self, hosts: Iterable[str]) -> dict[str, tuple[float, str]]:
        """Those of these hosts that are not as fast as ever: seconds of rest that are left (0: it returns), and why."""
        pipeline = self._redis.pipeline(transaction=False)
        pipeline.time()
        asked = list(hosts)
        for host in asked:
            pipeline.hmget(self._keys(host)[0], "until", "level", "crawlDelay", "why")
        (seconds, micros), *found = pipeline.execute()
        now = seconds * _SECOND + micros
        slow = {}
        for host, (ends, level, crawl_delay, why) in zip(asked, found, strict=True):
            left = max(0, int(ends or 0) - now) / _SECOND
            if left or int(level or 0) or int(crawl_delay or 0):
                slow[host] = (left, (why or b"").decode())
        return slow

    def _keys(self, host: str) -> list[str]:
        key = f"{self._prefix}{{{host}}}"  # the braces keep them together in a cluster
        return [key, f"{key}:asking", f"{key}:crawlers", f"{key}:line"]


def _us(seconds: float) -> int:
    return round(seconds * _SECOND)


def _filled(script: str) -> str:
    for name, number in _NUMBERS.items():
        script = script.replace(name, str(number))
    return script
