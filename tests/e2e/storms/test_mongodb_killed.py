"""F5: `kill -9` of MongoDB: nothing that it acknowledged is lost, and the crawler waits for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from pymongo.read_concern import ReadConcern

from tests.e2e.storms.doomed import lonely_crawler
from tests.e2e.storms.newspaper import SITES, summed
from tests.e2e.storms.servers import Server, own_servers
from tests.e2e.storms.storm import FEWER, Storm, rounds, storm
from tests.faults.record import Tally

A_ROUND = 25
LONGER_THAN_A_CALL = 12.0
"""Seconds: each call gives up after ten."""
LONGEST_OUTAGE = 3.0
"""Seconds: a restart; longer ones are F6's and F16's."""


MAJORITY = ReadConcern("majority")


def acknowledged(weather: Storm) -> dict[str, set[str]]:
    """What nobody may lose any more."""
    database = weather.place.stores.database
    return {
        name: {
            document["_id"] for document in database.get_collection(name, read_concern=MAJORITY).find({}, {"_id": 1})
        }
        for name in ("stories", "pages", "revisions", "runs", "quarantine")
    }


def dies(weather: Storm, server: Server) -> None:
    weather.let_pass(weather.chance.randint(1, 40))
    weather.some_time()
    known = acknowledged(weather)
    weather.history.note(f"SIGKILL to {server.name}, pid {server.kill()}")
    weather.kills += 1
    time.sleep(weather.chance.uniform(0, LONGEST_OUTAGE))
    server.start()
    weather.history.note(f"{server.name} is back")
    after = acknowledged(weather)
    missing = {name: sorted(ids - after[name])[:9] for name, ids in known.items() if ids - after[name]}
    assert not missing


@pytest.mark.fault("F5")
def test_mongodb_killed(tmp_path: Path, tally: Tally, scale: Callable[..., int], seed: int) -> None:
    with own_servers(tmp_path) as servers:
        for own, deaths in rounds(scale(short=5, long=100), most=A_ROUND, seed=seed):
            with storm(servers.settings(tmp_path), seed=own, stories=FEWER, log_level="ERROR") as weather:
                for site in SITES:
                    weather.order(site)
                while weather.kills < deaths:
                    if not weather.paper.has_changed and weather.kills * 2 >= deaths:
                        weather.change_the_newspaper()
                    dies(weather, servers.mongod)
                verdict = weather.calm()
                waited = [weather.place.stores.runs.get(run) or {} for run in weather.runs]
                assert [run["resumes"] for run in waited] == [0] * len(waited), "a crawler gave up instead of waiting"
            tally.add(trials=weather.kills, seed=own, **summed([verdict]))


@pytest.mark.fault("F5")
def test_a_crawler_that_begins_while_mongodb_is_away_waits_for_it(tmp_path: Path, tally: Tally, seed: int) -> None:
    with own_servers(tmp_path) as servers, storm(servers.settings(tmp_path), seed=seed, stories=60) as weather:
        with lonely_crawler(weather, "tempo-en") as (run, process):
            weather.history.note(f"SIGKILL to {servers.mongod.name}, pid {servers.mongod.kill()}")
            time.sleep(LONGER_THAN_A_CALL)
            assert process.poll() is None, "it gave up"
            servers.mongod.start()
            weather.wait(lambda: process.poll() is not None, "it crawls to its end")
        verdict = weather.calm()
        assert (weather.place.stores.runs.get(run) or {})["resumes"] == 0
    tally.add(trials=1, seed=seed, **summed([verdict]))
