"""Where no browser is: pages that need one are deferred and say what to install; nothing else changes."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

import pytest

from console.doctor import browser_check
from crawler.browser import find, missing
from crawler.run import DONE
from stories.settings import Settings
from tests.crawler import crawling
from tests.crawler.crawling import serving
from tests.crawler.shells import Site, listing
from workers.stores import Stores


def deferred(stores: Stores, browser: str) -> list[dict[str, Any]]:
    """The pages of a crawl with this browser, all of which need one."""
    site = Site({})
    with serving(site) as served:
        order = crawling.order_of([listing(1), listing(2)], site="tempo-id")
        settings = crawling.settings_of(stores, served, browser=browser, log_level="WARNING")
        code, said = crawling.crawl(order, settings)
    assert code == DONE, said
    assert said.count("pages that need a browser are deferred") == 1
    assert served.paths() == ["/indeks?page=1", "/indeks?page=2"] or served.paths() == [
        "/indeks?page=2",
        "/indeks?page=1",
    ]
    found = list(crawling.pages(stores).values())
    assert {page["fate"] for page in found} == {"deferred"}
    assert all(page["nextFetchAt"] > page["fateAt"] for page in found)
    return found


def test_a_browser_that_is_not_there(stores: Stores):
    for page in deferred(stores, "/nowhere/chromium"):
        assert page["fateReason"] == "KLIPING_BROWSER=/nowhere/chromium cannot be run: name a Chromium, or leave it out"


def test_a_browser_that_does_not_start(stores: Stores):
    for page in deferred(stores, "/bin/false"):
        assert page["fateReason"].startswith("/bin/false does not start: ")


def test_the_one_that_is_named_wins_over_those_in_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    for name in ("own", "google-chrome", "chromium-browser", "chromium", "chromium-headless-shell"):
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
        assert name == "own" or find(Settings()) == str(tmp_path / name)
    assert find(Settings(browser=str(tmp_path / "own"))) == str(tmp_path / "own")
    monkeypatch.setenv("PATH", "/nowhere")
    assert find(Settings()) is None
    assert "apt-get install chromium-headless-shell" in (missing(Settings()) or "")


def test_doctor_says_what_to_do_and_that_work_goes_on():
    check = browser_check(Settings(browser="/nowhere/chromium"))
    assert (check.ok, check.fatal) == (False, False)
    assert "/nowhere/chromium" in (check.remedy or "")


def test_without_the_extra(tmp_path: Path):
    """A Python that has all of ours but scrapy-playwright."""
    for path in map(Path, {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}):
        for entry in path.iterdir():
            if not entry.name.startswith(("scrapy_playwright", "__editable__", "playwright")):
                (tmp_path / entry.name).symlink_to(entry)
    script = "import crawler.run; from crawler.browser import missing; from stories.settings import Settings; "
    said = subprocess.run(
        [sys.executable, "-S", "-c", script + "print(missing(Settings(browser='/bin/true')))"],
        env=dict(os.environ) | {"PYTHONPATH": os.pathsep.join([str(Path.cwd()), str(tmp_path)])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.stdout == "scrapy-playwright is not installed: pip install 'kliping[browser]'\n", said.stderr


def test_playwright_is_not_imported_before_it_is_needed():
    script = "import sys, crawler.run; print([name for name in sys.modules if 'playwright' in name])"
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert said.stdout == "[]\n"
