"""Line 16: what is installed is locked, with hashes; what is known of it is asked at release (`make audit`)."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import distributions
from typing import Any

import pytest

from tests.console.conftest import ROOT

LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def locked() -> dict[str, str]:
    """Each requirement's blocks, by its normal name: some have a version for each Python."""
    found: dict[str, str] = {}
    for block in re.split(r"\n(?=[A-Za-z0-9])", LOCK):
        if named := re.match(r"([A-Za-z0-9._-]+)(?:\[[\w,-]+\])?==", block):
            found[normal(named[1])] = found.get(normal(named[1]), "") + block + "\n"
    return found


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_requirement_has_one_version_and_hashes():
    wanted = [line for line in LOCK.splitlines() if re.match(r"[A-Za-z0-9]", line)]
    assert len(wanted) > 90
    assert [line for line in wanted if not re.match(r"[\w.\[\],-]+==[\w.+!]+( ;.+)? \\$", line)] == []
    without = [name for name, block in locked().items() if not re.search(r"--hash=sha256:[0-9a-f]{64}", block)]
    assert without == []


def test_nothing_comes_from_an_address_or_another_index():
    assert not re.search(r"https?://|git\+|--index-url|--extra-index-url|--trusted-host|--find-links| @ ", LOCK)


def test_every_way_of_installing_asks_for_the_hashes():
    prepare = (ROOT / "scripts" / "prepare").read_text(encoding="utf-8")
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert "--require-hashes -r requirements.lock" in prepare
    assert "--require-hashes" in dockerfile
    assert "--constraint requirements.lock" in dockerfile
    assert "--require-hashes" in re.findall(r"^audit:.*\n((?:\t.*\n)+)", MAKEFILE, re.MULTILINE)[0]


def test_what_runs_here_is_what_is_locked():
    """So what the tests say of the house, they say of the locked one. pip and setuptools come with Python."""
    known = locked()
    found = {normal(one.metadata["Name"]): one.version for one in distributions()}
    both = {name: version for name, version in found.items() if name in known and name not in {"pip", "setuptools"}}
    assert len(both) > 90
    assert {
        name: version for name, version in both.items() if not re.search(rf"=={re.escape(version)}\s", known[name])
    } == {}


@pytest.mark.parametrize("kind", ["dependencies", "optional-dependencies"])
def test_the_lock_has_all_that_pyproject_names(kind: str):
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = project[kind] if kind == "dependencies" else [one for extra in project[kind].values() for one in extra]
    assert {normal(re.split(r"[\s;<>=!~\[]", one)[0]) for one in named} - set(locked()) == set()
