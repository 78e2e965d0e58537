"""Runs: ordered once, alive or silent, resumed, ended, counted."""

from __future__ import annotations

from datetime import timedelta

import pytest

from stories.mongo import Document, Stories
from stories.order import CrawlOrder
from stories.pages import Report
from stories.runs import FAILED, FINISHED, MAX_RESUMES, QUEUED, RUNNING, SILENT, Beginning, Runs
from tests.making import NOON

SECOND = timedelta(seconds=1)


@pytest.fixture
def runs(database: Stories) -> Runs:
    return Runs(database)


def order(runs: Runs, run: str = "run-1", *, schedule: str | None = None, site: str = "tempo-en") -> bool:
    return runs.order(CrawlOrder(run=run, site=site), job_id=f"crawl-{run}", now=NOON, schedule=schedule)


def run(runs: Runs, name: str = "run-1") -> Document:
    found = runs.get(name)
    assert found is not None
    return found


def test_an_order_is_taken_once(runs: Runs):
    assert order(runs, schedule="pagi")
    assert not runs.order(CrawlOrder(run="run-1", site="tempo-id"), job_id="another", now=NOON)
    known = run(runs)
    assert (known["site"], known["state"], known["schedule"], known["jobId"]) == (
        "tempo-en",
        QUEUED,
        "pagi",
        "crawl-run-1",
    )
    assert CrawlOrder.from_json(known["order"]) == CrawlOrder(run="run-1", site="tempo-en")
    assert runs.get("run-404") is None


def test_a_first_start_is_told_from_a_resumed_one(runs: Runs):
    order(runs)
    assert runs.start("run-1", now=NOON) is Beginning.FIRST
    assert runs.start("run-1", now=NOON + SECOND) is Beginning.AGAIN
    assert (run(runs)["state"], run(runs)["startedAt"]) == (RUNNING, NOON)
    assert runs.start("run-404", now=NOON) is Beginning.FIRST  # ordered by nobody: `python -m crawler.run` by hand
    assert runs.beat("run-404", now=NOON, progress={})
    assert runs.get("run-404") is None


def test_a_run_is_its_last_crawlers(runs: Runs, database: Stories):
    """Its worker went silent, so its job was queued again; and yet it lives."""
    first, second = (Runs(database, crawler=name) for name in ("first", "second"))
    order(runs)
    assert first.start("run-1", now=NOON) is Beginning.FIRST
    assert first.beat("run-1", now=NOON, progress={})
    assert second.start("run-1", now=NOON) is Beginning.AGAIN
    assert not first.beat("run-1", now=NOON + SECOND, progress={"leased": 5})
    first.finish("run-1", now=NOON + SECOND, exit_code=0, reason="finished")
    assert (run(runs)["state"], run(runs)["heartbeatAt"]) == (RUNNING, NOON)
    second.finish("run-1", now=NOON + SECOND, exit_code=0, reason="finished")
    assert run(runs)["state"] == FINISHED
    assert first.start("run-1", now=NOON) is Beginning.ENDED
    assert run(runs)["state"] == FINISHED


def test_a_beat_is_a_sign_of_life(runs: Runs):
    order(runs)
    runs.start("run-1", now=NOON)
    later = NOON + 10 * SILENT
    assert [silent["_id"] for silent in runs.silent(now=later)] == ["run-1"]
    runs.beat("run-1", now=later, progress={"leased": 5})
    assert runs.silent(now=later + SILENT) == []
    assert run(runs)["progress"] == {"leased": 5}


def test_a_run_that_is_at_work_elsewhere_is_refused_by_nobody(runs: Runs):
    """Its job came to a machine as well that may not crawl."""
    order(runs)
    runs.start("run-1", now=NOON)
    runs.refuse("run-1", now=NOON + SECOND, exit_code=2, reason="no contact")
    assert run(runs)["state"] == RUNNING
    runs.refuse("run-1", now=NOON + SILENT + SECOND, exit_code=2, reason="no contact")
    assert (run(runs)["state"], run(runs)["exitCode"], run(runs)["finishReason"]) == (FAILED, 2, "no contact")


