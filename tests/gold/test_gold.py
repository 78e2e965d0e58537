"""Every field of every gold page is a test of its own; and all pages together reach the floors.

The pages and what is on them lie beside this file (`python -m bench.gold` wrote them, from the replica and its truth).
"""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from bench.gold import golden_pages, read
from bench.scores import broken, fields, floors, score

PAGES = {golden.name: golden for golden in golden_pages()}
FIELDS = [(name, field) for name, golden in PAGES.items() for field in golden.article]
FEWEST = 277

EXACT = ("headline", "datePublished", "articleSection", "dateline", "isAccessibleForFree", "bodyComplete")
PROMISED = {
    **{field: {"exact": 1.0} for field in EXACT},
    **{field: {"precision": 0.99, "recall": 0.99} for field in ("authors", "keywords", "relatedLinks")},
    "articleBody": {"precision": 0.998, "f1": 0.995},
}
"""What the floors began with."""


@cache
def reading(name: str) -> dict[str, Any]:
    return read(PAGES[name].page)


@pytest.mark.parametrize(("name", "field"), FIELDS, ids="-".join)
def test_a_field_is_true(name: str, field: str):
    assert reading(name).get(field, "not read") == PAGES[name].article[field]


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_read_that_the_truth_does_not_know(name: str):
    assert set(reading(name)) == set(PAGES[name].article)


@pytest.mark.parametrize("field", PROMISED)
@pytest.mark.parametrize("version", sorted({golden.version for golden in PAGES.values()}))
def test_a_floor_holds_on_every_version(version: str, field: str):
    pairs = [(golden.article, reading(name)) for name, golden in PAGES.items() if golden.version == version]
    assert list(broken(field, score(field, pairs))) == []


@pytest.mark.parametrize("field", PROMISED)
def test_a_floor_may_only_rise(field: str):
    lower = {measure for measure, floor in PROMISED[field].items() if floors()[field].get(measure, 0) < floor}
    assert lower == set()


def test_the_gold_set_is_large_enough():
    assert len(PAGES) >= FEWEST


def test_a_lost_page_and_a_wrong_word_are_seen():
    golden = next(golden for golden in PAGES.values() if golden.article["relatedLinks"])
    true = golden.article
    assert all(list(broken(field, score(field, [(true, {})]))) for field in ("headline", "articleBody", "bodyComplete"))
    assert list(broken("articleBody", score("articleBody", [(true, true)]))) == []
    longer = true | {"articleBody": f"Advertisement {true['articleBody']}"}
    assert list(broken("articleBody", score("articleBody", [(true, longer)])))
    other = [link | {"relation": "topic"} for link in true["relatedLinks"]]
    assert score("relatedLinks", [(true, true | {"relatedLinks": other})]).precision == 0
    assert set(fields([(true, true)])) == set(true)
