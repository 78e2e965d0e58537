"""Processes that descend from ours, found in /proc, and killed where they do not end. Elsewhere than on Linux: none."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_PROC: Final = Path("/proc")
_STATE, _PARENT, _STARTED = 0, 1, 19  # proc_pid_stat(5), counted after the command's closing parenthesis
_DRIVER: Final = b"run-driver"  # how Playwright's Python package starts its driver


@dataclass(frozen=True, slots=True)
class Process:
    """A process, told from a later one of the same number by its start."""

    pid: int
    parent: int
    started: str


def drivers() -> list[Process]:
    """The Playwright drivers that this process has started."""
    return [process for process in _all() if process.parent == os.getpid() and _DRIVER in _command(process.pid)]


def tree(root: Process) -> list[Process]:
    """A process and all that descend from it, now."""
    children: dict[int, list[Process]] = {}
    for process in _all():
        children.setdefault(process.parent, []).append(process)
    found, left = [root], [root]
    while left:
        below = children.get(left.pop().pid, [])
        found += below
        left += below
    return found


def runs(process: Process) -> bool:
    now = _process(process.pid)
    return now is not None and now.started == process.started


def kill(processes: Iterable[Process]) -> None:
    """Those that still run. A number that somebody else has got meanwhile is left alone."""
    for process in processes:
        if runs(process):
            with suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)


def _all() -> Iterator[Process]:
    numbers = (entry.name for entry in _PROC.iterdir()) if _PROC.is_dir() else ()
    yield from filter(None, (_process(int(number)) for number in numbers if number.isdigit()))


def _process(pid: int) -> Process | None:
    try:
        stat = (_PROC / str(pid) / "stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return None
    fields = stat.rpartition(")")[2].split()
    return None if fields[_STATE] == "Z" else Process(pid, int(fields[_PARENT]), fields[_STARTED])


def _command(pid: int) -> bytes:
    try:
        return (_PROC / str(pid) / "cmdline").read_bytes()
    except OSError:
        return b""
