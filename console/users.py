"""`kliping doctor --create-users`: a user for each part that may do what the part needs, and no more.

Made by whoever administers the servers, once and after each upgrade; safe to repeat. The passwords are random and stand
in files for their owner only: nothing here prints one. MongoDB's users are made at once. Redis keeps its users in a
file of its own, which is written here and named in Redis' configuration by a person.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from pymongo.database import Database
from pymongo.errors import OperationFailure

from console.check import Check
from console.home import Home, write_private
from console.services import Services
from stories import mongo
from stories.errors import ServiceError
from stories.mongo import Document
from stories.settings import Settings

FOLDER: Final = "users"
"""Below the home's `secrets`."""
ACL_FILE: Final = "redis.acl"
_DUPLICATE: Final = {51002, 51003}  # MongoDB: a role, a user of that name exists
_UNAUTHORIZED: Final = 13

_LOOK: Final = ("find", "listCollections", "listIndexes", "collStats", "dbStats")
_WRITE: Final = ("insert", "update")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A user, by what it may change; all may read everything in our database, none may drop, index or administer."""

    name: str
    writes: tuple[str, ...] = ()
    """Collections in which it inserts and updates. Each by its name: who may insert into all can make new ones."""
    removes: tuple[str, ...] = ()
    redis: str
    """Commands of Redis, as an ACL says them."""


# Without what empties, configures, loads code, stops or spies (`FLUSHALL`, `CONFIG`, `MODULE`, `SHUTDOWN`, `MONITOR`);
# with INFO, by which RQ and `kliping doctor` know the version, and CLIENT to name the connection.
_COMMANDS: Final = "+@all -@admin -@dangerous -function +info +client|setname +client|setinfo +client|list"
_LOOKS: Final = "-@all +@read +@connection -keys -client +info +client|setname +client|setinfo"

_OURS: Final = tuple(sorted(set(mongo.VALIDATORS) - {"meta"}))  # which says how our collections are made

PARTS: Final = (
    Part(name="crawler", writes=("pages", "runs", "quarantine", "budgets"), redis=_COMMANDS),
    Part(
        name="worker",
        writes=_OURS,
        removes=("schedules", "ticks", "schedulers", "alarms", "quarantine"),
        redis=_COMMANDS,
    ),
    Part(name="reader", redis=_LOOKS),
)
"""`worker` is for enrichers, schedulers and commands that order or release; `reader` for the console and for people."""


def create_users(settings: Settings, services: Services) -> list[Check]:
    """Make or renew the users; each answer says which, and where its addresses are. Raises ServiceError."""
    home = Home.at(settings.home)
    folder = home.folder(f"secrets/{FOLDER}")
    with mongo.client(services.mongo_url) as client:
        database = client[settings.database]
        mongo.prepare(database)  # no user made here may change a collection's form
        for part in PARTS:
            try:
                _make(database, part, home.secret(f"{FOLDER}/{part.name}-password"))
            except OperationFailure as error:
                raise _refused(error) from error
    for part in PARTS:
        for name, text in _addresses(part, settings, services, home).items():
            write_private(folder / name, text)
    write_private(folder / ACL_FILE, "\n".join(acl_lines(settings, services, home)) + "\n")
    return [*(_made(part, settings, folder) for part in PARTS), _to_be_named(folder)]


def _user(part: Part, settings: Settings) -> str:
    """One server may hold several of our databases."""
    return f"{settings.database}-{part.name}"


# -- MongoDB --------------------------------------------------------------------------------------------------


def _make(database: Database[Document], part: Part, password: str) -> None:
    name = f"{database.name}-{part.name}"
    rights = {"privileges": list(_privileges(database.name, part)), "roles": []}
    _create_or_update(database, "Role", name, rights)
    user = {"pwd": password, "roles": [{"role": name, "db": database.name}], "mechanisms": ["SCRAM-SHA-256"]}
    _create_or_update(database, "User", name, user)


def _privileges(database: str, part: Part) -> Iterator[Document]:
    yield {"resource": {"db": database, "collection": ""}, "actions": list(_LOOK)}
    for collection in part.writes:
        yield {"resource": {"db": database, "collection": collection}, "actions": list(_WRITE)}
    for collection in part.removes:
        yield {"resource": {"db": database, "collection": collection}, "actions": ["remove"]}


def _create_or_update(database: Database[Document], kind: str, name: str, what: dict[str, Any]) -> None:
    try:
        database.command(f"create{kind}", name, **what)
    except OperationFailure as error:
        if error.code not in _DUPLICATE:
            raise
        database.command(f"update{kind}", name, **what)


def _refused(error: OperationFailure) -> ServiceError:
    if error.code != _UNAUTHORIZED:
        return mongo.explain(error)
    return ServiceError(
        "the user in KLIPING_MONGO_URL may not make users. Give the address of one who may (role 'root')."
    )


# -- Redis ----------------------------------------------------------------------------------------------------


def acl_lines(settings: Settings, services: Services, home: Home) -> list[str]:
    """Redis' users, with hashes in place of passwords. Whoever is in KLIPING_REDIS_URL keeps every right.

    A file of users replaces all that Redis knows: without a line for `default`, a guest could do everything.
    """
    url = urlsplit(services.redis_url)
    owner, password = unquote(url.username or "default"), unquote(url.password or "")
    lines = [f"user {owner} on #{_sha256(password)} ~* &* +@all"] if password else []
    if owner != "default" or not password:
        lines.append("user default off resetkeys resetchannels -@all")
    for part in PARTS:
        secret = _sha256(home.secret(f"{FOLDER}/{part.name}-password"))
        keys = "~rq:* ~kliping:*" if part.name != "reader" else "%R~rq:* %R~kliping:*"
        lines.append(f"user {_user(part, settings)} on #{secret} resetkeys {keys} resetchannels &rq:* {part.redis}")
    return lines


def _sha256(password: str) -> str:
    return hashlib.sha256(password.encode()).hexdigest()


# -- what is written and told ---------------------------------------------------------------------------------


def _addresses(part: Part, settings: Settings, services: Services, home: Home) -> dict[str, str]:
    user, password = _user(part, settings), home.secret(f"{FOLDER}/{part.name}-password")
    return {
        f"{part.name}-mongo-url": _with_source(_as(user, password, services.mongo_url), settings.database),
        f"{part.name}-redis-url": _as(user, password, services.redis_url),
    }


def _as(user: str, password: str, url: str) -> str:
    """The same servers for another user. MongoDB's `a:1,b:2` is one host to urlsplit, which is all that is needed."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=f"{quote(user)}:{password}@{parts.netloc.rpartition('@')[2]}"))


def _with_source(url: str, database: str) -> str:
    parts = urlsplit(url)
    options = [(name, value) for name, value in parse_qsl(parts.query) if not name.lower().startswith("auth")]
    query = urlencode([*options, ("authSource", database)])
    return urlunsplit(parts._replace(path=parts.path or "/", query=query))


def _made(part: Part, settings: Settings, folder: Path) -> Check:
    where = " ".join(
        f"KLIPING_{kind.upper()}_URL_FILE={folder / f'{part.name}-{kind}-url'}" for kind in ("mongo", "redis")
    )
    return Check(name=f"user {_user(part, settings)}", ok=True, detail=f"made in MongoDB; {where}")


def _to_be_named(folder: Path) -> Check:
    file = folder / ACL_FILE
    return Check(
        name="users of Redis",
        ok=True,
        detail=f"their lines are in {file}: copy it to the server, and name it there by 'aclfile' in the configuration",
    )
