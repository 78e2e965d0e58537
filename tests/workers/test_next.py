"""Which job is next: one that has lost its worker, before all that wait; not one that fails by itself."""

from __future__ import annotations

from typing import Any

from rq.serializers import JSONSerializer

from stories.jobs import StoryJob, tries
from stories.queue import ENRICH, JobQueue
from tests.making import article, batch, batch_page, leased
from tests.workers.burst import Work
from tests.workers.losing import LOSSES, Lose, after_it_began, begins, taken
from workers.stores import Stores
from workers.worker import StoryWorker


def queued(stores: Stores, number: int, job_id: str, **different: Any) -> None:
    """A page that is handed over."""
    (held,) = leased(stores.ledger, number)
    stores.ledger.hand_over({held.key: held.token}, job_id=job_id)
    given = batch(batch_page(held, article(number, **different))).to_json()
    assert stores.queue.enqueue_articles(given, job_id=job_id)


def ended(queue: JobQueue) -> list[str]:
    """Jobs by the time of their end, the first one first."""
    ids = [job.id for status in ("finished", "failed") for job in queue.jobs(ENRICH, status=status, limit=100)]
    jobs = StoryJob.fetch_many(ids, connection=queue.connection, serializer=JSONSerializer)
    return [job.id for job in sorted(filter(None, jobs), key=lambda job: job.ended_at)]


@LOSSES
def test_a_job_that_has_lost_its_worker_is_next(own: StoryWorker, stores: Stores, lose: Lose):
    """It has waited once: behind what has come since, it would run again much later than half a minute."""
    for number in range(3):
        stores.queue.enqueue_articles({}, job_id=f"enrich-{number}")
    lose(own, taken(own))
    assert own.queues[0].job_ids == ["enrich-1", "enrich-2"]
    own.run_maintenance_tasks()
    assert own.queues[0].job_ids == ["enrich-0", "enrich-1", "enrich-2"]


def test_one_that_loses_each_of_its_workers_does_not_hold_up_the_others(own: StoryWorker, stores: Stores):
    for number in range(2):
        stores.queue.enqueue_articles({}, job_id=f"enrich-{number}")
    first = []
    for _ in range(4):
        job = taken(own)
        first.append(job.id)
        after_it_began(own, job)
        own.run_maintenance_tasks()
    assert first == ["enrich-0", "enrich-0", "enrich-0", "enrich-1"]


def test_a_job_that_fails_by_itself_waits_for_its_turn_anew(stores: Stores, work: Work):
    """What is wrong, in it or with a server, may need a while: the others do not wait for it."""
    queued(stores, 1, "enrich-wrong", headline=5)
    queued(stores, 2, "enrich-right")
    work(ENRICH)
    assert ended(stores.queue) == ["enrich-right", "enrich-wrong"]


@LOSSES
def test_a_job_that_is_taken_anew_is_not_lost_at_once(own: StoryWorker, stores: Stores, lose: Lose):
    """Who looks for lost jobs has seen it, when it was taken before. It would run twice, and use up its tries."""
    stores.queue.enqueue_articles({}, job_id="enrich-1")
    lose(own, taken(own))
    own.run_maintenance_tasks()
    again = taken(own)
    own.run_maintenance_tasks()
    assert (tries(again), own.queues[0].job_ids) == (2, [])
    begins(own, again)
    assert own.queues[0].intermediate_queue.get_job_ids() == []
