"""python -m bench [--stories N] [--concurrency C] [--pairs P]: how fast, how heavy, and does it stay so.

First, how fast a page is read (bench/reading.py). Then, in one run on one replica: a bare Scrapy spider that parses
nothing, and Kliping end to end at the same concurrency, from the first lease to the last story stored, in turn; their
ratio, which is the median of these pairs, for one machine's speed changes by a fifth from minute to minute; peak memory
of each process; the cost of a page with 1,000, 10,000 and 100,000 pages known. Floors stand beside what they hold; the
exit code is 1 where one is broken.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bench import reading
from bench.house import Measured, crawl_all, known_pages, peak_kib
from console.crew import CRAWLERS, ENRICHERS, crew
from console.services import services
from console.workplace import workplace
from replica.process import ReplicaProcess
from replica.world import World
from stories.settings import Settings

SITE = "tempo-en"
KNOWN = (1_000, 10_000, 100_000)
LOWEST_RATIO = 0.45
HIGHEST_GROWTH = 1.3


def main() -> int:
    options = _options()
    reads_fast = reading.report()
    with ReplicaProcess(stories=options.stories) as replica:
        world = replica.mirror()
        urls = list(world.article_urls(SITE))
        print(f"replica: {options.stories} stories, {len(urls)} of {SITE}; concurrency {options.concurrency}")
        tuned = _bare(replica.url, urls, options.concurrency, "tuned")
        print(f"bare, our settings: {tuned['rate']:6.1f} pages/s    peak {tuned['peakKiB'] / 1024:.0f} MiB")
        settings = Settings(replica=replica.url, delay=0.0, concurrency=options.concurrency, log_level="ERROR")
        ratios = []
        for _ in range(options.pairs):
            bare = _bare(replica.url, urls, options.concurrency, "stock")
            kliping = _kliping(settings, world, known=0, report_memory=not ratios)
            ratios.append(kliping.rate / bare["rate"])
            print(
                f"bare spider:      {bare['rate']:8.1f} pages/s; kliping, stored: {kliping.rate:6.1f} articles/s"
                f" ({kliping.stories} in {kliping.seconds:.1f} s): {ratios[-1]:.3f}"
            )
        ratio = statistics.median(ratios)
        print(f"ratio:            {ratio:8.3f}    floor {LOWEST_RATIO}")
        costs = {known: _kliping(settings, world, known=known) for known in KNOWN}
        for known, measured in costs.items():
            print(f"{known:7,} known pages: {1000 * measured.seconds / measured.stories:6.2f} ms a page")
        growth = (costs[KNOWN[-1]].seconds / costs[KNOWN[-1]].stories) / (
            costs[KNOWN[0]].seconds / costs[KNOWN[0]].stories
        )
        print(f"growth:           {growth:8.2f}    ceiling {HIGHEST_GROWTH}")
    return 0 if reads_fast and ratio >= LOWEST_RATIO and growth <= HIGHEST_GROWTH else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m bench")
    parser.add_argument("--stories", type=int, default=12_000, help="half of them are crawled: about 15 seconds")
    parser.add_argument("--concurrency", type=int, default=16)
    parser.add_argument("--pairs", type=int, default=5, help="of bare spider and Kliping: three minutes")
    return parser.parse_args()


def _bare(replica: str, urls: Sequence[str], concurrency: int, kind: str) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.bare", kind, replica, str(concurrency)]
    done = subprocess.run(command, input="\n".join(urls), text=True, stdout=subprocess.PIPE, check=True)
    measured: dict[str, float] = json.loads(done.stdout)
    return measured | {"rate": measured["pages"] / measured["seconds"]}


def _kliping(settings: Settings, world: World, *, known: int, report_memory: bool = False) -> Measured:
    """One crawl of everything, in a house of its own."""
    with tempfile.TemporaryDirectory() as folder, services(replace(settings, home=Path(folder))) as found:
        own = replace(settings, home=Path(folder), mongo_url=found.mongo_url, redis_url=found.redis_url)
        with workplace(own) as place, crew(place.settings, [CRAWLERS, ENRICHERS, ENRICHERS]) as members:
            known_pages(place, SITE, known)
            measured = crawl_all(place, SITE, world)
            if report_memory:
                processes = _named(members.pids()) | found.pids
                peaks = {name: peak_kib(pid) / 1024 for name, pid in processes.items()} | measured.peaks
                print("peak memory:      " + ", ".join(f"{name} {mib:.0f} MiB" for name, mib in peaks.items()))
    return measured


def _named(pids: dict[str, list[int]]) -> dict[str, int]:
    return {f"{name} {n}" if len(of) > 1 else name: pid for name, of in pids.items() for n, pid in enumerate(of, 1)}


if __name__ == "__main__":
    sys.exit(main())
