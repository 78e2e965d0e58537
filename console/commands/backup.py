"""kliping backup, restore: the whole collection in one file, and back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final

import typer
from redis.exceptions import RedisError
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from console import data, show
from console.commands.options import Json
from console.doctor import require_mongo
from console.services import services
from stories import mongo
from stories.backup import Manifest, Tell, back_up
from stories.errors import QuarantineError, UsageError
from stories.mongo import ServerClock, Stories
from stories.order import CrawlOrder
from stories.queue import CRAWL, JobQueue, connect
from stories.restore import held, restore, verified
from stories.runs import Runs
from stories.settings import Settings
from stories.stopping import stoppable

ENDING: Final = ".zip"
_MOST_ORDERS: Final = 10_000  # a crawl a minute of all sites for a day


def backup(
    place: Annotated[
        Path,
        typer.Argument(metavar="FOLDER|FILE.zip", help="A folder, in which a name with the time is given; or a file."),
    ],
    *,
    json: Json = False,
) -> None:
    """Write everything that is collected into one file, as it is at this moment. A crawl may go on meanwhile."""
    settings = Settings.load()
    with _database(settings) as (database, _):
        clock = ServerClock(database)
        file = _file(place, database.name, clock.now())
        totals = {name: database[name].estimated_document_count() for name in database.list_collection_names()}
        with _progress("backing up", totals) as tell:
            manifest = back_up(database, file, now=clock.now, tell=tell)
    if json:
        show.as_json(data.backup(file, manifest))
        return
    show.say(f"{file}: {_counted(manifest)}; {file.stat().st_size / 1e6:.1f} MB")
    show.note(f"Look whether it is whole: kliping restore {file} --dry-run    Bring it back: kliping restore {file}")


def bring_back(
    file: Annotated[Path, typer.Argument(metavar="FILE.zip", help="What 'kliping backup' wrote.")],
    *,
    into: Annotated[
        str | None, typer.Option(metavar="DATABASE", help="Another database than KLIPING_DATABASE.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Verify the file, say what would be done, do nothing.")
    ] = False,
    overwrite: Annotated[
        bool, typer.Option("--replace", help="Replace what the database holds, once the file is restored beside it.")
    ] = False,
    json: Json = False,
) -> None:
    """Bring a backup back: it is verified whole before anything is written, and compared after."""
    settings = Settings.load(overrides={"database": into})
    is_ours = settings == Settings.load()
    with _progress("verifying", {}) as tell:
        manifest = verified(file, tell=tell)
    with _database(settings) as (database, redis_url):
        held_before = held(database)
        if not dry_run:

            def look() -> None:
                _refuse_to_overwrite(database, held(database), overwrite=overwrite)
                if is_ours:
                    _refuse_while_at_work(redis_url)

            look()
            with _progress("restoring", {part.name: part.documents for part in manifest.collections}) as tell:
                restore(file, database, tell=tell, look_again=look)
            if is_ours:
                _know_what_waits(database, redis_url)
    if json:
        show.as_json(data.restored(file, manifest, into=settings.database, held=held_before, done=not dry_run))
    elif dry_run:
        documents = show.several(held_before, "document")
        replaced = f"; it holds {documents}, which only --replace replaces" if held_before else ""
        show.say(f"{file} is whole: {_counted(manifest)}, as of {show.local(manifest.begun_at)}.")
        show.say(f"It would go into the database {settings.database}{replaced}.")
    else:
        show.say(f"restored into {settings.database}: {_counted(manifest)}, as of {show.local(manifest.begun_at)}")
        show.note("What was unfinished then goes on with 'kliping up'; schedules that are not paused fire.")


def _refuse_to_overwrite(database: Stories, documents: int, *, overwrite: bool) -> None:
    if documents and not overwrite:
        raise UsageError(
            f"the database {database.name} holds {show.several(documents, 'document')}. Name another with --into, "
            "or replace all of them with --replace."
        )


@contextmanager
def _database(settings: Settings) -> Iterator[tuple[Stories, str]]:
    """The database on a MongoDB that is fit, without our collections made in it; and Redis's address."""
    with stoppable(), services(settings) as found:
        require_mongo(found.mongo_url)
        with mongo.client(found.mongo_url) as client:
            yield client[settings.database], found.redis_url


def _know_what_waits(database: Stories, redis_url: str) -> None:
    """Crawls that were ordered after the backup wait in Redis: their runs shall be seen like all others."""
    runs, now = Runs(database), ServerClock(database).now()
    with suppress(RedisError), connect(redis_url) as redis:
        queue = JobQueue(redis)
        for job in queue.jobs(CRAWL, status="queued", limit=_MOST_ORDERS):
            with suppress(QuarantineError):  # no order: its worker says so
                runs.order(CrawlOrder.from_json(queue.payload(job.id) or {}), job_id=job.id, now=now)


def _refuse_while_at_work(redis_url: str) -> None:
    """A crawler would write into what it knew before. Without a Redis nobody gets work."""
    with suppress(RedisError), connect(redis_url) as redis:
        if workers := JobQueue(redis).workers():
            who = show.several(len(workers), "worker is", "workers are")
            raise UsageError(
                f"{who} at work on this database. Stop 'kliping up' (or the workers) first, "
                "or name another database with --into."
            )


def _file(place: Path, database: str, now: datetime) -> Path:
    if place.suffix == ENDING and not place.is_dir():
        return place
    return place / f"kliping-{database}-{now:%Y%m%dT%H%M%SZ}{ENDING}"


def _counted(manifest: Manifest) -> str:
    return show.counted({part.name: part.documents for part in manifest.collections}) or "nothing"


@contextmanager
def _progress(doing: str, totals: dict[str, int]) -> Iterator[Tell]:
    """A bar on a terminal; in a pipe nothing is said. Goes to standard error."""
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=show.ERR, disable=not show.ERR.is_terminal, transient=True) as progress:
        task = progress.add_task(doing, total=None)

        def tell(name: str, count: int) -> None:
            progress.update(task, description=f"{doing} {show.safe(name)}", completed=count, total=totals.get(name))

        yield tell
