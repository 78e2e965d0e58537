"""One real MongoDB and one real Valkey for the whole run; a database of its own and an empty Redis for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import redis

from console.services import Services
from console.services import services as started
from stories.mongo import client
from stories.settings import Settings


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def services(home: Path) -> Iterator[Services]:
    with started(Settings(home=home)) as running:
        yield running


@pytest.fixture
def settings(services: Services, home: Path) -> Iterator[Settings]:
    """Settings that name the shared servers, with a database that no other test has seen."""
    with redis.Redis.from_url(services.redis_url) as queue:
        queue.flushall()
    own = Settings(
        home=home, mongo_url=services.mongo_url, redis_url=services.redis_url, database=f"test_{uuid4().hex[:12]}"
    )
    yield own
    with client(services.mongo_url) as mongo:
        mongo.drop_database(own.database)
