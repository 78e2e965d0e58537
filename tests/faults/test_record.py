"""The table of faults: what a run counted stands there, also of several processes; other rows stay."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults import record
from tests.faults.record import BEGIN, END, Record, Row, with_rows

pytest_plugins = ("pytester",)

TESTS = """
    import pytest

    @pytest.mark.fault("F1")
    @pytest.mark.parametrize("seed", [7, 8])
    def test_kills(tally, scale, seed):
        tally.add(trials=scale(short=2, long=20), lost=0, seed=seed)

    @pytest.mark.fault("F2")
    def test_fails(tally):
        tally.add(trials=1, lost=3)
        assert False

    def test_no_fault():
        pass
"""
EMPTY = f"before\n{BEGIN}\n{END}\nafter\n"


@pytest.fixture
def document(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A table of another run, which the tests above write into."""
    pytester.makeconftest("from tests.conftest import *")
    pytester.makeini("[pytest]\nmarkers = fault(row): a row of the table")
    pytester.makepyfile(TESTS)
    pytester.syspathinsert(Path(__file__).parents[2])
    path = pytester.path / "table.txt"
    path.write_text(EMPTY, encoding="utf-8")
    monkeypatch.setattr(record, "DOCUMENT", path)
    monkeypatch.setattr(record, "commit", lambda: "abc")  # whatever is being written here meanwhile
    return path


def table(document: Path) -> list[list[str]]:
    lines = document.read_text(encoding="utf-8").splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| F")]


def test_a_long_run_writes_its_table(pytester: pytest.Pytester, document: Path):
    pytester.runpytest_inprocess("--long")
    kills, fails = table(document)
    assert kills[:8] == ["F1", record.FAULTS["F1"], "40", "0", "0", "0", "0", "7, 8"]
    assert fails[:8] == ["F2", record.FAULTS["F2"], "1", "3", "0", "0", "1", "-"], "what was lost stands there"
    assert document.read_text(encoding="utf-8").startswith("before")
    assert document.read_text(encoding="utf-8").endswith("after\n")


def test_a_short_run_only_if_asked(pytester: pytest.Pytester, document: Path):
    pytester.runpytest_inprocess()
    assert table(document) == []
    pytester.runpytest_inprocess("--table")
    assert [row[2] for row in table(document)] == ["4", "1"]


def test_a_run_of_what_is_not_committed_is_told_and_not_written(
    pytester: pytest.Pytester, document: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(record, "commit", lambda: "abc+")
    pytester.runpytest_inprocess("--table").stdout.fnmatch_lines(["| F1 *abc+ |", "Not written to *"])
    assert table(document) == []


@pytest.mark.parametrize("chosen", [("-k", "kills"), ("test_some_kills.py::test_kills",)], ids=" ".join)
def test_a_run_of_some_of_its_tests_is_not_written(pytester: pytest.Pytester, document: Path, chosen: tuple[str, ...]):
    pytester.makepyfile(test_some_kills=TESTS)
    pytester.runpytest_inprocess("--table", *chosen).stdout.fnmatch_lines(["| F1 *", "Not written to *: only some*"])
    assert table(document) == []


def test_a_run_that_was_broken_off_is_not_written(pytester: pytest.Pytester, document: Path):
    """Its tests had begun, and counted nothing."""
    pytester.makepyfile(TESTS.replace("assert False", "raise KeyboardInterrupt"))
    broken_off = pytester.runpytest_inprocess("--table", no_reraise_ctrlc=True)
    broken_off.stdout.fnmatch_lines(["| F1 *", "Not written to *: *broken off*"])
    assert table(document) == []


def test_a_row_that_did_not_run_stays():
    old = Row(fault="F10", trials=3).line(date="2026-11-01", commit="abc")
    new = Row(fault="F2", trials=5).line(date="2026-11-02", commit="def")
    document = with_rows(with_rows(EMPTY, [old]), [new])
    assert document.index(new) < document.index(old)
    newer = Row(fault="F10", trials=4).line(date="2026-11-03", commit="fed")
    assert old not in with_rows(document, [newer])


def test_a_tally_names_its_row(pytester: pytest.Pytester, document: Path):
    pytester.makepyfile("def test_nameless(tally):\n    pass")
    pytester.runpytest_inprocess().stdout.fnmatch_lines(["*a tally needs @pytest.mark.fault*"])


def test_the_document_has_a_place_for_the_table():
    text = record.DOCUMENT.read_text(encoding="utf-8")
    assert text.index(BEGIN) < text.index(END)


def test_reports_of_other_processes_count():
    """As pytest-xdist's controller gets them: through JSON."""
    report = pytest.TestReport(
        nodeid="t", location=("t", 1, "t"), keywords={}, outcome="passed", longrepr=None, when="call", duration=2.0,
        user_properties=[("fault", {"fault": "F1"}), ("fault", {"fault": "F1", "trials": 5, "seed": 1})],
    )  # fmt: skip
    gathered = Record(commit="abc")
    gathered.pytest_runtest_logreport(pytest.TestReport._from_json(report._to_json()))
    assert gathered.rows == {"F1": Row(fault="F1", trials=5, seeds=(1,), seconds=2.0)}
