"""Browsers that die or hang in mid-crawl, and crawlers that die with one: nothing is lost, nothing stays behind."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random
from threading import Condition

import pytest

from crawler.run import DONE, INTERRUPTED
from tests.crawler import crawling
from tests.crawler.counted import COUNTED, LEFT
from tests.crawler.crawling import Served, serving
from tests.crawler.shells import EATING, PLAIN, ROWS_A_PAGE, Site, listing, script
from tests.e2e.house import children
from tests.faults.record import Tally
from tests.servers import emptied
from workers.stores import Stores

PAGES = 12
FEW = 7
HANG = "for (;;);"
SHORT_LEASE = 16  # seconds: a page gets what is left of its lease
PATIENCE = 30  # seconds: a page that dies with its browser is tried again at once


@contextmanager
def begun(
    stores: Stores, site: Site, numbers: range, *module: str, **different: object
) -> Iterator[tuple[subprocess.Popen, Served]]:
    """A crawl under way."""
    with serving(site) as served:
        order = crawling.order_of([listing(number) for number in numbers], site="tempo-id")
        process = crawling.crawler(order, crawling.settings_of(stores, served, **different), *module)
        try:
            yield process, served
        finally:
            process.kill()
            process.communicate()


def ended(process: subprocess.Popen, *, limit: float = 90) -> tuple[int, str]:
    said, complained = process.communicate(timeout=limit)
    return process.returncode, said + complained


def until(condition: Callable[[], object], *, limit: float = 30) -> None:
    end = time.monotonic() + limit
    while not condition():
        assert time.monotonic() < end, "not within its time"
        time.sleep(0.02)


def browsers(crawler: int) -> list[int]:
    """Chromium's first process, by crawler: below the driver, and below the script that Debian starts the shell by."""
    drivers = [pid for pid, command in children(crawler) if "run-driver" in command]
    below = [found for pid in drivers for found in children(pid)]
    return [pid for pid, said in below if not ("--type=" in said or said.startswith("/bin/sh")) and is_running(pid)]


def kill_one_of(crawler: int) -> bool:
    """False if there was none just now: one that eats memory also ends by itself."""
    for browser in browsers(crawler):
        with suppress(ProcessLookupError):
            os.kill(browser, signal.SIGKILL)
            return True
    return False


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def read(stores: Stores) -> int:
    return stores.database["pages"].count_documents({"fate": "listed"})


def assert_nothing_lost(stores: Stores, count: int = PAGES) -> None:
    pages = crawling.pages(stores)
    listings = [page for page in pages.values() if page["kind"] == "listing"]
    assert {page["fate"] for page in listings} == {"listed"}
    assert len(listings) == count
    assert sum(page["kind"] == "article" for page in pages.values()) == count * ROWS_A_PAGE


@pytest.mark.parametrize("kind", ["browser", "driver"])
def test_a_kill_in_mid_crawl_loses_nothing(stores: Stores, kind: str) -> None:
    with begun(stores, Site({}, row_delay=0.3), range(1, PAGES + 1), browser_pages=2) as (process, _):
        victims = set()
        for done in (1, 5):
            until(lambda done=done: read(stores) >= done and browsers(process.pid), limit=PATIENCE)
            family = children(process.pid)
            victim = browsers(process.pid)[0] if kind == "browser" else next(p for p, c in family if "run-driver" in c)
            victims |= {pid for pid, _ in family}
            os.kill(victim, signal.SIGKILL)
        victims |= {pid for pid, _ in children(process.pid)}
        code, said = ended(process)
    assert code == DONE, said
    assert_nothing_lost(stores)
    until(lambda: not any(map(is_running, victims)), limit=5)


BAD_MANNERS = {
    2: "for (let i = 0; i < 10; i++) window.open('/indeks?page=1', '_blank', i % 2 ? 'noopener' : ''); ",
    3: "const link = document.body.appendChild(document.createElement('a'));"
    "Object.assign(link, { href: '/f.zip', download: '' }).click(); ",
    4: "onbeforeunload = () => 'stay'; alert('?'); ",
}


