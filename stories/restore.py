"""Read a backup back: looked at whole before anything is written, and read again after it is written.

What was there stays in its place until the new collections stand beside it, complete and compared, with their indexes
and validators; only then they change places.
"""

from __future__ import annotations

import hashlib
import json
import struct
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile, ZipFile

import pymongo
from bson.raw_bson import RawBSONDocument
from pymongo.collection import Collection
from pymongo.errors import BulkWriteError

from stories.backup import FORMAT, FORMAT_VERSION, MANIFEST, MISREAD, RAW, STAGED, Manifest, Part, Tell, digest, raw_of
from stories.codec import SCHEMA_VERSION, instant_from_json
from stories.errors import StopError, UsageError
from stories.mongo import INDEXES, VALIDATORS, Stories, prepare
from stories.takedown import Takedowns

_BROKEN: Final = (BadZipFile, zlib.error, EOFError, RuntimeError, UnicodeDecodeError, OverflowError, struct.error)
"""What zipfile raises for bytes that are no whole archive; RuntimeError where they seem to be encrypted."""
_LONGEST_LINE: Final = 64 * 1024 * 1024  # bytes: a document of MongoDB's 16 MB, each byte as four
_LONGEST_MANIFEST: Final = 1024 * 1024
_BATCH_DOCUMENTS: Final = 500
_BATCH_BYTES: Final = 4_000_000  # a few dozen MB of memory, and under the server's 48 MB a message
_TELL_EVERY: Final = 500
_INDEXING: Final = 3600.0  # seconds: an index over ten million pages takes minutes


def verified(file: Path, *, tell: Tell) -> Manifest:
    """Read the file whole, document by document. Raises UsageError or StopError that says what is wrong with it."""
    with _opened(file) as archive:
        manifest = _manifest(archive, file)
        members = {part.member for part in manifest.collections} | {MANIFEST}
        if members != set(archive.namelist()):
            raise StopError(f"{file} does not hold what its manifest lists. Take another backup.")
        for part in manifest.collections:
            for _ in _documents(archive, part, tell):
                pass
    return manifest


def held(database: Stories) -> int:
    """How many documents a database holds; 0 for one that was only prepared."""
    names = database.list_collection_names(filter={"type": "collection"})
    ours = [name for name in names if name != "meta" and not name.startswith(("system.", STAGED))]
    return sum(database[name].estimated_document_count() for name in ours)


def restore(file: Path, database: Stories, *, tell: Tell, look_again: Callable[[], object] = lambda: None) -> Manifest:
    """Put a file that was verified in the place of what the database holds.

    Each document is read back from the server and compared. If anything fails on the way, what was there is untouched;
    if it is cut short while they change places, it can be repeated. Nothing comes back that was taken down, here or
    there, before the backup or since.

    `look_again` is called when all is read, which takes minutes: if it raises, what was there is untouched, too.
    """
    _discard_staged(database)
    try:
        with _opened(file) as archive:
            manifest = _manifest(archive, file)
            for part in manifest.collections:
                _stage(archive, part, database, tell)
        look_again()
        _add_own_marks(database)
        _take_their_places(database)
        takedowns = Takedowns(database)
        for mark in takedowns.marks():  # a backup that was made in that moment may hold both a mark and its story
            takedowns.purge(mark)
    finally:
        _discard_staged(database)
    return manifest


def _stage(archive: ZipFile, part: Part, database: Stories, tell: Tell) -> None:
    staged = database.create_collection(f"{STAGED}{part.name}", check_exists=False)
    batch: list[bytes] = []
    size = 0
    for raw in _documents(archive, part, tell):
        batch.append(raw)
        size += len(raw)
        if len(batch) >= _BATCH_DOCUMENTS or size >= _BATCH_BYTES:
            _insert(staged, batch)
            batch, size = [], 0
    if batch:
        _insert(staged, batch)
    with pymongo.timeout(_INDEXING):
        if part.name in INDEXES:
            staged.create_indexes(list(INDEXES[part.name]))
        if part.name in VALIDATORS:
            database.command("collMod", staged.name, validator=VALIDATORS[part.name])


def _insert(staged: Collection[Any], batch: list[bytes]) -> None:
    raw = staged.with_options(codec_options=RAW)
    documents = [RawBSONDocument(document, codec_options=RAW) for document in batch]
    try:
        raw.insert_many(documents, ordered=False)
    except BulkWriteError as error:
        first = (error.details["writeErrors"] or error.details["writeConcernErrors"])[0]["errmsg"]
        raise StopError(f"MongoDB does not take a document of {staged.name}: {first[:300]}") from error
    ids = [document["_id"] for document in documents]
    found = {digest(bytes(document.raw)) for document in raw.find({"_id": {"$in": ids}})}
    if found != {digest(document) for document in batch}:
        raise StopError(f"MongoDB did not store what it was given for {staged.name}. Look into its log.")