def test_a_run_that_has_ended_is_not_refused_any_more(runs: Runs):
    order(runs)
    runs.start("run-1", now=NOON)
    runs.finish("run-1", now=NOON + SECOND, exit_code=0, reason="finished")
    runs.refuse("run-1", now=NOON + SECOND, exit_code=2, reason="no contact")
    assert run(runs)["state"] == FINISHED


def test_an_order_that_nobody_begins_is_silent_too(runs: Runs):
    order(runs)
    assert runs.silent(now=NOON + SILENT) == []
    assert len(runs.silent(now=NOON + SILENT + SECOND)) == 1


@pytest.mark.parametrize(("exit_code", "state"), [(0, FINISHED), (1, FAILED), (3, FAILED)])
def test_an_end_has_a_state_and_a_reason(runs: Runs, exit_code: int, state: str):
    order(runs)
    runs.start("run-1", now=NOON)
    runs.finish("run-1", now=NOON + SECOND, exit_code=exit_code, reason="so it was")
    known = run(runs)
    assert (known["state"], known["exitCode"], known["finishReason"]) == (state, exit_code, "so it was")
    assert runs.silent(now=NOON + 10 * SILENT) == []


def test_a_run_at_work_is_not_resumed(runs: Runs):
    order(runs)
    runs.start("run-1", now=NOON)
    assert runs.resume("run-1", job_id="again", now=NOON + SILENT) is None
    assert run(runs)["state"] == RUNNING


def test_a_silent_or_ended_run_is_resumed_once_at_a_time(runs: Runs):
    order(runs)
    runs.start("run-1", now=NOON)
    later = NOON + SILENT + SECOND
    assert runs.resume("run-1", job_id="again", now=later) is not None
    known = run(runs)
    assert (known["state"], known["jobId"], known["resumes"]) == (QUEUED, "again", 1)
    assert runs.resume("run-1", job_id="and-again", now=later) is None  # another sweeper, at once
    runs.finish("run-1", now=later, exit_code=0, reason="finished")
    assert runs.resume("run-1", job_id="more", now=later) is not None
    assert runs.resume("run-404", job_id="none", now=later) is None


def test_a_run_that_dies_of_itself_is_given_up(runs: Runs, database: Stories):
    order(runs)
    database["runs"].update_one({}, {"$set": {"resumes": MAX_RESUMES - 1}})
    assert runs.resume("run-1", job_id="last", now=NOON) is not None
    assert runs.resume("run-1", job_id="no", now=NOON + 10 * SILENT) is None


def test_an_ended_run_with_open_pages_is_to_be_counted_again(runs: Runs):
    for name in ("run-1", "run-2", "run-3"):
        order(runs, name)
        runs.report(name, Report(fates={"stored": 3}, page_versions={}, in_flight=0 if name == "run-2" else 2, later=1))
    for name in ("run-1", "run-2"):
        runs.finish(name, now=NOON, exit_code=0, reason="finished")
    assert runs.unreported() == ["run-1"]
    known = run(runs)
    assert (known["fates"], known["open"], known["later"]) == ({"stored": 3}, 2, 1)
    runs.report("run-1", Report(fates={"stored": 5}, page_versions={}, in_flight=0, later=1))
    assert runs.unreported() == []


def test_few_runs_among_many_are_found_without_reading_all(runs: Runs, database: Stories):
    """Those with open pages, and those that wait: every half minute, and at every look of a monitor."""
    for number in range(50):
        order(runs, f"run-{number}")
        runs.finish(f"run-{number}", now=NOON, exit_code=0, reason="finished")
    runs.report("run-7", Report(fates={}, page_versions={}, in_flight=1, later=0))
    order(runs, "run-50")
    database.command("profile", 2)
    try:
        assert runs.unreported() == ["run-7"]
        assert runs.unbegun() == [NOON]
    finally:
        database.command("profile", 0)
        asked = list(database["system.profile"].find({"ns": f"{database.name}.runs", "op": "query"}))
        database["system.profile"].drop()
    assert [question["docsExamined"] for question in asked] == [1, 1]


