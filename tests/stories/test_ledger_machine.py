"""Any order of events on the real ledger, against a dict: one owner a token, and every page can reach a fate."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import timedelta
from typing import ClassVar

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
from stories.pages import DUE, HANDED_OVER, LEASED, SETTLED, Lease, Settlement
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
    attempts: int = 0
    depth: int = 9
    fates: list[str] = field(default_factory=list)


class LedgerMachine(RuleBasedStateMachine):
    stores: ClassVar[Stores]
    leases = Bundle("leases")
    jobs = Bundle("jobs")

    def __init__(self) -> None:
        super().__init__()
        emptied(self.stores)
        self.ledger = self.stores.ledger
        self.hasty = Ledger(self.stores.database, lease=timedelta(milliseconds=1))
        self.known: dict[str, Known] = {}
        self.tokens: set[str] = set()

    def page(self, lease: Lease) -> Known:
        return self.known[lease.key]

    def owns(self, lease: Lease) -> bool:
        return self.page(lease).token == lease.token

    def due(self, max_depth: int = 9) -> set[str]:
        return {key for key, page in self.known.items() if page.is_due and page.depth <= max_depth}

    def back(self, page: Known, *, is_due: bool = True) -> None:
        page.state, page.token, page.job, page.is_due = DUE, None, None, is_due

    # -- events -------------------------------------------------------------------------------------------------

    @rule(numbers=st.lists(PAGES, min_size=1, max_size=6, unique=True), depth=st.integers(0, 3))
    def discover(self, numbers: list[int], depth: int) -> None:
        found = [discovery(number, depth=depth) for number in numbers]
        self.ledger.discover(found)
        for one in found:
            page = self.known.setdefault(one.key, Known())
            page.depth = min(page.depth, depth)

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
        for lease in leases:
            page = self.page(lease)
            assert (lease.attempts, lease.depth) == (page.attempts, page.depth)
            page.state, page.token, page.job, page.is_due = LEASED, lease.token, None, False
            self.tokens.add(lease.token)
        return multiple(*leases)

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

    @precondition(lambda self: self.known)
    @rule(number=PAGES)
    def make_due(self, number: int) -> None:
        key = f"tempo-read:{number}"
        page = self.known.get(key)
        can = page is not None and page.state in {DUE, SETTLED}
        assert self.ledger.make_due([key]) == can
        if page and can:
            self.back(page)

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
            assert stored.get("fate") == (page.fates[-1] if page.fates else None)

    @invariant()
    def a_report_counts_each_leased_page_once(self) -> None:
        reports = [self.ledger.report(run) for run in ("run-a", "run-b")]
        counted = sum(sum(report.fates.values()) + report.in_flight + report.later for report in reports)
        assert counted == self.stores.database["pages"].count_documents({"run": {"$exists": True}})

    def teardown(self) -> None:
        """Every page can reach a fate from wherever it is, by what the sweeper, a new run and time do."""
        pages = self.stores.database["pages"]
        self.ledger.take_back([page.job for page in self.known.values() if page.job], reason="its job is gone")
        pages.update_many({"state": {"$in": [DUE, LEASED]}}, {"$set": {"nextFetchAt": self.ledger.now()}})  # time
        leases = self.ledger.lease(SITE, host=HOST, limit=100, run="run-c", max_depth=9)
        last = [Settlement(key=one.key, token=one.token, fate=Fate.STORED) for one in leases]
        assert self.ledger.settle(last) == len(last)
        assert pages.count_documents({}) == len(self.known) == pages.count_documents({"state": SETTLED})


def test_any_order_of_events(stores: Stores):
    LedgerMachine.stores = stores
    modest = settings(
        max_examples=20,
        stateful_step_count=30,
        deadline=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],  # on a real server shrinking takes minutes; add Phase.shrink to do it
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(LedgerMachine, settings=modest)
