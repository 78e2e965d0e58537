"""kliping backup and restore, on a collection that was really crawled, beside the workers that are at work on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from console.workplace import workplace
from stories.mongo import client
from stories.settings import Settings
from tests.console.conftest import Shell, kliping, set_environment
from tests.console.schemas import check


@pytest.fixture
def elsewhere(settings_in_place: Settings) -> Iterator[str]:
    name = f"restored_{uuid4().hex[:12]}"
    yield name
    with client(settings_in_place.mongo_url or "") as mongo:
        mongo.drop_database(name)


@pytest.fixture
def file(shell: Shell, settings_in_place: Settings, tmp_path: Path) -> Path:
    said = shell.data("backup", str(tmp_path / "deep" / "folder"))
    check("backup", said)
    assert said["snapshots"] == 1
    assert said["database"] == settings_in_place.database
    (written,) = (tmp_path / "deep" / "folder").iterdir()
    assert said["file"] == str(written)
    return written


def test_a_collection_comes_back_and_serves(
    shell: Shell, file: Path, elsewhere: str, settings_in_place: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = shell.data("stories", "find", "--limit", "1000")
    said = shell.data("restore", str(file), "--into", elsewhere)
    check("restored", said)
    assert (said["into"], said["heldBefore"], said["done"]) == (elsewhere, 0, True)
    monkeypatch.setenv("KLIPING_DATABASE", elsewhere)
    assert shell.data("stories", "find", "--limit", "1000") == before
    assert shell.data("quarantine", "list") != []
    with workplace(Settings.load()) as place:
        for story in before:
            page = place.stores.ledger.page(story["key"])
            assert page is None or page["fate"] == "stored"
    set_environment(settings_in_place, monkeypatch)


def test_nothing_is_overwritten_unless_told(shell: Shell, file: Path, elsewhere: str) -> None:
    count = sum(part["documents"] for part in shell.data("restore", str(file), "--into", elsewhere)["collections"])
    refused = shell("restore", str(file), "--into", elsewhere)
    assert refused.code == 2
    assert "Name another with --into, or replace all of them with --replace." in refused.err
    said = shell.data("restore", str(file), "--into", elsewhere, "--replace")
    assert count - 2 <= said["heldBefore"] <= count  # all but what is in `meta`
    assert shell("restore", str(file), "--into", "a.b").err.startswith("kliping: 'a.b' is no name for a database")


def test_what_was_ordered_since_is_known_again(
    shell: Shell, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Redis still has the order, and somebody will crawl it."""
    set_environment(replace(settings, replica="http://127.0.0.1:1"), monkeypatch)
    first = shell.data("crawl", "tempo-id")["run"]
    shell.data("backup", str(tmp_path / "b.zip"))
    since = shell.data("crawl", "tempo-en", "--max-pages", "5")["run"]
    assert shell("restore", str(tmp_path / "b.zip"), "--replace").code == 0
    runs = {run["run"]: run for run in shell.data("queue")["runs"]}
    assert runs.keys() == {first, since}
    assert (runs[since]["state"], runs[since]["site"]) == ("queued", "tempo-en")


def test_a_dry_run_only_looks(shell: Shell, file: Path, elsewhere: str, settings_in_place: Settings) -> None:
    said = shell.data("restore", str(file), "--into", elsewhere, "--dry-run")
    check("restored", said)
    assert not said["done"]
    told = shell("restore", str(file), "--dry-run")
    assert told.code == 0
    assert "is whole: " in told.out
    assert "which only --replace replaces" in told.out
    with client(settings_in_place.mongo_url or "") as mongo:
        assert mongo[elsewhere].list_collection_names() == []


def test_workers_at_work_do_not_lose_the_ground_under_them(
    shell: Shell, file: Path, settings_in_place: Settings
) -> None:
    for named in ((), ("--into", settings_in_place.database)):
        said = shell("restore", str(file), "--replace", *named)
        assert said.code == 2
        assert "2 workers are at work on this database. Stop 'kliping up'" in said.err


def test_a_broken_file_is_told_in_one_line(shell: Shell, file: Path, elsewhere: str) -> None:
    file.write_bytes(file.read_bytes()[:-100])
    said = shell("restore", str(file), "--into", elsewhere)
    assert (said.code, said.out) == (1, "")
    assert said.err.count("\n") == 1
    assert "it was cut short, or changed" in said.err


def test_a_disk_that_fills_up(settings_in_place: Settings, tmp_path: Path) -> None:
    """The kernel lets this process write files of 4 kB: a real error, in the middle of a real write."""
    limited = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096));"
        "from console.cli import run; sys.exit(run(['backup', sys.argv[1]]))"
    )
    process = kliping(settings_in_place, str(tmp_path), runs=("-c", limited))
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (3, "")
    assert "no space left for " in err
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []


STOPPED = """
import os, signal, sys
from console.commands import backup
real = backup.back_up
def stopped(*given, tell, **more):
    return real(*given, tell=lambda *_: os.kill(os.getpid(), signal.SIGTERM), **more)
backup.back_up = stopped
from console.cli import run
sys.exit(run(["backup", sys.argv[1]]))
"""


def test_one_that_is_stopped_leaves_nothing(settings_in_place: Settings, tmp_path: Path) -> None:
    process = kliping(settings_in_place, str(tmp_path), runs=("-c", STOPPED))
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (130, "", "")
    assert list(tmp_path.iterdir()) == []


def test_the_file_may_be_named(shell: Shell, tmp_path: Path, settings_in_place: Settings) -> None:
    file = tmp_path / "by-name.zip"
    told = shell("backup", str(file))
    assert (told.code, told.out.split(":")[0]) == (0, str(file))
    assert f"kliping restore {file} --dry-run" in told.err
    again = shell("backup", str(file))
    assert (again.code, again.out) == (2, "")
    assert "is there already. Name another file" in again.err
