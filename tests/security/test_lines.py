"""Line 10: one log line an event, whatever a page holds; and our secrets stand nowhere but where they are used."""

from __future__ import annotations

import json
import logging
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from console.services import Services
from stories.errors import StoryError
from stories.jobs import StoryJob, queue_named
from stories.log import OneLine
from stories.order import CrawlOrder
from stories.queue import ENRICH
from stories.settings import Settings
from tests.console.conftest import Shell, set_environment
from tests.crawler.crawling import Answer, settings_of
from tests.crawler.crawling import serving as served_by
from tests.security.house import ESCAPES
from tests.security.paper import address, article, paper
from tests.security.test_jobs import named, put
from tests.servers import emptied
from workers.stores import Stores, open_stores

FORGED = "\r\n2026-11-25 00:00:00,000 ERROR root forged\x1b[2J\x9b2J\u2028x\u202e"
SAID = "Words that no log repeats"
TOKEN = "a-token-of-this-file-alone"
"""All command lines of the machine are looked at, and other tests work beside this one."""
EVENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} (DEBUG|INFO|WARNING|ERROR|CRITICAL) [\w.-]+ ")


# -- one line ---------------------------------------------------------------------------------------------------


@given(message=st.text(), named=st.text())
@example(message=FORGED, named=FORGED)
def test_message_fields_and_trace_are_one_line(message: str, named: str):
    try:
        raise ValueError(message)  # noqa: TRY301 - its trace is wanted
    except ValueError:
        record = logging.getLogger("x").makeRecord(
            "x", logging.ERROR, "f", 1, "%s", (message,), sys.exc_info(), extra={"page": named, "other": object()}
        )
    line = OneLine().format(record)
    assert len(line.splitlines()) == 1
    assert EVENT.match(line)
    assert " page=" in line
    assert "other" not in line or "other" in message + named
    assert "\\nTraceback " in line
    assert not re.search("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e]", line)


# -- a whole house ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class House:
    """A crawl, an enricher, a scheduler and a console at work on hostile pages, all of which say everything."""

    logs: dict[str, str]
    commands: list[str]
    redis: str
    mongo: str
    secrets: list[str]


PAGES: dict[str, Answer | str] = {
    "/read/1/a-story": article(1, headline=f"A {FORGED} {ESCAPES}", text=f"Text {FORGED}. {SAID}. " * 9, author=FORGED),
    "/read/2/a-story": Answer(status=302, headers={"Location": "https://en.tempo.co/read/9/\x9b2J%0d%0aforged"}),
    "/read/3/a-story": Answer(status=500, headers={"Retry-After": "\x9b2J forged"}),
    "/read/4/a-story": Answer(body=FORGED, headers={"Content-Type": "text/\x9b2J; charset=\x9b"}),
    "/read/5/a-story": Answer(status=302, headers={"Location": "javascript:\x9b2J"}),
    "/read/6/a-story": "<html><title>" + "\x1b[2J\r\n2026 ERROR root forged" * 5,
}


