"""F2: `kill -9` of workers and of their children, at random moments, after saving, before settling, job in hand."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest
from rq import Queue

from console.crew import CRAWLERS, ENRICHERS
from stories.jobs import queue_named
from stories.pages import HANDED_OVER
from stories.queue import ENRICH
from stories.settings import Settings
from tests.e2e.storms.doomed import CHILD_DIED, TAKES, WAITS, doomed
from tests.e2e.storms.newspaper import SITES
from tests.e2e.storms.storm import FEWER, STORIES, Storm, rounds, storm
from tests.faults.record import Tally

POINTS = ("after_save", "before_settle")
A_ROUND = 25
AGAIN = 30.0
"""Seconds after which a killed worker's job runs again."""
A_CRAWLS = 0.2
"""The share of kills that are a crawl's: it is taken up after half a minute."""
IN_HAND = 3
OTHERS = (ENRICHERS, ENRICHERS)
"""Who find it."""
_GLANCE = 0.002
"""Seconds: a child lives for a fifth of one."""


def children_die_at_points(weather: Storm, points: Sequence[str]) -> list[str]:
    """Beside each other: each worker takes a job, its child dies there, and it ends. Gives the points at which none
    died, for the job was another's second try, which is split.
    """
    spared = []
    with ExitStack() as stack:
        there = [(at, stack.enter_context(doomed(weather.place.settings, ENRICH, fail_at=at))) for at in points]
        for point, process in there:
            weather.wait(partial(has_ended, weather, process), "a worker takes a job and ends")
            if process.returncode == CHILD_DIED:
                weather.history.note(f"the child of the enricher {process.pid} died {point}")
                weather.kills += 1
            else:
                spared.append(point)
    return spared


def has_ended(weather: Storm, process: subprocess.Popen[bytes]) -> bool:
    weather.keep_at_work()  # so that there is a job for it
    return process.poll() is not None


def child_dies(weather: Storm, part: str) -> None:
    """The next child that a worker makes, after a random moment."""

    end = time.monotonic() + 60
    while not weather.kill(
        f"a child of {part}", [pid for worker in weather.pids_of(part) for pid in forked(worker)][:1]
    ):
        assert time.monotonic() < end, "no child to kill"
        weather.look()
        weather.keep_at_work()
        time.sleep(weather.chance.uniform(0, _GLANCE))


def forked(worker: int) -> list[int]:
    """Its children, without a look at all processes: they do not live long."""
    try:
        return list(map(int, Path(f"/proc/{worker}/task/{worker}/children").read_text().split()))
    except OSError:  # it is dead
        return []


def workers_die(weather: Storm, kills: int) -> None:
    """A third at the points, a quarter are children, the others workers; one in five of a crawl."""
    for site in SITES:
        weather.order(site)
    weather.let_pass(1)
    points = [POINTS[number % len(POINTS)] for number in range(kills // 3)]
    while points:
        points = children_die_at_points(weather, points)
    weather.change_the_newspaper()
    crawls = int(kills * A_CRAWLS)  # first: so that the others fall into their half minute
    while weather.kills < kills:
        weather.let_pass(weather.chance.randint(1, 20))
        part = "worker crawl" if crawls > 0 else "worker enrich"
        crawls -= 1
        if weather.kills % 2:
            child_dies(weather, part)
        else:
            weather.some_time()
            weather.kill_one(part, partial(weather.pids_of, part))


@pytest.mark.fault("F2")
def test_workers_killed_and_their_children(
    settings: Settings, tally: Tally, scale: Callable[..., int], seed: int
) -> None:
    trials, stories = scale(short=15 - IN_HAND, long=200 - IN_HAND), STORIES
    for own, kills in rounds(trials, most=A_ROUND, seed=seed):
        with storm(settings, seed=own, stories=stories) as weather:
            workers_die(weather, kills)
            weather.calm(tally)


def in_hand(weather: Storm, queue: Queue, workers: Sequence[subprocess.Popen[bytes]]) -> list[str]:
    """The jobs that these have begun, or have taken and not begun."""
    jobs = {worker["pid"]: worker["job"] for worker in weather.place.stores.queue.workers()}
    begun = [jobs[process.pid] for process in workers if jobs.get(process.pid)]
    return [*begun, *queue.intermediate_queue.get_job_ids()[: len(workers) - len(begun)]]


@pytest.mark.fault("F2")
def test_a_killed_workers_job_runs_again_within_half_a_minute(settings: Settings, tally: Tally, seed: int) -> None:
    """Killed for certain with its job: in the middle of the work, or before it began; and one was just cleaning up."""
    with storm(settings, seed=seed, stories=FEWER, parts=(CRAWLERS,)) as weather, ExitStack() as stack:
        queue = queue_named(ENRICH, weather.place.stores.queue.connection)
        queue.connection.set(queue.registry_cleaning_key, 1)  # else one takes another's away
        dying = [
            stack.enter_context(doomed(weather.place.settings, ENRICH, TAKES if number == 0 else WAITS))
            for number in range(IN_HAND)
        ]
        held: list[str] = []

        def all_have_taken() -> bool:
            weather.keep_at_work()
            held[:] = in_hand(weather, queue, dying)
            return len(held) == len(dying)

        weather.wait(all_have_taken, "each has a job in hand")
        stack.enter_context(weather.joined_by(*OTHERS))
        weather.wait(
            lambda: len(weather.place.stores.queue.workers()) == len([CRAWLERS, *dying, *OTHERS]),
            "the others are at work",
        )
        waiting = {"state": HANDED_OVER, "jobId": {"$in": held}}
        pages = weather.place.stores.database["pages"]
        queue.release_maintenance_lock()
        weather.wait(queue.acquire_maintenance_lock, "a worker that cleans up")
        keys = [page["_id"] for page in pages.find(waiting, {"_id": 1})]
        weather.kill("an enricher with a job in hand", [process.pid for process in dying])
        killed = time.monotonic()
        assert len(keys) >= len(held)
        try:
            weather.wait(lambda: not pages.count_documents(waiting), "the jobs run again", limit=AGAIN)
        finally:  # a failure has to say which of them waits, and behind how many
            statuses = weather.place.stores.queue.statuses(held)
            weather.history.note(f"of the jobs in hand: {statuses}; {len(queue)} jobs wait")
        took = time.monotonic() - killed
        weather.history.note(f"{len(keys)} pages of {len(held)} jobs ran again after {took:.1f} s")
        weather.calm(tally, trials=len(held))
