"""Line 6: whoever can write to Redis can order what we do, and nothing else. A real Redis, a real worker that forks."""

from __future__ import annotations

import json
import pickle
import socket
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from rq.job import Job

from stories.jobs import ALLOWED, ENRICH_ARTICLES, StoryJob, queue_named
from stories.queue import ENRICH
from tests.console.schemas import check
from tests.making import article, batch, batch_page, leased
from tests.workers.burst import Work
from workers.stores import Stores

FOREIGN = [
    *(
        "os.system",
        "posix.system",
        "subprocess.run",
        "builtins.exec",
        "builtins.eval",
        "builtins.__import__",
        "pickle.loads",
    ),
    *("workers.tasks.subprocess.run", "workers.tasks.os.system", "workers.tasks._quarantine", "workers.tasks"),
    *("workers.tasks.enrich_articles ", "WORKERS.tasks.enrich_articles", "workers..tasks.enrich_articles"),
    *(
        "console.cli.main",
        "stories.queue.connect",
        "antigravity",
        "tests.security.mine.touch",
        "",
        "os.system\nx",
        "\x1b[2J",
    ),
]


class Bomb:
    """Its pickle, once loaded, makes a file."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple[Any, tuple[str, str]]:
        return (open, (str(self.trace), "w"))


@pytest.fixture
def trace(tmp_path: Path) -> Iterator[Path]:
    """What an attack would leave behind."""
    path = tmp_path / "trace"
    yield path
    assert not path.exists()


def put(stores: Stores, data: bytes, job_id: str = "foreign", **fields: Any) -> None:
    """Straight into Redis, as somebody else's client would do it."""
    redis = stores.queue.connection
    known = {"data": data, "origin": ENRICH, "status": "queued", "created_at": "2026-11-24T05:00:00Z", "timeout": 60}
    redis.hset(Job.key_for(job_id), mapping={**known, **fields})
    redis.sadd("rq:queues", f"rq:queue:{ENRICH}")
    redis.lpush(f"rq:queue:{ENRICH}", job_id)


def named(function: str, *arguments: Any, instance: Any = None) -> bytes:
    return json.dumps([function, instance, list(arguments), {}]).encode()


def honest(stores: Stores, number: int = 1) -> dict[str, Any]:
    """A batch that our own function takes."""
    held = leased(stores.ledger, number)
    pages = [batch_page(one, article(int(one.key.split(":")[1]))) for one in held]
    stores.ledger.hand_over({one.key: one.token for one in held}, job_id="foreign")
    return batch(*pages).to_json()


def test_ours_are_two():
    assert sorted(ALLOWED) == ["workers.tasks.enrich_articles", "workers.tasks.run_crawl"]


def test_any_other_function_is_refused_and_quarantined(stores: Stores, work: Work, trace: Path):
    for number, function in enumerate(FOREIGN):
        put(stores, named(function, f"touch {trace}"), f"foreign-{number}")
    stores.queue.enqueue_articles(honest(stores), job_id="honest")
    work(ENRICH)
    for number, function in enumerate(FOREIGN):
        kept = stores.quarantine.get(f"job:foreign-{number}")
        assert kept is not None, function
        assert (kept["stage"], kept["site"]) == ("job", ENRICH)
        assert kept["reason"] == f"refused: a job may name only our own functions, not {function!r}"
        assert "refused" in (stores.queue.failure(f"foreign-{number}") or "")
    counts = stores.queue.counts()[ENRICH]
    assert (counts["failed"], counts["finished"], counts["queued"]) == (len(FOREIGN), 1, 0)
    assert stores.queue._queues[ENRICH].intermediate_queue.get_job_ids() == [], "RQ would give another reason later"
    assert stores.database["pages"].find_one({"_id": "tempo-read:1"})["fate"] == "stored", "honest work goes on"


def test_a_job_that_is_refused_is_not_tried_again(stores: Stores, work: Work):
    """Whatever it says itself: with a thousand tries it would hold up all others."""
    put(stores, named("os.system", "true"), retries_left=1000, enqueue_at_front_on_retry=1)
    work(ENRICH)
    assert stores.queue.connection.hget(Job.key_for("foreign"), "retries_left") == b"1000"
    assert stores.queue.counts()[ENRICH] == {"queued": 0, "started": 0, "failed": 1, "finished": 0}


def test_what_is_quarantined_can_be_looked_at_and_let_go(stores: Stores, work: Work, shell: Any):
    """As the commands show it; its release runs nothing."""
    put(stores, named("os.system", "true"))
    work(ENRICH)
    [kept] = shell.data("quarantine", "list")
    check("quarantine", [kept])
    assert kept["page"] == "job:foreign"
    assert shell("quarantine", "release", "job:foreign").code == 0
    work(ENRICH)
    assert stores.quarantine.count() == 0


