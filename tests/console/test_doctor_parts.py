"""What doctor sees beside the servers themselves: each fault made for real, told with why and with what mends it."""

from __future__ import annotations

import re
import shlex
import socket
import ssl
import subprocess
import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import typer.main

from console import database_checks as database_of
from console import doctor
from console.check import Place
from console.cli import app
from console.doctor import PINNED
from console.reasons import WHY
from console.redis_checks import redis_checks
from console.services import Services
from console.tls_checks import Connection, certificate_ends, tls_check
from stories.codec import SCHEMA_VERSION
from stories.jobs import queue_named
from stories.mongo import INDEXES, VALIDATORS, prepare
from stories.queue import CRAWL
from stories.settings import Settings
from tests.console.conftest import ROOT, Shell, set_environment
from tests.making import NOON
from tests.stories.test_store import story
from workers.stores import Stores
from workers.worker import StoryWorker


def found(stores: Stores) -> dict[str, doctor.Check]:
    up = Services(mongo_url=stores.settings.mongo_url or "", redis_url=stores.settings.redis_url or "")
    return {check.name: check for check in database_of.database_checks(stores.settings, up)}


# -- the database -----------------------------------------------------------------------------------------------


def test_a_missing_index_is_named_and_mended(stores: Stores, shell: Shell, monkeypatch: pytest.MonkeyPatch):
    database = stores.database
    prepare(database)
    assert found(stores)["collections"].ok
    database["stories"].drop_index("words")
    database.command("collMod", "runs", validator={})
    looked = found(stores)["collections"]
    assert (looked.ok, looked.detail) == (False, "missing: the validator of runs, stories.words")
    prepare(database)
    assert not found(stores)["collections"].ok, "what is remembered as made is not looked at again"
    set_environment(stores.settings, monkeypatch)
    shell("doctor", "--mend")
    assert found(stores)["collections"].ok
    assert {index.document["name"] for index in INDEXES["stories"]} < set(database["stories"].index_information())
    assert database["runs"].options()["validator"] == VALIDATORS["runs"]


def test_an_index_of_another_form_is_missing(stores: Stores):
    stores.database["runs"].drop_index("newest")
    stores.database["runs"].create_index([("createdAt", 1)], name="newest")
    try:
        assert found(stores)["collections"].detail == "missing: runs.newest"
    finally:
        stores.database["runs"].drop_index("newest")
        stores.database["meta"].delete_many({})
        prepare(stores.database)


def test_a_database_that_nobody_has_used_is_no_fault(stores: Stores):
    database = stores.database.client[f"{stores.database.name}_none"]
    assert database_of.collections_check(database).ok


def test_documents_of_a_newer_kliping(stores: Stores):
    stores.store.save([story(1), story(2)], now=NOON)
    assert found(stores)["documents"].ok
    stores.database["stories"].update_one({"_id": "tempo-read:2"}, {"$set": {"schemaVersion": SCHEMA_VERSION + 1}})
    looked = found(stores)["documents"]
    assert not looked.ok
    assert looked.detail == f"tempo-read:2 has version {SCHEMA_VERSION + 1}, and this kliping knows {SCHEMA_VERSION}"


def test_a_schedule_in_a_zone_that_is_not_known_here(stores: Stores):
    stores.database["schedules"].insert_one(
        {"_id": "pagi", "cron": "* * * * *", "site": "tempo-en", "tz": "Asia/Atlantis", "overlap": "skip"}
        | {"catchUp": "last", "paused": False, "order": {}, "since": NOON}
    )
    looked = found(stores)["time zones"]
    assert (looked.ok, looked.detail) == (False, "not known here: Asia/Atlantis (the schedule pagi)")


def test_the_disk_under_mongodb(stores: Stores, monkeypatch: pytest.MonkeyPatch):
    assert found(stores)["MongoDB disk"].ok
    monkeypatch.setattr(database_of, "ROOM", 10**18)
    assert not found(stores)["MongoDB disk"].ok


def test_jobs_that_nobody_serves(stores: Stores):
    assert found(stores)["workers"].ok
    stores.queue.enqueue_crawl({"run": "r", "site": "tempo-en"}, job_id="waits")
    looked = found(stores)["workers"]
    assert (looked.ok, looked.detail) == (False, "1 job waits in crawl, and nobody serves it")
    assert "'kliping worker crawl'" in (looked.remedy or "")


def test_a_worker_that_gives_no_sign_of_life(stores: Stores):
    connection = stores.queue.connection
    own = StoryWorker([queue_named(CRAWL, connection)], connection=connection)
    own.register_birth()
    assert found(stores)["workers"].detail == "1 at work, and no job waits for another"
    connection.hset(own.key, "last_heartbeat", "2026-11-24T00:00:00.000000Z")
    looked = found(stores)["workers"]
    assert not looked.ok
    assert looked.detail == f"1 worker gives no sign of life: {own.name}"


def test_a_redis_that_is_nearly_full(stores: Stores):
    connection = stores.queue.connection
    url = stores.settings.redis_url or ""
    used = connection.info("memory")["used_memory"]
    connection.config_set("maxmemory", used + 100_000)
    try:
        assert [check.name for check in redis_checks(url) if not check.ok] == ["Redis memory"]
    finally:
        connection.config_set("maxmemory", 0)


