"""F6: Redis or MongoDB stands still. Every call is bounded, and afterwards crawler and worker go on."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from stories.settings import Settings
from tests.e2e.outages.ordeal import MANY, STORIES, Ordeal, desk, judged, printed, servers
from tests.e2e.outages.probes import ASKS_MONGO, ASKS_REDIS, PROBED, Took, probing
from tests.faults.record import Tally

AT_ONCE = 8
"""Standstills a crawl at most."""
CALLS = {"mongod": ASKS_MONGO, "valkey": ASKS_REDIS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standstill:
    server: str
    pid: int
    seconds: float
    settings: Settings
    took: Took

    def __call__(self) -> None:
        with probing(self.settings, CALLS[self.server], self.took) as begin:
            os.kill(self.pid, signal.SIGSTOP)
            try:
                begin()
                time.sleep(self.seconds)
            finally:
                os.kill(self.pid, signal.SIGCONT)


def length(chance: random.Random, number: int) -> float:
    """Seconds. The first two show whether a call ends by itself; one in five is long."""
    if number < len(CALLS):
        return PROBED
    return chance.uniform(12, 60) if number % 5 == 0 else chance.uniform(5, 12)


@pytest.mark.fault("F6")
def test_a_server_that_stands_still(tmp_path: Path, tally: Tally, scale: Callable[..., int], seed: int) -> None:
    trials, chance, took, healed = scale(short=2, long=50), random.Random(seed), Took(), []
    with servers(tmp_path) as own, printed(seed=seed, stories=scale(short=STORIES, long=MANY)) as paper:
        while (first := len(healed)) < trials:
            with desk(own, paper, tmp_path) as place:
                standstills = [
                    Standstill(
                        server=(server := sorted(CALLS)[number % len(CALLS)]),
                        pid=own.pids[server],
                        seconds=length(chance, number),
                        settings=place.settings,
                        took=took,
                    )
                    for number in range(first, min(first + AT_ONCE, trials))
                ]
                ordeal = Ordeal(
                    place=place, paper=paper, crawler=place.settings, enricher=place.settings, chance=chance
                )
                with judged(place, paper, tally, seed=seed):
                    healed += ordeal.go_through(standstills)
    took.assert_bounded()
    print(f"{trials} standstills; healed within {max(healed):.1f} s; calls took {took.seconds}")
    tally.add(trials=trials, seed=seed)
