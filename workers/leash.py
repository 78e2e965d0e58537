"""A child that outlives its parent works for nobody: on Linux the kernel ends it."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from typing import Final

_PR_SET_PDEATHSIG: Final = 1  # linux/prctl.h


def die_with_parent(how: signal.Signals = signal.SIGTERM) -> None:
    """Call in the child, before exec. The signal comes when the thread that forked us ends: the parent's only one."""
    if sys.platform != "linux":
        return
    parent = os.getppid()
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, how)
    if os.getppid() != parent:  # it died in between
        os.kill(os.getpid(), how)
