"""Three hosts crawl; one is cut off in mid-crawl and healed: python -m tests.hosts.scenario PLAN FOLDER

Runs in a network namespace that the test makes, and says what came of it: one line of JSON. PLAN is JSON, too.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from pymongo import ReadPreference

from console.workplace import Workplace, workplace
from crawler.follow import key_of
from replica.process import ReplicaProcess
from stories.pages import HAND_OVER_CHECK, HANDED_OVER, LEASED
from stories.patience import patiently
from stories.queue import CRAWL, ENRICH, QUEUES
from stories.runs import ACTIVE
from stories.settings import Settings
from tests.e2e import house
from tests.hosts.network import OUTSIDE, Machine, address, make_bridges
from tests.hosts.servers import Cluster
from tests.waiting import wait_for
from workers.sweep import sweep

PORT = 8093
JOB_CHECK = HAND_OVER_CHECK - timedelta(seconds=15)  # so soon a job is missed here: no test waits for a minute
ON_ITS_WAY = timedelta(seconds=3)  # what was being stored when the network was cut
DRAIN_LIMIT = 120.0  # seconds
SLOW = 4.0  # seconds for a page: a first crawl has not ended before the last one begins
WINDOW = 5.0  # seconds
RESTART = 2.0  # seconds until a service manager starts again what has ended


@dataclass(frozen=True, kw_only=True)
class Plan:
    seed: int
    stories: int
    orders: Sequence[str]
    """A site for each crawl; the first is begun on the host that is cut off."""
    victim: str
    """`first`: the host with MongoDB's primary and Redis' master; `other`: one without."""
    networks: Sequence[str]
    """From what it is cut off."""
    seconds: float
    """For how long, at least."""
    times: int
    """How often. Once: until the others have gone on."""
    delay: float
    lease_seconds: int


class Host:
    """A machine with its parts, which are started again when they end, as a service manager does."""

    def __init__(self, machine: Machine, parts: Sequence[tuple[str, ...]], settings: Settings) -> None:
        self.machine = machine
        self.parts = parts
        self.deaths: list[str] = []
        variables = [f"{name}={value}" for name, value in settings.as_variables().items()]
        self._environment = ["env", *variables]
        ways = (f"127.0.0.1:{PORT}", f"{address(OUTSIDE)}:{PORT}")
        self.machine.start("forward", [sys.executable, "-m", "tests.hosts.forward", *ways])
        self._running: dict[tuple[str, ...], subprocess.Popen[bytes]] = {}
        self._ended: dict[tuple[str, ...], float] = {}
        for part in parts:
            self._start(part)

    def look(self) -> None:
        for part, process in self._running.items():
            if process.poll() is not None and part not in self._ended:
                self._ended[part] = time.monotonic()
                self.deaths.append(f"{' '.join(part)} on host {self.machine.number}: {process.returncode}")
        for part in [part for part, at in self._ended.items() if time.monotonic() - at > RESTART]:
            del self._ended[part]
            self._start(part)

    def _start(self, part: tuple[str, ...]) -> None:
        command = [*self._environment, sys.executable, "-m", "console.cli", *part]
        self._running[part] = self.machine.start("-".join(part), command)


class Story:
    """What happens, in order."""

    def __init__(self, plan: Plan, place: Workplace, cluster: Cluster, replica: ReplicaProcess) -> None:
        self.plan, self.place, self.cluster, self.replica = plan, place, cluster, replica
        self.world = replica.mirror()
        self.hosts: list[Host] = []
        self.runs: list[str] = []
        self.held: set[str] = set()
        """Addresses of what the host that is cut off was at."""
        self.said: dict[str, Any] = {}

    def until(self, condition: Callable[[], Any], what: str, *, limit: float = 90.0) -> Any:
        """Look after the hosts meanwhile."""

        def look() -> Any:
            for host in self.hosts:
                host.look()
            return condition()

        return wait_for(look, what, limit=limit)

    def begin(self) -> None:
        """The first crawl on the victim, then the others elsewhere. No page is quick until all are at work."""
        self.replica.delay(SLOW)
        machines = list(self.cluster.machines)
        first = machines[0] if self.plan.victim == "first" else machines[-1]
        machines.sort(key=lambda machine: machine is not first)
        settings = self.place.settings
        crew = [("worker", CRAWL), ("worker", ENRICH), ("scheduler",)]
        self.hosts.append(Host(machines[0], crew, settings))
        self._order(self.plan.orders[0])
        self.until(lambda: self._is_running(0), "a crawl on the first host")
        self.hosts += [Host(machines[1], crew, settings), Host(machines[2], crew[:2], settings)]
        for site in self.plan.orders[1:]:
            self._order(site)
        self.until(lambda: all(map(self._is_running, range(len(self.runs)))), "crawls on all hosts")
        self.replica.delay(0)

    def _order(self, site: str) -> None:
        self.runs.append(house.order(self.place, site, self.world).run)

    def _is_running(self, number: int) -> bool:
        run = self.place.stores.runs.get(self.runs[number])
        return bool(run and run["state"] == "running" and run.get("progress", {}).get("leased"))

    def cut(self) -> None:
        stories = self.place.stores.database["stories"]
        self.until(lambda: stories.count_documents({}) >= self.plan.stories // 8, "the first stories")
        self.said["before"] = self._who_leads()
        for _ in range(self.plan.times):
            self.held |= self._held()
            self.hosts[0].machine.cut_off(*self.plan.networks)
            began = datetime.now(UTC)
            self.held |= self._held()
            self._last(self.plan.seconds)
            if self.plan.times == 1:
                self._others_go_on(since=began)
            self.hosts[0].machine.heal()
            self._last(self.plan.seconds if self.plan.times > 1 else 0)

    def _last(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        self.until(lambda: time.monotonic() > until, "time to pass", limit=seconds + 5)

    def _others_go_on(self, *, since: datetime) -> None:
        meanwhile = {"firstStoredAt": {"$gt": since + ON_ITS_WAY}}
        stories = self.place.stores.database["stories"]
        at = {"sort": [("firstStoredAt", 1)]}
        first = self.until(lambda: patiently(stories.find_one, meanwhile, **at), "a story of the others'")
        self.said["went on after"] = round((first["firstStoredAt"] - since).total_seconds(), 1)
        self.said["during"] = self._who_leads()

    def _who_leads(self) -> dict[str, Any]:
        return {"primary": self.cluster.primary(), "masters": self.cluster.masters()}

    def _held(self) -> set[str]:
        """Addresses of what the first host is at, or anybody has handed over: a member that follows knows, too."""
        pages = self.place.stores.database["pages"].with_options(read_preference=ReadPreference.SECONDARY_PREFERRED)
        of_the_first = {"$or": [{"state": LEASED, "run": self.runs[0]}, {"state": HANDED_OVER}]}
        return set(patiently(pages.distinct, "url", of_the_first))

    def end(self) -> None:
        healed = time.monotonic()
        self.until(self.cluster.is_whole, "all members back")
        self.said["whole after"] = round(time.monotonic() - healed, 1)
        try:
            self.until(lambda: patiently(self._is_drained), "the end of all crawls", limit=DRAIN_LIMIT)
        except AssertionError as error:
            raise AssertionError(f"{error}; {self._what_is_open()}") from error
        self.said["drained after"] = round(time.monotonic() - healed, 1)

    def _is_drained(self) -> bool:
        stores = self.place.stores
        pages = stores.database["pages"]
        handed_over_a_while_ago = {"state": HANDED_OVER, "checkAt": {"$lt": self.place.now() + JOB_CHECK}}
        pages.update_many(handed_over_a_while_ago, {"$set": {"checkAt": self.place.now()}})
        sweep(stores)
        is_open = {"$or": [{"state": {"$in": [LEASED, HANDED_OVER]}}, {"state": "due", "run": {"$exists": True}}]}
        states = [stores.runs.get(run)["state"] for run in self.runs]
        return not pages.count_documents(is_open) and not any(state in ACTIVE for state in states)

    def _what_is_open(self) -> str:
        stores = self.place.stores
        runs = [stores.runs.get(run) for run in self.runs]
        queue = stores.queue
        jobs = queue.statuses([run["jobId"] for run in runs])
        return f"{house.stuck(self.place)}; {runs}; {jobs}; {queue.counts()}; {queue.workers()}; {self.said}"

    def tell(self) -> dict[str, Any]:
        stores, sites = self.place.stores, sorted(set(self.plan.orders))
        expected = set().union(*(house.expected_keys(self.world, site) for site in sites))
        found = set().union(*(house.stored(self.place, site) for site in sites))
        stories = list(stores.database["stories"].find({}, {"canonicalUrl": 1}))
        failed = partial(stores.queue.jobs, status="failed")
        entries = [one for one in self.replica.log() if one["path"] != "/robots.txt"]
        asked = Counter(f"https://{one['host']}{one['path']}" for one in entries)
        articles = {url for url in asked if key_of(url) in expected}  # listings are each order's own
        by_host: dict[str, list[float]] = {}
        for one in self.replica.log():
            by_host.setdefault(one["host"], []).append(one["time"])
        return {
            **self.said,
            "lost": sorted(expected - found),
            "unexpected": sorted(found - expected),
            "duplicated": len(stories) - len({story["canonicalUrl"] for story in stories}),
            "stories": len(stories),
            "quarantined": stores.quarantine.count(),
            "failed jobs": [f"{job.id}: {job.error}" for name in QUEUES for job in failed(name, limit=10)],
            "fates": {run: stores.runs.get(run).get("fates") for run in self.runs},
            "twice": sorted(url for url in articles - self.held if asked[url] > 1),
            "most asked": {host: house.most_in(WINDOW, sorted(times)) for host, times in by_host.items()},
            "deaths": [death for host in self.hosts for death in host.deaths],
        }


def play(plan: Plan, folder: Path) -> dict[str, Any]:
    began = time.monotonic()
    make_bridges()
    cluster = Cluster([Machine(number, folder) for number in (1, 2, 3)])
    cluster.start()
    ready = time.monotonic()
    with ReplicaProcess(stories=plan.stories, seed=plan.seed) as replica:
        forward = [sys.executable, "-m", "tests.hosts.forward", f"{address(OUTSIDE)}:{PORT}", replica.url[7:]]
        carrying = subprocess.Popen(forward)
        settings = Settings(
            home=folder,
            mongo_url=cluster.mongo_url,
            redis_url=cluster.redis_url,
            replica=f"http://127.0.0.1:{PORT}",
            delay=plan.delay,
            lease_seconds=plan.lease_seconds,
            log_level="WARNING",
        )
        try:
            with workplace(settings) as place:
                story = Story(plan, place, cluster, replica)
                story.begin()
                story.cut()
                story.end()
                told = story.tell()
        finally:
            carrying.kill()
            carrying.wait()
    return {**told, "ready after": round(ready - began, 1), "seconds": round(time.monotonic() - began, 1)}


def main(plan: str, folder: str) -> None:
    print(json.dumps(play(Plan(**json.loads(plan)), Path(folder))))


if __name__ == "__main__":
    main(*sys.argv[1:])
