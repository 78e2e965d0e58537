"""F17: SIGTERM to everything, as a deployment does, in the middle of its work; then the new version goes on."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import pytest

from console.crew import CRAWLERS, ENRICHERS, SCHEDULER
from stories.pages import LEASED
from stories.settings import Settings
from tests.console.conftest import kliping
from tests.e2e.storms.newspaper import SITES, summed
from tests.e2e.storms.storm import FEWER, Storm, rounds, storm
from tests.faults.record import Tally

CLEAN = 90.0
"""Seconds: what service managers wait before they kill (docs/operations.md)."""
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
def test_everything_is_told_to_end(settings: Settings, tally: Tally, scale: Callable[..., int], seed: int) -> None:
    """Either as single parts, or as `kliping up`."""
    for own, deployments in rounds(scale(short=2, long=20), most=A_ROUND, seed=seed):
        with storm(settings, seed=own, stories=FEWER, parts=()) as weather:
            for site in SITES:
                weather.order(site)
            while weather.kills < deployments:
                deployment(weather, TOGETHER if weather.kills % 2 else PARTS)
                if not weather.paper.has_changed:
                    weather.change_the_newspaper()
            with weather.joined_by(*PARTS):
                verdict = weather.calm()
        tally.add(trials=weather.kills, seed=own, **summed([verdict]))
