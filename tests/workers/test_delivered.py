"""Jobs that come ten times, old ones after new ones, and one story under five addresses (F14)."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from stories.jobs import queue_named
from stories.pages import Lease
from stories.queue import ENRICH
from tests.faults.record import Tally
from tests.making import NOON, article, batch, batch_page, leased
from tests.workers.burst import Work
from workers.stores import Stores

BATCH = 100
READINGS = 3
"""Of each story: the same, a changed text, and one more change."""
DELIVERIES = 10
PORTION = 2_000  # stories: their jobs, ten times, are 30 MB of Redis


def addresses(number: int) -> list[str]:
    return [
        f"https://en.tempo.co/read/{number}/a-story",
        f"https://en.tempo.co/read/{number}/another-slug",
        f"https://en.tempo.co/amp/{number}/a-story",
        f"http://en.tempo.co/read/{number}/a-story",
        f"https://en.tempo.co/read/{number}",
    ]


def reading(held: Lease, turn: int) -> dict[str, Any]:
    """What a crawler reads at a time, each time by another address."""
    number = int(held.key.split(":")[1])
    url, *others = addresses(number)[turn:]
    written = article(
        number,
        url=url,
        article_body=f"The text of story {number}, as it read the {turn}. time.",
        date_downloaded=NOON + timedelta(hours=turn),
    )
    return batch(batch_page(held, written, aliases=others[READINGS - turn - 1 :])).to_json()


def jobs(leases: list[Lease]) -> Iterator[dict[str, Any]]:
    """Every batch ten times, each reading at least three."""
    for start in range(0, len(leases), BATCH):
        for delivery in range(DELIVERIES):
            readings = [reading(held, delivery % READINGS) for held in leases[start : start + BATCH]]
            yield readings[0] | {"pages": [page for one in readings for page in one["pages"]]}


def deliver(leases: list[Lease], stores: Stores, work: Work, chance: random.Random, *, name: str) -> None:
    """All at once, in any order, to two workers."""
    delivered = [(f"{name}-{number}", job) for number, job in enumerate(jobs(leases))]
    for job_id, job in delivered[::DELIVERIES]:
        stores.ledger.hand_over({page["page"]: page["token"] for page in job["pages"]}, job_id=job_id)
    chance.shuffle(delivered)
    for job_id, job in delivered:
        stores.queue.enqueue_articles(job, job_id=job_id)
    with subprocess.Popen([sys.executable, "-m", "console.cli", "worker", ENRICH, "--burst"]) as another:
        work(ENRICH)
        assert another.wait(120) == 0


@pytest.mark.fault("F14")
@pytest.mark.timeout(1800)
def test_one_document_the_newest_with_all_its_addresses(
    stores: Stores, work: Work, tally: Tally, scale: Callable[..., int], seed: int
):
    count = scale(short=500, long=20_000)
    leases = leased(stores.ledger, *range(1, count + 1))
    chance = random.Random(seed)
    for start in range(0, count, PORTION):
        deliver(leases[start : start + PORTION], stores, work, chance, name=f"enrich-{start}")
    found = {story["_id"]: story for story in stores.database["stories"].find()}
    lost = [held.key for held in leases if held.key not in found]
    wrong = [key for key, story in found.items() if not is_the_newest(story)]
    tally.add(trials=count, lost=len(lost), duplicated=len(wrong), seed=seed)
    assert (lost, wrong) == ([], [])
    assert len(found) == count
    pages = list(stores.database["pages"].find())
    assert {page["state"] for page in pages} == {"settled"}
    fates = [[event["what"] for event in page["events"]] for page in pages]
    assert fates == [["found", "leased", "handedOver", "stored"]] * count


def is_the_newest(story: dict[str, Any]) -> bool:
    number = int(story["_id"].split(":")[1])
    newest = f"The text of story {number}, as it read the {READINGS - 1}. time."
    return story["articleBody"] == newest and set(story["addresses"]) == set(addresses(number))


def test_a_job_that_has_ended_and_is_there_once_more_does_not_fail(stores: Stores, work: Work):
    """A worker that was cut off: RQ queued its job again, and then it was back, and had ended it."""
    leases = leased(stores.ledger, 1)
    stores.ledger.hand_over({leases[0].key: leases[0].token}, job_id="enrich-1")
    stores.queue.enqueue_articles(reading(leases[0], 0), job_id="enrich-1")
    work(ENRICH)
    queue_named(ENRICH, stores.queue.connection).push_job_id("enrich-1")
    work(ENRICH)
    assert stores.queue.statuses(["enrich-1"]) == {"enrich-1": "finished"}
    assert stores.queue.counts()[ENRICH]["failed"] == 0
