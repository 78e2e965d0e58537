"""A backup is a database at one instant; what comes back is the same byte for byte, or nothing comes back."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import random
import re
import signal
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import bson
import pytest
from bson import DBRef, Decimal128, Int64, MaxKey, MinKey, ObjectId, Regex, Timestamp
from bson.binary import Binary
from bson.code import Code
from bson.datetime_ms import DatetimeMS
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pymongo import WriteConcern
from pymongo.errors import PyMongoError, WriteError

from console.services import services as started
from stories.backup import RAW, STAGED, Manifest, back_up, line_of, raw_of
from stories.errors import ServiceError, StopError, UsageError
from stories.mongo import INDEXES, VALIDATORS, Stories, client, prepare
from stories.restore import _insert, held, restore, verified
from stories.settings import Settings
from stories.store import Store
from tests.making import NOON, discovery, link
from tests.stories.test_store import story
from workers.stores import Stores

# -- one document -----------------------------------------------------------------------------------------------

INT64 = st.integers(-(2**63), 2**63 - 1)
NAMES = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8) | st.sampled_from(
    ["$date", "$oid", "$numberLong", "$ref", "$id", "sha256", "document", "bson", "a.b", "$", ""]
)
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    INT64,
    INT64.map(Int64),
    st.floats(),
    st.text(st.characters(exclude_categories=["Cs"])),
    st.binary(max_size=20),
    st.builds(Binary, st.binary(max_size=20), st.sampled_from([0, 2, 5, 6, 128, 255])),
    st.uuids().map(lambda value: Binary.from_uuid(UUID(str(value)))),
    st.binary(min_size=12, max_size=12).map(ObjectId),
    INT64.map(DatetimeMS),
    st.datetimes().map(lambda at: at.replace(tzinfo=dt.UTC)),
    st.builds(Timestamp, st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1)),
    st.binary(min_size=16, max_size=16).map(Decimal128.from_bid),
    st.builds(Regex, st.sampled_from(["a.*b", "^$", "/"]), st.sampled_from(["", "i", "im"])),
    st.builds(Code, st.just("return 1"), st.none() | st.just({"x": 1})),
    st.builds(DBRef, st.just("stories"), st.integers(0, 9), st.none() | st.just("other")),
    st.sampled_from([MinKey(), MaxKey()]),
)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=12
)


@given(st.dictionaries(NAMES, VALUES, max_size=6))
@settings(max_examples=400)
def test_every_document_comes_back_byte_for_byte(document: dict[str, Any]):
    raw = bson.encode(document)
    line = line_of(raw)
    assert raw_of(line) == raw
    assert "\n" not in line
    json.loads(line)


def test_a_line_is_readable():
    line = line_of(bson.encode({"_id": "tempo-read:1", "headline": "Kopi “pahit”", "at": NOON, "n": 3}))
    kept = json.loads(line)
    assert kept["document"]["headline"] == "Kopi “pahit”"
    assert kept["document"]["at"] == {"$date": {"$numberLong": str(int(NOON.timestamp() * 1000))}}
    assert kept["document"]["n"] == {"$numberInt": "3"}


def test_a_document_that_json_cannot_say_is_kept_as_bson():
    for document in ({"$date": "yesterday"}, {"nested": {"$oid": 3}}, {"a": {"$date": {"$numberLong": str(2**70)}}}):
        line = line_of(bson.encode(document))
        assert "bson" in json.loads(line)
        assert raw_of(line) == bson.encode(document)
    twice = bson.encode({"a": 1, "b": 2}).replace(b"b\0", b"a\0")  # a field that stands twice
    assert raw_of(line_of(twice)) == twice


# -- a database -------------------------------------------------------------------------------------------------


@pytest.fixture
def filled(stores: Stores) -> Stories:
    """Something in every collection."""
    database = stores.database
    prepare(database)
    cards = tuple(link(number, number) for number in range(2, 9))
    keys = [f"tempo-read:{number}" for number in range(2, 9)]
    stores.ledger.discover([discovery(number) for number in range(1, 40)])
    stores.ledger.lease("tempo-en", host="en.tempo.co", limit=5, run="run-1", max_depth=3)
    store = Store(database)
    store.save([story(number, related_links=cards, link_keys=keys) for number in range(1, 30)], now=NOON)
    later = NOON + dt.timedelta(hours=1)
    store.save([story(1, article_body="Another text.", date_downloaded=later)], now=later)
    stores.quarantine.put("a:1", site="tempo-en", url=None, stage="read", reason="why", at=NOON, payload={"n": 2**70})
    database["runs"].insert_one({"_id": "r", "site": "tempo-en", "order": {}, "state": "finished", "createdAt": NOON})
    tick = {"schedule": "pagi", "outcome": "fired"}
    database["ticks"].insert_many([{**tick, "instant": NOON + dt.timedelta(days=day)} for day in range(3)])
    database["schedulers"].insert_one(
        {"_id": "one", "host": "a", "pid": 7, "startedAt": NOON, "seenAt": dt.datetime.now(dt.UTC)}
    )
    database["alarms"].insert_one({"_id": "disk-low home", "since": NOON})
    database["budgets"].insert_one({"_id": "tempo-en 2026-11-24", "site": "tempo-en", "day": "2026-11-24", "pages": 7})
    database["takedowns"].insert_one(
        {"_id": "tempo-read:99", "pages": ["tempo-read:99"], "urls": [], "reason": None, "at": NOON}
    )
    database["schedules"].insert_one(
        {"_id": "pagi", "cron": "* * * * *", "tz": "UTC", "site": "tempo-en", "overlap": "skip"}
        | {"catchUp": "last", "paused": False}
    )
    return database


@pytest.fixture
def elsewhere(stores: Stores) -> Iterator[Stories]:
    database = stores.database.client[f"restored_{uuid4().hex[:12]}"]
    yield database
    database.client.drop_database(database.name)


def quiet(_name: str, _count: int) -> None:
    """Tell nobody."""


def taken(database: Stories, folder: Path, name: str = "backup.zip") -> tuple[Path, Manifest]:
    file = folder / name
    return file, back_up(database, file, now=lambda: NOON, tell=quiet)


def contents(database: Stories) -> dict[str, dict[Any, bytes]]:
    """Every document of every collection, as its bytes."""
    names = database.list_collection_names()
    return {
        name: {d["_id"]: bytes(d.raw) for d in database.get_collection(name, codec_options=RAW).find()}
        for name in names
    }


def test_a_database_comes_back_as_it_was(filled: Stories, elsewhere: Stories, tmp_path: Path):
    file, manifest = taken(filled, tmp_path)
    counts = {part.name: part.documents for part in manifest.collections}
    assert counts == {name: len(documents) for name, documents in contents(filled).items()}
    assert min(counts.values()) > 0
    assert manifest.snapshots == 1
    assert verified(file, tell=quiet) == manifest
    assert restore(file, elsewhere, tell=quiet) == manifest
    assert contents(elsewhere) == contents(filled)
    for name, validator in VALIDATORS.items():
        assert elsewhere[name].options().get("validator") == validator
        wanted = {index.document["name"] for index in INDEXES.get(name, ())}
        assert wanted | {"_id_"} == set(elsewhere[name].index_information())


@given(st.lists(VALUES, min_size=60, max_size=200))
@settings(max_examples=3, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
def test_every_type_goes_through_mongodb_and_back(stores: Stores, tmp_path: Path, values: list[Any]):
    """Whatever MongoDB takes: it refuses some names of fields, and dates them."""
    mongo = stores.database.client
    one, two = mongo[f"{stores.database.name}_one"], mongo[f"{stores.database.name}_two"]
    for number, value in enumerate(values):
        with suppress(WriteError):
            one["any"].insert_one({"_id": number, "value": [value]})
    name = f"{uuid4().hex}.zip"
    try:
        file, manifest = taken(one, tmp_path, name)
        restore(file, two, tell=quiet)
        assert contents(two).get("any", {}) == contents(one).get("any", {})
        assert manifest.documents == len(contents(one)["any"]) >= 20
    finally:
        mongo.drop_database(one.name)
        mongo.drop_database(two.name)


def test_the_file_is_its_owners_and_can_be_read_with_any_tool(filled: Stories, tmp_path: Path):
    file, _ = taken(filled, tmp_path)
    assert file.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        lines = archive.read("stories.jsonl").decode().splitlines()
        keys = {json.loads(line)["document"]["_id"] for line in lines}
    assert keys == {document["_id"] for document in filled["stories"].find({}, {"_id": 1})}
    assert [entry.name for entry in tmp_path.iterdir()] == [file.name]


def test_a_backup_is_never_written_over(filled: Stories, tmp_path: Path):
    file, _ = taken(filled, tmp_path)
    before = file.read_bytes()
    with pytest.raises(UsageError, match="is there already"):
        taken(filled, tmp_path)
    assert file.read_bytes() == before


def test_a_file_that_came_while_a_backup_was_made_is_not_written_over_either(filled: Stories, tmp_path: Path):
    file = tmp_path / "b.zip"
    with pytest.raises(UsageError, match="is there already"):
        back_up(filled, file, now=lambda: NOON, tell=lambda _name, _count: file.touch())
    assert [(entry.name, entry.stat().st_size) for entry in tmp_path.iterdir()] == [(file.name, 0)]


def test_who_objects_when_all_is_read_keeps_what_was_there(filled: Stories, elsewhere: Stories, tmp_path: Path):
    Store(elsewhere).save([story(77)], now=NOON)
    before = contents(elsewhere)
    file, _ = taken(filled, tmp_path)

    def objects() -> None:
        raise UsageError("a worker is at work by now")

    with pytest.raises(UsageError, match="by now"):
        restore(file, elsewhere, tell=quiet, look_again=objects)
    assert contents(elsewhere) == before


def test_what_was_there_is_replaced_whole(filled: Stories, elsewhere: Stories, tmp_path: Path):
    Store(elsewhere).save([story(77)], now=NOON)
    elsewhere["theirs"].insert_one({"_id": 1})
    elsewhere[f"{STAGED}stories"].insert_one({"_id": "of a restore that was killed"})
    assert held(elsewhere) == 2
    file, _ = taken(filled, tmp_path)
    restore(file, elsewhere, tell=quiet)
    assert contents(elsewhere).pop("theirs") == {1: bson.encode({"_id": 1})}
    assert {name: found for name, found in contents(elsewhere).items() if name != "theirs"} == contents(filled)


def test_a_restore_that_fails_leaves_what_was_there(filled: Stories, elsewhere: Stories, tmp_path: Path):
    """A document that MongoDB refuses, in the last collection but well digested."""
    Store(elsewhere).save([story(77)], now=NOON)
    before = contents(elsewhere)
    file, _ = taken(filled, tmp_path)
    raw = bson.encode({"_id": [1], "schedule": "x"})  # an array is no id
    rewritten(file, "ticks.jsonl", lambda lines: [*lines, line_of(raw).encode() + b"\n"])
    verified(file, tell=quiet)
    with pytest.raises(StopError, match="does not take a document"):
        restore(file, elsewhere, tell=quiet)
    assert contents(elsewhere) == before


# -- while it is written to --------------------------------------------------------------------------------------


def test_all_is_of_one_instant_whatever_is_written_meanwhile(filled: Stories, elsewhere: Stories, tmp_path: Path):
    before = contents(filled)

    def meddle(name: str, count: int) -> None:
        if not count:  # the first time it has not begun
            return
        filled["stories"].update_many({}, {"$inc": {"meddled": 1}})
        filled["pages"].delete_many({"_id": f"tempo-read:{len(name)}"})
        filled["quarantine"].insert_one({**filled["quarantine"].find_one({}), "_id": f"{name}:{uuid4().hex}"})

    manifest = back_up(filled, tmp_path / "b.zip", now=lambda: NOON, tell=meddle)
    assert manifest.snapshots == 1
    restore(tmp_path / "b.zip", elsewhere, tell=quiet)
    assert contents(elsewhere) == before != contents(filled)


def test_a_snapshot_that_grows_too_old_is_renewed_where_it_ended(
    filled: Stories, elsewhere: Stories, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The server keeps no history at all, and every collection changes while it is read; ids are of many types."""
    monkeypatch.setattr("stories.backup._BATCH", 10)
    monkeypatch.setattr("stories.backup._TELL_EVERY", 10)
    kinds: list[Any] = [*range(40), *map(str, range(40)), *(ObjectId() for _ in range(40)), {"a": 1}, None, 2.5]
    filled["mixed"].insert_many([{"_id": kind} for kind in kinds])
    admin, window = filled.client.admin, "minSnapshotHistoryWindowInSeconds"
    was = admin.command({"getParameter": 1, window: 1})[window]

    def meddle(_name: str, _count: int) -> None:
        filled["runs"].update_one({"_id": "r"}, {"$inc": {"resumes": 1}})
        filled["mixed"].update_many({}, {"$inc": {"n": 1}})

    admin.command({"setParameter": 1, window: 0})
    try:
        manifest = back_up(filled, tmp_path / "b.zip", now=lambda: NOON, tell=meddle)
    finally:
        admin.command({"setParameter": 1, window: was})
        mixed = {repr(document["_id"]) for document in filled["mixed"].find()}
        filled.drop_collection("mixed")
    assert manifest.snapshots > 1
    restore(tmp_path / "b.zip", elsewhere, tell=quiet)
    assert {repr(document["_id"]) for document in elsewhere["mixed"].find()} == mixed
    assert elsewhere["mixed"].count_documents({}) == len(kinds)


