"""The house around a replica, whose size each file chooses; and Tempo's own pages, only where they lie."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from console.crew import CRAWLERS, ENRICHERS, crew
from console.workplace import Workplace, workplace
from replica.process import ReplicaProcess
from replica.world import World
from stories.settings import Settings
from tests.crawler.sites.samples import SAMPLES
from tests.e2e import house
from tests.servers import prepared, stores

__all__ = ["prepared", "stores"]

collect_ignore = [] if SAMPLES.is_dir() else ["test_samples.py"]


@pytest.fixture
def world(replica: ReplicaProcess) -> World:
    return house.world_of(replica)


@pytest.fixture
def place(settings: Settings, replica: ReplicaProcess) -> Iterator[Workplace]:
    with workplace(house.settings_for(settings, replica)) as opened, crew(opened.settings, [CRAWLERS, ENRICHERS]):
        yield opened
