"""A crawl whose requests have less time than ours, and which says at its end how much memory it took.

python -m tests.crawler.hurried SECONDS [SECONDS UNTIL ROBOTS.TXT HAS A TURN] < order.json
"""

from __future__ import annotations

import sys
from pathlib import Path

from crawler import politeness, settings

HURRIED = "tests.crawler.hurried"


def peak_of(said: str) -> int:
    """MB, at most, of a crawl that said this."""
    return int(said.rpartition("VmHWM:")[2].split()[0]) // 1024


if __name__ == "__main__":
    settings.DOWNLOAD_TIMEOUT = float(sys.argv[1])
    politeness._PATIENCE = float(dict(enumerate(sys.argv)).get(2, politeness._PATIENCE))
    from crawler.run import main

    code = main()
    sys.stderr.write(Path("/proc/self/status").read_text(encoding="ascii"))
    sys.exit(code)
