"""`python -m tests.crawler.wrong_clock`: crawler.run on a machine whose clock is wrong, and is set while it runs.

WRONG_CLOCK names how many seconds it is ahead, second by second: `3600,-3600` is set back by two hours after one.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
import time
from typing import Any

_AHEAD = [float(seconds) for seconds in os.environ["WRONG_CLOCK"].split(",")]
_BEGAN = time.monotonic()
_right_time, _right = time.time, dt.datetime


def _ahead() -> float:
    return _AHEAD[min(int(time.monotonic() - _BEGAN), len(_AHEAD) - 1)]


class _Instants(type):
    """What MongoDB's driver makes is of the right class."""

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, _right)


class _Wrong(_right, metaclass=_Instants):
    @classmethod
    def now(cls, tz: dt.tzinfo | None = None) -> Any:
        return _right.now(tz) + dt.timedelta(seconds=_ahead())


if __name__ == "__main__":
    dt.datetime = _Wrong  # type: ignore[misc]  # before anybody imports it by name
    time.time = lambda: _right_time() + _ahead()
    from crawler.run import main

    sys.exit(main())
