"""The console's HTTP API and page, as a program and a browser meet them: the real command on a real collection."""

from __future__ import annotations

import base64
import json
import re
import signal
import socket
import stat
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from html import escape
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from pymongo.errors import AutoReconnect

from console import api, page
from console.access import shows
from console.processes import free_port
from console.services import services
from stories.settings import Settings
from tests.console.conftest import Collected, Shell, kliping, working
from tests.console.schemas import check

PATHS = [
    "/",
    "/api/queue",
    "/api/monitor",
    "/api/stories",
    "/api/stories/x:1",
    "/api/stories/x:1/related",
    "/api/schedules",
    "/nothing",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def data(self) -> Any:
        assert self.headers["content-type"] == "application/json"
        return json.loads(self.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Console:
    """A console that runs; `get` shows the token unless told otherwise."""

    port: int
    token: str
    file: Path

    def get(self, path: str, *, method: str = "GET", **headers: str) -> Answer:
        shown = headers or {"Authorization": f"Bearer {self.token}"}
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, headers=shown)
            response = connection.getresponse()
            named = {name.lower(): ", ".join(response.headers.get_all(name) or ()) for name in response.headers}
            return Answer(status=response.status, headers=named, body=response.read())
        finally:
            connection.close()


@pytest.fixture(scope="module")
def console(collected: Collected) -> Iterator[Console]:
    settings = collected.settings
    with working(settings, "console", "--port", "0") as process:
        assert process.stdout
        first = process.stdout.readline()
        found = re.fullmatch(r"console: http://127\.0\.0\.1:(\d+)  \(any user name; the password is in (.+)\)\n", first)
        assert found, first
        file = Path(found[2])
        yield Console(port=int(found[1]), token=file.read_text(), file=file)


# -- who may read ---------------------------------------------------------------------------------------------


def test_the_token_is_made_at_the_first_start_for_its_owner_only(console: Console, collected: Collected) -> None:
    assert console.file == collected.settings.home / "secrets" / "console-token"
    assert re.fullmatch("[0-9a-f]{64}", console.token)
    assert stat.S_IMODE(console.file.stat().st_mode) == 0o600


@pytest.mark.parametrize("path", PATHS)
def test_without_the_token_nothing_is_told(console: Console, path: str) -> None:
    token = console.token
    basic = base64.b64encode(f"{token}:x".encode()).decode()
    for headers in (
        {"X-Nothing": "1"},
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": f"Bearer {token[:-1]}"},
        {"Authorization": f"Bearer {token}x"},
        {"Authorization": f"Basic {basic}"},
        {"Authorization": "Basic %%%"},
        {"Authorization": f"Digest {token}"},
        {"Cookie": f"token={token}"},
    ):
        refused = console.get(path, **headers)
        assert refused.status == 401, headers
        assert refused.headers["www-authenticate"] == 'Basic realm="kliping", charset="UTF-8", Bearer'
        check("error", refused.data)
    assert console.get(f"{path}?token={token}", **{"X-Nothing": "1"}).status == 401


def test_a_browser_shows_the_token_as_a_password(console: Console) -> None:
    basic = base64.b64encode(f"anybody:{console.token}".encode()).decode()
    assert console.get("/", Authorization=f"Basic {basic}").status == 200
    assert console.get("/", authorization=f"basic  {basic} ").status == 200
    assert console.get("/", Authorization=f"bearer {console.token}").status == 200


def test_a_token_of_any_letters() -> None:
    token = "kata:sandi ü"
    assert shows(b"Basic " + base64.b64encode(f"x:{token}".encode()), token)
    assert shows(f"Bearer {token}".encode(), token)
    assert not shows(b"", token)
    assert not shows(b"Bearer \xff\xfe", token)


# -- what every answer says -----------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/healthz", *PATHS])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "NONSENSE"])
def test_only_reading_and_always_guarded(console: Console, path: str, method: str) -> None:
    answer = console.get(path, method=method)
    if path == "/nothing":
        expected = {404}
    elif method in {"GET", "HEAD"}:
        expected = {404} if "x:1" in path else {200}
    else:
        expected = {405}
    assert answer.status in expected
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert "script" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert "server" not in answer.headers
    if answer.status >= 400 and method != "HEAD":
        check("error", answer.data)


def test_health_needs_no_token(console: Console) -> None:
    answer = console.get("/healthz", **{"X-Nothing": "1"})
    assert (answer.status, answer.data) == (200, {"ok": True, "mongo": True, "redis": True})
    check("health", answer.data)


# -- what it gives --------------------------------------------------------------------------------------------


def test_it_gives_what_the_commands_print(console: Console, shell: Shell, schedule: str, story_key: str) -> None:
    schedules = console.get("/api/schedules").data
    check("schedules", schedules)
    assert schedules == shell.data("schedule", "list")
    assert [known["name"] for known in schedules] == [schedule]
    story = console.get(f"/api/stories/{story_key}").data
    check("story", story)
    assert story == shell.data("stories", "show", story_key)
    assert list(story) == list(shell.data("stories", "show", story_key))
    graph = console.get(f"/api/stories/{quote(story_key)}/related?depth=2").data
    check("related", graph)
    assert graph == shell.data("stories", "related", story_key, "--depth", "2")
    watched = console.get("/api/monitor").data
    check("monitor", watched)
    printed = json.loads(shell("monitor", "--json").out)
    assert [(a["name"], a["subject"], a["state"]) for a in watched["alarms"]] == [
        (a["name"], a["subject"], a["state"]) for a in printed["alarms"]
    ]
    looked = console.get("/api/queue").data
    check("queue", looked)
    assert {run["site"] for run in looked["runs"]} >= {"tempo-en", "suarakita"}


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"limit": "3", "sort": "oldest"},
        {"text": "harbor", "sort": "relevance", "language": "en"},
        {"site": "suarakita"},
        {"since": "2000-01-01", "until": "2100-01-01T00:00:00+07:00", "section": "World"},
        {"section": '{"$ne": null}'},
        {"author": "{'$gt': ''}", "agency": "\x00"},
    ],
)
@pytest.mark.usefixtures("settings_in_place")
def test_the_filters_are_those_of_the_command(console: Console, shell: Shell, query: dict[str, str]) -> None:
    found = console.get(f"/api/stories?{urlencode(query)}").data
    check("stories", found)
    options = [word for name, value in query.items() if name != "text" for word in (f"--{name}", value)]
    printed = shell.data("stories", "find", *([query["text"]] if "text" in query else []), *options)
    assert found == printed
    assert bool(found) == ("$" not in str(query)), "no operator from outside is one"


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/api/stories?limit=0", 400, "a number from 1 to 1000"),
        ("/api/stories?limit=1001", 400, "a number from 1 to 1000"),
        ("/api/stories?limit=%D9%A1", 400, "a number from 1 to 1000"),
        (f"/api/stories?limit={'9' * 5000}", 400, "a number from 1 to 1000"),
        ("/api/stories?limit=1&limit=2", 400, "once"),
        ("/api/stories?titel=x", 400, "unknown parameter 'titel'; known here: agency, author"),
        ("/api/stories?$where=1", 400, "unknown parameter"),
        ("/api/stories?since=yesterday", 400, "since 'yesterday' is no date"),
        ("/api/stories?since=2025-08-02&until=2025-08-02", 400, "nothing lies between since 2025-08-02"),
        ("/api/stories?site=nope", 400, "no site 'nope'"),
        ("/api/stories?until=0001-01-01", 400, "outside the calendar"),
        ("/api/stories?language=fr", 400, "one of en, id"),
        ("/api/stories?sort=random", 400, "one of newest, oldest, relevance"),
        ("/api/stories?sort=relevance", 400, "needs a text"),
        (f"/api/stories?text={'x' * 501}", 400, "too many"),
        ("/api/stories/nothing", 400, "neither a web address nor a key"),
        (f"/api/stories/x:{'1' * 300}", 400, "neither a web address nor a key"),
        ("/api/stories/tempo-read:1", 404, "no story of that key"),
        ("/api/stories/%00:%FF", 404, "no story of that key"),
        ("/api/stories/tempo-read:1/related?depth=7", 400, "a number from 1 to 6"),
        ("/api/queue?x=1", 400, "known here: none"),
        ("/api/stories/../../etc/passwd", 404, "Not Found"),
    ],
)
def test_wrong_questions_are_answered(console: Console, path: str, status: int, words: str) -> None:
    answer = console.get(path)
    assert answer.status == status
    check("error", answer.data)
    assert words in answer.data["error"]


