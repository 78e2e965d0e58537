"""The embedded servers: started once, shared, safe, gone with their owner, and back with all that was acknowledged."""

from __future__ import annotations

import json
import os
import random
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pymongo.errors
import pytest
import redis

from console import processes
from console.commands.serve import revived
from console.embedded_mongo import EmbeddedMongo
from console.processes import Mark, free_port
from console.services import Services, running_redis
from console.services import services as services_of
from stories.errors import ServiceError
from stories.mongo import client
from stories.settings import Settings
from tests.console.commands import Command, command, listener, refuser
from tests.waiting import wait_for


def write(up: Services) -> None:
    with client(up.mongo_url) as mongo, redis.Redis.from_url(up.redis_url) as queue:
        mongo.test.notes.insert_one({"kept": True})
        queue.incr("kept")


def kept(up: Services) -> tuple[int, int]:
    with client(up.mongo_url) as mongo, redis.Redis.from_url(up.redis_url) as queue:
        return mongo.test.notes.count_documents({}), int(queue.get("kept") or 0)


def wait_until_gone(marks: list[Mark], *, seconds: float) -> None:
    end = time.monotonic() + seconds
    while any(mark.is_alive() for mark in marks):
        assert time.monotonic() < end, "a server outlived its owner"
        time.sleep(0.01)


def marks_of(pids: dict[str, int]) -> list[Mark]:
    return [mark for pid in pids.values() if (mark := Mark.of(pid))]


def test_a_write_survives_a_restart_in_both(tmp_path: Path) -> None:
    home = Settings(home=tmp_path / "a home with spaces")
    began = time.monotonic()
    with services_of(home) as up:
        print(f"first start: {time.monotonic() - began:.2f} s")
        assert sorted(up.pids) == ["mongod", "valkey"]
        write(up)
    assert not marks_of(dict(up.pids))
    began = time.monotonic()
    with services_of(home) as again:
        print(f"second start: {time.monotonic() - began:.2f} s")
        assert kept(again) == (1, 1)
        assert (again.mongo_url, again.redis_url) == (up.mongo_url, up.redis_url), "addresses stay while ports are free"


