"""The cards of the related block, with ages that count from a given moment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from replica import salts
from replica.dice import Dice
from replica.editions import EN
from replica.newsroom import Newsroom
from replica.related import related_serials
from replica.sheet import Card, CardKind
from replica.story import Story
from replica.times import Window, age_of

_PROMO_ONCE_IN, _FORBIDDEN_ONCE_IN, _TITLE_CASE_ONCE_IN = 7, 11, 5
_YOUNG: Final = timedelta(days=7)  # www prints no age on older cards
PROMOTED: Final = range(2_900_000, 2_900_040)
"""Numbers of advertisements, above every story's."""
_FORBIDDEN: Final = 90
PROMO_HEADLINE: Final = "Samudra Lestari Opens Its Doors to Every Household"
FORBIDDEN_HEADLINE: Final = "A Page That Robots Must Not Read"


def cards_of(newsroom: Newsroom, story: Story, serials: Iterable[int]) -> tuple[Card, ...]:
    """As the page shows them at `now`."""
    dice = Dice(newsroom.seed, salts.CARDS, story.index)
    seen = Window(newsroom.now, newsroom.now)
    there = (serial for serial in serials if serial >= newsroom.to_come(story.edition))
    related = (newsroom.story(story.edition, serial) for serial in there)
    cards = [_story_card(dice, other, newsroom.now, seen) for other in related]
    if story.edition is EN and dice.one_in(_PROMO_ONCE_IN):
        cards.insert(dice.roll(len(cards) + 1), _promo(dice))
    if dice.one_in(_FORBIDDEN_ONCE_IN):
        cards.append(_forbidden(dice, story))
    return tuple(cards)


def copied_cards(newsroom: Newsroom, story: Story, copied: datetime, window: Window) -> tuple[Card, ...]:
    """As they stood when the page was copied, at a moment of which readers know only the window."""
    dice = Dice(newsroom.seed, salts.CARDS, story.index)
    serials = related_serials(newsroom, story.edition, story.serial)
    related = (newsroom.story(story.edition, serial) for serial in serials)
    older = (other for other in related if other.published < copied - timedelta(minutes=1))
    return tuple(_story_card(dice, other, copied, window) for other in older)


def _story_card(dice: Dice, other: Story, shown: datetime, seen: Window) -> Card:
    age = age_of(other.published, shown)
    printed = age.indonesian.title() if dice.one_in(_TITLE_CASE_ONCE_IN) else age.indonesian
    ages = other.edition is EN or shown - other.published < _YOUNG
    return Card(
        kind=CardKind.STORY,
        url=other.url,
        headline=other.headline,
        excerpt=other.excerpt if other.edition is EN else None,
        age=printed if ages else None,
        window=age.window(seen) if ages else None,
        target=other,
    )


def _promo(dice: Dice) -> Card:
    number = dice.pick(PROMOTED)
    return Card(
        kind=CardKind.PROMO,
        url=f"https://en.tempo.co/read/{number}/samudra-lestari-opens-its-doors-to-every-household",
        headline=PROMO_HEADLINE,
        excerpt="Presented by Samudra Lestari.",
        age="PR",
        window=None,
        target=None,
    )


def _forbidden(dice: Dice, story: Story) -> Card:
    """Under /read/0 and /terlarang/; its number is smaller than any story's."""
    number = 100 + dice.roll(_FORBIDDEN)
    slug = "a-page-that-robots-must-not-read"
    english = story.edition is EN
    return Card(
        kind=CardKind.FORBIDDEN,
        url=f"https://en.tempo.co/read/0{number}/{slug}"
        if english
        else f"https://www.tempo.co/terlarang/{slug}-{number}",
        headline=FORBIDDEN_HEADLINE,
        excerpt="It is here to see who obeys robots.txt." if english else None,
        age=None,
        window=None,
        target=None,
    )
