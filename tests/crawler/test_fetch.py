"""`kliping extract URL`: one page over the network, by the rules of a crawl; without any server of ours, or in turn
with the crawlers where there is a Redis."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from stories.pace import Pace, Rest
from stories.queue import connect
from stories.settings import Settings
from tests.crawler.crawling import Answer, Served, serving
from tests.security.paper import address, article, paper

PAGES: dict[str, Answer | str] = {
    "/read/1/a-story": article(1),
    "/read/2/a-story": Answer(status=302, headers={"Location": address(1)}),
    "/read/3/a-story": Answer(status=302, headers={"Location": "http://127.0.0.1/x"}),
    "/read/5/a-story": Answer(status=429, headers={"Retry-After": "40"}),
}


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serving(paper(PAGES, robots="User-agent: *\nDisallow: /read/4/")) as running:
        yield running


def extract(served: Served, home: Path, number: int, **more: Any) -> subprocess.CompletedProcess[str]:
    settings = Settings(home=home, replica=served.url, **({"delay": 0} | more))
    own = {name: value for name, value in os.environ.items() if not name.startswith("KLIPING_")}
    line = [sys.executable, "-m", "console.cli", "extract", address(number)]
    return subprocess.run(
        line, env=own | settings.as_variables(), capture_output=True, text=True, timeout=60, check=False
    )


def test_an_article_is_printed_and_nothing_else_is_said(served: Served, tmp_path: Path):
    done = extract(served, tmp_path, 2)  # which leads to the first
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["key"] == "tempo-read:1"


@pytest.mark.parametrize(
    ("number", "why"),
    [(3, "host '127.0.0.1' belongs to no site here"), (4, "Forbidden: robots.txt")],
)
def test_a_page_that_is_not_to_be_had_is_told_in_one_line(served: Served, tmp_path: Path, number: int, why: str):
    done = extract(served, tmp_path, number)
    assert (done.returncode, done.stdout) == (2, "")
    assert why in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_site_that_is_away_is_told_in_a_line_of_each(tmp_path: Path):
    with serving(paper(PAGES)) as gone:
        pass
    done = extract(gone, tmp_path, 1)
    assert (done.returncode, done.stdout) == (2, "")
    log, said = done.stderr.splitlines()
    assert "Connect call failed" in log
    assert len(log) < 400
    assert "robots.txt cannot be read, so nothing is allowed: DownloadConnectionRefusedError" in said


# -- together with crawlers -------------------------------------------------------------------------------------

HOST = "en.tempo.co"


@pytest.fixture
def pace(settings: Settings, served: Served) -> Iterator[Pace]:
    """What another crawler knows of this host."""
    with connect(settings.redis_url or "") as connection:
        yield Pace(connection, crawler="another", world=f"{served.url}:")


def test_it_takes_its_turn(served: Served, settings: Settings, tmp_path: Path, pace: Pace):
    done = extract(served, tmp_path, 1, redis_url=settings.redis_url, delay=3)
    assert (done.returncode, done.stderr) == (0, "")
    turn = pace.take(HOST, delay=3, concurrency=1)
    assert turn.permits == (), "it has just been asked"
    assert turn.crawlers == 1, "and nobody else waits any more"


def test_a_host_that_rests_for_a_crawler_is_not_asked(served: Served, settings: Settings, tmp_path: Path, pace: Pace):
    pace.rest(HOST, Rest(why="HTTP 429", first=timedelta(minutes=2), longest=timedelta(minutes=2)))
    before = len(served.asked)
    done = extract(served, tmp_path, 1, redis_url=settings.redis_url)
    assert (done.returncode, done.stdout) == (2, "")
    assert "is not asked for now: en.tempo.co rests until" in done.stderr
    assert "(HTTP 429)" in done.stderr
    assert done.stderr.count("\n") == 1
    assert len(served.asked) == before


def test_a_rest_that_it_is_told_of_is_the_crawlers_too(served: Served, settings: Settings, tmp_path: Path, pace: Pace):
    done = extract(served, tmp_path, 5, redis_url=settings.redis_url)
    assert "answered HTTP 429" in done.stderr
    turn = pace.take(HOST, delay=0, concurrency=1)
    assert turn.rests
    assert 10 < turn.wait <= 40


def test_the_sites_hours_are_its_own_too(served: Served, tmp_path: Path):
    now = datetime.now(UTC)
    hours = f"{now + timedelta(hours=2):%H:%M}-{now + timedelta(hours=3):%H:%M} UTC"
    before = len(served.asked)
    done = extract(served, tmp_path, 1, hours=hours)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"its site's hours are {hours}" in done.stderr
    assert f"the next ones begin at {hours[:5]} UTC" in done.stderr
    assert len(served.asked) == before


def test_a_redis_that_is_named_and_away_is_told(served: Served, tmp_path: Path):
    before = len(served.asked)
    done = extract(served, tmp_path, 1, redis_url="redis://127.0.0.1:1/0")
    assert (done.returncode, done.stdout) == (3, "")
    assert "nothing listens at 127.0.0.1:1" in done.stderr
    assert len(served.asked) == before
