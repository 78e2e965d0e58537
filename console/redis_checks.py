"""Whether a Redis or Valkey is fit to carry the queue."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

import redis
from redis.exceptions import AuthenticationError, RedisError, ResponseError

from console.check import Check, Place, unreachable
from console.tls_checks import Connection, tls_check
from stories.address import REDIS, SENTINEL_PORT, SENTINELS, Address
from stories.redis_client import client
from stories.settings import LOOPBACK

SETTING: Final = "KLIPING_REDIS_URL"
PATIENCE: Final = 2.0  # seconds for a connection, and for an answer: together under the 5 s a command may take to begin
FULL: Final = 0.8  # of its memory: a crawl fills the rest within minutes
CLOCK_LIMIT: Final = 5.0  # seconds; the workers' signs of life are not finer
MINIMUM: Final = (6, 2)  # RQ moves jobs with LMOVE


def redis_checks(url: str) -> list[Check]:
    """All that can be asked, in the order in which one failing makes the next pointless. Takes at most 5 s."""
    return asked(url, lambda queue, place: _asked(queue, place, url))


def asked(url: str, ask: Callable[[redis.Redis, Place], Iterable[Check]]) -> list[Check]:
    """What is asked of a Redis; the one thing to say where it cannot be asked."""
    place = Place.of("Redis", url, SETTING)
    try:
        with client(url, timeout=PATIENCE, connect_timeout=PATIENCE, decode_responses=True) as queue:
            return list(ask(queue, place))
    except (RedisError, ValueError) as error:  # ValueError: the address itself cannot be read
        return [unreachable(place, error)]


def _asked(queue: redis.Redis, place: Place, url: str) -> Iterator[Check]:
    answers = Check(name="Redis reachable", ok=True, detail=f"{place} answers")
    try:
        queue.ping()
    except AuthenticationError:
        yield answers
        yield _refused(url)
        return
    info = queue.info()
    yield answers
    yield Check(name="Redis login", ok=True, detail="the password is right")
    yield _is_new_enough(info)
    yield _is_primary(info)
    yield _forgets_nothing(info)
    yield _is_durable(queue, info)
    yield _refuses_guests(place, url)
    yield _has_room(info)
    yield _clock(info, datetime.now(UTC))
    yield _is_private(place, url)


def _refused(url: str) -> Check:
    has_password = bool(urlsplit(url).password)
    detail = "the password is wrong" if has_password else "the server wants a password, and the address has none"
    return Check(
        name="Redis login", ok=False, detail=detail, remedy=f"Correct {SETTING}: redis://:PASSWORD@HOST:6379/0"
    )


def _is_new_enough(info: dict[str, Any]) -> Check:
    version, least = str(info["redis_version"]), ".".join(map(str, MINIMUM))
    return Check(
        name="Redis version",
        ok=tuple(int(part) for part in version.split(".")[:2]) >= MINIMUM,
        detail=f"speaks as Redis {version}, needed {least}",
        remedy=f"Upgrade it to Redis {least} or newer, or to any Valkey.",
    )


def _is_primary(info: dict[str, Any]) -> Check:
    return Check(
        name="Redis primary",
        ok=info["role"] == "master",
        detail=f"its role is {info['role']}",
        remedy=f"Name the primary in {SETTING}: a replica takes no jobs.",
    )


def _forgets_nothing(info: dict[str, Any]) -> Check:
    policy = info["maxmemory_policy"]
    return Check(
        name="Redis maxmemory-policy",
        ok=policy == "noeviction",
        detail=f"it is {policy}" + ("" if policy == "noeviction" else ": when memory is full, jobs vanish silently"),
        remedy="Set it: CONFIG SET maxmemory-policy noeviction, and the same line in its configuration file.",
    )


def _is_durable(queue: redis.Redis, info: dict[str, Any]) -> Check:
    """What it forgets is queued again from MongoDB, five minutes later: a warning, unless it keeps nothing at all."""
    kept = f"appendonly {'yes' if info['aof_enabled'] else 'no'}, appendfsync {configured(queue, 'appendfsync')}"
    keeps_nothing = not info["aof_enabled"] and not configured(queue, "save")
    return Check(
        name="Redis durability",
        ok=kept in ("appendonly yes, appendfsync always", "appendonly yes, appendfsync unknown"),
        detail=f"{kept}, and no snapshots: it keeps nothing" if keeps_nothing else kept,
        remedy="Set appendonly yes and appendfsync always: everysec lost acknowledged jobs whenever the disk was busy.",
        fatal=keeps_nothing,
    )


def configured(queue: redis.Redis, name: str) -> str:
    """A line of its configuration."""
    try:
        return str(queue.config_get(name).get(name, "unknown"))
    except ResponseError:  # hosted servers forbid CONFIG, and so do our own users
        return "unknown"


def _refuses_guests(place: Place, url: str) -> Check:
    parts = urlsplit(url)
    is_safe = bool(parts.password) or parts.scheme == "unix" or place.hosts <= LOOPBACK
    return Check(
        name="Redis password",
        ok=is_safe,
        detail="it asks for a password, or is on this machine only" if is_safe else "whoever reaches it may add jobs",
        remedy="Set requirepass in its configuration file, and the password in the address.",
        fatal=False,
    )


def _has_room(info: dict[str, Any]) -> Check:
    most, used = int(info.get("maxmemory", 0)), int(info.get("used_memory", 0))
    return Check(
        name="Redis memory",
        ok=not most or used < FULL * most,
        detail=f"{used / 1e6:.0f} MB used" + (f" of {most / 1e6:.0f} MB" if most else ", without a limit of its own"),
        remedy="Raise maxmemory in its configuration, and look at what waits: kliping queue",
        fatal=False,
    )


def _clock(info: dict[str, Any], here: datetime) -> Check:
    apart = abs(here.timestamp() - int(info["server_time_usec"]) / 1_000_000)
    return Check(
        name="Redis clock",
        ok=apart < CLOCK_LIMIT,
        detail=f"this machine and Redis are {apart:.1f} s apart",
        remedy="Let both machines take the time from the network (NTP).",
        fatal=False,
    )


def _is_private(place: Place, url: str) -> Check:
    address = Address.of(url, REDIS)
    options = dict(parse_qsl(address.query))
    host, port = address.members[0] if address.members else ("", None)
    connection = Connection(
        is_tls=address.scheme.startswith("rediss"),
        is_verified=options.get("ssl_cert_reqs", "required").strip("'\"") == "required",
        host=host,
        port=port or (SENTINEL_PORT if address.scheme in SENTINELS else 6379),
        ca_file=options.get("ssl_ca_certs"),
    )
    how = f"Let the server speak TLS, and write {address.scheme.replace('redis', 'rediss')}:// in {SETTING}."
    return tls_check(place, connection, how)
