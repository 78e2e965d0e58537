"""Lays out an article: decides, from the seed, what stands on its page beside its text."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Final

from replica import salts
from replica.cards import cards_of
from replica.dice import Dice
from replica.editions import EN
from replica.newsroom import Newsroom, Revision
from replica.related import related_serials
from replica.sheet import Credit, Picture, Sheet
from replica.story import Story, person, slug_of
from replica.words.english_sentences import ILLUSTRATION
from replica.writing import Text, write

_HOUSE_BYLINE: Final = "Tempo.co"
"""A publisher where a person should be; the truth leaves it out."""
_ELSEWHERE: Final = 60  # stories: where lines in the body point to
_STYLES: Final = 1 << 32
_PICTURES: Final = 1_500_000  # Tempo's picture numbers reached this in 2026
_FEWEST_TAGS, _MOST_TAGS = 2, 4
_WITHOUT_END: Final = 40  # times a spoilt headline is repeated: over 500 characters, however short it is

# Once in how many stories:
_PAYWALL, _INLINED = 15, 8
_NO_PICTURE, _PHOTO_LABEL, _CONTRIBUTOR = 8, 3, 5
_NO_DATELINE_EN, _DATELINE_ID = 10, 3
_NO_BYLINE, _HOUSE_REPORTER, _SECOND_AUTHOR = 4, 6, 4
_ILLUSTRATION, _READ_ALSO, _NO_CHOICE = 5, 3, 3


def sheet_of(newsroom: Newsroom, story: Story, revision: Revision) -> Sheet:
    dice = Dice(newsroom.seed, salts.SHEET, story.index)
    english = story.edition is EN
    text = write(newsroom.seed, story, revision.texts)
    is_free = is_free_of_charge(newsroom, story)
    dateline = not dice.one_in(_NO_DATELINE_EN) if english else dice.one_in(_DATELINE_ID)
    paragraphs = _printed(text, english=english, dateline=dateline, is_free=is_free)
    related = related_serials(newsroom, story.edition, story.serial)
    near = {story.serial, *related}
    inside = is_free and len(paragraphs) > 1
    return Sheet(
        story=replace(story, headline=" ".join([story.headline] * _WITHOUT_END)) if revision.is_spoilt else story,
        paragraphs=paragraphs,
        agencies=_agencies(text, len(paragraphs), is_free=is_free),
        signed=text.signed if is_free else None,
        dateline=dateline,
        credits=_english_byline(dice) if english else _indonesian_byline(dice),
        contributor=person(dice) if inside and dice.one_in(_CONTRIBUTOR) else None,
        picture=_picture(dice, story),
        keywords=_keywords(dice, story),
        illustration=_illustration(dice, story, len(paragraphs)) if english and dice.one_in(_ILLUSTRATION) else None,
        read_also=_read_also(dice, newsroom, story, near, len(paragraphs))
        if inside and dice.one_in(_READ_ALSO)
        else None,
        editors_choice=_elsewhere(dice, newsroom, story, near) if inside and not dice.one_in(_NO_CHOICE) else None,
        cards=cards_of(newsroom, story, related),
        modified=revision.modified,
        paints=revision.paints,
        style=dice.roll(_STYLES),
        is_free=is_free,
        inlined=_elsewhere(dice, newsroom, story, near) if not english and dice.one_in(_INLINED) else None,
    )


def is_free_of_charge(newsroom: Newsroom, story: Story) -> bool:
    """English stories are; cheap, for feeds that leave the others out."""
    return story.edition is EN or not Dice(newsroom.seed, salts.ACCESS, story.index).one_in(_PAYWALL)


def _printed(text: Text, *, english: bool, dateline: bool, is_free: bool) -> tuple[str, ...]:
    """A paywall leaves the first paragraph; www without a dateline begins in capitals."""
    paragraphs = text.paragraphs if is_free else text.paragraphs[:1]
    if english or dateline:
        return paragraphs
    first, _, rest = paragraphs[0].partition(" ")
    return (f"{first.upper()} {rest}", *paragraphs[1:])


def _agencies(text: Text, shown: int, *, is_free: bool) -> tuple[str, ...]:
    """Each once, in the order in which the shown text credits them."""
    named = [agency for place, agency in sorted(text.agencies) if place < shown]
    signed = [text.signed.title()] if text.signed and is_free else []
    return tuple(dict.fromkeys(named + signed))


def _english_byline(dice: Dice) -> tuple[Credit, ...]:
    if dice.one_in(_NO_BYLINE):
        return ()
    reporter = _HOUSE_BYLINE if dice.one_in(_HOUSE_REPORTER) else person(dice)
    return (Credit(reporter, "reporter"), Credit(person(dice), "editor"))


def is_publisher(credit: Credit) -> bool:
    return credit.name == _HOUSE_BYLINE


def _indonesian_byline(dice: Dice) -> tuple[Credit, ...]:
    names = [person(dice) for _ in range(2 if dice.one_in(_SECOND_AUTHOR) else 1)]
    return tuple(
        Credit(name, "author", f"https://www.tempo.co/penulis/{slug_of(name)}-{dice.roll(9000)}") for name in names
    )


def _picture(dice: Dice, story: Story) -> Picture | None:
    if dice.one_in(_NO_PICTURE):
        return None
    number = dice.roll(_PICTURES)
    caption = dice.pick(story.edition.lexicon.captions).fill(story.words, dice)
    url = f"https://statik.tempo.co/data/{story.published:%Y/%m/%d}/id_{number}/{number}_720.jpg"
    if story.edition is not EN:
        return Picture(url, caption, f"Tempo/{person(dice)}")
    return Picture(url, caption, f"TEMPO/{person(dice)}", "Photo: " if dice.one_in(_PHOTO_LABEL) else "")


def _keywords(dice: Dice, story: Story) -> tuple[str, ...]:
    """On www they are slugs."""
    tags = (story.topic, story.place, story.cast["org"][0], story.cast["person"][0])
    shown = tags[: _FEWEST_TAGS + dice.roll(_MOST_TAGS - _FEWEST_TAGS + 1)]
    return shown if story.edition is EN else tuple(map(slug_of, shown))


def _illustration(dice: Dice, story: Story, paragraphs: int) -> tuple[int, str]:
    return dice.roll(paragraphs - 1), ILLUSTRATION[0].fill(story.words, dice)


def _read_also(
    dice: Dice, newsroom: Newsroom, story: Story, near: Collection[int], paragraphs: int
) -> tuple[int, Story] | None:
    other = _elsewhere(dice, newsroom, story, near)
    return None if other is None else (dice.roll(paragraphs - 1), other)


def _elsewhere(dice: Dice, newsroom: Newsroom, story: Story, near: Collection[int]) -> Story | None:
    """Another story that no card of this page shows; None in a tiny world."""
    serial = (story.serial + 1 + dice.roll(_ELSEWHERE)) % newsroom.size(story.edition)
    return None if serial in near or serial < newsroom.to_come(story.edition) else newsroom.story(story.edition, serial)
