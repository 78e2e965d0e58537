"""A process that was told to stop and still waits ends by itself."""

from __future__ import annotations

import subprocess
import sys
import time

from stories import stopping

WAITS = """
import sys, time
from stories.stopping import end_within
clock = end_within(0.3, exit_code=75, last=lambda: print("last", flush=True))
{then}
time.sleep(30 if {waits} else 0.6)
"""


def ended(*, waits: bool, then: str = "") -> tuple[int, str, float]:
    began = time.monotonic()
    process = subprocess.run(
        [sys.executable, "-c", WAITS.format(waits=waits, then=then)],
        check=False,
        capture_output=True,
        text=True,
        timeout=25,
    )
    return process.returncode, process.stdout, time.monotonic() - began


def test_one_that_waits_does_its_last_and_ends():
    code, said, seconds = ended(waits=True)
    assert (code, said) == (75, "last\n")
    assert seconds < 20


def test_one_whose_last_fails_ends_too():
    code, said, _ = ended(waits=True, then="clock.args = (75, lambda: 1 / 0)")
    assert (code, said) == (75, "")


def test_one_that_goes_on_stops_the_clock():
    code, said, _ = ended(waits=False, then="clock.cancel()")
    assert (code, said) == (0, "")


LOST = """
import os, signal
from stories.stopping import Stopped, heed, stoppable
class Destroyed:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGTERM)
with stoppable():
    heed()
    Destroyed()
    print("lost")
    try:
        heed()
    except Stopped:
        print("heeded")
heed()
"""


def test_a_signal_that_comes_in_a_destructor_is_heeded_later():
    """Python drops what is raised there, and says so on standard error."""
    ended = subprocess.run([sys.executable, "-c", LOST], check=True, capture_output=True, text=True, timeout=25)
    assert ended.stdout == "lost\nheeded\n"
    assert "Exception ignored in: <function Destroyed.__del__" in ended.stderr


def test_who_waits_for_another_waits_longer():
    """And all of it, with ten seconds for each embedded server, fits into a service manager's 90."""
    assert 30 < stopping.CRAWLER < stopping.WORKER < stopping.CREW
    assert stopping.CREW + 2 * 10 < 90
