"""Jobs of an older or a newer version of ours (F21): upgraded, or kept for a person; never a KeyError."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from stories.batch import Batch, parts
from stories.codec import SCHEMA_VERSION
from stories.errors import QuarantineError
from stories.order import CrawlOrder
from stories.queue import ENRICH
from tests.faults.record import Tally
from tests.making import article, batch, batch_page, lease, leased, link
from tests.workers.burst import Work
from workers.stores import Stores

Json = dict[str, Any]


def of_version_1(given: Json) -> Json:
    """As a crawler wrote it that knew neither where a field was read, nor which cards were paid for."""
    old = deepcopy(given) | {"schemaVersion": 1}
    for page in old["pages"]:
        del page["article"]["provenance"]
        for card in page["article"]["relatedLinks"]:
            del card["isPromotional"]
    return old


def of_tomorrow(given: Json) -> Json:
    """As a crawler writes it that has renamed everything."""
    new = {f"{name}2": value for name, value in given["pages"][0]["article"].items()}
    return given | {"schemaVersion": SCHEMA_VERSION + 1, "pages": [given["pages"][0] | {"article": new}]}


@pytest.mark.fault("F21")
def test_a_worker_takes_the_jobs_of_another_version(stores: Stores, work: Work, tally: Tally):
    leases = leased(stores.ledger, 1, 2, 3)
    batches = [
        batch(batch_page(held, article(number, related_links=(link(9),)))).to_json()
        for number, held in enumerate(leases, 1)
    ]
    for number, given in enumerate((of_version_1(batches[0]), batches[1], of_tomorrow(batches[2]))):
        (page,) = given["pages"]
        stores.ledger.hand_over({page["page"]: page["token"]}, job_id=f"enrich-{number}")
        stores.queue.enqueue_articles(given, job_id=f"enrich-{number}")
    work(ENRICH)
    fates = {page["_id"]: page["fate"] for page in stores.database["pages"].find().sort("_id", 1)}
    assert list(fates.values()) == ["stored", "stored", "quarantined"]
    old, new = (stores.database["stories"].find_one({"_id": f"tempo-read:{number}"}) or {} for number in (1, 2))
    assert set(old) == set(new)
    assert old["relatedLinks"][0]["isPromotional"] is False
    kept = stores.quarantine.get("tempo-read:3") or {}
    assert kept["payload"] == of_tomorrow(batches[2]), "as it came, for a worker that understands it"
    assert f"schema version {SCHEMA_VERSION + 1}" in kept["reason"]
    tally.add(trials=3)


def paths(value: Any, *before: Any) -> Iterator[tuple[Any, ...]]:
    """To everything in a payload."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in inner:
        yield (*before, name)
        yield from paths(part, *before, name)


def changed(given: Json, path: tuple[Any, ...], *value: Any) -> Json:
    """Without what stands there, or with another value in its place."""
    other = deepcopy(given)
    place: Any = other
    for name in path[:-1]:
        place = place[name]
    if value:
        place[path[-1]] = value[0]
    else:
        del place[path[-1]]
    return other


@pytest.mark.fault("F21")
def test_no_part_of_a_job_can_be_absent_or_of_another_kind_without_a_word(tally: Tally):
    whole = batch(batch_page(lease(), article(related_links=(link(9),), keywords=("tarif",)))).to_json()
    trials = 0
    for given in (whole, of_version_1(whole)):
        for path in paths(given):
            for value in ((), (None,), (5,), ({"$ne": None},), ("tomorrow",), ([],)):
                understood(changed(given, path, *value))
                trials += 1
    tally.add(trials=trials)


def understood(given: Json) -> None:
    """Any other error than this one fails the test."""
    for read in (Batch.from_json, parts):
        try:
            read(given)
        except QuarantineError:
            continue


@pytest.mark.fault("F21")
def test_no_part_of_an_order_can_be_absent_without_a_word(tally: Tally):
    order = CrawlOrder(run="run-1", site="tempo-en").to_json()
    for name in order:
        with pytest.raises(QuarantineError, match="not a crawl order"):
            CrawlOrder.from_json(changed(order, (name,)))
    tally.add(trials=len(order))
