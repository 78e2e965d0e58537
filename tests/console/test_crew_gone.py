"""kliping crawl --wait beside a crew that dies: what was to be waited for is done by our own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from rq.worker import BaseWorker, Worker

from console.services import services
from console.workplace import workplace
from replica.process import ReplicaProcess
from stories.jobs import queue_named
from stories.queue import QUEUES
from stories.settings import Settings
from tests.console.conftest import kliping
from tests.waiting import wait_for
from workers.stores import Stores

LISTED = 8
"""Seconds that Redis knows of a worker after its death; of ours it is 25."""
LOOK, GONE = 0.2, 1.0
"""Seconds between looks, and without anybody, here."""


def dead_worker(stores: Stores) -> None:
    connection = stores.queue.connection
    worker = Worker([queue_named(name, connection) for name in QUEUES], connection=connection)
    worker.register_birth()
    connection.expire(worker.key, LISTED)


def test_who_waits_for_a_crew_that_is_dead_does_its_work(tmp_path: Path) -> None:
    with ReplicaProcess(stories=20) as replica:
        own = Settings(home=tmp_path, replica=replica.url, delay=0.0, log_level="CRITICAL")
        with services(own) as up, workplace(replace(own, mongo_url=up.mongo_url, redis_url=up.redis_url)) as place:
            dead_worker(place.stores)
            hasty = f"from console.commands import crawl; crawl._LOOK, crawl._GONE = {LOOK}, {GONE}"
            runs = ("-c", f"{hasty}; from console.cli import main; main()")
            process = kliping(place.settings, "crawl", "tempo-en", "--wait", "--json", runs=runs)
            wait_for(lambda: place.stores.runs.newest(limit=1), "its order")
            assert BaseWorker.count(connection=place.stores.queue.connection) == 1, "else it had nobody to wait for"
            wait_for(lambda: BaseWorker.count(connection=place.stores.queue.connection) > 1, "a crew of its own")
            out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    assert '"state": "finished"' in out
