"""F23: several crawlers on one site ask it as one would: its pace, its rests and its robots.txt are for all of them.

One crawl by four processes, seen from the replica's own log, which notes when a request has arrived: at their ease;
then one is told to rest; then Redis is killed, comes back, and is wiped.
"""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Self

import pytest
import redis

from console.embedded_valkey import EmbeddedValkey
from console.home import Home
from console.processes import free_port
from replica.process import ReplicaProcess
from stories.order import CrawlOrder
from stories.settings import Settings
from tests.crawler.crawling import crawler
from tests.e2e.house import most_in
from tests.faults.record import Tally
from tests.servers import emptied
from tests.waiting import wait_for
from workers.leash import die_with_parent
from workers.stores import Stores

HOST = "en.tempo.co"
CRAWLERS = 4
A_SECOND = 2
"""Requests, that the host is to be asked for."""
AWAY, EMPTY = 6.0, 5.0
"""Seconds without Redis, in which each of the four may ask once; and with an empty one."""


class OwnRedis:
    """Which may be killed."""

    def __init__(self, home: Path) -> None:
        self._server, self._port = EmbeddedValkey(Home.at(home)), free_port()
        self.url = self._server.url(self._port)
        self.start()

    def start(self) -> None:
        command = self._server.command(self._port)
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, preexec_fn=die_with_parent)  # noqa: PLW1509
        wait_for(lambda: self._server.is_ready(self._port), "Redis")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def wipe(self) -> None:
        with redis.Redis.from_url(self.url) as client:
            client.flushall()


@dataclass(frozen=True)
class Seen:
    """When the host was asked, and when what happened; seconds since 1970."""

    asked: Sequence[float]
    at_work: float
    """All four are, from here on."""
    at_ease: float
    """Until here."""
    refused: float
    killed: float
    revived: float
    wiped: float
    end: float
    forbidden: int
    paths: Sequence[str]

    def between(self, begin: float, end: float) -> list[float]:
        return [at for at in self.asked if begin <= at <= end]


@contextmanager
def crawlers(settings: Settings, replica: ReplicaProcess) -> Iterator[list[Any]]:
    """At work on one site; they end when we have seen enough."""
    world = replica.mirror()
    today = world.now.date()
    days = {"since": today - timedelta(days=world.stories // 80 + 2), "until": today + timedelta(days=1)}
    orders = [CrawlOrder(run=f"run-{number}", site="tempo-en", **days) for number in range(CRAWLERS)]
    processes = [crawler(order, settings) for order in orders]
    try:
        yield processes
    finally:
        for process in processes:
            process.send_signal(signal.SIGTERM)
        said = [process.communicate(timeout=100) for process in processes]
        assert [process.returncode for process in processes] == [75] * CRAWLERS, said  # whatever else went wrong


def log(replica: ReplicaProcess) -> list[dict[str, Any]]:
    return [one for one in replica.log() if one["host"] == HOST]


@pytest.fixture(scope="module")
def seen(prepared: Stores, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Seen]:
    stores, seconds = emptied(prepared), 60 if request.config.option.long else 12
    with OwnRedis(tmp_path_factory.mktemp("redis")) as own, ReplicaProcess(stories=600, seed=7) as replica:
        settings = replace(stores.settings, redis_url=own.url, replica=replica.url, delay=1 / A_SECOND, concurrency=2)
        with crawlers(replace(settings, log_level="CRITICAL"), replica) as processes:
            wait_for(lambda: sum(one["path"] == "/robots.txt" for one in log(replica)) == CRAWLERS, "all four")
            at_work = time.time()
            time.sleep(seconds)
            at_ease = time.time()
            replica.refuse(HOST, status=429, count=1, headers={"Retry-After": "10"})
            wait_for(lambda: [one for one in log(replica) if one["status"] == 429], "the refusal")
            time.sleep(11.5)
            own.kill()
            killed = time.time()
            time.sleep(AWAY)
            own.start()
            revived = time.time()
            time.sleep(1)
            own.wipe()
            wiped = time.time()
            time.sleep(EMPTY)
            end = time.time()
            assert all(process.poll() is None for process in processes)
        entries = log(replica)
        yield Seen(
            asked=sorted(one["time"] for one in entries),
            at_work=at_work,
            at_ease=at_ease,
            refused=next(one["time"] for one in entries if one["status"] == 429),
            killed=killed,
            revived=revived,
            wiped=wiped,
            end=end,
            forbidden=replica.stats()["forbidden"]["requests"],
            paths=[one["path"] for one in entries if one["status"] != 429],
        )
    emptied(prepared)


@pytest.mark.fault("F23")
def test_four_crawlers_ask_one_host_as_often_as_one_would(seen: Seen, tally: Tally):
    assert most_in(1.0, seen.asked) <= A_SECOND + 1, "two in any second, and one at its edge, whatever happened"
    steady = seen.between(seen.at_work, seen.at_ease)
    assert (len(steady) - 1) / (steady[-1] - steady[0]) >= 0.95 * A_SECOND
    tally.add(trials=1)


@pytest.mark.fault("F23")
def test_none_of_them_asks_for_what_is_forbidden_and_no_story_is_asked_for_twice(seen: Seen, tally: Tally):
    assert seen.forbidden == 0
    pages = [path for path in seen.paths if path.startswith("/read/")]
    assert len(set(pages)) == len(pages)
    tally.add(trials=1)


@pytest.mark.fault("F23")
def test_what_one_is_told_all_hear(seen: Seen, tally: Tally):
    after = [at for at in seen.asked if at > seen.refused]
    assert 9.9 <= after[0] - seen.refused <= 13, "ten silent seconds from all four"
    assert seen.between(seen.refused + 10, seen.killed), "and not for ever"
    tally.add(trials=1)


@pytest.mark.fault("F23")
def test_without_redis_they_are_slower_together_than_one_alone(seen: Seen, tally: Tally):
    away = seen.between(seen.killed, seen.revived)
    assert 1 <= len(away) <= 1 + (seen.revived - seen.killed) * A_SECOND / 2
    tally.add(trials=1)


@pytest.mark.fault("F23")
def test_with_an_empty_redis_they_are_no_faster_either(seen: Seen, tally: Tally):
    assert 1 <= len(seen.between(seen.wiped, seen.end)) <= 1 + (seen.end - seen.wiped) * A_SECOND
    tally.add(trials=1)
