"""Each alarm goes on and off again by what stands in the servers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from stories.article import Author, Role
from stories.jobs import queue_named
from stories.mongo import client
from stories.order import CrawlOrder
from stories.pages import Report
from stories.queue import CRAWL, ENRICH
from stories.store import Story
from tests.making import NOON, article
from tests.workers.timekeeping import DAY, HOUR, MINUTE, SECOND, schedule
from workers import alarms
from workers.alarm import Alarm, State
from workers.monitor import glance, look
from workers.schedule import MISSED, Decision
from workers.stores import Stores
from workers.ticks import Schedules
from workers.worker import StoryWorker

WEEK = 7 * DAY
AUTHORS = (Author(name="Somebody", role=Role.REPORTER),)


def seen(stores: Stores, name: str, *, now: datetime = NOON, subject: str | None = None) -> Alarm:
    found = look(stores.database, stores.queue, home=stores.settings.home, now=now)
    (alarm,) = (a for a in found if a.name == name and subject in (None, a.subject))
    return alarm


def collected(stores: Stores, numbers: range, at: datetime, **different: Any) -> None:
    """Stories that were published and stored then, a second apart."""
    saved = [
        Story(article=article(number, date_published=at - n * SECOND, date_downloaded=at, **different))
        for n, number in enumerate(numbers)
    ]
    stores.store.save(saved, now=at)


def test_no_new_story(stores: Stores) -> None:
    """One comes at half past eleven each day, when the last crawl asks: a day later that is too long."""
    Schedules(stores.database).add(schedule(cron="*/15 * * * *", since=NOON - 40 * DAY))
    for day in range(1, 29):
        collected(stores, range(day, day + 1), NOON - day * DAY - 30 * MINUTE)
    silent = seen(stores, "no-new-story")
    assert (silent.state, silent.subject) == (State.ON, "tempo-en")
    assert silent.since == NOON - DAY, "half an hour after yesterday's"
    collected(stores, range(100, 101), NOON - 31 * MINUTE)
    assert seen(stores, "no-new-story").state is State.OFF


def test_a_site_is_silent_only_where_it_was_asked(stores: Stores) -> None:
    """At night no schedule asks: what came last in the evening is still the news."""
    Schedules(stores.database).add(schedule(cron="0 21 * * *", since=NOON - 40 * DAY))
    for day in range(29):
        collected(stores, range(day + 1, day + 2), NOON - day * DAY - 15 * HOUR - MINUTE)
    assert seen(stores, "no-new-story", now=NOON + 8 * HOUR).state is State.OFF
    assert seen(stores, "no-new-story", now=NOON + 10 * HOUR).state is State.ON


def test_a_new_collection_knows_nothing_of_silence(stores: Stores) -> None:
    Schedules(stores.database).add(schedule(since=NOON - DAY))
    assert seen(stores, "no-new-story").state is State.UNKNOWN
    collected(stores, range(1, 5), NOON - DAY)
    assert seen(stores, "no-new-story").state is State.UNKNOWN


def test_a_fields_coverage(stores: Stores) -> None:
    collected(stores, range(1, 61), NOON - WEEK - HOUR, authors=AUTHORS)
    assert seen(stores, "field-coverage").state is State.OFF
    collected(stores, range(101, 161), NOON - HOUR)
    fallen = seen(stores, "field-coverage")
    assert (fallen.state, fallen.value, fallen.since) == (State.ON, 0, NOON - HOUR)
    assert fallen.detail == "authors of read-2021: 0%, usually 100%"
    collected(stores, range(201, 261), NOON, authors=AUTHORS)
    assert seen(stores, "field-coverage").state is State.OFF


def test_a_growing_share_of_fallback(stores: Stores) -> None:
    collected(stores, range(1, 61), NOON - 2 * WEEK)
    collected(stores, range(101, 121), NOON - HOUR, page_version="fallback")
    grown = seen(stores, "unknown-layout")
    assert (grown.state, grown.value) == (State.ON, pytest.approx(1 / 3))
    assert grown.detail == "33% of the newest stories, 0% of those before"
    collected(stores, range(201, 261), NOON)
    assert seen(stores, "unknown-layout").state is State.OFF


def ran(stores: Stores, run: str, at: datetime, **fates: int) -> None:
    stores.runs.order(CrawlOrder(run=run, site="tempo-en"), job_id=run, now=at)
    stores.runs.report(run, Report(fates=fates, page_versions={}, in_flight=0, later=0))


def test_the_mix_of_errors(stores: Stores) -> None:
    ran(stores, "before", NOON - 3 * DAY, stored=970, failed=30)
    ran(stores, "yesterday", NOON - 2 * HOUR, stored=100, failed=5, challenge=10)
    wrong = seen(stores, "error-mix")
    assert (wrong.state, wrong.limit, wrong.since) == (State.ON, pytest.approx(0.09), NOON - 2 * HOUR)
    assert wrong.detail == "of 115 pages: 5 failed, 10 challenge"
    ran(stores, "now", NOON - HOUR, stored=200)
    assert seen(stores, "error-mix").state is State.OFF


def test_crawls_that_fail_one_after_the_other(stores: Stores) -> None:
    Schedules(stores.database).add(schedule(since=NOON - DAY))
    assert seen(stores, "crawls-failing").state is State.UNKNOWN
    for hours, code in ((5, 0), (4, 2), (3, 2)):
        ran(stores, f"run-{hours}", NOON - hours * HOUR, **({} if code else {"notModified": 1}))
        stores.runs.finish(f"run-{hours}", now=NOON - hours * HOUR, exit_code=code, reason="no contact")
    ran(stores, "nothing was due", NOON - 2 * HOUR)
    stores.runs.finish("nothing was due", now=NOON - 2 * HOUR, exit_code=0, reason="finished")
    ran(stores, "at work", NOON - MINUTE, stored=1)
    failing = seen(stores, "crawls-failing")
    assert (failing.state, failing.subject, failing.value) == (State.ON, "tempo-en", 2)
    assert (failing.since, failing.detail) == (NOON - 4 * HOUR, "the last 2 had nothing: no contact")
    stores.runs.finish("at work", now=NOON, exit_code=0, reason="finished")
    assert seen(stores, "crawls-failing").state is State.OFF


def test_crawls_of_which_single_pages_failed_are_not_in_vain(stores: Stores) -> None:
    Schedules(stores.database).add(schedule(since=NOON - DAY))
    for hours in (5, 4, 3):
        ran(stores, f"run-{hours}", NOON - hours * HOUR, stored=999, failed=1)
        stores.runs.finish(f"run-{hours}", now=NOON - hours * HOUR, exit_code=1, reason="some pages could not be read")
    assert seen(stores, "crawls-failing").state is State.OFF


def test_the_age_of_a_queue_and_whoever_serves_it(stores: Stores) -> None:
    now = stores.ledger.now()
    stores.queue.enqueue_articles({}, job_id="enrich-1")
    assert seen(stores, "queue-age", now=now + MINUTE, subject=ENRICH).state is State.OFF
    assert seen(stores, "queue-age", now=now + 6 * MINUTE, subject=ENRICH).state is State.ON
    assert seen(stores, "queue-age", now=now + 6 * MINUTE, subject=CRAWL).state is State.OFF
    assert seen(stores, "no-worker", subject=ENRICH).state is State.ON
    assert seen(stores, "no-worker", subject=CRAWL).state is State.OFF
    worker = StoryWorker([queue_named(ENRICH, stores.queue.connection)], connection=stores.queue.connection)
    worker.register_birth()
    assert seen(stores, "no-worker", subject=ENRICH).state is State.OFF
    worker.register_death()
    stores.queue.drop(["enrich-1"])
    assert seen(stores, "queue-age", now=now + 6 * MINUTE, subject=ENRICH).state is State.OFF


def test_an_absent_scheduler(stores: Stores) -> None:
    schedules = Schedules(stores.database)
    assert seen(stores, "no-scheduler").state is State.OFF
    schedules.add(schedule(since=NOON))
    assert seen(stores, "no-scheduler").state is State.ON
    schedules.beat("one", now=NOON - 5 * SECOND, host="a-host", pid=7)
    assert seen(stores, "no-scheduler").state is State.OFF
    later = seen(stores, "no-scheduler", now=NOON + MINUTE)
    assert (later.state, later.since) == (State.ON, NOON + 15 * SECOND)
    schedules.pause("every", now=NOON)
    assert seen(stores, "no-scheduler", now=NOON + MINUTE).state is State.OFF


def test_missed_ticks(stores: Stores) -> None:
    tick = Decision(schedule="every", instant=NOON - 30 * MINUTE, outcome=MISSED, reason="nobody was there")
    Schedules(stores.database).record([tick], by="a test", now=NOON)
    missed = seen(stores, "ticks-missed")
    assert (missed.state, missed.value, missed.since) == (State.ON, 1, NOON - 30 * MINUTE)
    assert seen(stores, "ticks-missed", now=NOON + HOUR).state is State.OFF


def test_a_growing_quarantine(stores: Stores) -> None:
    for number in range(11):
        stores.quarantine.put(f"p:{number}", site="s", url=None, stage="read", reason="r", at=NOON - HOUR)
    grown = seen(stores, "quarantine-growing")
    assert (grown.state, grown.value, grown.since) == (State.ON, 11, NOON - HOUR)
    assert seen(stores, "quarantine-growing", now=NOON + DAY).state is State.OFF


def test_the_disks_and_since_when(stores: Stores, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk does not tell since when: the first look is remembered, until it is well again."""
    for disk in ("home", "mongodb"):
        free = seen(stores, "disk-low", subject=disk)
        assert free.value is not None
        assert (free.state is State.ON) == (free.value < alarms.DISK)
    with monkeypatch.context() as patch:
        patch.setattr(alarms, "DISK", 10**18)
        assert seen(stores, "disk-low", subject="home").since == NOON
        assert seen(stores, "disk-low", subject="home", now=NOON + HOUR).since == NOON
        patch.setattr(alarms, "DISK", 0)
        assert seen(stores, "disk-low", subject="home", now=NOON + HOUR).since is None
        patch.setattr(alarms, "DISK", 10**18)
        assert seen(stores, "disk-low", subject="home", now=NOON + DAY).since == NOON + DAY


