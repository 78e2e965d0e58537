"""What could not be processed is kept whole, shown, and released."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest

from stories.errors import UsageError
from stories.fate import Fate
from stories.ledger import Ledger
from stories.mongo import Stories
from stories.pages import Settlement
from stories.quarantine import Quarantine
from tests.making import NOON, leased
from workers.stores import Stores


def put(quarantine: Quarantine, number: int = 1, **different: Any) -> None:
    plain: dict[str, Any] = {
        "site": "tempo-en",
        "url": f"https://en.tempo.co/read/{number}/x",
        "stage": "enrich",
        "reason": "ValueError: no",
        "at": NOON + timedelta(minutes=number),
        "run": "run-1",
    }
    quarantine.put(f"tempo-read:{number}", **(plain | different))


@pytest.fixture
def quarantine(database: Stories) -> Quarantine:
    return Quarantine(database)


def test_who_when_what_and_where(quarantine: Quarantine):
    put(quarantine, payload={"a": 1})
    assert quarantine.get("tempo-read:1") == {
        "_id": "tempo-read:1",
        "page": "tempo-read:1",
        "site": "tempo-en",
        "url": "https://en.tempo.co/read/1/x",
        "stage": "enrich",
        "reason": "ValueError: no",
        "at": NOON + timedelta(minutes=1),
        "run": "run-1",
        "payload": {"a": 1},
    }
    assert quarantine.get("tempo-read:404") is None


@pytest.mark.parametrize(
    "payload", [None, {"$ne": None, "a.b": {"$where": "x"}}, {"n": 2**70}, {"text": "half \ud800"}, {"\x00": 1}]
)
def test_a_payload_is_kept_as_it_came(quarantine: Quarantine, payload: dict[str, Any] | None):
    put(quarantine, payload=payload)
    kept = quarantine.get("tempo-read:1")
    assert kept is not None
    assert kept["payload"] == payload


def test_a_payload_beyond_what_a_document_holds_is_left_out(quarantine: Quarantine):
    put(quarantine, payload={"text": "x" * 17_000_000})
    kept = quarantine.get("tempo-read:1")
    assert kept is not None
    assert kept["payload"] is None


def test_the_newest_come_first_without_their_payloads(quarantine: Quarantine):
    for number in (2, 3, 1):
        put(quarantine, number, payload={"a": 1})
    newest = quarantine.newest(limit=2)
    assert [kept["_id"] for kept in newest] == ["tempo-read:3", "tempo-read:2"]
    assert not any("payload" in kept for kept in newest)
    assert quarantine.count() == 3


def test_a_page_is_kept_once_with_its_last_reason(quarantine: Quarantine):
    put(quarantine)
    put(quarantine, reason="TypeError: still not")
    assert quarantine.count() == 1
    assert quarantine.newest(limit=1)[0]["reason"] == "TypeError: still not"


def test_a_released_page_is_asked_for_again(stores: Stores):
    (held,) = leased(stores.ledger, 1)
    stores.ledger.settle([Settlement(key=held.key, token=held.token, fate=Fate.QUARANTINED)])
    put(stores.quarantine)
    assert leased(stores.ledger) == []
    assert stores.quarantine.release("tempo-read:1", stores.ledger)
    assert [again.key for again in leased(stores.ledger, 1)] == [held.key]
    assert stores.quarantine.count() == 0
    assert not stores.quarantine.release("tempo-read:1", stores.ledger)


def test_a_page_that_is_being_worked_on_is_not_released(stores: Stores):
    """It is put here a moment before it gets its fate; released in between it stood nowhere."""
    (held,) = leased(stores.ledger, 1)
    put(stores.quarantine)
    with pytest.raises(UsageError, match="worked on at this moment"):
        stores.quarantine.release(held.key, stores.ledger)
    assert stores.quarantine.count() == 1


def test_what_fails_anew_while_it_is_released_stays(stores: Stores, monkeypatch: pytest.MonkeyPatch):
    (held,) = leased(stores.ledger, 1)
    stores.ledger.settle([Settlement(key=held.key, token=held.token, fate=Fate.QUARANTINED)])
    put(stores.quarantine)
    make_due = stores.ledger.make_due

    def then_it_fails_again(keys: list[str]) -> int:
        count = make_due(keys)
        put(stores.quarantine, reason="TypeError: still not", at=NOON + timedelta(hours=1))
        return count

    monkeypatch.setattr(stores.ledger, "make_due", then_it_fails_again)
    assert stores.quarantine.release(held.key, stores.ledger)
    assert [kept["reason"] for kept in stores.quarantine.newest(limit=9)] == ["TypeError: still not"]


def test_what_a_dead_crawler_held_can_be_released(stores: Stores):
    """Its lease has ended: whoever crawls next takes the page."""
    hasty = Ledger(stores.database, lease=timedelta(milliseconds=1))
    (held,) = leased(hasty, 1)
    put(stores.quarantine)
    time.sleep(0.1)
    assert stores.quarantine.release(held.key, stores.ledger)
    assert [again.key for again in leased(stores.ledger, 1)] == [held.key]
