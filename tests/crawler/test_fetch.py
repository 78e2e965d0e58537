"""`kliping extract URL`: one page over the network, by the rules of a crawl, without any server of ours."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from stories.settings import Settings
from tests.crawler.crawling import Answer, Served, serving
from tests.security.paper import address, article, paper

PAGES: dict[str, Answer | str] = {
    "/read/1/a-story": article(1),
    "/read/2/a-story": Answer(status=302, headers={"Location": address(1)}),
    "/read/3/a-story": Answer(status=302, headers={"Location": "http://127.0.0.1/x"}),
}


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serving(paper(PAGES, robots="User-agent: *\nDisallow: /read/4/")) as running:
        yield running


def extract(served: Served, home: Path, number: int) -> subprocess.CompletedProcess[str]:
    settings = Settings(home=home, replica=served.url, delay=0)
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