@pytest.fixture
def small_redis(stores: Stores) -> Iterator[None]:
    """With a limit that it nearly fills."""
    before = stores.queue.connection.config_get("maxmemory")["maxmemory"]
    used = stores.queue.connection.info("memory")["used_memory"]
    stores.queue.connection.config_set("maxmemory", int(used * 1.1))
    yield
    stores.queue.connection.config_set("maxmemory", before)


@pytest.mark.usefixtures("small_redis")
def test_a_redis_that_is_nearly_full(stores: Stores) -> None:
    assert seen(stores, "redis-memory").state is State.ON
    stores.queue.connection.config_set("maxmemory", 512_000_000)
    assert seen(stores, "redis-memory").state is State.OFF


def test_no_question_reads_a_whole_collection(stores: Stores, tmp_path: Path) -> None:
    """MongoDB refuses those for as long as this lasts."""
    Schedules(stores.database).add(schedule(since=NOON - DAY))
    collected(stores, range(1, 3), NOON)
    ran(stores, "now", NOON, stored=1)
    admin = stores.database.client.admin
    admin.command("setParameter", 1, notablescan=True)
    try:
        assert look(stores.database, stores.queue, home=tmp_path, now=NOON)
    finally:
        admin.command("setParameter", 1, notablescan=False)