@pytest.mark.fault("F18")
def test_no_page_stays_open_whatever_pages_and_browsers_do(stores: Stores, seed: int, scale, tally: Tally) -> None:
    """Pages that eat memory, pop up, download and ask; Chromium killed at any time: all are read, none is left."""
    chance = Random(seed)
    for trial in range(trials := scale(short=2, long=50)):
        emptied(stores)
        site = Site({number: manners + PLAIN for number, manners in BAD_MANNERS.items()}, row_delay=0.2)
        site.once["/_nuxt/1.js"] = script(1, EATING)
        with begun(stores, site, range(1, FEW + 1), COUNTED) as (process, _):
            until(lambda process=process: browsers(process.pid))
            moment = time.monotonic() + chance.uniform(0, 3)
            until(lambda moment=moment: time.monotonic() > moment or read(stores) > 1)  # most are yet to be read
            family = {pid for pid, _ in children(process.pid)}
            for browser in browsers(process.pid):
                os.kill(browser, signal.SIGKILL)
            code, said = ended(process)
        assert code == DONE, (trial, said)
        assert_nothing_lost(stores, FEW)
        left = [line for line in said.splitlines() if line.startswith(LEFT)]
        assert len(left) >= 2, "the killed one, and the one after it"
        assert set(left) == {f"{LEFT}0"}
        until(lambda family=family: not any(map(is_running, family)), limit=5)
    tally.add(trials=trials, seed=seed)


def test_a_browser_that_stands_still_is_killed_and_its_pages_are_tried_again(stores: Stores) -> None:
    with begun(stores, Site({}), range(1, PAGES + 1), browser_pages=2, lease_seconds=SHORT_LEASE) as (process, _):
        until(lambda: read(stores) >= 2 and browsers(process.pid))
        stopped = browsers(process.pid)[0]
        os.kill(stopped, signal.SIGSTOP)
        code, said = ended(process)
    assert code == DONE, said
    assert_nothing_lost(stores)
    assert not is_running(stopped)


def test_a_page_that_hangs_takes_its_time_and_no_more(stores: Stores) -> None:
    site = Site({})
    site.once["/_nuxt/1.js"] = script(1, HANG)
    with begun(stores, site, range(1, PAGES + 1), lease_seconds=SHORT_LEASE) as (process, _):
        code, said = ended(process)
    assert code == DONE, said
    assert_nothing_lost(stores)
    (hung,) = [page for page in crawling.pages(stores).values() if page["url"] == listing(1)]
    assert "was not rendered within" in next(e["why"] for e in hung["events"] if e["what"] == "failed")


@pytest.mark.parametrize("limit", [10, pytest.param(45, marks=pytest.mark.long)])
def test_a_killed_crawler_takes_its_browser_along(stores: Stores, limit: int) -> None:
    """At once; one that stands still, when the driver has waited half a minute for it."""
    with begun(stores, Site({1: HANG}), range(1, 2)) as (process, served):
        until(lambda: "/_nuxt/1.js" in served.paths())
        family = [pid for pid, _ in children(process.pid)]
        assert len(family) > 3
        if limit > 30:
            os.kill(browsers(process.pid)[0], signal.SIGSTOP)
        process.kill()
        process.wait()
        until(lambda: not any(map(is_running, family)), limit=limit)


def test_a_crawl_that_is_told_to_stop_does_not_wait_for_its_pages(stores: Stores) -> None:
    with begun(stores, Site({1: "setInterval(() => rows(`/api/rows/1?${Math.random()}`), 500);"}), range(1, 2)) as (
        process,
        served,
    ):
        until(lambda: len(served.paths()) > 4)
        family = [pid for pid, _ in children(process.pid)]
        began = time.monotonic()
        process.terminate()
        code, said = ended(process)
        assert code == INTERRUPTED, said
        assert time.monotonic() - began < 10
    until(lambda: not any(map(is_running, family)), limit=5)
    assert {page["state"] for page in crawling.pages(stores).values()} == {"due"}


def test_so_many_pages_at_a_time_and_no_more(stores: Stores) -> None:
    """They all wait for robots.txt, and come at once. The first waits for a second, which a busy machine may keep."""
    most, now, changed = [0], [0], Condition()

    class Counting(Site):
        def page(self, path: str) -> crawling.Answer:
            inside = path.startswith("/api/rows")
            with changed:
                now[0] += inside
                most[0] = max(most[0], now[0])
                changed.notify_all()
                changed.wait_for(lambda: most[0] > 1 or not inside, timeout=20)
            answer = super().page(path)
            with changed:
                now[0] -= inside
            return answer

    with begun(stores, Counting({}, row_delay=0.5), range(1, 9), browser_pages=2) as (process, _):
        code, said = ended(process)
    assert code == DONE, said
    assert most == [2]


def test_a_crawl_without_such_pages_starts_no_browser(stores: Stores) -> None:
    site = Site({})
    row = '<figure><figcaption><p><a href="https://www.tempo.co/hukum/cerita-1000010">x</a></p></figcaption></figure>'
    site.others["/indeks?page=1"] = crawling.Answer(body=row)
    with begun(stores, site, range(1, 2)) as (process, _):
        family: set[str] = set()
        while process.poll() is None:
            family |= {command for _, command in children(process.pid)}
            time.sleep(0.01)
        assert process.returncode == DONE
    drivers = {command for command in family if "run-driver" in command}  # a library may look at the machine once
    assert not drivers
