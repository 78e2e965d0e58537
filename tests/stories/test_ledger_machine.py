"""Any order of events on the real ledger, against a dict: one owner a token, and every page can reach a fate."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)

from stories.fate import Fate
from stories.ledger import Ledger
from stories.mongo import Document
from stories.pages import DUE, HANDED_OVER, LEASED, REVISIT, SEED, SETTLED, Lease, Settlement
from stories.takedown import Takedowns
from tests.making import discovery
from tests.servers import emptied
from workers.stores import Stores

SITE, HOST = "tempo-en", "en.tempo.co"
PAGES = st.integers(1, 6)
RUNS = st.sampled_from(["run-a", "run-b"])
FATES = st.sampled_from([Fate.STORED, Fate.GONE, Fate.UNCHANGED])


@dataclass
class Known:
    """What a page must be."""

    state: str = DUE
    token: str | None = None
    """With which it can be settled; None: by nobody."""
    is_due: bool = True
    job: str | None = None
    run: str | None = None
    attempts: int = 0
    depth: int = 9
    priority: int = 0
    aliases: set[str] = field(default_factory=set)
    fates: list[str] = field(default_factory=list)

    @property
    def is_taken_down(self) -> bool:
        return bool(self.fates) and self.fates[-1] == Fate.TAKEN_DOWN.value


class LedgerMachine(RuleBasedStateMachine):
    stores: ClassVar[Stores]
    leases = Bundle("leases")
    jobs = Bundle("jobs")

    def __init__(self) -> None:
        super().__init__()
        emptied(self.stores)
        self.ledger = self.stores.ledger
        self.pages = self.stores.database["pages"]
        self.takedowns = Takedowns(self.stores.database)
        self.hasty = Ledger(self.stores.database, lease=timedelta(milliseconds=1))
        self.known: dict[str, Known] = {}
        self.tokens: set[str] = set()

    def page(self, lease: Lease) -> Known:
        return self.known[lease.key]

    def owns(self, lease: Lease) -> bool:
        return self.page(lease).token == lease.token

    def due(self, max_depth: int = 9) -> set[str]:
        return {key for key, page in self.known.items() if page.is_due and page.depth <= max_depth}

    def passes(self, wanted: Document) -> None:
        """Time, for these pages."""
        past = self.ledger.now() - timedelta(minutes=1)
        self.pages.update_many(wanted | {"checkAt": {"$exists": True}}, {"$set": {"checkAt": past}})
        self.pages.update_many(wanted | {"nextFetchAt": {"$exists": True}}, {"$set": {"nextFetchAt": past}})

    def back(self, page: Known, *, is_due: bool = True) -> None:
        page.state, page.token, page.job, page.is_due = DUE, None, None, is_due

    # -- events -------------------------------------------------------------------------------------------------

    @rule(
        numbers=st.lists(PAGES, min_size=1, max_size=6, unique=True),
        depth=st.integers(0, 3),
        priority=st.integers(1, 3),
        alias=st.sampled_from([None, "https://en.tempo.co/amp/1", "https://en.tempo.co/amp/2"]),
    )
    def discover(self, numbers: list[int], depth: int, priority: int, alias: str | None) -> None:
        """A known page takes the nearer way and the further address, and nothing else."""
        found = [discovery(number, depth=depth, priority=priority, alias=alias) for number in numbers]
        self.ledger.discover(found)
        for one in found:
            page = self.known.setdefault(one.key, Known(priority=priority))
            page.depth = min(page.depth, depth)
            page.aliases |= {alias} if alias else set()

    @rule(target=leases, run=RUNS, limit=st.integers(1, 4), max_depth=st.integers(0, 3))
    def lease(self, run: str, limit: int, max_depth: int) -> object:
        return self._lease(self.ledger, run, limit, max_depth)

    @rule(target=leases, run=RUNS, limit=st.integers(1, 4))
    def lease_that_expires(self, run: str, limit: int) -> object:
        leases = self._lease(self.hasty, run, limit, 9)
        time.sleep(0.006)
        for one in self.known.values():
            one.is_due = one.is_due or (one.state == LEASED and one.token in {lease.token for lease in leases.values})
        return leases

    def _lease(self, ledger: Ledger, run: str, limit: int, max_depth: int) -> object:
        due = self.due(max_depth)
        leases = ledger.lease(SITE, host=HOST, limit=limit, run=run, max_depth=max_depth)
        got = {lease.key for lease in leases}
        assert got <= due
        assert len(got) == len(leases) == min(limit, len(due))
        assert {lease.token for lease in leases}.isdisjoint(self.tokens)
        order = sorted(self.known[key].priority for key in due)
        assert [self.page(lease).priority for lease in leases] == order[: len(leases)]
        for lease in leases:
            page = self.page(lease)
            assert (lease.attempts, lease.depth) == (page.attempts, page.depth)
            page.state, page.token, page.job, page.is_due, page.run = LEASED, lease.token, None, False, run
            self.tokens.add(lease.token)
        return multiple(*leases)

    @rule(lease=leases)
    def its_lease_ends(self, lease: Lease) -> None:
        page = self.page(lease)
        if page.state == LEASED:
            self.passes({"_id": lease.key})
            page.is_due = True

    @rule(some=st.lists(leases, max_size=4, unique_by=lambda lease: lease.key))
    def renew(self, some: list[Lease]) -> None:
        """Also one that has ended, as long as nobody else has taken the page."""
        renewed = self.ledger.renew(some)
        assert set(renewed) == {lease.key for lease in some if self.owns(lease)}
        for key, lease in renewed.items():
            page = self.known[key]
            assert lease.token == page.token
            page.is_due = False

    @rule(run=RUNS)
    def a_run_begins_again(self, run: str) -> None:
        held = [page for page in self.known.values() if page.state == LEASED and page.run == run]
        assert self.ledger.release(run) == len(held)
        for page in held:
            self.back(page)

    @rule(target=jobs, lease=leases)
    def hand_over(self, lease: Lease) -> str:
        job = f"job-{time.monotonic_ns()}"
        owned = self.owns(lease)
        assert self.ledger.hand_over({lease.key: lease.token}, job_id=job) == ({lease.key} if owned else set())
        if owned:
            page = self.page(lease)
            page.state, page.job, page.is_due = HANDED_OVER, job, False
        return job

    @rule(lease=leases, fate=FATES, again=st.booleans())
    def settle(self, lease: Lease, fate: Fate, again: bool) -> None:
        """With a token that may be dead; `again`: the page is due for its next visit at once."""
        owned = self.owns(lease)
        due = self.ledger.now() if again else None
        settlement = Settlement(key=lease.key, token=lease.token, fate=fate, next_fetch_at=due)
        assert self.ledger.settle([settlement]) == owned
        if owned:
            page = self.page(lease)
            page.state, page.token, page.job, page.is_due, page.attempts = SETTLED, None, None, again, 0
            page.priority = REVISIT
            page.fates.append(fate.value)

    @rule(lease=leases)
    def retry(self, lease: Lease) -> None:
        owned = self.owns(lease)
        self.ledger.retry(lease, reason="HTTP 503")
        if owned:
            self.back(self.page(lease), is_due=False)
            self.page(lease).attempts += 1

    @rule(lease=consumes(leases))
    def give_back(self, lease: Lease) -> None:
        owned = self.owns(lease)
        self.ledger.give_back([lease])
        if owned:
            self.back(self.page(lease))

    @rule(job=jobs)
    def take_back(self, job: str) -> None:
        lost = [page for page in self.known.values() if page.job == job]
        assert self.ledger.take_back([job], reason="its job is gone") == len(lost)
        for page in lost:
            self.back(page)

    @rule(alive=st.sets(jobs))
    def sweep(self, alive: set[str]) -> None:
        """A minute passes; jobs that are not alive are gone."""
        self.passes({"state": HANDED_OVER})
        jobs = self.ledger.overdue_jobs(limit=100)
        at_work = {key: page for key, page in self.known.items() if page.job}
        assert {page["_id"]: job for job, pages in jobs.items() for page in pages} == {
            key: page.job for key, page in at_work.items()
        }
        self.ledger.look_later([job for job in jobs if job in alive])
        lost = [page for page in at_work.values() if page.job not in alive]
        assert self.ledger.take_back([job for job in jobs if job not in alive], reason="its job is gone") == len(lost)
        for page in lost:
            self.back(page)
        assert self.ledger.overdue_jobs(limit=100) == {}

    @precondition(lambda self: self.known)
    @rule(number=PAGES)
    def make_due(self, number: int) -> None:
        key = f"tempo-read:{number}"
        page = self.known.get(key)
        can = page is not None and page.state in {DUE, SETTLED} and not page.is_taken_down
        assert self.ledger.make_due([key]) == can
        if page and can:
            self.back(page)
            page.priority = SEED

    @precondition(lambda self: self.known)
    @rule(number=PAGES)
    def take_down(self, number: int) -> None:
        """Whoever holds the page loses it."""
        key = f"tempo-read:{number}"
        mark = self.takedowns.considered(key, lambda _: None, reason=None, now=self.ledger.now())
        self.takedowns.take_down(mark)
        page = self.known.get(key)
        if page:
            page.state, page.token, page.job, page.is_due, page.attempts = SETTLED, None, None, False, 0
            page.priority = REVISIT
            page.fates.append(Fate.TAKEN_DOWN.value)

    @precondition(lambda self: any(page.is_taken_down for page in self.known.values()))
    @rule(number=PAGES)
    def release_what_was_taken_down(self, number: int) -> None:
        key = f"tempo-read:{number}"
        page = self.known.get(key)
        if self.takedowns.release(key, now=self.ledger.now()) and page and page.is_taken_down:
            self.back(page)
            page.fates.clear()  # what was before is forgotten: it is as if nobody had read it

    # -- what always holds ----------------------------------------------------------------------------------------

    @invariant()
    def the_ledger_says_the_same(self) -> None:
        for key, page in self.known.items():
            stored = self.ledger.page(key)
            assert stored is not None
            assert stored["state"] == page.state
            assert stored.get("lease", {}).get("token") == page.token
            assert stored.get("jobId") == page.job
            assert stored["attempts"] == page.attempts
            assert stored["depth"] == page.depth
            assert stored["priority"] == page.priority
            assert set(stored.get("aliases", ())) == page.aliases
            assert stored.get("fate") == (page.fates[-1] if page.fates else None)

    @invariant()
    def a_report_counts_each_leased_page_once(self) -> None:
        reports = [self.ledger.report(run) for run in ("run-a", "run-b")]
        counted = sum(sum(report.fates.values()) + report.in_flight + report.later for report in reports)
        assert counted == self.stores.database["pages"].count_documents({"run": {"$exists": True}})

    @invariant()
    def a_page_is_somebodys_only_under_a_living_lease(self) -> None:
        assert self.ledger.is_leased(SITE) == any(
            page.state == LEASED and not page.is_due for page in self.known.values()
        )

    @invariant()
    def what_failed_is_due_soon_for_its_run(self) -> None:
        for run in ("run-a", "run-b"):
            failed = [page for page in self.known.values() if (page.run, page.state) == (run, DUE) and page.attempts]
            assert self.ledger.due_soon(run, within=timedelta(hours=1)) == bool(failed)

    def teardown(self) -> None:
        """Every page can reach a fate from wherever it is, by what the sweeper, a new run and time do."""
        self.ledger.take_back([page.job for page in self.known.values() if page.job], reason="its job is gone")
        self.passes({"state": {"$in": [DUE, LEASED]}})
        leases = self.ledger.lease(SITE, host=HOST, limit=100, run="run-c", max_depth=9)
        last = [Settlement(key=one.key, token=one.token, fate=Fate.STORED) for one in leases]
        assert self.ledger.settle(last) == len(last)
        assert self.pages.count_documents({}) == len(self.known) == self.pages.count_documents({"state": SETTLED})


@pytest.mark.timeout(900)
def test_any_order_of_events(stores: Stores, scale: Callable[..., int]):
    LedgerMachine.stores = stores
    modest = settings(
        max_examples=scale(short=12, long=150),
        stateful_step_count=30,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],  # on a real server shrinking takes minutes; add Phase.shrink to do it
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(LedgerMachine, settings=modest)
