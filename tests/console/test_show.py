"""What people see: values that are copied stay whole, what a page says obeys nobody, a pipe gets a row a line."""

from __future__ import annotations

import io
import os
import pty
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from rich.console import Console

from console import show
from console.commands.queue import drawn
from stories.settings import Settings
from tests.console.conftest import Shell

KEY = "suarakita:88d36f6ee86b409a"
RUN = "demo-tempo-en-20261124T185835Z"


def printed(drawn: object, *, width: int) -> list[str]:
    terminal = Console(file=io.StringIO(), width=width, force_terminal=True, color_system=None)
    terminal.print(drawn)
    assert isinstance(terminal.file, io.StringIO)
    return terminal.file.getvalue().splitlines()


@pytest.mark.parametrize("width", [60, 80, 100, 200])
def test_a_key_is_never_broken(width: int) -> None:
    rows = [(KEY, "2026-11-25 01:55", "Economy & Business", "A headline of many words that goes on and on " * 3)] * 2
    columns = ("key", "published (WIB)", "section", "headline")
    lines = printed(show.tabled(None, columns, rows, whole=columns[:2]), width=width)
    assert sum(KEY in line and "2026-11-25 01:55" in line for line in lines) == 2
    assert max(map(len, lines)) <= width


def snapshot(run: str = RUN) -> dict[str, object]:
    return {
        "at": "2026-11-24T05:00:00Z",
        "queues": [
            {"name": name, "queued": 12, "started": 1, "failed": 3, "finished": 4, "oldestSeconds": 12.4}
            for name in ("crawl", "enrich")
        ],
        "workers": [
            {"name": "0" * 32, "queues": ["enrich"], "state": "busy", "job": "j" * 30, "succeeded": 3, "failed": 0}
        ],
        "runs": [
            {
                "run": run,
                "state": "failed",
                "fates": {"stored": 79, "forbidden": 5, "listed": 2, "gone": 1, "quarantined": 1},
                "progress": None,
                "reason": "some pages could not be read",
            }
        ],
        "pages": {"leased": 3, "handedOver": 50},
        "quarantined": 1,
    }


@pytest.mark.parametrize("width", [80, 120])
def test_the_queue_fits_a_terminal(width: int) -> None:
    lines = printed(drawn(snapshot()), width=width)
    assert max(map(len, lines)) <= width
    assert any(RUN in line and "failed" in line for line in lines)
    assert lines[-1] == "pages in flight: 3 leased, 50 handed over, 1 in quarantine"


def test_an_empty_house_says_how_to_begin() -> None:
    text = "\n".join(printed(drawn({**snapshot(), "workers": [], "runs": []}), width=80))
    assert "'kliping up'" in text
    assert "'kliping crawl SITE'" in text


def test_what_a_page_says_obeys_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    hostile = "\x1b]0;owned\x07[bold red]x[/] \x9b31m\u202eevil\r\nnext"
    show.table("t", ("a",), [(hostile,)])
    show.facts({"a": hostile})
    show.prose(hostile)
    show.tree(hostile, "k", [{"from": "k", "to": "t", "relation": "r", "headline": hostile, "url": "", "stored": True}])
    show.refuse(show.safe(hostile))
    out, err = capsys.readouterr()
    for forbidden in ("\x1b", "\x07", "\x9b", "\u202e", "\r"):
        assert forbidden not in out + err
    assert "[bold red]x[/]" in out, "markup is shown, not obeyed"


@pytest.mark.usefixtures("settings_in_place")
def test_in_a_pipe_a_row_is_a_line(shell: Shell) -> None:
    said = shell("stories", "find", "--limit", "5")
    assert len(said.out.splitlines()) == 6
    assert "5 stories" in said.err
    assert "\x1b" not in said.out + said.err


def on_a_terminal(settings: Settings, *arguments: str, **environment: str) -> str:
    """What the command writes when it stands on a terminal."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "console.cli", *arguments],
        env={"TERM": "xterm-256color", "COLUMNS": "100", **settings.as_variables(), **environment},
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    said = b""
    with open(ours, "rb", buffering=0) as terminal:  # noqa: PTH123 - a descriptor, not a path
        try:
            while part := terminal.read(4096):
                said += part
        except OSError:  # Linux: the other side has closed
            pass
    assert process.wait(30) == 0
    return said.decode()


def test_colours_on_a_terminal_and_how_to_switch_them_off(settings_in_place: Settings) -> None:
    assert "\x1b[32mfinished" in on_a_terminal(settings_in_place, "queue")
    assert "\x1b[3" not in on_a_terminal(settings_in_place, "queue", NO_COLOR="1")


def test_a_time_in_jakarta() -> None:
    noon = datetime(2026, 11, 24, 5, tzinfo=UTC)
    assert show.local(noon) == show.local("2026-11-24T05:00:00Z") == "2026-11-24 12:00 WIB"
    assert show.in_wib(noon) == "2026-11-24 12:00"
    assert (show.local(None), show.in_wib(None)) == (None, None)
