"""How long work takes a processor, whatever else the machine and this process have to do."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """That what is done inside takes its thread no longer.

    Not the process: its other threads keep connections alive. Nor with its garbage collector: one look at all that the
    suite holds took 0.3 s, sixty times what was measured, and came to whoever happened to run.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        began = time.thread_time()
        yield
        took = time.thread_time() - began
    finally:
        if collects:
            gc.enable()
    assert took < seconds, f"{took:.3f} s of a processor, not {seconds}"
