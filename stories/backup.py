"""Write a whole database into one file, at one instant, document by document.

The file is a ZIP archive that any tool opens: `NAME.jsonl` for each collection, a line a document, and `manifest.json`
with how many there are and the SHA-256 of each collection's lines.

    {"sha256": "<of the document's BSON>", "document": {<MongoDB's extended JSON, canonical>}}

The digest is of what MongoDB stores, byte for byte, not of how we write it. So it proves on the way back that a
document was read as it was: its types, the order of its fields, its milliseconds.

While a crawl goes on all collections are read from one snapshot. A server keeps that for five minutes by default; a
backup that takes longer goes on from a newer one. The ledger comes first, so that no page says `stored` whose story
is not in the file: what was stored later is only asked for once more.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from errno import EDQUOT, EFBIG, ENOSPC
from pathlib import Path
from typing import IO, Any, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import bson
from bson import json_util
from bson.codec_options import CodecOptions, DatetimeConversion
from bson.errors import BSONError
from bson.raw_bson import RawBSONDocument
from pymongo.client_session import ClientSession
from pymongo.collection import Collection
from pymongo.errors import OperationFailure

from stories.codec import SCHEMA_VERSION, instant_to_json
from stories.errors import ServiceError, UsageError
from stories.files import named_first, on_the_disk
from stories.mongo import Stories

FORMAT: Final = "kliping-backup"
FORMAT_VERSION: Final = 1
MANIFEST: Final = "manifest.json"
STAGED: Final = "restoring."
"""Before the names of collections that a restore has not finished: never backed up."""

Tell = Callable[[str, int], object]
"""Called now and then with a collection's name and how many of its documents are done."""

_FIRST: Final = ("pages",)
_BATCH: Final = 500  # documents a round trip: of the largest stories about 20 MB, where the server cuts it at 16
_TELL_EVERY: Final = 500
_PRIVATE: Final = 0o600
_RENEW: Final = {239, 246}  # SnapshotTooOld; SnapshotUnavailable: an index or validator was changed meanwhile

EXACT: Final = CodecOptions[dict[str, Any]](tz_aware=True, datetime_conversion=DatetimeConversion.DATETIME_MS)
"""Every date is milliseconds: a datetime ends at the year 9999, BSON's does not."""
RAW: Final = CodecOptions[RawBSONDocument](
    RawBSONDocument, tz_aware=True, datetime_conversion=DatetimeConversion.DATETIME_MS
)
"""Documents as the bytes that they are."""
_JSON: Final = json_util.JSONOptions(
    json_mode=json_util.JSONMode.CANONICAL, tz_aware=True, datetime_conversion=DatetimeConversion.DATETIME_MS
)


