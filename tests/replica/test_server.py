"""The replica as a process: real sockets, real signals."""

import http.client
import json
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing
from datetime import datetime, timedelta

import pytest

from replica.process import ReplicaProcess
from tests.replica.conftest import NOW, STORIES

EN = "en.tempo.co"


@pytest.fixture(scope="module")
def shared():
    with ReplicaProcess(stories=STORIES, seed=7, now=NOW) as running:
        yield running


@pytest.fixture
def replica(shared):
    shared.clear_log()
    yield shared
    shared.delay(0)


@pytest.fixture
def connection(replica):
    with closing(http.client.HTTPConnection(replica.url.removeprefix("http://"), timeout=10)) as opened:
        yield opened


def ask(connection, path, host=EN, method="GET", **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, headers={"Host": host, **named})
    response = connection.getresponse()
    return response, response.read()


def path_of(url):
    return "/" + url.split("/", 3)[3]


def raw(replica, request):
    """What comes back until the other side closes."""
    host, port = replica.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as opened:
        opened.sendall(request)
        return b"".join(iter(lambda: opened.recv(65_536), b""))


def test_every_host_is_served_as_in_the_world(replica, connection, world):
    for url in (world.story_url(0), world.story_url(1), "https://tempo.co/", next(world.article_urls("suarakita"))):
        expected = world.page(url)
        response, body = ask(connection, path_of(url), url.split("/")[2])
        assert (response.status, body) == (expected.status, expected.body)
        assert expected.headers.items() <= dict(response.getheaders()).items()
    assert len(replica.log()) == 4


def test_one_connection_serves_many_and_head_has_no_body(replica, connection, world):
    path = path_of(world.story_url(0))
    response, body = ask(connection, path)
    local = connection.sock.getsockname()
    head, nothing = ask(connection, path, method="HEAD")
    assert (head.getheader("Content-Length"), nothing) == (str(len(body)), b"")
    response, nothing = ask(connection, path, If_None_Match=response.getheader("ETag"))
    assert (response.status, nothing, connection.sock.getsockname()) == (304, b"", local)
    assert [entry["conditional"] for entry in replica.log()] == [False, False, True]
    assert replica.stats()["conditional"] == 1


def test_pipelined_requests_are_answered_in_order(replica):
    replica.delay(0.02)
    paths = (b"/rss", b"/nothing", b"/robots.txt")
    request = b"".join(b"GET " + path + b" HTTP/1.1\r\nHost: en.tempo.co\r\n\r\n" for path in paths[:2])
    answer = raw(replica, request + b"GET " + paths[2] + b" HTTP/1.0\r\nHost: en.tempo.co\r\n\r\n")
    assert re.findall(rb"HTTP/1\.1 (\d+)", answer) == [b"200", b"404", b"200"]
    assert [entry["path"].encode() for entry in replica.log()] == list(paths)


