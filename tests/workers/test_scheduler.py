"""Looks at the clock, on real servers: who fires what, once, and what is written of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest

from stories.errors import UsageError
from stories.order import CrawlOrder
from tests.faults.record import Tally
from tests.workers.timekeeping import DAY, HOUR, MINUTE, NOON, SECOND, history, jobs, outcomes, schedule, scheduler
from workers.schedule import AT_ONCE, CLAIMED, FIRED, MISSED, SKIPPED, Overlap, Schedule, run_id
from workers.scheduler import EVERY
from workers.stores import Stores
from workers.sweep import sweep
from workers.ticks import TAKE_OVER, Schedules

TICK = NOON + MINUTE


@pytest.fixture
def schedules(stores: Stores) -> Schedules:
    return Schedules(stores.database)


def test_a_tick_fires_once_whoever_looks(stores: Stores, schedules: Schedules) -> None:
    schedules.add(schedule())
    first, second = scheduler(stores, "first"), scheduler(stores, "second")
    assert first.look(TICK - SECOND) == []
    assert first.look(TICK) == [("every", TICK)]
    assert second.look(TICK) == []
    assert first.look(TICK + SECOND) == []
    tick = history(stores)[TICK]
    assert (tick["outcome"], tick["run"], tick["at"], tick["by"]) == (FIRED, run_id("every", TICK), TICK, "first")
    assert jobs(stores) == [f"crawl-{run_id('every', TICK)}"]
    run = stores.runs.get(run_id("every", TICK))
    assert run
    assert (run["schedule"], run["order"]["run"], run["createdAt"]) == ("every", run_id("every", TICK), TICK)


def test_it_looks_again_at_the_next_tick_or_after_a_second(stores: Stores, schedules: Schedules) -> None:
    clockwork = scheduler(stores)
    assert clockwork.look(NOON) == []
    assert clockwork.next_look(NOON) == EVERY
    schedules.add(schedule())
    clockwork.look(NOON)
    assert clockwork.next_look(NOON) == EVERY
    assert clockwork.next_look(TICK - timedelta(milliseconds=300)) == timedelta(milliseconds=300)
    assert clockwork.next_look(TICK + SECOND) == timedelta(0)
    clockwork.look(TICK)
    assert clockwork.next_look(TICK) == EVERY
    schedules.pause("every", now=TICK)
    clockwork.look(TICK + 5 * MINUTE)
    assert clockwork.next_look(TICK + 5 * MINUTE) == EVERY, "a paused schedule keeps nobody awake"


# -- deaths -----------------------------------------------------------------------------------------------------


class Killed(Exception):  # noqa: N818 - no error: a test's own kill
    """As if by kill -9."""


@pytest.mark.parametrize("point", ["after_claim", "after_order", "after_conclude"])
def test_whatever_a_dead_scheduler_left_is_fired_once(
    stores: Stores, schedules: Schedules, point: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def reached(here: str) -> None:
        if here == point:
            raise Killed

    schedules.add(schedule())
    with monkeypatch.context() as patch:
        patch.setattr("stories.faults.reached", reached)
        with pytest.raises(Killed):
            scheduler(stores, "dead").look(TICK)
    heir = scheduler(stores, "heir")
    assert heir.look(TICK + TAKE_OVER) == [], "its owner may still be at it"
    later = TICK + TAKE_OVER + SECOND
    assert heir.look(later) == ([] if point == "after_conclude" else [("every", TICK)])
    assert history(stores)[TICK]["outcome"] == FIRED
    assert stores.database["runs"].count_documents({}) == 1
    sweep(stores)
    assert len(jobs(stores)) == 1


def test_a_scheduler_goes_on_with_what_an_outage_made_it_leave(
    stores: Stores, schedules: Schedules, monkeypatch: pytest.MonkeyPatch
) -> None:
    schedules.add(schedule())
    clockwork = scheduler(stores)

    def refuse(*_arguments: Any, **_options: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(stores.runs, "order_all", refuse)
        with pytest.raises(Killed):
            clockwork.look(TICK)
    assert clockwork.look(TICK + SECOND) == [("every", TICK)], "it is its own: no need to wait"
    assert history(stores)[TICK]["reason"] is None


def test_an_owner_that_stood_still_does_no_harm(stores: Stores, schedules: Schedules) -> None:
    """It wakes after another took its tick, and does its part once more."""
    schedules.add(schedule())
    slow, quick = scheduler(stores, "slow"), scheduler(stores, "quick")
    slow.look(TICK)
    stores.database["ticks"].update_one({"instant": TICK}, {"$set": {"outcome": CLAIMED, "run": None}})
    assert quick.look(TICK + 45 * SECOND) == [("every", TICK)]
    before = history(stores)
    slow.look(TICK + 45 * SECOND)
    assert history(stores) == before
    assert len(jobs(stores)) == 1
    assert stores.database["runs"].count_documents({}) == 1


def test_redis_is_told_last_and_the_sweeper_tells_it_what_it_missed(stores: Stores, schedules: Schedules) -> None:
    def deaf(_orders: Mapping[str, CrawlOrder]) -> None:
        """Redis is away."""

    schedules.add(schedule())
    scheduler(stores, ring=deaf).look(TICK)
    assert (history(stores)[TICK]["outcome"], jobs(stores)) == (FIRED, [])
    sweep(stores)  # for the sweeper's own clock the order is months old
    assert len(jobs(stores)) == 1
    sweep(stores)
    assert len(jobs(stores)) == 1


# -- overlap and catching up --------------------------------------------------------------------------------------


def test_overlap_skip_waits_for_the_last_crawl(stores: Stores, schedules: Schedules) -> None:
    schedules.add(schedule(overlap=Overlap.SKIP))
    clockwork = scheduler(stores)
    for minute in (1, 2, 3):
        clockwork.look(NOON + minute * MINUTE)
        if minute == 2:
            stores.runs.start(run_id("every", TICK), now=NOON)
    run = run_id("every", TICK)
    assert outcomes(stores) == [
        (FIRED, None),
        (SKIPPED, f"run {run} waits in the queue"),
        (SKIPPED, f"run {run} is still at work"),
    ]
    stores.runs.finish(run, now=NOON, exit_code=0, reason="finished")
    assert clockwork.look(NOON + 4 * MINUTE) == [("every", NOON + 4 * MINUTE)]


def test_overlap_queue_orders_one_crawl_after_the_other(stores: Stores, schedules: Schedules) -> None:
    schedules.add(schedule(overlap=Overlap.QUEUE))
    for minute in (1, 2, 3):
        scheduler(stores).look(NOON + minute * MINUTE)
    assert jobs(stores) == [f"crawl-{run_id('every', NOON + minute * MINUTE)}" for minute in (1, 2, 3)]


def test_a_claimed_tick_counts_as_a_crawl_at_work(stores: Stores, schedules: Schedules) -> None:
    """Else two schedulers could fire two ticks of one schedule at once, each seeing no run yet."""
    schedules.add(schedule(overlap=Overlap.SKIP))
    scheduler(stores, "slow").look(TICK)
    stores.database["runs"].delete_many({})
    now = TICK + MINUTE
    stores.database["ticks"].update_one({"instant": TICK}, {"$set": {"outcome": CLAIMED, "at": now}})
    assert scheduler(stores, "quick").look(now) == []
    assert outcomes(stores)[1] == (SKIPPED, f"its tick of {TICK:%H:%M:%S} UTC is being dealt with")


def test_an_absence_of_days_is_dealt_with_in_looks_that_follow_at_once(stores: Stores, schedules: Schedules) -> None:
    schedules.add(schedule())
    clockwork = scheduler(stores)
    now = NOON + (2 * AT_ONCE + 10) * MINUTE
    assert clockwork.look(now) == []
    assert clockwork.next_look(now) == timedelta(0)
    assert clockwork.look(now) == []
    assert clockwork.look(now) == [("every", now)]
    assert clockwork.next_look(now) == EVERY
    told = outcomes(stores)
    assert [outcome for outcome, _ in told] == [MISSED] * (2 * AT_ONCE + 9) + [FIRED]
    assert told[0] == (MISSED, "nobody was there for 1 day, 9:29:00")


# -- people -------------------------------------------------------------------------------------------------------


def test_ticks_while_paused_are_nobodys_business(stores: Stores, schedules: Schedules) -> None:
    schedules.add(schedule())
    schedules.pause("every", now=NOON)
    assert scheduler(stores).look(NOON + 5 * MINUTE) == []
    schedules.resume("every", now=NOON + 5 * MINUTE)
    assert scheduler(stores).look(NOON + 6 * MINUTE) == [("every", NOON + 6 * MINUTE)]
    assert len(outcomes(stores)) == 1


@pytest.mark.parametrize("looked", [True, False])
def test_ticks_missed_before_a_pause_are_recorded_whether_or_not_anybody_looks(
    stores: Stores, schedules: Schedules, looked: bool
) -> None:
    schedules.add(schedule())
    schedules.pause("every", now=NOON + 2 * MINUTE + SECOND)
    if looked:
        assert scheduler(stores).look(NOON + 4 * MINUTE) == []
    schedules.resume("every", now=NOON + 5 * MINUTE)
    assert [(at, tick["outcome"]) for at, tick in sorted(history(stores).items())] == [
        (NOON + MINUTE, MISSED),
        (NOON + 2 * MINUTE, MISSED),
    ]


def at_claim(do: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let something happen once a tick is claimed, before it is fired."""
    done: list[str] = []

    def reached(point: str) -> None:
        if point == "after_claim" and not done:
            done.append(point)
            do()

    monkeypatch.setattr("stories.faults.reached", reached)


