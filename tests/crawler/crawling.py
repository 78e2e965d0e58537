"""A small web server of a test's own, and real crawls of it by processes of their own."""

from __future__ import annotations

import json
import os
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from stories.article import Article
from stories.batch import Batch
from stories.jobs import queue_named
from stories.order import CrawlOrder
from stories.queue import ENRICH
from stories.settings import Settings
from workers.stores import Stores


@dataclass(frozen=True, slots=True)
class Asked:
    host: str
    path: str
    headers: dict[str, str]
    """Names in small letters."""
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    body: str | bytes | Iterable[bytes] = ""
    """Pieces are sent as they come, without a length."""
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "text/html; charset=utf-8"})


class _Server(ThreadingHTTPServer):
    request_queue_size = 128
    """Of connections that come at once, the library's own takes five, and the others a second later."""


HANG = Answer(status=0)
"""No answer, ever; the connection stays open."""
GONE = Answer(status=404)


@dataclass
class Served:
    """All hosts at once, as the replica does it."""

    url: str = ""
    asked: list[Asked] = field(default_factory=list)

    def paths(self, host: str | None = None) -> list[str]:
        """What was asked for, in order, without robots.txt."""
        wanted = (one for one in self.asked if host in {None, one.host})
        return [one.path for one in wanted if one.path != "/robots.txt"]


def chunks(body: Iterable[bytes]) -> Iterator[bytes]:
    for piece in body:
        yield b"%x\r\n%s\r\n" % (len(piece), piece)
    yield b"0\r\n\r\n"


@contextmanager
def serving(answer: Callable[[Asked], Answer], *, tls: ssl.SSLContext | None = None) -> Iterator[Served]:
    """`answer` is called in a thread for each request; with `tls` over that."""
    served = Served()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(self.headers["Host"], self.path, headers, self.command)
            served.asked.append(asked)
            self.send(answer(asked))

        def do_POST(self) -> None:
            self.do_GET()

        def send(self, found: Answer) -> None:
            while found is HANG:
                time.sleep(0.05)
                self.wfile.flush()
                if not running:
                    return
            body = found.body.encode() if isinstance(found.body, str) else found.body
            whole = isinstance(body, bytes)
            length = {"Content-Length": str(len(body))} if whole else {"Transfer-Encoding": "chunked"}
            self.send_response(found.status)
            for name, value in {**length, **found.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.writelines([body] if whole else chunks(body))

        def log_message(self, *_: Any) -> None:
            pass

        def handle(self) -> None:
            with suppress(ValueError, OSError):  # the client has gone
                super().handle()

    running = [True]
    with _Server(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        if tls:  # the handshake is a matter of each connection's own thread
            server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        served.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield served
        finally:
            running.clear()
            server.shutdown()
            thread.join()


def settings_of(stores: Stores, served: Served, **different: Any) -> Settings:
    """For a crawl of what is served, as fast as it goes."""
    plain = Settings(
        mongo_url=stores.settings.mongo_url,
        redis_url=stores.settings.redis_url,
        database=stores.settings.database,
        home=stores.settings.home,
        replica=served.url,
        delay=0,
        concurrency=8,
        log_level="ERROR",
    )
    return replace(plain, **different)


def order_of(urls: Sequence[str], *, run: str = "run-1", site: str = "tempo-en", **different: Any) -> CrawlOrder:
    return CrawlOrder(run=run, site=site, urls=tuple(urls), **({"depth": 0} | different))


def crawler(order: CrawlOrder, settings: Settings, *module: str) -> subprocess.Popen[str]:
    """The crawl's process, begun; `module` stands for crawler.run where a test has its own."""
    process = subprocess.Popen(
        [sys.executable, "-m", *(module or ["crawler.run"])],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=dict(os.environ) | settings.as_variables(),
        text=True,
    )
    assert process.stdin
    process.stdin.write(json.dumps(order.to_json()))
    process.stdin.close()
    process.stdin = None
    return process


def crawl(order: CrawlOrder, settings: Settings, *module: str, limit: float = 60) -> tuple[int, str]:
    """Its exit code, and what it said."""
    process = crawler(order, settings, *module)
    try:
        said, complained = process.communicate(timeout=limit)
    except subprocess.TimeoutExpired:
        process.kill()
        said, complained = process.communicate()
        raise AssertionError(f"no end after {limit} s: {said}{complained}") from None
    return process.returncode, said + complained


def pages(stores: Stores) -> dict[str, dict[str, Any]]:
    return {page["_id"]: page for page in stores.database["pages"].find()}


def handed_over(stores: Stores) -> dict[str, Article]:
    """The articles that wait for a worker, by key."""
    jobs = queue_named(ENRICH, stores.queue.connection).jobs
    batches = [Batch.from_json(job.args[0]) for job in jobs]
    return {page.article.key: page.article for batch in batches for page in batch.pages}
