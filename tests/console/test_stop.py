"""What stays can be stopped: what is there stays, nothing is held, a run can go on; and it ends, whoever is away."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from console.processes import Mark
from console.services import services
from console.workplace import Workplace, workplace
from replica.process import ReplicaProcess
from stories.order import CrawlOrder
from stories.runs import ACTIVE
from stories.settings import Settings
from tests.console.conftest import kliping
from tests.e2e.house import children
from workers.orders import place_order


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Workplace]:
    with ReplicaProcess(stories=60) as replica:
        own = Settings(home=tmp_path, replica=replica.url, delay=0.2)
        with services(own) as up, workplace(replace(own, mongo_url=up.mongo_url, redis_url=up.redis_url)) as opened:
            yield opened


def test_a_crawl_is_stopped_in_good_order(place: Workplace) -> None:
    process = crawling(place)
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=60)
    (run,) = place.stores.runs.newest(limit=2)
    pages = place.stores.database["pages"]
    assert pages.count_documents({"state": "leased"}) == 0
    assert place.stores.ledger.report(run["_id"]).fates["stored"] >= 2
    assert run["state"] in ACTIVE, "it can go on"
    assert (process.returncode, out) == (130, "")
    assert f"'kliping up' goes on with run {run['_id']}" in err


@pytest.mark.parametrize(
    ("first", "second"), [(signal.SIGINT, signal.SIGINT), (signal.SIGTERM, signal.SIGINT), (signal.SIGHUP, None)]
)
def test_who_is_told_twice_or_loses_the_terminal_leaves_nobody_behind(
    place: Workplace, first: signal.Signals, second: signal.Signals | None
) -> None:
    with crawling(place) as process:
        crew = [mark for pid, _ in children(process.pid) if (mark := Mark.of(pid))]
        assert len(crew) > 5, "scheduler, workers, the crawl's own, console"
        process.send_signal(first)
        time.sleep(0.1)
        if second:
            process.send_signal(second)
        assert process.wait(60) == 130
        assert not [mark for mark in crew if mark.is_alive()]
    assert place.stores.database["pages"].count_documents({"state": "leased"}) == 0


def crawling(place: Workplace) -> subprocess.Popen[str]:
    """A command that waits for its crawl, of which two pages are stored."""
    process = kliping(place.settings, "crawl", "tempo-en", "--wait")
    pages, until = place.stores.database["pages"], time.monotonic() + 60
    while pages.count_documents({"fate": "stored"}) < 2:
        assert process.poll() is None
        assert time.monotonic() < until
        time.sleep(0.05)
    return process


@pytest.mark.long
@pytest.mark.timeout(400)
@pytest.mark.parametrize("away", ["mongod", "valkey"])
def test_all_parts_end_within_90_seconds_while_a_server_stands_still(tmp_path: Path, away: str) -> None:
    """In the middle of a crawl; nothing can be given back then. When the server goes on, no process of ours is left."""
    with ReplicaProcess(stories=100) as replica:
        own = Settings(home=tmp_path, replica=replica.url, delay=0.2, log_level="CRITICAL")
        with services(own) as up, workplace(replace(own, mongo_url=up.mongo_url, redis_url=up.redis_url)) as opened:
            order = CrawlOrder(run="a-run", site="tempo-en")
            place_order(order, opened.stores.runs, opened.stores.queue, now=opened.now())
            names = (("worker", "crawl"), ("worker", "enrich"), ("scheduler",), ("console", "--port", "0"))
            parts = [kliping(opened.settings, *name) for name in names]
            pages, until = opened.stores.database["pages"], time.monotonic() + 60
            while not pages.count_documents({"fate": "stored"}):
                assert time.monotonic() < until
                time.sleep(0.05)
            os.kill(up.pids[away], signal.SIGSTOP)
            began = time.monotonic()
            try:
                codes = _ended(parts)
            finally:
                os.kill(up.pids[away], signal.SIGCONT)
            assert time.monotonic() - began < 90
            assert set(codes) <= {0, 1}
            assert opened.stores.runs.get("a-run")["state"] in ACTIVE


def _ended(parts: list[subprocess.Popen[str]]) -> list[int]:
    for part in parts:
        part.terminate()
    try:
        return [part.wait(90) for part in parts]
    finally:
        for part in parts:
            part.kill()
            part.communicate()
