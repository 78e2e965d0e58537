"""kliping queue: what waits, runs and failed."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.console import Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from console import data, show
from console.commands.options import MOST, Json, Limit
from console.workplace import Workplace, workplace
from stories.errors import UsageError
from stories.queue import QUEUES, QueuedJob
from workers.monitor import snapshot

app = typer.Typer(help="What waits, runs and failed.")

_EVERY = 1.0
"""Seconds between two looks of --watch."""


class State(StrEnum):
    QUEUED = "queued"
    STARTED = "started"
    FAILED = "failed"
    FINISHED = "finished"


Jobs = Annotated[list[str], typer.Argument(help="Job ids, as 'kliping queue jobs' shows them; or 'all'.")]


@app.callback(invoke_without_command=True, epilog="Example:  kliping queue --watch")
def queue(
    context: typer.Context,
    *,
    watch: Annotated[bool, typer.Option("--watch", help="Look again every second until Ctrl-C.")] = False,
    json: Json = False,
) -> None:
    """Queues, workers, pages in flight and the newest runs."""
    if context.invoked_subcommand is not None:
        if watch or json:
            raise UsageError(f"options go behind the command: kliping queue {context.invoked_subcommand} --help.")
        return
    if watch and (json or not show.OUT.is_terminal):
        raise UsageError("--watch needs a terminal to draw on. For a program: kliping queue --json, once a look.")
    with workplace() as place:
        if json:
            show.as_json(_snapshot(place))
        elif watch:
            _watch(place)
        else:
            show.draw(drawn(_snapshot(place)))


def _snapshot(place: Workplace) -> dict[str, Any]:
    return snapshot(place.stores.database, place.stores.queue, now=place.now())


def _watch(place: Workplace) -> None:
    """Until Ctrl-C, which is how one stops looking: no failure."""
    with suppress(KeyboardInterrupt), Live(console=show.OUT, auto_refresh=False, screen=True) as live:
        while True:
            looked = _snapshot(place)
            at = datetime.fromisoformat(looked["at"]).astimezone(show.WIB)
            live.update(Group(drawn(looked), f"\n{at:%H:%M:%S %Z}, again every second. Ctrl-C ends."), refresh=True)
            time.sleep(_EVERY)


def drawn(looked: dict[str, Any]) -> Group:
    """A snapshot as three tables and a line."""
    return Group(_queues(looked["queues"]), _workers(looked["workers"]), _runs(looked["runs"]), _pages(looked))


def _queues(queues: list[dict[str, Any]]) -> Table:
    rows = [
        (q["name"], q["queued"], q["started"], _alarming(q["failed"]), q["finished"], _age(q["oldestSeconds"]))
        for q in queues
    ]
    columns = ("queue", "waiting", "running", "failed", "finished", "oldest")
    return show.tabled("queues", columns, rows, whole=columns, right=columns[1:])


def _workers(workers: list[dict[str, Any]]) -> RenderableType:
    if not workers:
        return Text("\nNo worker is at work: 'kliping up' starts them.", style="yellow")
    rows = [
        (
            w["name"][:12],
            ",".join(w["queues"]),
            show.state(w["state"]),
            w["job"],
            w["succeeded"],
            _alarming(w["failed"]),
        )
        for w in sorted(workers, key=lambda w: (w["queues"], w["name"]))
    ]
    columns = ("worker", "queue", "state", "job", "done", "failed")
    return show.tabled("\nworkers", columns, rows, whole=("worker", "queue", "state"), right=("done", "failed"))


def _runs(runs: list[dict[str, Any]]) -> RenderableType:
    if not runs:
        return Text("\nNo crawl yet: 'kliping crawl SITE' orders one.", style="dim")
    rows = [(r["run"], show.state(r["state"]), _fates(r), _ending(r)) for r in runs]
    return show.tabled("\nnewest runs", ("run", "state", "pages by fate", "reason"), rows, whole=("run", "state"))


def _fates(run: dict[str, Any]) -> str:
    return show.counted(run["fates"] or (run["progress"] or {}).get("fates", {}))


def _ending(run: dict[str, Any]) -> str | None:
    """Why it ended, unless that goes without saying."""
    return None if run["reason"] == run["state"] else run["reason"]


def _pages(looked: dict[str, Any]) -> Text:
    flight, kept = looked["pages"], looked["quarantined"]
    line = f"\npages in flight: {flight['leased']} leased, {flight['handedOver']} handed over"
    return Text.assemble(line, ", ", _alarming(kept), " in quarantine")


def _alarming(number: int) -> Text:
    return Text(str(number), style="bold red" if number else "")


def _age(seconds: float | None) -> str | None:
    return None if seconds is None else f"{seconds:.0f} s"


@app.command(epilog="Example:  kliping queue jobs --state failed")
def jobs(
    *,
    state: Annotated[State, typer.Option(help="Which jobs.")] = State.QUEUED,
    limit: Limit = 20,
    json: Json = False,
) -> None:
    """Single jobs, with what went wrong: those that are next in their queues, or the newest in another state."""
    with workplace() as place:
        queue = place.stores.queue
        found = [job for name in QUEUES for job in queue.jobs(name, status=state.value, limit=limit)]
        there = sum(count[state.value] for count in queue.counts().values())
    found.sort(key=_enqueued, reverse=state is not State.QUEUED)
    jobs = [data.job(job) for job in found[:limit]]
    if json:
        show.as_json(jobs)
        return
    if not jobs:
        show.note(f"no {state.value} job")
        return
    rows = [
        (j["id"], j["queue"], show.state(j["status"]), j["tries"], show.local(j["enqueuedAt"]), j["error"])
        for j in jobs
    ]
    columns = ("job", "queue", "state", "tries", "enqueued", "error")
    show.table(None, columns, rows, whole=("job", "queue", "state", "enqueued"), right=("tries",))
    if there > len(jobs):
        show.note(f"{len(jobs)} of {there:,}; more: --limit {min(there, MOST)}")


def _enqueued(job: QueuedJob) -> float:
    return job.enqueued_at.timestamp() if job.enqueued_at else 0.0


@app.command(epilog="Example:  kliping queue requeue all")
def requeue(jobs: Jobs) -> None:
    """Put failed jobs back, with all their tries."""
    with workplace() as place:
        done = place.stores.queue.requeue(_ids(jobs, place))
    _tell(done, jobs, "queued again")


@app.command(epilog="Example:  kliping queue drop enrich-0a1b2c3d4e5f6071")
def drop(jobs: Jobs) -> None:
    """Forget jobs; the sweeper puts their pages back, and a crawl that has not ended into the queue."""
    with workplace() as place:
        done = place.stores.queue.drop(_ids(jobs, place))
    _tell(done, jobs, "dropped")


def _ids(jobs: list[str], place: Workplace) -> list[str]:
    if jobs != ["all"]:
        return jobs
    every = 1_000_000
    return [job.id for name in QUEUES for job in place.stores.queue.jobs(name, status="failed", limit=every)]


def _tell(done: list[str], asked: list[str], what: str) -> None:
    missing = [job for job in asked if job != "all" and job not in done]
    if done or not missing:
        show.say(f"{len(done)} {what}")
    if missing:
        raise UsageError(
            f"no such job, or not in that state: {', '.join(missing)}. See 'kliping queue jobs --state failed'."
        )