@pytest.fixture(scope="module")
def house(prepared: Stores, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    stores, folder = emptied(prepared), tmp_path_factory.mktemp("logs")
    with ExitStack() as stack:
        served = stack.enter_context(served_by(paper(PAGES, robots=f"User-agent: {ESCAPES}\nDisallow: /x")))
        settings = settings_of(stores, served, log_level="DEBUG", console_token=TOKEN)
        order = CrawlOrder(run="run-1", site="tempo-en", urls=tuple(map(address, range(1, 7))), depth=0, max_pages=7)
        stores.runs.order(order, job_id="crawl-run-1", now=stores.ledger.now())
        stores.queue.enqueue_crawl(order.to_json(), job_id="crawl-run-1")
        put(stores, named(f"os.system{FORGED}", FORGED))
        parts = [("worker", "crawl"), ("worker", "enrich"), ("scheduler",), ("console", "--port", "0")]
        for part in parts:
            stack.enter_context(logged(settings, part, folder))
        until(lambda: stores.database["stories"].count_documents({}))
        until(lambda: stores.quarantine.get("job:foreign"))
        commands = command_lines()
        redis, mongo = dumped(stores)
    logs = {path.stem: path.read_text("utf-8", errors="surrogateescape") for path in folder.glob("*.log")}
    yield House(logs, commands, redis, mongo, secrets_of(stores.settings))
    emptied(prepared)


@contextmanager
def logged(settings: Settings, part: tuple[str, ...], folder: Path) -> Iterator[None]:
    """A part at work, what it says in a file."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("KLIPING_")}
    with (folder / f"{'-'.join(part)}.log").open("wb") as file:
        line = [sys.executable, "-m", "console.cli", *part]
        process = subprocess.Popen(line, env=own | settings.as_variables(), stdout=file, stderr=file)
        try:
            yield
        finally:
            process.terminate()
            process.wait(60)


def until(done: Any) -> None:
    end = time.monotonic() + 60
    while not done():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.05)


def command_lines() -> list[str]:
    """As `ps` shows them to everybody on this machine."""
    lines = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            lines.append(path.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace"))
        except OSError:  # it has ended
            continue
    return lines


def dumped(stores: Stores) -> tuple[str, str]:
    """All that Redis and MongoDB hold."""
    redis, database = stores.queue.connection, stores.database
    values = [redis.hgetall(key) for key in redis.scan_iter("rq:job:*")]
    ids = [key.decode().rpartition(":")[2] for key in redis.scan_iter("rq:job:*")]
    jobs = [StoryJob.fetch(job, redis, queue_named(ENRICH, redis).serializer) for job in ids]
    documents = {name: list(database[name].find()) for name in database.list_collection_names()}
    return repr(values) + repr([job.data for job in jobs]), json.dumps(documents, default=str)


def secrets_of(settings: Settings) -> list[str]:
    passwords = [urlsplit(url or "").password or "" for url in (settings.mongo_url, settings.redis_url)]
    assert all(len(password) > 20 for password in passwords)
    return [*passwords, TOKEN]


def test_every_line_is_an_event_of_ours(house: House):
    assert set(house.logs) == {"worker-crawl", "worker-enrich", "scheduler", "console---port-0"}
    for name, log in house.logs.items():
        for line in log.splitlines():
            assert EVENT.match(line) or line.startswith("console: http://127.0.0.1:"), (name, line)
            assert not re.match(r"\S+ \S+ ERROR root forged", line)
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\udc80-\udcff]", log), name


def test_they_do_say_something(house: House):
    """Else the test above shows nothing."""
    assert len(house.logs["worker-crawl"].splitlines()) > 40
    assert "job refused job=foreign function=" in house.logs["worker-enrich"]
    assert "\\r\\n2026" in house.logs["worker-enrich"]


def test_no_log_holds_a_pages_text(house: House):
    assert SAID in house.mongo, "it was read and stored"
    assert [line[:160] for log in house.logs.values() for line in log.splitlines() if SAID in line] == []


def test_no_secret_is_in_logs_jobs_documents_or_command_lines(house: House):
    for secret in house.secrets:
        for name, log in house.logs.items():
            assert secret not in log, name
        assert not [line for line in house.commands if secret in line]
        assert secret not in house.redis
        assert secret not in house.mongo
    assert any("console.cli worker crawl" in line for line in house.commands), "and they were looked at"
    assert any("mongod" in line for line in house.commands)
    assert "tempo-read:1" in house.mongo
    assert "workers.tasks.run_crawl" in house.redis


# -- what is shown of a value, and what is said in trouble -------------------------------------------------------


def test_no_repr_shows_one(prepared: Stores, services: Services):
    settings = replace(prepared.settings, console_token=TOKEN)
    shown = [
        repr(value) + str(value) for value in (settings, services, prepared, prepared.queue, prepared.queue.connection)
    ]
    shown += [repr(prepared.database), repr(prepared.database.client)]
    for secret in secrets_of(settings):
        assert not [text for text in shown if secret in text]


PASSWORDS = [f"s3cret{more}" for more in ("", ":x", "/x", "?x", "#x", "@x", "[x", "%zz", " x", "%73")]
PLACES = ["127.0.0.1:1", "nowhere.invalid:1", "127.0.0.1:99999", "127.0.0.1:x", "", "[::1", "127.0.0.1:1,127.0.0.1:2"]


@pytest.mark.parametrize("password", PASSWORDS, ids=range(len(PASSWORDS)))
def test_no_error_says_one(
    password: str, shell: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, services: Services
):
    """Neither what cannot be used, nor what does not answer, on any way out."""
    monkeypatch.setattr("console.mongo_checks.ANSWER_LIMIT", 0.3)
    monkeypatch.setattr("console.redis_checks.PATIENCE", 0.3)
    good = {"KLIPING_MONGO_URL": services.mongo_url, "KLIPING_REDIS_URL": services.redis_url}
    for kind, place in product(("mongodb", "redis"), PLACES):
        url = f"{kind}://user:{password}@{place}/"
        wrong = {"KLIPING_MONGO_URL" if kind == "mongodb" else "KLIPING_REDIS_URL": url}
        for name, value in {**good, **wrong, "KLIPING_HOME": str(tmp_path)}.items():
            monkeypatch.setenv(name, value)
        said = shell("doctor")
        assert said.code != 0
        assert "s3cret" not in said.out + said.err, url
        assert "Traceback" not in said.err


def test_nor_does_a_setting_that_is_wrong(tmp_path: Path, shell: Shell, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "token").write_text("short-s3cret")
    for name, value in (("CONSOLE_TOKEN", "short-s3cret"), ("CONSOLE_TOKEN_FILE", str(tmp_path / "token"))):
        set_environment(Settings(home=tmp_path), monkeypatch)
        monkeypatch.setenv(f"KLIPING_{name}", value)
        said = shell("console", "--port", "0")
        assert said.code == 2
        assert "s3cret" not in said.err + said.out
    with (
        pytest.raises(StoryError) as told,
        open_stores(Settings(mongo_url="mongodb://u:s3cret@", redis_url="x:s3cret")),
    ):
        pass
    assert "s3cret" not in str(told.value)
