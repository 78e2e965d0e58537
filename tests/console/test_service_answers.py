"""What can go wrong with the embedded servers ends in a sentence that says what to do."""

from __future__ import annotations

import errno
import fcntl
import os
import threading
from pathlib import Path

import pytest

from console.embedded_mongo import EmbeddedMongo
from console.home import Home, last_words
from console.services import services
from stories.errors import ServiceError, UsageError
from stories.settings import Settings


@pytest.mark.parametrize("below", ["", "deeper"])
def test_a_file_in_place_of_the_home_is_an_answer(tmp_path: Path, below: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="is a file"), services(Settings(home=tmp_path / "file" / below)):
        pass


def test_a_home_that_cannot_be_written_is_an_answer() -> None:
    with (
        pytest.raises(UsageError, match=r"cannot be written: .*KLIPING_HOME"),
        services(Settings(home=Path("/proc/k"))),
    ):
        pass


@pytest.mark.parametrize("module", ["mongo", "valkey"])
def test_a_missing_wheel_is_an_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str) -> None:
    monkeypatch.setattr(f"console.embedded_{module}.find_spec", lambda _: None)
    with pytest.raises(ServiceError, match=r"pip install 'kliping\[embedded\]'"), services(Settings(home=tmp_path)):
        pass


def test_a_damaged_append_only_file_is_an_answer(tmp_path: Path) -> None:
    only_valkey = Settings(home=tmp_path, mongo_url="mongodb://m/")
    with services(only_valkey):
        pass
    next(tmp_path.glob("valkey/appendonlydir/*.incr.aof")).write_bytes(b"no commands\r\n")
    with pytest.raises(ServiceError, match=r"Move .*appendonlydir away"), services(only_valkey):
        pass


def test_a_lost_mongo_password_is_an_answer(tmp_path: Path) -> None:
    only_mongo = Settings(home=tmp_path, redis_url="redis://r/")
    with services(only_mongo):
        pass
    (tmp_path / "secrets" / "mongo-password").unlink()
    with pytest.raises(ServiceError, match=r"mongo-password is not the password"), services(only_mongo):
        pass
    with pytest.raises(ServiceError, match=r"mongo-password is not the password"), services(only_mongo):
        pass


def test_damaged_data_are_an_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    only_mongo = Settings(home=tmp_path, redis_url="redis://r/")
    (tmp_path / "mongo").mkdir()
    (tmp_path / "mongo" / "WiredTiger").write_text("WiredTiger\nWiredTiger 99.0.0: (January 1, 2099)\n")
    (tmp_path / "mongo" / "WiredTiger.turtle").write_text("from another age")
    with (
        pytest.raises(ServiceError, match=r"data in .*mongo are damaged\..*restore the last backup"),
        services(only_mongo),
    ):
        pass
    monkeypatch.setattr(Home, "is_full", lambda *_: True)
    with pytest.raises(ServiceError, match=r"no space left on the disk of .*KLIPING_HOME"), services(only_mongo):
        pass


def test_a_full_disk_is_an_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ServiceError, match="no space left on the disk"), services(Settings(home=tmp_path)):
        pass


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (["mongod: libcurl.so.4: cannot open shared object file"], "apt-get install libcurl4"),
        (['{"s":"E","msg":"x","attr":{"error":"DBPathInUse: …"}}'], "another MongoDB works in"),
        (['{"s":"F","msg":"UPGRADE PROBLEM: Found an invalid …"}'], "another version of MongoDB"),
        (["unsupported WiredTiger file version: this build only supports …"], "another version of MongoDB"),
        (
            ['{"s":"I","msg":"a"}', '{"s":"E","msg":"cause","attr":{"n":1}}', '{"s":"F","msg":"abort"}', "a trace"],
            'did not start: cause {"n": 1}.',
        ),
        (["no words of JSON"], "did not start: no words of JSON."),
        ([], "it said nothing"),
    ],
)
def test_the_last_words_of_mongod_become_an_answer(tmp_path: Path, words: list[str], answer: str) -> None:
    assert answer in EmbeddedMongo(Home.at(tmp_path)).explain(words)


def test_last_words_are_clean(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_bytes(b"before\nbad \x1b[31mred\x07 \xff\n\nlast\n")
    assert last_words(log, len("before\n")) == ["bad  [31mred  \ufffd", "last"]


def test_a_command_that_holds_the_home_but_never_gets_ready_is_an_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("console.services.FIND_LIMIT", 0.2)
    with (tmp_path / "services.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with (
            pytest.raises(ServiceError, match=r"did not answer within .* set KLIPING_HOME"),
            services(Settings(home=tmp_path)),
        ):
            pass


def test_servers_are_refused_to_other_threads(tmp_path: Path) -> None:
    errors: list[str] = []

    def enter() -> None:
        try:
            with services(Settings(home=tmp_path)):
                pass
        except ServiceError as error:
            errors.append(str(error))

    thread = threading.Thread(target=enter)
    thread.start()
    thread.join()
    assert "main thread" in errors[0]
