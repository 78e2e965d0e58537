"""Line 12: the users that `kliping doctor --create-users` makes may do what their part needs, and no more."""

from __future__ import annotations

import io
import json
import re
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, redirect_stdout
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import redis
from pymongo.errors import OperationFailure
from redis.exceptions import NoPermissionError, ResponseError

from console.cli import run
from console.crew import CRAWLERS, ENRICHERS, SCHEDULER, crew
from console.doctor import require_mongo, require_redis
from console.embedded_valkey import binary
from console.processes import free_port
from replica.process import ReplicaProcess
from stories.mongo import Stories, client
from stories.settings import Settings
from stories.takedown import Mark, Takedowns
from tests.console.commands import server
from tests.console.conftest import Shell, set_environment
from tests.console.schemas import check
from tests.making import NOON

OWNER = "the-owners-password"


@dataclass(frozen=True, slots=True)
class Servers:
    """A MongoDB with its users, and a Redis that knows the users of the file that was written."""

    owner: Settings
    folder: Path
    told: list[dict[str, Any]]
    printed: str

    def settings(self, part: str, **different: Any) -> Settings:
        urls = {name: (self.folder / f"{part}-{name}-url").read_text() for name in ("mongo", "redis")}
        return replace(self.owner, mongo_url=urls["mongo"], redis_url=urls["redis"], **different)

    @contextmanager
    def database(self, part: str) -> Iterator[Stories]:
        with client(self.settings(part).mongo_url or "") as opened:
            yield opened[self.owner.database]

    def redis(self, part: str) -> redis.Redis:
        return redis.Redis.from_url(self.settings(part).redis_url or "")


@pytest.fixture(scope="module")
def own(services: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Settings, Path]]:
    """Settings of the owner of both servers; Redis has its users in a file, which is still empty."""
    home = tmp_path_factory.mktemp("owner")
    acl, port = home / "users.acl", free_port()
    acl.write_text(f"user default on >{OWNER} ~* &* +@all\n")
    line = (str(binary()), "--port", str(port), "--bind", "127.0.0.1", "--appendonly", "yes", "--aclfile", str(acl))
    with server(*line, until=port, cwd=home):
        url = f"redis://:{OWNER}@127.0.0.1:{port}/0"
        settings = Settings(home=home, mongo_url=services.mongo_url, redis_url=url, database="least")
        yield settings, acl
    with client(services.mongo_url) as mongo:
        mongo["least"].command("dropAllUsersFromDatabase")
        mongo["least"].command("dropAllRolesFromDatabase")
        mongo.drop_database("least")


@pytest.fixture(scope="module")
def servers(own: tuple[Settings, Path]) -> Servers:
    settings, acl = own
    with pytest.MonkeyPatch.context() as patch:
        set_environment(settings, patch)
        printed = shell_out("doctor", "--create-users", "--json")
    folder = settings.home / "secrets" / "users"
    acl.write_text((folder / "redis.acl").read_text())  # as a person does it
    with redis.Redis.from_url(settings.redis_url or "") as owner:
        owner.acl_load()
    return Servers(settings, folder, json.loads(printed), printed)


def shell_out(*arguments: str) -> str:
    with redirect_stdout(io.StringIO()) as said:
        assert run(list(arguments)) == 0
    return said.getvalue()


PARTS = ("crawler", "worker", "reader")


def test_it_says_what_it_made_and_no_password(servers: Servers):
    check("doctor", servers.told)
    assert [one["name"] for one in servers.told if "user" in one["name"]] == [
        *(f"user least-{part}" for part in PARTS),
        "users of Redis",
    ]
    secrets = [path.read_text() for path in servers.folder.glob("*-password")]
    assert len(set(secrets)) == 3
    assert all(re.fullmatch("[0-9a-f]{64}", secret) for secret in secrets)
    assert not any(secret in servers.printed for secret in [*secrets, OWNER])


