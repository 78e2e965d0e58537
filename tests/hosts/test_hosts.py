"""F16: one crawl on three hosts, of which one is cut off in the middle of it, and healed.

Each host has a member of MongoDB's replica set, a Valkey, a Sentinel, and kliping's parts, in a network namespace of
its own (tests/hosts/scenario.py plays it; docs/operations.md has the same set-up for people).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.faults.record import Tally
from tests.hosts.network import tool
from tests.hosts.scenario import WINDOW
from workers.leash import die_with_parent

DELAY = 0.2
MOST = WINDOW / DELAY + 1 + 2
"""Requests to a host, by all crawlers together: one at the edge, two that were late on their way through forwarders.
A second pace beside the first makes 50 of them, and one crawler that goes on alone 31.
"""
HEALED = 60  # seconds until every server is a member of its set again; all crawls must have ended a minute later
GOES_ON = 45  # seconds until the others store a story: 8 to 18 as measured, and more on busy cores
LIMIT = 280  # seconds for one trial

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="network namespaces are Linux's"),
    pytest.mark.timeout(LIMIT + 60),  # what a trial waits for in vain, it says itself, and what was open then
]

Play = Callable[..., dict[str, Any]]


@pytest.fixture
def play(tmp_path: Path, seed: int) -> Play:
    """What came of a trial. Whoever is not root is made it, in a namespace of users of its own."""

    def played(**changes: Any) -> dict[str, Any]:
        plan = {
            "seed": seed,
            "stories": 120,
            "orders": ["tempo-en", "tempo-en", "tempo-id"],
            "victim": "first",
            "networks": ["inside"],
            "seconds": 12,
            "times": 1,
            "delay": DELAY,
            "lease_seconds": 60,
        }
        namespaces = ["--net"] if os.geteuid() == 0 else ["--user", "--map-root-user", "--net"]
        command = [tool("unshare"), *namespaces, sys.executable, "-m", "tests.hosts.scenario"]
        given = [json.dumps({**plan, **changes}), str(tmp_path)]
        done = subprocess.run(
            [*command, *given], capture_output=True, text=True, check=False, timeout=LIMIT, preexec_fn=die_with_parent
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return played


def judge(told: dict[str, Any]) -> None:
    all_of_it = json.dumps(told, indent=1)
    assert told["lost"] == told["unexpected"] == told["failed jobs"] == [], all_of_it
    assert (told["duplicated"], told["quarantined"]) == (0, 0), all_of_it
    assert told["twice"] == [], f"fetched twice, and not what was held where the network was cut: {all_of_it}"
    assert max(told["most asked"].values()) <= MOST, all_of_it
    assert told["deaths"] == [], f"a worker or scheduler ended, instead of waiting: {all_of_it}"
    assert told["whole after"] <= HEALED, all_of_it
    assert told.get("went on after", 0) <= GOES_ON, all_of_it


@pytest.mark.fault("F16")
def test_the_host_of_both_masters_is_cut_off_from_the_others_and_healed(play: Play, tally: Tally, seed: int):
    """Its crawler still reaches the newspaper: it must not ask that beside the others."""
    told = play()
    judge(told)
    assert told["before"]["primary"] not in {told["during"]["primary"], None}
    assert len(set(told["during"]["masters"].values()) - {None, told["before"]["primary"]}) == 1
    tally.add(trials=1, seed=seed)


@pytest.mark.long
@pytest.mark.fault("F16")
@pytest.mark.parametrize("victim", ["first", "other"])
@pytest.mark.parametrize("networks", [["inside"], ["inside", "outside"]], ids=["servers", "everything"])
@pytest.mark.parametrize(("times", "seconds"), [(1, 45), (3, 5)], ids=["long", "flapping"])
def test_hosts_are_cut_off(play: Play, tally: Tally, *, victim: str, networks: list[str], times: int, seconds: int):
    judge(play(victim=victim, networks=networks, times=times, seconds=seconds, stories=300))
    tally.add(trials=times)
