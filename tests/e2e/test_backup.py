"""A backup taken while a crawl is at work, brought back elsewhere: nothing is lost, and the crawl goes on there."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from console.crew import CRAWLERS, ENRICHERS, crew
from console.workplace import Workplace, workplace
from replica.process import ReplicaProcess
from replica.world import World
from stories.backup import back_up
from stories.fate import Fate
from stories.restore import restore, verified
from stories.settings import Settings
from tests.e2e import house


@pytest.fixture(scope="module")
def replica() -> Iterator[ReplicaProcess]:
    with ReplicaProcess(stories=200) as running:
        yield running


def quiet(_name: str, _count: int) -> None:
    """Tell nobody."""


def test_a_backup_of_a_crawl_at_work_goes_on_elsewhere(
    settings: Settings, replica: ReplicaProcess, world: World, tmp_path: Path
) -> None:
    ours = house.settings_for(settings, replica, delay=0.05)  # some seconds, each with a job, so that there is a middle
    file = tmp_path / "backup.zip"
    with workplace(ours) as place:
        with crew(ours, [CRAWLERS, ENRICHERS]):
            crawl = house.order(place, "tempo-en", world, depth=3)
            _until_some_are_stored(place)
            manifest = back_up(place.stores.database, file, now=place.now, tell=quiet)
            house.drain(place, [crawl.run], limit=120)
        wanted = house.stored(place, "tempo-en")
        place.stores.queue.connection.flushall()
    assert manifest.snapshots == 1
    assert verified(file, tell=quiet) == manifest

    with workplace(replace(ours, database=f"restored_{uuid4().hex[:12]}")) as place:
        database = place.stores.database
        try:
            restore(file, database, tell=quiet)
            early = house.stored(place, "tempo-en")
            assert 0 < len(early) < len(wanted), "it was taken in the middle"
            said_so = {"fate": {"$in": [fate.value for fate in Fate if fate.is_story]}}
            assert {page["_id"] for page in database["pages"].find(said_so, {"_id": 1})} <= early
            _as_if_a_minute_had_passed(place, crawl.run)
            with crew(place.settings, [CRAWLERS, ENRICHERS]):
                house.drain(place, [crawl.run], limit=120)
            assert house.stored(place, "tempo-en") == wanted
        finally:
            database.client.drop_database(database.name)


def _until_some_are_stored(place: Workplace) -> None:
    """A page says so only after a majority has its story, and that is what a snapshot sees."""
    until = time.monotonic() + 60
    while not place.stores.database["pages"].find_one({"fate": Fate.STORED.value}, {"_id": 1}):
        assert time.monotonic() < until
        time.sleep(0.01)


def _as_if_a_minute_had_passed(place: Workplace, run: str) -> None:
    """Leases have ended, the dead crawler is silent, and the sweeper comes by."""
    past = place.now() - timedelta(minutes=1)
    place.stores.database["pages"].update_many({"state": "leased"}, {"$set": {"nextFetchAt": past, "checkAt": past}})
    place.stores.database["runs"].update_one({"_id": run}, {"$set": {"heartbeatAt": past}})
    house.a_minute_later(place)
