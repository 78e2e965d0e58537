"""Waiting for what must come, with a limit, and a word about what did not come."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any


def wait_for(condition: Callable[[], Any], what: str, *, limit: float = 60.0) -> Any:
    """What the condition gives, once that is true."""
    until = time.monotonic() + limit
    while not (found := condition()):
        assert time.monotonic() < until, f"waited {limit} s in vain for {what}"
        time.sleep(0.05)
    return found