def test_a_thousand_questions_at_once_leave_it_well(console: Console) -> None:
    """Fifty askers, and as many connections that say nothing: beyond its limit it says 503 and goes on."""
    statuses: list[int] = []
    silent = [socket.create_connection(("127.0.0.1", console.port)) for _ in range(30)]
    threads = [
        threading.Thread(target=lambda: statuses.extend(console.get("/api/queue").status for _ in range(4)))
        for _ in range(25)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for one in silent:
        one.close()
    assert len(statuses) == 100
    assert set(statuses) <= {200, 503}
    assert console.get("/healthz").status == 200


# -- the page -------------------------------------------------------------------------------------------------


def test_the_page_shows_what_is_going_on(console: Console, schedule: str, story_key: str) -> None:
    answer = console.get("/")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    text = answer.body.decode()
    for shown in (schedule, story_key, "tempo-en-", "suarakita-", "0 5 * * *", f'href="/api/stories/{story_key}"'):
        assert shown in text
    assert "<script" not in text


def test_alarms_stand_first_on_the_page(console: Console, schedule: str) -> None:
    """A schedule is active there, and no scheduler is at work."""
    on = [alarm for alarm in console.get("/api/monitor").data["alarms"] if alarm["state"] == "on"]
    assert "no-scheduler" in {alarm["name"] for alarm in on}
    text = console.get("/").body.decode()
    assert text.index("<h2>Alarms</h2>") < text.index("<h2>Queues</h2>")
    for alarm in on:
        for said in (alarm["name"], alarm["detail"], alarm["means"], f"docs/operations.md#{alarm['name']}"):
            assert escape(said) in text


def test_where_all_is_well_the_page_says_so() -> None:
    quiet = [{"state": "off"}, {"state": "unknown"}, {"state": "off"}]
    looked = {"at": None, "queues": [], "workers": [], "runs": [], "schedules": [], "quarantined": 0}
    html = page.drawn({"alarms": quiet}, looked | {"pages": {"leased": 0, "handedOver": 0}}, [], [])
    assert "No alarm is on: 3 things were looked at; of 1 too little is known yet." in html


HOSTILE = "</td><script>alert(1)</script>\"'&"


def test_what_a_page_says_is_only_text() -> None:
    looked = {
        "at": "2026-11-24T05:00:00Z",
        "queues": [{"name": HOSTILE, "queued": 0, "started": 0, "failed": 1, "finished": 0}],
        "workers": [{"name": HOSTILE, "queues": [HOSTILE], "state": HOSTILE, "job": HOSTILE}],
        "runs": [
            {
                "run": HOSTILE,
                "state": HOSTILE,
                "createdAt": None,
                "fates": {HOSTILE: 1},
                "progress": None,
                "reason": HOSTILE,
            }
        ],
        "pages": {"leased": 0, "handedOver": 0},
        "quarantined": 0,
    }
    schedules = [
        {
            "name": HOSTILE,
            "cron": HOSTILE,
            "tz": HOSTILE,
            "site": HOSTILE,
            "paused": True,
            "last": {"outcome": HOSTILE},
            "next": [],
        }
    ]
    stories = [
        {"key": HOSTILE, "datePublished": None, "articleSection": HOSTILE, "headline": HOSTILE, "url": address}
        for address in ("javascript:alert(1)", f"https://x/{HOSTILE}")
    ]
    alarm = dict.fromkeys(("name", "subject", "detail", "means", "runbook", "state"), HOSTILE) | {"since": None}
    watched = {"alarms": [alarm, alarm | {"state": "on"}]}
    html = page.drawn(watched, looked, schedules, stories)
    assert "<script" not in html
    assert "javascript:" not in html
    assert html.count("<td") == html.count("</td>")


# -- servers that go away, and the end ------------------------------------------------------------------------


def test_it_says_when_a_server_is_away_and_comes_back_by_itself(tmp_path: Path) -> None:
    """Its servers are another command's: they stop, and start again on the same ports."""
    home = Settings(home=tmp_path)
    with services(home) as up:
        own = replace(home, mongo_url=up.mongo_url, redis_url=up.redis_url, console_token="0123456789abcdef")
        process = kliping(own, "console", "--port", str(port := free_port()))
        assert process.stdout
        assert "the password is KLIPING_CONSOLE_TOKEN" in process.stdout.readline()
        console = Console(port=port, token="0123456789abcdef", file=tmp_path)
        assert await_health(console)["ok"]
        assert console.get("/api/queue").status == 200
    health, queue = console.get("/healthz"), console.get("/api/queue")
    with services(home):
        recovered = await_health(console), console.get("/api/queue").status
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=30)
    assert (health.status, health.data) == (503, {"ok": False, "mongo": False, "redis": False})
    assert (queue.status, queue.data) == (503, {"error": "Redis does not answer; 'kliping doctor' tells why"})
    assert recovered == ({"ok": True, "mongo": True, "redis": True}, 200)
    assert (process.returncode, out) == (0, "")
    assert "Traceback" not in err


def test_a_mongo_that_is_away_and_a_mistake_of_ours_are_answers() -> None:
    """A call to MongoDB waits ten seconds before it gives up: here only what is said then."""
    request: Any = None
    away = api._mongo_error(request, AutoReconnect("127.0.0.1:1: refused, Timeout: 30s, Topology: <...>"))
    assert away.status_code == 503
    assert json.loads(away.body)["error"].startswith("MongoDB: 127.0.0.1:1: refused. Check with 'kliping doctor'")
    ours = api._our_error(request, ZeroDivisionError("a secret"))
    assert (ours.status_code, b"secret" in ours.body) == (500, False)


def await_health(console: Console) -> Any:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            answer = console.get("/healthz")
        except ConnectionError:
            time.sleep(0.05)
            continue
        if answer.status == 200:
            return answer.data
        time.sleep(0.1)
    raise AssertionError("the console did not get well")


def test_ctrl_c_ends_it_in_good_order(collected: Collected) -> None:
    process = kliping(collected.settings, "console", "--port", "0")
    assert process.stdout
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 0
    process.communicate()
