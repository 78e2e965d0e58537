"""What a run of the fault tests showed, row by row, and the table in docs/guarantees.md that it writes.

A fault test carries `@pytest.mark.fault("F1")` and says through its fixture `tally` what it counted. That travels with
pytest's own reports, so the tests may run in several processes: the one that gathers the reports writes the table.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = "docs/guarantees.md"
DOCUMENT: Final = ROOT / PAGE
BEGIN: Final = "<!-- the last run of each fault, written by make test-long -->"
END: Final = "<!-- end of the last run -->"
CHANGED: Final = "+"
"""Behind a commit's name: what ran was not committed."""
PROPERTY: Final = "fault"
"""The name under which a tally travels with a test's reports."""

FAULTS: Final = {
    "F1": "the crawler is killed",
    "F2": "a worker or its child is killed",
    "F3": "the scheduler is killed; three at once; down over several ticks",
    "F4": "Redis is killed; wiped",
    "F5": "MongoDB is killed",
    "F6": "Redis or MongoDB stands still",
    "F7": "everything is killed at once",
    "F8": "the disk is full",
    "F9": "a server hangs, drips, resets, truncates",
    "F10": "429, 503, Retry-After, challenge pages",
    "F11": "malformed pages",
    "F12": "huge bodies and compression bombs",
    "F13": "wrong encodings and hostile characters",
    "F14": "jobs delivered ten times, old after new",
    "F15": "clocks that jump",
    "F16": "the network is cut, and flaps",
    "F17": "SIGTERM to everything",
    "F18": "Chromium is killed, or eats memory",
    "F19": "a story that kills every worker",
    "F20": "Redis is at its memory limit",
    "F21": "old jobs, new workers, and the reverse",
    "F22": "hours at ten times the daily rate",
    "F23": "several crawlers on one site",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What is known of one fault: summed over the tests of one run."""

    fault: str
    trials: int = 0
    lost: int = 0
    duplicated: int = 0
    stuck: int = 0
    failed: int = 0
    """Tests of this fault that did not pass; what they had counted until then is in the numbers."""
    seeds: tuple[int, ...] = ()
    seconds: float = 0.0

    def line(self, *, date: str, commit: str) -> str:
        numbers = (self.trials, self.lost, self.duplicated, self.stuck, self.failed)
        seeds = ", ".join(map(str, sorted(set(self.seeds)))) or "-"
        cells = (self.fault, FAULTS[self.fault], *numbers, seeds, round(self.seconds), date, commit)
        return f"| {' | '.join(map(str, cells))} |"


HEADING: Final = """\
| row | fault | trials | lost | duplicated | stuck | failed | seeds | seconds | date | commit |
|---|---|---|---|---|---|---|---|---|---|---|"""


@dataclass(slots=True)
class Tally:
    """The fixture `tally`: one test's own counts, added before they are judged: else no row could show a loss."""

    fault: str
    properties: list[tuple[str, object]]

    def add(self, *, trials: int, lost: int = 0, duplicated: int = 0, stuck: int = 0, seed: int | None = None) -> None:
        counted = {"trials": trials, "lost": lost, "duplicated": duplicated, "stuck": stuck, "seed": seed}
        self.properties.append((PROPERTY, {"fault": self.fault, **counted}))

    @classmethod
    def of(cls, item: pytest.Item) -> Tally:
        """Raises UsageError for a test that does not say which row of the table it is."""
        marker = item.get_closest_marker(PROPERTY)
        if marker is None or marker.args[0] not in FAULTS:
            raise pytest.UsageError(
                f'{item.nodeid}: a tally needs @pytest.mark.fault("F…"), one of {", ".join(FAULTS)}'
            )
        item.user_properties.append((PROPERTY, {"fault": marker.args[0]}))  # so that a failure is counted, too
        return cls(marker.args[0], item.user_properties)


@dataclass(slots=True, eq=False)  # pytest keeps its plugins in sets
class Record:
    """A pytest plugin: gathers rows while the tests run, and writes the table at the end."""

    commit: str
    """Of the run's beginning."""
    is_part: bool = False
    """Some of a fault's tests were chosen: what they count is less than its row says."""
    is_broken_off: bool = False
    rows: dict[str, Row] = field(default_factory=dict)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        counted = [value for name, value in report.user_properties if name == PROPERTY]
        for fault in {value["fault"] for value in counted}:
            row = self.rows.get(fault, Row(fault=fault))
            failed, seconds = row.failed + report.failed, row.seconds + report.duration
            self.rows[fault] = replace(row, failed=failed, seconds=seconds)
        if report.when == "call":
            for value in counted:
                self._count(**value)

    def _count(
        self,
        *,
        fault: str,
        trials: int = 0,
        lost: int = 0,
        duplicated: int = 0,
        stuck: int = 0,
        seed: int | None = None,
    ) -> None:
        row = self.rows[fault]
        self.rows[fault] = replace(
            row,
            trials=row.trials + trials,
            lost=row.lost + lost,
            duplicated=row.duplicated + duplicated,
            stuck=row.stuck + stuck,
            seeds=row.seeds if seed is None else (*row.seeds, seed),
        )

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        self.is_broken_off = exitstatus not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)
        if self.rows and not self._why_not():
            lines = [row.line(date=f"{datetime.now(UTC):%Y-%m-%d}", commit=self.commit) for row in self.rows.values()]
            DOCUMENT.write_text(with_rows(DOCUMENT.read_text(encoding="utf-8"), lines), encoding="utf-8")

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for row in self.rows.values():
            terminalreporter.write_line(row.line(date="now", commit=self.commit))
        if reason := self._why_not():
            terminalreporter.write_line(f"Not written to {DOCUMENT.name}: {reason}.")

    def _why_not(self) -> str | None:
        """Why nobody could have the same run again, or it says too little."""
        if self.commit.endswith(CHANGED):
            return "what ran is not committed"
        if self.is_broken_off:
            return "the run was broken off"
        return "only some of a fault's tests ran" if self.is_part else None


def with_rows(document: str, lines: Iterable[str]) -> str:
    """The document with these rows in its table; a row of a fault that did not run now stays as it was."""
    before, _, rest = document.partition(BEGIN)
    table, _, after = rest.partition(END)
    rows = {fault_of(line): line for line in [*re.findall(r"^\| F\d+ .*$", table, re.MULTILINE), *lines]}
    ordered = sorted(rows.values(), key=lambda line: int(fault_of(line)[1:]))
    return "\n".join((f"{before}{BEGIN}", "", HEADING, *ordered, "", f"{END}{after}"))


def fault_of(line: str) -> str:
    return line.split("|")[1].strip()


def commit() -> str:
    """The commit whose tests run; with a plus where more than the table's page differs from it."""
    name = _git("rev-parse", "--short", "HEAD") or "-"
    changes = _git("status", "--porcelain", "--untracked-files=no", "--", ".", f":(exclude){PAGE}")
    return f"{name}{CHANGED}" if changes else name


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
