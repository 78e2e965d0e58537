"""python -m bench.reading: how fast a page is read, beside trafilatura and newspaper4k on the same pages in one run.

Ours reads all fields from the bytes. trafilatura's fast mode looks for the text alone, and both of them get the text
decoded: what they would have to do besides is left out in their favour. No network, no language data.
"""

from __future__ import annotations

import gzip
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from statistics import median, quantiles

import trafilatura
from rich.console import Console
from rich.table import Table

from crawler.heap import keep_freed_memory
from crawler.sites.encoding import decode
from crawler.sites.registry import site_of
from crawler.sites.site import Page
from replica.world import World

with warnings.catch_warnings():
    warnings.simplefilter("ignore", UserWarning)  # it says that nltk is missing, which only its summaries need
    import newspaper

NOW = datetime(2026, 11, 24, 5, 30, tzinfo=UTC)
VERSIONS = {"read-2021": "tempo-en", "www-2024": "tempo-id"}
SAMPLES = Path(__file__).parents[2] / "shared" / "samples" / "pages"
"""Real pages, where they lie beside the repository."""

REAL = {
    "id-2017-article": "https://metro.tempo.co/read/1028050/a",
    "id-2017-special-page": "https://pialadunia.tempo.co/read/1067559/a",
    "magz-2023-article": "https://magz.tempo.co/read/cover-story/40163/a",
    "majalah-2022-article": "https://majalah.tempo.co/read/laporan-utama/167644/a",
}
KIB = range(60, 120)  # of a page, as Tempo's are
PAGES = 20  # of a version
ROUNDS = 5  # over all pages: 100 readings make a p95 that five outliers do not set

LEAST_FASTER = {"trafilatura, fast": 4.0, "newspaper4k": 10.0}
MOST_SPREAD = 3.0  # p95 over the median


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Milliseconds of one reading."""

    median: float
    p95: float


def _ours(page: Page) -> object:
    site = site_of(page.url)
    assert site is not None
    return site.read(page)


def _trafilatura(page: Page) -> object:
    return trafilatura.bare_extraction(decode(page.body, page.content_type), url=page.url, fast=True)


def _newspaper(page: Page) -> object:
    # Without fetch_images=False it asks the site for each picture's size.
    return newspaper.article(page.url, input_html=decode(page.body, page.content_type), fetch_images=False)


READERS: Mapping[str, Callable[[Page], object]] = {
    "Kliping": _ours,
    "trafilatura, fast": _trafilatura,
    "newspaper4k": _newspaper,
}


def report() -> bool:
    """Prints a table; True if every floor holds."""
    keep_freed_memory()  # as a crawl does; all three readers have it
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 120)
    world = World(stories=600, seed=7, now=NOW)
    table = Table(title="Reading one page, milliseconds", title_justify="left")
    for column in ("version", "reader", "median", "p95", "slower than Kliping", "floor"):
        table.add_column(column, justify="left" if column in {"version", "reader"} else "right")
    holds = True
    groups = {version: list(islice(_pages(world, site), PAGES)) for version, site in VERSIONS.items()}
    for version, pages in (groups | _real()).items():
        sizes = [len(page.body) / 1024 for page in pages]
        costs = _measure(pages)
        ours = costs.pop("Kliping")
        what = f"{version}, {len(pages)} pages of {min(sizes):.0f}-{max(sizes):.0f} KiB"
        table.add_row(what, "Kliping", f"{ours.median:.2f}", f"{ours.p95:.2f}", "", "")
        holds = holds and ours.p95 < MOST_SPREAD * ours.median
        for reader, theirs in costs.items():
            ratio, floor = theirs.median / ours.median, LEAST_FASTER[reader]
            row = (f"{theirs.median:.2f}", f"{theirs.p95:.2f}", f"{ratio:.1f} x", f"{floor:.0f} x")
            table.add_row("", reader, *row)
            holds = holds and ratio >= floor
    console.print(table)
    console.print(
        f"Kliping's p95 must be under {MOST_SPREAD:.0f} x its median. " + ("All holds." if holds else "Broken.")
    )
    return holds


def _real() -> dict[str, list[Page]]:
    if not SAMPLES.is_dir():
        return {}
    bodies = {url: gzip.decompress((SAMPLES / f"{name}.html.gz").read_bytes()) for name, url in REAL.items()}
    return {"real pages": [Page(url=url, body=body, downloaded_at=NOW) for url, body in bodies.items()]}


def _pages(world: World, site: str) -> Iterator[Page]:
    """The replica's pages of a real page's size, from the newest."""
    for url in world.article_urls(site):
        reply = world.page(url)
        if len(reply.body) // 1024 in KIB:
            content_type = dict(reply.headers).get("Content-Type")
            yield Page(url=url, body=reply.body, downloaded_at=NOW, content_type=content_type)


def _measure(pages: list[Page]) -> dict[str, Cost]:
    """By the processor's time, which a busy machine lengthens little. In each round every reader reads all pages.

    Not page by page in turn: then each would begin with what the others left in the processor's caches, which is no
    reader's work, and hinders the one most that needs least.
    """
    times: dict[str, list[float]] = {name: [] for name in READERS}
    for _ in range(ROUNDS):
        for name, read in READERS.items():
            read(pages[0])  # what is imported, compiled and remembered once belongs to no page
            times[name].extend(_milliseconds(read, page) for page in pages)
    return {name: Cost(median=median(taken), p95=quantiles(taken, n=20)[-1]) for name, taken in times.items()}


def _milliseconds(read: Callable[[Page], object], page: Page) -> float:
    began = time.thread_time()
    read(page)
    return 1000 * (time.thread_time() - began)


if __name__ == "__main__":
    sys.exit(0 if report() else 1)
