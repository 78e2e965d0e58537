"""Line 16: Schemathesis asks the console whatever docs/openapi.json allows and forbids: no 5xx, no schema is broken."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from stories.settings import Settings
from tests.console.conftest import ROOT
from tests.security.house import TOKEN, Console

ADDRESS = "https://en.tempo.co/read/1/x"
"""The schemas allow no other kind, and no crawl stores one; test_markup.py has those that somebody else put there."""
OPENAPI = json.loads((ROOT / "docs" / "openapi.json").read_text(encoding="utf-8"))


def bundled() -> dict[str, Any]:
    """The document with the schemas that it names, in one file."""
    schemas = {path.stem: json.loads(path.read_text()) for path in (ROOT / "docs" / "schema").glob("*.json")}
    whole: dict[str, Any] = pointed(OPENAPI, "")
    whole["components"]["schemas"] = {name: pointed(schema, name) for name, schema in schemas.items()}
    for path in whole["paths"].values():
        for parameter in path["get"].get("parameters", ()):
            if parameter["name"] == "key":  # else a story is never hit upon, and its answer never looked at
                parameter["example"] = "tempo-read:1"
    return whole


def pointed(value: Any, home: str) -> Any:
    """References to files, and those within one, as references within the bundle."""
    if isinstance(value, list):
        return [pointed(part, home) for part in value]
    if not isinstance(value, dict):
        return value
    kept = {name: pointed(part, home) for name, part in value.items() if name not in {"$id", "$schema"}}
    if isinstance(reference := kept.get("$ref"), str):
        file, _, within = reference.partition("#")
        name = Path(file).stem or home
        kept["$ref"] = f"#/components/schemas/{name}{within}"
    return kept


def test_the_document_knows_every_path_and_no_other(hostile: Settings) -> None:
    from console.api import make_app  # noqa: PLC0415

    class Nowhere:
        settings = hostile

    app: Any = make_app(Nowhere(), "x")  # type: ignore[arg-type]
    assert [route.path for route in app._app.routes] == list(OPENAPI["paths"])


def test_every_path_of_it_only_reads() -> None:
    assert {method for path in OPENAPI["paths"].values() for method in path} == {"get"}


def test_schemathesis_finds_nothing(console: Console, tmp_path: Path, scale: Any) -> None:
    (tmp_path / "openapi.json").write_text(json.dumps(bundled()))
    words = [
        *(
            "--url",
            console.url,
            "--checks",
            "all",
            "--seed",
            "7",
            "--max-examples",
            str(scale(short=15, long=500)),
            "--no-color",
        ),
        *("--phases", "examples,coverage,fuzzing", "--generation-database", "none", "--warnings", "off"),
        # Not: that all is accepted. That `sort=relevance` needs a text, no schema can say.
        *("--exclude-checks", "positive_data_acceptance"),
        *("--header", f"Authorization: Bearer {TOKEN}", "--continue-on-failure", "openapi.json"),
    ]
    done = subprocess.run(
        [sys.executable, "-m", "schemathesis.cli", "run", *words],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert console.ask("/healthz").status == 200
