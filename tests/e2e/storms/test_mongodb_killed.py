"""F5: `kill -9` of MongoDB: nothing that it acknowledged is lost, and the crawler waits for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from pymongo.read_concern import ReadConcern

from console.crew import ENRICHERS
from stories.mongo import Document
from tests.e2e.storms.doomed import lonely_crawler
from tests.e2e.storms.newspaper import SITES
from tests.e2e.storms.servers import dies, own_servers
from tests.e2e.storms.storm import FEWER, Storm, rounds, storm
from tests.faults.record import Tally

A_ROUND = 25
LONGER_THAN_A_CALL = 12.0
"""Seconds: each call gives up after ten."""
MAJORITY: Final = ReadConcern("majority")
ADVANCES: Final = {
    "stories": "dateDownloaded",
    "pages": "fateAt",
    **dict.fromkeys(("revisions", "runs", "quarantine"), "_id"),
}
"""By collection, what can only grow in a document: a story is read anew, a page settled anew."""

Known = dict[str, dict[str, Document]]


def acknowledged(weather: Storm) -> Known:
    """What nobody may lose any more, by collection and key."""
    database = weather.place.stores.database
    return {
        name: {
            document["_id"]: document
            for document in database.get_collection(name, read_concern=MAJORITY).find({}, {advances: 1, "fate": 1})
        }
        for name, advances in ADVANCES.items()
    }


def lost(known: Known, after: Known) -> list[tuple[Document, Document | None]]:
    """What is not there, or is as it was before."""
    return [
        (then, now)
        for name, advances in ADVANCES.items()
        for key, then in known[name].items()
        if is_lost(then, now := after[name].get(key), advances)
    ]


def is_lost(then: Document, now: Document | None, advances: str) -> bool:
    if now is None:
        return True
    if advances not in then:  # it had no fate yet
        return False
    if now.get(advances) == then[advances]:
        return now.get("fate") != then.get("fate")
    return advances not in now or now[advances] < then[advances]


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
                    weather.let_pass(weather.chance.randint(1, 40))
                    weather.some_time()
                    known = acknowledged(weather)
                    dies(weather, servers.mongod)
                    assert lost(known, acknowledged(weather)) == []
                weather.calm(tally)
                waited = [weather.place.stores.runs.get(run) or {} for run in weather.runs]
                assert [run["resumes"] for run in waited] == [0] * len(waited), "a crawler gave up instead of waiting"


@pytest.mark.fault("F5")
def test_a_crawler_that_begins_while_mongodb_is_away_waits_for_it(tmp_path: Path, tally: Tally, seed: int) -> None:
    alone = {"seed": seed, "stories": 60, "parts": (ENRICHERS,)}
    with own_servers(tmp_path) as servers, storm(servers.settings(tmp_path), **alone) as weather:
        with lonely_crawler(weather, "tempo-en") as (run, process):
            weather.history.note(f"SIGKILL to {servers.mongod.name}, pid {servers.mongod.kill()}")
            time.sleep(LONGER_THAN_A_CALL)
            assert process.poll() is None, "it gave up"
            servers.mongod.start()
            weather.wait(lambda: process.poll() is not None, "it crawls to its end")
        weather.calm(tally, trials=1)
        assert (weather.place.stores.runs.get(run) or {})["resumes"] == 0
