"""The ledger's rules, one by one; test_ledger_machine.py plays them against each other."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pymongo.errors import WriteError

from stories.fate import Fate
from stories.ledger import Ledger
from stories.mongo import Stories
from stories.pages import (
    DUE,
    EVENTS_KEPT,
    FRESH,
    HAND_OVER_CHECK,
    HANDED_OVER,
    LEASED,
    LISTED,
    RELATED,
    REVISIT,
    SEED,
    SETTLED,
    Lease,
    Report,
    Settlement,
)
from tests.making import discovery, leased

SITE, HOST = "tempo-en", "en.tempo.co"
A_MOMENT = timedelta(milliseconds=20)


def lease(ledger: Ledger, *, limit: int = 100, host: str = HOST, run: str = "run-1", max_depth: int = 9) -> list[Lease]:
    return ledger.lease(SITE, host=host, limit=limit, run=run, max_depth=max_depth)


def keys(leases: Iterable[Lease]) -> list[str]:
    return [one.key.removeprefix("tempo-read:") for one in leases]


def settlement(held: Lease, fate: Fate = Fate.STORED, **different: Any) -> Settlement:
    return Settlement(key=held.key, token=held.token, fate=fate, **different)


def page(ledger: Ledger, number: int = 1) -> dict[str, Any]:
    found = ledger.page(f"tempo-read:{number}")
    assert found is not None
    return found


@contextmanager
def profiled(database: Stories) -> Iterator[list[dict[str, Any]]]:
    """What MongoDB did with the pages meanwhile, filled in at the end."""
    seen: list[dict[str, Any]] = []
    database.command("profile", 2)
    try:
        yield seen
    finally:
        database.command("profile", 0)
        seen += database["system.profile"].find({"ns": f"{database.name}.pages"}).sort("$natural", 1)
        database["system.profile"].drop()


def values_of(value: Any) -> Iterator[Any]:
    """Every value within a document."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    yield value
    for part in inner:
        yield from values_of(part)


@pytest.fixture
def hasty(database: Stories) -> Ledger:
    """Its leases end at once."""
    return Ledger(database, lease=timedelta(milliseconds=1))


# -- found ------------------------------------------------------------------------------------------------------


def test_a_found_page_is_due_and_remembers_who_showed_it(ledger: Ledger):
    ledger.discover([discovery(1, found_on="tempo-read:9", relation="related", depth=2, priority=RELATED + 2)])
    (held,) = lease(ledger)
    assert (held.key, held.site, held.host, held.kind) == ("tempo-read:1", SITE, HOST, "article")
    assert (held.depth, held.attempts, held.run, held.url) == (2, 0, "run-1", "https://en.tempo.co/read/1/a-story")
    stored = page(ledger)
    assert (stored["foundOn"], stored["relation"]) == ("tempo-read:9", "related")
    assert [event["what"] for event in stored["events"]] == ["found", "leased"]


def test_a_known_page_stays_as_it_is(ledger: Ledger):
    (held,) = leased(ledger, 1)
    ledger.settle([settlement(held)])
    before = page(ledger)
    ledger.discover([discovery(1, priority=SEED, depth=5, found_on="tempo-read:2")])
    assert page(ledger) == before


def test_a_shorter_way_to_a_known_page_is_taken(ledger: Ledger):
    ledger.discover([discovery(1, depth=3)])
    ledger.discover([discovery(1, depth=1)])
    ledger.discover([discovery(1, depth=2)])
    assert page(ledger)["depth"] == 1


def test_addresses_that_led_to_a_page_are_kept_once(ledger: Ledger):
    for alias in ("https://en.tempo.co/amp/1", "https://en.tempo.co/old/1", "https://en.tempo.co/amp/1"):
        ledger.discover([discovery(1, alias=alias)])
    (held,) = lease(ledger)
    assert held.aliases == ("https://en.tempo.co/amp/1", "https://en.tempo.co/old/1")


def test_nothing_found_is_no_call(ledger: Ledger):
    ledger.discover([])
    ledger.give_back([])
    assert ledger.settle([]) == 0