def _add_own_marks(database: Stories) -> None:
    """What was taken down since that backup: the marks are in the database before, while and after others come."""
    for mark in database["takedowns"].find():
        database[f"{STAGED}takedowns"].replace_one({"_id": mark["_id"]}, mark, upsert=True)


def _take_their_places(database: Stories) -> None:
    """The marks first. The ledger last: until then the old one still says what it knows of its own stories."""
    names = [name.removeprefix(STAGED) for name in _staged(database)]
    for name in sorted(names, key=lambda name: (name == "pages", name != "takedowns")):
        database[f"{STAGED}{name}"].rename(name, dropTarget=True)
    for name in VALIDATORS:
        if name not in names:
            database.drop_collection(name)
    # The file says that all is prepared, of the database that it was made of.
    database["meta"].delete_one({"_id": "schema"})
    with pymongo.timeout(_INDEXING):
        prepare(database)


def _staged(database: Stories) -> list[str]:
    return [name for name in database.list_collection_names() if name.startswith(STAGED)]


def _discard_staged(database: Stories) -> None:
    for name in _staged(database):
        database.drop_collection(name)


# -- the file ---------------------------------------------------------------------------------------------------


@contextmanager
def _opened(file: Path) -> Iterator[ZipFile]:
    try:
        with ZipFile(file) as archive:
            yield archive
    except _BROKEN as error:
        raise StopError(
            f"{file} is no whole backup ({error}): it was cut short, or changed. Take another one."
        ) from error
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror or error}.") from error


def _manifest(archive: ZipFile, file: Path) -> Manifest:
    try:
        with archive.open(MANIFEST) as member:
            said = json.loads(member.read(_LONGEST_MANIFEST))
        _check_versions(said, file)
        return _manifest_of(said)
    except (KeyError, TypeError, ValueError) as error:
        raise UsageError(f"{file} is no backup of kliping: it has no manifest that can be read.") from error


def _check_versions(said: Mapping[str, Any], file: Path) -> None:
    if said["format"] != FORMAT:
        raise ValueError("another format")
    for name, ours in (("formatVersion", FORMAT_VERSION), ("schemaVersion", SCHEMA_VERSION)):
        theirs = said[name]
        if not isinstance(theirs, int) or theirs > ours:
            raise UsageError(
                f"{file} was made by a newer kliping ({name} {theirs!r}; this is {ours}). Install that one, or a newer."
            )


def _manifest_of(said: Mapping[str, Any]) -> Manifest:
    return Manifest(
        database=str(said["database"]),
        schema_version=said["schemaVersion"],
        begun_at=_instant(said["begunAt"]),
        ended_at=_instant(said["endedAt"]),
        snapshots=int(said["snapshots"]),
        collections=tuple(
            Part(name=str(part["name"]), documents=int(part["documents"]), sha256=str(part["sha256"]))
            for part in said["collections"]
        ),
    )


def _instant(text: str) -> datetime:
    at = instant_from_json(text)
    if at is None:
        raise ValueError("no time")
    return at


def _documents(archive: ZipFile, part: Part, tell: Tell) -> Iterator[bytes]:
    """Each document of a collection, compared with its digest; at the end all of them with the manifest."""
    count, sha256 = 0, hashlib.sha256()
    tell(part.name, 0)
    with archive.open(part.member) as member:
        while line := member.readline(_LONGEST_LINE):
            count += 1
            sha256.update(line)
            try:
                yield raw_of(line.decode())
            except MISREAD as error:
                raise StopError(
                    f"document {count} of {part.name} is not as it was written ({_said(line, error)}). "
                    "Nothing of this backup can be trusted; take another one."
                ) from error
            if count % _TELL_EVERY == 0:
                tell(part.name, count)
    tell(part.name, count)
    if (count, sha256.hexdigest()) != (part.documents, part.sha256):
        raise StopError(
            f"{part.name} has {count} documents here, and the manifest says {part.documents}, or they are others. "
            "Take another backup."
        )


def _said(line: bytes, error: Exception) -> str:
    reason = str(error) if isinstance(error, ValueError) and not isinstance(error, json.JSONDecodeError) else "no JSON"
    start = line[:200].decode(errors="replace")
    key = start.partition('"_id":')[2].partition(",")[0]
    return f"{key}: {reason}" if key else reason
