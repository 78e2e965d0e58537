"""Lines 1 to 16: each protection is taken out, in a copy of the tree, and the test that shows it fails.

Lines 1 to 16 of tests/security/__init__.py say what is shown where; protections.toml says what is taken out.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.console.conftest import ROOT

HERE = Path(__file__).parent
COPIED = ("bench", "console", "crawler", "docs", "replica", "scripts", "stories", "tests", "workers")
LIMIT = 300  # seconds for a test that runs without its protection; what then never ends, has failed as well


WIDE = "1000"  # columns, so that pytest says in its last lines why a test failed
SHOWN = r"(AssertionError|assert |Failed: DID NOT RAISE)"
"""How the failure of a test begins that saw the protection gone; any other error is the tree's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Protection:
    line: int
    what: str
    file: str
    text: str
    instead: str
    test: str
    """As pytest names it, from this folder."""
    shown: str = SHOWN
    """A pattern, where the test shows it in another way."""

    def __str__(self) -> str:
        return f"{self.line}: {self.what}"

    @property
    def node(self) -> str:
        path, _, name = self.test.partition("::")
        return str((HERE / path).resolve().relative_to(ROOT)) + (f"::{name}" if name else "")


PROTECTIONS = [Protection(**one) for one in tomllib.loads((HERE / "protections.toml").read_text())["protection"]]
EACH = pytest.mark.parametrize("protection", PROTECTIONS, ids=str)


def test_every_line_has_a_protection_that_is_taken_out():
    assert {one.line for one in PROTECTIONS} == set(range(1, 17))


@EACH
def test_it_is_there_and_so_is_its_test(protection: Protection):
    assert (ROOT / protection.file).read_text(encoding="utf-8").count(protection.text) == 1
    path, _, name = protection.node.partition("::")
    defined = rf"^def {name}\(" if name else "^def test_"
    assert re.search(defined, (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tree, as it stands here."""
    made = tmp_path_factory.mktemp("tree")
    for name in COPIED:
        shutil.copytree(ROOT / name, made / name, ignore=shutil.ignore_patterns("__pycache__"))
    for file in filter(Path.is_file, ROOT.iterdir()):
        shutil.copy2(file, made)
    return made


def tried(copy: Path, *nodes: str) -> tuple[int, str]:
    """Pytest's exit code, and what it said. The modules are the copy's, also in processes that the tests start."""
    line = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", f"--timeout={LIMIT}"]
    environment = os.environ | {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1", "COLUMNS": WIDE}
    done = subprocess.run(
        [*line, "--maxfail=1", *nodes], cwd=copy, env=environment, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout[-4000:] + done.stderr[-2000:]


@pytest.mark.long
def test_with_all_protections_they_pass(copy: Path):
    """Else their failures below would show nothing."""
    code, said = tried(copy, *sorted({one.node for one in PROTECTIONS}))
    assert code == pytest.ExitCode.OK, said
    assert str(copy / "stories") in _where(copy), "the copy's modules are tried"


def _where(copy: Path) -> str:
    line = [sys.executable, "-c", "import stories; print(*stories.__path__)"]
    return subprocess.check_output(line, cwd=copy, env=os.environ | {"PYTHONPATH": str(copy)}, text=True)


@pytest.mark.long
@EACH
def test_without_it_its_test_fails(copy: Path, protection: Protection):
    file = copy / protection.file
    whole = file.read_text(encoding="utf-8")
    file.write_text(whole.replace(protection.text, protection.instead), encoding="utf-8")
    try:
        code, said = tried(copy, protection.node)
    finally:
        file.write_text(whole, encoding="utf-8")
    assert code == pytest.ExitCode.TESTS_FAILED, said
    assert re.search(rf"^(FAILED|ERROR) .+? - {protection.shown}", said, re.MULTILINE), said
