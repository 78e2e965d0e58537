"""Where the cards of a suarakita page begin, also where ages stand beside ages."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.sites.lines import Line
from crawler.sites.suarakita.cards import cards_of
from stories.article import Window

NOON = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "said",
    [
        ["2 jam lalu", "2 jam lalu", "Next"],
        ["PR", "PR", "Next"],
        ["PR", "2 jam lalu", "PR", "Next"],
        ["2 jam lalu", "2 jam lalu", "2 jam lalu", "Next"],
    ],
)
def test_ages_beside_ages(said: list[str]):
    lines = [Line(text=text) for text in said]
    found = [card.headline for card in cards_of(lines, Window(earliest=NOON, latest=NOON))]
    assert found[-1:] == ["Next"]
