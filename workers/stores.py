"""The servers as a worker needs them, opened where they are used: a forked process must not share a connection."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from stories import mongo
from stories.errors import UsageError
from stories.ledger import Ledger
from stories.mongo import Stories
from stories.quarantine import Quarantine
from stories.queue import JobQueue, connect
from stories.runs import Runs
from stories.settings import Settings
from stories.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores:
    settings: Settings
    database: Stories
    ledger: Ledger
    store: Store
    quarantine: Quarantine
    runs: Runs
    queue: JobQueue


@contextmanager
def open_stores(settings: Settings) -> Iterator[Stores]:
    """Raises UsageError if the settings do not name both servers."""
    if settings.mongo_url is None or settings.redis_url is None:
        raise UsageError("set KLIPING_MONGO_URL and KLIPING_REDIS_URL; 'kliping up' starts both servers for you.")
    with mongo.client(settings.mongo_url) as client, connect(settings.redis_url) as redis:
        database = client[settings.database]
        yield Stores(
            settings=settings,
            database=database,
            ledger=Ledger(database, lease=timedelta(seconds=settings.lease_seconds)),
            store=Store(database),
            quarantine=Quarantine(database),
            runs=Runs(database),
            queue=JobQueue(redis),
        )
