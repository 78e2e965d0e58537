"""`python -m tests.crawler.dawdling`: crawler.run that hears whether others hold pages just when none does any more."""

from __future__ import annotations

import sys
import time

from stories.ledger import Ledger

DAWDLING = "tests.crawler.dawdling"
_is_leased = Ledger.is_leased
_was_asked: list[bool] = []


def is_not_leased(ledger: Ledger, site: str) -> bool:
    if not _was_asked:
        assert _is_leased(ledger, site), "too late: what it is to see has passed"
        _was_asked.append(True)
    while _is_leased(ledger, site):
        time.sleep(0.05)
    return False


if __name__ == "__main__":
    Ledger.is_leased = is_not_leased  # type: ignore[method-assign]
    from crawler.run import main

    sys.exit(main())
