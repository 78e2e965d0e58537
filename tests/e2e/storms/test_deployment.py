"""F17: SIGTERM to everything, as a deployment does, in the middle of its work; then the new version goes on."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

import pytest

from console.crew import CRAWLERS, ENRICHERS, SCHEDULER
from crawler.run import INTERRUPTED
from stories.pages import LEASED
from stories.runs import ACTIVE, RUNNING
from stories.settings import Settings
from tests.console.conftest import kliping
from tests.e2e.storms.doomed import lonely_crawler
from tests.e2e.storms.newspaper import SITES
from tests.e2e.storms.storm import FEWER, FEWEST, Storm, rounds, storm
from tests.faults.record import Tally
from tests.waiting import wait_for

CLEAN = 90.0
"""Seconds: what service managers wait before they kill (docs/operations.md)."""
BEGINNING = 1.2
"""Seconds that a crawler takes from its run's beginning to its first page."""
AT_ONCE = 16
"""Pages: who is told to end waits for those that it has taken on, and each takes that long."""
CONSOLE = ("console", "--port", "0")
PARTS = (SCHEDULER, CRAWLERS, CRAWLERS, ENRICHERS, ENRICHERS, CONSOLE)
TOGETHER = (("up", "--port", "0"),)
"""All parts as one machine has them: below one process."""
A_ROUND = 10


@contextmanager
def deployed(weather: Storm, parts: Sequence[tuple[str, ...]]) -> Iterator[list[subprocess.Popen[str]]]:
    processes = [kliping(weather.place.settings, *part) for part in parts]
    try:
        yield processes
    finally:
        for process in processes:
            process.kill()
            process.communicate()


def ended(processes: Sequence[subprocess.Popen[str]]) -> list[int]:
    """Told to, in this order; their exit codes."""
    for process in processes:
        process.send_signal(signal.SIGTERM)
    until = time.monotonic() + CLEAN
    return [process.wait(max(0.1, until - time.monotonic())) for process in processes]


def deployment(weather: Storm, parts: Sequence[tuple[str, ...]]) -> None:
    """Started, at work, told to end at a random moment in a random order."""
    with deployed(weather, parts) as processes:
        weather.let_pass(weather.chance.randint(20, 60))
        weather.some_time()
        weather.chance.shuffle(processes)
        began = time.monotonic()
        codes = ended(processes)
        took = time.monotonic() - began
        weather.history.note(f"SIGTERM to {len(processes)}: they ended within {took:.1f} s, by {codes}")
        assert codes == [0] * len(processes)
        assert not weather.victims("crawler.run"), "nobody stays behind"
        held = list(weather.place.stores.database["pages"].find({"state": LEASED}, {"events": 1}).limit(3))
        assert not held, "leases are given back"
    weather.kills += 1


@pytest.mark.fault("F17")
def test_a_crawler_that_is_told_to_end_as_it_begins_is_interrupted(
    settings: Settings, tally: Tally, scale: Callable[..., int], seed: int
) -> None:
    """Before its engine runs, in whatever step: a run that had ended there would never be taken up."""
    trials = scale(short=2, long=20)
    with storm(settings, seed=seed, stories=60, parts=(), sweeps=False, concurrency=AT_ONCE) as weather:
        runs = weather.place.stores.runs
        weather.paper.replica.delay(BEGINNING)  # so that no crawl ends by itself
        for trial in range(trials):
            with lonely_crawler(weather, SITES[trial % 2]) as (run, process):
                wait_for(partial(has_begun, weather, run), "the crawler begins")
                time.sleep(BEGINNING * trial / trials)
                process.terminate()
                assert process.wait(CLEAN) in {INTERRUPTED, -signal.SIGTERM}, f"trial {trial}"
                known = runs.get(run) or {}
                assert known["state"] in ACTIVE, f"trial {trial}: {known.get('finishReason')}"
        assert not weather.place.stores.database["pages"].count_documents({"state": LEASED})
        weather.pass_a_minute()
        with weather.joined_by(*PARTS):
            weather.calm(tally, trials=trials)


def has_begun(weather: Storm, run: str) -> bool:
    return (weather.place.stores.runs.get(run) or {})["state"] == RUNNING


@pytest.mark.fault("F17")
def test_everything_is_told_to_end(settings: Settings, tally: Tally, scale: Callable[..., int], seed: int) -> None:
    """Either as single parts, or as `kliping up`."""
    stories = scale(short=FEWEST, long=FEWER)
    for own, deployments in rounds(scale(short=2, long=20), most=A_ROUND, seed=seed):
        with storm(settings, seed=own, stories=stories, parts=(), sweeps=False) as weather:
            for site in SITES:
                weather.order(site)
            while weather.kills < deployments:
                deployment(weather, TOGETHER if weather.kills % 2 else PARTS)
                if not weather.paper.has_changed:
                    weather.change_the_newspaper()
            with weather.joined_by(*PARTS):
                weather.calm(tally)