def test_a_page_of_the_wrong_kind_is_refused_by_the_database(database: Stories):
    with pytest.raises(WriteError, match="Document failed validation"):
        database["pages"].insert_one({"_id": "tempo-read:1", "site": SITE, "state": DUE})


# -- leased -----------------------------------------------------------------------------------------------------


def test_order_is_by_priority_then_by_waiting(ledger: Ledger):
    for number, priority in ((1, REVISIT), (2, LISTED), (3, SEED), (4, LISTED), (5, FRESH)):
        ledger.discover([discovery(number, priority=priority)])
        time.sleep(0.002)  # so that each waits longer than the next, by a clock of milliseconds
    assert keys(lease(ledger, limit=4)) == ["3", "5", "2", "4"]
    assert keys(lease(ledger)) == ["1"]


def test_the_limit_is_kept(ledger: Ledger):
    ledger.discover([discovery(number) for number in range(10)])
    assert len(lease(ledger, limit=3)) == 3


def test_leases_are_per_host_and_site(ledger: Ledger):
    ledger.discover(
        [
            discovery(1),
            discovery(2, host="magz.tempo.co"),
            discovery(3, site="tempo-id"),
            discovery(4, site="tempo-id", host="www.tempo.co"),
        ]
    )
    assert ledger.hosts(SITE) == ["en.tempo.co", "magz.tempo.co"]
    assert ledger.hosts("suarakita") == []
    assert keys(lease(ledger)) == ["1"]
    assert keys(lease(ledger, host="magz.tempo.co")) == ["2"]
    assert lease(ledger, host="www.tempo.co") == []


def test_a_host_with_nothing_left_to_ask_is_no_host(ledger: Ledger):
    (held,) = leased(ledger, 1)
    assert ledger.hosts(SITE) == [HOST]  # its lease can run out
    ledger.settle([settlement(held)])
    assert ledger.hosts(SITE) == []


def test_pages_beyond_the_depth_are_left(ledger: Ledger):
    ledger.discover([discovery(depth, depth=depth) for depth in range(5)])
    assert sorted(keys(lease(ledger, max_depth=2))) == ["0", "1", "2"]


def test_a_leased_page_is_nobody_elses(ledger: Ledger):
    (held,) = leased(ledger, 1)
    assert lease(ledger, run="run-2") == []
    stored = page(ledger)
    assert (stored["state"], stored["lease"]["token"]) == (LEASED, held.token)
    length = stored["lease"]["until"] - ledger.now()  # as we estimate the server's clock
    assert timedelta(minutes=9) < length < timedelta(minutes=10, seconds=1)
    assert 540 < held.ends - time.monotonic() <= 600


def test_an_expired_lease_is_due_by_itself(ledger: Ledger, hasty: Ledger):
    ledger.discover([discovery()])
    (late,) = lease(hasty)
    time.sleep(A_MOMENT.total_seconds())
    (held,) = lease(ledger, run="run-2")
    assert held.token != late.token
    assert ledger.settle([settlement(late)]) == 0
    assert page(ledger)["state"] == LEASED
    assert ledger.settle([settlement(held)]) == 1


def test_an_expired_lease_counts_as_no_attempt(ledger: Ledger, hasty: Ledger):
    ledger.discover([discovery()])
    for _ in range(8):
        assert lease(hasty)[0].attempts == 0
        time.sleep(A_MOMENT.total_seconds())


def test_a_renewed_lease_begins_anew_and_only_for_who_has_it(ledger: Ledger, hasty: Ledger):
    ledger.discover([discovery(1), discovery(2)])
    late, lost = lease(hasty)
    time.sleep(A_MOMENT.total_seconds())
    ledger.give_back([lost])
    renewed = ledger.renew([late, lost])
    assert set(renewed) == {late.key}
    assert renewed[late.key].ends - time.monotonic() > 540
    assert keys(lease(ledger, run="run-2")) == [lost.key.split(":")[1]]
    assert ledger.settle([settlement(late)]) == 1
    assert ledger.renew([late]) == {}
    assert ledger.renew([]) == {}


