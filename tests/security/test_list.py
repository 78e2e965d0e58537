"""Every line of the security list has its tests, and they say which line they show."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import tests.security

HERE = Path(__file__).parent
ROWS = {
    int(line): files.split()
    for line, files in re.findall(r"^\| (\d+) \|.+\| ([^|]+) \|$", tests.security.__doc__ or "", re.MULTILINE)
}


def functions_of(path: Path) -> list[str]:
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return [node.name for node in nodes if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]


def test_all_sixteen_lines_have_tests():
    assert list(ROWS) == list(range(1, 17))
    assert {line: files for line, files in ROWS.items() if not files} == {}
    assert {line: file for line, files in ROWS.items() for file in files if not functions_of(HERE / file)} == {}


def test_every_file_here_shows_a_line():
    shown = {file for files in ROWS.values() for file in files}
    assert {path.name for path in HERE.glob("test_*.py")} - shown == {"test_list.py", "test_protections.py"}


def test_a_file_says_which_lines_it_shows():
    for line, files in ROWS.items():
        for file in files:
            if "/" not in file:
                said = ast.get_docstring(ast.parse((HERE / file).read_text(encoding="utf-8"))) or ""
                named = re.match(r"Lines? (\d+)(?:(?:, \d+)* and (\d+))?[:,]", said)
                assert named, file
                assert line in {int(number) for number in named.groups() if number}, (file, line)
