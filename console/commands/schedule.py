"""kliping schedule: crawls that start by themselves."""

from __future__ import annotations

import re
from datetime import UTC
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

import typer
from rich.text import Text

from console import data, show
from console.commands.crawl import say_ordered
from console.commands.options import Depth, Fresh, Json, Limit, MaxPages, MaybeDepth, MaybeMaxPages, SiteName
from console.workplace import Workplace, workplace
from crawler.sites.registry import site_named
from stories.errors import UsageError
from stories.order import DEPTH, MAX_PAGES, CrawlOrder
from workers.orders import place_order
from workers.schedule import CatchUp, Overlap, Schedule, checked, run_id

app = typer.Typer(no_args_is_help=True, help="Crawls that start by themselves, by cron.")

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,60}")

Name = Annotated[str, typer.Argument(help="The schedule's name.")]
_OVERLAP: Final = "While its last crawl is at work: skip the tick, or queue it, to begin after that."


@app.command(epilog="Example:  kliping schedule add pagi '*/15 5-22 * * *' tempo-id --tz Asia/Jakarta --max-pages 500")
def add(
    name: Name,
    cron: Annotated[str, typer.Argument(help="minute hour day month weekday, in quotes.")],
    site: SiteName,
    *,
    tz: Annotated[str, typer.Option(help="The IANA zone that the expression is read in.")] = "Asia/Jakarta",
    overlap: Annotated[
        Overlap,
        typer.Option(help=_OVERLAP),
    ] = Overlap.SKIP,
    catch_up: Annotated[CatchUp, typer.Option(help="After an outage: the last missed tick, or none.")] = CatchUp.LAST,
    max_pages: MaxPages = MAX_PAGES,
    depth: Depth = DEPTH,
    fresh: Fresh = False,
    json: Json = False,
) -> None:
    """Add a schedule, and show its next five runs."""
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name!r} cannot be a name: letters, digits, '-' and '_', up to 61 of them.")
    site_named(site)
    checked(cron, tz)
    with workplace() as place:
        order = CrawlOrder(run=name, site=site, max_pages=max_pages, depth=depth, fresh=fresh).to_json()
        schedule = Schedule(
            name=name, cron=cron, site=site, tz=tz, overlap=overlap, catch_up=catch_up, order=order, since=place.now()
        )
        place.schedules.add(schedule)
        if place.settings.replica is None and place.settings.contact is None:
            show.note("KLIPING_CONTACT is not set: the crawls of a real site will refuse to begin until it is.")
        known = _as_data(schedule, place)
    _present(known, json=json)


@app.command(name="list", epilog="Example:  kliping schedule list --json")
def list_(*, json: Json = False) -> None:
    """All schedules with their next tick."""
    with workplace() as place:
        schedules = [_as_data(schedule, place) for schedule in place.schedules.all()]
    if json:
        show.as_json(schedules)
        return
    if not schedules:
        show.say("No schedule yet. Add one:  kliping schedule add pagi '*/15 * * * *' tempo-id")
        return
    rows = [(s["name"], s["cron"], s["tz"], s["site"], _next(s), _outcome(s["last"])) for s in schedules]
    columns = ("name", "cron", "zone", "site", "next", "last")
    show.table(None, columns, rows, whole=("name", "cron", "next"))


def _next(schedule: dict[str, Any]) -> Text | str | None:
    if schedule["paused"]:
        return show.state("paused")
    return show.local(schedule["next"][0], ZoneInfo(schedule["tz"]))


def _outcome(tick: dict[str, Any] | None) -> Text | None:
    return show.state(tick["outcome"]) if tick else None


@app.command(name="show", epilog="Example:  kliping schedule show pagi")
def show_(name: Name, *, json: Json = False) -> None:
    """One schedule, with its next five runs in its own zone and in UTC."""
    with workplace() as place:
        known = _as_data(place.schedules.get(name), place)
    _present(known, json=json)


@app.command(epilog="Example:  kliping schedule edit pagi --cron '*/10 5-22 * * *' --overlap queue")
def edit(
    name: Name,
    *,
    cron: Annotated[str | None, typer.Option(help="minute hour day month weekday, in quotes.")] = None,
    tz: Annotated[str | None, typer.Option(help="The IANA zone that the expression is read in.")] = None,
    overlap: Annotated[
        Overlap | None,
        typer.Option(help=_OVERLAP),
    ] = None,
    catch_up: Annotated[CatchUp | None, typer.Option(help="After an outage: the last missed tick, or none.")] = None,
    max_pages: MaybeMaxPages = None,
    depth: MaybeDepth = None,
    fresh: Annotated[
        bool | None, typer.Option("--fresh/--no-fresh", help="Whether to ask again for stories not due yet.")
    ] = None,
    json: Json = False,
) -> None:
    """Change what is named, from now on; the rest and the history stay."""
    given = {"cron": cron, "tz": tz, "overlap": overlap, "catch_up": catch_up}
    changes: dict[str, Any] = {field: value for field, value in given.items() if value is not None}
    ordered = {"maxPages": max_pages, "depth": depth, "fresh": fresh}
    with workplace() as place:
        order = place.schedules.get(name).order
        changes["order"] = order | {field: value for field, value in ordered.items() if value is not None}
        known = _as_data(place.schedules.edit(name, now=place.now(), **changes), place)
    _present(known, json=json)


