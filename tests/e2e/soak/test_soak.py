"""F22: hours at ten times Tempo's daily rate. What every long-lived process holds stays what it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from stories.settings import Settings
from tests.e2e.soak import soak
from tests.e2e.soak.newspaper import newspaper
from tests.e2e.soak.reading import OURS, SERVERS
from tests.e2e.soak.slope import MIB, growth, slope
from tests.faults.record import Tally

STEEPEST = 1.0  # MiB an hour
FLAT = 1  # descriptors: a connection of a pool may come or go
WARM = 0.125
"""Of the time, at first: a quarter of an hour of two, in which every listing is read and the pools fill."""
EDITS = 12  # one in ten minutes of two hours
HALF_A_SECOND = 0.5  # the pause between two requests: half of the default, since the closing look asks for all
EVERY_MINUTE = {"tempo-en": "* * * * *", "tempo-id": "* * * * *"}
EVERY_FEW_MINUTES = {"tempo-en": "*/5 * * * *", "tempo-id": "2-59/5 * * * *"}


def run(home: Path, *, minutes: float, seed: int, crons: dict[str, str], edits_every: float):
    record = soak.Record(path=home / "readings.jsonl")
    with newspaper(minutes=minutes, seed=seed, edits_every=edits_every) as paper:
        settings = Settings(home=home, replica=paper.replica.url, delay=HALF_A_SECOND)
        with soak.up(settings, home / "up.log") as process:
            for site, cron in crons.items():
                soak.command(settings, "schedule", "add", site, cron, site)
            soak.watch(process, paper, record)
            with soak.found(settings) as place:
                outcome = soak.close(place, settings, paper, crons)
        assert paper.edits, "nothing was edited"
        assert paper.replica.stats()["forbidden"]["requests"] == 0
    return record, outcome


def test_a_minute_of_it(tmp_path: Path, seed: int) -> None:
    """The measuring itself: it sees all parts, and what was published is stored with its newest text."""
    record, outcome = run(tmp_path, minutes=1, seed=seed, crons=EVERY_MINUTE, edits_every=25)
    assert set(record.readings) == {*OURS, *SERVERS}
    assert all(len(readings) == len(record.times) >= 4 for readings in record.readings.values())
    assert all(each.own > MIB and each.descriptors > 2 for readings in record.readings.values() for each in readings)
    assert (outcome.lost, outcome.duplicated, outcome.stuck) == ([], [], [])


@pytest.mark.soak
@pytest.mark.fault("F22")
@pytest.mark.timeout(0)
def test_hours_of_it(tmp_path: Path, seed: int, tally: Tally, request: pytest.FixtureRequest) -> None:
    minutes = request.config.option.soak_minutes
    record, outcome = run(
        tmp_path, minutes=minutes, seed=seed, crons=EVERY_FEW_MINUTES, edits_every=minutes * 60 / EDITS
    )
    times, readings = record.since(WARM * minutes * 60)
    slopes = {name: slope(times, [each.own / MIB for each in all_of]) for name, all_of in readings.items()}
    more = {name: growth([each.descriptors for each in all_of]) for name, all_of in readings.items()}
    for name, all_of in readings.items():
        last = all_of[-1]
        print(
            f"{name:16} {slopes[name]:+7.3f} MiB/h own, {last.own / MIB:6.1f} MiB own, {last.rss / MIB:6.1f} MiB rss, "
            f"{last.descriptors} descriptors, {more[name]:+.0f}"
        )
    print(outcome)
    assert {name: slopes[name] for name in OURS if slopes[name] >= STEEPEST} == {}
    assert {name: more[name] for name in more if more[name] > FLAT} == {}
    assert (outcome.lost, outcome.duplicated, outcome.stuck) == ([], [], [])
    tally.add(
        trials=outcome.expected,
        lost=len(outcome.lost),
        duplicated=len(outcome.duplicated),
        stuck=len(outcome.stuck),
        seed=seed,
    )