def test_an_unfinished_run_is_told_of_until_somebody_has_seen_to_it(runs: Runs):
    for name in ("run-1", "run-2"):
        order(runs, name)
    runs.start("run-1", now=NOON)
    runs.mark_unfinished(["run-1", "run-404"])
    assert runs.unfinished(now=NOON) == []
    runs.finish("run-1", now=NOON, exit_code=0, reason="finished")
    assert [run["_id"] for run in runs.unfinished(now=NOON)] == ["run-1"]
    told = runs.unfinished(now=NOON)
    assert [run["_id"] for run in told] == ["run-1"], "who looked before may have died"
    runs.seen_to(told)
    assert runs.unfinished(now=NOON) == []


def test_pages_that_come_back_while_somebody_sees_to_their_run_are_told_of_again(runs: Runs):
    order(runs)
    runs.finish("run-1", now=NOON, exit_code=0, reason="finished")
    runs.mark_unfinished(["run-1"])
    told = runs.unfinished(now=NOON)
    runs.mark_unfinished(["run-1"])
    runs.seen_to(told)
    assert [run["_id"] for run in runs.unfinished(now=NOON)] == ["run-1"]


def test_who_is_active(runs: Runs):
    order(runs, "run-1", schedule="pagi")
    order(runs, "run-2", site="tempo-id")
    active = runs.active_of_schedules(["pagi", "sore"])
    assert [(schedule, run["_id"]) for schedule, run in active.items()] == [("pagi", "run-1")]
    runs.finish("run-1", now=NOON, exit_code=1, reason="failed")
    assert runs.active_of_schedules(["pagi"]) == {}


def test_many_are_ordered_at_once_each_once(runs: Runs):
    order(runs, "run-1")
    orders = {f"crawl-run-{n}": ("pagi", CrawlOrder(run=f"run-{n}", site="tempo-en")) for n in (1, 2, 3)}
    for _ in range(2):
        runs.order_all(orders, now=NOON + SECOND)
    assert [(known["_id"], known["schedule"]) for known in runs.newest(limit=9)] == [
        ("run-2", "pagi"),
        ("run-3", "pagi"),
        ("run-1", None),
    ]


def test_the_newest_runs(runs: Runs):
    for number in range(3):
        runs.order(CrawlOrder(run=f"run-{number}", site="tempo-en"), job_id="j", now=NOON + number * SECOND)
    assert [known["_id"] for known in runs.newest(limit=2)] == ["run-2", "run-1"]
    runs.start("run-0", now=NOON + SECOND)
    assert [known["_id"] for known in runs.at_work_and_newest(limit=2)] == ["run-0", "run-2"]
    assert [known["_id"] for known in runs.at_work_and_newest(limit=9)] == ["run-0", "run-2", "run-1"]


def test_a_run_that_somebody_has_just_resumed_is_not_given_up(runs: Runs, database: Stories):
    """Two sweepers: the slower one holds a list from before the other's resume."""
    order(runs, "run-1")
    database["runs"].update_one({}, {"$set": {"resumes": MAX_RESUMES - 1, "heartbeatAt": NOON}})
    later = NOON + 2 * SILENT
    assert runs.resume("run-1", job_id="j2", now=later) is not None
    runs.give_up("run-1", now=later)
    assert run(runs)["state"] == QUEUED
    runs.give_up("run-1", now=later + 2 * SILENT)
    assert (run(runs)["state"], run(runs)["finishReason"]) == (FAILED, "it died too often")
