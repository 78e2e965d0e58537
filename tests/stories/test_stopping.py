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


DESTROYED = """
import os, signal, time
from stories.stopping import Stopped, stoppable
class Destroyed:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGTERM)
with stoppable():
    Destroyed()
    print("it goes on")
    try:
        time.sleep(20)
    except Stopped:
        print("stopped")
"""
CALLED_BACK = """
import os, signal, weakref
from stories.stopping import Stopped, heed, stoppable
class Forgotten:
    pass
with stoppable():
    heed()
    forgotten = Forgotten()
    reference = weakref.ref(forgotten, lambda _: os.kill(os.getpid(), signal.SIGTERM))
    del forgotten
    print("lost")
    try:
        heed()
    except Stopped:
        print("heeded")
heed()
"""
TWICE = """
import os, signal, time
from stories.stopping import Stopped, stoppable, undisturbed
try:
    with stoppable():
        with undisturbed():
            os.kill(os.getpid(), signal.SIGINT)
            print("in order")
        os.kill(os.getpid(), signal.SIGHUP)
        time.sleep(20)
except Stopped:
    print("stopped")
"""


def said_by(script: str) -> tuple[str, str]:
    ended = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True, timeout=25)
    return ended.stdout, ended.stderr


def test_a_signal_that_comes_in_a_destructor_comes_again():
    """Python drops what is raised there, and says so on standard error."""
    assert said_by(DESTROYED) == ("it goes on\nstopped\n", "")


def test_a_signal_that_is_lost_in_a_callback_is_heeded_later():
    said, dropped = said_by(CALLED_BACK)
    assert said == "lost\nheeded\n"
    assert "Exception ignored in" in dropped


def test_a_second_one_does_not_cut_short_what_is_to_end_in_order():
    assert said_by(TWICE) == ("in order\nstopped\n", "")


def test_who_waits_for_another_waits_longer():
    """And all of it, with ten seconds for each embedded server, fits into a service manager's 90."""
    assert 30 < stopping.CRAWLER < stopping.WORKER < stopping.CREW
    assert stopping.CREW + 2 * 10 < 90
