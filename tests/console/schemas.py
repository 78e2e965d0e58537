"""docs/schema, loaded, and a value held to it."""

from __future__ import annotations

import json
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource

from tests.console.conftest import ROOT

SCHEMAS: dict[str, Any] = {
    path.stem: json.loads(path.read_text(encoding="utf-8")) for path in (ROOT / "docs" / "schema").glob("*.json")
}
REGISTRY: Registry[Any] = Registry().with_resources(
    (schema["$id"], Resource.from_contents(schema)) for schema in SCHEMAS.values()
)


def check(name: str, value: Any) -> None:
    """Fails with every way in which the value is not as its schema says."""
    validator = Draft202012Validator(SCHEMAS[name], registry=REGISTRY, format_checker=FormatChecker())
    faults = [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(value)]
    assert not faults, f"{name}.json: {faults[:10]}"
