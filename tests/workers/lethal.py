"""`python -m tests.workers.lethal`: an enrichment worker of which some stories take the life.

What a story does to it stands in its headline, so that no other than this worker is harmed.
"""

from __future__ import annotations

import os
import resource
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

from stories.article import Article
from stories.queue import ENRICH
from stories.settings import Settings
from workers import tasks, worker

DIARY = "TESTS_LETHAL_DIARY"
"""The variable that names the file in which each death stands, before it is died: one a line."""
_LITTLE = 1 << 30  # bytes of address space: less than a child has already


def _exhausts_memory() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_LITTLE, resource.getrlimit(resource.RLIMIT_AS)[1]))
    bytearray(2 * _LITTLE)


def _takes_its_worker() -> None:
    os.kill(os.getppid(), signal.SIGKILL)
    signal.pause()  # else the child may have stored the story before it is told of its parent's death


DEATHS: dict[str, Callable[[], object]] = {
    "is killed, as for its memory": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "leaves with an error": lambda: os._exit(1),
    "runs out of memory": _exhausts_memory,
}
SLOW_DEATHS: dict[str, Callable[[], object]] = {
    "leaves as if all were well": lambda: os._exit(0),
    "takes its worker with it": _takes_its_worker,
}
"""Nobody tells of these: other workers notice after a while."""


def enrichment_of(written: Article) -> dict[str, Any]:
    death = (DEATHS | SLOW_DEATHS).get(written.headline)
    if death:
        with Path(os.environ[DIARY]).open("a", encoding="utf-8") as diary:
            diary.write(f"{written.headline}\n")
        death()
    return {}


if __name__ == "__main__":
    tasks.enrichment_of = enrichment_of
    worker.work(ENRICH, Settings.load())
