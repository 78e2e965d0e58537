"""Days of schedules in minutes: three schedulers, a clock that jumps, deaths, outages, and people who meddle.

Time is a parameter; MongoDB and Redis are real. `Days.live()` plays it, `Days.judge()` says what went wrong.
"""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from rq.job import Job
from rq.serializers import JSONSerializer

from stories import faults
from stories.order import CrawlOrder
from stories.runs import ACTIVE
from tests.workers.timekeeping import DAY, HOUR, MINUTE, SECOND, history, schedule
from tests.workers.wall import instants
from workers.schedule import CLAIMED, FIRED, MISSED, PROMPT, SKIPPED, CatchUp, Overlap
from workers.scheduler import Scheduler
from workers.stores import Stores
from workers.sweep import sweep
from workers.ticks import TAKE_OVER, Schedules

ZONES = ("Asia/Jakarta", "UTC", "Europe/Amsterdam", "Australia/Sydney", "America/New_York")
LAG = timedelta(seconds=60)  # ServerClock reads MongoDB's clock so often
POINTS = ("after_claim", "after_order", "after_conclude")
Span = tuple[datetime, datetime]


class Killed(Exception):  # noqa: N818 - no error: a test's own kill -9
    pass


@dataclass
class Life:
    """One of the three: a scheduler, its clock, and when it looks again."""

    scheduler: Scheduler
    next_at: datetime
    offset: timedelta = timedelta(0)
    adopts: list[tuple[datetime, timedelta]] = field(default_factory=list)
    """When it will notice the clock's jumps."""