# -- damage -----------------------------------------------------------------------------------------------------


def rewritten(file: Path, member: str, change: Callable[[list[bytes]], list[bytes]], *, honest: bool = True) -> None:
    """The file with another member, and a manifest that agrees with it unless it is to lie."""
    with zipfile.ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    lines = change(members[member].splitlines(keepends=True))
    members[member] = b"".join(lines)
    manifest = json.loads(members["manifest.json"])
    for part in manifest["collections"] if honest else ():
        if f"{part['name']}.jsonl" == member:
            part |= {"documents": len(lines), "sha256": hashlib.sha256(members[member]).hexdigest()}
    members["manifest.json"] = json.dumps(manifest).encode()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(name, body)


def test_a_changed_document_is_named(filled: Stories, tmp_path: Path):
    file, _ = taken(filled, tmp_path)
    rewritten(
        file, "stories.jsonl", lambda lines: [line.replace(b"text of story 2.", b"text of story 3.") for line in lines]
    )
    with pytest.raises(StopError, match=r'document \d+ of stories .*"tempo-read:2".* its digest is another'):
        verified(file, tell=quiet)


@pytest.mark.parametrize(
    "change",
    [lambda lines: lines[:-1], lambda lines: [*lines, lines[0]], lambda lines: list(reversed(lines))],
    ids=["one less", "one twice", "another order"],
)
def test_a_collection_that_is_not_as_its_manifest_says(filled: Stories, tmp_path: Path, change: Any):
    file, _ = taken(filled, tmp_path)
    rewritten(file, "pages.jsonl", change, honest=False)
    with pytest.raises(StopError, match="pages has"):
        verified(file, tell=quiet)


