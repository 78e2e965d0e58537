"""Nuxt's flat lists: what they mean, and that no text of any kind breaks or stalls the decoder."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.sites.devalue import decode
from crawler.sites.tempo.payload import read_payload
from tests.cpu import at_most


def root(*flat: Any) -> Any:
    values = decode(json.dumps(flat))
    assert values is not None
    return values[0]


@pytest.mark.parametrize(
    ("flat", "meant"),
    [
        (({"a": 1, "b": 2}, "x", [3, 3], 7), {"a": "x", "b": [7, 7]}),
        (([1, 2, 3], None, True, 1.5), [None, True, 1.5]),
        ((["Reactive", 1], {"a": 2}, "x"), {"a": "x"}),
        ((["ShallowReactive", 1], ["Ref", 2], [3], "x"), ["x"]),
        ((["Date", "2026-07-24T02:00:00Z"],), "2026-07-24T02:00:00Z"),
        ((["Set", 1, 2], "x", "y"), ["x", "y"]),
        ((["Map", 1, 2], "x", "y"), ["x", "y"]),
        (([-1, -2, -4, -5], "x"), [None, None, math.inf, -math.inf]),
        (([5, -99, "1", True, 0.5, None], "x"), [None] * 6),
        ((["Reactive", 9], "x"), None),
        ((["Reactive", "x"], "x"), None),
        ((["Reactive", 1], ["Reactive", 0]), None),
        ((["Date", 3], "x"), None),
        (("x",), "x"),
        (([],), []),
    ],
)
def test_what_a_list_means(flat: tuple[Any, ...], meant: Any):
    assert root(*flat) == meant


def test_a_value_can_stand_in_itself():
    value = root({"self": 0, "list": 1}, [1, 0])
    assert value["self"] is value
    assert value["list"][0] is value["list"]
    assert value["list"][1] is value


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "null", "1", "[1", "NaN", '{"data":1}', "[" * 100_000, "\x00", "\ud800"]
)
def test_what_is_no_such_list(text: str):
    assert decode(text) is None
    assert read_payload(text) == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-10, 30) | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(max_size=14), inner, max_size=5),
    max_leaves=30,
)
NAMED = st.sampled_from(["Reactive", "Ref", "Date", "Set", "Map", "BigInt", "Object", "RegExp", "Unknown"])
ENTRY = JSON | st.tuples(NAMED, JSON).map(list) | st.tuples(NAMED, st.integers(-3, 12)).map(list)


@given(st.lists(ENTRY, max_size=12))
def test_no_list_raises(flat: list[Any]):
    values = decode(json.dumps(flat))
    assert values is None if not flat else values is not None and len(values) == len(flat)
    read_payload(json.dumps(flat))


@given(st.text(max_size=200))
def test_no_text_raises(text: str):
    decode(text)
    assert read_payload(text) == []


ITEM = st.dictionaries(
    st.sampled_from(["canonical_url", "title_digital", "title", "published_at", "access", "id"]), st.integers(-3, 12)
)


@given(st.lists(ITEM | st.text(max_size=12) | st.integers(), min_size=1, max_size=12))
def test_no_item_raises(flat: list[Any]):
    for item in read_payload(json.dumps(flat)):
        assert item.url.startswith(("http", "//")) or ":" in item.url


@pytest.mark.parametrize(
    "flat",
    [
        [["Reactive", i + 1] for i in range(200_000)],
        [list(range(100)) for _ in range(20_000)],
        [{"canonical_url": 1}, *(f"politik/x-{i}" for i in range(300_000))],
    ],
    ids=["wrappers", "lists", "texts"],
)
def test_a_large_list_takes_no_longer_than_it_is_large(flat: list[Any]):
    with at_most(3):
        assert decode(json.dumps(flat)) is not None


def test_a_payload_names_articles_wherever_they_stand():
    first, second = (
        {"canonical_url": n, "title_digital": n + 1, "published_at": n + 2, "access": n + 3} for n in (4, 8)
    )
    texts = ["ekonomi/a-9100001", "A  title", "2026-07-24 09:00:00", "FREE", "/politik/b-9100002", "B", "", "VIP"]
    flat = [{"data": 1}, {"box": 2, "again": 2}, [3], first, *texts, second]
    flat[2] = [3, len(flat) - 1, 3]
    items = read_payload(json.dumps(flat))
    assert [(item.url, item.headline, item.published_raw, item.access) for item in items] == [
        ("https://www.tempo.co/ekonomi/a-9100001", "A title", "2026-07-24 09:00:00", "FREE"),
        ("https://www.tempo.co/politik/b-9100002", "B", None, "VIP"),
    ]


def test_of_a_payload_a_bounded_number_is_read():
    flat: list[Any] = [f"politik/x-{n}" for n in range(3000)]
    flat += [{"canonical_url": n} for n in range(3000)]
    assert len(read_payload(json.dumps(flat))) == 1000
