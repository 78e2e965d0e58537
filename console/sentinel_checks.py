"""Whether the Sentinels of a Redis can replace its master, and whether the one that they replace then stands back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Final

import redis
from redis.exceptions import RedisError
from redis.sentinel import SentinelConnectionPool

from console.check import Check, Place
from console.redis_checks import asked, configured

NEEDED: Final = 3  # of fewer, none can tell whether it is the others that are away
LIMIT: Final = 2.0  # seconds for all of them: each that is away costs one


def sentinel_checks(url: str) -> list[Check]:
    """Nothing for a server that is not watched. Warnings only: with one Sentinel that answers, work goes on.

    For `kliping doctor`: a command that begins need not wait for Sentinels that are away.
    """
    return asked(url, _asked)


def _asked(queue: redis.Redis, _place: Place) -> Iterator[Check]:
    pool = queue.connection_pool
    if isinstance(pool, SentinelConnectionPool):
        yield _watch(pool, int(queue.info("replication")["connected_slaves"]))
        yield _stands_back(queue)


def _watch(pool: SentinelConnectionPool, replicas: int) -> Check:
    sentinels, until = pool.sentinel_manager.sentinels, time.monotonic() + LIMIT
    answering = sum(_knows(sentinel, pool.service_name) for sentinel in sentinels if time.monotonic() < until)
    return Check(
        name="Redis Sentinels",
        ok=answering == len(sentinels) >= NEEDED and replicas > 0,
        detail=f"{answering} of {len(sentinels)} answer; the master has {replicas} replicas",
        remedy=(
            f"Let at least {NEEDED} Sentinels run, each on a machine of its own, and a replica: "
            "docs/operations.md, several machines."
        ),
        fatal=False,
    )


def _knows(sentinel: redis.Redis, name: str) -> bool:
    try:
        return bool(sentinel.sentinel_get_master_addr_by_name(name))
    except RedisError:
        return False


def _stands_back(queue: redis.Redis) -> Check:
    least = configured(queue, "min-replicas-to-write")
    return Check(
        name="Redis cut off",
        ok=least != "0",
        detail=f"a master takes writes with {least} replicas or more (min-replicas-to-write)",
        remedy="Set min-replicas-to-write 1, and min-replicas-max-lag under the Sentinels' down-after-milliseconds.",
        fatal=False,
    )
