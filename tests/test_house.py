"""The house rules that no linter knows (CONTRIBUTING.md), by reading the code."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import TypeGuard

import pytest

from crawler.sites.registry import SITES
from stories.jobs import ALLOWED

HOUSE = Path(__file__).parents[1]
PACKAGES = ("stories", "crawler", "workers", "console", "replica")
FILES = sorted(path for package in PACKAGES for path in (HOUSE / package).rglob("*.py"))
PURE = [path for path in FILES if path.is_relative_to(HOUSE / "crawler/sites")]
PURE += [path for path in FILES if path.is_relative_to(HOUSE / "workers/enrich")]
MOST_LINES = 300

IO_MODULES = {
    "aiohttp", "asyncio", "builtins", "concurrent", "console", "ftplib", "http", "httpx", "importlib", "io",
    "multiprocessing", "os", "pathlib", "pymongo", "random", "redis", "replica", "requests", "rq", "scrapy", "secrets",
    "select", "selectors", "shutil", "signal", "socket", "sqlite3", "ssl", "subprocess", "sys", "tempfile", "threading",
    "time", "twisted", "urllib3", "uuid",
}  # fmt: skip
PURE_STORIES = {"ages", "article", "dates", "daytime", "errors", "fate", "identity", "text"}
CLOCKS = {"now", "today", "utcnow"}


def name_of(path: Path) -> str:
    return str(path.relative_to(HOUSE))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imports(path: Path) -> Iterator[str]:
    """Every dotted name that a file imports: `rq.Queue` for `from rq import Queue`."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def calls(path: Path) -> Iterator[str]:
    """Every name that is called, as it is written: `MongoClient`, `datetime.now`."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


def attributes(path: Path) -> Iterator[str]:
    """Every attribute, as it is written: `os.environ`."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Attribute):
            yield ast.unparse(node)


def is_called(name: str, path: Path) -> bool:
    return any(call.split(".")[-1] == name for call in calls(path))


def where(files: Iterable[Path], breaks: Callable[[Path], object]) -> dict[str, object]:
    """The files that break a rule, with what in them does."""
    return {name_of(path): found for path in files if (found := breaks(path))}


def test_there_is_a_house():
    assert len(FILES) > 100
    assert len(PURE) > 20


# -- who makes what ---------------------------------------------------------------------------------------------


def test_only_one_file_makes_a_mongo_client():
    assert set(where(FILES, lambda path: is_called("MongoClient", path))) == {"stories/mongo.py"}


def test_only_one_file_makes_a_queue():
    made = lambda path: is_called("Queue", path) or is_called("StoryQueue", path)  # noqa: E731 - short
    assert set(where(FILES, made)) == {"stories/jobs.py"}
    importing = where(FILES, lambda path: {"rq.Queue", "rq.queue.Queue"} & set(imports(path)))
    assert set(importing) == {"stories/jobs.py", "workers/worker.py"}  # which names the type


def test_only_one_file_reads_the_environment():
    reads = {"os.environ", "os.environb", "os.getenv", "os.putenv"}
    reading = where(FILES, lambda path: reads & {*attributes(path), *calls(path), *imports(path)})
    assert set(reading) == {"stories/settings.py"}


# -- never ------------------------------------------------------------------------------------------------------


def test_nothing_is_unpickled_or_evaluated():
    dangerous = {"pickle", "cPickle", "dill", "cloudpickle", "marshal", "shelve", "jsonpickle"}
    dangerous |= {"PickleSerializer", "DefaultSerializer"}
    assert where(FILES, lambda path: dangerous & {part for name in imports(path) for part in name.split(".")}) == {}
    evaluating = {"eval", "exec", "compile", "__import__", "builtins.eval", "builtins.exec"}
    assert where(FILES, lambda path: evaluating & set(calls(path))) == {}


def test_no_shell():
    assert where(FILES, lambda path: {"os.system", "os.popen", "subprocess.getoutput"} & set(calls(path))) == {}
    keywords = {path: [node.arg for node in ast.walk(tree(path)) if isinstance(node, ast.keyword)] for path in FILES}
    assert where(FILES, lambda path: "shell" in keywords[path]) == {}


