"""Schedulers of a test's own, on the real servers, with the time as a parameter."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from stories.mongo import Document
from stories.order import CrawlOrder
from workers.schedule import Overlap, Schedule
from workers.scheduler import Ring, Scheduler
from workers.stores import Stores
from workers.ticks import Schedules

NOON = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
"""Twelve o'clock in Jakarta."""
SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def schedule(name: str = "every", **changes: Any) -> Schedule:
    """Each minute, whatever goes on."""
    values: dict[str, Any] = {
        "cron": "* * * * *",
        "site": "tempo-en",
        "tz": "Asia/Jakarta",
        "overlap": Overlap.QUEUE,
        "order": CrawlOrder(run=name, site="tempo-en").to_json(),
        "since": NOON,
    }
    return Schedule(name=name, **{**values, **changes})


def ringing(stores: Stores) -> Ring:
    """Tells Redis at once."""

    def ring(orders: Mapping[str, CrawlOrder]) -> None:
        for job_id, order in orders.items():
            stores.queue.enqueue_crawl(order.to_json(), job_id=job_id)

    return ring


def scheduler(stores: Stores, name: str = "one", *, ring: Ring | None = None) -> Scheduler:
    return Scheduler(Schedules(stores.database), stores.runs, ring or ringing(stores), name=name)


def history(stores: Stores, name: str = "every") -> dict[datetime, Document]:
    """Every tick of a schedule that somebody dealt with."""
    return {tick["instant"]: tick for tick in Schedules(stores.database).history(name, limit=1_000_000)}


def outcomes(stores: Stores, name: str = "every") -> list[tuple[str, str | None]]:
    """Outcome and reason, the oldest tick first."""
    return [(tick["outcome"], tick["reason"]) for _, tick in sorted(history(stores, name).items())]


def jobs(stores: Stores) -> list[str]:
    """The crawl jobs that wait in Redis."""
    waiting: list[str] = stores.queue._queues["crawl"].get_job_ids()
    return waiting
