"""kliping demo: the main job from end to end, offline, in under a minute."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import replace
from typing import Annotated, Any, Final

import typer

from console import data, show, watch
from console.commands.queue import drawn
from console.commands.serve import keep_up
from console.commands.stories import WHEN
from console.crew import Crew, crew
from console.workplace import Workplace, workplace
from stories.errors import ServiceError
from stories.mongo import Document
from stories.order import CrawlOrder
from stories.query import Filter
from stories.queue import ALIVE
from stories.settings import Settings
from stories.stopping import Stopped, until_stopped
from workers.monitor import snapshot
from workers.schedule import FIRED, Overlap, Schedule

STORIES: Final = 160  # both editions together: enough to see the graph, stored within seconds
ENOUGH: Final = 60
CRON: Final = "*/5 * * * * *"  # every five seconds, so that nobody waits a minute for the first tick
SITES: Final = ("tempo-en", "tempo-id", "suarakita")
_TICK_LIMIT: Final = 30.0  # seconds for a five-second cron to fire, on a busy machine
_END_LIMIT: Final = 10.0  # seconds for crawls that are done to be gone, on a busy machine
_CHAIN: Final = 3


def demo(
    *,
    keep: Annotated[bool, typer.Option("--keep", help="Stay up afterwards, until Ctrl-C.")] = False,
) -> None:
    """Crawl the replica on a schedule, enrich, and show the stories, the related news and the queue. No network."""
    from replica.process import ReplicaProcess  # noqa: PLC0415 - no other command pretends to be a newspaper

    until_stopped()
    settings = Settings.load()
    with ReplicaProcess(stories=STORIES) as newspaper:
        own = replace(settings, home=settings.home / "demo", replica=newspaper.url, delay=0.0, concurrency=8)
        own = replace(own, mongo_url=None, redis_url=None, database="kliping")
        show.say(f"1. A newspaper of {STORIES} stories to crawl offline: {newspaper.url}", style="bold")
        with workplace(own) as place:
            _begin_anew(place)
            show.say(f"2. MongoDB and Valkey, embedded, in {own.home}", style="bold")
            with crew(place.settings) as members:
                _run(place, members, keep=keep)


def _begin_anew(place: Workplace) -> None:
    """A demo shows the same thing each time: what an earlier one stored goes."""
    for name in place.stores.database.list_collection_names():
        place.stores.database[name].delete_many({})
    place.stores.queue.connection.flushdb()


def _run(place: Workplace, members: Crew, *, keep: bool) -> None:
    show.say("3. A scheduler, a crawl worker and two enrichers. Three schedules:", style="bold")
    for site in SITES:
        _add(place, site)
    rows = [(s.name, s.cron, s.tz, s.site) for s in place.schedules.all()]
    show.table(None, ("name", "cron", "zone", "site"), rows, whole=("name", "cron"))
    show.say("\n4. The ticks fire; each orders a crawl:", style="bold")
    jobs = []
    for run in _runs(place):
        done = watch.until_done(place, run, each_look=lambda: (place.revive(), members.look()))
        show.say(f"   {done['site']}: {show.counted(done['fates'])} ({done['finishReason']})")
        jobs.append(done["jobId"])
    _await_end(place, jobs)
    told = _tell(place)
    if not told:
        raise ServiceError("the demo did not store what it should have; 'kliping doctor' and var/demo/log tell more.")
    _how_to_go_on(place, keep=keep)
    if keep:
        with suppress(Stopped):
            keep_up(place, members)


def _add(place: Workplace, site: str) -> None:
    name = f"demo-{site}"
    order = CrawlOrder(run=name, site=site, max_pages=10 * STORIES).to_json()
    now = place.now()
    place.schedules.add(
        Schedule(name=name, cron=CRON, site=site, tz="Asia/Jakarta", overlap=Overlap.SKIP, order=order, since=now)
    )


def _runs(place: Workplace) -> list[str]:
    """The first run of each schedule; once it has fired, the schedule is paused."""
    runs = []
    for name in (f"demo-{site}" for site in SITES):
        runs.append(_first_fired(place, name)["run"])
        place.schedules.pause(name, now=place.now())
    return runs


def _await_end(place: Workplace, jobs: list[str]) -> None:
    """A crawl's process ends a moment after its report; told to end in that moment, it would say: interrupted."""
    until = time.monotonic() + _END_LIMIT
    while ALIVE & set(place.stores.queue.statuses(jobs).values()) and time.monotonic() < until:
        time.sleep(0.1)


def _first_fired(place: Workplace, name: str) -> Document:
    until = time.monotonic() + _TICK_LIMIT
    while time.monotonic() < until:
        fired = [tick for tick in place.schedules.history(name, limit=100) if tick["outcome"] == FIRED]
        if fired:
            return fired[-1]
        time.sleep(0.1)
    raise ServiceError(f"the tick of {name} did not fire within {_TICK_LIMIT:.0f} s: is the machine very busy?")


def _tell(place: Workplace) -> bool:
    """Show what came of it; True if it is what a demo promises."""
    counts = place.query.counts()
    show.say(f"\n5. In MongoDB: {sum(counts.values())} stories ({show.counted(counts)}). The newest:", style="bold")
    newest = [s for language in ("en", "id") for s in place.query.find(Filter(language=language, limit=5))]
    newest.sort(key=lambda story: story["datePublished"], reverse=True)
    rows = [(s["_id"], show.in_wib(s["datePublished"]), s["articleSection"], s["headline"]) for s in newest]
    show.table(None, ("key", WHEN, "section", "headline"), rows, whole=("key", WHEN))
    if not newest:
        return False
    root, chain = _chain(place, newest)
    show.say(f"\n6. Related news, {len(chain)} steps from the first of them:", style="bold")
    show.tree(f"{root['_id']}  {root['headline']}", root["_id"], chain)
    show.say("\n7. The queue:", style="bold")
    show.draw(drawn(snapshot(place.stores.database, place.stores.queue, now=place.now())))
    languages = {story["inLanguage"] for story in newest}
    return sum(counts.values()) >= ENOUGH and languages == {"en", "id"} and len(chain) >= _CHAIN


def _chain(place: Workplace, stories: list[Document]) -> tuple[Document, list[dict[str, Any]]]:
    """A story, and a path of edges from it, each to a stored story: the longest up to _CHAIN."""
    best: tuple[Document, list[dict[str, Any]]] = (stories[0], [])
    for story in stories:
        edges = [data.edge(edge) for edge in place.query.related(story["_id"], depth=_CHAIN)]
        path = _path_to_deepest([edge for edge in edges if edge["stored"]])
        if len(path) > len(best[1]):
            best = (story, path)
        if len(path) >= _CHAIN:
            break
    return best


def _path_to_deepest(edges: list[dict[str, Any]]) -> list[dict[str, Any]]:
    by_end = {edge["to"]: edge for edge in edges}
    path: list[dict[str, Any]] = []
    edge = edges[-1] if edges else None
    while edge is not None:
        path.insert(0, edge)
        edge = by_end.get(edge["from"])
    return path


def _how_to_go_on(place: Workplace, *, keep: bool) -> None:
    home = place.settings.home
    show.say("\nGo on with what was collected:", style="bold")
    for command in ("stories find --language id", "stories find harbor --json", "schedule list", "queue", "doctor"):
        show.say(f"  KLIPING_HOME={home} .venv/bin/kliping {command}")
    show.say(
        "Crawl the real thing:  KLIPING_CONTACT=you@example.org .venv/bin/kliping crawl tempo-en --max-pages 50 --wait"
    )
    if keep:
        show.say("The demo stays up; Ctrl-C ends it.", style="bold")
