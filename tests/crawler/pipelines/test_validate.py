"""What cannot be right does not go on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crawler.pipelines.validate import ValidatePipeline, fault_of
from stories.article import Author, Image, Role
from stories.errors import QuarantineError
from tests.making import NOON, article, clipping, link

DAY = timedelta(days=1)
IMAGE = Image(url="https://x/i.jpg")


@pytest.mark.parametrize(
    "different",
    [
        {},
        {"headline": "x" * 500},
        {"article_body": "x" * 1_000_000},
        {"article_body": "", "images": (IMAGE,)},  # a photo story
        {"article_body": " ", "body_complete": False},  # behind a paywall
        {"date_published": None},
        {"date_published": datetime(1996, 3, 6, tzinfo=UTC)},
        {"date_published": NOON + DAY},
        {"related_links": tuple(link(number, number) for number in range(1, 501))},
    ],
    ids=",".join,
)
def test_what_can_be_right_passes_as_it_is(different: dict[str, Any]):
    item = clipping(article=article(**different))
    assert ValidatePipeline().process_item(item) is item


@pytest.mark.parametrize(
    ("different", "field"),
    [
        ({"headline": ""}, "headline"),
        ({"headline": " \n"}, "headline"),
        ({"headline": "x" * 501}, "headline"),
        ({"article_body": "x" * 1_000_001}, "articleBody"),
        ({"article_body": ""}, "articleBody"),
        ({"article_body": " \n\n"}, "articleBody"),
        ({"related_links": tuple(link(number, number) for number in range(501))}, "500"),
        ({"images": (IMAGE,) * 501}, "500"),
        ({"keywords": ("a",) * 501}, "500"),
        ({"authors": (Author(name="Ida", role=Role.EDITOR),) * 501}, "500"),
        ({"date_published": datetime(1994, 12, 31, tzinfo=UTC)}, "datePublished"),
        ({"date_published": datetime(1970, 1, 1, tzinfo=UTC)}, "datePublished"),
        ({"date_published": NOON + 3 * DAY}, "datePublished"),
    ],
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_what_cannot_be_right_is_quarantined_with_the_field(different: dict[str, Any], field: str):
    with pytest.raises(QuarantineError, match=field):
        ValidatePipeline().process_item(clipping(article=article(**different)))


def test_a_fault_does_not_hold_the_pages_text():
    secret = "geheim " * 200
    told = fault_of(replace(article(), headline=secret))
    assert told is not None
    assert "geheim" not in told
