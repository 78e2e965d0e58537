"""kliping up, worker, scheduler, replica: the parts that stay."""

from __future__ import annotations

import logging
import signal
import time
from contextlib import suppress
from types import FrameType
from typing import Annotated, Final

import typer
from pymongo.errors import PyMongoError
from redis.exceptions import RedisError

from console import show
from console.crew import crew
from console.workplace import workplace
from stories.errors import UsageError
from stories.queue import QUEUES
from workers.schedule import EVERY, Scheduler
from workers.sweep import EVERY as SWEEP_EVERY
from workers.sweep import sweep
from workers.worker import work

log = logging.getLogger(__name__)

_LOOK: Final = 1.0  # seconds between looks at the crew


class Stopped(Exception):  # noqa: N818 - no error: somebody asked for it
    """SIGTERM or Ctrl-C came."""


def up() -> None:
    """Everything on this machine: MongoDB and Redis unless given, scheduler, workers. Ctrl-C stops it cleanly."""
    until_stopped()
    with workplace() as place, suppress(Stopped), crew(place.settings) as members:
        show.say("kliping is up: scheduler, crawler, two enrichers. Ctrl-C stops it.", style="bold")
        show.say(f"home: {place.settings.home.resolve()}")
        show.say("In a second terminal:  kliping schedule add ...   kliping queue --watch   kliping stories find")
        while True:
            for died in members.look():
                show.note(f"{died}; it is started again")
            time.sleep(_LOOK)


def worker(
    queue: Annotated[str, typer.Argument(help=f"The one queue to serve: {' or '.join(QUEUES)}.")],
    *,
    burst: Annotated[bool, typer.Option("--burst", help="End when the queue is empty.")] = False,
) -> None:
    """One worker for one queue, until SIGTERM."""
    if queue not in QUEUES:
        raise UsageError(f"no queue {queue!r}; there are {' and '.join(QUEUES)}.")
    with workplace() as place:
        work(queue, place.settings, burst=burst)


def scheduler() -> None:
    """Fire the schedules' ticks and put back what fell out, until SIGTERM. Any number of them may run."""
    until_stopped()
    with workplace() as place, suppress(Stopped):
        clockwork = Scheduler(place.schedules, place.stores.runs, place.stores.queue)
        swept_at = float("-inf")
        while True:
            began = time.monotonic()
            with _through_outages():
                for name, instant in clockwork.step(place.now()):
                    log.info("tick fired", extra={"schedule": name, "instant": instant.isoformat()})
                if began - swept_at >= SWEEP_EVERY:
                    log.info("swept", extra={"swept": str(sweep(place.stores))})
                    swept_at = began
            time.sleep(max(0.0, EVERY - (time.monotonic() - began)))


class _through_outages(suppress):  # noqa: N801 - reads as a phrase
    """A server that is away is asked again at the next look."""

    def __init__(self) -> None:
        super().__init__(PyMongoError, RedisError)

    def __exit__(self, kind: object, error: object, trace: object) -> bool:
        handled = super().__exit__(kind, error, trace)  # type: ignore[arg-type]
        if handled:
            log.warning("a server is away", extra={"error": type(error).__name__})
        return bool(handled)


def replica(
    *,
    stories: Annotated[int, typer.Option(min=10, max=1_000_000, help="How many stories.")] = 600,
    seed: Annotated[int, typer.Option(help="Another seed, another newspaper.")] = 7,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: a free one.")] = 8093,
) -> None:
    """Serve the replica alone, on 127.0.0.1."""
    from replica.__main__ import main as serve  # noqa: PLC0415 - nothing else needs a web server

    raise typer.Exit(serve(["--stories", str(stories), "--seed", str(seed), "--port", str(port)]))


def until_stopped() -> None:
    """From here on SIGTERM and Ctrl-C raise Stopped in the main thread."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise Stopped

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