def test_what_it_wrote_is_for_its_owner_only_and_redis_gets_hashes(servers: Servers):
    assert stat.S_IMODE(servers.folder.stat().st_mode) == 0o700
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in servers.folder.iterdir())
    acl = (servers.folder / "redis.acl").read_text()
    assert OWNER not in acl
    assert not any(path.read_text() in acl for path in servers.folder.glob("*-password"))
    assert "nopass" not in acl


@pytest.mark.parametrize("part", PARTS)
def test_both_servers_are_fit_for_each_user(servers: Servers, part: str):
    settings = servers.settings(part)
    require_mongo(settings.mongo_url or "")
    require_redis(settings.redis_url or "")


@pytest.mark.parametrize("part", PARTS)
def test_none_drops_indexes_administers_or_looks_into_other_databases(servers: Servers, part: str):
    forbidden = [
        lambda own: own["stories"].drop(),
        lambda own: own.client.drop_database(own.name),
        lambda own: own["stories"].drop_index("newest"),
        lambda own: own["stories"].create_index("headline"),
        lambda own: own.create_collection("mine"),
        lambda own: own.command("collMod", "stories", validator={}),
        lambda own: own["stories"].rename("tales"),
        lambda own: own.command("createUser", "me", pwd="x", roles=["readWrite"]),
        lambda own: own.command("grantRolesToUser", f"least-{part}", roles=["dbOwner"]),
        lambda own: own.client["admin"]["system.users"].find_one(),
        lambda own: own.client["other"]["stories"].find_one(),
        lambda own: own.client["other"]["stories"].insert_one({}),
        lambda own: own.client["local"]["oplog.rs"].find_one(),
        lambda own: own.client.admin.command("shutdown"),
        lambda own: own.client.admin.command("setParameter", 1, logLevel=5),
        lambda own: list(own["stories"].aggregate([{"$match": {}}, {"$out": "copy"}])),
        lambda own: own["stories"].delete_many({}),
        lambda own: own["pages"].delete_many({}),
        lambda own: own["stories"].insert_one({}, bypass_document_validation=True),
    ]
    with servers.database(part) as own:
        for attempt in forbidden:
            with pytest.raises(OperationFailure) as refused:
                attempt(own)
            assert refused.value.code == 13, refused.value
        assert own["stories"].find_one({}) is None, "it may read"


def test_the_reader_writes_nothing_and_the_crawler_no_story(servers: Servers):
    for part, collections in (
        ("reader", ("stories", "pages", "runs", "quarantine", "schedules", "meta")),
        ("crawler", ("stories", "revisions", "links", "schedules", "ticks", "meta")),
    ):
        with servers.database(part) as own:
            for name in collections:
                with pytest.raises(OperationFailure, match="not authorized"):
                    own[name].insert_one({"x": 1})
                with pytest.raises(OperationFailure, match="not authorized"):
                    own[name].update_one({}, {"$set": {"x": 1}})


def test_who_may_not_release_a_takedown_leaves_its_mark(servers: Servers):
    mark = Mark(key="tempo-read:1", pages=("tempo-read:1",), urls=(), reason="a court", at=NOON)
    with client(servers.owner.mongo_url or "") as mongo:
        database = mongo[servers.owner.database]
        database["takedowns"].insert_one(mark.to_document())
        for part in PARTS:
            with servers.database(part) as own, pytest.raises(OperationFailure, match="not authorized"):
                Takedowns(own).release(mark.key, now=NOON)
        assert Takedowns(database).marks() == [mark]
        database["takedowns"].delete_many({})


