"""What was taken down is gone from everywhere, and stays gone whatever is stored, leased or restored after."""

from __future__ import annotations

import random
import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pymongo.collection import Collection
from pymongo.errors import AutoReconnect

from crawler.follow import key_of
from stories.backup import back_up
from stories.fate import Fate
from stories.mongo import Stories
from stories.pages import Settlement
from stories.restore import restore
from stories.store import Store
from stories.takedown import Mark, Takedowns
from tests.making import NOON, article, batch, batch_page, discovery, leased, link, text
from tests.stories.test_store import story
from workers import tasks
from workers.stores import Stores

KEY, OTHER = "tempo-read:1", "tempo-read:2"
SECRET = "Bambang Sutejo"
"""A name that must not be found anywhere after."""


@pytest.fixture
def takedowns(database: Stories) -> Takedowns:
    return Takedowns(database)


@pytest.fixture
def known(stores: Stores) -> Stores:
    """A story with everything that a story can have: an earlier text, an alias, edges both ways, a twin, a copy."""
    stores.ledger.discover([discovery(1), discovery(2), discovery(50), discovery(1, alias=discovery(50).url)])
    held = {one.key: one for one in stores.ledger.lease("tempo-en", host="en.tempo.co", limit=9, run="r", max_depth=9)}
    alias = held["tempo-read:50"]
    moved = Settlement(key=alias.key, token=alias.token, fate=Fate.ALIAS, reason="https://en.tempo.co/read/1/new-slug")
    stores.ledger.settle([moved])
    body = f"{SECRET} said. {text(1)}"
    ours = story(1, headline=SECRET, article_body=body, related_links=(link(2),), link_keys=[OTHER])
    cards = (link(1, headline=SECRET, description=SECRET), link(3, 2))
    theirs = story(2, related_links=cards, link_keys=[KEY, "tempo-read:3"])
    twin = story(4, article_body=body)
    copy = story(5, article_body=text(5), is_based_on_key=KEY)
    stores.store.save([ours, theirs, copy], now=NOON)
    stores.store.save([twin], now=NOON)
    later = NOON + timedelta(hours=1)
    changed = story(
        1,
        headline=SECRET,
        article_body=f"{body} More.",
        date_downloaded=later,
        related_links=(link(2),),
        link_keys=[OTHER],
    )
    stores.store.save([changed], now=later)
    stores.quarantine.put(KEY, site="tempo-en", url=None, stage="enrich", reason="x", at=NOON, payload={"t": SECRET})
    return stores


def taken(stores: Stores, key: str = KEY) -> Mark:
    takedowns = Takedowns(stores.database)
    mark = takedowns.considered(key, key_of, reason="a court said so", now=NOON)
    takedowns.take_down(mark)
    return mark


def holding(database: Stories, *but: str) -> dict[str, list[Any]]:
    """Where the secret stands."""
    found = {name: [d["_id"] for d in database[name].find() if SECRET in str(d)] for name in _names(database)}
    return {name: ids for name, ids in found.items() if ids and name not in but}


def _names(database: Stories) -> list[str]:
    return sorted(database.list_collection_names())


def test_nothing_of_it_is_left_but_a_mark(known: Stores):
    database = known.database
    assert holding(database).keys() >= {"stories", "revisions", "links", "quarantine"}
    twin = database["stories"].find_one({"_id": "tempo-read:4"})
    assert twin["nearDuplicateOf"]["key"] == KEY
    mark = taken(known)
    assert mark == Mark(
        key=KEY,
        pages=(KEY, "tempo-read:50"),
        urls=(article(1).url, article(50).url),
        reason="a court said so",
        at=NOON,
    )
    assert Takedowns(database).marks() == [mark]
    assert holding(database) == {"stories": ["tempo-read:4"]}, "the twin is a story of its own"
    theirs = database["stories"].find_one({"_id": OTHER})
    assert [card["url"] for card in theirs["relatedLinks"]] == [article(3).url]
    assert database["links"].count_documents({"$or": [{"from": KEY}, {"to": KEY}]}) == 0
    assert database["links"].count_documents({"to": "tempo-read:3"}) == 1
    assert database["stories"].find_one({"_id": "tempo-read:4"})["nearDuplicateOf"] is None


def test_a_card_that_somebody_paid_for_goes_too(known: Stores):
    """It has no edge by which to find it."""
    cards = (
        link(1, headline=SECRET, is_promotional=True),
        link(50, 2, headline=SECRET, is_promotional=True),
        link(3, 3, is_promotional=True),
    )
    paid = story(6, related_links=cards, link_keys=[KEY, "tempo-read:50", "tempo-read:3"], article_body=text(6))
    known.store.save([paid], now=NOON)
    taken(known)
    assert holding(known.database) == {"stories": ["tempo-read:4"]}
    left = known.database["stories"].find_one({"_id": "tempo-read:6"})["relatedLinks"]
    assert [card["url"] for card in left] == [article(3).url]


