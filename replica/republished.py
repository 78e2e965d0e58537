"""suarakita.net, which copies every tenth English story an hour or two after it appeared."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from replica import salts
from replica.cards import copied_cards
from replica.desk import sheet_of
from replica.dice import Dice
from replica.editions import EN
from replica.newsroom import Newsroom, Revision
from replica.sheet import Card, Sheet
from replica.story import Story
from replica.times import Age, Window, age_of

HOST: Final = "suarakita.net"
SITE: Final = "suarakita"
PAGE_VERSION: Final = "suarakita-lines"

_EVERY: Final = 10
_FIRST: Final = 4  # the newest story that is old enough to have been copied
_SOONEST, _LATEST = 10, 130  # minutes from publication to copy
_MINUTE: Final = timedelta(minutes=1)
_MOST_VIEWS: Final = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    number: int
    """From 1, in the order of the home page; the end of its address."""
    url: str
    sheet: Sheet
    """The original as it first appeared."""
    cards: tuple[Card, ...]
    age: Age
    """Of the copy, at `now`."""
    views: int

    @property
    def original(self) -> Story:
        return self.sheet.story

    @property
    def key(self) -> str:
        return key_of(self.url)


def key_of(url: str) -> str:
    return f"{SITE}:{hashlib.sha256(url.encode()).hexdigest()[:16]}"


def count(newsroom: Newsroom) -> int:
    return len(_serials(newsroom))


def _serials(newsroom: Newsroom) -> range:
    """At least one, however small the world. What appears later is not copied: the numbers count from the newest."""
    size = newsroom.size(EN)
    return range(min(newsroom.to_come_at_first(EN) + _FIRST, size - 1), size, _EVERY)


def copy_url(newsroom: Newsroom, number: int) -> str:
    return _url(original_of(newsroom, number), number)


def _url(original: Story, number: int) -> str:
    return f"https://{HOST}/{original.slug}-{number}/"


def original_of(newsroom: Newsroom, number: int) -> Story:
    return newsroom.story(EN, _serials(newsroom)[number - 1])


def copy_of(newsroom: Newsroom, number: int) -> Copy:
    original = original_of(newsroom, number)
    dice = Dice(newsroom.seed, salts.COPY, number)
    copied = copied_at(newsroom, number)
    age = age_of(copied, newsroom.now)
    seen = age.window(Window(newsroom.now, newsroom.now))
    window = Window(max(seen.earliest, original.published), max(seen.latest, original.published))
    return Copy(
        number=number,
        url=_url(original, number),
        sheet=sheet_of(newsroom, original, Revision()),
        cards=copied_cards(newsroom, original, copied, window),
        age=age,
        views=dice.roll(_MOST_VIEWS),
    )


def copied_at(newsroom: Newsroom, number: int) -> datetime:
    dice = Dice(newsroom.seed, salts.COPY, number, 1)
    wait = _SOONEST + dice.roll(_LATEST - _SOONEST)
    return min(original_of(newsroom, number).published + wait * _MINUTE, newsroom.opens - _MINUTE)
