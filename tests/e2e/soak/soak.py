"""`kliping up` as people run it, before a newspaper that grows; and what its processes hold meanwhile."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path

from console.services import services
from console.workplace import Workplace, workplace
from stories.runs import ACTIVE
from stories.settings import Settings
from tests.console.conftest import kliping
from tests.e2e import house
from tests.e2e.soak.newspaper import SITES, Newspaper, newspaper
from tests.e2e.soak.outcome import Outcome, outcome_of
from tests.e2e.soak.reader import Reader
from tests.e2e.soak.reading import OURS, SERVERS, Reading, parts, read_all

START = 60.0  # seconds for all parts to be there
DRAIN = 300.0  # seconds after which an open page is stuck
FAREWELL = 90.0  # seconds: what docs/operations.md allows for
_CRAWLS_TO_FIND = 2  # the one that was at work when a story appeared saw its listing too early
CLOSING = 1200.0  # seconds for the closing look at all stories of a site, two a second


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    minutes: float
    seed: int
    at_first: int
    """Stories that are there when it begins."""
    crons: Mapping[str, str]
    """When each site is crawled."""
    minutes_apart: float
    """Of two crawls of a site."""
    speed: float
    """Of the newspaper's clock."""
    edits: int
    look: float
    """Seconds between two readings."""
    pace: Mapping[str, object]
    """The settings that say how fast the newspaper is asked."""


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


def soak(home: Path, plan: Plan) -> tuple[Record, Outcome]:
    record, log = Record(path=home / "readings.jsonl"), home / "up.log"
    grows = {"minutes": plan.minutes, "speed": plan.speed, "at_first": plan.at_first, "edits": plan.edits}
    with newspaper(seed=plan.seed, **grows) as paper:
        settings = Settings(home=home, replica=paper.replica.url, **plan.pace)
        with up(settings, log) as process:
            for site, cron in plan.crons.items():
                command(settings, "schedule", "add", site, cron, site)
            watch(process, paper, Reader(home, log), record, look=plan.look)
            with services(settings), workplace(settings) as place:
                pause(place, settings)
                outcome = close(place, settings, paper, plan.minutes_apart)
        assert paper.edits_made == plan.edits
        forbidden = paper.replica.stats()["forbidden"]
        assert forbidden["requests"] == 0, forbidden
    return record, outcome


@contextmanager
def up(settings: Settings, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`kliping up`, once all its parts are there; ended by SIGTERM, with exit code 0."""
    with log.open("wb") as said:
        command = [sys.executable, "-m", "console.cli", "up", "--port", "0"]
        process = subprocess.Popen(command, env=settings.as_variables(), stdout=said, stderr=said)
    try:
        until = time.monotonic() + START
        while {*OURS, *SERVERS} != set(parts(process.pid)) or "console: " not in log.read_text():
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < until, (parts(process.pid), log.read_text())
            time.sleep(0.1)
        yield process
        process.terminate()
        assert process.wait(FAREWELL) == 0, log.read_text()
    finally:
        process.kill()
        process.wait()


def command(settings: Settings, *arguments: str, limit: float = START) -> None:
    with kliping(settings, *arguments) as process:
        try:
            said = process.communicate(timeout=limit)
        finally:
            process.kill()
    assert process.returncode == 0, (arguments, said)


def watch(process: subprocess.Popen[bytes], paper: Newspaper, reader: Reader, record: Record, *, look: float) -> None:
    """Until all is published: let the newspaper go on, look at the console, and read what is held."""
    pids = parts(process.pid)
    paper.began = began = time.monotonic()
    while not paper.is_over:
        paper.go_on()
        reader.look()
        assert parts(process.pid) == pids, "a part ended, and was started again"
        record.add(time.monotonic() - began, read_all(pids))
        time.sleep(look)
    paper.go_on()


def pause(place: Workplace, settings: Settings) -> None:
    """No further ticks, and what was begun is ended."""
    for schedule in place.schedules.all():
        command(settings, "schedule", "pause", schedule.name)
    drain(place)


def close(place: Workplace, settings: Settings, paper: Newspaper, minutes_apart: float) -> Outcome:
    """Look at every story once more, so that the newest texts are there, and compare all with the truth."""
    in_time = {key for site in SITES for key in house.stored(place, site)}
    due_before = paper.ends - _CRAWLS_TO_FIND * minutes_apart * paper.speed * timedelta(minutes=1)
    first, last = paper.days()
    for site in SITES:
        days = ("--since", f"{first}", "--until", f"{last}")
        command(settings, "crawl", site, *days, "--fresh", "--wait", limit=CLOSING)
    drain(place)
    return outcome_of(place, paper, in_time, due_before=due_before)


def drain(place: Workplace) -> None:
    """Until no run is at work and no page is open. Raises AssertionError after DRAIN."""
    until = time.monotonic() + DRAIN
    while place.stores.database["runs"].count_documents({"state": {"$in": [*ACTIVE]}}) or house.unfinished(place):
        assert time.monotonic() < until, house.stuck(place)
        time.sleep(0.5)