def test_whoever_may_only_read_sees_the_alarms(stores: Stores) -> None:
    """Since when is not remembered then."""
    Schedules(stores.database).add(schedule(since=NOON))
    admin = stores.database.client.admin
    roles = [{"role": "read", "db": stores.database.name}]
    admin.command("createUser", "looker", pwd="looker-password", roles=roles)
    before, _, rest = str(stores.settings.mongo_url).partition("://")
    url = f"{before}://looker:looker-password@{rest.rpartition('@')[2]}"
    try:
        with client(url) as theirs:
            looker = replace(stores, database=theirs[stores.database.name])
            assert seen(looker, "no-scheduler").state is State.ON
        assert stores.database["alarms"].count_documents({}) == 0
    finally:
        admin.command("dropUser", "looker")


def test_a_glance_writes_nothing(stores: Stores) -> None:
    """For the console: what is on without a date has one only when somebody has looked."""

    def absent(now: datetime) -> Alarm:
        found = glance(stores.database, stores.queue, home=stores.settings.home, now=now)
        return next(alarm for alarm in found if alarm.name == "no-scheduler")

    Schedules(stores.database).add(schedule(since=NOON - DAY))
    assert (absent(NOON).state, absent(NOON).since) == (State.ON, None)
    assert list(stores.database["alarms"].find()) == []
    seen(stores, "no-scheduler")
    assert absent(NOON + MINUTE).since == NOON