def test_an_earlier_copy_under_another_number_goes_too_and_what_points_to_that(known: Stores):
    old = story(50, headline=SECRET, article_body=f"{SECRET} said.", url=article(50).url)
    cards = story(7, related_links=(link(50, headline=SECRET),), link_keys=["tempo-read:50"], article_body=text(7))
    known.store.save([old, cards], now=NOON)
    takedowns = Takedowns(known.database)
    found = takedowns.holdings(takedowns.considered(KEY, key_of, reason=None, now=NOON))
    assert (found.stories, found.links_to) == (2, 2)
    taken(known)
    assert holding(known.database) == {"stories": ["tempo-read:4"]}
    assert known.database["links"].count_documents({"to": {"$in": [KEY, "tempo-read:50"]}}) == 0


def test_a_page_that_shows_it_under_another_number_will_do_as_its_name(stores: Stores):
    """It answered without a redirect, and named the number of the story as its own."""
    (page,) = leased(stores.ledger, 60)
    stores.store.save([story(1, headline=SECRET, aliases=(discovery(60).url,))], now=NOON)
    stores.ledger.settle([Settlement(key=page.key, token=page.token, fate=Fate.STORED)])
    mark = taken(stores, "tempo-read:60")
    assert (mark.key, mark.pages) == (KEY, (KEY, "tempo-read:60"))
    assert holding(stores.database) == {}
    assert taken(stores, "tempo-read:60") == mark, "a second time it is the same mark"


def test_the_original_of_a_copy_stays(known: Stores):
    copy = story(8, article_body=text(8), is_based_on_key=OTHER, aliases=(article(2).url,))
    known.store.save([copy], now=NOON)
    assert taken(known, "tempo-read:8").pages == ("tempo-read:8",)
    assert known.database["stories"].count_documents({"_id": OTHER}) == 1


def test_the_numbers_told_before_are_what_goes(known: Stores):
    takedowns = Takedowns(known.database)
    found = takedowns.holdings(takedowns.considered(KEY, key_of, reason=None, now=NOON))
    assert (found.stories, found.revisions, found.links_from, found.links_to) == (1, 1, 1, 1)
    assert (found.quarantined, found.pages, found.republished_by) == (1, 2, ("tempo-read:5",))
    assert takedowns.marks() == [], "nothing was changed"


def test_a_second_time_keeps_when_and_why(known: Stores):
    first = taken(known)
    takedowns = Takedowns(known.database)
    later = NOON + timedelta(days=1)
    again = takedowns.considered(KEY, key_of, reason=None, now=later)
    takedowns.take_down(again)
    assert takedowns.marks() == [first] == [again]
    takedowns.take_down(takedowns.considered(KEY, key_of, reason="so did another", now=later))
    assert [(mark.reason, mark.at) for mark in takedowns.marks()] == [("so did another", NOON)]


def test_all_its_pages_are_done_for_ever(known: Stores):
    lease = known.ledger.page(KEY)["lease"]
    taken(known)
    for key in (KEY, "tempo-read:50"):
        page = known.ledger.page(key)
        assert (page["state"], page["fate"], page["fateReason"]) == ("settled", "takenDown", "a court said so")
        assert not {"nextFetchAt", "lease", "checkAt", "etag", "digest"} & page.keys()
        assert [event["what"] for event in page["events"]] == ["takenDown"]
    late = Settlement(key=KEY, token=lease["token"], fate=Fate.STORED, next_fetch_at=NOON)
    assert known.ledger.settle([late]) == 0
    known.ledger.discover([discovery(1), discovery(50)])
    assert known.ledger.make_due([KEY, "tempo-read:50", OTHER]) == 0
    known.ledger.make_site_due("tempo-en")
    assert not {KEY, "tempo-read:50"} & {
        one.key for one in known.ledger.lease("tempo-en", host="en.tempo.co", limit=9, run="s", max_depth=9)
    }


def test_a_page_that_leads_to_it_will_do_as_its_name(known: Stores):
    assert taken(known, "tempo-read:50").key == KEY


def test_a_story_nobody_has_seen_can_be_forbidden_before(stores: Stores):
    mark = taken(stores, "tempo-read:77")
    assert (mark.pages, mark.urls) == (("tempo-read:77",), ())
    saved = stores.store.save([story(77)], now=NOON)
    assert saved["tempo-read:77"].fate is Fate.TAKEN_DOWN


