"""The house's own processes on one machine: workers and scheduler, started, watched, started again, stopped."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from stories import stopping
from stories.queue import CRAWL, ENRICH
from stories.settings import Settings, environment
from workers.leash import die_with_parent

_PAUSE: Final = 2.0  # seconds before a part that died is started again, so that a broken one does not spin

ENRICHERS: Final = ("worker", ENRICH)
CRAWLERS: Final = ("worker", CRAWL)
SCHEDULER: Final = ("scheduler",)
EVERYBODY: Final = (SCHEDULER, CRAWLERS, ENRICHERS, ENRICHERS)
"""On one machine: two enrichers, since a crawl that fills both cores leaves room for no more."""


@dataclass(slots=True)
class _Member:
    part: tuple[str, ...]
    process: subprocess.Popen[bytes]
    ended_at: float | None = field(default=None)


class Crew:
    """Parts of `kliping` as child processes; they die with us."""

    def __init__(self, settings: Settings, parts: Sequence[tuple[str, ...]]) -> None:
        self._environment = environment() | settings.as_variables()
        self._members = [_Member(part, self._start(part)) for part in parts]

    def _start(self, part: tuple[str, ...]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 - our own module; a session of its own keeps Ctrl-C from it
            [sys.executable, "-m", "console.cli", *part],
            env=self._environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=die_with_parent,  # noqa: PLW1509 - forked from the main thread
        )

    def look(self) -> list[str]:
        """Start again whoever has died a while ago; gives the names of those that died since the last look."""
        died = []
        for member in self._members:
            if member.process.poll() is None:
                continue
            if member.ended_at is None:
                member.ended_at = time.monotonic()
                died.append(f"{' '.join(member.part)} ended by {member.process.returncode}")
            elif time.monotonic() - member.ended_at > _PAUSE:
                member.process, member.ended_at = self._start(member.part), None
        return died

    def pids(self) -> dict[str, list[int]]:
        pids: dict[str, list[int]] = {}
        for member in self._members:
            pids.setdefault(" ".join(member.part), []).append(member.process.pid)
        return pids

    def stop(self) -> None:
        """Ask all to stop, wait, then kill those that did not. Only children of ours."""
        with stopping.undisturbed():
            for member in self._members:
                member.process.terminate()
            until = time.monotonic() + stopping.CREW
            for member in self._members:
                try:
                    member.process.wait(max(0.1, until - time.monotonic()))
                except subprocess.TimeoutExpired:
                    member.process.kill()
                    member.process.wait()


@contextmanager
def crew(settings: Settings, parts: Sequence[tuple[str, ...]] = EVERYBODY) -> Iterator[Crew]:
    """A crew for as long as the block lasts."""
    members = Crew(settings, parts)
    try:
        yield members
    finally:
        members.stop()
