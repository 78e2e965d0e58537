"""kliping monitor: what is wrong, for a person and for cron."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Annotated, Final

import typer
from rich.console import Group, RenderableType
from rich.live import Live
from rich.text import Text

from console import data, show
from console.commands.options import Json
from console.workplace import Workplace, workplace
from stories.errors import UsageError
from workers.alarm import Alarm, State
from workers.monitor import look

_EVERY: Final = 10.0  # seconds between two looks of --watch: no alarm comes faster than a scheduler can be missed


def monitor(
    *,
    watch: Annotated[bool, typer.Option("--watch", help="Look again every ten seconds until Ctrl-C.")] = False,
    json: Json = False,
) -> None:
    """Alarms: what is wrong, since when, and where to read what to do. Exit code 1 if one is on, for cron."""
    if watch and (json or not show.OUT.is_terminal):
        raise UsageError("--watch needs a terminal to draw on. For a program: kliping monitor --json, once a look.")
    with workplace() as place:
        if watch:
            _watch(place)
            return
        now, found = _look(place)
    if json:
        show.as_json(data.monitor(found, now=now))
    else:
        show.draw(drawn(found))
    raise typer.Exit(int(any(alarm.state is State.ON for alarm in found)))


def _look(place: Workplace) -> tuple[datetime, list[Alarm]]:
    now = place.now()
    return now, look(place.stores.database, place.stores.queue, home=place.settings.home, now=now)


def _watch(place: Workplace) -> None:
    """Until Ctrl-C, which is how one stops looking: no failure."""
    with suppress(KeyboardInterrupt), Live(console=show.OUT, auto_refresh=False, screen=True) as live:
        while True:
            now, found = _look(place)
            at = now.astimezone(show.WIB)
            live.update(Group(drawn(found), f"\n{at:%H:%M:%S %Z}, again every ten seconds. Ctrl-C ends."), refresh=True)
            time.sleep(_EVERY)


def drawn(found: Sequence[Alarm]) -> RenderableType:
    """Those that are on with all that helps, then the others in a line each."""
    on = [alarm for alarm in found if alarm.state is State.ON]
    rows = [(_state(alarm), alarm.name, alarm.subject, alarm.detail) for alarm in found if alarm.state is not State.ON]
    quiet = show.tabled(None, ("state", "alarm", "of", "seen"), rows, whole=("state", "alarm", "of"))
    if not on:
        return Group(Text("No alarm is on.", style="bold green"), quiet)
    return Group(*map(_told, on), Text(""), quiet)


def _told(alarm: Alarm) -> Text:
    since = f", since {show.local(alarm.since)}" if alarm.since else ""
    return Text.assemble(
        (f"{alarm.name}  {show.safe(alarm.subject)}{since}\n", "bold red"),
        f"    {show.safe(alarm.detail)}\n    {alarm.kind.means}\n",
        (f"    What to do: {alarm.runbook}", "dim"),
    )


def _state(alarm: Alarm) -> Text:
    return Text(alarm.state.value, style="green" if alarm.state is State.OFF else "dim")