def test_a_schedule_that_is_paused_while_due_does_not_fire(
    stores: Stores, schedules: Schedules, monkeypatch: pytest.MonkeyPatch
) -> None:
    schedules.add(schedule())
    at_claim(lambda: schedules.pause("every", now=TICK), monkeypatch)
    assert scheduler(stores).look(TICK) == []
    assert outcomes(stores) == [(SKIPPED, "it was paused while it was due")]
    assert (jobs(stores), stores.database["runs"].count_documents({})) == ([], 0)


def test_a_schedule_that_is_removed_while_due_leaves_nothing(
    stores: Stores, schedules: Schedules, monkeypatch: pytest.MonkeyPatch
) -> None:
    schedules.add(schedule())
    schedules.add(schedule("other"))
    at_claim(lambda: schedules.remove("every"), monkeypatch)
    assert scheduler(stores).look(TICK) == [("other", TICK)]
    assert history(stores) == {}


def test_a_tick_claimed_after_its_schedule_was_removed_is_forgotten(stores: Stores, schedules: Schedules) -> None:
    schedules.add(schedule())
    scheduler(stores, "dead").look(TICK)
    stores.database["ticks"].update_one({"instant": TICK}, {"$set": {"outcome": CLAIMED}})
    stores.database["schedules"].delete_many({})
    assert scheduler(stores, "heir").look(TICK + MINUTE) == []
    assert stores.database["ticks"].count_documents({}) == 0