DANGEROUS = [
    *("FLUSHALL", "FLUSHDB", "CONFIG GET *", "CONFIG SET dir /tmp", "MODULE LOAD /tmp/x.so", "MODULE LIST", "SHUTDOWN"),
    *("DEBUG SLEEP 0", "MONITOR", "SAVE", "BGSAVE", "BGREWRITEAOF", "REPLICAOF 127.0.0.1 1", "ACL LIST"),
    *("ACL SETUSER me on nopass ~* +@all", "CLIENT KILL TYPE normal", "KEYS *", "SWAPDB 0 1", "MIGRATE h 1 k 0 1"),
    *("CLUSTER RESET", "SLOWLOG GET", "FUNCTION LOAD x", "FUNCTION FLUSH", "SET mine 1", "GET theirs", "SYNC"),
]


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("command", DANGEROUS)
def test_redis_refuses_what_no_part_needs(servers: Servers, part: str, command: str):
    with servers.redis(part) as queue, pytest.raises(ResponseError):
        queue.execute_command(*command.split())
    with redis.Redis.from_url(servers.owner.redis_url or "", decode_responses=True) as owner:
        assert "has no permissions" in owner.execute_command("ACL", "DRYRUN", f"least-{part}", *command.split())


def test_the_reader_puts_nothing_into_the_queue(servers: Servers):
    with servers.redis("reader") as queue:
        queue.get("rq:x")
        for command in ("SET rq:x 1", "LPUSH rq:queue:crawl x", "DEL rq:x", "PUBLISH rq:pubsub:x y", "EVAL 1 0"):
            with pytest.raises(NoPermissionError):
                queue.execute_command(*command.split())


def test_guests_are_refused_by_redis(servers: Servers):
    rest = (servers.owner.redis_url or "").partition("@")[2]
    with redis.Redis.from_url(f"redis://{rest}") as guest, pytest.raises(redis.AuthenticationError):
        guest.ping()


def test_a_whole_crawl_runs_with_these_users(servers: Servers, shell: Shell, monkeypatch: pytest.MonkeyPatch):
    """Crawler, enricher, the command that orders, and the reader, each with its own."""
    with ExitStack() as stack:
        replica = stack.enter_context(ReplicaProcess(stories=20))
        fast = {"replica": replica.url, "delay": 0.0, "concurrency": 8}
        stack.enter_context(crew(servers.settings("crawler", **fast), [CRAWLERS]))
        stack.enter_context(crew(servers.settings("worker", **fast), [ENRICHERS, SCHEDULER]))
        set_environment(servers.settings("worker", **fast), monkeypatch)
        ended = shell.data("crawl", "tempo-en", "--wait")
        assert (ended["exitCode"], ended["open"]) == (0, 0)
        assert ended["fates"]["stored"] >= 10
        shell.data("schedule", "add", "pagi", "0 5 * * *", "tempo-id")
        with servers.database("reader") as own:
            assert own["schedulers"].count_documents({}) == 1
        assert shell("schedule", "remove", "pagi").code == 0
        for part in ("worker", "reader"):
            set_environment(servers.settings(part), monkeypatch)
            assert shell("monitor", "--json").code in {0, 1}, "whether an alarm is on"
        assert len(shell.data("stories", "find", "--limit", "500")) == ended["fates"]["stored"]
        looked = shell.data("queue")
        assert {worker["queues"][0] for worker in looked["workers"]} == {"crawl", "enrich"}
        assert shell("crawl", "tempo-en").code != 0, "the reader orders nothing"


def test_once_more_renews_the_same_users(servers: Servers):
    before = {path.name: path.read_text() for path in servers.folder.iterdir()}
    with pytest.MonkeyPatch.context() as patch:
        set_environment(servers.owner, patch)
        shell_out("doctor", "--create-users")
    assert {path.name: path.read_text() for path in servers.folder.iterdir()} == before
    with servers.database("reader") as own:
        own["stories"].find_one({})


def test_who_may_not_make_users_is_told_so(servers: Servers, shell: Shell, monkeypatch: pytest.MonkeyPatch):
    set_environment(servers.settings("worker"), monkeypatch)
    refused = shell("doctor", "--create-users")
    assert refused.code == 3
    assert "may not make users" in refused.err
