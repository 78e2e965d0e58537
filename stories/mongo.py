"""The only maker of MongoClient: bounded waits, majority writes, our collections with their validators and indexes."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from pymongo import ASCENDING, DESCENDING, IndexModel, MongoClient
from pymongo.database import Database
from pymongo.errors import BulkWriteError, ConfigurationError, OperationFailure, PyMongoError

from stories.errors import ServiceError

Document = dict[str, Any]
Stories = Database[Document]

TIMEOUT_MS: Final = 10_000  # a server that hangs must not hold us; a majority write on a busy disk took 2 s at worst
APP_NAME: Final = "kliping"
_EXISTS: Final = 48  # MongoDB's code NamespaceExists
_DUPLICATE_KEY: Final = 11000
_DOCUMENTS_FAULT: Final = frozenset(
    {
        2,  # BadValue
        9,  # FailedToParse
        14,  # TypeMismatch
        15,  # Overflow
        28,  # PathNotViable
        52,  # DollarPrefixedFieldName
        56,  # EmptyFieldName
        57,  # DottedFieldName
        66,  # ImmutableField
        121,  # DocumentValidationFailure
        171,  # CannotIndexParallelArrays
        10334,  # BSONObjectTooLarge
        17419,  # what an update makes is too large
        17420,  # what an insert makes is too large
    }
)
_CLOCK_SYNC: Final = 60.0  # seconds; two quartz clocks drift by under 10 ms in that time


def client(url: str, **options: Any) -> MongoClient[Document]:
    """A client that waits a bounded time, acknowledges by majority and gives aware times.

    Raises ServiceError where the URL itself cannot be used. Connects at the first call, not here.
    """
    defaults: dict[str, Any] = {
        "timeoutMS": TIMEOUT_MS,
        "serverSelectionTimeoutMS": TIMEOUT_MS,  # else closing waits 30 s for a server that is gone
        "socketTimeoutMS": TIMEOUT_MS,  # else closing waits for ever for one that stands still: timeoutMS is for calls
        "w": "majority",
        "tz_aware": True,
        "appname": APP_NAME,
    }
    try:
        return MongoClient(url, **(defaults | options))
    except (ConfigurationError, ValueError) as error:
        raise ServiceError(f"KLIPING_MONGO_URL cannot be used: {error}") from error


class ServerClock:
    """MongoDB's clock, read rarely: all processes on all machines agree on it, and a wrong local clock does no harm."""

    def __init__(self, database: Stories) -> None:
        self._database = database
        self._server: datetime | None = None
        self._read_at = 0.0

    def now(self) -> datetime:
        """Aware, UTC. Between two readings it goes on by the monotonic clock, which nobody sets back."""
        at = time.monotonic()
        if self._server is None or at - self._read_at > _CLOCK_SYNC:
            self._server, self._read_at = self._read(), time.monotonic()
            at = self._read_at
        return self._server + timedelta(seconds=at - self._read_at)

    def estimate(self) -> datetime:
        """As now(), from the last reading however old, for those who may not wait; the first call reads."""
        if self._server is None:
            return self.now()
        return self._server + timedelta(seconds=time.monotonic() - self._read_at)

    def _read(self) -> datetime:
        at: datetime = self._database.command("hello")["localTime"]
        return at.replace(tzinfo=UTC)  # a command's answer is naive, whatever the client's options


def _required(**kinds: str | list[str]) -> Document:
    """A validator for the fields that queries and other processes rely on; further fields are free."""
    properties = {name: {"bsonType": kind} for name, kind in kinds.items()}
    return {"$jsonSchema": {"bsonType": "object", "required": list(kinds), "properties": properties}}


_NULLABLE_DATE: Final = ["date", "null"]