def test_it_is_never_stored_again_nor_shown_on_a_card(known: Stores):
    taken(known)
    later = NOON + timedelta(hours=2)
    cards = (link(1, headline=SECRET), link(3, 2))
    fates = known.store.save(
        [
            story(1, article_body=SECRET, date_downloaded=later),
            story(6, related_links=cards, link_keys=[KEY, "tempo-read:3"], article_body="Another."),
        ],
        now=later,
    )
    assert {key: saved.fate for key, saved in fates.items()} == {KEY: Fate.TAKEN_DOWN, "tempo-read:6": Fate.STORED}
    assert holding(known.database) == {"stories": ["tempo-read:4"]}
    assert known.database["links"].count_documents({"from": "tempo-read:6"}) == 1


def test_a_queued_job_that_still_holds_it_stores_nothing(stores: Stores, monkeypatch: pytest.MonkeyPatch):
    """And another page that turns out to be that story is never asked for again either."""
    first, other = leased(stores.ledger, 1, 60)
    payload = batch(batch_page(first, article(1, headline=SECRET)), batch_page(other, article(1, headline=SECRET)))
    stores.ledger.hand_over({first.key: first.token, other.key: other.token}, job_id="a-job")
    taken(stores)
    for name, value in stores.settings.as_variables().items():
        monkeypatch.setenv(name, value)
    tasks.enrich_articles(payload.to_json())
    assert holding(stores.database) == {}
    for key in (first.key, other.key):
        page = stores.ledger.page(key)
        assert (page["state"], page["fate"], page.get("nextFetchAt")) == ("settled", "takenDown", None)


def test_nothing_of_it_goes_into_quarantine(stores: Stores):
    taken(stores)
    stores.quarantine.put(KEY, site="tempo-en", url=None, stage="enrich", reason=SECRET, at=NOON, payload={"t": SECRET})
    assert holding(stores.database) == {}


def test_storing_and_taking_down_at_once_leaves_nothing(stores: Stores):
    seed = random.randrange(10**9)
    print("seed", seed)
    dice = random.Random(seed)
    for trial in range(40):
        key = f"tempo-read:{trial}"
        cards = (link(trial, headline=SECRET),)
        batch_of_two = [
            story(trial, headline=SECRET, related_links=(link(9),), link_keys=["tempo-read:9"]),
            story(1000 + trial, related_links=cards, link_keys=[key], article_body=text(trial)),
        ]
        storing = threading.Thread(target=Store(stores.database).save, args=(batch_of_two,), kwargs={"now": NOON})
        storing.start()
        threading.Event().wait(dice.random() * 0.02)
        taken(stores, key)
        storing.join()
        assert holding(stores.database) == {}, trial
        assert stores.database["links"].count_documents({"$or": [{"from": key}, {"to": key}]}) == 0


def test_a_card_that_is_stored_while_cards_are_removed_goes_too(known: Stores, monkeypatch: pytest.MonkeyPatch):
    """Its worker had looked for marks before there was one; it writes the edge after we have read which there are."""
    before = Takedowns(known.database).keys()
    by_another_address = link(77, headline=SECRET)
    late = story(6, related_links=(by_another_address,), link_keys=[KEY], article_body=text(6))
    update_one = Collection.update_one

    def update_one_later(*given: Any) -> Any:
        monkeypatch.undo()
        known.store._save([late], now=NOON)
        return update_one(*given)

    monkeypatch.setattr(Collection, "update_one", update_one_later)
    taken(known)
    assert "tempo-read:6" in holding(known.database)["stories"]
    Takedowns(known.database).purge_new(before)  # as the worker does, when it has stored
    assert holding(known.database) == {"stories": ["tempo-read:4"]}


def test_a_release_lets_it_be_collected_again(known: Stores):
    taken(known)
    takedowns = Takedowns(known.database)
    assert takedowns.release("tempo-read:77", now=NOON) is None
    assert takedowns.release("tempo-read:50", now=NOON) == KEY
    assert takedowns.marks() == []
    page = known.ledger.page(KEY)
    assert (page["state"], page["nextFetchAt"], page.get("fate")) == ("due", NOON, None)
    assert known.ledger.make_due([KEY]) == 1
    assert known.store.save([story(1, date_downloaded=NOON)], now=NOON)[KEY].fate is Fate.STORED


