"""What the measurements share: a crawl of everything, a ledger that knows many pages, memory read from /proc."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from console.workplace import Workplace
from replica.world import World
from stories.fate import Fate
from stories.order import CrawlOrder
from stories.pages import REVISIT, SETTLED
from stories.runs import ACTIVE

_BATCH = 5_000
_LOOK = 1.0  # seconds; a look counts the run's pages and all processes, on the cores that are measured


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    stories: int
    seconds: float
    """From the crawler's first lease to the last story stored."""
    peaks: dict[str, float]
    """MiB, of processes that have ended by now."""

    @property
    def rate(self) -> float:
        return self.stories / self.seconds


def crawl_all(place: Workplace, site: str, world: World) -> Measured:
    """Crawl all of the replica's days."""
    days, today = timedelta(days=world.stories // 80 + 2), world.now.date()
    order = CrawlOrder(
        run="bench", site=site, since=today - days, until=today + timedelta(days=1), max_pages=10 * world.stories
    )
    place.stores.runs.order(order, job_id="crawl-bench", now=place.now())
    place.stores.queue.enqueue_crawl(order.to_json(), job_id="crawl-bench")
    crawler_peak = 0.0
    while place.stores.runs.get(order.run)["state"] in ACTIVE or place.stores.ledger.report(order.run).in_flight:
        crawler_peak = max(crawler_peak, _peak_of("crawler.run"))
        time.sleep(_LOOK)
    fates = {fate: place.stores.ledger.report(order.run).fates.get(fate, 0) for fate in (Fate.FAILED, Fate.QUARANTINED)}
    assert not any(fates.values()), fates
    pages = place.stores.database["pages"]
    first = pages.find_one({"run": order.run, "fate": Fate.LISTED}, sort=[("fateAt", 1)])
    last = pages.find_one({"run": order.run, "fate": Fate.STORED}, sort=[("fateAt", -1)])
    leased = next(event["at"] for event in first["events"] if event["what"] == "leased")
    stored = pages.count_documents({"run": order.run, "fate": Fate.STORED})
    seconds = (last["fateAt"] - leased).total_seconds()
    return Measured(stories=stored, seconds=seconds, peaks={"crawler": crawler_peak / 1024})


def known_pages(place: Workplace, site: str, number: int) -> None:
    """Make the ledger know so many pages of this site and host, visited and not due."""
    now = place.now()
    for start in range(0, number, _BATCH):
        place.stores.database["pages"].insert_many(
            [
                {
                    "_id": f"known:{n}",
                    "site": site,
                    "host": "en.tempo.co",
                    "url": f"https://en.tempo.co/read/{n}/known",
                    "kind": "article",
                    "priority": REVISIT,
                    "depth": 0,
                    "state": SETTLED,
                    "fate": Fate.STORED.value,
                    "attempts": 0,
                    "run": "earlier",
                    "nextFetchAt": now + timedelta(hours=1, seconds=n),
                    "events": [],
                }
                for n in range(start, min(start + _BATCH, number))
            ],
            ordered=False,
        )


def peak_kib(pid: int) -> int:
    """The most memory a living process has ever had resident; 0 if it has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")), 0)


def _peak_of(words: str) -> float:
    peak = 0
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            except OSError:
                continue
            if words in command:
                peak = max(peak, peak_kib(int(entry.name)))
    return peak
