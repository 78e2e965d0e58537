"""The documents say what the code does: settings, fates, sites and commands are held to it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import typer.main

from console.cli import app
from crawler.sites.registry import SITES
from stories.fate import Fate
from stories.settings import PREFIX, Settings

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def rows(document: str, heading: str) -> list[list[str]]:
    """The table whose first heading this is: its cells, row by row, without the ticks of code."""
    table = document.partition(f"| {heading} |")[2].partition("\n\n")[0]
    lines = table.splitlines()[2:]
    return [[cell.strip().strip("`") for cell in line.strip("| ").split(" | ")] for line in lines]


def test_every_setting_stands_on_its_page_with_its_default() -> None:
    table = {name: default for name, default, _ in rows(text("docs/settings.md"), "variable")}
    settings = {PREFIX + f.name.upper(): "none" if f.default is None else str(f.default) for f in fields(Settings)}
    assert table == settings


def test_the_bounds_of_the_settings_are_those_of_the_page() -> None:
    meanings = {name: meaning for name, _, meaning in rows(text("docs/settings.md"), "variable")}
    for name in ("DELAY", "CONCURRENCY", "BROWSER_PAGES"):
        found = re.search(r"(\d+) to (\d+)", meanings[PREFIX + name])
        assert found
        lowest, highest = map(int, found.groups())
        for value in (lowest, highest):
            Settings.load({PREFIX + name: str(value)}, folder=ROOT / "docs")
        for value in (lowest - 1, highest + 1):
            with pytest.raises(Exception, match=f"between {lowest} and {highest}"):
                Settings.load({PREFIX + name: str(value)}, folder=ROOT / "docs")


def test_every_fate_is_explained_in_the_words_of_the_code() -> None:
    source = (ROOT / "stories" / "fate.py").read_text(encoding="utf-8")
    words = dict(re.findall(r'^    [A-Z_]+ = "(\w+)"\n    """(.+)"""$', source, re.MULTILINE))
    assert words.keys() == {fate.value for fate in Fate}
    assert {fate: meaning for fate, meaning in rows(text("docs/guarantees.md"), "fate")} == words  # noqa: C416 - rows


def test_every_site_has_its_row() -> None:
    assert [site for site, *_ in rows(text("docs/add-a-site.md"), "site")] == list(SITES)
    assert all(f"`{site}`" in text("README.md") for site in SITES)


def test_every_page_version_has_its_row() -> None:
    """The gold pages have all of them: a folder each."""
    versions = {folder.name for folder in (ROOT / "tests" / "gold").iterdir() if any(folder.glob("*.json"))}
    assert {version for version, *_ in rows(text("README.md"), "page version")} == versions


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_between_documents_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\((?!https?://)([^)#]+)", path.read_text(encoding="utf-8")):
        assert (path.parent / unquote(target)).exists(), target


CITING = [
    *DOCUMENTS,
    *(ROOT / name for name in ("Dockerfile", "Makefile", "bench/floors.toml", "docker-compose.yml", "pyproject.toml")),
    *(
        path
        for package in ("bench", "console", "crawler", "replica", "stories", "tests", "workers")
        for path in (ROOT / package).rglob("*.py")
    ),
]
PAGE = re.compile(r"(?<![\w/.-])(?:docs/[\w./-]*\w|[\w-]+\.md)\b")


def missing(path: Path) -> list[str]:
    """The pages that a file cites and that are not there; a decision is cited by its number: `docs/decisions/0003`."""
    cited = PAGE.findall(path.read_text(encoding="utf-8"))
    places = (ROOT, path.parent)
    return [page for page in cited if not any([*place.glob(page), *place.glob(f"{page}-*")] for place in places)]


def test_every_page_that_is_cited_is_there() -> None:
    assert {str(path.relative_to(ROOT)): lost for path in CITING if (lost := missing(path))} == {}


def commands(document: str) -> Iterator[str]:
    """Every `kliping …` of a document: lines of its blocks, and those between ticks."""
    blocks = re.findall(r"^```sh\n(.*?)^```", document, re.MULTILINE | re.DOTALL)
    yield from re.findall(r"^(kliping .+?)(?:\s+#.*)?$", "\n".join(blocks), re.MULTILINE)
    yield from re.findall(r"`(kliping [^`…]+)`", document)


DOCUMENTED = sorted({(path.name, line) for path in DOCUMENTS for line in commands(path.read_text(encoding="utf-8"))})


@pytest.mark.parametrize(("document", "line"), DOCUMENTED)
def test_a_command_in_a_document_is_one(document: str, line: str) -> None:
    """Its name exists; and with all its words it parses, unless the document names the command only."""
    command: Any = typer.main.get_command(app)
    words = shlex.split(line)[1:]
    while words and getattr(command, "commands", {}).get(words[0]):
        command = command.commands[words.pop(0)]
    assert not getattr(command, "commands", None) or command.invoke_without_command, f"{document}: {line}"
    if any(not word.startswith("--") for word in words) or "=" in line:
        command.make_context("kliping", words)
    options = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= options


def test_the_documents_show_enough_commands() -> None:
    assert len(DOCUMENTED) > 25


def test_every_command_is_in_the_list_of_changes() -> None:
    root: Any = typer.main.get_command(app)
    assert [name for name in root.commands if f"`{name}`" not in text("CHANGELOG.md")] == []


def test_no_document_knows_where_it_was_written() -> None:
    for path in DOCUMENTS:
        assert not re.search(r"/work/|/root/|/home/", path.read_text(encoding="utf-8")), path