CONNECTING = {
    "client", "connect", "open", "services", "open_stores", "open_connection", "prepare", "StrictRedis", "Redis",
    "from_url", "urlopen", "get", "run", "Popen", "create_connection", "socket",
}  # fmt: skip


def test_importing_a_file_connects_to_nothing():
    assert where(FILES, lambda path: CONNECTING & set(called_at_the_top(path))) == {}


def called_at_the_top(path: Path) -> Iterator[str]:
    """The last names of what runs when a file is imported."""
    for statement in tree(path).body:
        if isinstance(statement, ast.Assign | ast.AnnAssign | ast.Expr):
            for node in ast.walk(statement):
                if isinstance(node, ast.Call):
                    yield ast.unparse(node.func).split(".")[-1]


# -- pure -------------------------------------------------------------------------------------------------------


def test_reading_a_page_and_enriching_do_no_io():
    assert where(PURE, lambda path: IO_MODULES & {name.split(".")[0] for name in imports(path)}) == {}
    assert where(PURE, lambda path: {"open", "input", "print"} & set(calls(path))) == {}
    assert where(PURE, lambda path: [name for name in imports(path) if name.startswith("urllib.request")]) == {}


def test_they_import_what_is_pure_only():
    assert where(PURE, lambda path: [name for name in imports(path) if not is_pure(name)]) == {}


def is_pure(name: str) -> bool:
    package, module, *_ = [*name.split("."), ""]
    allowed = {"stories": PURE_STORIES, "crawler": {"sites"}, "workers": {"enrich"}}
    return module in allowed.get(package, {module})


def test_they_read_no_clock():
    assert where(PURE, lambda path: CLOCKS & {call.split(".")[-1] for call in calls(path)}) == {}


def test_what_they_import_of_stories_is_pure_itself():
    files = [HOUSE / f"stories/{module}.py" for module in PURE_STORIES]
    assert where(files, lambda path: IO_MODULES & {name.split(".")[0] for name in imports(path)}) == {}
    assert where(files, lambda path: [name for name in imports(path) if not is_pure(name)]) == {}
    assert where(files, lambda path: CLOCKS & {call.split(".")[-1] for call in calls(path)}) == {}


# -- jobs and sites ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("function", sorted(ALLOWED))
def test_a_job_function_is_there(function: str):
    """Named by a string, because stories imports nothing of ours."""
    module, _, name = function.rpartition(".")
    assert module == "workers.tasks"
    found = getattr(importlib.import_module(module), name)
    assert callable(found)
    assert found.__module__ == module


def test_a_sites_name_stands_in_its_folder_only():
    """A second site is one folder and one line of the registry."""
    elsewhere = [path for path in FILES if not name_of(path).startswith(("crawler/sites/", "replica/"))]
    named = where(elsewhere, lambda path: set(SITES) & {n.value for n in ast.walk(tree(path)) if is_text(n)})
    assert set(named) <= {"console/commands/demo.py"}  # which shows just these


def is_text(node: ast.AST) -> TypeGuard[ast.Constant]:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


# -- form -------------------------------------------------------------------------------------------------------


def source(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def test_a_file_says_what_it_is_for_or_is_empty():
    written = [path for path in FILES if path.name != "__init__.py" or source(path)]
    assert where(written, lambda path: not ast.get_docstring(tree(path))) == {}


def test_no_file_is_long():
    assert where(FILES, lambda path: max(0, len(source(path).splitlines()) - MOST_LINES)) == {}


def test_a_warning_that_is_silenced_is_named():
    assert where(FILES, lambda path: re.findall(r"# noqa(?!: [A-Z]+\d+).*", source(path))) == {}
    assert where(FILES, lambda path: re.findall(r"# type: ignore(?!\[).*", source(path))) == {}


def test_nothing_is_left_to_do():
    assert where(FILES, lambda path: re.findall(r"\b(?:TODO|FIXME|XXX)\b.*", source(path))) == {}