def test_renewing_keeps_the_sweeper_from_a_page_whose_job_is_not_queued_yet(ledger: Ledger, database: Stories):
    (held,) = leased(ledger, 1)
    ledger.hand_over({held.key: held.token}, job_id="job-1")
    database["pages"].update_many({}, {"$set": {"checkAt": ledger.now() - timedelta(seconds=1)}})
    assert set(ledger.renew([held])) == {held.key}
    assert ledger.overdue_jobs(limit=10) == {}
    stored = page(ledger)
    assert (stored["state"], stored["jobId"]) == (HANDED_OVER, "job-1")
    assert "nextFetchAt" not in stored


def test_the_servers_clock_decides_what_is_due(ledger: Ledger, database: Stories):
    """No time of the crawler's own is in any command of a lease: a wrong clock gets what a right one does."""
    ledger.discover([discovery()])
    with profiled(database) as commands:
        assert len(lease(ledger)) == 1
    assert [entry["op"] for entry in commands] == ["query", "update", "query"]
    compared = [entry["command"].get("filter") or entry["command"]["q"] for entry in commands[:2]]
    assert all(condition["$expr"] == {"$lte": ["$nextFetchAt", "$$NOW"]} for condition in compared)
    assert not [value for entry in commands for value in values_of(entry["command"]) if isinstance(value, datetime)]


def test_two_leasers_never_share_a_page(ledger: Ledger, database: Stories):
    ledger.discover([discovery(number) for number in range(400)])
    ledgers = [Ledger(database, lease=timedelta(minutes=10)) for _ in range(4)]

    def take(own: Ledger, run: str) -> list[str]:
        taken: list[str] = []
        while got := lease(own, limit=7, run=run):
            taken += keys(got)
        return taken

    with ThreadPoolExecutor(4) as threads:
        taken = list(threads.map(take, ledgers, ("run-a", "run-b", "run-c", "run-d")))
    everything = [key for some in taken for key in some]
    assert len(everything) == len(set(everything))
    # A leaser that lost a whole race saw nothing and stopped; what is left is still there for all.
    everything += keys(lease(ledger, limit=1000))
    assert sorted(map(int, everything)) == list(range(400))


def test_leasing_reads_a_few_keys_of_the_index_however_many_pages_there_are(ledger: Ledger, database: Stories):
    ledger.discover([discovery(number, priority=number % 4) for number in range(20_000)])
    with profiled(database) as commands:
        assert len(lease(ledger, limit=50)) == 50
    candidates = commands[0]
    assert candidates["planSummary"].startswith("IXSCAN { site: 1, host: 1, priority: 1, nextFetchAt: 1, depth: 1 }")
    assert candidates["keysExamined"] <= 60
    assert candidates["docsExamined"] <= 60
    assert not candidates.get("hasSortStage", False)


def test_asked_for_by_name_a_page_is_due_first(ledger: Ledger):
    first, second, held = leased(ledger, 1, 2, 3)
    ledger.settle([settlement(first), settlement(second, next_fetch_at=ledger.now() + timedelta(days=1))])
    assert ledger.make_due([first.key, second.key, held.key, "tempo-read:404"]) == 2
    assert keys(lease(ledger)) == ["1", "2"]
    assert page(ledger, 3)["lease"]["token"] == held.token


def test_no_order_cuts_short_a_pause_that_a_server_asked_for(ledger: Ledger):
    busy, challenged, failed = leased(ledger, 1, 2, 3)
    ledger.retry(busy, reason="HTTP 429", pause=timedelta(hours=1))
    later = ledger.now() + timedelta(hours=6)
    ledger.settle([settlement(challenged, Fate.CHALLENGE, next_fetch_at=later)])
    ledger.retry(failed, reason="HTTP 500")
    assert ledger.make_due([busy.key, challenged.key, failed.key]) == 3
    ledger.make_site_due(SITE)
    assert keys(lease(ledger)) == ["3"]
    assert page(ledger, 1)["nextFetchAt"] > ledger.now() + timedelta(minutes=59)
    assert page(ledger, 2)["nextFetchAt"] > ledger.now() + timedelta(hours=5)


