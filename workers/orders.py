"""Order a crawl: remembered in MongoDB first, then queued; under one id, so that ordering it twice is one crawl."""

from __future__ import annotations

from datetime import datetime

from stories.order import CrawlOrder
from stories.queue import JobQueue
from stories.runs import Runs


def place_order(order: CrawlOrder, runs: Runs, queue: JobQueue, *, now: datetime, schedule: str | None = None) -> str:
    """Gives the job's id. A run that was remembered and not queued is found by the sweeper."""
    job_id = job_of(order)
    runs.order(order, job_id=job_id, now=now, schedule=schedule)
    queue.enqueue_crawl(order.to_json(), job_id=job_id)
    return job_id


def job_of(order: CrawlOrder) -> str:
    """The job that an order becomes."""
    return f"crawl-{order.run}"
