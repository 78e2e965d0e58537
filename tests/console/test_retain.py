"""kliping retain, as a person types it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.console.conftest import Shell, set_environment
from tests.console.schemas import check
from tests.stories.test_retention import run
from workers.stores import Stores


@pytest.fixture
def aged(stores: Stores, monkeypatch: pytest.MonkeyPatch) -> Stores:
    """Three runs, of which two ended 100 days ago."""
    set_environment(stores.settings, monkeypatch)
    now = stores.ledger.now()
    ended = (now - timedelta(days=100), now - timedelta(days=100), now - timedelta(days=1))
    stores.database["runs"].insert_many(run(f"run-{number}", at) for number, at in enumerate(ended))
    return stores


def runs(stores: Stores) -> int:
    return stores.database["runs"].count_documents({})


def test_first_the_numbers_then_the_deed(shell: Shell, aged: Stores) -> None:
    would = shell.data("retain", "--runs", "90d", "--dry-run")
    check("retained", would)
    assert (would["done"], [(kind["kind"], kind["documents"]) for kind in would["kinds"]]) == (False, [("runs", 2)])
    said = shell("retain", "--runs", "90d", "--dry-run")
    assert said.out.splitlines()[1].split()[0] == "runs"
    refused = shell("retain", "--runs", "90d")
    assert refused.code == 2
    assert "there is nobody to ask. Add --yes" in refused.err
    assert runs(aged) == 3
    done = shell("retain", "--runs", "90d", "--yes")
    assert done.code == 0
    assert done.out.splitlines()[-1] == "thrown away: 2 runs"
    assert runs(aged) == 1
    again = shell.data("retain", "--runs", "90d")
    assert again["kinds"][0]["documents"] == 0, "nothing to ask about"


def test_the_policy_may_stand_in_the_settings(shell: Shell, aged: Stores, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KLIPING_RETAIN", "runs=90d ticks=1y")
    would = shell.data("retain", "--dry-run", "--runs", "2y")
    assert [(kind["kind"], kind["documents"]) for kind in would["kinds"]] == [("runs", 0), ("ticks", 0)]
    monkeypatch.setenv("KLIPING_RETAIN", "stories=1y")
    said = shell("retain", "--dry-run")
    assert (said.code, said.out) == (2, "")
    assert "nothing of that kind is ever thrown away" in said.err


def test_nothing_goes_that_was_not_named(shell: Shell, aged: Stores) -> None:
    said = shell("retain", "--yes")
    assert said.code == 2
    assert "say what may go" in said.err
