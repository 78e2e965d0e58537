"""A house at work in which things are killed: its newspaper, its processes, its history, and the calm afterwards.

    with storm(settings, seed=seed, parts=PARTS) as weather:
        weather.order("tempo-en")
        weather.let_pass(20)  # pages
        weather.kill("a crawler", weather.victims("crawler.run"))
        weather.calm(tally)  # all is drained, and nothing is lost, twice or stuck

A failure tells the seed and what was done when, to whom.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import uuid4

from pymongo.errors import PyMongoError

from console.crew import CRAWLERS, ENRICHERS, Crew, crew
from console.workplace import Workplace, workplace
from stories.mongo import client
from stories.patience import patiently
from stories.runs import ACTIVE, SILENT
from stories.settings import Settings
from tests.e2e import house
from tests.e2e.storms.newspaper import SITES, Newspaper, newspaper
from tests.faults.record import Tally
from workers.sweep import sweep

STORIES = 600
FEWER = 300
"""Where there are fewer kills, or each lasts for seconds: every kill still comes in mid-crawl, for one is ordered
whenever none is at work, and the newspaper is small enough to be read twice in a short run.
"""
FEWEST = 160
"""Where two crawls are more than enough for two trials."""
PARTS = (CRAWLERS, CRAWLERS, ENRICHERS, ENRICHERS)
STUCK = 300.0
"""Seconds: what is open for longer after a storm is stuck."""
_QUIET = 8.0
"""Seconds without a request after which another crawl is ordered: a storm needs something to disturb."""
_LONGEST = 120.0
"""Seconds between two kills; the crawls of a killed worker are taken up after thirty."""
_LOOK = 0.05
_BEFORE = timedelta(seconds=1)


@dataclass(slots=True)
class History:
    """What was done to the house, so that a failure can be understood and had again."""

    seed: int
    began: float = field(default_factory=time.monotonic)
    events: list[str] = field(default_factory=list)

    def note(self, what: str) -> None:
        self.events.append(f"{time.monotonic() - self.began:7.2f} s  {what}")

    def __str__(self) -> str:
        return "\n".join((f"--seed={self.seed}, and this happened:", *self.events))

    @contextmanager
    def told(self) -> Iterator[None]:
        """Whatever goes wrong inside says what was done."""
        try:
            yield
        except BaseException as error:
            error.add_note(str(self))
            raise


@dataclass(slots=True)
class Storm:
    place: Workplace
    paper: Newspaper
    crews: list[Crew]
    history: History
    chance: random.Random
    sweeps: bool
    """Whether this does: else a scheduler's process has to."""
    runs: list[str] = field(default_factory=list)
    sites: set[str] = field(default_factory=set)
    kills: int = 0
    _looked_at: float = 0.0
    _told: dict[str, str] = field(default_factory=dict)

    # -- the house at work ------------------------------------------------------------------------------------

    def change_the_newspaper(self) -> None:
        """Stories are edited and removed; all of a site is asked for again."""
        self.paper.change()
        self.history.note("stories were edited and removed")
        self.order(self.chance.choice(SITES), fresh=True)

    def order(self, site: str, *, enqueue: bool = True, **changes: object) -> str:
        """A crawl of all the days of a site."""
        run = house.order(self.place, site, self.paper.world, enqueue=enqueue, **changes)
        self.runs.append(run.run)
        self.sites.add(site)
        self.history.note(f"ordered {run.run} {changes or ''}")
        return run.run

    @contextmanager
    def joined_by(self, *parts: tuple[str, ...]) -> Iterator[None]:
        """Further processes, for as long as the block lasts."""
        with crew(self.place.settings, parts) as members:
            self.crews.append(members)
            yield
            self.crews.remove(members)

    def look(self) -> None:
        """What a supervisor does, and the scheduler where there is none: start who died, sweep."""
        for died in [name for members in self.crews for name in members.look()]:
            self.history.note(died)
        if time.monotonic() - self._looked_at > 1:
            if self.sweeps:
                patiently(sweep, self.place.stores)
            self._note_what_moved()
            self._looked_at = time.monotonic()

    def _note_what_moved(self) -> None:
        for run in self.place.stores.database["runs"].find():
            told = f"{run['_id']} is {run['state']}, resumed {run['resumes']} times"
            if self._told.get(run["_id"]) != told:
                self.history.note(told)
                self._told[run["_id"]] = told

    def wait(self, done: Callable[[], object], what: str, *, limit: float = _LONGEST) -> None:
        """Until it is so, while the house goes on. Fails after `limit` seconds."""
        end = time.monotonic() + limit
        while not done():
            assert time.monotonic() < end, f"not within {limit:.0f} s: {what}; {self._what_is_open()}"
            self.look()
            time.sleep(_LOOK)

    def _what_is_open(self) -> str:
        """Pages that somebody has, and what crawlers last said."""
        running = self.place.stores.database["runs"].find({"state": "running"}, {"progress": 1, "heartbeatAt": 1})
        return f"open: {house.stuck(self.place)}; running: {list(running)}"

    def let_pass(self, pages: int) -> None:
        """Until the newspaper was asked for so many more; if nobody asks, somebody is told to."""
        begun = asked = self.paper.asked()
        moved = time.monotonic()

        def have_passed() -> bool:
            nonlocal asked, moved
            now = self.paper.asked()
            if now > asked:
                asked, moved = now, time.monotonic()
            elif self.keep_at_work(time.monotonic() - moved > _QUIET):
                moved = time.monotonic()
            return now >= begun + pages

        self.wait(have_passed, f"{pages} pages asked for")

    def keep_at_work(self, is_quiet: bool = False) -> bool:
        """Order another crawl if none is at work, or all too quietly; True if it was."""
        if not is_quiet and self.place.stores.database["runs"].count_documents({"state": {"$in": ACTIVE}}):
            return False
        self.change_the_newspaper()  # else nothing is new, and enrichers have nothing to do
        return True

    def pass_a_minute(self) -> None:
        """For whoever waits for a sign of life of a dead crawler or a lost job. What lives gives its own soon."""
        house.a_minute_later(self.place)
        missed = self.place.now() - SILENT
        silent = {"heartbeatAt": missed - _BEFORE, "missedAt": missed}
        self.place.stores.database["runs"].update_many({"heartbeatAt": {"$exists": True}}, {"$set": silent})
        self.history.note("as if a minute had passed")

    def some_time(self, *, at_most: float = 0.3) -> None:
        """A random moment, so that a kill hits any step."""
        time.sleep(self.chance.uniform(0, at_most))

    # -- the storm --------------------------------------------------------------------------------------------

    def pids_of(self, part: str) -> list[int]:
        """Of `worker crawl`, and so on; without those that are dead and not yet started again."""
        alive = {pid for pid, _ in house.children(os.getpid())}
        return [pid for members in self.crews for pid in members.pids().get(part, ()) if pid in alive]

    def victims(self, *words: str) -> list[int]:
        """Our processes whose command line has these words: workers with their children, crawlers."""
        return [pid for pid, command in house.children(os.getpid()) if all(word in command for word in words)]

    def kill(self, what: str, pids: Sequence[int], *, with_signal: int = signal.SIGKILL) -> int:
        """Kill these; gives how many there still were."""
        killed = 0
        for pid in pids:
            with suppress(ProcessLookupError):  # it ended by itself since we looked
                os.kill(pid, with_signal)
                self.history.note(f"{signal.Signals(with_signal).name} to {what}, pid {pid}")
                killed += 1
        self.kills += killed
        return killed

    def kill_one(self, what: str, find: Callable[[], Sequence[int]], *, most: int = 1) -> None:
        """Kill one of these, or up to `most` at once, as soon as there are some."""
        before = self.kills

        def was_killed() -> bool:
            found = find()
            chosen = self.chance.sample(found, min(len(found), most)) if found else []
            return self.kill(what, chosen) > 0

        self.wait(was_killed, f"{what} to kill")
        assert self.kills > before

    # -- the calm ---------------------------------------------------------------------------------------------

    def calm(self, tally: Tally | None = None, *, trials: int | None = None) -> None:
        """The storm is over: what is open ends within five minutes. What came of it is counted, and then judged.

        As many trials as there were kills, unless it is said.
        """
        self.paper.hurry()
        try:
            took = house.drain(self.place, self.runs, limit=STUCK, each_look=self.look, sweeps=False)
            self.history.note(f"drained in {took:.1f} s")
        finally:
            verdict = self.paper.verdict(self.place, self.sites)
            if tally:
                counted = self.kills if trials is None else trials
                tally.add(trials=counted, seed=self.history.seed, **verdict.counts())
        assert verdict.is_good, verdict
        print(self.history)


