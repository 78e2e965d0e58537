"""Whether the Sentinels of a Redis can replace its master, and whether the one that they replace then stands back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any, Final

import redis
from redis.exceptions import RedisError, ResponseError
from redis.sentinel import SentinelConnectionPool

from console.check import Check

NEEDED: Final = 3  # of fewer, none can tell whether it is the others that are away
LIMIT: Final = 2.0  # seconds for all of them: each that is away costs one


def sentinel_checks(queue: redis.Redis, info: dict[str, Any]) -> Iterator[Check]:
    """Nothing for a server that is not watched. Warnings only: with one Sentinel that answers, work goes on."""
    pool = queue.connection_pool
    if isinstance(pool, SentinelConnectionPool):
        yield _watch(pool, int(info["connected_slaves"]))
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
    try:
        least = str(queue.config_get("min-replicas-to-write").get("min-replicas-to-write", "unknown"))
    except ResponseError:  # hosted servers forbid CONFIG, and so do our own users
        least = "unknown"
    return Check(
        name="Redis cut off",
        ok=least != "0",
        detail=f"a master takes writes with {least} replicas or more (min-replicas-to-write)",
        remedy="Set min-replicas-to-write 1, and min-replicas-max-lag under the Sentinels' down-after-milliseconds.",
        fatal=False,
    )
