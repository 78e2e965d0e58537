"""What was read against what is true: per field, over pages, and the floors that hold it."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.matching import match, means, shingles

FLOORS = Path(__file__).with_name("floors.toml")
_MINUTE = len("2025-08-09T04:39")

Json = dict[str, Any]
Pair = tuple[Json, Json]
"""What is true, what was read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Of one field, over some pages: shares from 0 to 1."""

    exact: float
    """Pages on which it is what it should be, to the last character and in the right order."""
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A floor that does not hold."""

    what: str
    """`headline`, `articleBody`"""
    measure: str
    floor: float
    reached: float

    def __str__(self) -> str:
        return f"{self.what}: {self.measure} {self.reached:.4f} is below its floor, {self.floor}"


def score(name: str, pairs: Sequence[Pair]) -> Score:
    """Raises ZeroDivisionError for no pages."""
    exact = sum(_comparable(name, true) == _comparable(name, read) for true, read in pairs) / len(pairs)
    both = means(match(_parts(name, true.get(name)), _parts(name, read.get(name))) for true, read in pairs)
    return Score(exact=exact, precision=both.precision, recall=both.recall, f1=both.f1)


def broken(name: str, reached: Score) -> Iterator[Broken]:
    """The floors of one field that do not hold."""
    for measure, floor in floors().get(name, {}).items():
        if getattr(reached, measure) < floor:
            yield Broken(what=name, measure=measure, floor=floor, reached=getattr(reached, measure))


def floors() -> dict[str, dict[str, float]]:
    return tomllib.loads(FLOORS.read_text(encoding="utf-8"))


def fields(pairs: Iterable[Pair]) -> list[str]:
    """Of the pages, in the order of the JSON."""
    return list(dict.fromkeys(name for true, _ in pairs for name in true))


def _comparable(name: str, article: Json) -> Any:
    """A time counts to the minute, which is what the pages show."""
    value = article.get(name, "not read")
    return value[:_MINUTE] if name in {"datePublished", "dateModified"} and value else value


def _parts(name: str, value: Any) -> Counter[Hashable]:
    """What can be there or missing by itself: a person in a role, a tag, four words, a link with its relation."""
    if value is None:
        return Counter()
    if name == "articleBody":
        return shingles(value)
    if name == "authors":
        return Counter((person["name"], person["role"]) for person in value)
    if name == "relatedLinks":
        return Counter((link["relation"], link["url"] or link["headline"]) for link in value)
    return Counter(map(str, value if isinstance(value, list) else [value]))
