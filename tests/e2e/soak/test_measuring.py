"""That the soak would notice: slopes of made-up series, and a process that leaks on demand."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.e2e.soak.reading import UP, parts, read
from tests.e2e.soak.slope import HOUR, MIB, growth, slope

LOOKS = [10.0 * number for number in range(630)]
"""An hour and three quarters."""
LEAKS = """
import os, sys
held = []
print("ready", flush=True)
for line in sys.stdin:
    held += [bytearray(b"x") * int(line), os.open(os.devnull, os.O_RDONLY)]
    print("held", flush=True)
"""


def noise(seed: int, size: float = 0.4) -> list[float]:
    chance = random.Random(seed)
    return [chance.gauss(0, size) for _ in LOOKS]


@pytest.mark.parametrize("rate", [-2.0, 0.0, 0.5, 1.0, 3.0])
def test_a_slope_is_found_under_noise(rate: float, seed: int) -> None:
    values = [60 + rate * at / HOUR + each for at, each in zip(LOOKS, noise(seed), strict=True)]
    assert slope(LOOKS, values) == pytest.approx(rate, abs=0.1)


def test_one_step_and_peaks_are_no_slope(seed: int) -> None:
    """A collector's late rounds, a pool that fills once; but a step every quarter of an hour is one."""
    chance = random.Random(seed)
    peaks = [60 + (30 if chance.random() < 0.2 else 0) + (4 if at > 1000 else 0) for at in LOOKS]
    assert abs(slope(LOOKS, peaks)) < 0.1
    stairs = [60 + at // 900 * 0.5 for at in LOOKS]
    assert slope(LOOKS, stairs) == pytest.approx(2.0, abs=0.2)


def test_growth_is_what_stays() -> None:
    assert growth([8, 9, 8, 8, 30, 8, 8, 9]) == 0
    assert growth([8, 8, 8, 8, 9, 9, 10, 10]) == 2
    assert growth([number // 60 for number in range(630)]) > 5


@pytest.mark.parametrize(("times", "values"), [([], []), ([1.0], [1.0]), ([1.0, 2.0], [1.0])])
def test_too_little_is_refused(times: list[float], values: list[float]) -> None:
    with pytest.raises(ValueError, match="no slope"):
        slope(times, values)


@pytest.fixture
def leaky() -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", LEAKS]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        yield process
        process.kill()


def leak(process: subprocess.Popen[str], size: int) -> None:
    assert process.stdin
    assert process.stdout
    process.stdin.write(f"{size}\n")
    process.stdin.flush()
    assert process.stdout.readline() == "held\n"


def test_a_leak_of_a_quarter_of_a_mebibyte_is_seen(leaky: subprocess.Popen[str]) -> None:
    """One every five minutes is three an hour: three times what is allowed."""
    found = [read(leaky.pid)]
    for _ in range(12):
        leak(leaky, int(MIB / 4))
        found.append(read(leaky.pid))
    times = [300.0 * place for place in range(len(found))]
    assert slope(times, [each.own / MIB for each in found]) == pytest.approx(3, abs=0.5)
    assert found[-1].descriptors - found[0].descriptors == 12
    assert growth([each.descriptors for each in found]) > 5
    assert found[-1].rss >= found[-1].own


def test_a_process_that_has_ended_is_no_reading(leaky: subprocess.Popen[str]) -> None:
    leaky.kill()
    leaky.wait()
    with pytest.raises(OSError, match=str(leaky.pid)):
        read(leaky.pid)
    assert parts(leaky.pid) == {UP: leaky.pid}
