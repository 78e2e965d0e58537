"""python -m bench.quality [--aeb FOLDER]: how exactly pages are read (docs/quality.md). Exit code 1 if a floor breaks.

On the gold pages: precision, recall and exactness of every field, by page version. With `--aeb`, where a copy of
scrapinghub/article-extraction-benchmark lies: the generic reading's text beside trafilatura's own, on its pages.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import aeb
from bench.gold import golden_pages, read
from bench.scores import Broken, Pair, Score, broken, fields, score

ALL = "all pages"
_WIDE = 170  # characters, in a file: a column for each version
Scores = Mapping[str, Mapping[str, Score]]
"""By field, then by version."""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser("python -m bench.quality", description="How exactly pages are read.")
    parser.add_argument("--aeb", type=Path, metavar="FOLDER", help="a copy of article-extraction-benchmark")
    options = parser.parse_args(arguments)
    console = Console(highlight=False, width=None if sys.stdout.isatty() else _WIDE)
    faults = _gold(console)
    if options.aeb:
        faults += aeb.report(console, options.aeb)
    for fault in faults:
        console.print(f"[bold red]broken[/]  {fault}")
    console.print("a floor does not hold" if faults else "[green]every floor holds[/]")
    return 1 if faults else 0


def _gold(console: Console) -> list[Broken]:
    pairs: dict[str, list[Pair]] = defaultdict(list)
    for golden in golden_pages():
        pair = (golden.article, read(golden.page))
        pairs[golden.version].append(pair)
        pairs[ALL].append(pair)
    versions = [*(version for version in pairs if version != ALL), ALL]
    scores = {name: {version: score(name, pairs[version]) for version in versions} for name in fields(pairs[ALL])}
    _print_exact(console, scores, {version: len(pairs[version]) for version in versions})
    _print_shares(console, scores)
    return [
        Broken(what=f"{name} of {version}", measure=fault.measure, floor=fault.floor, reached=fault.reached)
        for name, reached in scores.items()
        for version in versions
        for fault in broken(name, reached[version])
    ]


def _print_exact(console: Console, scores: Scores, pages: Mapping[str, int]) -> None:
    table = Table(title="Exact: pages on which the whole field is right, in per cent", title_justify="left")
    table.add_column("field")
    for version, number in pages.items():
        table.add_column(f"{version}\n{number} pages", justify="right")
    for name, reached in scores.items():
        table.add_row(name, *(_percent(reached[version].exact) for version in pages))
    console.print(table)


def _print_shares(console: Console, scores: Scores) -> None:
    """Of the fields that have parts; of the others it says no more than `exact`."""
    names = ("authors", "keywords", "images", "articleBody", "relatedLinks")
    table = Table(title="Precision / recall, in per cent", title_justify="left")
    for column in ("version", *names, "articleBody, F1"):
        table.add_column(column, justify="left" if column == "version" else "right")
    for version in scores["articleBody"]:
        reached = [scores[name][version] for name in names]
        shares = (f"{_percent(each.precision)} / {_percent(each.recall)}" for each in reached)
        table.add_row(version, *shares, _percent(scores["articleBody"][version].f1))
    console.print(table)


def _percent(share: float) -> str:
    """Never rounded up to 100: one wrong page in a thousand is to be seen."""
    return "[green]100[/]" if share == 1 else f"[red]{int(share * 10_000) / 100:.2f}[/]"


if __name__ == "__main__":
    sys.exit(main())
