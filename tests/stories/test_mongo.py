"""Collections, validators, indexes and the clock, on a real MongoDB."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pymongo.errors import (
    BulkWriteError,
    DuplicateKeyError,
    OperationFailure,
    PyMongoError,
    ServerSelectionTimeoutError,
    WriteError,
)

from stories import mongo
from stories.errors import ServiceError
from stories.mongo import INDEXES, VALIDATORS, ServerClock, Stories, client, explain, prepare, refuses_document
from stories.settings import Settings
from tests.making import NOON


@pytest.fixture
def fresh(settings: Settings) -> Any:
    """A database that nobody has prepared."""
    assert settings.mongo_url is not None
    with client(settings.mongo_url) as connection:
        yield connection[settings.database]


def made(database: Stories) -> dict[str, Any]:
    return {
        name: (database[name].options().get("validator"), sorted(database[name].index_information()))
        for name in database.list_collection_names()
    }


def test_prepared_once_twice_and_by_many_at_once(fresh: Stories):
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(prepare, [fresh] * 4))
    first = made(fresh)
    prepare(fresh)
    assert made(fresh) == first
    assert set(first) == set(VALIDATORS)
    assert {name: validator for name, (validator, _) in first.items()} == dict(VALIDATORS)
    for name, indexes in INDEXES.items():
        assert first[name][1] == sorted(["_id_", *(index.document["name"] for index in indexes)])


def test_a_validator_of_yesterday_is_replaced(fresh: Stories):
    fresh.create_collection("runs", validator={"$jsonSchema": {"required": ["yesterday"]}})
    fresh.create_collection("stories")
    prepare(fresh)
    assert {name: validator for name, (validator, _) in made(fresh).items()} == dict(VALIDATORS)


def test_indexes_of_yesterday_are_replaced_by_many_at_once(fresh: Stories):
    fresh["pages"].create_index("state", name="lease")
    fresh["runs"].create_index([("createdAt", 1)], name="newest")
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(prepare, [fresh] * 4))
    assert [name for name, _ in fresh["pages"].index_information()["lease"]["key"]] == [
        "site",
        "host",
        "priority",
        "nextFetchAt",
        "depth",
    ]
    assert fresh["runs"].index_information()["newest"]["key"] == [("createdAt", -1)]


STORY: dict[str, Any] = {
    "_id": "tempo-read:1",
    "schemaVersion": 1,
    "site": "tempo-en",
    "url": "https://en.tempo.co/read/1/x",
    "headline": "Story 1",
    "articleBody": "",
    "datePublished": None,
    "dateDownloaded": NOON,
    "digest": "d",
    "authors": [],
    "relatedLinks": [],
}


def test_a_whole_story_passes(database: Stories):
    database["stories"].insert_one(dict(STORY))


@pytest.mark.parametrize("absent", sorted(STORY.keys() - {"_id"}))
def test_a_story_without_one_of_its_parts_is_refused(database: Stories, absent: str):
    with pytest.raises(WriteError, match="Document failed validation"):
        database["stories"].insert_one({name: value for name, value in STORY.items() if name != absent})


@pytest.mark.parametrize(
    ("name", "wrong"), [("headline", None), ("headline", 5), ("datePublished", "today"), ("authors", {})]
)
def test_a_part_of_the_wrong_kind_is_refused(database: Stories, name: str, wrong: Any):
    with pytest.raises(WriteError, match="Document failed validation"):
        database["stories"].insert_one(STORY | {name: wrong})


def test_every_collection_refuses_an_empty_document(database: Stories):
    for name in VALIDATORS:
        with pytest.raises(WriteError, match="Document failed validation"):
            database[name].insert_one({})


def test_a_tick_stands_once(database: Stories):
    tick = {"schedule": "pagi", "instant": NOON, "outcome": "claimed"}
    database["ticks"].insert_one(dict(tick))
    with pytest.raises(DuplicateKeyError):
        database["ticks"].insert_one(dict(tick))


def test_a_refused_document_is_told_from_the_servers_trouble(database: Stories):
    with pytest.raises(BulkWriteError) as refused:
        database["stories"].insert_many([{"_id": 1}, {"_id": 2}], ordered=False)
    assert refuses_document(refused.value)
    database["links"].insert_one(
        {"_id": 1, "from": "a", "to": None, "relation": "r", "position": 1, "firstSeenAt": NOON, "lastSeenAt": NOON}
    )
    link = database["links"].find_one()
    with pytest.raises(BulkWriteError) as both:
        database["links"].insert_many([link, {"_id": 3}], ordered=False)
    assert not refuses_document(both.value)
    assert not refuses_document(ServerSelectionTimeoutError("nobody there"))
    assert not refuses_document(BulkWriteError({"writeErrors": [], "writeConcernErrors": [{"code": 64}]}))
    assert not refuses_document(ValueError("ours"))


def test_what_no_collection_can_keep_is_the_documents_fault(database: Stories):
    database["two_lists"].create_index([("a", 1), ("b", 1)])
    with pytest.raises(WriteError) as lists:
        database["two_lists"].insert_one({"a": [1], "b": [1]})
    with pytest.raises(WriteError) as number:
        database["two_lists"].update_one({"_id": 1}, {"$set": {"a": "text"}, "$inc": {"b.c": "no number"}}, upsert=True)
    database["two_lists"].drop()
    assert refuses_document(lists.value)
    assert refuses_document(number.value)


# -- the client -------------------------------------------------------------------------------------------------


def test_writes_wait_for_a_majority_and_calls_are_bounded(database: Stories):
    assert database.write_concern.document == {"w": "majority"}  # which is on disk: writeConcernMajorityJournalDefault
    assert database.client.options.timeout == mongo.TIMEOUT_MS / 1000
    assert database.client.codec_options.tz_aware


@pytest.mark.parametrize("url", ["", "http://127.0.0.1", "mongodb://", "mongodb://h:port"])
def test_an_address_that_cannot_be_used_is_an_error_of_ours(url: str):
    with pytest.raises(ServiceError, match="KLIPING_MONGO_URL"):
        client(url)


def test_a_server_that_is_not_there_is_found_out_in_a_bounded_time():
    begun = time.monotonic()
    with client("mongodb://127.0.0.1:1", timeoutMS=500) as nobody, pytest.raises(ServerSelectionTimeoutError) as error:
        nobody["kliping"]["stories"].find_one()
    assert time.monotonic() - begun < 5
    told = explain(error.value)
    assert "127.0.0.1:1" in str(told)
    assert "kliping doctor" in str(told)
    assert "Topology" not in str(told)


def test_what_was_sent_and_answered_is_not_told():
    words = "not authorized on kliping to execute command { find: 'stories', lsid: 1 }, full error: {'ok': 0.0}"
    assert str(explain(OperationFailure(words, 13))).startswith("MongoDB: not authorized on kliping. Check with")


def test_an_error_is_told_in_one_line():
    told = str(explain(PyMongoError("x" * 1000)))
    assert len(told) < 400
    assert "KLIPING_MONGO_URL" in told


# -- the clock --------------------------------------------------------------------------------------------------


def test_the_servers_clock_is_aware_and_in_utc(database: Stories):
    now = ServerClock(database).now()
    assert now.tzinfo is UTC
    assert abs(now - datetime.now(UTC)) < timedelta(seconds=5)  # the same machine


def test_the_clock_goes_on_between_two_readings(database: Stories, monkeypatch: pytest.MonkeyPatch):
    clock = ServerClock(database)
    first = clock.now()
    monkeypatch.setattr(clock, "_read", lambda: pytest.fail("read again"))
    time.sleep(0.02)
    assert timedelta(milliseconds=20) <= clock.now() - first < timedelta(seconds=2)


def test_the_clock_is_read_anew_after_a_minute(database: Stories, monkeypatch: pytest.MonkeyPatch):
    clock = ServerClock(database)
    clock.now()
    monkeypatch.setattr(clock, "_read", lambda: NOON)
    monkeypatch.setattr(clock, "_read_at", clock._read_at - 61)
    assert abs(clock.now() - NOON) < timedelta(seconds=1)


def test_a_clock_that_is_never_late(database: Stories):
    """What is due by it is due by $$NOW."""
    clock = ServerClock(database)
    for _ in range(50):
        ours = clock.now()
        (server,) = database.aggregate([{"$documents": [{}]}, {"$project": {"now": "$$NOW"}}])
        assert ours <= server["now"] + timedelta(milliseconds=1)


def test_an_index_of_yesterday_is_replaced(database: Stories):
    database["stories"].drop_index("newest")
    database["stories"].create_index([("site", 1)], name="newest")
    database["meta"].update_one({"_id": "schema"}, {"$set": {"digest": "yesterday's"}})
    prepare(database)
    assert list(database["stories"].index_information()["newest"]["key"]) == [
        ("site", 1),
        ("datePublished", -1),
        ("_id", 1),
    ]
