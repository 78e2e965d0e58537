"""kliping crawl: one crawl now."""

from __future__ import annotations

import secrets
import time
from contextlib import ExitStack
from datetime import date
from typing import Annotated, Final, Self

import typer
from redis.exceptions import RedisError

from console import data, parse, show, watch
from console.commands.options import Depth, Fresh, Json, MaxPages, SiteName
from console.crew import EVERYBODY, Crew, crew
from console.workplace import Workplace, workplace
from crawler import follow
from crawler.sites.registry import site_named
from stories.errors import UsageError
from stories.fate import Fate
from stories.mongo import Document
from stories.order import DEPTH, MAX_PAGES, CrawlOrder
from stories.queue import QUEUES
from stories.settings import Settings
from stories.stopping import Stopped, until_stopped
from stories.takedown import Takedowns
from workers.monitor import run_as_data
from workers.orders import place_order

_LOOK: Final = 5.0  # seconds between looks whether somebody serves the queues
_GONE: Final = 30.0  # seconds without anybody: a crew that is started anew, or told an emptied Redis, is back sooner


def crawl(
    site: SiteName,
    urls: Annotated[list[str] | None, typer.Argument(help="Start from these pages instead of the listings.")] = None,
    *,
    max_pages: MaxPages = MAX_PAGES,
    depth: Depth = DEPTH,
    since: Annotated[
        str | None, typer.Option(help="Back-fill from this day, as 2015-11-01; alone, of this day.")
    ] = None,
    until: Annotated[str | None, typer.Option(help="Back-fill up to this day, included.")] = None,
    fresh: Fresh = False,
    wait: Annotated[bool, typer.Option("--wait", help="Stay until all is stored; show progress.")] = False,
    replica: Annotated[
        str | None, typer.Option(help="With --wait, crawl the replica there: http://127.0.0.1:PORT.")
    ] = None,
    json: Json = False,
) -> None:
    """Crawl a site now: its listings, its stories, and the related news they point to."""
    settings = Settings.load(overrides={"replica": replica})
    first, last = _days(since, until)
    order = CrawlOrder(
        run=f"{site}-{secrets.token_hex(4)}",
        site=site,
        urls=_pages_of(site, urls or []),
        max_pages=max_pages,
        depth=depth,
        since=first,
        until=last,
        fresh=fresh,
    )
    settings.require_contact()
    if wait:
        until_stopped()
    with workplace(settings) as place:
        if replica is not None:
            _refuse_elsewhere(place, wait=wait)
        _refuse_taken_down(place, order)
        job_id = place_order(order, place.stores.runs, place.stores.queue, now=place.now())
        if wait:
            _wait(place, order, json=json)
        else:
            say_ordered(place, order, job_id, json=json)


def _pages_of(site: str, urls: list[str]) -> tuple[str, ...]:
    """The addresses, each a page that a crawl of this site follows."""
    known = site_named(site)
    for url in urls:
        target = follow.target_of(parse.address(url))
        if target is None or target.site is not known:
            raise UsageError(f"{url} is no page of {site} that is followed. {known.title} starts at {known.home}.")
    return tuple(urls)


def _refuse_elsewhere(place: Workplace, *, wait: bool) -> None:
    """What we say of a replica holds for a crawl that we do ourselves; others would ask whom they always ask."""
    if not wait:
        raise UsageError("--replica is for a crawl that is done here and now: add --wait.")
    if has_crew(place):
        raise UsageError(
            "--replica does not reach the workers that are at work here: stop 'kliping up', "
            "or start it with KLIPING_REPLICA, and leave the option out."
        )


def _refuse_taken_down(place: Workplace, order: CrawlOrder) -> None:
    taken = Takedowns(place.stores.database).keys()
    for url in order.urls:
        if follow.key_of(url) in taken:
            raise UsageError(f"{url} was taken down. 'kliping pages release {url}' lets it be collected again.")


def _days(since: str | None, until: str | None) -> tuple[date | None, date | None]:
    first, last = parse.day(since, "--since"), parse.day(until, "--until")
    if first and last and first > last:
        raise UsageError(f"--since {first} lies after --until {last}. Change the two.")
    return first, last


def _wait(place: Workplace, order: CrawlOrder, *, json: bool) -> None:
    """The crew of a `kliping up` elsewhere does the work; without one, or when it has gone, ours while we wait."""
    standby = _Standby(place)
    try:
        with standby:
            run = watch.until_done(place, order.run, each_look=standby.look)
    except Stopped:
        mine = f"Stopped. What was collected is kept, and 'kliping up' goes on with run {order.run}."
        theirs = f"Run {order.run} goes on without us. Watch it: kliping queue --watch"
        show.note(mine if standby.ours else theirs)
        raise
    if json:
        show.as_json(run_as_data(run))
    else:
        show.say(f"{order.site}: {_in_short(run)} ({run.get('finishReason')})")
        if run["pageVersions"]:
            show.say(f"read as {show.counted(run['pageVersions'])}")
        if run["later"]:
            show.say(f"{show.several(run['later'], 'page')} could not be had now; the next crawl asks again.")
    if run["open"]:
        open_ = show.several(run["open"], "page is", "pages are")
        show.note(f"{open_} not stored yet: see 'kliping queue' and 'kliping doctor'.")
    failed = any(Fate(fate).is_error for fate in run["fates"]) or _was_in_vain(run)
    raise typer.Exit(run.get("exitCode") or int(failed or run["open"] > 0))


def _in_short(run: Document) -> str:
    return show.counted(run["fates"]) or ("nothing was had" if _was_in_vain(run) else "nothing was due")


def _was_in_vain(run: Document) -> bool:
    """Something was due, and nothing of it could be had."""
    return not run["fates"] and bool(run["later"] or run.get("exitCode"))


class _Standby(ExitStack):
    """Our own crew while the block lasts: from its begin on if nobody serves the queues, else once nobody does."""

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self.ours: Crew | None = None
        self._place = place
        self._looked_at = self._served_at = time.monotonic()

    def __enter__(self) -> Self:
        super().__enter__()
        if not has_crew(self._place):
            self._start()
        return self

    def look(self) -> None:
        now = time.monotonic()
        if self.ours:
            self.ours.look()
        elif now - self._looked_at > _LOOK:
            self._looked_at = now
            if _is_served(self._place):
                self._served_at = now
            elif now - self._served_at > _GONE:
                self._start()

    def _start(self) -> None:
        self.ours = self.enter_context(crew(self._place.settings, EVERYBODY))


def _is_served(place: Workplace) -> bool:
    try:
        return has_crew(place)
    except RedisError:  # it is away: nobody knows
        return True


def has_crew(place: Workplace) -> bool:
    """Whether somebody serves each queue."""
    served = {queue for worker in place.stores.queue.workers() for queue in worker["queues"]}
    return set(QUEUES) <= served


def say_ordered(place: Workplace, order: CrawlOrder, job_id: str, *, json: bool) -> None:
    if json:
        show.as_json(data.ordered(order.run, job_id, has_workers=has_crew(place)))
        return
    show.say(f"ordered as run {order.run}. Watch it: kliping queue --watch")
    if not has_crew(place):
        show.note("No worker is at work here: it starts with 'kliping up'. (Or add --wait, and it is done now.)")