VALIDATORS: Final[Mapping[str, Document]] = {
    "pages": _required(
        site="string",
        host="string",
        url="string",
        kind="string",
        priority="int",
        depth="int",
        state="string",
        attempts="int",
    ),
    "stories": _required(
        schemaVersion="int",
        site="string",
        url="string",
        headline="string",
        articleBody="string",
        datePublished=_NULLABLE_DATE,
        dateDownloaded="date",
        digest="string",
        authors="array",
        relatedLinks="array",
    ),
    "revisions": _required(
        key="string", digest="string", headline="string", articleBody="string", dateDownloaded="date"
    ),
    "links": {
        "$jsonSchema": {
            "bsonType": "object",
            "required": ["from", "to", "relation", "position", "firstSeenAt", "lastSeenAt"],
            "properties": {
                "from": {"bsonType": "string"},
                "to": {"bsonType": ["string", "null"]},
                "relation": {"bsonType": "string"},
                "position": {"bsonType": "int"},
                "firstSeenAt": {"bsonType": "date"},
                "lastSeenAt": {"bsonType": "date"},
            },
        }
    },
    "runs": _required(site="string", order="object", state="string", createdAt="date"),
    "schedules": _required(
        cron="string", tz="string", site="string", overlap="string", catchUp="string", paused="bool"
    ),
    "ticks": _required(schedule="string", instant="date", outcome="string"),
    "schedulers": _required(host="string", pid="int", startedAt="date", seenAt="date"),
    "alarms": _required(since="date"),
    "meta": _required(digest="string"),
    "quarantine": _required(page="string", site="string", stage="string", reason="string", at="date"),
    "takedowns": _required(pages="array", urls="array", at="date"),
    "budgets": _required(site="string", day="string", pages="int"),
}

_DUE: Final = {"nextFetchAt": {"$exists": True}}
_IN_FLIGHT: Final = {"checkAt": {"$exists": True}}

INDEXES: Final[Mapping[str, Sequence[IndexModel]]] = {
    "pages": (
        # Leasing reads this from its left: one seek a priority, whatever the number of pages.
        IndexModel(
            [
                ("site", ASCENDING),
                ("host", ASCENDING),
                ("priority", ASCENDING),
                ("nextFetchAt", ASCENDING),
                ("depth", ASCENDING),
            ],
            name="lease",
            partialFilterExpression=_DUE,
        ),
        IndexModel([("state", ASCENDING), ("checkAt", ASCENDING)], name="inFlight", partialFilterExpression=_IN_FLIGHT),
        IndexModel([("run", ASCENDING)], name="report"),
        # Pages of a run that came back: they failed, or their job was lost. So few that it costs next to nothing.
        IndexModel(
            [("run", ASCENDING), ("nextFetchAt", ASCENDING)],
            name="returned",
            partialFilterExpression={"state": "due", "run": {"$exists": True}},
        ),
    ),
    "stories": (
        IndexModel([("site", ASCENDING), ("datePublished", DESCENDING), ("_id", ASCENDING)], name="newest"),
        IndexModel([("datePublished", DESCENDING), ("_id", ASCENDING)], name="published"),
        IndexModel([("articleSection", ASCENDING), ("datePublished", DESCENDING), ("_id", ASCENDING)], name="section"),
        IndexModel([("site", ASCENDING), ("firstStoredAt", DESCENDING)], name="stored"),
        IndexModel([("authors.name", ASCENDING)], name="author"),
        IndexModel([("enrichment.agencies.names", ASCENDING)], name="agency"),
        IndexModel([("bands", ASCENDING)], name="nearDuplicates"),
        IndexModel([("isBasedOnKey", ASCENDING)], name="original", sparse=True),
        IndexModel([("terms", ASCENDING), ("datePublished", DESCENDING)], name="words"),
    ),
    "revisions": (IndexModel([("key", ASCENDING), ("dateDownloaded", DESCENDING)], name="history"),),
    "links": (
        IndexModel([("from", ASCENDING), ("relation", ASCENDING), ("position", ASCENDING)], name="outgoing"),
        IndexModel([("to", ASCENDING)], name="incoming"),
    ),
    "runs": (
        IndexModel([("createdAt", DESCENDING)], name="newest"),
        IndexModel([("state", ASCENDING)], name="state"),
        IndexModel([("open", ASCENDING)], name="open", partialFilterExpression={"open": {"$gt": 0}}),
        IndexModel([("unfinished", ASCENDING)], name="unfinished", sparse=True),
    ),
    "ticks": (
        IndexModel([("schedule", ASCENDING), ("instant", ASCENDING)], name="once", unique=True),
        IndexModel([("outcome", ASCENDING), ("instant", ASCENDING)], name="outcome"),
    ),
    # A scheduler that has given no sign of life for a day is nobody's any more.
    "schedulers": (IndexModel([("seenAt", ASCENDING)], name="silent", expireAfterSeconds=24 * 3600),),
    "quarantine": (IndexModel([("at", DESCENDING)], name="newest"),),
    "takedowns": (IndexModel([("pages", ASCENDING)], name="page"),),
}