@contextmanager
def storm(
    settings: Settings,
    *,
    seed: int,
    parts: Sequence[tuple[str, ...]] = PARTS,
    stories: int = STORIES,
    sweeps: bool = True,
    **changes: object,
) -> Iterator[Storm]:
    """A newspaper, an empty database on the servers of these settings, and a crew; with the default lease.

    Where a scheduler takes part, nobody else `sweeps`.
    """
    history, chance = History(seed), random.Random(seed)
    usual = {"lease_seconds": Settings().lease_seconds, "concurrency": 4, "database": f"storm_{uuid4().hex[:12]}"}
    with history.told(), newspaper(stories=stories, chance=chance) as paper:
        own = house.settings_for(settings, paper.replica, **{**usual, **changes})
        try:
            with workplace(own) as place, crew(place.settings, parts) as members:
                place.stores.queue.connection.flushall()
                yield Storm(place=place, paper=paper, crews=[members], history=history, chance=chance, sweeps=sweeps)
        finally:
            with suppress(PyMongoError), client(own.mongo_url) as mongo:  # a failed test's own may be dead
                mongo.drop_database(own.database)


def rounds(trials: int, *, most: int, seed: int) -> Iterator[tuple[int, int]]:
    """A newspaper each: its seed and how many of the trials are its own, `most` at most.

    The first has the seed that was given, so that `--seed` of a later one has just that again.
    """
    count = -(-trials // most)
    return ((seed + n, trials * (n + 1) // count - trials * n // count) for n in range(count))
