"""F9: answers that hang, drip, break off or lie on the wire cost their own request's time, and nobody else's."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import islice
from threading import Thread
from typing import Any

import pytest

from crawler.run import DONE
from replica.faults import Fault
from replica.process import ReplicaProcess
from tests.crawler import crawling
from tests.crawler.hurried import HURRIED
from tests.faults.record import Tally
from tests.security.paper import crawl_elsewhere
from workers.stores import Stores

SITE = "tempo-en"
HURRY = 2  # seconds for a request; ours has 30
SLACK = 6  # seconds by which a busy machine may be late
WRONG = (*Fault,)
WAITING = {Fault.HANG, Fault.STALL, Fault.DRIP}
"""Those that only the time limit ends."""


@pytest.fixture
def replica() -> Iterator[ReplicaProcess]:
    with ReplicaProcess(stories=120) as newspaper:
        yield newspaper


def crawled(
    stores: Stores, replica: ReplicaProcess, kinds: tuple[Fault, ...], *module: str, articles: int, **more: Any
) -> dict[str, dict[str, Any]]:
    """The ledger's pages, after a crawl of so many articles, of which half answer so the first time."""
    replica.faults(kinds, share=0.5, times=1, seed=more.get("seed", 1))
    urls = list(islice(replica.mirror().article_urls(SITE), articles))
    order = crawling.order_of(urls)
    settings = crawling.settings_of(stores, crawling.Served(replica.url), concurrency=64)
    code, said = crawling.crawl(order, settings, *module, limit=more.get("limit", 90))
    assert code == DONE, said
    return crawling.pages(stores)


def durations(page: dict[str, Any], end: str = "failed") -> list[timedelta]:
    """Of its requests that failed, from the lease to the failure, or to another end."""
    begun = [event["at"] for event in page["events"] if event["what"] == "leased"]
    ended = [event["at"] for event in page["events"] if event["what"] == end]
    return [last - first for first, last in zip(begun, ended, strict=False)]


def assert_all_read(stores: Stores, pages: dict[str, dict[str, Any]], *, limit: float) -> int:
    """How many failed before; none takes longer, and those that are well wait for none of them."""
    assert set(crawling.handed_over(stores)) == set(pages), "none is lost"
    jobs = [key for key, page in pages.items() if page["state"] != "handedOver"]
    assert jobs == []
    failed = {key: durations(page) for key, page in pages.items() if durations(page)}
    assert max(max(took) for took in failed.values()) < timedelta(seconds=limit)
    well = [page for key, page in pages.items() if key not in failed]
    assert well, "else nothing is shown of the others"
    first = min(event["at"] for page in well for event in page["events"] if event["what"] == "leased")
    last = max(event["at"] for page in well for event in page["events"] if event["what"] == "handedOver")
    assert last - first < timedelta(seconds=limit)
    return len(failed)


@pytest.mark.fault("F9")
def test_each_request_ends_and_the_others_go_on(
    stores: Stores, replica: ReplicaProcess, seed: int, tally: Tally, scale
):
    articles = scale(short=60, long=110)
    pages = crawled(stores, replica, WRONG, HURRIED, str(HURRY), articles=articles, seed=seed)
    failed = assert_all_read(stores, pages, limit=HURRY + SLACK)
    assert failed > articles / 4
    whys = {event["why"].partition(":")[0] for page in pages.values() for event in page["events"] if event["why"]}
    assert {"DownloadTimeoutError", "ResponseDataLossError"} <= whys, whys
    tally.add(trials=failed, seed=seed)


@pytest.mark.long
@pytest.mark.fault("F9")
def test_with_the_time_that_a_crawl_gives(stores: Stores, replica: ReplicaProcess, seed: int, tally: Tally):
    pages = crawled(stores, replica, tuple(WAITING), articles=40, seed=seed, limit=200)
    failed = assert_all_read(stores, pages, limit=30 + SLACK)
    assert failed > 10
    tally.add(trials=failed, seed=seed)


# -- before there is any HTTP -----------------------------------------------------------------------------------


@contextmanager
def listening(behave: Callable[[socket.socket], None]) -> Iterator[int]:
    """A port of this machine that does so with whoever comes."""
    held: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                    held.append(connection)
                    behave(connection)
                except OSError:
                    return

        thread = Thread(target=accept, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
        thread.join(5)
    for connection in held:
        connection.close()


TLS: dict[str, Callable[[socket.socket], None]] = {
    "says nothing": lambda _: None,
    "says no TLS": lambda connection: connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n" * 100),
    "an alert": lambda connection: connection.sendall(b"\x15\x03\x03\x00\x02\x02\x28"),
    "half a hello": lambda connection: connection.sendall(b"\x16\x03\x03\x40\x00\x02"),
    "closes": lambda connection: connection.close(),
}
ENDLESS = ("says nothing", "half a hello")


@pytest.mark.fault("F9")
@pytest.mark.parametrize(
    "kind", [*ENDLESS, *(pytest.param(kind, marks=pytest.mark.long) for kind in TLS if kind not in ENDLESS)]
)
def test_tls_that_never_comes_to_an_end(stores: Stores, kind: str, tally: Tally):
    with listening(TLS[kind]) as port:
        world = {"en.tempo.co": [("127.0.0.1", port)]}
        crawl_elsewhere(stores, world, "behind-the-door", HURRIED, str(HURRY))
    [page] = crawling.pages(stores).values()
    assert page["state"] == "due"
    assert page["events"][-1]["why"].startswith("NotNow: robots.txt"), "which is asked for first, and it alone"
    assert max(durations(page, end="givenBack")) < timedelta(seconds=HURRY + SLACK)
    tally.add(trials=1)