@app.command(epilog="Example:  kliping schedule pause pagi")
def pause(name: Name) -> None:
    """No ticks until it is resumed."""
    with workplace() as place:
        place.schedules.pause(name, now=place.now())
    show.say(f"{name} is paused. Go on with: kliping schedule resume {name}")


@app.command(epilog="Example:  kliping schedule resume pagi")
def resume(name: Name) -> None:
    """Ticks again from now on; those in between are not caught up."""
    with workplace() as place:
        place.schedules.resume(name, now=place.now())
        known = _as_data(place.schedules.get(name), place)
    _present(known, json=False)


@app.command(epilog="Example:  kliping schedule remove pagi")
def remove(name: Name) -> None:
    """Forget the schedule and its history; the stories stay."""
    with workplace() as place:
        place.schedules.remove(name)
    show.say(f"{name} is removed.")


@app.command(name="run-now", epilog="Example:  kliping schedule run-now pagi")
def run_now(name: Name, *, json: Json = False) -> None:
    """Order the schedule's crawl now, beside its ticks; one that is at work ends first."""
    with workplace() as place:
        schedule = place.schedules.get(name)
        now = place.now()
        order = CrawlOrder.from_json({**schedule.order, "run": f"{run_id(name, now)}-now", "site": schedule.site})
        job_id = place_order(order, place.stores.runs, place.stores.queue, now=now, schedule=name)
        say_ordered(place, order, job_id, json=json)


@app.command(epilog="Example:  kliping schedule history pagi --limit 50")
def history(
    name: Name,
    *,
    limit: Limit = 20,
    json: Json = False,
) -> None:
    """Each tick: planned and real time, outcome, run, and why; newest first."""
    with workplace() as place:
        zone = ZoneInfo(place.schedules.get(name).tz)
        ticks = [data.tick(tick) for tick in place.schedules.history(name, limit=limit)]
    if json:
        show.as_json(ticks)
        return
    if not ticks:
        show.note(f"{name} has not ticked yet. When it will: kliping schedule show {name}")
        return
    rows = [(*_planned_and_real(tick, zone), show.state(tick["outcome"]), _run_or_reason(tick)) for tick in ticks]
    columns = ("planned", "dealt with", "outcome", "run, or why not")
    show.table(None, columns, rows, whole=columns[:3])


def _planned_and_real(tick: dict[str, Any], zone: ZoneInfo) -> tuple[str, str]:
    """The second without its day where that is the first's: a line has room for what was done, and why."""
    planned, real = (show.local(tick[name], zone, seconds=True) or "" for name in ("instant", "at"))
    day, _, clock = real.partition(" ")
    return planned, clock if planned.startswith(day) else real


def _run_or_reason(tick: dict[str, Any]) -> str:
    return ": ".join(filter(None, (tick["run"], tick["reason"])))


def _as_data(schedule: Schedule, place: Workplace) -> dict[str, Any]:
    last = place.schedules.history(schedule.name, limit=1)
    return data.schedule(schedule, last=last[0] if last else None, now=place.now())


def _present(schedule: dict[str, Any], *, json: bool) -> None:
    if json:
        show.as_json(schedule)
        return
    zone = ZoneInfo(schedule["tz"])
    order = schedule["order"]
    show.facts(
        {
            "name": schedule["name"],
            "cron": f"{schedule['cron']}  ({schedule['tz']})",
            "crawls": f"{schedule['site']}: {order['maxPages']} pages at most, {order['depth']} steps of related news",
            "meanwhile": "skips a tick" if schedule["overlap"] == "skip" else "queues the tick",
            "after an outage": "catches up the last tick" if schedule["catchUp"] == "last" else "catches up nothing",
            "asks again": "for stories that are not due, too" if order["fresh"] else None,
            "last": _outcome(schedule["last"]),
        }
    )
    if schedule["paused"]:
        show.say(f"It is paused. Go on with: kliping schedule resume {schedule['name']}")
        return
    seconds = len(schedule["cron"].split()) > 5  # noqa: PLR2004 - a sixth field is the second
    rows = [(show.local(at, zone, seconds=seconds), show.local(at, UTC, seconds=seconds)) for at in schedule["next"]]
    show.table("\nnext runs", (schedule["tz"], "UTC"), rows, whole=(schedule["tz"], "UTC"))