def test_a_backup_of_a_newer_kliping_is_left_alone(filled: Stories, tmp_path: Path):
    file, _ = taken(filled, tmp_path)
    for name in ("schemaVersion", "formatVersion"):
        newer = tmp_path / f"{name}.zip"
        newer.write_bytes(file.read_bytes())
        rewritten(
            newer,
            "manifest.json",
            lambda lines, n=name: [re.sub(rb'("%b": )\d+' % n.encode(), rb"\g<1>99", b"".join(lines))],
        )
        with pytest.raises(UsageError, match=f"newer kliping .{name} 99; this is"):
            verified(newer, tell=quiet)


def test_a_file_that_is_no_backup(tmp_path: Path):
    other, empty = tmp_path / "other.zip", tmp_path / "empty"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("manifest.json", "[1]")
    empty.write_bytes(b"")
    with pytest.raises(UsageError, match="no backup of kliping"):
        verified(other, tell=quiet)
    with pytest.raises(StopError, match="is no whole backup"):
        verified(empty, tell=quiet)
    with pytest.raises(UsageError, match="cannot be read: No such file"):
        verified(tmp_path / "absent", tell=quiet)
    with pytest.raises(UsageError, match="cannot be read: Is a directory"):
        verified(tmp_path, tell=quiet)


