"""Watch a crawl or the queue: live on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from rich.live import Live
from rich.table import Table

from console import show
from console.workplace import Workplace
from stories import stopping
from stories.mongo import Document
from stories.pages import Report
from stories.runs import ACTIVE

_EVERY: Final = 0.5  # seconds between looks
_LINE_EVERY: Final = 5.0  # seconds between lines where nobody watches live
_PATIENCE: Final = 300.0  # seconds for the workers to store what a crawl has handed over (the promise's five minutes)


def until_done(place: Workplace, run: str, *, each_look: Callable[[], object] = lambda: None) -> Document:
    """Show a run until its crawler has ended and its pages are stored; gives the run. Progress: standard error."""
    started = time.monotonic()
    ended_at: float | None = None
    with _screen() as draw:
        while True:
            stopping.heed()
            known, report = place.stores.runs.get(run), place.stores.ledger.report(run)
            assert known is not None
            draw(known, report, time.monotonic() - started)
            each_look()
            if known["state"] not in ACTIVE:
                ended_at = ended_at or time.monotonic()
                if not report.in_flight or time.monotonic() - ended_at > _PATIENCE:
                    place.stores.runs.report(run, report)
                    return known | report.counts()
            time.sleep(_EVERY)


@contextmanager
def _screen() -> Iterator[Callable[[Document, Report, float], None]]:
    if show.ERR.is_terminal:
        with Live(console=show.ERR, refresh_per_second=4, transient=True) as live:
            yield lambda run, report, seconds: live.update(_drawn(run, report, seconds))
        return
    last = [float("-inf")]

    def line(run: Document, report: Report, seconds: float) -> None:
        if seconds - last[0] >= _LINE_EVERY:
            last[0] = seconds
            show.note(f"{seconds:5.0f} s  {run['site']}  {run['state']}  {_in_words(report)}")

    yield line


def _drawn(run: Document, report: Report, seconds: float) -> Table:
    done = sum(report.fates.values())
    drawn = Table.grid(padding=(0, 2))
    drawn.add_column(style="dim", no_wrap=True)
    progress: dict[str, Any] = run.get("progress") or {}
    drawn.add_row("run", show.safe(run["_id"]))
    drawn.add_row("state", f"{run['state']}, {seconds:.0f} s")
    held = progress.get("held", 0) if run["state"] in ACTIVE else 0
    drawn.add_row("pages", f"{done} settled ({done / max(seconds, 1):.1f}/s), {held} held")
    drawn.add_row("fates", show.counted(report.fates) or "none yet")
    drawn.add_row("in flight", f"{report.in_flight}, {report.later} to be tried again")
    return drawn


def _in_words(report: Report) -> str:
    return f"{show.counted(report.fates) or 'nothing yet'}; {report.in_flight} in flight, {report.later} again later"
