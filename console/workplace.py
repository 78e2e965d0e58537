"""What a command works with: settings, servers that were found fit, and the house's parts on top of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from console.doctor import require_mongo, require_redis
from console.services import services
from stories import mongo
from stories.query import Query
from stories.settings import Settings
from workers.stores import Stores, open_stores
from workers.ticks import Schedules


@dataclass(frozen=True, slots=True, kw_only=True)
class Workplace:
    """Open for as long as a command lasts."""

    settings: Settings
    """With the addresses of both servers."""
    stores: Stores
    query: Query
    schedules: Schedules
    revive: Callable[[], list[str]] = list
    """Start again the embedded servers that have ended by themselves; gives their names."""

    def now(self) -> datetime:
        """MongoDB's clock."""
        return self.stores.ledger.now()


@contextmanager
def workplace(settings: Settings | None = None) -> Iterator[Workplace]:
    """Find or start the servers, check them, make the collections. Raises StopError that says what to do."""
    settings = settings or Settings.load()
    with services(settings) as found:
        settings = replace(settings, mongo_url=found.mongo_url, redis_url=found.redis_url)
        require_mongo(found.mongo_url)
        require_redis(found.redis_url)
        with open_stores(settings) as stores:
            mongo.prepare(stores.database)
            yield Workplace(
                settings=settings,
                stores=stores,
                query=Query(stores.database),
                schedules=Schedules(stores.database),
                revive=found.revive,
            )
