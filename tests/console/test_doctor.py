"""Every way in which a server can be unfit is told apart, against real servers, with something to do about it."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest
import redis

from console import mongo_checks as mongo
from console.check import Check, Place, require
from console.doctor import checks, disk_check, require_mongo, require_redis
from console.embedded_mongo import binary as mongod
from console.embedded_valkey import binary as valkey
from console.processes import free_port
from console.redis_checks import redis_checks
from console.services import Services
from stories.errors import ServiceError
from stories.settings import Settings
from tests.console.commands import listener, server


class Page(BaseHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def web_port() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as web:
        thread = threading.Thread(target=web.serve_forever)
        thread.start()
        yield web.server_address[1]
        web.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mongo, "ANSWER_LIMIT", 1.0)
    monkeypatch.setattr(mongo, "CONNECT_LIMIT", 500)
    monkeypatch.setattr("console.redis_checks.PATIENCE", 0.5)


@contextmanager
def bare_mongod(folder: Path, *options: str) -> Iterator[str]:
    port = free_port()
    arguments = ["--dbpath", str(folder), "--port", str(port), "--bind_ip", "127.0.0.1", "--nounixsocket", *options]
    with server(str(mongod()), *arguments, until=port, cwd=folder):
        yield f"mongodb://127.0.0.1:{port}/"


@pytest.fixture
def bare_valkey(tmp_path: Path) -> Iterator[str]:
    port = free_port()
    with server(str(valkey()), "--port", str(port), "--bind", "127.0.0.1", until=port, cwd=tmp_path):
        yield f"redis://127.0.0.1:{port}/0"


def failed(found: list[Check]) -> list[str]:
    return [check.name for check in found if not check.ok]


def test_the_embedded_servers_are_fit(settings: Settings, services: Services) -> None:
    found = checks(replace(settings, contact="tests@example.org"), services)
    assert failed(found) in ([], ["browser"])  # which is not everywhere
    assert len({check.name for check in found}) == len(found) == 30
    assert not any(secret in str(found) for secret in (services.mongo_url[10:60], services.redis_url[9:50]))
    require_mongo(services.mongo_url)
    require_redis(services.redis_url)


def test_a_standalone_mongo_is_refused_with_the_reason_and_the_way_out(tmp_path: Path) -> None:
    with bare_mongod(tmp_path) as url:
        with pytest.raises(
            ServiceError, match=r"loses acknowledged writes\. .*mongod --replSet rs0, then rs.initiate\(\)"
        ):
            require_mongo(url)
        with pytest.raises(ServiceError, match="no replica set with a primary"):
            require_mongo(f"{url}?replicaSet=rs0")


def test_a_replica_set_that_was_never_initiated_is_refused(tmp_path: Path) -> None:
    with bare_mongod(tmp_path, "--replSet", "rs0") as url:
        for options in ("", "?directConnection=true", "?replicaSet=rs0"):
            with pytest.raises(ServiceError, match=r"[Rr]un rs\.initiate\(\)"):
                require_mongo(url + options)


def test_a_wrong_mongo_password_is_told_from_none(services: Services) -> None:
    rest = services.mongo_url.partition("@")[2]
    with pytest.raises(ServiceError, match=r"the user name or the password is wrong\. Correct KLIPING_MONGO_URL"):
        require_mongo(f"mongodb://kliping:wrong@{rest}")
    with pytest.raises(ServiceError, match="the address has none"):
        require_mongo(f"mongodb://{rest}")


def test_a_wrong_redis_password_is_told_from_none(services: Services) -> None:
    rest = services.redis_url.partition("@")[2]
    with pytest.raises(ServiceError, match=r"the password is wrong\. Correct KLIPING_REDIS_URL"):
        require_redis(f"redis://:wrong@{rest}")
    with pytest.raises(ServiceError, match="the address has none"):
        require_redis(f"redis://{rest}")


@pytest.mark.parametrize(
    ("address", "detail", "remedy"),
    [
        ("127.0.0.1:1", "nothing listens at 127.0.0.1:1", "(connection refused). Start it, or set "),
        ("nowhere.invalid:7", "the host name in nowhere.invalid:7", "is not known here. Check the name"),
    ],
)
def test_an_address_without_a_server(address: str, detail: str, remedy: str) -> None:
    for require_it, url in (
        (require_mongo, f"mongodb://u:secret@{address}/"),
        (require_redis, f"redis://:secret@{address}"),
    ):
        with pytest.raises(ServiceError) as told:
            require_it(url)
        assert detail in str(told.value)
        assert remedy in str(told.value)
        assert "secret" not in str(told.value)


def test_a_server_that_never_answers() -> None:
    with listener() as port:
        with pytest.raises(ServiceError, match=f"no answer from 127.0.0.1:{port}. Check .*KLIPING_MONGO_URL"):
            require_mongo(f"mongodb://127.0.0.1:{port}/")
        with pytest.raises(ServiceError, match=f"no answer from 127.0.0.1:{port}/0. Check .*KLIPING_REDIS_URL"):
            require_redis(f"redis://127.0.0.1:{port}/0")


def test_another_kind_of_server(web_port: int) -> None:
    with pytest.raises(ServiceError, match="does not speak as MongoDB does"):
        require_mongo(f"mongodb://127.0.0.1:{web_port}/")
    with pytest.raises(ServiceError, match="does not speak as Redis does"):
        require_redis(f"redis://127.0.0.1:{web_port}/0")


def test_tls_where_the_server_has_none(services: Services, web_port: int) -> None:
    with pytest.raises(ServiceError, match="no TLS connection"):
        require_mongo(services.mongo_url + "&tls=true")
    with pytest.raises(ServiceError, match="no TLS connection"):
        require_redis(f"rediss://127.0.0.1:{web_port}/0")


def test_a_valkey_as_it_comes_forgets(bare_valkey: str) -> None:
    found = redis_checks(bare_valkey)
    assert failed(found) == ["Redis durability"]
    require(found)
    with redis.Redis.from_url(bare_valkey) as queue:
        queue.config_set("save", "")
    with pytest.raises(ServiceError, match=r"no snapshots: it keeps nothing\. Set appendonly yes"):
        require_redis(bare_valkey)
    with redis.Redis.from_url(bare_valkey) as queue:
        queue.config_set("save", "3600 1")
        queue.config_set("maxmemory-policy", "allkeys-lru")
    with pytest.raises(ServiceError, match=r"allkeys-lru: when memory is full.*CONFIG SET maxmemory-policy noeviction"):
        require_redis(bare_valkey)
    with redis.Redis.from_url(bare_valkey) as queue:
        queue.config_set("maxmemory-policy", "noeviction")
        queue.replicaof("127.0.0.1", 1)
    assert failed(redis_checks(bare_valkey)) == ["Redis primary", "Redis durability"]


def test_a_mongo_of_another_machine_needs_a_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mongo, "LOOPBACK", frozenset())
    with bare_mongod(tmp_path) as url:
        found = mongo._refuses_guests(Place.of("MongoDB", url, "KLIPING_MONGO_URL"), url)
    assert (found.ok, found.fatal) == (False, True)


def test_guests_are_refused_by_the_embedded_mongo(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mongo, "LOOPBACK", frozenset())
    assert {check.name: check.detail for check in mongo.mongo_checks(services.mongo_url)}["MongoDB password"] == (
        "guests are refused"
    )


def test_clocks_that_are_apart() -> None:
    now = datetime(2026, 11, 24, tzinfo=UTC)
    assert mongo._clock(now, now + timedelta(seconds=4)).ok
    assert "6.0 s apart" in mongo._clock(now + timedelta(seconds=6), now).detail
    assert not mongo._clock(now + timedelta(seconds=6), now).ok


def test_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert disk_check(tmp_path / "not" / "yet" / "made").ok
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=999_000_000))
    assert not disk_check(tmp_path).ok


def test_a_redis_of_another_machine_needs_a_password(bare_valkey: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("console.redis_checks.LOOPBACK", frozenset())
    assert failed(redis_checks(bare_valkey)) == ["Redis durability", "Redis password"]  # TLS is tls_checks' business


@pytest.mark.parametrize(
    ("url", "address", "hosts"),
    [
        ("mongodb://u:p%40@a:1,[::1]:2/kliping?replicaSet=rs0", "a:1,[::1]:2/kliping", {"a", "::1"}),
        ("mongodb+srv://u:p@cluster.example.org/", "cluster.example.org", {"cluster.example.org"}),
        ("redis://:p@localhost:6379/0", "localhost:6379/0", {"localhost"}),
    ],
)
def test_a_place_is_shown_without_its_password(url: str, address: str, hosts: set[str]) -> None:
    place = Place.of("Server", url, "KLIPING_URL")
    assert place.address == address
    assert place.hosts == hosts
