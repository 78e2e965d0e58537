"""One real MongoDB and one real Valkey for the whole run; a database of its own and an empty Redis for each test.

And what the fault tests share (tests/faults/record.py): how often, from which seed, and where their counts go.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import redis
from hypothesis import HealthCheck
from hypothesis import settings as examples

from console.services import Services
from console.services import services as started
from stories.mongo import client
from stories.settings import Settings
from tests.faults import record
from tests.faults.record import Record, Tally

SEED = 20261124

HERE = Path(__file__).parent

# How long a busy machine takes to make an example, or for one, is no test's business. A commit is judged by the same
# examples wherever it is; new ones are looked for in long runs.
examples.register_profile("short", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
examples.register_profile("long", examples.get_profile("short"), derandomize=False)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--long", action="store_true", help="as many trials as docs/guarantees.md reports (make test-long)"
    )
    parser.addoption("--table", action="store_true", help="write the faults' table even in a short run")
    parser.addoption("--soak-minutes", type=float, default=120, help="how long make soak grows its newspaper")
    parser.addoption("--seed", type=int, default=SEED, help="where the fault tests' chances come from")


def pytest_configure(config: pytest.Config) -> None:
    gathers = not hasattr(config, "workerinput")  # else pytest-xdist's controller does
    if gathers and (config.option.long or config.option.table):
        is_part = bool(config.option.keyword) or any("::" in chosen for chosen in config.args)
        config.pluginmanager.register(Record(record.commit(), is_part=is_part), "faults")
    examples.load_profile("long" if config.option.long else "short")
    gc.disable()  # until 14,000 tests are collected: none of them is garbage


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files of tests that mostly wait between files that mostly reckon: so both cores have work from first to last."""
    files: dict[Path, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(item.path, []).append(item)
    waiting = sorted(filter(waits, files), key=lambda path: path.parent.name != "hosts")  # it takes a minute: not last
    reckoning = [path for path in files if not waits(path)]
    places = {path: place / len(kind) for kind in (waiting, reckoning) for place, path in enumerate(kind)}
    items[:] = [item for path in sorted(files, key=places.__getitem__) for item in files[path]]


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()


def waits(path: Path) -> bool:
    """For crawls, leases, servers that are away."""
    deep = (HERE / "e2e", HERE / "hosts", HERE / "workers")
    return any(folder in path.parents for folder in deep) or path.parent == HERE / "crawler"


def pytest_report_header(config: pytest.Config) -> str:
    return f"faults: {'long' if config.option.long else 'short'}, --seed={config.option.seed}"


@pytest.fixture
def tally(request: pytest.FixtureRequest) -> Tally:
    """Where a fault test says what it counted."""
    return Tally.of(request.node)


@pytest.fixture
def scale(request: pytest.FixtureRequest) -> Callable[..., int]:
    """`scale(short=15, long=200)`: how many trials this run makes."""
    return lambda *, short, long: long if request.config.option.long else short


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    """Where chances come from; the header of a run says how to have the same again."""
    return request.config.option.seed


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
