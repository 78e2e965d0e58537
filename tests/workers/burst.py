"""A real worker in this process, which forks for each job as it does everywhere, until its queue is empty."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from stories.settings import Settings
from workers import worker
from workers.stores import Stores

Work = Callable[[str], None]


@contextmanager
def signals_kept() -> Iterator[None]:
    """A worker takes over SIGINT and SIGTERM; pytest wants them back."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@pytest.fixture
def work(stores: Stores, monkeypatch: pytest.MonkeyPatch) -> Work:
    """`work("enrich")` serves a queue until it is empty; the children find these servers in their environment."""
    settings = Settings(
        home=stores.settings.home,
        mongo_url=stores.settings.mongo_url,
        redis_url=stores.settings.redis_url,
        database=stores.settings.database,
        log_level="CRITICAL",
    )
    for name, value in settings.as_variables().items():
        monkeypatch.setenv(name, value)

    def serve(queue: str) -> None:
        with signals_kept():
            worker.work(queue, settings, burst=True)

    return serve
