"""kliping monitor: alarms as data, as words, and as an exit code; and the runbook has a section for each."""

from __future__ import annotations

import json
import re

import pytest

from tests.console.conftest import ROOT, Shell
from tests.console.schemas import SCHEMAS, check
from workers.alarm import KINDS, RUNBOOK


@pytest.mark.usefixtures("settings_in_place")
def test_a_house_that_is_well(shell: Shell) -> None:
    looked = shell.data("monitor")
    check("monitor", looked)
    assert looked["on"] == 0
    assert {alarm["state"] for alarm in looked["alarms"]} == {"off", "unknown"}
    said = shell("monitor")
    assert (said.code, said.out.splitlines()[0]) == (0, "No alarm is on.")


@pytest.mark.usefixtures("schedule")
def test_a_schedule_without_a_scheduler(shell: Shell) -> None:
    said = shell("monitor", "--json")
    looked = json.loads(said.out)
    check("monitor", looked)
    assert (said.code, looked["on"]) == (1, 1)
    (on,) = (alarm for alarm in looked["alarms"] if alarm["state"] == "on")
    assert (on["name"], on["runbook"]) == ("no-scheduler", "docs/operations.md#no-scheduler")
    assert on["since"] is not None
    told = shell("monitor")
    assert told.code == 1
    assert told.out.startswith("no-scheduler  schedules, since 20")
    assert "What to do: docs/operations.md#no-scheduler" in told.out
    assert shell("monitor", "--json", "--watch").code == 2


@pytest.mark.parametrize("name", KINDS)
def test_every_alarm_has_its_section_in_the_runbook(name: str) -> None:
    page = (ROOT / RUNBOOK).read_text(encoding="utf-8")
    section = re.search(rf"^### {name}\n\n(.*?)(?=^##)", page + "\n## ", re.MULTILINE | re.DOTALL)
    assert section, f"{RUNBOOK} has no section '### {name}'"
    assert "*When:*" in section[1]
    assert "*Do:*" in section[1]


def test_the_schema_knows_every_alarm_and_unit() -> None:
    fields = SCHEMAS["monitor"]["properties"]["alarms"]["items"]["properties"]
    assert fields["name"]["enum"] == list(KINDS)
    assert set(fields["unit"]["enum"]) == {kind.unit for kind in KINDS.values()}