def test_servers_that_cannot_be_looked_at_are_told_not_traced(nowhere: int):
    up = Services(mongo_url=f"mongodb://127.0.0.1:{nowhere}/?timeoutMS=200", redis_url=f"redis://127.0.0.1:{nowhere}")
    looked = database_of.database_checks(Settings(), up)
    assert [(check.name, check.ok) for check in looked] == [("collections", False), ("workers", False)]


# -- the house --------------------------------------------------------------------------------------------------


def test_a_home_that_takes_no_files(tmp_path: Path):
    assert doctor.home_check(tmp_path / "new").ok
    (tmp_path / "file").write_text("")
    looked = doctor.home_check(tmp_path / "file" / "home")
    assert not looked.ok
    assert "set KLIPING_HOME" in (looked.remedy or "")


def test_without_servers_the_house_is_looked_at_all_the_same(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "log").write_text("")  # a file in a folder's place
    set_environment(Settings(home=tmp_path / "home"), monkeypatch)
    said = shell("doctor")
    assert said.code == 1
    assert said.out.startswith("BAD  servers: ")
    assert "hm   home: it takes no files" in said.out
    assert "ok   versions: " in said.out


def test_a_port_that_another_program_has():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        looked = doctor.port_check(port)
        assert (looked.ok, looked.detail) == (False, f"another program listens on port {port}")
    assert doctor.port_check(port).ok


def test_versions_are_pinned_as_in_pyproject():
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    for name, minor in PINNED.items():
        (requirement,) = [one for one in wanted if re.match(rf"{name}\b", one)]
        assert f">={minor}," in requirement or f"=={minor}.*" in requirement
    assert doctor.versions_check().ok


def test_another_version_is_told(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(doctor, "PINNED", {"rq": "2.1"})
    looked = doctor.versions_check()
    assert not looked.ok
    assert re.fullmatch(r"rq 2\.12\.\d+, needed 2\.1", looked.detail)


def test_a_contact_is_missing():
    assert not doctor.contact_check(Settings()).ok
    assert doctor.contact_check(Settings(contact="me@example.org")).ok
    assert doctor.contact_check(Settings(replica="http://127.0.0.1:1")).ok


# -- TLS --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate for `localhost` in one file, good for ten days."""
    file = tmp_path_factory.mktemp("tls") / "server.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 10 -subj /CN=localhost"
    given = ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(file), "-out", str(file) + ".crt"]
    subprocess.run([*command.split(), *given], check=True, capture_output=True)
    file.write_text(file.read_text() + Path(f"{file}.crt").read_text())
    return file


@contextmanager
def secure_server(certificate: Path) -> Iterator[int]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(10)

        def answer() -> None:
            plain, _ = server.accept()
            with context.wrap_socket(plain, server_side=True) as secure:
                secure.settimeout(5)
                secure.recv(1)

        thread = threading.Thread(target=answer)
        thread.start()
        yield server.getsockname()[1]
        thread.join()


ELSEWHERE = Place.of("Redis", "rediss://:p@queue.example.org:6380/0", "KLIPING_REDIS_URL")


def test_a_certificate_that_ends_soon(certificate: Path):
    with secure_server(certificate) as port:
        connection = Connection(
            is_tls=True, is_verified=True, host="localhost", port=port, ca_file=f"{certificate}.crt"
        )
        looked = tls_check(ELSEWHERE, connection, "how")
    assert not looked.ok
    day = f"{datetime.now(UTC) + timedelta(days=10):%Y-%m-%d}"
    assert looked.detail == f"encrypted and verified; its certificate ends on {day}"


@pytest.mark.parametrize(
    ("is_tls", "is_verified", "detail"),
    [(False, True, "what goes there is not encrypted"), (True, False, "its certificate is not verified")],
)
def test_what_can_be_read_on_its_way(is_tls: bool, is_verified: bool, detail: str):
    looked = tls_check(ELSEWHERE, Connection(is_tls=is_tls, is_verified=is_verified, host="x", port=1), "how")
    assert (looked.ok, looked.detail, looked.fatal) == (False, detail, False)


def test_a_certificate_that_cannot_be_seen(nowhere: int):
    assert certificate_ends(Connection(is_tls=True, is_verified=True, host="127.0.0.1", port=nowhere)) is None


# -- all of them ------------------------------------------------------------------------------------------------


def test_every_check_says_why_and_names_a_command_that_there_is(settings: Settings, services: Services):
    looked = doctor.checks(settings, services)
    of_sentinels = {"Redis Sentinels", "Redis cut off"}  # tests/console/test_sentinel_checks.py
    assert {check.name for check in looked} | {"servers"} | of_sentinels == set(WHY)
    root = typer.main.get_command(app)
    for check in looked:
        assert check.why
        for command in re.findall(r"(?:'|: )kliping ([a-z][^';,]*)", check.remedy or ""):
            words = shlex.split(command)
            assert words[0] in root.commands, command  # type: ignore[attr-defined]  # a group has commands


def test_what_a_person_reads(shell: Shell, stores: Stores, monkeypatch: pytest.MonkeyPatch):
    set_environment(stores.settings, monkeypatch)
    monkeypatch.setattr("console.doctor.ROOM", 10**18)
    said = shell("doctor")
    assert said.code == 0, "a warning only"
    lines = said.out.splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("hm   disk: "))
    assert lines[at + 1].strip() == WHY["disk"]
    assert "Make room" in lines[at + 2]
