"""kliping retain: throw away what is older than it need be."""

from __future__ import annotations

from typing import Annotated

import typer

from console import data, show
from console.commands.options import Json
from console.confirm import confirmed
from console.workplace import workplace
from stories.errors import UsageError
from stories.retention import KINDS, Retention, age, ages
from stories.settings import Settings

Age = Annotated[str | None, typer.Option(metavar="AGE", help="As 90d, 12w or 2y; kept if not given.")]


def retain(
    *,
    runs: Age = None,
    ticks: Age = None,
    revisions: Age = None,
    quarantine: Age = None,
    gone: Age = None,
    events: Age = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show how many; change nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    json: Json = False,
) -> None:
    """Throw away records that are older than an age; never a story. What is kept how long stands in KLIPING_RETAIN."""
    settings = Settings.load()
    given = {"runs": runs, "ticks": ticks, "revisions": revisions}
    given |= {"quarantine": quarantine, "gone": gone, "events": events}
    wanted = ages(settings.retain or "") | {kind: age(text) for kind, text in given.items() if text is not None}
    if not wanted:
        raise UsageError(
            "say what may go, and from which age on: kliping retain --runs 90d --ticks 1y. "
            "Or set KLIPING_RETAIN='runs=90d ticks=1y'."
        )
    with workplace(settings) as place:
        retention, now = Retention(place.stores.database), place.now()
        found = retention.excess(wanted, now=now)
        if not json:
            rows = [(kind, show.local(now - old), found[kind], KINDS[kind]) for kind, old in wanted.items()]
            show.table(None, ("kind", "older than", "documents", "what"), rows, whole=("kind", "older than"))
        if not dry_run and any(found.values()):
            confirmed(f"Throw away {show.several(sum(found.values()), 'document')} for good?", yes=yes)
            found = retention.throw_away(wanted, now=now)
    if json:
        show.as_json(data.retained(found, wanted, now=now, done=not dry_run))
    elif not dry_run:
        show.say(f"thrown away: {show.counted(found) or 'nothing'}")
