"""Values of the wrong kind are found out."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import pytest

from stories.article import Dateline
from stories.kinds import checked, entries
from tests.making import NOON, article, link


@dataclass(frozen=True)
class Thing:
    name: str
    count: int | None = None
    words: tuple[str | None, ...] = ()
    facts: dict[str, Any] | None = None


@pytest.mark.parametrize(
    "thing", [Thing("a"), Thing("a", 1), Thing("a", None, ("b", None)), Thing("a", facts={"b": 1}), article(), link(2)]
)
def test_what_is_right_is_given_back(thing: Any):
    assert checked(thing) is thing


@pytest.mark.parametrize(
    ("thing", "named"),
    [
        (Thing(None), "name is a NoneType"),  # type: ignore[arg-type]
        (Thing("a", "1"), "count is a str"),  # type: ignore[arg-type]
        (Thing("a", words=["b"]), "words is a list"),  # type: ignore[arg-type]
        (Thing("a", words=("b", 1)), "words holds a int"),  # type: ignore[arg-type]
        (Thing("a", facts=[1]), "facts is a list"),  # type: ignore[arg-type]
    ],
)
def test_what_is_wrong_is_named(thing: Thing, named: str):
    with pytest.raises(TypeError, match=named):
        checked(thing)


@pytest.mark.parametrize("name", [field.name for field in fields(article())])
def test_every_field_of_an_article_is_looked_at(name: str):
    with pytest.raises(TypeError, match=name):
        checked(replace(article(), **{name: object()}))


def test_every_entry_of_an_article_is_looked_at():
    for name in ("authors", "keywords", "images", "breadcrumbs", "related_links"):
        with pytest.raises(TypeError, match=name):
            checked(replace(article(), **{name: (Dateline(publisher=None, place=None),)}))


def test_only_a_list_is_a_list():
    assert entries([1, 2]) == [1, 2]
    for wrong in ("ab", {"a": 1}, None, 5, (1,), NOON):
        with pytest.raises(TypeError, match="instead of a list"):
            entries(wrong)