@dataclass
class Days:
    stores: Stores
    begin: datetime
    end: datetime
    count: int
    seed: int
    kills: int
    minutely: int = 0
    """How many schedules tick each minute."""

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.schedules = Schedules(self.stores.database)
        self.lives: list[Life] = []
        self.expected: dict[str, list[tuple[str, str, datetime, datetime | None]]] = {}
        """By schedule: cron and zone, from when to when."""
        self.rung: Counter[str] = Counter()
        self.ends: dict[str, datetime] = {}
        """When a run that is at work will have ended."""
        self.deaths: dict[str, str] = {}
        """A scheduler's thread, and the point at which it shall die."""
        self.trouble: list[Span] = []
        """Spans of the displayed clock in which a tick may be late or missed."""
        self.looks = 0
        self.names = 0

    # -- the world ------------------------------------------------------------------------------------------

    def _cron(self, number: int) -> str:
        if number < self.minutely:
            return "* * * * *"
        minute, hour = 5 * self.chance.randrange(12), self.chance.randrange(24)
        return self.chance.choice(
            [
                "*/15 * * * *",
                "*/20 5-22 * * *",
                f"{minute} * * * *",
                f"{minute} */2 * * *",
                f"{minute} {hour} * * *",
                f"{minute} 1-3 * * *",  # the hours that are missing or doubled
                "30 2 * * *",
                f"{minute} {hour} * * {self.chance.randrange(7)}",
            ]
        )

    def _add(self, name: str, cron: str, zone: str, at: datetime) -> None:
        overlap, catch_up = self.chance.choice(list(Overlap)), self.chance.choice(list(CatchUp))
        known = schedule(name, cron=cron, tz=zone, overlap=overlap, catch_up=catch_up, since=at)
        self.schedules.add(known)
        self.expected[name] = [(cron, zone, at, None)]

    def _scheduler(self) -> Scheduler:
        self.names += 1
        return Scheduler(self.schedules, self.stores.runs, self._ring, name=f"scheduler-{self.names}")

    def _ring(self, orders: Mapping[str, CrawlOrder]) -> None:
        if self.redis_is_away:
            return  # as in workers/clockwork.py: the order stands in MongoDB
        for job, order in orders.items():
            if self.stores.queue.enqueue_crawl(order.to_json(), job_id=job):
                self.rung[order.run] += 1

    def _reached(self, point: str) -> None:
        if self.deaths.get(threading.current_thread().name) == point:
            raise Killed

    # -- what happens, and when -------------------------------------------------------------------------------

    def _plan(self) -> None:
        """Troubles at random times, well apart from the clock's jumps, which have a quarter of the time each."""
        length = self.end - self.begin
        ahead, behind = self.begin + length / 4, self.begin + length * 3 / 4
        self.jumps = [
            (ahead, HOUR),
            (ahead + 25 * MINUTE, timedelta(0)),
            (behind, -HOUR),
            (behind + 40 * MINUTE, timedelta(0)),
        ]
        for at in (ahead, behind):
            self.trouble.append((at - HOUR - 5 * MINUTE, at + HOUR + 45 * MINUTE))
        calm = [span for span in self._spans(16) if not any(b <= span[1] and span[0] <= e for b, e in self.trouble)]
        self.chance.shuffle(calm)
        outages, rest = calm[: len(calm) // 4], calm[len(calm) // 4 :]
        self.outages = [self._within(span, self.chance.choice([3, 20, 90]) * MINUTE) for span in outages]
        self.trouble += [(b - 2 * SECOND, e + 2 * MINUTE) for b, e in self.outages]
        self.redis_outages = [self._within(span, 10 * MINUTE) for span in rest[::2]]
        self.people = sorted(self._within(span, SECOND)[0] for span in calm for _ in range(2))

    def _spans(self, count: int) -> list[Span]:
        step = (self.end - self.begin) / count
        return [(self.begin + n * step, self.begin + (n + 1) * step) for n in range(count)]

    def _within(self, span: Span, length: timedelta) -> Span:
        room = max(0.0, (span[1] - span[0] - length).total_seconds())
        at = span[0] + timedelta(seconds=self.chance.uniform(0, room))
        return at, at + length

    def live(self) -> None:
        self._plan()
        for number in range(self.count):
            self._add(f"s{number}", self._cron(number), self.chance.choice(ZONES), self.begin)
        self.lives = [Life(self._scheduler(), self.begin + n * SECOND / 4) for n in range(3)]
        kills = sorted(self._within((self.begin, self.end), SECOND)[0] for _ in range(self.kills))
        swept = self.begin
        faults.reached, usual = self._reached, faults.reached
        try:
            with ThreadPoolExecutor(3) as pool:
                while (at := min(life.next_at for life in self.lives)) <= self.end:
                    self.redis_is_away = any(b <= at < e for b, e in self.redis_outages)
                    if outage := next((e for b, e in self.outages if b <= at < e), None):
                        self._sleep_until(outage)
                        continue
                    self._jump(at)
                    while self.people and self.people[0] <= at:
                        self._meddle(self.people.pop(0))
                    dying = bool(kills) and kills[0] <= at
                    if dying:
                        kills.pop(0)
                    self._finish_runs(at)
                    self._look_together(at, pool, dying=dying)
                    if at - swept > HOUR and not self.redis_is_away:
                        self._sweep(at)
                        swept = at
                self._end(pool)
        finally:
            faults.reached = usual

    def _sleep_until(self, at: datetime) -> None:
        """Nobody is there: schedulers or MongoDB are away. All memory of theirs is lost."""
        for life in self.lives:
            if life.next_at < at:
                life.scheduler, life.next_at = self._scheduler(), at + self.chance.uniform(0, 1) * SECOND
        self.people = [moment for moment in self.people if moment > at]

    def _jump(self, at: datetime) -> None:
        while self.jumps and self.jumps[0][0] <= at:
            jumped_at, offset = self.jumps.pop(0)
            for life in self.lives:
                life.adopts.append((jumped_at + self.chance.uniform(0, 1) * LAG, offset))
        for life in self.lives:
            while life.adopts and life.adopts[0][0] <= at:
                life.offset = life.adopts.pop(0)[1]

    def _meddle(self, at: datetime) -> None:
        """A person pauses, resumes, changes, removes or adds a schedule; those that hold it notice within a second."""
        name = self.chance.choice(list(self.expected))
        spans = self.expected[name]
        cron, zone, since, until = spans[-1]
        if until is not None:
            self.schedules.resume(name, now=at)
            spans.append((cron, zone, at, None))
        else:
            match self.chance.randrange(4):
                case 0:
                    self.schedules.pause(name, now=at)
                    spans[-1] = (cron, zone, since, at)
                case 1:
                    new = self._cron(self.count)
                    self.schedules.edit(name, now=at, cron=new)
                    if new != cron:
                        spans[-1:] = [(cron, zone, since, at), (new, zone, at, None)]
                case 2:
                    self.schedules.remove(name)
                    del self.expected[name]
                case 3:
                    self._add(f"s{len(self.expected)}-{self.chance.randrange(10**9)}", self._cron(self.count), zone, at)
        for life in self.lives:
            life.next_at = min(life.next_at, at + self.chance.uniform(0, 1) * SECOND)
        self.trouble.append((at - 2 * SECOND, at + 2 * SECOND))

    def _look_together(self, at: datetime, pool: ThreadPoolExecutor, *, dying: bool) -> None:
        """All that look within this second do so at once, in threads of their own."""
        awake = [life for life in self.lives if life.next_at <= at + SECOND / 2]
        victim = self.chance.choice(awake) if dying else None
        point = self.chance.choice(POINTS)
        for life, killed in zip(awake, pool.map(lambda life: self._look(life, victim, point), awake), strict=True):
            self.looks += 1
            now = life.next_at + life.offset
            if killed:
                self.trouble.append((now - 2 * MINUTE, now + TAKE_OVER + 2 * SECOND))
                life.scheduler = self._scheduler()
                life.next_at += self.chance.uniform(5, 60) * SECOND
                continue
            soon = HOUR if not (self.deaths or life.adopts) else SECOND
            pause = life.scheduler.next_look(now, at_most=min(soon, 10 * MINUTE))
            # A process wakes a little later than it asked for; idle looks in between would find nothing.
            life.next_at += pause + self.chance.uniform(0.001, 0.4) * SECOND

    def _look(self, life: Life, victim: Life | None, point: str) -> bool:
        name = threading.current_thread().name
        self.deaths.pop(name, None)
        if life is victim:
            self.deaths[name] = point
        try:
            life.scheduler.look(life.next_at + life.offset)
        except Killed:
            return True
        finally:
            self.deaths.pop(name, None)
        return False

    # -- what crawlers and the sweeper do -----------------------------------------------------------------------

    def _finish_runs(self, at: datetime) -> None:
        for run in [run for run in self.rung if run not in self.ends]:
            self.ends[run] = at + self.chance.uniform(1, 40) * MINUTE
        for run in [run for run, end in self.ends.items() if end <= at]:
            known = self.stores.runs.get(run)
            if known and known["state"] in ACTIVE:
                self.stores.runs.finish(run, now=at, exit_code=0, reason="finished")
                # A second order of the same crawl would be a second job now.
                Job.fetch(known["jobId"], connection=self.stores.queue.connection, serializer=JSONSerializer).delete()
            self.ends[run] = self.end + 100 * DAY

    def _sweep(self, at: datetime) -> None:
        sweep(self.stores)
        for run in self.stores.database["runs"].find({"state": {"$in": ACTIVE}}, {"jobId": 1}):
            if Job.exists(run["jobId"], connection=self.stores.queue.connection):  # else an earlier one goes first
                self.ends.setdefault(run["_id"], at + self.chance.uniform(1, 40) * MINUTE)

    def _end(self, pool: ThreadPoolExecutor) -> None:
        """All are well, and the last second passes."""
        self.redis_is_away = False
        for moment in (self.end, self.end + TAKE_OVER + SECOND):
            list(pool.map(lambda life, at=moment: life.scheduler.look(at), self.lives))
        self._sweep(self.end)

    # -- judged -------------------------------------------------------------------------------------------------

    def judge(self) -> Judgement:
        verdict = Judgement(looks=self.looks)
        for name, spans in self.expected.items():
            told = history(self.stores, name)
            planned: set[datetime] = set()
            for cron, zone, since, until in spans:
                all_of_it = instants(cron, zone, self.begin, self.end.replace(second=0))
                planned |= {at for at in all_of_it if since < at <= (until or self.end)}
            verdict.unrecorded += [(name, at) for at in planned - told.keys()]
            verdict.unplanned += [(name, at) for at in told.keys() - planned]
            for at, tick in told.items():
                verdict.outcomes[tick["outcome"]] += 1
                self._judge_tick(name, at, tick, verdict)
        runs = Counter(run["_id"] for run in self.stores.database["runs"].find({}, {"_id": 1}))
        of_living = {run for run in runs if run.rpartition("-")[0] in self.expected}
        verdict.doubled += [run for run, times in self.rung.items() if times > 1]
        verdict.doubled += sorted(of_living - verdict.runs)  # ordered, though its tick says otherwise
        verdict.unordered += sorted(verdict.runs - runs.keys())
        return verdict

    def _judge_tick(self, name: str, at: datetime, tick: dict, verdict: Judgement) -> None:
        in_trouble = any(begin <= at <= end for begin, end in self.trouble)
        if tick["outcome"] == CLAIMED:
            verdict.stuck.append((name, at))
        elif tick["outcome"] == FIRED:
            verdict.runs.add(tick["run"])
            if tick["reason"] is None and not timedelta(0) <= tick["at"] - at <= PROMPT:
                verdict.late.append((name, at, tick["at"]))
            if tick["reason"] is not None and not in_trouble:
                verdict.late.append((name, at, tick["reason"]))
        elif tick["outcome"] == MISSED and not in_trouble:
            verdict.late.append((name, at, tick["reason"]))
        elif tick["outcome"] == SKIPPED and not tick["reason"]:
            verdict.unexplained.append((name, at))


@dataclass
class Judgement:
    """What went wrong; all lists are empty if nothing did."""

    looks: int
    outcomes: Counter[str] = field(default_factory=Counter)
    runs: set[str] = field(default_factory=set)
    unrecorded: list = field(default_factory=list)
    unplanned: list = field(default_factory=list)
    unordered: list = field(default_factory=list)
    doubled: list = field(default_factory=list)
    late: list = field(default_factory=list)
    stuck: list = field(default_factory=list)
    unexplained: list = field(default_factory=list)

    def faults(self) -> dict[str, list]:
        names = ("unrecorded", "unplanned", "unordered", "doubled", "late", "stuck", "unexplained")
        return {name: found[:5] for name in names if (found := getattr(self, name))}
