"""kliping takedown, pages release: a story that must go, and its way back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Annotated

import typer
from pymongo.errors import PyMongoError
from redis.exceptions import RedisError

from console import data, parse, show
from console.commands.care import pages
from console.commands.options import Json
from console.confirm import confirmed
from console.workplace import workplace
from crawler.follow import key_of
from stories.errors import StoryError, UsageError
from stories.queue import ENRICH, JobQueue
from stories.takedown import Holdings, Mark, Takedowns

_ENDED = ("failed", "finished")
_PATIENCE = 30.0  # seconds: a batch takes under one, and ten where a store is slow
_LOOK = 0.1  # seconds between looks
_MOST_JOBS = 10_000  # ended jobs looked into; failed ones stay a month, finished ones an hour


def takedown(
    key: Annotated[str | None, typer.Argument(help="The story's key, or any address that leads to it.")] = None,
    *,
    reason: Annotated[str | None, typer.Option(help="Who asked, and why: it stays with the mark.")] = None,
    list_: Annotated[bool, typer.Option("--list", help="Show what was taken down; take nothing down.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would go; change nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    json: Json = False,
) -> None:
    """Remove a story with all that belongs to it, and never ask for it again. A mark stays, with date and reason."""
    if list_ == (key is not None):
        raise UsageError("give a story's KEY to take it down, or --list to see what was taken down.")
    if key is None:
        _list(json=json)
        return
    known = parse.page_key(key)
    with workplace() as place:
        takedowns, queue = Takedowns(place.stores.database), place.stores.queue
        mark = takedowns.considered(known, key_of, reason=reason, now=place.now())
        found, jobs = takedowns.holdings(mark), _jobs_of(mark, queue)
        if not dry_run:
            confirmed(f"Take down {mark.key}: {_counted(found, jobs)}. It cannot be brought back. Go on?", yes=yes)
            with _told_if_unfinished(takedowns, mark.key):
                takedowns.take_down(mark)
                _wait_for_jobs(queue)
                takedowns.purge(mark)
                jobs = _jobs_of(mark, queue)  # those that have ended since, too
                queue.drop(jobs)
    if json:
        show.as_json(data.takedown(mark, found, jobs=len(jobs), done=not dry_run))
        return
    show.say(f"{'would take down' if dry_run else 'taken down:'} {mark.key}: {_counted(found, jobs)}")
    for copy in found.republished_by:
        show.note(f"It was republished: kliping takedown {copy}")
    if not (found.stories or found.pages):
        take_back = "" if dry_run else " Then take the mark back by the command below."
        show.note(f"It is not known here: is the key mistyped?{take_back}")
    if not dry_run:
        show.note(
            "Backups that were made before still hold it. "
            f"To let it be collected again: kliping pages release {mark.key}"
        )


@contextmanager
def _told_if_unfinished(takedowns: Takedowns, key: str) -> Iterator[None]:
    try:
        yield
    except (PyMongoError, RedisError, StoryError, KeyboardInterrupt):
        with suppress(PyMongoError):
            if {key} & takedowns.keys():
                show.note(
                    f"{key} is marked: it is never asked for again. But not all that belongs to it is removed: repeat "
                    "the command, as a user of MongoDB who may remove."
                )
        raise


def _list(*, json: bool) -> None:
    with workplace() as place:
        marks = Takedowns(place.stores.database).marks()
    if json:
        show.as_json([data.mark(mark) for mark in marks])
        return
    if not marks:
        show.note("nothing was taken down")
        return
    rows = [(mark.key, show.local(mark.at), mark.reason) for mark in marks]
    show.table(None, ("key", "when", "reason"), rows, whole=("key", "when"))


@pages.command(epilog="Example:  kliping pages release tempo-read:2037562")
def release(key: Annotated[str, typer.Argument(help="The key or address of what was taken down.")]) -> None:
    """Undo a takedown: the mark goes, and the next crawl asks for the page again. What was removed stays removed."""
    known = parse.page_key(key)
    with workplace() as place:
        released = Takedowns(place.stores.database).release(known, now=place.now())
    if released is None:
        raise UsageError(f"{known} was not taken down. 'kliping takedown --list' shows what was.")
    show.say(f"{released} may be collected again; the next crawl asks for it.")


def _wait_for_jobs(queue: JobQueue) -> None:
    """Those at work may have looked at the marks before there was this one; what they store is removed after."""
    at_work = {job.id for job in queue.jobs(ENRICH, status="started", limit=_MOST_JOBS)}
    until = time.monotonic() + _PATIENCE
    while at_work and time.monotonic() < until:
        time.sleep(_LOOK)
        at_work &= {job.id for job in queue.jobs(ENRICH, status="started", limit=_MOST_JOBS)}
    if at_work:
        jobs = show.several(len(at_work), "job has", "jobs have")
        show.note(f"{jobs} been at work since before, and may store it yet: repeat the command in a few minutes.")


def _jobs_of(mark: Mark, queue: JobQueue) -> list[str]:
    """Ended jobs that still hold the text. Those that wait or run store nothing of it, and end by themselves."""
    ended = [job.id for status in _ENDED for job in queue.jobs(ENRICH, status=status, limit=_MOST_JOBS)]
    return [job for job in ended if _holds(queue.payload(job), {mark.key, *mark.pages})]


def _holds(payload: object, keys: set[str]) -> bool:
    pages = payload.get("pages") if isinstance(payload, dict) else None
    entries = [page for page in pages if isinstance(page, dict)] if isinstance(pages, list) else []
    articles = [page["article"] for page in entries if isinstance(page.get("article"), dict)]
    named = {page.get("page") for page in entries} | {article.get("key") for article in articles}
    return bool(keys & {name for name in named if isinstance(name, str)})


def _counted(found: Holdings, jobs: list[str]) -> str:
    counts = (
        (found.stories, "story", "stories"),
        (found.revisions, "revision", "revisions"),
        (found.links_from, "link from it", "links from it"),
        (found.links_to, "link or card that shows it", "links and cards that show it"),
        (found.quarantined, "in quarantine", "in quarantine"),
        (found.pages, "page of the ledger", "pages of the ledger"),
        (len(jobs), "ended job", "ended jobs"),
    )
    return ", ".join(show.several(*each) for each in counts if each[0]) or "nothing is here of it"
