"""The replica's listing that needs JavaScript: found, rendered in a real Chromium, followed, closed."""

from __future__ import annotations

import re
import statistics
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from console.crew import CRAWLERS, ENRICHERS, crew
from console.workplace import workplace
from crawler.follow import key_of
from replica.pages.shell import FORBIDDEN_PATHS, FOREIGN
from replica.process import ReplicaProcess
from stories.settings import Settings
from tests.crawler import crawling
from tests.crawler.crawling import serving
from tests.crawler.shells import Site, listing
from tests.e2e import house
from tests.e2e.house import children
from workers.stores import Stores

PAGES = 200
EARLY, LATE = range(40, 80), range(160, 200)
GROWTH = 1.10


@pytest.fixture
def replica() -> Iterator[ReplicaProcess]:
    with ReplicaProcess(stories=600) as newspaper:
        yield newspaper


def test_its_stories_are_stored(settings: Settings, replica: ReplicaProcess) -> None:
    world = replica.mirror()
    url = world.rendered_listing_url()
    listed = {key_of(row["url"]) for row in world.listing_truth(url) or ()}
    assert listed
    own = house.settings_for(settings, replica, lease_seconds=Settings().lease_seconds)
    with workplace(own) as place, crew(place.settings, [CRAWLERS, ENRICHERS]):
        run = house.order(place, "tempo-id", world, urls=(url,), since=None, until=None, depth=0).run
        house.drain(place, [run], limit=60)
        unread = listed - house.stored(place, "tempo-id")
        assert {page["fate"] for key in unread if (page := place.stores.ledger.page(key))} <= {"gone"}
        assert len(unread) < len(listed) / 2
        page = place.stores.ledger.page(key_of(url) or "")
    assert page is not None
    assert page["fate"] == "listed"
    log = replica.log()
    assert FOREIGN not in {entry["host"] for entry in log}
    paths = [entry["path"] for entry in log]
    assert not [path for path in paths if path.startswith(FORBIDDEN_PATHS)]
    assert sum(path.startswith("/indeks") and path.endswith("sains") and "page=1" in path for path in paths) == 1


@pytest.mark.long
def test_two_hundred_rendered_pages_do_not_grow_memory(stores: Stores) -> None:
    """Of the crawler and all that it has started; a new browser comes after the first hundred pages."""
    with serving(Site({})) as served:
        order = crawling.order_of([listing(number) for number in range(1, PAGES + 1)], site="tempo-id")
        crawler = crawling.crawler(order, crawling.settings_of(stores, served))
        began = time.monotonic()
        seen = list(watched(crawler, stores))
        seconds = time.monotonic() - began
        said = crawler.communicate()
    assert crawler.returncode == 0, said
    early = statistics.median(size for rendered, size in seen if rendered in EARLY)
    late = statistics.median(size for rendered, size in seen if rendered in LATE)
    peak = max(size for _, size in seen)
    print(f"\n{PAGES} pages in {seconds:.0f} s: {early:.0f} MB, then {late:.0f} MB, at most {peak:.0f} MB")
    assert seen[-1][0] == PAGES
    assert late <= early * GROWTH, seen


def watched(crawler: subprocess.Popen[str], stores: Stores) -> Iterator[tuple[int, float]]:
    """Pages that are rendered so far, and the MB that all processes have."""
    while crawler.poll() is None:
        rendered = stores.database["pages"].count_documents({"fate": "listed"})
        yield rendered, sum(map(megabytes, [crawler.pid, *(pid for pid, _ in children(crawler.pid))]))
        time.sleep(0.1)
    yield stores.database["pages"].count_documents({"fate": "listed"}), 0.0


def megabytes(pid: int) -> float:
    """What a process has in memory; what it shares counts by its share."""
    try:
        found = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    except OSError:  # it has ended
        return 0.0
    return int(found[1]) / 1024 if found else 0.0
