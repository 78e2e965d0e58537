"""What is older than asked goes, and nothing else: no story, nothing in use, no tick that says from when on to fire."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from stories.errors import UsageError
from stories.fate import Fate
from stories.mongo import Stories
from stories.pages import Settlement
from stories.retention import KINDS, Retention, age, ages
from tests.making import NOON, leased
from tests.stories.test_store import story
from tests.workers.timekeeping import scheduler
from workers.schedule import CLAIMED, FIRED, CatchUp, Decision, Schedule
from workers.stores import Stores
from workers.ticks import Schedules

DAY = timedelta(days=1)
ALL = dict.fromkeys(KINDS, 90 * DAY)


def ids(database: Stories, name: str) -> set[Any]:
    return {document["_id"] for document in database[name].find({}, {"_id": 1})}


def run(name: str, ended: datetime | None, **different: Any) -> dict[str, Any]:
    at = (ended or NOON) - timedelta(hours=1)
    plain = {"_id": name, "site": "tempo-en", "order": {}, "state": "finished", "createdAt": at, "open": 0}
    return plain | ({"finishedAt": ended} if ended else {}) | different


def test_runs_that_ended_long_ago(database: Stories):
    old, new = NOON - 91 * DAY, NOON - 89 * DAY
    kept = [run("new", new), run("at work", None, state="running", createdAt=old), run("open", old, open=1)]
    database["runs"].insert_many([run("old", old), run("failed", old, state="failed"), *kept])
    retention = Retention(database)
    assert retention.excess({"runs": 90 * DAY}, now=NOON) == {"runs": 2}
    assert retention.throw_away({"runs": 90 * DAY}, now=NOON) == {"runs": 2}
    assert ids(database, "runs") == {"new", "at work", "open"}


def test_a_schedule_fires_no_tick_twice_after_its_ticks_are_thrown_away(stores: Stores):
    """The newest tick stays, however old: a paused schedule would else fire since its beginning."""
    schedules = Schedules(stores.database)
    began = NOON - 400 * DAY
    schedules.add(
        Schedule(name="pagi", cron="0 5 * * *", site="tempo-en", tz="UTC", order={}, since=began, catch_up=CatchUp.NONE)
    )
    first = began.replace(hour=5)
    ticks = [(first + day * DAY, FIRED) for day in range(5)] + [(first - DAY, CLAIMED)]
    told = [Decision(schedule="pagi", instant=instant, outcome=outcome) for instant, outcome in ticks]
    schedules.record(told, by="a test", now=began)
    retention = Retention(stores.database)
    assert retention.throw_away({"ticks": 90 * DAY}, now=NOON) == {"ticks": 4}
    left = {tick["outcome"]: tick["instant"] for tick in schedules.history("pagi", limit=9)}
    assert left == {FIRED: first + 4 * DAY, CLAIMED: first - DAY}
    just_after = first + 4 * DAY + timedelta(seconds=1)
    schedules.forget([tick["_id"] for tick in stores.database["ticks"].find({"outcome": CLAIMED})])
    assert scheduler(stores).look(just_after) == []
    assert stores.database["ticks"].count_documents({}) == 1


def test_old_texts_and_what_nobody_looked_at(stores: Stores):
    database = stores.database
    for number, days in ((1, 100), (2, 10)):
        at = NOON - days * DAY
        for text in ("One.", "Two."):
            stores.store.save([story(number, article_body=text, date_downloaded=at)], now=at)
        stores.quarantine.put(f"a:{number}", site="tempo-en", url=None, stage="read", reason="x", at=at)
    assert Retention(database).throw_away({"revisions": 90 * DAY, "quarantine": 90 * DAY}, now=NOON) == {
        "revisions": 1,
        "quarantine": 1,
    }
    assert {revision["key"] for revision in database["revisions"].find()} == {"tempo-read:2"}
    assert ids(database, "quarantine") == {"a:2"}
    assert ids(database, "stories") == {"tempo-read:1", "tempo-read:2"}


def test_pages_that_are_gone_and_never_were_a_story(stores: Stores):
    now = stores.ledger.now()
    fates = (Fate.GONE, Fate.GONE, Fate.FORBIDDEN, Fate.TAKEN_DOWN, Fate.GONE)
    digests = (None, "it was read once", None, None, None)
    held = leased(stores.ledger, *range(1, 6))
    stores.ledger.settle(
        Settlement(key=page.key, token=page.token, fate=fate, digest=digest)
        for page, fate, digest in zip(held, fates, digests, strict=True)
    )
    stores.ledger.make_due([held[4].key])
    retention = Retention(stores.database)
    assert retention.throw_away({"gone": DAY}, now=now) == {"gone": 0}
    assert retention.throw_away({"gone": DAY}, now=now + 2 * DAY) == {"gone": 1}
    assert held[0].key not in ids(stores.database, "pages")


def test_what_happened_to_settled_pages(stores: Stores):
    first, _ = leased(stores.ledger, 1, 2)
    stores.ledger.settle([Settlement(key=first.key, token=first.token, fate=Fate.STORED)])
    retention, later = Retention(stores.database), stores.ledger.now() + 100 * DAY
    assert retention.excess({"events": 90 * DAY}, now=later) == {"events": 1}
    assert retention.throw_away({"events": 90 * DAY}, now=later) == {"events": 1}
    assert stores.ledger.page("tempo-read:1")["events"] == []
    assert stores.ledger.page("tempo-read:1")["fate"] == "stored"
    assert len(stores.ledger.page("tempo-read:2")["events"]) == 2, "somebody is at it"


def test_thousands_go_in_parts(database: Stories):
    old = NOON - 100 * DAY
    database["revisions"].insert_many(
        {"_id": number, "key": "a:1", "digest": "d", "headline": "h", "articleBody": "t"}
        | {"dateDownloaded": old, "replacedAt": old}
        for number in range(2_500)
    )
    assert Retention(database).throw_away(ALL, now=NOON)["revisions"] == 2_500
    assert database["revisions"].count_documents({}) == 0


@pytest.mark.parametrize(("text", "days"), [("90d", 90), ("2w", 14), ("1y", 365)])
def test_an_age(text: str, days: int):
    assert age(text) == timedelta(days=days)


@pytest.mark.parametrize("text", ["", "0d", "90", "-1d", "1.5y", "d", "99999d", "٣d"])
def test_no_age(text: str):
    with pytest.raises(UsageError, match="90d, 12w, 2y"):
        age(text)


def test_a_policy_names_what_there_is():
    assert ages("runs=90d  ticks=1y") == {"runs": 90 * DAY, "ticks": 365 * DAY}
    assert ages("") == {}
    with pytest.raises(UsageError, match=r"'stories=1y': nothing of that kind is ever thrown away.*runs, ticks"):
        ages("stories=1y")