MISREAD: Final = (BSONError, ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What bson raises for JSON that only looks like a type of its own, such as {"$date": {"$numberLong": "x"}}."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One collection in the file."""

    name: str
    documents: int
    sha256: str
    """Of its lines."""

    @property
    def member(self) -> str:
        return f"{self.name}.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What the file says of itself."""

    database: str
    schema_version: int
    begun_at: datetime
    ended_at: datetime
    snapshots: int
    """1: everything is of one instant."""
    collections: tuple[Part, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "formatVersion": FORMAT_VERSION,
            "schemaVersion": self.schema_version,
            "database": self.database,
            "begunAt": instant_to_json(self.begun_at),
            "endedAt": instant_to_json(self.ended_at),
            "snapshots": self.snapshots,
            "collections": [asdict(part) for part in self.collections],
        }

    @property
    def documents(self) -> int:
        return sum(part.documents for part in self.collections)


# -- one document -----------------------------------------------------------------------------------------------


def line_of(raw: bytes) -> str:
    """A document's line, without its end. Its JSON is read back first: what JSON cannot say is kept as BSON."""
    try:
        plain = json_util.dumps(bson.decode(raw, EXACT), json_options=_JSON, separators=(",", ":"), ensure_ascii=False)
        kept = f'"document":{plain}'
        if bson.encode(json_util.loads(plain, json_options=_JSON)) != raw:
            kept = _as_bson(raw)
    except MISREAD:  # such as a field that is named like a type: {"$date": …}
        kept = _as_bson(raw)
    return f'{{"sha256":"{digest(raw)}",{kept}}}'


def raw_of(line: str) -> bytes:
    """The document of a line. Raises one of MISREAD where it is not the one that its digest tells of."""
    kept = json_util.loads(line, json_options=_JSON)
    raw = base64.b64decode(kept["bson"], validate=True) if "bson" in kept else bson.encode(kept["document"])
    if digest(raw) != kept["sha256"]:
        raise ValueError("its digest is another")
    return raw


def digest(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def _as_bson(raw: bytes) -> str:
    return f'"bson":"{base64.b64encode(raw).decode()}"'


# -- the whole database -----------------------------------------------------------------------------------------


def back_up(database: Stories, file: Path, *, now: Callable[[], datetime], tell: Tell) -> Manifest:
    """Write all collections of a database; the file has its name only when it is whole and on the disk.

    Reads only. Raises UsageError where the file is there or its folder takes none, ServiceError for a full disk.
    """
    begun_at = _to_the_second(now())
    names = database.list_collection_names(filter={"type": "collection"})
    names = sorted(name for name in names if not name.startswith(("system.", STAGED)))
    with _whole_or_not_at_all(file) as opened, ZipFile(opened, "w", ZIP_DEFLATED) as archive:
        snapshots = _Snapshots(database)
        try:
            parts = tuple(
                _write(archive, database[name], snapshots, tell)
                for name in sorted(names, key=lambda n: n not in _FIRST)
            )
        finally:
            snapshots.close()
        manifest = Manifest(
            database=database.name,
            schema_version=SCHEMA_VERSION,
            begun_at=begun_at,
            ended_at=_to_the_second(now()),
            snapshots=snapshots.count,
            collections=parts,
        )
        with archive.open(_info(MANIFEST), "w") as member:
            member.write(json.dumps(manifest.to_json(), indent=2).encode())
    return manifest


def _to_the_second(at: datetime) -> datetime:
    return at.replace(microsecond=0)


def _write(archive: ZipFile, collection: Collection[Any], snapshots: _Snapshots, tell: Tell) -> Part:
    name = collection.name
    count, sha256 = 0, hashlib.sha256()
    tell(name, 0)
    with archive.open(_info(f"{name}.jsonl"), "w", force_zip64=True) as member:
        for document in snapshots.each(collection):
            line = f"{line_of(bytes(document.raw))}\n".encode()
            sha256.update(line)
            member.write(line)
            count += 1
            if count % _TELL_EVERY == 0:
                tell(name, count)
    tell(name, count)
    return Part(name=name, documents=count, sha256=sha256.hexdigest())


def _info(name: str) -> ZipInfo:
    info = ZipInfo(name, date_time=datetime.now(UTC).timetuple()[:6])
    info.compress_type = ZIP_DEFLATED
    info.external_attr = _PRIVATE << 16
    return info


class _Snapshots:
    """Documents of a database as they were at one instant, or at as few as the server allows."""

    def __init__(self, database: Stories) -> None:
        self._client = database.client
        self._session: ClientSession | None = None
        self.count = 0

    def each(self, collection: Collection[Any]) -> Iterator[RawBSONDocument]:
        """All documents in the order of their ids."""
        raw = collection.with_options(codec_options=RAW)
        last: RawBSONDocument | None = None
        while True:
            try:
                for document in self._after(last, raw):
                    yield document
                    last = document
            except OperationFailure as error:
                if error.code not in _RENEW:
                    raise
                self.close()
            else:
                return

    def _after(self, last: RawBSONDocument | None, raw: Collection[RawBSONDocument]) -> Iterator[RawBSONDocument]:
        found = raw.find({}, session=self._current(), batch_size=_BATCH).hint([("_id", 1)]).sort("_id", 1)
        if last is None:
            yield from found
            return
        # Not $gt, which sees ids of the same type only.
        for document in found.min([("_id", last["_id"])]):
            if document["_id"] != last["_id"]:
                yield document

    def _current(self) -> ClientSession:
        if self._session is None:
            self._session = self._client.start_session(snapshot=True)
            self.count += 1
        return self._session

    def close(self) -> None:
        if self._session is not None:
            self._session.end_session()
            self._session = None


# -- the file ---------------------------------------------------------------------------------------------------


@contextmanager
def _whole_or_not_at_all(file: Path) -> Iterator[IO[bytes]]:
    """A new file for its owner only, written beside its place; it stays only if the block ends well."""
    if file.exists():
        raise _taken(file)
    new = file.with_name(f".{file.name}.{os.getpid()}")
    with _answered(file):
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _PRIVATE), "wb") as opened:
                yield opened
                opened.flush()
                os.fsync(opened.fileno())
            if not named_first(new, file):  # it came while this one was made
                raise _taken(file)
            on_the_disk(file.parent)
        finally:
            new.unlink(missing_ok=True)


def _taken(file: Path) -> UsageError:
    return UsageError(f"{file} is there already. Name another file: no backup is ever written over.")


@contextmanager
def _answered(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (ENOSPC, EDQUOT, EFBIG):
            raise ServiceError(
                f"no space left for {file} ({error.strerror}); nothing is left of it. "
                "Make room, or name a folder on another disk."
            ) from error
        raise UsageError(f"{file} cannot be written: {error.strerror}. Name a folder that you may write to.") from error
