"""Answers that go wrong on demand, as a client without patience sees them."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime

import pytest

from replica import World
from replica.faults import Fault, Faults
from replica.process import ReplicaProcess
from tests.replica.conftest import NOW, STORIES

WELL_BEGUN = b"HTTP/1.1 200 OK\r\n"


@pytest.fixture(scope="module")
def replica() -> Iterator[ReplicaProcess]:
    with ReplicaProcess(stories=STORIES, seed=7, now=NOW) as running:
        yield running


def answer(replica: ReplicaProcess, path: str) -> tuple[bytes, str]:
    return answer_of(replica.url, path)


def answer_of(url: str, path: str) -> tuple[bytes, str]:
    """What came within a second, and how it ended."""
    host, port = url.removeprefix("http://").split(":")
    came = b""
    end = time.monotonic() + 1
    with closing(socket.create_connection((host, int(port)), timeout=1)) as opened:
        opened.sendall(f"GET {path} HTTP/1.1\r\nHost: en.tempo.co\r\nConnection: close\r\n\r\n".encode())
        while True:
            try:
                piece = opened.recv(65_536)
            except TimeoutError:
                return came, "open"
            except ConnectionResetError:
                return came, "reset"
            if not piece:
                return came, "closed"
            came += piece
            if time.monotonic() > end:
                return came, "open"


@contextmanager
def started(*line: str) -> Iterator[str]:
    """The replica as a person starts it; its address."""
    process = subprocess.Popen([sys.executable, "-m", *line], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        yield process.stdout.readline().rpartition(" ")[2].strip()
    finally:
        process.terminate()
        process.wait(20)
        process.stdout.close()


@pytest.mark.parametrize("name", [["replica"], ["console.cli", "replica"]])
def test_it_can_be_started_with_faults(name: list[str]):
    given = ["--stories", "60", "--seed", "7", "--port", "0", "--fault", "garbage", "--fault", "reset"]
    with started(*name, *given, "--fault-share", "1") as url:
        world = World(stories=60, seed=7, now=datetime.now(UTC))
        paths = ["/" + page.split("/", 3)[3] for page in list(world.article_urls("tempo-en"))[:12]]
        first, second = ([answer_of(url, path) for path in paths] for _ in range(2))
    assert {ending for _, ending in first} == {"closed", "reset"}, "both kinds"
    assert {came.startswith(WELL_BEGUN) for came, ending in first if ending == "closed"} == {False}
    assert [(came.startswith(WELL_BEGUN), ending) for came, ending in second] == [(True, "closed")] * len(paths)


@pytest.mark.parametrize("name", [["replica"], ["console.cli", "replica"]])
@pytest.mark.parametrize(
    ("wrong", "said"),
    [(["--fault", "rain"], "garbage"), (["--fault-share", "2"], "--fault-share"), (["--fault-share", "x"], "share")],
)
def test_a_fault_that_there_is_not_is_told(name: list[str], wrong: list[str], said: str):
    done = subprocess.run(
        [sys.executable, "-m", *name, *wrong], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def length_said(came: bytes) -> bytes:
    return came.partition(b"Content-Length: ")[2].partition(b"\r\n")[0]


@pytest.mark.parametrize("kind", Fault)
def test_each_kind_once(replica: ReplicaProcess, world, kind: Fault):
    path = "/" + next(iter(world.article_urls("tempo-en"))).split("/", 3)[3]
    replica.faults([], share=0)
    whole, ending = answer(replica, path)
    assert (whole.startswith(WELL_BEGUN), ending) == (True, "closed")
    body = len(whole.partition(b"\r\n\r\n")[2])
    replica.faults([kind], share=1, times=1)
    came, ending = answer(replica, path)
    assert (came, ending) != (whole, "closed")
    expected = {
        Fault.HANG: came == b"" and ending == "open",
        Fault.STALL: 0 < len(came) < len(whole) and ending == "open",
        Fault.DRIP: 0 < len(came) < 9 and ending == "open",
        Fault.RESET: len(came) < len(whole) and ending == "reset",
        Fault.TRUNCATE: 0 < len(came) < len(whole) and ending == "closed",
        Fault.SHORT: length_said(came) == b"%d" % (body // 2),
        Fault.NONSENSE: length_said(came) == b"-5, many",
        Fault.GARBAGE: not came.startswith(b"HTTP/"),
    }
    assert expected[kind], (ending, came[:200])
    assert answer(replica, path) == (whole, "closed"), "only so often"


def test_lists_are_well(replica: ReplicaProcess):
    replica.faults(list(Fault), share=1)
    assert answer(replica, "/rss")[0].startswith(WELL_BEGUN)
    assert answer(replica, "/robots.txt")[0].startswith(WELL_BEGUN)


def test_a_share_of_the_addresses_by_a_seed():
    addresses = [f"en.tempo.co/read/{number}" for number in range(2_000)]

    def hit(seed: int) -> list[Fault | None]:
        faults = Faults((Fault.HANG, Fault.DRIP), 0.25, seed)
        return [faults.next_for(address) for address in addresses]

    assert hit(1) == hit(1) != hit(2)
    assert 400 < sum(kind is not None for kind in hit(1)) < 600
    assert {Fault.HANG, Fault.DRIP} <= set(hit(1))


def test_a_fault_that_nobody_knows_is_refused(replica: ReplicaProcess):
    with pytest.raises(RuntimeError, match="the replica refused faults"):
        replica.faults(["boredom"], share=1)