_META: Final = "meta"
_DETAILS: Final = re.compile(r", Timeout:|,? full error:| to execute command")
"""Where a server's words become a program's, with all that was sent and answered."""
_OTHER_INDEX: Final = {85, 86}  # IndexOptionsConflict, IndexKeySpecsConflict
_NO_INDEX: Final = 27  # IndexNotFound
_DIGEST: Final = hashlib.sha256(
    repr((VALIDATORS, [(name, [index.document for index in indexes]) for name, indexes in INDEXES.items()])).encode()
).hexdigest()


def prepare(database: Stories) -> None:
    """Make collections, validators and indexes; safe to call at every start and by many processes at once.

    Once made, it is one look: what was made is remembered with a digest of what stands here.
    """
    present = set(database.list_collection_names())
    if present.issuperset(VALIDATORS) and _prepared_as(database) == _DIGEST:
        return
    for name, validator in VALIDATORS.items():
        _ensure_collection(database, name, validator, present=name in present)
        if name in INDEXES:
            _ensure_indexes(database, name)
    database[_META].update_one({"_id": "schema"}, {"$set": {"digest": _DIGEST}}, upsert=True)


def _ensure_indexes(database: Stories, name: str) -> None:
    for index in INDEXES[name]:
        try:
            database[name].create_indexes([index])
        except OperationFailure as error:
            if error.code not in _OTHER_INDEX:
                raise
            _drop_index(database, name, index.document["name"])  # an older version's, by the same name
            database[name].create_indexes([index])


def _drop_index(database: Stories, name: str, index: str) -> None:
    try:
        database[name].drop_index(index)
    except OperationFailure as error:
        if error.code != _NO_INDEX:  # else another process was faster
            raise


def _prepared_as(database: Stories) -> str | None:
    schema = database[_META].find_one({"_id": "schema"})
    return schema["digest"] if schema else None


def _ensure_collection(database: Stories, name: str, validator: Document, *, present: bool) -> None:
    if not present:
        try:
            database.create_collection(name, validator=validator, check_exists=False)
        except OperationFailure as error:
            if error.code != _EXISTS:  # else another process was faster
                raise
        else:
            return
    if database[name].options().get("validator") == validator:
        return
    try:
        database.command("collMod", name, validator=validator)
    except OperationFailure as error:
        # A user without the right to change collections can still work with those that are there.
        if error.code != 13:  # noqa: PLR2004 - Unauthorized
            raise


def only_duplicates(error: BulkWriteError) -> bool:
    """True if all that failed was there already; False also where an election may lose what was written."""
    failed = error.details["writeErrors"]
    return not error.details["writeConcernErrors"] and all(e["code"] == _DUPLICATE_KEY for e in failed)


def refuses_document(error: Exception) -> bool:
    """True if MongoDB is well and the document at fault: it breaks a validator, or is nothing that can be kept."""
    if isinstance(error, BulkWriteError):
        failed = error.details["writeErrors"]
        return bool(failed) and all(e["code"] in _DOCUMENTS_FAULT for e in failed)
    return isinstance(error, OperationFailure) and error.code in _DOCUMENTS_FAULT


def explain(error: PyMongoError) -> ServiceError:
    """The error of a call, as one line that a person can act on."""
    first = _DETAILS.split(str(error), maxsplit=1)[0][:300]
    return ServiceError(f"MongoDB: {first}. Check with 'kliping doctor'; the address is KLIPING_MONGO_URL.")