@pytest.mark.parametrize("squeeze", [bytes, zlib.compress])
@pytest.mark.parametrize("place", ["data", "argument", "meta", "result"])
def test_a_pickle_is_not_loaded(stores: Stores, work: Work, trace: Path, place: str, squeeze: Any):
    bomb = pickle.dumps(Bomb(trace), protocol=0)
    payload = honest(stores)
    if place == "data":
        put(stores, squeeze(pickle.dumps([ENRICH_ARTICLES, None, [Bomb(trace)], {}])))
    elif place == "argument":
        put(stores, squeeze(named(ENRICH_ARTICLES, bomb.decode("latin-1"))))
    else:
        put(stores, squeeze(named(ENRICH_ARTICLES, payload)), **{place: bomb})
    work(ENRICH)
    stores.queue.jobs(ENRICH, status="failed", limit=10)
    stores.queue.payload("foreign")
    status = stores.queue.statuses(["foreign"])["foreign"]
    assert status == ("failed" if place in {"data", "argument"} else "finished")


def test_a_method_of_an_object_is_nothing(stores: Stores, work: Work, trace: Path):
    put(stores, named("workers.tasks.run_crawl", {}, instance=f"touch {trace}"))
    put(stores, named("__class__", f"touch {trace}", instance={"a": 1}), "foreign-2")
    work(ENRICH)
    assert stores.queue.counts()[ENRICH]["failed"] == 2


CALLBACKS = ("success_callback_name", "failure_callback_name", "stopped_callback_name")


@pytest.mark.parametrize("fails", [False, True])
def test_nobody_is_called_back(stores: Stores, work: Work, trace: Path, monkeypatch: pytest.MonkeyPatch, fails: bool):
    """RQ imports and calls what a job names for its end. A module that leaves a trace when it is imported."""
    (trace.parent / "evil.py").write_text(f"open({str(trace)!r}, 'w')\ndef call(*_): pass\n")
    monkeypatch.syspath_prepend(trace.parent)
    payload = {"schemaVersion": 99} if fails else honest(stores)
    put(stores, named(ENRICH_ARTICLES, payload), **dict.fromkeys(CALLBACKS, "evil.call"))
    work(ENRICH)
    assert stores.queue.statuses(["foreign"]) == {"foreign": "failed" if fails else "finished"}


def test_nor_where_it_is_found_abandoned(stores: Stores, work: Work, trace: Path, monkeypatch: pytest.MonkeyPatch):
    (trace.parent / "evil.py").write_text(f"open({str(trace)!r}, 'w')\ndef call(*_): pass\n")
    monkeypatch.syspath_prepend(trace.parent)
    put(stores, named(ENRICH_ARTICLES, {}), **dict.fromkeys(CALLBACKS, "evil.call"))
    stores.queue.connection.lrem(f"rq:queue:{ENRICH}", 0, "foreign")
    stores.queue.connection.zadd(f"rq:wip:{ENRICH}", {"foreign:x": time.time() - 100})
    work(ENRICH)
    assert stores.queue.counts()[ENRICH]["started"] == 0
    assert "abandoned" in (stores.queue.failure("foreign") or "").lower()


def test_no_address_that_a_job_names_is_posted_to(stores: Stores, work: Work):
    with socket.create_server(("127.0.0.1", 0)) as server:
        came: list[Any] = []
        Thread(target=lambda: came.append(accepted(server)), daemon=True).start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}/"
        hooks = [{"url": url, "job_status": ended, "method": "POST", "timeout": 1} for ended in ("finished", "failed")]
        put(stores, named(ENRICH_ARTICLES, honest(stores)), webhooks=json.dumps(hooks))
        queue = queue_named(ENRICH, stores.queue.connection)
        job = StoryJob.fetch("foreign", connection=queue.connection, serializer=queue.serializer)
        assert job.webhooks, "RQ knows them"
        work(ENRICH)
        assert stores.queue.statuses(["foreign"]) == {"foreign": "finished"}
    assert came in ([], [None])


def accepted(server: socket.socket) -> Any:
    try:
        return server.accept()[1]
    except OSError:
        return None


def test_what_is_no_json_at_all(stores: Stores, work: Work):
    for number, data in enumerate(
        (b"", b"\x00\xff", b"{", b"[" * 100_000, b"[1, 2]", b'"os.system"', zlib.compress(b"x"))
    ):
        put(stores, data, f"foreign-{number}")
    stores.queue.enqueue_articles(honest(stores), job_id="honest")
    work(ENRICH)
    assert stores.queue.statuses(["honest"]) == {"honest": "finished"}
