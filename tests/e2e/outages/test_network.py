"""F16: the network between crawler or worker and its servers is cut, refuses, or carries nothing; and flaps."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from stories.settings import Settings
from tests.e2e.outages.cable import Cable
from tests.e2e.outages.ordeal import MANY, STORIES, Ordeal, desk, judged, printed, servers
from tests.e2e.outages.probes import ASKS_MONGO, ASKS_REDIS, PROBED, Took, probing
from tests.faults.record import Tally

AT_ONCE = 8
"""Outages a crawl at most."""
FLAPS = 4
ASKS = ASKS_MONGO | ASKS_REDIS


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """From one process to its two servers."""

    settings: Settings
    mongo: Cable
    redis: Cable


@contextmanager
def way(settings: Settings) -> Iterator[Way]:
    with ExitStack() as stack:
        urls = settings.mongo_url, settings.redis_url
        ports = [urlsplit(url).port for url in urls]
        mongo, redis = (stack.enter_context(Cable(port)) for port in ports)
        through = [
            url.replace(f":{port}/", f":{cable.port}/")
            for url, port, cable in zip(urls, ports, (mongo, redis), strict=True)
        ]
        yield Way(settings=replace(settings, mongo_url=through[0], redis_url=through[1]), mongo=mongo, redis=redis)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """Some cables, one after the other in the same way: a few flaps, and then for longer."""

    cables: tuple[Cable, ...]
    harm: Callable[[Cable], None]
    flaps: tuple[float, ...]
    """Seconds: away, back, away, back."""
    seconds: float
    probed: Way | None
    took: Took

    def __call__(self) -> None:
        for number, seconds in enumerate(self.flaps):
            self._all(Cable.mend if number % 2 else self.harm)
            time.sleep(seconds)
        self._all(Cable.mend)
        with ExitStack() as stack:
            begin = stack.enter_context(probing(self.probed.settings, ASKS, self.took)) if self.probed else None
            stack.callback(self._all, Cable.mend)
            self._all(self.harm)
            if begin:
                begin()
            time.sleep(self.seconds)

    def _all(self, what: Callable[[Cable], None]) -> None:
        for cable in self.cables:
            what(cable)


def outage(ways: tuple[Way, Way], chance: random.Random, took: Took, *, number: int, longest: float) -> Outage:
    """Every other one is of all cables; every other one of these is silent, and probed."""
    crawler, enricher = ways
    every = tuple(cable for one in ways for cable in (one.mongo, one.redis))
    some = chance.choice([every[:2], every[2:], *((cable,) for cable in every)])
    is_probed = number % 4 == 1
    harm = Cable.silence if is_probed else chance.choice([Cable.cut, Cable.refuse, Cable.silence])
    return Outage(
        cables=every if number % 2 else some,
        harm=harm,
        flaps=tuple(chance.uniform(0.05, 0.8) for _ in range(2 * chance.randint(1, FLAPS))),
        seconds=PROBED if is_probed else chance.uniform(1.0, longest),
        probed=chance.choice([crawler, enricher]) if is_probed else None,
        took=took,
    )


@pytest.mark.fault("F16")
def test_a_network_that_is_cut_and_flaps(tmp_path: Path, tally: Tally, scale: Callable[..., int], seed: int) -> None:
    trials, longest = scale(short=2, long=50), float(scale(short=4, long=12))
    chance, took, healed = random.Random(seed), Took(), []
    with servers(tmp_path) as own, printed(seed=seed, stories=scale(short=STORIES, long=MANY)) as paper:
        while (first := len(healed)) < trials:
            numbers = range(first, min(first + AT_ONCE, trials))
            with desk(own, paper, tmp_path) as place, way(place.settings) as one, way(place.settings) as other:
                ordeal = Ordeal(place=place, paper=paper, crawler=one.settings, enricher=other.settings, chance=chance)
                with judged(place, paper, tally, seed=seed):
                    healed += ordeal.go_through(
                        [outage((one, other), chance, took, number=number, longest=longest) for number in numbers]
                    )
    took.assert_bounded()
    print(f"{trials} outages; healed within {max(healed):.1f} s; calls took {took.seconds}")
    tally.add(trials=trials, seed=seed)
