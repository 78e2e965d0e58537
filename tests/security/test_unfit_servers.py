"""Line 11: `doctor` refuses servers that lose or tell, and every command with it; a worker serves one queue."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis
from pymongo import MongoClient

from console.embedded_mongo import binary as mongod
from console.embedded_valkey import binary as valkey
from console.processes import free_port
from console.services import Services
from stories.errors import UsageError
from stories.jobs import queue_named
from stories.queue import QUEUES, connect
from tests.console.commands import server
from tests.console.conftest import Shell
from workers.worker import StoryWorker

Asking = Callable[..., dict[str, str]]
ELSEWHERE = "127.0.0.2"
"""Not one of the names under which this machine knows itself: as good as another one."""


@contextmanager
def a_valkey(folder: Path, *options: str) -> Iterator[str]:
    port = free_port()
    with server(str(valkey()), "--port", str(port), "--bind", "127.0.0.1", *options, until=port, cwd=folder):
        yield f"redis://127.0.0.1:{port}/0"


@contextmanager
def a_mongod(folder: Path, *options: str) -> Iterator[int]:
    port = free_port()
    line = ["--dbpath", str(folder), "--port", str(port), "--bind_ip", f"127.0.0.1,{ELSEWHERE}", "--nounixsocket"]
    with server(str(mongod()), *line, *options, until=port, cwd=folder):
        yield port


@pytest.fixture
def asked(shell: Shell, services: Services, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Asking:
    """What doctor refuses of these servers, each with what another command says then."""
    for name in [name for name in os.environ if name.startswith("KLIPING_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("KLIPING_HOME", str(tmp_path / "home"))

    def ask(*, mongo: str = services.mongo_url, redis: str = services.redis_url) -> dict[str, str]:
        monkeypatch.setenv("KLIPING_MONGO_URL", mongo)
        monkeypatch.setenv("KLIPING_REDIS_URL", redis)
        said, other = shell("doctor"), shell("queue")
        refused = {
            line.removeprefix("BAD  ").partition(":")[0] for line in said.out.splitlines() if line.startswith("BAD")
        }
        assert (said.code != 0) == bool(refused) == (other.code != 0), (said, other)
        return dict.fromkeys(refused, other.err)

    return ask


def test_fit_servers_are_not_refused(asked: Asking):
    assert asked() == {}


@pytest.mark.parametrize("policy", ["allkeys-lru", "volatile-ttl", "allkeys-random"])
def test_a_redis_that_evicts(asked: Asking, tmp_path: Path, policy: str):
    with a_valkey(tmp_path, "--appendonly", "yes", "--appendfsync", "always", "--maxmemory-policy", policy) as url:
        refused = asked(redis=url)
    assert set(refused) == {"Redis maxmemory-policy"}
    assert "jobs vanish silently" in refused["Redis maxmemory-policy"]


def test_a_redis_that_keeps_nothing(asked: Asking, tmp_path: Path):
    with a_valkey(tmp_path, "--save", "") as url:
        assert set(asked(redis=url)) == {"Redis durability"}
        with redis.Redis.from_url(url) as queue:
            queue.config_set("appendonly", "yes")
        assert asked(redis=url) == {}, "that it may lose a second is worth a warning only"


def test_a_mongo_without_a_replica_set(asked: Asking, tmp_path: Path):
    with a_mongod(tmp_path) as port:
        refused = asked(mongo=f"mongodb://127.0.0.1:{port}/")
    assert set(refused) >= {"MongoDB replica set"}
    assert "loses acknowledged writes" in refused["MongoDB replica set"]


def test_a_mongo_of_another_machine_that_asks_for_no_password(asked: Asking, tmp_path: Path):
    with a_mongod(tmp_path, "--replSet", "rs0") as port:
        with MongoClient(f"mongodb://127.0.0.1:{port}/?directConnection=true") as mongo:
            members = [{"_id": 0, "host": f"{ELSEWHERE}:{port}"}]
            mongo.admin.command("replSetInitiate", {"_id": "rs0", "members": members})
            while not mongo.admin.command("hello")["isWritablePrimary"]:
                pass
        refused = asked(mongo=f"mongodb://{ELSEWHERE}:{port}/?directConnection=true")
        assert set(refused) == {"MongoDB password"}
        assert "asks for no password" in refused["MongoDB password"]
        assert asked(mongo=f"mongodb://127.0.0.1:{port}/?directConnection=true") == {}, "on this machine it may"


def test_a_worker_of_two_queues(services: Services):
    with connect(services.redis_url) as connection:
        queues = [queue_named(name, connection) for name in QUEUES]
        with pytest.raises(UsageError, match="a worker serves one queue, not 2: jobs of a second can be lost"):
            StoryWorker(queues, connection=connection)


def test_nor_does_the_command_take_two(shell: Shell):
    for words in (("worker", "crawl", "enrich"), ("worker", "crawl,enrich"), ("worker",)):
        assert shell(*words).code == 2
