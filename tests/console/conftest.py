"""A small real collection: the replica, crawled by real workers with the command, in servers of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from console.cli import run
from console.processes import free_port
from console.services import services
from console.workplace import workplace
from replica.process import ReplicaProcess
from stories.jobs import queue_named
from stories.queue import ENRICH, QUEUES
from stories.settings import Settings

# The shared servers with a prepared database, for tests that change something.
from tests.servers import database, ledger, prepared, stores  # noqa: F401
from workers.leash import die_with_parent
from workers.schedule import FIRED, MISSED, Decision
from workers.stores import Stores

BROKEN = "tempo-read:999999999"
"""A page in quarantine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What stands in the servers while these tests run; nobody changes it."""

    settings: Settings
    printed: dict[str, Any]
    """What `kliping crawl --wait --json` said at its end, by site."""
    failed_job: str


def kliping(
    settings: Settings, *arguments: str, runs: tuple[str, ...] = ("-m", "console.cli")
) -> subprocess.Popen[str]:
    """The command as a process of its own."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("KLIPING_")}
    return subprocess.Popen(
        [sys.executable, *runs, *arguments],
        env=own | settings.as_variables(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=die_with_parent,  # noqa: PLW1509 - as in console/crew.py
    )


@contextmanager
def working(settings: Settings, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """The command for as long as the block lasts."""
    with kliping(settings, *arguments) as process:
        try:
            yield process
        finally:
            process.terminate()
            process.communicate(timeout=60)


@pytest.fixture(scope="package")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collected]:
    home = tmp_path_factory.mktemp("collected")
    with ExitStack() as stack:
        replica = stack.enter_context(ReplicaProcess(stories=60))
        own = Settings(home=home, replica=replica.url, delay=0.0, concurrency=8)
        up = stack.enter_context(services(own))
        settings = replace(own, mongo_url=up.mongo_url, redis_url=up.redis_url)
        opened = stack.enter_context(workplace(settings)).stores
        failed = _failed_job(opened)
        for queue in QUEUES:
            stack.enter_context(working(settings, "worker", queue))
        printed = {site: _crawled(settings, site) for site in ("tempo-en", "suarakita")}
        _keep_broken(opened)
        yield Collected(settings=settings, printed=printed, failed_job=failed)


def _crawled(settings: Settings, site: str) -> Any:
    out, err = kliping(settings, "crawl", site, "--wait", "--json").communicate(timeout=120)
    assert out, err
    return json.loads(out)


def _failed_job(opened: Stores) -> str:
    """A job that names a function which is not ours; the worker refuses it."""
    queue_named(ENRICH, opened.queue.connection).enqueue_call("os.getcwd", job_id="not-ours")
    return "not-ours"


def _keep_broken(opened: Stores) -> None:
    opened.quarantine.put(
        BROKEN,
        site="tempo-en",
        url="https://en.tempo.co/read/999999999/broken",
        stage="enrich",
        reason="ValueError: \x1b[31mred\x1b[0m <b>bold</b>",
        at=opened.ledger.now(),
        run="by-hand",
        payload={"why": "a test"},
    )


@pytest.fixture
def settings_in_place(collected: Collected, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The collection's settings, as the environment of this process."""
    set_environment(collected.settings, monkeypatch)
    return collected.settings


def set_environment(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("KLIPING_")]:
        monkeypatch.delenv(name)
    for name, value in settings.as_variables().items():
        monkeypatch.setenv(name, value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a command gave."""

    code: int
    out: str
    err: str


class Shell:
    """Commands in this process: the same code as `kliping`, without its start."""

    def __init__(self, capture: pytest.CaptureFixture[str]) -> None:
        self._capture = capture

    def __call__(self, *arguments: str) -> Said:
        self._capture.readouterr()
        code = run(list(arguments))
        out, err = self._capture.readouterr()
        return Said(code=code, out=out, err=err)

    def data(self, *arguments: str) -> Any:
        """What the command prints as JSON, and nothing else."""
        said = self(*arguments, "--json")
        assert said.code == 0, said.err
        return json.loads(said.out)


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(capsys)


@pytest.fixture
def schedule(settings_in_place: Settings, shell: Shell) -> Iterator[str]:
    """A schedule that has ticked twice: fired, and missed before."""
    shell.data("schedule", "add", "pagi", "0 5 * * *", "tempo-id", "--max-pages", "1", "--depth", "0")
    with workplace(settings_in_place) as place:
        at = datetime(2026, 11, 24, tzinfo=UTC)
        for instant, outcome, reason in (
            (at, MISSED, "nobody was there for 2:00:00"),
            (at + timedelta(days=1), FIRED, None),
        ):
            tick = Decision(schedule="pagi", instant=instant, outcome=outcome, reason=reason)
            place.schedules.record([tick], by="a test", now=instant)
    yield "pagi"
    assert shell("schedule", "remove", "pagi").code == 0


@pytest.fixture
def nowhere() -> int:
    """A port on which nobody listens."""
    return free_port()


@pytest.fixture
def story_key(shell: Shell, settings_in_place: Settings) -> str:
    """The newest story of tempo-en."""
    key: str = shell.data("stories", "find", "--site", "tempo-en", "--limit", "1")[0]["key"]
    return key


ROOT = Path(__file__).parents[2]
