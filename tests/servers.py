"""The real servers as most tests need them: one prepared database for all, emptied after each test, and an empty Redis.

A `conftest.py` imports what its tests use: `from tests.servers import database, prepared, stores`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from console.services import Services
from stories.ledger import Ledger
from stories.mongo import VALIDATORS, Stories, prepare
from stories.settings import Settings
from workers.stores import Stores, open_stores


@pytest.fixture(scope="session")
def prepared(services: Services, home: Path) -> Iterator[Stores]:
    settings = Settings(
        home=home, mongo_url=services.mongo_url, redis_url=services.redis_url, database=f"shared_{uuid4().hex[:12]}"
    )
    with open_stores(settings) as opened:
        prepare(opened.database)
        yield opened
        opened.database.client.drop_database(settings.database)


def emptied(stores: Stores) -> Stores:
    """Nothing in any collection, nothing in Redis."""
    for name in VALIDATORS:
        stores.database[name].delete_many({})
    stores.queue.connection.flushall()
    return stores


@pytest.fixture
def stores(prepared: Stores) -> Iterator[Stores]:
    yield emptied(prepared)
    emptied(prepared)


@pytest.fixture
def database(stores: Stores) -> Stories:
    return stores.database


@pytest.fixture
def ledger(stores: Stores) -> Ledger:
    """With leases of ten minutes."""
    return stores.ledger
