"""The generic reading on scrapinghub/article-extraction-benchmark, beside trafilatura's own. Nothing of it lies here.

The measure is that benchmark's: shingles of four words, normalised a page, precision and recall averaged over pages,
F1 of the two averages. Pages are also told apart in two halves by their name: a rule that helps one half only was made
for its pages, and is no rule.
"""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path

import trafilatura
from rich.console import Console
from rich.table import Table

from bench.matching import Match, Means, match, means, shingles
from bench.scores import Broken, floors
from crawler.sites.prose import body_of

OURS = "Kliping's fallback"
Extractor = Callable[[str], str | None]

EXTRACTORS: Mapping[str, Extractor] = {
    OURS: body_of,
    "trafilatura, as it comes": trafilatura.extract,
    "trafilatura, no comments": lambda html: trafilatura.extract(html, include_comments=False),
    "trafilatura, precision": lambda html: trafilatura.extract(html, include_comments=False, favor_precision=True),
    "trafilatura, recall": lambda html: trafilatura.extract(html, include_comments=False, favor_recall=True),
}


def report(console: Console, folder: Path) -> list[Broken]:
    """Prints, and tells what is below its floor. Raises OSError where no copy of the benchmark lies."""
    truth = json.loads((folder / "ground-truth.json").read_text(encoding="utf-8"))
    pages = {name: gzip.decompress((folder / "html" / f"{name}.html.gz").read_bytes()).decode() for name in truth}
    title = f"article-extraction-benchmark: {len(pages)} pages, trafilatura {version('trafilatura')}"
    table = Table(title=title, title_justify="left")
    for column in ("", "F1", "precision", "recall", "F1 of one half", "of the other", "ms a page"):
        table.add_column(column, justify="right" if column else "left", no_wrap=not column)
    ours = 0.0
    for name, extract in EXTRACTORS.items():
        began = time.perf_counter()
        texts = {page: extract(html) or "" for page, html in pages.items()}
        cost = 1000 * (time.perf_counter() - began) / len(pages)
        matches = {page: match(shingles(truth[page]["articleBody"]), shingles(texts[page])) for page in pages}
        both = means(matches.values())
        ours = both.f1 if name == OURS else ours
        numbers = (both.f1, both.precision, both.recall, *(half.f1 for half in _halves(matches)))
        table.add_row(name, *(f"{number:.4f}" for number in numbers), f"{cost:.1f}")
    console.print(table)
    floor = floors()["fallback"]["f1"]
    return [Broken(what=OURS, measure="f1", floor=floor, reached=ours)] if ours < floor else []


def _halves(matches: Mapping[str, Match]) -> tuple[Means, Means]:
    """By the name's last digit, which is a digest's: even and odd."""
    even = {page for page in matches if int(page[-1], 16) % 2 == 0}
    one, other = ([m for page, m in matches.items() if (page in even) is wanted] for wanted in (True, False))
    return means(one), means(other)
