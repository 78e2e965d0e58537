"""Named points at which a process dies: in a test against the replica, never in a real crawl."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from stories import faults
from stories.errors import UsageError
from stories.settings import Settings

REPLICA = "http://127.0.0.1:9"
PROGRAM = """
import sys
from stories import faults
from stories.settings import Settings

faults.arm(Settings.load())
for point in sys.argv[1:]:
    faults.reached(point)
print("alive")
"""


def run(*points: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {f"KLIPING_{name.upper()}": value for name, value in variables.items()}
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, *points],
        env=environment,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


@pytest.mark.parametrize("point", faults.POINTS)
def test_a_process_dies_at_the_point_that_was_named(point: str):
    ended = run(*faults.POINTS, fail_at=point, replica=REPLICA)
    assert ended.returncode == -signal.SIGKILL
    assert ended.stdout == ""


@pytest.mark.parametrize(
    ("points", "fail_at", "dies"),
    [
        (["after_save"] * 3, "after_save:3", True),
        (["after_save"] * 2, "after_save:3", False),
        (["before_settle"] * 3, "after_save", False),
        (["after_save"], "after_save:0", False),
    ],
)
def test_at_the_pass_that_was_named(points: list[str], fail_at: str, dies: bool):
    assert (run(*points, fail_at=fail_at, replica=REPLICA).returncode == -signal.SIGKILL) == dies


def test_a_real_crawl_never_dies_of_it():
    ended = run(*faults.POINTS, fail_at="after_save")
    assert (ended.returncode, ended.stdout) == (0, "alive\n")


@pytest.mark.parametrize("name", ["somewhere", "after_save:", "after_save:x", "after_save:-1", "", ":3"])
def test_a_point_that_does_not_exist_is_an_error(name: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(faults, "_remaining", {})
    if name == "after_save:":
        faults.arm(Settings(replica=REPLICA, fail_at=name))  # the first pass
        return
    with pytest.raises(UsageError, match=r"KLIPING_FAIL_AT.*after_discover"):
        faults.arm(Settings(replica=REPLICA, fail_at=name))
