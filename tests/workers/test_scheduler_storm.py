"""Real `kliping scheduler` processes in real time: killed at random and at named points, and left by their servers."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from rq.job import Job
from rq.serializers import JSONSerializer

from console.cli import SERVER_TROUBLE
from console.services import services
from stories import mongo
from stories.mongo import Document
from stories.settings import Settings
from tests.faults.record import Tally
from tests.waiting import wait_for
from tests.workers.timekeeping import SECOND, history, jobs, schedule, scheduler
from workers.leash import die_with_parent
from workers.schedule import CLAIMED, FIRED, PROMPT
from workers.scheduler import EVERY
from workers.stores import Stores, open_stores
from workers.sweep import sweep
from workers.ticks import TAKE_OVER, Schedules

EACH_SECOND = "* * * * * *"
NOWHERE = "http://127.0.0.1:9"
"""Named points work in replica mode only; a scheduler asks no site anyway."""
POINTS = ("after_claim", "after_order", "after_conclude")


def started(stores: Stores, *, fail_at: str | None = None) -> subprocess.Popen[bytes]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("KLIPING_")}
    settings = replace(stores.settings, replica=NOWHERE, fail_at=fail_at, log_level="CRITICAL")
    return subprocess.Popen(
        [sys.executable, "-m", "console.cli", "scheduler"],
        env=own | settings.as_variables(),
        preexec_fn=die_with_parent,  # noqa: PLW1509 - as in console/crew.py
    )


@contextmanager
def schedulers(stores: Stores, count: int) -> Iterator[list[subprocess.Popen[bytes]]]:
    """So many, ready; all that are in the list at the end are ended."""
    running = [started(stores) for _ in range(count)]
    try:
        wait_for(lambda: stores.database["schedulers"].count_documents({}) >= count, "the schedulers begin")
        yield running
    finally:
        for process in running:
            process.send_signal(signal.SIGCONT)
            process.terminate()
        for process in running:
            process.wait(30)


def added(stores: Stores, *names: str, cron: str = EACH_SECOND) -> datetime:
    """Schedules that tick once everybody has noticed them; gives since when."""
    since = stores.ledger.now() + 2 * EVERY
    for name in names:
        Schedules(stores.database).add(schedule(name, cron=cron, since=since))
    return since


def fired_by(stores: Stores, name: str) -> list[Document]:
    return [tick for tick in history(stores, name).values() if tick["outcome"] == FIRED]


def seconds_between(begin: datetime, end: datetime) -> set[datetime]:
    first = begin.replace(microsecond=0) + SECOND
    return {first + n * SECOND for n in range(int((end - first) / SECOND) + 1)}


@contextmanager
def stalls() -> Iterator[list[float]]:
    """By how much this machine kept a thread from waking, in seconds: what it does to us, it does to a scheduler."""
    seen, stop = [0.0], threading.Event()

    def watch() -> None:
        while not stop.is_set():
            before = time.monotonic()
            time.sleep(0.02)
            seen[0] = max(seen[0], time.monotonic() - before - 0.02)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield seen
    finally:
        stop.set()
        thread.join()


@pytest.mark.fault("F3")
def test_forty_ticks_at_once_are_in_the_queue_within_a_second_of_their_time(stores: Stores, tally: Tally) -> None:
    """Measured at the far end: when the job came to the queue."""
    with schedulers(stores, 1), stalls() as stalled:
        names = [f"s{number}" for number in range(40)]
        added(stores, *names, cron="*/2 * * * * *")
        wait_for(lambda: all(len(history(stores, name)) >= 2 for name in names), "two ticks of each")
        wait_for(lambda: len(jobs(stores)) == stores.database["runs"].count_documents({}), "Redis is told")
    runs = {f"crawl-{tick['run']}": at for name in names for at, tick in history(stores, name).items()}
    came = {
        job: Job.fetch(job, connection=stores.queue.connection, serializer=JSONSerializer).enqueued_at
        for job in jobs(stores)
    }
    assert came.keys() == runs.keys()
    lateness = max((came[job].replace(tzinfo=at.tzinfo) - at).total_seconds() for job, at in runs.items())
    print(f"{len(runs)} ticks, the latest {lateness:.3f} s after its time; the machine stalled {stalled[0]:.3f} s")
    assert lateness <= PROMPT.total_seconds() + 2 * stalled[0]
    tally.add(trials=len(runs))


@pytest.mark.fault("F3")
def test_schedulers_killed_at_random_and_at_named_points(
    stores: Stores, tally: Tally, scale: Callable[..., int], seed: int
) -> None:
    """Two that work and one that dies, again and again: each second is recorded once, each crawl ordered once."""
    trials, chance = scale(short=15, long=100), random.Random(seed)
    names = ("a", "b", "c")
    with schedulers(stores, 2) as running:
        begin = added(stores, *names)
        for trial in range(trials):
            if trial % 3:
                die_at_a_point(running, stores, POINTS[trial % 3 - 1 if trial % 2 else 2])
            else:
                die_at_random(running, stores, chance)
    end = stores.ledger.now()
    heir = scheduler(stores, "heir")
    heir.look(end + TAKE_OVER + SECOND)
    a_minute_passes(stores, begin)
    sweep_to_the_end(stores)
    lost, doubled, stuck = judged(stores, names, begin, end)
    tally.add(trials=trials, lost=len(lost), duplicated=len(doubled), stuck=len(stuck), seed=seed)
    assert (lost, doubled, stuck) == ([], [], []), f"seed {seed}"


def die_at_a_point(running: list[subprocess.Popen[bytes]], stores: Stores, point: str) -> None:
    """A third one does; meanwhile the others stand still, so that the ticks are its own."""
    for process in running:
        process.send_signal(signal.SIGSTOP)
    code = SERVER_TROUBLE
    while code == SERVER_TROUBLE:  # on a busy machine MongoDB may not answer within the time that a command takes
        victim = started(stores, fail_at=point)
        running.append(victim)
        code = victim.wait(60)
        running.remove(victim)
    assert code == -signal.SIGKILL, point
    for process in running:
        process.send_signal(signal.SIGCONT)


def die_at_random(running: list[subprocess.Popen[bytes]], stores: Stores, chance: random.Random) -> None:
    time.sleep(chance.uniform(0, 1))
    victim = running.pop(chance.randrange(len(running)))
    victim.kill()
    victim.wait()
    running.append(started(stores))


def runs_told(stores: Stores) -> Counter[str]:
    """The runs of the crawl jobs in Redis."""
    connection = stores.queue.connection
    fetched = (Job.fetch(job, connection=connection, serializer=JSONSerializer) for job in jobs(stores))
    return Counter(job.args[0]["run"] for job in fetched)


def a_minute_passes(stores: Stores, begin: datetime) -> None:
    """Also for a run that a sweeper had resumed, and was killed before it told Redis."""
    before = begin - 60 * SECOND
    stores.database["runs"].update_many({}, {"$set": {"createdAt": before}})
    stores.database["runs"].update_many({"heartbeatAt": {"$exists": True}}, {"$set": {"heartbeatAt": before}})


def sweep_to_the_end(stores: Stores) -> None:
    """Of one schedule one crawl is at work at a time: when that ends, Redis is told of the next that nobody told of."""
    ended: set[str] = set()
    sweep(stores)
    while told := runs_told(stores).keys() - ended:
        for run in told:
            stores.runs.finish(run, now=stores.ledger.now(), exit_code=0, reason="finished")
        ended |= told
        sweep(stores)


def judged(stores: Stores, names: tuple[str, ...], begin: datetime, end: datetime) -> tuple[list, list, list]:
    """Ticks that are not recorded or whose crawl is not ordered; crawls ordered without a tick, or twice; open ones."""
    lost, stuck, ordered = [], [], Counter[str]()
    for name in names:
        told = history(stores, name)
        lost += [(name, at) for at in seconds_between(begin, end) - told.keys()]
        stuck += [(name, at) for at, tick in told.items() if tick["outcome"] == CLAIMED]
        ordered.update(tick["run"] for tick in told.values() if tick["outcome"] == FIRED)
    runs = Counter(run["_id"] for run in stores.database["runs"].find({}, {"_id": 1}))
    waiting = runs_told(stores)
    lost += [run for run in ordered if run not in runs or run not in waiting]
    doubled = [run for run, times in waiting.items() if times > 1 or run not in ordered] + [
        run for run in runs if run not in ordered
    ]
    return lost, doubled, stuck


@pytest.mark.fault("F3")
def test_redis_and_mongodb_away_for_some_ticks(tmp_path: Path, tally: Tally) -> None:
    """Without Redis every tick fires, and Redis is told later; without MongoDB they are caught up or missed."""
    with services(Settings(home=tmp_path)) as up:
        settings = Settings(home=tmp_path, mongo_url=up.mongo_url, redis_url=up.redis_url)
        with open_stores(settings) as stores:
            mongo.prepare(stores.database)
            with schedulers(stores, 2):
                begin = added(stores, "a")
                wait_for(lambda: len(fired_by(stores, "a")) >= 2, "two ticks")
                os.kill(up.pids["valkey"], signal.SIGKILL)
                died = len(fired_by(stores, "a"))
                wait_for(lambda: len(fired_by(stores, "a")) >= died + 3, "three ticks without Redis")
                up.revive()
                os.kill(up.pids["mongod"], signal.SIGKILL)
                time.sleep(2.5)
                up.revive()
                back = stores.ledger.now()
                wait_for(lambda: any(t["at"] > back + SECOND for t in fired_by(stores, "a")), "a tick afterwards")
            end = back
            scheduler(stores, "heir").look(stores.ledger.now() + TAKE_OVER + SECOND)
            a_minute_passes(stores, begin)
            sweep_to_the_end(stores)
            lost, doubled, stuck = judged(stores, ("a",), begin, end)
    tally.add(trials=2, lost=len(lost), duplicated=len(doubled), stuck=len(stuck))
    assert (lost, doubled, stuck) == ([], [], [])