def test_a_schedule_that_is_changed_while_due_fires_what_it_orders_now(
    stores: Stores, schedules: Schedules, monkeypatch: pytest.MonkeyPatch
) -> None:
    schedules.add(schedule())
    order = CrawlOrder(run="every", site="tempo-en", max_pages=7).to_json()
    at_claim(lambda: schedules.edit("every", now=TICK, cron="*/5 * * * *", order=order), monkeypatch)
    clockwork = scheduler(stores)
    assert clockwork.look(TICK) == [("every", TICK)]
    run = stores.runs.get(run_id("every", TICK))
    assert run
    assert run["order"]["maxPages"] == 7
    for minute in range(2, 6):
        clockwork.look(NOON + minute * MINUTE)
    assert sorted(history(stores)) == [TICK, NOON + 5 * MINUTE]


def test_an_edit_keeps_what_it_does_not_name_and_forgets_no_tick(stores: Stores, schedules: Schedules) -> None:
    schedules.add(schedule(cron="0 * * * *", overlap=Overlap.SKIP))
    now = NOON + 2 * HOUR + SECOND
    changed = schedules.edit("every", now=now, cron="30 * * * *")
    assert (changed.cron, changed.overlap, changed.since) == ("30 * * * *", Overlap.SKIP, now)
    assert outcomes(stores) == [
        (MISSED, "nobody was there for 1:00:01, then it was changed"),
        (MISSED, "nobody was there for 0:00:01, then it was changed"),
    ]
    since = changed.since
    assert schedules.edit("every", now=now + HOUR, overlap=Overlap.QUEUE).since == since, "its ticks are the same"
    with pytest.raises(UsageError, match="no cron expression"):
        schedules.edit("every", now=now, cron="nonsense")
    with pytest.raises(UsageError, match="no schedule"):
        schedules.edit("nobody", now=now, cron="* * * * *")