def test_a_page_that_was_not_asked_for_waits_just_as_long_as_its_host_and_loses_no_try(ledger: Ledger):
    (held,) = leased(ledger, 1)
    ledger.retry(held, reason="it rests", pause=timedelta(seconds=3), counts=False)
    known = page(ledger, 1)
    assert (known["attempts"], known["events"][-1]["what"]) == (0, "givenBack")
    assert timedelta(seconds=2) < known["nextFetchAt"] - ledger.now() <= timedelta(seconds=3)
    assert ledger.due_soon("run-1", within=timedelta(seconds=10))
    assert not ledger.due_soon("run-1", within=timedelta(seconds=10), but_of=[HOST])


def test_a_site_asked_for_anew_leaves_out_what_is_never_asked_again(ledger: Ledger):
    first, second = leased(ledger, 1, 2)
    later = ledger.now() + timedelta(days=1)
    ledger.settle([settlement(first, next_fetch_at=later), settlement(second)])
    assert ledger.make_site_due(SITE) == 1
    assert keys(lease(ledger)) == ["1"]


def test_too_deep_pages_are_passed_over_in_the_index(ledger: Ledger, database: Stories):
    ledger.discover([discovery(number, depth=7) for number in range(2_000)])
    with profiled(database) as commands:
        assert lease(ledger, limit=50, max_depth=3) == []
    assert commands[0]["docsExamined"] == 0


def test_a_run_that_begins_again_has_its_dead_process_s_pages_at_once(ledger: Ledger):
    (held,) = leased(ledger, 1, run="run-1")
    other = lease_another(ledger)
    assert ledger.release("run-1") == 1
    assert [one.key for one in lease(ledger, run="run-1")] == [held.key]
    assert ledger.settle([settlement(held)]) == 0, "the dead process's token is worth nothing"
    assert page(ledger, 2)["lease"]["token"] == other.token


def lease_another(ledger: Ledger) -> Lease:
    ledger.discover([discovery(2)])
    (other,) = lease(ledger, run="run-2")
    return other


def test_a_site_is_leased_while_anybody_holds_a_living_lease(ledger: Ledger, hasty: Ledger):
    leased(ledger, 1, run="run-1")
    assert ledger.is_leased(SITE)
    assert not ledger.is_leased("tempo-id")
    ledger.discover([discovery(5, site="tempo-id")])
    hasty.lease("tempo-id", host=HOST, limit=1, run="run-1", max_depth=9)
    time.sleep(A_MOMENT.total_seconds())
    assert not ledger.is_leased("tempo-id")


def test_who_holds_pages_is_not_looked_for_among_those_that_nobody_holds(ledger: Ledger, database: Stories):
    ledger.discover([discovery(number) for number in range(5_000)])
    with profiled(database) as commands:
        assert not ledger.is_leased(SITE)
    assert commands[0]["docsExamined"] == 0


def test_due_soon_means_a_failed_page_of_this_run(ledger: Ledger):
    (held,) = leased(ledger, 1)
    assert not ledger.due_soon("run-1", within=timedelta(hours=1))
    ledger.retry(held, reason="HTTP 503", pause=timedelta(minutes=5))
    assert not ledger.due_soon("run-1", within=timedelta(minutes=4))
    assert ledger.due_soon("run-1", within=timedelta(minutes=6))
    assert not ledger.due_soon("run-2", within=timedelta(minutes=6))


def test_what_came_back_is_found_without_reading_the_run(ledger: Ledger, database: Stories):
    held = leased(ledger, *range(50))
    ledger.settle(settlement(one) for one in held[2:])
    ledger.retry(held[0], reason="HTTP 503")
    with profiled(database) as commands:
        assert ledger.due_soon("run-1", within=timedelta(minutes=1))
        assert not ledger.has_due("run-1")
        ledger.give_back([held[1]])
        assert ledger.has_due("run-1")
    asked = [entry["docsExamined"] for entry in commands if entry["op"] == "query"]
    assert asked == [1, 0, 1]
    assert not ledger.has_due("run-2")


