"""A crawl that is waited for can be stopped: what is there stays, nothing is held, and the run can go on."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from console.services import services
from console.workplace import Workplace, workplace
from replica.process import ReplicaProcess
from stories.runs import ACTIVE
from stories.settings import Settings
from tests.console.conftest import kliping


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Workplace]:
    with ReplicaProcess(stories=60) as replica:
        own = Settings(home=tmp_path, replica=replica.url, delay=0.2)
        with services(own) as up, workplace(replace(own, mongo_url=up.mongo_url, redis_url=up.redis_url)) as opened:
            yield opened


def test_a_crawl_is_stopped_in_good_order(place: Workplace) -> None:
    process = kliping(place.settings, "crawl", "tempo-en", "--wait")
    pages, until = place.stores.database["pages"], time.monotonic() + 60
    while pages.count_documents({"fate": "stored"}) < 2:
        assert process.poll() is None
        assert time.monotonic() < until
        time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=60)
    (run,) = place.stores.runs.newest(limit=2)
    assert pages.count_documents({"state": "leased"}) == 0
    assert place.stores.ledger.report(run["_id"]).fates["stored"] >= 2
    assert run["state"] in ACTIVE, "it can go on"
    assert (process.returncode, out) == (130, "")
    assert f"'kliping up' goes on with run {run['_id']}" in err
