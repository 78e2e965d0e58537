"""The payload of an enrichment job."""

from __future__ import annotations

import json
from typing import Any

import pytest

from stories.batch import Batch, parts
from stories.codec import SCHEMA_VERSION
from stories.errors import QuarantineError
from tests.making import article, batch, batch_page, lease, link

FULL = batch(
    batch_page(lease(1), article(1)),
    batch_page(
        lease(2),
        article(2, related_links=(link(3), link(4, position=2))),
        link_keys=("tempo-read:3", None),
        is_based_on_key="tempo-read:9",
        aliases=("https://en.tempo.co/amp/2",),
        etag='"e"',
        last_modified="today",
    ),
)


def payload() -> dict[str, Any]:
    copied: dict[str, Any] = json.loads(json.dumps(FULL.to_json()))
    return copied


def test_there_and_back():
    assert Batch.from_json(payload()) == FULL


def test_a_payload_carries_its_version():
    assert payload()["schemaVersion"] == SCHEMA_VERSION


@pytest.mark.parametrize("absent", sorted(FULL.to_json()["pages"][1]))
def test_a_page_without_one_of_its_parts_is_none(absent: str):
    given = payload()
    del given["pages"][1][absent]
    with pytest.raises(QuarantineError, match=r"not a batch of articles.*" + absent):
        Batch.from_json(given)


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("page", 5),
        ("token", {"$ne": None}),  # it becomes part of a query
        ("token", None),
        ("linkKeys", "ab"),
        ("linkKeys", [5]),
        ("isBasedOnKey", 5),
        ("aliases", {}),
        ("aliases", [None]),
        ("etag", 5),
        ("lastModified", []),
        ("digest", None),
        ("article", None),
        ("article", []),
    ],
)
def test_a_part_of_the_wrong_kind_is_an_error(name: str, wrong: Any):
    given = payload()
    given["pages"][1][name] = wrong
    with pytest.raises(QuarantineError):
        Batch.from_json(given)


def test_a_payload_page_by_page():
    one, two = parts(payload())
    assert (one.page, one.token, two.page) == ("tempo-read:1", "a-token", "tempo-read:2")
    assert [Batch.from_json(part.payload) for part in (one, two)] == [batch(page) for page in FULL.pages]


def test_a_page_that_cannot_be_read_is_a_part_all_the_same():
    given = payload()
    given["pages"][0]["article"] = "nonsense"
    one, two = parts(given)
    assert one.page == "tempo-read:1"
    assert Batch.from_json(two.payload) == batch(FULL.pages[1])


@pytest.mark.parametrize(
    "pages", [None, {}, "ab", [5], [{}], [{"page": 5, "token": "t"}], [{"page": "p", "token": {}}]]
)
def test_a_payload_that_does_not_say_its_pages(pages: Any):
    with pytest.raises(QuarantineError, match="not a batch of articles"):
        parts(payload() | {"pages": pages})
