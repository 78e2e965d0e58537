"""What doctor says of a Redis that Sentinels watch."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from console.check import Check
from console.reasons import WHY
from console.redis_checks import redis_checks
from console.sentinel_checks import sentinel_checks
from tests.sentinels import Watched, direct, watching


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    with watching(tmp_path_factory.mktemp("watched")) as servers:
        yield servers


def looked(url: str) -> dict[str, Check]:
    return {check.name: check for check in sentinel_checks(url)}


def test_a_set_as_it_should_be(watched: Watched):
    with direct(watched.servers[0]) as master:
        master.config_set("min-replicas-to-write", 1)
    found = looked(watched.url())
    assert found["Redis Sentinels"].ok
    assert found["Redis Sentinels"].detail == "3 of 3 answer; the master has 1 replicas"
    assert found["Redis cut off"].ok
    assert {"Redis Sentinels", "Redis cut off"} <= set(WHY)


def test_a_master_that_would_go_on_alone(watched: Watched):
    with direct(watched.servers[0]) as master:
        master.config_set("min-replicas-to-write", 0)
    found = looked(watched.url())["Redis cut off"]
    assert (found.ok, found.fatal) == (False, False)
    assert "min-replicas-to-write 1" in (found.remedy or "")


def test_a_sentinel_that_is_away(watched: Watched):
    found = looked(watched.url().replace("@", "@127.0.0.1:1,"))["Redis Sentinels"]
    assert (found.ok, found.fatal) == (False, False)
    assert found.detail.startswith("3 of 4 answer")


@pytest.mark.parametrize(
    ("changes", "detail"),
    [({"name": "another"}, "name no master: No master found for 'another'"), ({"other": "wrong"}, "name no master")],
)
def test_what_the_sentinels_do_not_know(watched: Watched, changes: dict[str, str], detail: str):
    (found,) = redis_checks(watched.url(**changes))
    assert found.name == "Redis reachable"
    assert detail in found.detail
    assert "streng" not in str(found)


def test_a_server_that_is_not_watched(watched: Watched):
    assert sentinel_checks(f"redis://:geheim@127.0.0.1:{watched.servers[0]}") == []


def test_a_command_that_begins_waits_for_no_sentinel(watched: Watched):
    """Whichever is away costs it nothing: only doctor asks them all."""
    assert not {"Redis Sentinels", "Redis cut off"} & {check.name for check in redis_checks(watched.url())}
