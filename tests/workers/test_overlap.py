"""Of one schedule one crawl is at work at a time, however many workers serve the queue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Event

import pytest

from crawler.run import DONE, NOT_OURS, NOT_YET
from stories.queue import CRAWL
from stories.runs import FINISHED, QUEUED, RUNNING, SILENT
from tests.crawler import crawling
from tests.crawler.crawling import Answer, Asked, Served, order_of, serving, settings_of
from tests.making import leased
from tests.security.paper import address, article
from tests.workers.burst import Work
from workers.monitor import look
from workers.stores import Stores
from workers.sweep import Swept, sweep

LONG_AGO = SILENT + timedelta(minutes=10)


@dataclass
class Site:
    """Its first story is not answered before `go_on`."""

    served: Served = field(default_factory=Served)
    reached: Event = field(default_factory=Event)
    go_on: Event = field(default_factory=Event)

    def __call__(self, asked: Asked) -> Answer:
        if asked.path == "/robots.txt":
            return Answer(headers={"Content-Type": "text/plain"})
        number = int(asked.path.split("/")[2])
        if number == 1:
            self.reached.set()
            self.go_on.wait(60)
        return Answer(body=article(number))


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    with serving(made) as made.served:
        yield made
        made.go_on.set()


def ordered(stores: Stores, number: int, *, schedule: str | None = "pagi", ago: timedelta = LONG_AGO) -> str:
    """A run of one story, and the job that it becomes."""
    order = order_of([address(number)], run=f"{schedule}-{number}")
    at = stores.ledger.now() - ago + timedelta(seconds=number)
    stores.runs.order(order, job_id=f"crawl-{order.run}", now=at, schedule=schedule)
    stores.queue.enqueue_crawl(order.to_json(), job_id=f"crawl-{order.run}")
    return order.run


def state(stores: Stores, run: str) -> str:
    found = stores.runs.get(run)
    assert found
    return str(found["state"])


def test_two_crawlers_of_one_schedule_do_not_meet(stores: Stores, site: Site):
    """Real processes, as two workers start them."""
    settings = settings_of(stores, site.served)
    first, second = ordered(stores, 1), ordered(stores, 2)
    at_work = crawling.crawler(order_of([address(1)], run=first), settings)
    try:
        assert site.reached.wait(60)
        assert crawling.crawl(order_of([address(2)], run=second), settings)[0] == NOT_YET
        assert (state(stores, first), state(stores, second)) == (RUNNING, QUEUED)
    finally:
        site.go_on.set()
        _, said = at_work.communicate(timeout=100)
    assert at_work.returncode == DONE, said
    assert set(site.served.paths()) == {"/read/1/a-story"}
    assert crawling.crawl(order_of([address(2)], run=second), settings)[0] == DONE


def test_a_crawl_that_is_begun_a_second_time_goes_on_once(stores: Stores, site: Site):
    """RQ queues a job again whose worker has gone silent; the crawler may be well."""
    settings = settings_of(stores, site.served, log_level="WARNING")
    run = ordered(stores, 1)
    order = order_of([address(1)], run=run)
    earlier = crawling.crawler(order, settings)
    later = None
    try:
        assert site.reached.wait(60)
        later = crawling.crawler(order, settings)
        assert earlier.stderr
        assert any("another crawler goes on with this run" in line for line in earlier.stderr)
    finally:
        site.go_on.set()
        ended = [process.communicate(timeout=100) for process in (earlier, later) if process]
    assert later
    assert (earlier.returncode, later.returncode) == (NOT_OURS, DONE), ended
    assert state(stores, run) == FINISHED
    assert site.served.paths() == ["/read/1/a-story"] * 2


def test_a_crawl_that_has_ended_is_not_begun_again(
    stores: Stores, site: Site, work: Work, monkeypatch: pytest.MonkeyPatch
):
    """Its job is there once more."""
    for name, value in settings_of(stores, site.served).as_variables().items():
        monkeypatch.setenv(name, value)
    run = ordered(stores, 2)
    stores.runs.finish(run, now=stores.ledger.now(), exit_code=0, reason="finished")
    work(CRAWL)
    assert stores.queue.statuses([f"crawl-{run}"]) == {f"crawl-{run}": "finished"}
    assert site.served.asked == []
    assert state(stores, run) == FINISHED


def test_another_schedules_crawl_waits_for_nobody(stores: Stores):
    first, other, alone = (
        ordered(stores, 1),
        ordered(stores, 2, schedule="sore"),
        ordered(stores, 3, schedule=None),
    )
    now = stores.ledger.now()
    stores.runs.start(first, now=now)
    assert [stores.runs.goes_first(run, now=now) for run in (first, other, alone)] == [None] * 3


def test_what_waited_begins_when_the_other_has_ended(
    stores: Stores, site: Site, work: Work, monkeypatch: pytest.MonkeyPatch
):
    for name, value in settings_of(stores, site.served).as_variables().items():
        monkeypatch.setenv(name, value)
    first, second, third = (f"pagi-{number}" for number in (2, 3, 4))
    stores.runs.order(order_of([address(2)], run=first), job_id="crawl-first", now=stores.ledger.now() - LONG_AGO * 2)
    stores.database["runs"].update_one({"_id": first}, {"$set": {"schedule": "pagi"}})
    stores.runs.start(first, now=stores.ledger.now())
    assert [ordered(stores, 3), ordered(stores, 4)] == [second, third]
    work(CRAWL)
    assert site.served.asked == []
    assert (state(stores, second), state(stores, third)) == (QUEUED, QUEUED)
    stores.runs.beat(first, now=stores.ledger.now(), progress={})  # two crawlers began and ended meanwhile
    assert sweep(stores) == Swept(), "silent they are, and not forgotten: they wait"
    [waits] = [alarm for alarm in _alarms(stores) if (alarm.name, alarm.subject) == ("queue-age", CRAWL)]
    assert waits.detail.startswith("2 jobs wait"), "also those that have no job"
    stores.runs.finish(first, now=stores.ledger.now(), exit_code=0, reason="finished")
    for run in (second, third):
        assert sweep(stores) == Swept(resumed=1), "one after the other"
        work(CRAWL)
        assert state(stores, run) == FINISHED
    assert site.served.paths() == ["/read/3/a-story", "/read/4/a-story"]


def _alarms(stores: Stores):
    return look(stores.database, stores.queue, home=stores.settings.home, now=stores.ledger.now())


def test_the_earlier_one_goes_first_though_the_later_ones_job_came_before(stores: Stores):
    first, second = ordered(stores, 1), ordered(stores, 2)
    now = stores.ledger.now()
    assert stores.runs.goes_first(second, now=now) == first
    assert stores.runs.goes_first(first, now=now) is None
    assert stores.runs.goes_first("unknown", now=now) is None


def test_of_two_ended_runs_whose_pages_came_back_the_second_is_not_forgotten(stores: Stores):
    runs = [ordered(stores, 1), ordered(stores, 2)]
    for number, run in enumerate(runs):
        leased(stores.ledger, number, run=run)
    for run in runs:
        stores.ledger.release(run)
        stores.runs.finish(run, now=stores.ledger.now(), exit_code=0, reason="finished")
    stores.queue.connection.flushdb()
    stores.queue.remember()
    stores.runs.mark_unfinished(runs)
    assert sweep(stores) == Swept(resumed=1)
    (first,) = (run for run in runs if state(stores, run) == QUEUED)
    stores.runs.finish(first, now=stores.ledger.now(), exit_code=0, reason="finished")
    stores.queue.connection.flushdb()
    stores.queue.remember()
    assert sweep(stores) == Swept(resumed=1)
    (second,) = (run for run in runs if state(stores, run) == QUEUED)
    assert second != first


def test_pages_that_come_back_wait_too_and_are_not_forgotten(stores: Stores):
    """Of a run that has ended, while the next one of its schedule is at work."""
    ended, at_work = ordered(stores, 1), ordered(stores, 2)
    leased(stores.ledger, 1, run=ended)
    stores.ledger.release(ended)
    stores.runs.finish(ended, now=stores.ledger.now(), exit_code=0, reason="finished")
    stores.runs.start(at_work, now=stores.ledger.now())
    stores.queue.connection.flushdb()
    stores.queue.remember()
    stores.runs.mark_unfinished([ended])
    assert sweep(stores) == Swept()
    stores.runs.finish(at_work, now=stores.ledger.now(), exit_code=0, reason="finished")
    assert sweep(stores) == Swept(resumed=1)
    assert state(stores, ended) == QUEUED