def test_a_first_start_that_was_cut_short_before_there_was_a_user_is_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the next start, on another port: nobody wrote down the first one's."""

    def cut(*_: object) -> None:
        raise KeyboardInterrupt

    home = Settings(home=tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(EmbeddedMongo, "_make_user", cut)
        with pytest.raises(KeyboardInterrupt), services_of(home):
            pass
    with services_of(home) as up:
        write(up)
        assert kept(up) == (1, 1)


def test_a_first_start_may_be_killed_at_any_moment(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    for number in range(5):
        home, after = tmp_path / str(number), chance.uniform(0.3, 1.3)  # seconds; a whole one takes about one
        with command(home) as first:
            time.sleep(after)
            first.kill()
        with services_of(Settings(home=home)) as up:
            write(up)
            assert kept(up) == (1, 1), f"killed after {after:.3f} s, seed {seed}"


def test_the_data_follow_to_another_port(tmp_path: Path) -> None:
    with services_of(Settings(home=tmp_path)) as up:
        write(up)
    with listener() as port:
        record = json.loads((tmp_path / "services.json").read_text())
        for server in record["servers"]:
            server["port"] = port
        (tmp_path / "services.json").write_text(json.dumps(record))
        with services_of(Settings(home=tmp_path)) as moved:
            assert moved.mongo_url != up.mongo_url
            assert kept(moved) == (1, 1)
            write(moved)
            assert kept(moved) == (2, 2)


def test_a_port_taken_in_the_last_moment_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with listener() as taken:
        answers = iter([taken, taken])
        monkeypatch.setattr("console.launch.free_port", lambda *_: next(answers, None) or free_port())
        with services_of(Settings(home=tmp_path)) as up:
            write(up)
            assert f":{taken}/" not in up.mongo_url + up.redis_url


def test_a_second_command_finds_the_servers_and_leaves_them_running(tmp_path: Path) -> None:
    with services_of(Settings(home=tmp_path)) as up:
        with command(tmp_path) as second:
            report = second.report()
            assert report == {"mongo": up.mongo_url, "redis": up.redis_url, "pids": dict(up.pids)}
            assert second.leave() == 0
        write(up)
        assert kept(up) == (1, 1)


def test_servers_die_with_a_killed_owner_and_come_back_with_everything(tmp_path: Path) -> None:
    with command(tmp_path) as owner:
        report = owner.report()
        write(Services(mongo_url=report["mongo"], redis_url=report["redis"]))
        marks = marks_of(report["pids"])
        assert len(marks) == 2
        owner.kill()
        wait_until_gone(marks, seconds=2)
    with services_of(Settings(home=tmp_path)) as up:
        assert kept(up) == (1, 1)


def test_the_next_owner_waits_for_the_servers_of_a_killed_one(tmp_path: Path) -> None:
    with command(tmp_path) as owner:
        owner.report()
        owner.kill()
        with services_of(Settings(home=tmp_path)) as up:
            assert kept(up) == (0, 0)


def test_two_starts_at_once_start_one_pair(tmp_path: Path) -> None:
    with command(tmp_path) as first, command(tmp_path) as second:
        assert first.report() == second.report()


def test_without_the_secrets_nobody_gets_in(services: Services) -> None:
    bare_mongo, bare_redis = services.mongo_url.split("@")[1], services.redis_url.split("@")[1]
    with client(f"mongodb://{bare_mongo}") as guest, pytest.raises(pymongo.errors.OperationFailure, match="auth"):
        guest.test.notes.find_one()
    with redis.Redis.from_url(f"redis://{bare_redis}") as guest, pytest.raises(redis.AuthenticationError):
        guest.ping()


def test_valkey_keeps_what_it_acknowledged_and_forgets_nothing(services: Services) -> None:
    wanted = {"appendonly": "yes", "appendfsync": "always", "maxmemory-policy": "noeviction", "bind": "127.0.0.1"}
    with redis.Redis.from_url(services.redis_url, decode_responses=True) as queue:
        assert {name: queue.config_get(name)[name] for name in wanted} == wanted


def test_mongo_is_a_replica_set_of_one_on_loopback(services: Services) -> None:
    with client(services.mongo_url) as mongo:
        options = mongo.admin.command("getCmdLineOpts")["parsed"]
        assert mongo.admin.command("hello")["setName"] == "rs0"
    assert options["net"]["bindIp"] == "127.0.0.1"
    assert "keyFile" in options["security"]


def test_mongo_unpacks_no_strangers_messages(services: Services) -> None:
    """CVE-2025-14847: a mongod before 7.0.28 gives away its memory, without a login, where zlib is spoken."""
    with client(services.mongo_url, compressors="zlib") as mongo:
        assert "compression" not in mongo.admin.command("hello", compression=["zlib", "snappy", "zstd"])
        assert mongo.admin.command("getCmdLineOpts")["parsed"]["net"]["compression"] == {"compressors": "disabled"}


def test_secrets_are_for_their_owner_only(services: Services, home: Path) -> None:
    private = [home / "services.json", home / "valkey" / "valkey.conf", *(home / "secrets").iterdir()]
    assert len(private) == 5
    assert {stat.S_IMODE(path.stat().st_mode) for path in private} == {0o600}
    assert stat.S_IMODE((home / "secrets").stat().st_mode) == 0o700


def test_a_services_value_hides_its_passwords(services: Services, home: Path) -> None:
    assert (home / "secrets" / "mongo-password").read_text() in services.mongo_url
    assert "mongodb" not in repr(services)
    assert "redis" not in repr(services)


def test_given_servers_are_used_as_they_are(tmp_path: Path) -> None:
    given = Settings(home=tmp_path / "unused", mongo_url="mongodb://m/", redis_url="redis://r/")
    with services_of(given) as up:
        assert (up.mongo_url, up.redis_url, dict(up.pids)) == ("mongodb://m/", "redis://r/", {})
    assert not (tmp_path / "unused").exists()


def test_only_the_missing_server_is_started_and_a_command_that_needs_more_is_told(tmp_path: Path) -> None:
    with services_of(Settings(home=tmp_path, mongo_url="mongodb://m/")) as up:
        assert list(up.pids) == ["valkey"]
        with command(tmp_path) as second:
            assert "runs no mongod" in second.report()["error"]


def test_a_relative_home_is_found_from_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with services_of(Settings(home=Path("var"), mongo_url="mongodb://m/")) as up:
        assert up.pids
        assert (tmp_path / "var" / "valkey" / "valkey.conf").exists()


def test_a_very_long_home_works(tmp_path: Path) -> None:
    with services_of(Settings(home=tmp_path / ("h" * 200) / ("o" * 200))) as up:
        write(up)
        assert kept(up) == (1, 1)


def test_a_log_that_has_grown_is_put_aside_at_the_start(tmp_path: Path) -> None:
    log = tmp_path / "log" / "valkey.log"
    log.parent.mkdir()
    log.write_bytes(b"x" * 5_000_000)
    with services_of(Settings(home=tmp_path, mongo_url="mongodb://m/")):
        assert log.stat().st_size < 100_000
    assert (tmp_path / "log" / "valkey.old.log").stat().st_size == 5_000_000


def test_a_server_that_does_not_stop_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "STOP_LIMIT", 0.2)
    deaf = processes.start([sys.executable, "-c", DEAF], tmp_path / "log")
    while not (tmp_path / "log").read_text():
        time.sleep(0.01)
    processes.stop([deaf])
    assert deaf.returncode == -9


DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"


GUARDIAN = (
    "import sys; from console.leash import guard; guard(int(sys.argv[1]), ['/bin/sh', '-c', 'echo $$; exec sleep 60'])"
)
PARENT = "import os, subprocess, sys; subprocess.run([sys.executable, '-c', sys.argv[1], str(os.getpid())])"


def test_where_the_kernel_keeps_no_promise_a_guardian_does() -> None:
    """The way of macOS, tried here: the guardian outlives its parent just long enough to stop the server."""
    command_line = [sys.executable, "-c", PARENT, GUARDIAN]
    with subprocess.Popen(command_line, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        marks = marks_of({"sleep": int(parent.stdout.readline())})
        assert marks
        parent.kill()
    wait_until_gone(marks, seconds=2)


def test_servers_that_end_by_themselves_are_started_again_with_what_they_had(tmp_path: Path) -> None:
    with services_of(Settings(home=tmp_path)) as up:
        write(up)
        assert up.revive() == []
        marks = marks_of(dict(up.pids))
        for mark in marks:
            os.kill(mark.pid, signal.SIGKILL)
        wait_until_gone(marks, seconds=5)
        revived: list[str] = []
        end = time.monotonic() + 5
        while len(revived) < len(marks) and time.monotonic() < end:  # a thread of mongod may take a moment longer
            revived += up.revive()
        assert sorted(revived) == ["mongod", "valkey"]
        assert kept(up) == (1, 1)
        with services_of(Settings(home=tmp_path)) as found:
            assert kept(found) == (1, 1)


@pytest.mark.parametrize("leave", [Command.leave, Command.kill], ids=["ends", "killed"])
def test_who_found_anothers_servers_takes_them_over_when_that_ends(
    tmp_path: Path, leave: Callable[[Command], object]
) -> None:
    home = Settings(home=tmp_path)
    with command(tmp_path) as first:
        marks = marks_of(first.report()["pids"])
        with services_of(home) as up:
            write(up)
            assert up.revive() == []
            os.kill(up.pids["valkey"], signal.SIGKILL)
            wait_until_gone([mark for mark in marks if mark.pid == up.pids["valkey"]], seconds=5)
            assert up.revive() == [], "its owner lives, and starts it again"
            leave(first)
            wait_until_gone(marks, seconds=10)
            assert sorted(up.revive()) == ["mongod", "valkey"]
            assert kept(up) == (1, 1)
            assert up.revive() == []
            ours = json.loads((tmp_path / "services.json").read_text())["servers"]
            os.kill(ours[0]["pid"], signal.SIGKILL)
            wait_for(lambda: up.revive() == [ours[0]["name"]], "from now on they are ours", limit=10)
            with services_of(home) as found:
                assert kept(found) == (1, 1)
    assert running_redis(home) is None, "they end with us"


def test_a_server_whose_port_is_taken_ends_up_instead_of_being_lost(tmp_path: Path) -> None:
    """Whoever runs `kliping up` starts it again; on another port, nobody would find the server."""
    with services_of(Settings(home=tmp_path, mongo_url="mongodb://m/")) as up:
        port = urlsplit(up.redis_url).port
        assert port
        os.kill(up.pids["valkey"], signal.SIGKILL)
        wait_for(lambda: free_port(port) == port, "its port is free", limit=10)
        with listener(port), pytest.raises(ServiceError, match=f"valkey ended, and its port {port} is taken now"):
            wait_for(lambda: revived(up.revive), "it is missed", limit=10)


def test_of_two_that_ended_the_one_that_is_back_is_found(tmp_path: Path) -> None:
    """Here the other's port is taken; a full disk of its own keeps it away as well."""
    with services_of(Settings(home=tmp_path)) as up:
        port = urlsplit(up.mongo_url).port
        assert port
        for pid in up.pids.values():
            os.kill(pid, signal.SIGKILL)
        wait_for(lambda: free_port(port) == port, "the port of mongod is free", limit=10)
        with refuser(port), pytest.raises(ServiceError, match=f"mongod ended, and its port {port} is taken now"):
            wait_for(lambda: "mongod" in up.revive(), "mongod is missed", limit=10)
        assert running_redis(Settings(home=tmp_path)) == up.redis_url


def test_the_redis_that_runs_is_known_to_who_starts_none(services: Services, home: Path, tmp_path: Path) -> None:
    assert running_redis(Settings(home=home)) == services.redis_url
    assert running_redis(Settings(home=home, redis_url="redis://named/0")) == "redis://named/0"
    assert running_redis(Settings(home=tmp_path / "none")) is None
    assert not (tmp_path / "none").exists(), "nothing is made for a look"


def test_one_that_ended_under_a_command_that_runs_it_is_told(tmp_path: Path) -> None:
    """Crawlers of that command go on by what they know: who comes on top would ask twice as fast."""
    home = Settings(home=tmp_path, mongo_url="mongodb://m/")
    with services_of(home) as up:
        (mark,) = marks_of(dict(up.pids))
        os.kill(mark.pid, signal.SIGKILL)
        wait_until_gone([mark], seconds=5)
        with pytest.raises(ServiceError, match="is not up"):
            running_redis(home)
    assert running_redis(home) is None


def test_one_that_has_ended_is_none(tmp_path: Path) -> None:
    home = Settings(home=tmp_path)
    with services_of(home) as up:
        assert running_redis(home) == up.redis_url
    assert running_redis(home) is None
