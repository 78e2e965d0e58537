"""The house around a replica, whose size each file chooses; and Tempo's own pages, only where they lie."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

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

HERE = Path(__file__).parent

collect_ignore = [] if SAMPLES.is_dir() else ["test_samples.py"]


PATIENCE = 900
"""Seconds that a test here may take: the five minutes after which a page is stuck begin when its storm is over."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.option.timeout is None:  # else it is longer: a mark would come before it
        for item in items:
            marked = {mark.name for mark in item.iter_markers()}
            if item.path.is_relative_to(HERE) and "fault" in marked and "timeout" not in marked:
                item.add_marker(pytest.mark.timeout(PATIENCE))


@pytest.fixture
def world(replica: ReplicaProcess) -> World:
    return replica.mirror()


@pytest.fixture
def place(settings: Settings, replica: ReplicaProcess) -> Iterator[Workplace]:
    with workplace(house.settings_for(settings, replica)) as opened, crew(opened.settings, [CRAWLERS, ENRICHERS]):
        yield opened
