"""What the long-lived processes of a `kliping up` hold: memory and file descriptors, by /proc."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.e2e import house

UP = "up"
OURS = (UP, "scheduler", "worker crawl", "worker enrich", "worker enrich 2", "console")
SERVERS = ("mongod", "valkey")
_PARTS = {
    "scheduler": "console.cli scheduler",
    "worker crawl": "console.cli worker crawl",
    "worker enrich": "console.cli worker enrich",
    "console": "console.cli console",
    "mongod": "mongod",
    "valkey": "valkey",
}
_ROLLUP = re.compile(r"^(Rss|Pss|Anonymous|Swap): +(\d+) kB$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Bytes, and a number of descriptors."""

    pid: int
    rss: int
    pss: int
    own: int
    """Anonymous memory, swapped out or not: the heap. A forked child that shares it changes nothing."""
    descriptors: int


def read(pid: int) -> Reading:
    """Raises OSError for a process that is not there."""
    kib = {name: int(value) for name, value in _ROLLUP.findall(Path(f"/proc/{pid}/smaps_rollup").read_text())}
    return Reading(
        pid=pid,
        rss=kib["Rss"] * 1024,
        pss=kib["Pss"] * 1024,
        own=(kib["Anonymous"] + kib["Swap"]) * 1024,
        descriptors=sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir()),
    )


def parts(up: int) -> dict[str, int]:
    """The pid of each part: the children of `up`, but not theirs, which come and go with each job."""
    named, seen = {UP: up}, Counter[str]()
    for pid, command in sorted(house.children(up, deep=False)):
        name = next((name for name, words in _PARTS.items() if words in command), command)
        seen[name] += 1
        named[name if seen[name] == 1 else f"{name} {seen[name]}"] = pid
    return named


def read_all(pids: Mapping[str, int]) -> dict[str, Reading]:
    return {name: read(pid) for name, pid in pids.items()}
