"""Every command says what it does and shows an example that works as written."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import Any

import pytest
import typer.main

from console.cli import app
from tests.console.conftest import Shell

DESIGN = {
    "up": "--port",
    "demo": "--keep",
    "crawl": "--max-pages --depth --since --until --fresh --wait --json --replica",
    "schedule add": "--tz --overlap --catch-up --json",
    "schedule list": "--json",
    "schedule show": "--json",
    "schedule edit": "--cron --tz --overlap --catch-up --max-pages --depth --fresh --json",
    "schedule pause": "",
    "schedule resume": "",
    "schedule remove": "",
    "schedule run-now": "--json",
    "schedule history": "--json --limit",
    "monitor": "--watch --json",
    "queue": "--watch --json",
    "queue jobs": "--state --limit --json",
    "queue requeue": "",
    "queue drop": "",
    "stories find": "--since --until --section --author --agency --language --limit --sort --json",
    "stories show": "--json",
    "stories history": "--json",
    "stories related": "--depth --json",
    "extract": "--downloaded-at",
    "pages show": "--json",
    "quarantine list": "--json",
    "quarantine show": "--json",
    "quarantine release": "",
    "pages release": "",
    "takedown": "--reason --list --dry-run --yes --json",
    "retain": "--runs --ticks --revisions --quarantine --gone --events --dry-run --yes --json",
    "backup": "--json",
    "restore": "--into --dry-run --replace --json",
    "doctor": "--create-users --mend --json",
    "worker": "",
    "scheduler": "",
    "console": "--host --port",
    "replica": "--stories --seed --port",
}
"""Commands and options of the design's chapter 5, as far as they are built; and what came with use."""

ROOT: Any = typer.main.get_command(app)


def commands(group: Any = ROOT, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every command with its name; a group that does something by itself is one too."""
    for name, command in group.commands.items():
        full = f"{path} {name}".strip()
        if getattr(command, "commands", None):
            yield from commands(command, full)
        if not getattr(command, "commands", None) or command.invoke_without_command:
            yield full, command


COMMANDS = dict(commands())
GROUPS = [name for name, command in ROOT.commands.items() if getattr(command, "commands", None)]


def test_the_commands_are_those_of_the_design() -> None:
    assert COMMANDS.keys() == DESIGN.keys()


@pytest.mark.parametrize("name", COMMANDS)
def test_the_options_are_those_of_the_design(name: str) -> None:
    options = {option for parameter in COMMANDS[name].params for option in parameter.opts if option.startswith("--")}
    assert set(DESIGN[name].split()) <= options


@pytest.mark.parametrize("name", COMMANDS)
def test_help_says_what_it_does_and_shows_an_example(shell: Shell, name: str) -> None:
    said = shell(*name.split(), "--help")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith(f"Usage: kliping {name} ")
    assert f"Example:  kliping {name}" in said.out
    short = shell(*name.split(), "-h")
    assert short == said


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_is_explained(name: str) -> None:
    for parameter in COMMANDS[name].params:
        assert parameter.help, f"{name} {parameter.name}"


@pytest.mark.parametrize("name", COMMANDS)
def test_the_example_parses(name: str) -> None:
    command = COMMANDS[name]
    assert command.epilog.startswith("Example:  ")
    words = shlex.split(command.epilog.removeprefix("Example:  "))
    assert words[: 1 + len(name.split())] == ["kliping", *name.split()]
    command.make_context(name, words[1 + len(name.split()) :])


@pytest.mark.parametrize("group", GROUPS)
def test_a_group_lists_its_commands(shell: Shell, group: str) -> None:
    said = shell(group, "--help")
    assert said.code == 0
    for name in ROOT.commands[group].commands:
        assert f"  {name} " in said.out


def test_kliping_alone_shows_its_help_and_where_to_begin(shell: Shell) -> None:
    asked = shell("--help")
    assert asked.code == 0
    assert "Begin with:  kliping demo" in asked.out
    alone = shell()
    assert alone.code == 2
    assert alone.err.split() == asked.out.split()
