"""Ticks: each fired once or recorded as missed, by three schedulers at once, through outages and deaths."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from stories import mongo
from stories.errors import UsageError
from stories.order import CrawlOrder
from stories.settings import Settings
from workers.schedule import (
    CLAIMED,
    FIRED,
    MISSED,
    SKIPPED,
    CatchUp,
    Overlap,
    Schedule,
    Scheduler,
    Schedules,
    checked,
    run_id,
)
from workers.stores import Stores, open_stores

NOON = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def stores(settings: Settings) -> Iterator[Stores]:
    with open_stores(settings) as opened:
        mongo.prepare(opened.database)
        yield opened


def scheduler(stores: Stores) -> Scheduler:
    return Scheduler(Schedules(stores.database), stores.runs, stores.queue)


def schedule(name: str = "every", **changes: object) -> Schedule:
    values = {
        "cron": "* * * * *",
        "site": "tempo-en",
        "tz": "Asia/Jakarta",
        "overlap": Overlap.QUEUE,
        "order": CrawlOrder(run=name, site="tempo-en").to_json(),
        "since": NOON,
    }
    return Schedule(name=name, **{**values, **changes})


def outcomes(stores: Stores, name: str = "every") -> dict[datetime, dict]:
    return {tick["instant"]: tick for tick in Schedules(stores.database).history(name, limit=100_000)}


def orders(stores: Stores) -> list[str]:
    return stores.queue._queues["crawl"].get_job_ids()


def test_three_schedulers_for_three_hours_with_two_outages(stores: Stores) -> None:
    seed = 20261124
    chance = random.Random(seed)
    Schedules(stores.database).add(schedule())
    three = [scheduler(stores) for _ in range(3)]
    end = NOON + timedelta(hours=3)
    outages = [(NOON + 31 * MINUTE, NOON + 43 * MINUTE), (NOON + 100 * MINUTE, NOON + 127 * MINUTE)]
    now, fired = NOON, Counter()
    with ThreadPoolExecutor(3) as pool:
        while now <= end:
            now += timedelta(seconds=chance.randint(5, 25))
            if any(begin <= now < back for begin, back in outages):
                continue
            awake = chance.sample(three, chance.randint(1, 3))
            for result in pool.map(lambda s, at=now: s.step(at), awake):
                fired.update(result)
    ticks = outcomes(stores)
    planned = [NOON + n * MINUTE for n in range(1, 181)]
    assert set(planned) <= set(ticks), seed
    assert {tick["outcome"] for tick in ticks.values()} == {FIRED, MISSED}
    assert set(fired.values()) == {1}, "a tick was fired by two schedulers"
    assert {instant for _, instant in fired} == {at for at, tick in ticks.items() if tick["outcome"] == FIRED}
    assert sorted(orders(stores)) == sorted({f"crawl-{run_id('every', at)}" for _, at in fired})
    missed = {at: tick for at, tick in ticks.items() if tick["outcome"] == MISSED}
    assert all(any(begin - 2 * MINUTE <= at <= back for begin, back in outages) for at in missed)
    assert all(tick["reason"].startswith("no scheduler for") for tick in missed.values())
    caught_up = [at for at, tick in ticks.items() if (tick["reason"] or "").startswith("caught up")]
    assert len(missed) >= 30
    assert len(caught_up) <= 2


def test_an_owner_that_died_between_claiming_and_firing_is_taken_over(stores: Stores) -> None:
    schedules = Schedules(stores.database)
    schedules.add(schedule())
    instant = NOON + MINUTE
    assert schedules.claim("every", instant, now=instant)
    assert scheduler(stores).step(instant + timedelta(seconds=20)) == []
    assert scheduler(stores).step(instant + timedelta(seconds=31)) == [("every", instant)]
    assert outcomes(stores)[instant]["outcome"] == FIRED
    assert orders(stores) == [f"crawl-{run_id('every', instant)}"]


def test_taking_over_after_the_order_was_queued_orders_nothing_new(stores: Stores) -> None:
    schedules = Schedules(stores.database)
    schedules.add(schedule())
    instant = NOON + MINUTE
    scheduler(stores).step(instant)
    stores.database["ticks"].update_one({"instant": instant}, {"$set": {"outcome": CLAIMED, "at": instant}})
    scheduler(stores).step(instant + timedelta(seconds=45))
    assert len(orders(stores)) == 1
    assert stores.database["runs"].count_documents({}) == 1


def test_overlap_skip_waits_for_the_last_crawl(stores: Stores) -> None:
    Schedules(stores.database).add(schedule(overlap=Overlap.SKIP))
    clockwork = scheduler(stores)
    clockwork.step(NOON + MINUTE)
    clockwork.step(NOON + 2 * MINUTE)
    tick = outcomes(stores)[NOON + 2 * MINUTE]
    assert tick["outcome"] == SKIPPED
    assert run_id("every", NOON + MINUTE) in tick["reason"]
    stores.runs.finish(run_id("every", NOON + MINUTE), now=NOON, exit_code=0, reason="finished")
    assert clockwork.step(NOON + 3 * MINUTE) == [("every", NOON + 3 * MINUTE)]


def test_catch_up_none_fires_nothing_late(stores: Stores) -> None:
    Schedules(stores.database).add(schedule(catch_up=CatchUp.NONE))
    clockwork = scheduler(stores)
    late = NOON + 10 * MINUTE
    assert clockwork.step(late) == [("every", late - MINUTE), ("every", late)]
    assert [t["outcome"] for at, t in sorted(outcomes(stores).items()) if at < late - MINUTE] == [MISSED] * 8


def test_ticks_while_paused_are_nobodys_business(stores: Stores) -> None:
    schedules = Schedules(stores.database)
    schedules.add(schedule())
    schedules.pause("every")
    assert scheduler(stores).step(NOON + 5 * MINUTE) == []
    schedules.resume("every", now=NOON + 5 * MINUTE)
    assert scheduler(stores).step(NOON + 6 * MINUTE) == [("every", NOON + 6 * MINUTE)]
    assert len(outcomes(stores)) == 1


def test_a_tick_in_the_missing_hour_and_in_the_doubled_one_comes_once() -> None:
    nightly = schedule(cron="30 2 * * *", tz="Europe/Amsterdam")
    spring = list(nightly.next_ticks(datetime(2026, 3, 28, 12, tzinfo=UTC), 2))
    assert [at.astimezone(ZoneInfo("Europe/Amsterdam")).date().day for at in spring] == [29, 30]
    autumn = list(nightly.next_ticks(datetime(2026, 10, 24, 12, tzinfo=UTC), 2))
    assert [at.astimezone(ZoneInfo("Europe/Amsterdam")).date().day for at in autumn] == [25, 26]


def test_jakarta_is_seven_hours_ahead() -> None:
    assert schedule(cron="0 5 * * *").next_ticks(NOON, 1) == [datetime(2026, 3, 2, 22, 0, tzinfo=UTC)]


@pytest.mark.parametrize("cron", ["", "* * * *", "61 * * * *", "every day", "0 0 31 2 *", "* * * * * * *"])
def test_a_bad_expression_is_refused(cron: str) -> None:
    with pytest.raises(UsageError):
        checked(cron, "UTC")


@pytest.mark.parametrize("zone", ["Jakarta", "WIB+7", "../etc/passwd", "", "Asia/Nowhere"])
def test_a_bad_zone_is_refused(zone: str) -> None:
    with pytest.raises(UsageError, match="time zone"):
        checked("* * * * *", zone)


def test_a_name_is_taken_once(stores: Stores) -> None:
    schedules = Schedules(stores.database)
    schedules.add(schedule())
    with pytest.raises(UsageError, match="already"):
        schedules.add(schedule())
