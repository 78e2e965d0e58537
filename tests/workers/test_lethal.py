"""A story that kills every worker that touches it is quarantined after six, and all others flow (F19)."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from stories.jobs import RETRIES
from stories.queue import ENRICH
from tests.faults.record import Tally
from tests.making import article, batch, batch_page, leased
from tests.workers.burst import Work
from tests.workers.lethal import DEATHS, DIARY, SLOW_DEATHS, enrichment_of
from workers import tasks
from workers.stores import Stores
from workers.sweep import Swept, sweep

Deaths = Callable[[], Counter[str]]

LIMIT = 420.0  # seconds for seven deaths, of which each is noticed after 25


@pytest.fixture
def deaths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Deaths:
    """How often each was died."""
    diary = tmp_path / "diary"
    monkeypatch.setenv(DIARY, str(diary))
    return lambda: Counter(diary.read_text(encoding="utf-8").splitlines())


def handed_over(stores: Stores, deaths: Iterable[str], *, healthy: int) -> dict[str, str]:
    """One batch; gives the lethal ones, by their page."""
    headlines = [*deaths, *("A healthy story",) * healthy]
    leases = leased(stores.ledger, *range(1, len(headlines) + 1))
    pages = [
        batch_page(held, article(number, headline=headline))
        for number, (held, headline) in enumerate(zip(leases, headlines, strict=True), 1)
    ]
    stores.ledger.hand_over({page.page: page.token for page in pages}, job_id="enrich-1")
    stores.queue.enqueue_articles(batch(*pages).to_json(), job_id="enrich-1")
    return {page.page: page.article.headline for page in pages if page.article.headline in deaths}


def swept(stores: Stores) -> Swept:
    """When a minute has passed for the ledger."""
    past = stores.ledger.now() - timedelta(seconds=1)
    stores.database["pages"].update_many({"checkAt": {"$exists": True}}, {"$set": {"checkAt": past}})
    return sweep(stores)


def check(stores: Stores, lethal: dict[str, str], died: Counter[str], *, healthy: int) -> None:
    first, *others = lethal.values()
    tries = 1 + RETRIES
    assert died == {first: 1 + tries, **dict.fromkeys(others, tries)}, "the batch itself, and six each alone"
    fates = {page["_id"]: page.get("fate") for page in stores.database["pages"].find()}
    assert {key for key, fate in fates.items() if fate == "quarantined"} == set(lethal)
    assert [fate for key, fate in fates.items() if key not in lethal] == ["stored"] * healthy
    assert stores.database["stories"].count_documents({}) == healthy
    kept = {page["page"]: stores.quarantine.get(page["page"]) or {} for page in stores.quarantine.newest(limit=100)}
    assert {key: entry["payload"]["pages"][0]["article"]["headline"] for key, entry in kept.items()} == lethal
    assert swept(stores) == Swept()


@pytest.mark.fault("F19")
def test_what_kills_its_worker_is_quarantined_and_all_others_are_stored(
    stores: Stores, work: Work, deaths: Deaths, tally: Tally, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(tasks, "enrichment_of", enrichment_of)
    lethal = handed_over(stores, DEATHS, healthy=5)
    work(ENRICH)
    stored = stores.database["stories"].count_documents({})
    assert stored == 5, "the others do not wait for the sweeper"
    swept(stores)
    check(stores, lethal, deaths(), healthy=5)
    reasons = " ".join(str(kept["reason"]) for kept in stores.quarantine.newest(limit=9))
    assert reasons.count("Work-horse terminated") == len(DEATHS) - 1
    assert "MemoryError" in reasons
    tally.add(trials=len(lethal))


@contextmanager
def workers(count: int) -> Iterator[Callable[[], None]]:
    """They serve until they die; the call replaces the dead, as a supervisor does."""
    at_work: list[subprocess.Popen[bytes]] = []

    def replace() -> None:
        at_work[:] = [worker for worker in at_work if worker.poll() is None]
        while len(at_work) < count:
            at_work.append(subprocess.Popen([sys.executable, "-m", "tests.workers.lethal"]))

    try:
        replace()
        yield replace
    finally:
        for worker in at_work:
            worker.kill()
            worker.wait()


@pytest.mark.long  # seven times 25 seconds
@pytest.mark.fault("F19")
@pytest.mark.timeout(LIMIT + 60)
@pytest.mark.parametrize("death", SLOW_DEATHS)
def test_what_dies_without_a_word_too(stores: Stores, work: Work, deaths: Deaths, tally: Tally, death: str):
    """Its heartbeats end; the other worker finds its job, and takes it up again, six times."""
    assert work  # these servers are in the workers' environment
    lethal = handed_over(stores, [death], healthy=5)
    until = time.monotonic() + LIMIT
    with workers(2) as replaced:
        while not stores.quarantine.count():
            assert time.monotonic() < until, stores.queue.counts()
            replaced()
            swept(stores)
            time.sleep(1)
    check(stores, lethal, deaths(), healthy=5)
    tally.add(trials=1)