def test_what_a_run_has_spent_is_what_it_need_not_lease_again(ledger: Ledger):
    settled, failed, handed, _died, taken_back = leased(ledger, 1, 2, 3, 4, 5)
    ledger.settle([settlement(settled)])
    ledger.retry(failed, reason="HTTP 503")
    for number, page in enumerate((handed, taken_back)):
        ledger.hand_over({page.key: page.token}, job_id=f"job-{number}")
    ledger.release("run-1")
    ledger.take_back(["job-1"], reason="its job is gone")
    ledger.discover([discovery(6)])
    assert ledger.spent("run-1") == 3
    assert ledger.spent("run-2") == 0


# -- back -------------------------------------------------------------------------------------------------------


def test_a_page_given_back_is_due_at_once_without_an_attempt(ledger: Ledger):
    (held,) = leased(ledger, 1)
    ledger.give_back([held])
    (again,) = lease(ledger, run="run-2")
    assert (again.key, again.attempts) == (held.key, 0)
    ledger.give_back([held])  # not its owner any more
    assert page(ledger)["lease"]["token"] == again.token


@pytest.mark.parametrize(
    ("attempts", "asked", "pause"),
    [
        (0, None, 10),
        (1, None, 30),
        (4, None, 1800),
        (40, None, 1800),
        (0, timedelta(minutes=10), 600),
        (3, timedelta(seconds=1), 600),
    ],
)
def test_a_failed_page_waits_longer_each_time_and_as_the_server_asks(
    ledger: Ledger, database: Stories, attempts: int, asked: timedelta | None, pause: int
):
    leased(ledger, 1)
    database["pages"].update_one({}, {"$set": {"attempts": attempts, "nextFetchAt": ledger.now()}})
    (held,) = lease(ledger)
    before = ledger.now()
    ledger.retry(held, reason="HTTP 503", pause=asked)
    stored = page(ledger)
    assert stored["attempts"] == attempts + 1
    assert abs(stored["nextFetchAt"] - before - timedelta(seconds=pause)) < timedelta(seconds=1)
    assert stored["events"][-1] | {"at": None} == {"at": None, "what": "failed", "by": "run-1", "why": "HTTP 503"}
    assert lease(ledger) == []


# -- handed over ------------------------------------------------------------------------------------------------


def test_a_page_handed_over_is_its_jobs_until_it_is_settled(ledger: Ledger):
    (held,) = leased(ledger, 1)
    assert ledger.hand_over({held.key: held.token}, job_id="job-1") == {held.key}
    assert lease(ledger) == []
    assert page(ledger)["state"] == HANDED_OVER
    assert ledger.settle([settlement(held)]) == 1
    stored = page(ledger)
    assert (stored["state"], stored["fate"]) == (SETTLED, "stored")
    assert {"lease", "checkAt", "jobId", "nextFetchAt"}.isdisjoint(stored)


def test_a_page_handed_over_does_not_come_back_when_its_lease_ends(ledger: Ledger, hasty: Ledger):
    ledger.discover([discovery()])
    (held,) = lease(hasty)
    ledger.hand_over({held.key: held.token}, job_id="job-1")
    time.sleep(A_MOMENT.total_seconds())
    assert lease(ledger) == []


def test_what_is_no_longer_ours_cannot_be_handed_over(ledger: Ledger, hasty: Ledger):
    ledger.discover([discovery(1), discovery(2)])
    mine, lost = lease(hasty, limit=2)
    time.sleep(A_MOMENT.total_seconds())
    ledger.give_back([mine])
    theirs = {one.key: one for one in lease(ledger, run="run-2")}
    assert set(theirs) == {mine.key, lost.key}
    assert ledger.hand_over({lost.key: lost.token, mine.key: theirs[mine.key].token}, job_id="job-1") == {mine.key}
    assert page(ledger, int(lost.key.split(":")[1]))["state"] == LEASED


def test_handing_over_twice_says_the_same(ledger: Ledger):
    (held,) = leased(ledger, 1)
    for _ in range(2):  # the first answer was lost on the way
        assert ledger.hand_over({held.key: held.token}, job_id="job-1") == {held.key}


