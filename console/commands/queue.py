"""kliping queue: what waits, runs and failed."""

from __future__ import annotations

import time
from dataclasses import asdict
from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.console import Group
from rich.live import Live
from rich.table import Table

from console import show
from console.commands.options import Json, Limit
from console.workplace import Workplace, workplace
from stories.errors import UsageError
from stories.queue import QUEUES
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
        return
    with workplace() as place:
        if json:
            show.as_json(_snapshot(place))
        elif watch and show.OUT.is_terminal:
            _watch(place)
        else:
            show.OUT.print(drawn(_snapshot(place)))


def _snapshot(place: Workplace) -> dict[str, Any]:
    return snapshot(place.stores.database, place.stores.queue, now=place.now())


def _watch(place: Workplace) -> None:
    with Live(drawn(_snapshot(place)), console=show.OUT, auto_refresh=False) as live:
        while True:
            time.sleep(_EVERY)
            live.update(drawn(_snapshot(place)), refresh=True)


def drawn(data: dict[str, Any]) -> Group:
    queues = Table(title="queues", title_justify="left", box=None, header_style="bold", pad_edge=False)
    for column in ("queue", "waiting", "running", "failed", "finished", "oldest"):
        queues.add_column(column)
    for q in data["queues"]:
        age = q["oldestSeconds"]
        counts = [show.cell(q[state.value]) for state in State]
        queues.add_row(show.cell(q["name"]), *counts[:2], counts[2], counts[3], show.cell(age and f"{age:.0f} s"))
    workers = Table(title="\nworkers", title_justify="left", box=None, header_style="bold", pad_edge=False)
    for column in ("worker", "queue", "state", "job", "done", "failed"):
        workers.add_column(column)
    for w in data["workers"]:
        values = (w["name"][:12], ",".join(w["queues"]), w["state"], w["job"], w["succeeded"], w["failed"])
        workers.add_row(*map(show.cell, values))
    runs = Table(title="\nnewest runs", title_justify="left", box=None, header_style="bold", pad_edge=False)
    for column in ("run", "state", "pages by fate", "reason"):
        runs.add_column(column, overflow="fold")
    for r in data["runs"]:
        fates = show.counted(r["fates"] or (r["progress"] or {}).get("fates", {}))
        runs.add_row(*map(show.cell, (r["run"], r["state"], fates, r["reason"])))
    flight = data["pages"]
    pages = (
        f"\npages: {flight['leased']} leased, {flight['handedOver']} handed over, {data['quarantined']} in quarantine"
    )
    return Group(queues, workers, runs, pages)


@app.command(epilog="Example:  kliping queue jobs --state failed")
def jobs(
    *,
    state: Annotated[State, typer.Option(help="Which jobs.")] = State.QUEUED,
    limit: Limit = 20,
    json: Json = False,
) -> None:
    """Single jobs, with what went wrong."""
    with workplace() as place:
        found = [job for name in QUEUES for job in place.stores.queue.jobs(name, status=state.value, limit=limit)]
    if json:
        show.as_json([_job(job) for job in found])
        return
    rows = [(j.id, j.queue, j.status, j.tries, show.local(j.enqueued_at), j.error) for j in found]
    show.table(None, ("job", "queue", "state", "tries", "enqueued", "error"), rows)
    if not found:
        show.note(f"no {state.value} job")


@app.command(epilog="Example:  kliping queue requeue all")
def requeue(jobs: Jobs) -> None:
    """Put failed jobs back, with all their tries."""
    with workplace() as place:
        done = place.stores.queue.requeue(_ids(jobs, place))
    _tell(done, jobs, "queued again")


@app.command(epilog="Example:  kliping queue drop enrich-0a1b2c3d4e5f6071")
def drop(jobs: Jobs) -> None:
    """Forget jobs; the sweeper puts their pages back."""
    with workplace() as place:
        done = place.stores.queue.drop(_ids(jobs, place))
    _tell(done, jobs, "dropped")


def _ids(jobs: list[str], place: Workplace) -> list[str]:
    if jobs != ["all"]:
        return jobs
    every = 1_000_000
    return [job.id for name in QUEUES for job in place.stores.queue.jobs(name, status="failed", limit=every)]


def _tell(done: list[str], asked: list[str], what: str) -> None:
    show.say(f"{len(done)} {what}")
    missing = [job for job in asked if job != "all" and job not in done]
    if missing:
        raise UsageError(
            f"no such job, or not in that state: {', '.join(missing)}. See 'kliping queue jobs --state failed'."
        )


def _job(job: Any) -> dict[str, Any]:
    data = asdict(job)
    at = data.pop("enqueued_at")
    return data | {"enqueuedAt": at.isoformat() if at else None}
