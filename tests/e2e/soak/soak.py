"""`kliping up` as people run it, before a newspaper that grows; and what its processes hold meanwhile."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from console.services import services
from console.workplace import Workplace, workplace
from stories.runs import ACTIVE
from stories.settings import Settings
from tests.console.conftest import kliping
from tests.e2e import house
from tests.e2e.soak.newspaper import Newspaper
from tests.e2e.soak.reading import OURS, SERVERS, Reading, parts, read_all

SITES = ("tempo-en", "tempo-id")
LOOK = 10.0  # seconds between two readings
START = 60.0  # seconds for all parts to be there
DRAIN = 300.0  # seconds after which an open page is stuck
FAREWELL = 90.0  # seconds: what docs/operations.md allows for
CLOSING = 900.0  # seconds for the closing look at all stories, two a second


@dataclass(slots=True, kw_only=True)
class Record:
    """All readings, and the file that has them, so that a failure leaves its history."""

    path: Path
    times: list[float] = field(default_factory=list)
    readings: dict[str, list[Reading]] = field(default_factory=dict)

    def add(self, passed: float, found: Mapping[str, Reading]) -> None:
        self.times.append(passed)
        for name, reading in found.items():
            self.readings.setdefault(name, []).append(reading)
        with self.path.open("a", encoding="utf-8") as file:
            line = {"seconds": round(passed, 1)} | {name: asdict(reading) for name, reading in found.items()}
            file.write(json.dumps(line) + "\n")

    def since(self, seconds: float) -> tuple[list[float], dict[str, list[Reading]]]:
        """Without the warming up."""
        first = next((place for place, at in enumerate(self.times) if at >= seconds), len(self.times))
        return self.times[first:], {name: readings[first:] for name, readings in self.readings.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    expected: int
    late: list[str]
    """Keys that only the closing look found, though the schedules had the time."""
    lost: list[str]
    duplicated: list[str]
    stuck: list[dict]


@contextmanager
def up(settings: Settings, log: Path) -> Iterator[subprocess.Popen]:
    """`kliping up`, once all its parts are there; ended by SIGTERM, with exit code 0."""
    with log.open("wb") as said:
        command = [sys.executable, "-m", "console.cli", "up", "--port", "0"]
        own = {"PATH": "/usr/bin:/bin", "HOME": str(settings.home)} | settings.as_variables()
        process = subprocess.Popen(command, env=own, stdout=said, stderr=said, start_new_session=True)
    try:
        until = time.monotonic() + START
        while not {*OURS, *SERVERS} <= set(parts(process.pid)):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < until, (parts(process.pid), log.read_text())
            time.sleep(0.1)
        yield process
        process.terminate()
        assert process.wait(FAREWELL) == 0, log.read_text()
    finally:
        process.kill()
        process.wait()


@contextmanager
def found(settings: Settings) -> Iterator[Workplace]:
    """The servers of the `up` that runs."""
    with services(settings) as theirs:
        assert theirs.mongo_url
        with workplace(settings) as place:
            yield place


def command(settings: Settings, *arguments: str, limit: float = START) -> str:
    process = kliping(settings, *arguments)
    try:
        out, err = process.communicate(timeout=limit)
    finally:
        process.kill()
    assert process.returncode == 0, (arguments, out, err)
    return out


def watch(process: subprocess.Popen, paper: Newspaper, record: Record) -> None:
    """Until all is published: let the newspaper go on, and read what is held."""
    pids = parts(process.pid)
    assert set(pids) == {*OURS, *SERVERS}
    began = time.monotonic()
    while not paper.is_over:
        paper.go_on()
        assert parts(process.pid) == pids, "a part ended, and was started again"
        record.add(time.monotonic() - began, read_all(pids))
        time.sleep(LOOK)
    paper.go_on()


def drain(place: Workplace) -> None:
    """Until no run is at work and no page is open. Raises AssertionError after DRAIN."""
    until = time.monotonic() + DRAIN
    while place.stores.database["runs"].count_documents({"state": {"$in": list(ACTIVE)}}) or house.unfinished(place):
        assert time.monotonic() < until, house.stuck(place)
        time.sleep(0.5)


def close(place: Workplace, settings: Settings, paper: Newspaper, crons: Mapping[str, str]) -> Outcome:
    """No further ticks; then look at every story once more, and compare all with the truth."""
    for name in crons:
        command(settings, "schedule", "pause", name)
    drain(place)
    world = paper.world()
    expected = {site: house.expected_keys(world, site) for site in SITES}
    late = [key for site in SITES for key in sorted(expected[site] - house.stored(place, site))]
    days = (
        "--since",
        f"{world.now.date().fromordinal(world.now.date().toordinal() - 2)}",
        "--until",
        f"{world.now.date().fromordinal(world.now.date().toordinal() + 1)}",
    )
    for site in SITES:
        command(settings, "crawl", site, *days, "--fresh", "--wait", limit=CLOSING)
    drain(place)
    lost = [key for site in SITES for key in sorted(expected[site] - house.stored(place, site))]
    return Outcome(
        expected=sum(map(len, expected.values())),
        late=late,
        lost=lost,
        duplicated=_twice(place) + _older(place, paper, [url for site in SITES for url in world.article_urls(site)]),
        stuck=house.stuck(place),
    )


def _twice(place: Workplace) -> list[str]:
    one_address = {"$group": {"_id": "$canonicalUrl", "times": {"$sum": 1}}}
    twice = place.stores.database["stories"].aggregate([one_address, {"$match": {"times": {"$gt": 1}}}])
    return [each["_id"] for each in twice]


def _older(place: Workplace, paper: Newspaper, urls: Sequence[str]) -> list[str]:
    """Stories with another text than the newest; those that are missing are counted elsewhere."""
    stories = place.stores.database["stories"]
    older = []
    for url in urls:
        truth = paper.replica.truth(url)
        story = stories.find_one({"_id": truth["key"]}, {"articleBody": 1, "headline": 1})
        if story and (story["articleBody"], story["headline"]) != (truth["articleBody"], truth["headline"]):
            older.append(truth["key"])
    return older
