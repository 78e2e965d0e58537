"""The real servers, a worker in this process, and a console over a collection of hostile words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from console.services import Services
from stories.mongo import prepare
from stories.settings import Settings
from tests.console.conftest import shell
from tests.security.house import SCRIPT, Console, fill, hostile_console
from tests.servers import database, prepared, stores
from tests.workers.burst import work
from workers.stores import open_stores

__all__ = ["database", "prepared", "shell", "stores", "work"]


@pytest.fixture(scope="module")
def hostile(services: Services, home: Path, request: pytest.FixtureRequest) -> Iterator[Settings]:
    """A database of hostile words, with the address that a module calls ADDRESS; nobody else's tests touch it."""
    settings = Settings(home=home, mongo_url=services.mongo_url, redis_url=services.redis_url)
    settings = replace(settings, database=f"hostile_{uuid4().hex[:12]}")
    with open_stores(settings) as opened:
        prepare(opened.database)
        fill(opened, getattr(request.module, "ADDRESS", SCRIPT))
        yield settings
        opened.database.client.drop_database(settings.database)


@pytest.fixture(scope="module")
def console(hostile: Settings) -> Iterator[Console]:
    with hostile_console(hostile) as running:
        yield running
