"""kliping stories history: what changed when, for a person and as data."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.console.conftest import Shell, set_environment
from tests.console.schemas import check
from tests.making import NOON
from tests.stories.test_store import story
from workers.stores import Stores

KEY = "tempo-read:1"
TEXTS = ("The price rises.\n\nThe end.", "The price rises again.\n\nThe end.", "The price \x1b[31mfalls.\n\nThe end.")


@pytest.fixture
def edited(stores: Stores, monkeypatch: pytest.MonkeyPatch) -> Stores:
    """Three texts, an hour apart; the third has another headline too."""
    set_environment(stores.settings, monkeypatch)
    for hours, text in enumerate(TEXTS):
        at = NOON + timedelta(hours=hours)
        headline = "Prices" if hours < 2 else "Prices after all"
        stores.store.save([story(1, headline=headline, article_body=text, date_downloaded=at)], now=at)
    return stores


def test_every_text_as_data(shell: Shell, edited: Stores) -> None:
    told = shell.data("stories", "history", KEY)
    check("revisions", told)
    versions = told["versions"]
    assert [version["articleBody"] for version in versions] == list(TEXTS)
    assert [version["changed"] for version in versions] == [[], ["articleBody"], ["headline", "articleBody"]]
    assert [version["replacedAt"] for version in versions] == ["2026-11-24T06:00:00Z", "2026-11-24T07:00:00Z", None]


def test_the_words_that_changed(shell: Shell, edited: Stores) -> None:
    said = shell("stories", "history", "https://en.tempo.co/read/1/a-story")
    assert said.code == 0
    assert said.out.splitlines() == [
        "Prices",
        "1  as read 2026-11-24 12:00 WIB",
        "",
        "2  as read 2026-11-24 13:00 WIB: text changed",
        "- The price rises.",
        "+ The price rises again.",
        "",
        "3  as read 2026-11-24 14:00 WIB: headline, text changed",
        "- Prices",
        "+ Prices after all",
        "- The price rises again.",
        "+ The price  [31mfalls.",
    ]


def test_a_story_that_never_changed_and_one_that_is_not_there(shell: Shell, edited: Stores) -> None:
    edited.store.save([story(2)], now=NOON)
    assert shell("stories", "history", "tempo-read:2").err == "It was never changed since.\n"
    assert shell("stories", "history", "tempo-read:9").code == 2
