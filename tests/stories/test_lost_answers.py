"""MongoDB did what was asked, and its answer was lost: whoever asks again gets what the first asking had got."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from crawler.frontier import Frontier
from stories import mongo
from stories.ledger import Ledger
from stories.order import CrawlOrder
from stories.pages import LEASED, Lease
from tests.making import discovery
from workers.stores import Stores

LENGTH = timedelta(minutes=10)
LEASING = b"$$NOW"
"""What stands in the update that leases pages."""


class Wire:
    """Between a client and MongoDB. The answer to the first update with these bytes in it is lost, with the line."""

    def __init__(self, port: int, sought: bytes) -> None:
        self._port, self._sought = port, sought
        self.lost = 0
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):  # closed
            while True:
                client, _ = self._listening.accept()
                server = socket.create_connection(("127.0.0.1", self._port))
                cut = threading.Event()
                threading.Thread(target=self._ask, args=(client, server, cut), daemon=True).start()
                threading.Thread(target=self._answer, args=(client, server, cut), daemon=True).start()

    def _ask(self, client: socket.socket, server: socket.socket, cut: threading.Event) -> None:
        with suppress(OSError):
            while said := client.recv(1 << 20):
                if not self.lost and b"update" in said and self._sought in said:
                    self.lost += 1
                    cut.set()
                server.sendall(said)

    def _answer(self, client: socket.socket, server: socket.socket, cut: threading.Event) -> None:
        with suppress(OSError), client, server:
            while (said := server.recv(1 << 20)) and not cut.is_set():
                client.sendall(said)
            client.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._listening.close()


@pytest.fixture
def wire(stores: Stores) -> Iterator[Wire]:
    between = Wire(urlsplit(stores.settings.mongo_url).port or 0, LEASING)
    yield between
    between.close()


def test_pages_whose_lease_was_not_heard_of_are_not_leased_to_nobody(stores: Stores, wire: Wire) -> None:
    stores.ledger.discover([discovery(number) for number in range(9)])
    address = urlsplit(stores.settings.mongo_url)
    there = address._replace(netloc=address.netloc.replace(f":{address.port}", f":{wire.port}")).geturl()
    with mongo.client(there) as client:
        ledger = Ledger(client[stores.settings.database], lease=LENGTH)

        async def scene() -> list[Lease]:
            return await Frontier(ledger, CrawlOrder(run="run-1", site="tempo-en")).lease("en.tempo.co", limit=5)

        leases = asyncio.run(scene())
    assert wire.lost == 1
    assert all(0 < lease.ends - time.monotonic() < LENGTH.total_seconds() for lease in leases)
    leased = {page["_id"]: page["lease"]["token"] for page in stores.database["pages"].find({"state": LEASED})}
    assert {lease.key: lease.token for lease in leases} == leased
    assert len(leased) == 5
