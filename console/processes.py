"""Server processes of ours: known by pid and start time, started on a leash, stopped within a time limit."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from stories.errors import ServiceError

LOOPBACK: Final = "127.0.0.1"
STOP_LIMIT: Final = 10.0  # seconds; mongod takes 1 s to write its last checkpoint, and a busy disk is slower
_LEASH: Final = Path(__file__).with_name("leash.py")
_STATE, _THREADS, _STARTED = 0, 17, 19  # proc_pid_stat(5), counted after the command's closing parenthesis
_ENDED: Final = frozenset("ZXx")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What tells one process from a later one with the same number."""

    pid: int
    started: str
    """Opaque: clock ticks since boot on Linux, a date elsewhere."""

    @classmethod
    def of(cls, pid: int) -> Mark | None:
        """The mark of a living process; None for one that has ended, even where its parent has not yet noticed."""
        started = _from_proc(pid) if sys.platform == "linux" else _from_ps(pid)
        return None if started is None else cls(pid=pid, started=started)

    def is_alive(self) -> bool:
        return Mark.of(self.pid) == self


def _from_proc(pid: int) -> str | None:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return None
    fields = stat.rpartition(")")[2].split()
    has_ended = fields[_STATE] in _ENDED and int(fields[_THREADS]) <= 1  # else other threads still hold its port
    return None if has_ended else fields[_STARTED]


def _from_ps(pid: int) -> str | None:
    asked = ["/bin/ps", "-o", "stat=,lstart=", "-p", str(pid)]
    answer = subprocess.run(asked, capture_output=True, text=True, check=False)  # noqa: S603 - a fixed command
    state, _, started = answer.stdout.strip().partition(" ")
    return None if not state or state[0] in _ENDED else started.strip()


def start(command: Sequence[str], log: Path) -> subprocess.Popen[bytes]:
    """Start a server that dies with us; what it says goes to the end of `log`.

    A session of its own keeps the terminal's Ctrl-C from it: it stops when we stop it.
    """
    if threading.current_thread() is not threading.main_thread():
        raise ServiceError("embedded servers start from the main thread only: they die with the thread that made them.")
    leash = [sys.executable, "-I", "-S", str(_LEASH), str(os.getpid())]
    with log.open("ab") as said:
        return subprocess.Popen(  # noqa: S603 - the command is ours
            [*leash, *command], stdin=subprocess.DEVNULL, stdout=said, stderr=said, start_new_session=True
        )


def stop(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    """Ask all to stop, wait, then kill those that did not.

    Only children of ours: a child keeps its number until it is waited for, so no other process can be hit.
    """
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(STOP_LIMIT)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def kill(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    """End all at once. Only children of ours."""
    for process in processes:
        process.kill()
    for process in processes:
        process.wait()


def free_port(preferred: int | None = None) -> int:
    """The preferred port of 127.0.0.1 if nobody listens there, else any that is free at this moment."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the servers do: old connections do not matter
        try:
            probe.bind((LOOPBACK, preferred or 0))
        except OSError:
            return free_port()
        return int(probe.getsockname()[1])