def test_what_is_no_request_is_refused(replica):
    answer = raw(replica, b"HELLO\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert b"not a request line" in answer
    assert replica.log() == []


def test_unknown_hosts_and_methods(connection):
    response, body = ask(connection, "/", "example.org")
    assert response.status == 421
    assert b"en.tempo.co" in body
    response, _ = ask(connection, "/", method="POST")
    assert (response.status, response.getheader("Allow")) == (405, "GET, HEAD")


def test_plain_http_leads_to_https(connection):
    response, _ = ask(connection, "/rss", X_Forwarded_Proto="http")
    assert (response.status, response.getheader("Location")) == (301, "https://en.tempo.co/rss")


def test_the_log_proves_politeness_and_obedience(replica, connection):
    begun = time.time()
    ask(connection, "/search?q=x")
    ask(connection, "/index")
    ask(connection, "/terlarang/x-1", "www.tempo.co")
    log, stats = replica.log(), replica.stats()
    assert [(e["host"], e["path"], e["status"]) for e in log] == [
        (EN, "/search?q=x", 200), (EN, "/index", 200), ("www.tempo.co", "/terlarang/x-1", 200),
    ]  # fmt: skip
    assert begun <= log[0]["time"] <= log[1]["time"] <= log[2]["time"] <= time.time()
    assert stats["requests"] == 3
    assert stats["hosts"] == {EN: 2, "www.tempo.co": 1}
    assert stats["kinds"] == {"forbidden": 2, "listing": 1}
    assert stats["statuses"] == {"200": 3}
    assert stats["forbidden"] == {
        "requests": 2,
        "last": ["https://en.tempo.co/search?q=x", "https://www.tempo.co/terlarang/x-1"],
    }


def test_truth_and_world_through_the_socket(replica, world):
    url = world.story_url(3)
    assert replica.truth(url) == world.truth(url)
    assert replica.extra_truth(url) == world.extra_truth(url)
    assert replica.truth("https://en.tempo.co/") is None
    assert replica.world() == {
        "made": {"stories": STORIES, "seed": 7, "now": "2026-11-05T03:00:00Z", "opens": None, "minutes_apart": 36},
        "now": "2026-11-05T03:00:00Z",
        "articles": world.counts(),
        "gone": world.gone,
    }


def test_a_delay_holds_pages_back_but_not_the_controls(replica, connection):
    replica.delay(0.2)
    begun = time.monotonic()
    ask(connection, "/robots.txt")
    assert time.monotonic() - begun >= 0.2
    assert replica.world()["made"]["seed"] == 7


@pytest.mark.parametrize(
    ("path", "body", "words"),
    [
        ("edit", {"share": 2}, "from 0 to 1"),
        ("edit", {}, "`share` must be a number"),
        ("edit", [1], "JSON object"),
        ("remove", {"url": "https://en.tempo.co/read/1/x"}, "no article"),
        ("remove", {}, "`url` must be a text"),
        ("delay", {"seconds": -1}, "from 0"),
        ("advance", {"now": "2026-11-05T03:00:00"}, "zone"),
        ("advance", {"now": "2036-11-05T03:00:00Z"}, "not between"),
        ("advance", {"now": "soon"}, "soon"),
        ("advance", {}, "`now` must be a text"),
        ("nothing", {}, "no POST"),
    ],
)
def test_controls_say_what_is_wrong(connection, path, body, words):
    connection.request("POST", f"/_replica/{path}", body=json.dumps(body))
    response = connection.getresponse()
    assert response.status in {400, 404}
    assert words in json.load(response)["error"]


def test_the_helper_raises_what_the_replica_refuses(replica):
    with pytest.raises(RuntimeError, match="no article"):
        replica.remove("https://en.tempo.co/")


def test_edits_and_removals_arrive():
    with ReplicaProcess(stories=20, seed=3, now=NOW) as own:
        first, second = own.truth(own_url(3, 0)), own_url(3, 1)
        own.edit(1.0, seed=2)
        assert own.truth(first["url"])["articleBody"] != first["articleBody"]
        own.remove(second)
        assert own.truth(second) is None
        assert own.world()["gone"] == 1


def own_url(seed, index):
    from replica import World  # noqa: PLC0415 - a world of its own

    return World(stories=20, seed=seed, now=NOW).story_url(index)


def test_the_world_begins_now_unless_told():
    with ReplicaProcess(stories=10) as own:
        now = datetime.fromisoformat(own.world()["now"])
    assert now.second == 0
    assert timedelta(0) <= datetime.now(now.tzinfo) - now < timedelta(minutes=2)


def started(*options, **given):
    command = [sys.executable, "-m", "replica", "--stories", "10", *options]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **given)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_when_told(number):
    process = started()
    assert process.stdout.readline().startswith("replica ready on http://127.0.0.1:")
    process.send_signal(number)
    out, err = process.communicate(timeout=10)
    assert (process.returncode, out, err) == (0, "", "")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--host", "0.0.0.0"), "loopback"),
        (("--host", "example.org"), "loopback"),
        (("--stories", "0"), "at least one story"),
        (("--now", "2026-11-05T03:00:00"), "zone"),
        (("--opens", "2026-11-05T03:00:00"), "zone"),
        (("--minutes-apart", "0"), "a minute between"),
    ],
)
def test_wrong_options(options, words):
    process = started(*options)
    _, err = process.communicate(timeout=10)
    assert process.returncode == 2
    assert words in err


def test_a_taken_port_is_one_clear_line(replica):
    process = started("--port", replica.url.rpartition(":")[2])
    _, err = process.communicate(timeout=10)
    assert process.returncode == 2
    assert err.startswith("port ")
    assert err.count("\n") == 1


@pytest.mark.skipif(sys.platform != "linux", reason="PR_SET_PDEATHSIG is Linux's")
def test_it_dies_with_its_parent():
    code = "import time, replica.process as p; r = p.ReplicaProcess(stories=10).__enter__(); print(r.pid, flush=True)"
    parent = subprocess.Popen([sys.executable, "-c", f"{code}; time.sleep(60)"], stdout=subprocess.PIPE, text=True)
    child = int(parent.stdout.readline())
    parent.kill()
    parent.communicate()
    until = time.monotonic() + 10
    while alive(child) and time.monotonic() < until:
        time.sleep(0.02)
    assert not alive(child)


def alive(pid):
    """Zombies are dead: nobody may be there to bury them."""
    try:
        with open(f"/proc/{pid}/stat") as stat:  # noqa: PTH123 - one line of /proc
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_the_helper_says_why_it_did_not_start(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(RuntimeError, match="did not start"), ReplicaProcess():
        pass