def test_an_overdue_job_is_seen_looked_at_later_and_taken_back(ledger: Ledger, database: Stories):
    first, second, third = leased(ledger, 1, 2, 3)
    ledger.hand_over({first.key: first.token, second.key: second.token}, job_id="job-1")
    ledger.hand_over({third.key: third.token}, job_id="job-2")
    assert ledger.overdue_jobs(limit=10) == {}
    database["pages"].update_many({}, {"$set": {"checkAt": ledger.now() - HAND_OVER_CHECK}})
    overdue = ledger.overdue_jobs(limit=10)
    assert {job: sorted(one["_id"] for one in pages) for job, pages in overdue.items()} == {
        "job-1": [first.key, second.key],
        "job-2": [third.key],
    }
    ledger.look_later(["job-2"])
    assert set(ledger.overdue_jobs(limit=10)) == {"job-1"}
    assert ledger.take_back(["job-1"], reason="its job is gone") == 2
    assert ledger.overdue_jobs(limit=10) == {}
    assert ledger.settle([settlement(first)]) == 0  # the job comes to life again, too late
    assert sorted(keys(lease(ledger))) == ["1", "2"]


# -- settled ----------------------------------------------------------------------------------------------------


def test_a_fate_stands_with_what_the_next_visit_needs(ledger: Ledger):
    (held,) = leased(ledger, 1)
    published = datetime(2026, 11, 24, 3, tzinfo=UTC)
    settled = settlement(
        held, next_fetch_at=ledger.now(), etag='"e"', last_modified="today", digest="d", published=published
    )
    assert ledger.settle([settled]) == 1
    (again,) = lease(ledger)
    assert (again.etag, again.last_modified, again.digest, again.published) == ('"e"', "today", "d", published)
    assert page(ledger)["priority"] == REVISIT
    assert ledger.settle([settlement(again, Fate.NOT_MODIFIED)]) == 1
    stored = page(ledger)
    assert (stored["fate"], stored["etag"], stored["digest"]) == ("notModified", '"e"', "d")


def test_a_fate_clears_the_attempts_before_it(ledger: Ledger):
    (held,) = leased(ledger, 1)
    ledger.retry(held, reason="HTTP 503")
    ledger.make_due([held.key])
    (again,) = lease(ledger)
    assert again.attempts == 1
    ledger.settle([settlement(again, next_fetch_at=ledger.now())])
    assert lease(ledger)[0].attempts == 0


def test_of_many_settlements_the_live_ones_take_effect(ledger: Ledger):
    first, second = leased(ledger, 1, 2)
    wrong = Settlement(key=second.key, token="not-its-token", fate=Fate.GONE)
    assert ledger.settle([settlement(first), wrong, settlement(first)]) == 1
    assert page(ledger, 2)["state"] == LEASED


def test_a_pages_history_does_not_grow_for_ever(ledger: Ledger):
    for _ in range(EVENTS_KEPT):
        (held,) = leased(ledger, 1)
        ledger.settle([settlement(held, Fate.UNCHANGED, next_fetch_at=ledger.now())])
    events = page(ledger)["events"]
    assert len(events) == EVENTS_KEPT
    assert events[-1]["what"] == "unchanged"


# -- asked ------------------------------------------------------------------------------------------------------


def test_a_report_counts_every_page_of_the_run_once(ledger: Ledger):
    stored, other, gone, held, handed, failed = leased(ledger, 1, 2, 3, 4, 5, 6)
    leased(ledger, 7, run="run-2")
    ledger.settle([settlement(stored, page_version="read-2021"), settlement(other), settlement(gone, Fate.GONE)])
    ledger.hand_over({handed.key: handed.token}, job_id="job-1")
    ledger.retry(failed, reason="HTTP 503")
    versions = {"read-2021": 1, "unknown": 1}
    assert ledger.report("run-1") == Report(
        fates={"stored": 2, "gone": 1}, page_versions=versions, in_flight=2, later=1
    )
    assert ledger.report("no-run") == Report(fates={}, page_versions={}, in_flight=0, later=0)
    assert held.key == "tempo-read:4"


def test_an_unknown_page_is_none(ledger: Ledger):
    assert ledger.page("tempo-read:404") is None