def test_an_older_backup_does_not_bring_it_back(known: Stores, tmp_path: Path):
    database = known.database
    back_up(database, tmp_path / "b.zip", now=lambda: NOON, tell=lambda _name, _count: None)
    mark = taken(known)
    restore(tmp_path / "b.zip", database, tell=lambda _name, _count: None)
    assert database["stories"].count_documents({}) == 3
    assert holding(database) == {"stories": ["tempo-read:4"]}
    assert Takedowns(database).marks() == [mark]
    assert known.ledger.page(KEY)["fate"] == "takenDown"


def test_a_restore_that_is_cut_short_keeps_the_marks(known: Stores, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    database = known.database
    back_up(database, tmp_path / "b.zip", now=lambda: NOON, tell=lambda _name, _count: None)
    mark = taken(known)

    def fails(_: Stories) -> None:
        raise AutoReconnect("an election")

    with monkeypatch.context() as broken:
        broken.setattr("stories.restore.prepare", fails)
        with pytest.raises(AutoReconnect):
            restore(tmp_path / "b.zip", database, tell=lambda _name, _count: None)
    assert Takedowns(database).marks() == [mark]
    restore(tmp_path / "b.zip", database, tell=lambda _name, _count: None)
    assert (Takedowns(database).marks(), holding(database)) == ([mark], {"stories": ["tempo-read:4"]})


def test_a_backup_of_that_moment_does_not_bring_it_anywhere(known: Stores, tmp_path: Path):
    """It was made after the mark was written, and before the rest was gone."""
    mark = Takedowns(known.database).considered(KEY, key_of, reason=None, now=NOON)
    known.database["takedowns"].insert_one(mark.to_document())
    back_up(known.database, tmp_path / "b.zip", now=lambda: NOON, tell=lambda _name, _count: None)
    elsewhere = known.database.client[f"{known.database.name}_2"]
    restore(tmp_path / "b.zip", elsewhere, tell=lambda _name, _count: None)
    assert holding(elsewhere) == {"stories": ["tempo-read:4"]}
    known.database.client.drop_database(elsewhere.name)


def test_a_release_that_is_cut_short_can_be_repeated(known: Stores, monkeypatch: pytest.MonkeyPatch):
    taken(known)
    takedowns = Takedowns(known.database)

    def fails(*_: Any, **_named: Any) -> None:
        raise AutoReconnect("an election")

    for call in ("find_one_and_update", "update_many", "delete_one"):
        with monkeypatch.context() as broken:
            broken.setattr(Collection, call, fails)
            with pytest.raises(AutoReconnect):
                takedowns.release(KEY, now=NOON)
        assert bool(takedowns.marks()) is (call == "find_one_and_update"), "no page is due while its mark stands"
    assert takedowns.release(KEY, now=NOON) == KEY
    assert (takedowns.marks(), known.ledger.page(KEY)["state"]) == ([], "due")
    assert known.database["takedowns"].count_documents({}) == 0


def test_a_page_that_only_leads_to_it_can_be_released(known: Stores):
    """A crawler settles it so when a redirect led to what was taken down; the mark does not know it."""
    (lease,) = leased(known.ledger, 9)
    known.ledger.settle([Settlement(key=lease.key, token=lease.token, fate=Fate.TAKEN_DOWN)])
    takedowns = Takedowns(known.database)
    assert takedowns.release(lease.key, now=NOON) == lease.key
    assert known.ledger.page(lease.key)["state"] == "due"
    assert takedowns.release(lease.key, now=NOON) is None


def test_taken_down_anew_while_it_is_released_it_stays_so(known: Stores, monkeypatch: pytest.MonkeyPatch):
    taken(known)
    takedowns = Takedowns(known.database)
    make_due = Takedowns._make_due

    def interrupted(self: Takedowns, pages: list[str], now: datetime) -> int:
        taken(known)
        return make_due(self, pages, now)

    monkeypatch.setattr(Takedowns, "_make_due", interrupted)
    takedowns.release(KEY, now=NOON)
    assert [mark.key for mark in takedowns.marks()] == [KEY]


def test_what_is_left_of_a_release_is_no_mark(known: Stores):
    """It was cut short. Taken down anew much later the story has its new date, and only its new mark is released."""
    for key in ("tempo-read:9", KEY):
        left = Mark(key=key, pages=(key, KEY), urls=(), reason="long ago", at=NOON)
        known.database["takedowns"].insert_one(left.to_document() | {"releasedAt": NOON})
    later = NOON + timedelta(days=400)
    takedowns = Takedowns(known.database)
    anew = takedowns.considered(KEY, key_of, reason=None, now=later)
    assert (anew.at, anew.reason) == (later, None)
    takedowns.take_down(anew)
    assert takedowns.marks() == [anew]
    assert takedowns.release(KEY, now=later) == KEY
    assert takedowns.marks() == []