def test_whatever_byte_is_changed_or_missing_is_noticed_or_does_no_harm(filled: Stories, tmp_path: Path):
    file, manifest = taken(filled, tmp_path)
    whole = file.read_bytes()
    seed = random.randrange(10**9)
    print("seed", seed)
    dice = random.Random(seed)
    said = []
    tail = len(whole) - 1500  # the directory, in which a byte means most
    for trial in range(150):
        bad = bytearray(whole)
        if trial % 5 == 0:
            del bad[dice.randrange(len(bad)) :]
        else:
            at = dice.randrange(len(bad)) if trial % 2 else dice.randrange(tail, len(bad))
            bad[at] ^= 1 << dice.randrange(8)
        file.write_bytes(bytes(bad))
        try:
            assert verified(file, tell=quiet) == manifest  # such as the time of a member
        except (StopError, UsageError) as error:
            said.append(str(error))
    assert len(said) > 75
    assert all(str(file) in error or "document" in error for error in said)


# -- disks ------------------------------------------------------------------------------------------------------


def test_a_full_disk_leaves_nothing(filled: Stories, tmp_path: Path):
    (tmp_path / f".backup.zip.{os.getpid()}").symlink_to("/dev/full")
    with pytest.raises(ServiceError, match=r"no space left for .*backup.zip .*Make room, or name"):
        taken(filled, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_takes_nothing(filled: Stories, tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match=r"cannot be written: .*Name a folder"):
        taken(filled, tmp_path / "file")


def test_documents_that_no_majority_takes_stop_a_restore(database: Stories):
    staged = database.get_collection(f"{STAGED}any", write_concern=WriteConcern(w=2, wtimeout=100))  # of one server
    with pytest.raises(StopError, match="MongoDB does not take a document"):
        _insert(staged, [bson.encode({"_id": 1})])


def test_a_server_that_dies_leaves_nothing(tmp_path: Path):
    backups = tmp_path / "backups"
    with started(Settings(home=tmp_path / "home")) as up, client(up.mongo_url, timeoutMS=1_500) as mongo:
        database = mongo["dies"]
        database["pages"].insert_many([{"_id": number} for number in range(3_000)])

        def kill(_name: str, count: int) -> None:
            if count == 500:
                os.kill(up.pids["mongod"], signal.SIGKILL)

        with pytest.raises(PyMongoError):
            back_up(database, backups / "b.zip", now=lambda: NOON, tell=kill)
    assert list(backups.iterdir()) == []
