"""Named points at which a process kills itself, for the fault tests (`KLIPING_FAIL_AT=after_save:3`, the third pass).

Only in replica mode: a variable left behind by a test can do no harm to a real crawl.
"""

from __future__ import annotations

import os
import signal
from typing import Final

from stories.errors import UsageError
from stories.settings import Settings

POINTS: Final = (
    *("after_discover", "before_hand_over", "after_enqueue"),  # a crawler's
    *("after_save", "before_settle"),  # an enricher's
    *("after_claim", "after_order", "after_conclude"),  # a scheduler's
)

_remaining: dict[str, int] = {}


def arm(settings: Settings) -> None:
    """Remember the point that the settings name. Raises UsageError for one that does not exist."""
    if settings.fail_at is None or settings.replica is None:
        return
    point, _, passes = settings.fail_at.partition(":")
    if point not in POINTS or not (passes or "1").isdigit():
        raise UsageError(f"KLIPING_FAIL_AT={settings.fail_at!r}: name one of {', '.join(POINTS)}, or POINT:N.")
    _remaining[point] = int(passes or 1)


def reached(point: str) -> None:
    """Die here, if this is the point and the pass that was named."""
    if point in _remaining:
        _remaining[point] -= 1
        if _remaining[point] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
