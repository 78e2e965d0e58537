"""F22: hours at ten times Tempo's daily rate. What every long-lived process holds stays what it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.soak.newspaper import SPEED
from tests.e2e.soak.reading import OURS, SERVERS
from tests.e2e.soak.slope import MIB, growth, slope
from tests.e2e.soak.soak import DRAIN, FAREWELL, START, Plan, Record, soak
from tests.faults.record import Tally

STEEPEST = 1.0  # MiB an hour
FLAT = 1  # descriptors: a connection of a pool may come or go
WARM = 900.0
"""Seconds at first that do not count, or half of a shorter run: every listing is read, the pools and caches fill."""


@pytest.mark.timeout(START + 6 * START + 2 * DRAIN + FAREWELL)  # so that what is waited for in vain is said
def test_a_short_one(tmp_path: Path, seed: int) -> None:
    """The watching itself: it sees all parts, the schedules crawl, and what was published is stored as it is now."""
    crons = {"tempo-en": "*/10 * * * * *", "tempo-id": "5/10 * * * * *"}
    plan = Plan(
        minutes=1 / 3,
        speed=36,  # 12 minutes of its clock: it grows by nine stories and by seven
        seed=seed,
        at_first=20,
        crons=crons,
        minutes_apart=1 / 6,  # so that the schedules have to find what was there at first, also on busy cores
        edits=2,
        look=1.0,
        pace={"delay": 0.0, "concurrency": 8},
    )
    record, outcome = soak(tmp_path, plan)
    assert set(record.readings) == {*OURS, *SERVERS}
    assert all(len(readings) == len(record.times) >= 5 for readings in record.readings.values())
    assert all(each.own > MIB and each.descriptors > 2 for readings in record.readings.values() for each in readings)
    assert len(record.path.read_text().splitlines()) == len(record.times)
    assert (outcome.late, outcome.lost, outcome.duplicated, outcome.stuck) == ((), (), (), ())


@pytest.mark.soak
@pytest.mark.fault("F22")
@pytest.mark.timeout(0)  # as long as --soak-minutes says; each of its own waits is bounded
def test_hours_of_it(tmp_path: Path, seed: int, tally: Tally, request: pytest.FixtureRequest) -> None:
    minutes = request.config.option.soak_minutes
    crons = {"tempo-en": "*/5 * * * *", "tempo-id": "2-59/5 * * * *"}
    pace = {"delay": 0.5}  # half of the default, so that the closing look at all stories takes minutes
    growth = {"minutes": minutes, "speed": SPEED, "at_first": 120, "edits": 12}
    plan = Plan(**growth, seed=seed, crons=crons, minutes_apart=5, look=10.0, pace=pace)
    record, outcome = soak(tmp_path, plan)
    slopes, more = report(record, warm=min(WARM, minutes * 60 / 2))
    print(outcome)
    assert {name: slopes[name] for name in OURS if slopes[name] >= STEEPEST} == {}
    assert {name: more[name] for name in more if more[name] > FLAT} == {}
    assert (outcome.late, outcome.lost, outcome.duplicated, outcome.stuck) == ((), (), (), ())
    tally.add(trials=outcome.expected, seed=seed)


def report(record: Record, *, warm: float) -> tuple[dict[str, float], dict[str, float]]:
    """MiB an hour, and how many descriptors more, of each part; the servers hold data, and have bounds of their own."""
    times, readings = record.since(warm)
    slopes = {name: slope(times, [each.own / MIB for each in all_of]) for name, all_of in readings.items()}
    more = {name: growth([each.descriptors for each in all_of]) for name, all_of in readings.items()}
    print(f"\n{len(times)} readings of {times[-1] - times[0]:.0f} s, after {times[0]:.0f} s of warming up")
    for name, all_of in readings.items():
        own, descriptors = [each.own / MIB for each in all_of], [each.descriptors for each in all_of]
        print(
            f"{name:16}{slopes[name]:+7.3f} MiB/h, {own[0]:6.1f} to {own[-1]:6.1f} MiB, {max(own):6.1f} at most; "
            f"rss {all_of[-1].rss / MIB:6.1f}; "
            f"{descriptors[0]} to {descriptors[-1]} descriptors, {max(descriptors)} at most"
        )
    return slopes, more
