"""Of two who give one name to a file, the first has it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from stories.files import named_first


@pytest.fixture(params=["links", "no links"])
def folder(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    def refused(*_: Any) -> None:
        raise PermissionError(1, "Operation not permitted")

    if request.param == "no links":  # FAT, some shares
        monkeypatch.setattr(os, "link", refused)
    return tmp_path


def test_the_first_has_the_name(folder: Path):
    path = folder / "name"
    for number, is_first in enumerate((True, False)):
        new = folder / f"new-{number}"
        new.write_text(str(number), encoding="ascii")
        assert named_first(new, path) is is_first
    assert path.read_text(encoding="ascii") == "0"
