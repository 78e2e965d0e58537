"""Crawl orders."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stories.errors import QuarantineError
from stories.order import CrawlOrder

DAYS = st.none() | st.dates()
PLAIN = CrawlOrder(run="run-1", site="tempo-en").to_json()


@given(
    order=st.builds(
        CrawlOrder,
        run=st.text(max_size=9),
        site=st.text(max_size=9),
        urls=st.lists(st.text(max_size=9), max_size=3).map(tuple),
        max_pages=st.integers(),
        depth=st.integers(),
        since=DAYS,
        until=DAYS,
        fresh=st.booleans(),
    )
)
@settings(max_examples=60)
def test_there_and_back(order: CrawlOrder):
    assert CrawlOrder.from_json(json.loads(json.dumps(order.to_json()))) == order


def test_days_are_iso():
    order = CrawlOrder(run="r", site="s", since=date(2026, 11, 1), until=date(2026, 11, 2))
    assert (order.to_json()["since"], order.to_json()["until"]) == ("2026-11-01", "2026-11-02")


@pytest.mark.parametrize("absent", PLAIN)
def test_an_order_without_one_of_its_parts_is_none(absent: str):
    with pytest.raises(QuarantineError, match="not a crawl order"):
        CrawlOrder.from_json({name: value for name, value in PLAIN.items() if name != absent})


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("run", 5),
        ("run", {"$ne": None}),
        ("site", None),
        ("urls", "https://en.tempo.co/"),
        ("urls", [5]),
        ("urls", None),
        ("maxPages", "many"),
        ("maxPages", None),
        ("maxPages", float("inf")),
        ("depth", []),
        ("since", "yesterday"),
        ("until", 20261101),
        ("fresh", "no"),
    ],
)
def test_a_part_of_the_wrong_kind_is_an_error(name: str, wrong: Any):
    with pytest.raises(QuarantineError, match="not a crawl order"):
        CrawlOrder.from_json(PLAIN | {name: wrong})


@pytest.mark.parametrize("garbage", [None, 5, [], "order"])
def test_garbage_is_no_order(garbage: Any):
    with pytest.raises(QuarantineError, match="not a crawl order"):
        CrawlOrder.from_json(garbage)
