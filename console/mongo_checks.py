"""Whether a MongoDB is fit to be the memory of a crawl."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import pymongo
from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from console.check import Check, Place, unreachable
from console.tls_checks import Connection, tls_check
from stories.errors import ServiceError
from stories.mongo import client
from stories.settings import LOOPBACK

Document = dict[str, Any]
SETTING: Final = "KLIPING_MONGO_URL"
CONNECT_LIMIT: Final = 2_000  # ms; a server on another continent needs one
ANSWER_LIMIT: Final = 4.0  # seconds for all questions together: under the 5 s that a command may take to begin
MINIMUM: Final = (6, 0)  # the embedded one, which the tests run against
CLOCK_LIMIT: Final = timedelta(seconds=5)  # a schedule's tick and a card's "2 minutes ago" are not finer
UNAUTHORIZED, AUTHENTICATION_FAILED = 13, 18  # MongoDB's error codes
WHOSE: Final = {"listDatabases": 1, "nameOnly": True, "authorizedDatabases": True}  # open to every user, to no guest
MAKE_A_SET: Final = (
    "Start it as a replica set of one: mongod --replSet rs0, then rs.initiate() in mongosh. "
    "See docs/settings.md for the password and the key file that it then needs."
)


def mongo_checks(url: str) -> list[Check]:
    """All that can be asked, in the order in which one failing makes the next pointless. Takes at most 5 s."""
    place = Place.of("MongoDB", url, SETTING)
    try:
        with pymongo.timeout(ANSWER_LIMIT), client(url, connectTimeoutMS=CONNECT_LIMIT) as mongo:
            return list(_asked(mongo, place, url))
    except (PyMongoError, ServiceError) as error:
        return [unreachable(place, error)]


def _asked(mongo: MongoClient[Document], place: Place, url: str) -> Iterator[Check]:
    try:
        hello = mongo.admin.command("hello", codec_options=mongo.codec_options)
        mongo.admin.command(WHOSE)
    except OperationFailure as error:
        if error.code not in (UNAUTHORIZED, AUTHENTICATION_FAILED):
            raise
        yield _answers(place)
        yield _refused(error)
        return
    yield _answers(place)
    yield Check(name="MongoDB login", ok=True, detail="the user name and password are right")
    yield _is_replica_set(hello)
    yield _is_primary(hello)
    yield _is_new_enough(mongo)
    yield _refuses_guests(place, url)
    yield _clock(hello["localTime"], datetime.now(UTC))
    yield _waits_for_majority(mongo)
    yield _is_private(mongo, place, url)


def _answers(place: Place) -> Check:
    return Check(name="MongoDB reachable", ok=True, detail=f"{place} answers")


def _refused(error: OperationFailure) -> Check:
    if error.code == UNAUTHORIZED:
        detail = "the server wants a user name and a password, and the address has none"
    else:
        detail = "the user name or the password is wrong"
    remedy = f"Correct {SETTING}: mongodb://USER:PASSWORD@HOST:27017/?authSource=admin"
    return Check(name="MongoDB login", ok=False, detail=detail, remedy=remedy)


def _is_replica_set(hello: Document) -> Check:
    name = "MongoDB replica set"
    if hello.get("msg") == "isdbgrid":  # mongos: behind it are replica sets only
        return Check(name=name, ok=True, detail="a sharded cluster")
    if "setName" in hello:
        return Check(name=name, ok=True, detail=f"member of {hello['setName']}")
    return Check(name=name, ok=False, detail="standalone MongoDB loses acknowledged writes", remedy=MAKE_A_SET)


def _is_primary(hello: Document) -> Check:
    if hello["isWritablePrimary"]:
        return Check(name="MongoDB primary", ok=True, detail="takes writes")
    remedy = "Wait for the election to end, or look at rs.status() in mongosh; name all members in the address."
    return Check(name="MongoDB primary", ok=False, detail="no primary: it takes no writes now", remedy=remedy)


def _is_new_enough(mongo: MongoClient[Document]) -> Check:
    version = mongo.admin.command("buildInfo")["version"]
    least = ".".join(map(str, MINIMUM))
    return Check(
        name="MongoDB version",
        ok=tuple(int(part) for part in version.split(".")[:2]) >= MINIMUM,
        detail=f"version {version}, needed {least}",
        remedy=f"Upgrade it to {least} or newer.",
    )


def _refuses_guests(place: Place, url: str) -> Check:
    name = "MongoDB password"
    if place.hosts <= LOOPBACK:
        return Check(name=name, ok=True, detail="on this machine only", fatal=False)
    try:
        with client(_as_guest(url)) as guest:
            guest.admin.command(WHOSE)
    except OperationFailure:
        return Check(name=name, ok=True, detail="guests are refused", fatal=False)
    remedy = "Start it with a key file, which switches authentication on, and make a user."
    detail = "whoever reaches it may read and change all: it asks for no password"
    return Check(name=name, ok=False, detail=detail, remedy=remedy)


def _as_guest(url: str) -> str:
    """The same address without user and password."""
    parts = urlsplit(url)
    options = [(key, value) for key, value in parse_qsl(parts.query) if not key.lower().startswith("auth")]
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], query=urlencode(options)))


def _clock(there: datetime, here: datetime) -> Check:
    apart = abs(there - here)
    return Check(
        name="clocks",
        ok=apart < CLOCK_LIMIT,
        detail=f"this machine and MongoDB are {apart.total_seconds():.1f} s apart",
        remedy="Let both machines take the time from the network (NTP).",
        fatal=False,
    )


def _waits_for_majority(mongo: MongoClient[Document]) -> Check:
    """Ours are majority writes whatever the address says (stories/mongo.py); it can only take the journal out."""
    concern = mongo.write_concern.document
    ok = concern.get("w") == "majority" and concern.get("j") is not False
    return Check(
        name="MongoDB write concern",
        ok=ok,
        detail="every write waits for a majority" if ok else f"writes are acknowledged too early: {concern}",
        remedy=f"Take 'journal=false' out of {SETTING}.",
    )


def _is_private(mongo: MongoClient[Document], place: Place, url: str) -> Check:
    parts = urlsplit(url)
    options = {name.lower(): value.lower() for name, value in parse_qsl(parts.query)}
    by_default = "true" if parts.scheme == "mongodb+srv" else "false"
    unverified = ("tlsinsecure", "tlsallowinvalidcertificates", "tlsallowinvalidhostnames")
    host, port = mongo.address or (None, 0)
    connection = Connection(
        is_tls=options.get("tls", options.get("ssl", by_default)) == "true",
        is_verified=not any(options.get(name) == "true" for name in unverified),
        host=host,
        port=int(port or 0),
        ca_file=dict(parse_qsl(parts.query)).get("tlsCAFile"),
    )
    return tls_check(place, connection, f"Let the server speak TLS, and add tls=true to {SETTING}.")
