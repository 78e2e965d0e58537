from datetime import UTC, datetime

import pytest

from replica import World

NOW = datetime(2026, 11, 5, 3, 0, tzinfo=UTC)
STORIES = 600


def world_of(stories=STORIES, seed=7, now=NOW):
    return World(stories=stories, seed=seed, now=now)


@pytest.fixture(scope="package")
def world():
    """One that no test changes."""
    return world_of()
