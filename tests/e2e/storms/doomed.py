"""`python -m tests.e2e.storms.doomed QUEUE`: a worker that takes one job.

With KLIPING_FAIL_AT its child, or its crawler, dies there. With a further `waits` its child stands still with the job
in hand; with `takes` it stands still itself, before it begins.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final

from stories.article import Article
from stories.jobs import queue_named
from stories.log import to_standard_error
from stories.queue import connect
from stories.settings import Settings, environment
from tests.e2e.storms.storm import Storm
from workers import tasks
from workers.leash import die_with_parent
from workers.worker import StoryWorker

WAITS: Final = "waits"
TAKES: Final = "takes"
CHILD_DIED: Final = 9
"""The exit code of one whose child did not come to the end of its job."""


class _Worker(StoryWorker):
    child_died = False
    begins = True

    def execute_job(self, *args: Any, **kwargs: Any) -> None:
        while not self.begins:
            signal.pause()
        super().execute_job(*args, **kwargs)

    def handle_work_horse_killed(self, *args: Any, **kwargs: Any) -> None:
        self.child_died = True
        super().handle_work_horse_killed(*args, **kwargs)


def waits(_: Article) -> dict[str, Any]:
    signal.pause()
    return {}


@contextmanager
def doomed(settings: Settings, *arguments: str, fail_at: str | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """One beside the others, for one job."""
    command = [sys.executable, "-m", "tests.e2e.storms.doomed", *arguments]
    own = environment() | replace(settings, fail_at=fail_at).as_variables()
    process = subprocess.Popen(command, env=own, start_new_session=True, preexec_fn=die_with_parent)  # noqa: PLW1509
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@contextmanager
def lonely_crawler(
    weather: Storm, site: str, *, fail_at: str | None = None
) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """One without a worker: nobody hears of its death. Gives its run."""
    run = weather.order(site, enqueue=False, fresh=True)
    process = subprocess.Popen(
        [sys.executable, "-m", "crawler.run"],
        env=environment() | replace(weather.place.settings, fail_at=fail_at).as_variables(),
        stdin=subprocess.PIPE,
        text=True,
        preexec_fn=die_with_parent,  # noqa: PLW1509 - as in console/crew.py
    )
    try:
        assert process.stdin is not None
        process.stdin.write(json.dumps(weather.place.stores.runs.get(run)["order"]))
        process.stdin.close()
        yield run, process
    finally:
        code = process.poll()
        process.kill()
        process.wait()
        known = weather.place.stores.runs.get(run)
        weather.history.note(f"its crawler ended by {code}: {known['state']}, {known.get('finishReason')}")


def main(arguments: list[str]) -> int:
    settings = Settings.load()
    assert settings.redis_url is not None
    to_standard_error(settings.log_level.upper())
    queue, *further = arguments
    if further == [WAITS]:
        tasks.enrichment_of = waits
    connection = connect(settings.redis_url)
    worker = _Worker([queue_named(queue, connection)], settings=settings, connection=connection)
    worker.begins = further != [TAKES]
    worker.work(max_jobs=1, logging_level="CRITICAL", with_scheduler=False)
    return CHILD_DIED if worker.child_died else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