def test_an_edit_undoes_nothing_that_was_done_meanwhile(
    stores: Stores, schedules: Schedules, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It read the schedule, and another resumed it: with the old `since` a scheduler never fired it again."""
    schedules.add(schedule(cron="*/5 * * * *"))
    clockwork = scheduler(stores)
    schedules.pause("every", now=NOON + MINUTE)
    clockwork.look(NOON + 10 * MINUTE)
    read = schedules.get

    def then_another_is_faster(name: str) -> Schedule:
        monkeypatch.setattr(schedules, "get", read)
        found = read(name)
        Schedules(stores.database).resume(name, now=NOON + 11 * MINUTE)
        return found

    monkeypatch.setattr(schedules, "get", then_another_is_faster)
    edited = schedules.edit("every", now=NOON + 11 * MINUTE, overlap=Overlap.QUEUE)
    assert (edited.paused, edited.since, edited.overlap) == (False, NOON + 11 * MINUTE, Overlap.QUEUE)
    assert clockwork.look(NOON + 15 * MINUTE) == [("every", NOON + 15 * MINUTE)]


def test_a_name_is_taken_once(schedules: Schedules) -> None:
    schedules.add(schedule())
    with pytest.raises(UsageError, match="already"):
        schedules.add(schedule())


@pytest.mark.parametrize(
    "broken",
    [{"cron": "nonsense"}, {"tz": "Asia/Nowhere"}, {"overlap": "perhaps"}, {"order": {}}, {"since": "yesterday"}],
    ids=lambda broken: next(iter(broken)),
)
def test_a_schedule_that_cannot_be_read_holds_up_no_other(
    stores: Stores, schedules: Schedules, broken: dict[str, Any]
) -> None:
    for name in ("a", "b", "c"):
        schedules.add(schedule(name))
    stores.database["schedules"].update_one({"_id": "b"}, {"$set": broken})
    clockwork = scheduler(stores)
    assert clockwork.look(TICK) == [("a", TICK), ("c", TICK)]
    assert clockwork.look(TICK + MINUTE) == [("a", TICK + MINUTE), ("c", TICK + MINUTE)]
    assert {outcome for outcome, _ in outcomes(stores, "b")} <= {SKIPPED}


# -- clocks -------------------------------------------------------------------------------------------------------


@pytest.mark.fault("F15")
def test_a_clock_that_goes_forward_an_hour_and_back_fires_every_tick_once(
    stores: Stores, schedules: Schedules, tally: Tally
) -> None:
    schedules.add(schedule(cron="*/15 * * * *"))
    clockwork = scheduler(stores)
    ahead = NOON + HOUR + 5 * MINUTE
    assert clockwork.look(ahead) == [("every", NOON + HOUR)]
    assert [outcome for outcome, _ in outcomes(stores)] == [MISSED, MISSED, MISSED, FIRED]
    fired = []
    for minute in range(5, 80):
        fired += clockwork.look(NOON + minute * MINUTE)
    assert [at for _, at in fired] == [NOON + minutes * MINUTE for minutes in (15, 30, 45, 75)]
    assert outcomes(stores) == [(FIRED, None)] * 3 + [(FIRED, "caught up, 0:05:00 late"), (FIRED, None)]
    tally.add(trials=1)


@pytest.mark.fault("F15")
def test_a_clock_that_was_years_ahead_stops_no_schedule_for_years(
    stores: Stores, schedules: Schedules, tally: Tally
) -> None:
    schedules.add(schedule())
    lost = scheduler(stores, "lost")
    lost.look(NOON + 4000 * DAY)
    schedules.add(schedule("made-then", since=NOON + 4000 * DAY))
    fresh = scheduler(stores, "fresh")
    assert fresh.look(NOON) == []
    assert sorted(fresh.look(TICK)) == [("every", TICK), ("made-then", TICK)]
    assert lost.look(TICK) == []
    tally.add(trials=1)


@pytest.mark.fault("F15")
def test_a_claim_from_a_future_that_was_left_is_nobodys_for_long(
    stores: Stores, schedules: Schedules, tally: Tally
) -> None:
    schedules.add(schedule())
    scheduler(stores, "dead").look(TICK)
    claim = {"outcome": CLAIMED, "at": TICK + HOUR, "run": None}
    stores.database["ticks"].update_one({"instant": TICK}, {"$set": claim})
    assert scheduler(stores, "heir").look(TICK + SECOND) == [("every", TICK)]
    tally.add(trials=1)
