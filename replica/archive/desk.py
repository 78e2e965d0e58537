"""Lays out a page of the archive: decides, from the seed and its generation's habits, what stands beside its text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from replica import salts
from replica.archive.generation import Generation, Habits
from replica.archive.sheet import Anchor, Contributed, Dateline, Line, Noise, OldSheet, Paragraph, Pointer, Signed
from replica.archive.stacks import Stacks
from replica.cards import PROMO_HEADLINE
from replica.dice import Dice
from replica.newsroom import Revision
from replica.sheet import Card, CardKind, Credit, Picture
from replica.story import Story, slug_of
from replica.times import Window, age_of, day_window, weekday_date
from replica.words.names import AGENCIES, FAMILY, GIVEN
from replica.writing import Text, write

_STYLES: Final = 1 << 32
_PICTURES: Final = 1_500_000
_HOT: Final = 6  # links in carousels and lists
_NEAR: Final = (
    6  # stories: so far a page points at most, so that no generation is nearer than three steps from end to end
)
_PAID_PARAGRAPHS: Final = 2  # before a paywall
_PARTS: Final = (2, 3)
_CORRECTED_AFTER: Final = timedelta(minutes=41)  # on the day itself
_ANCHOR_WORDS: Final = 3
PROMOTED: Final = range(990_000, 990_040)
"""Numbers of advertisements: above every archived story's of their hosts."""

# Once in how many pages:
_SECOND_REPORTER, _NOBODY, _HOUSE = 4, 5, 7
_AGENCY_SIGNS, _TWO_SIGN, _TWO_HELP = 3, 2, 3
_EASTERN, _QUAINT_PLACE = 6, 9
_NO_CHOICE, _NO_POINTER, _INLINED, _CORRECTED, _TAG_LINKED = 3, 3, 2, 2, 3

HOUSE: Final = "Tempo.co"
_PUBLISHERS: Final = ("TEMPO.CO", "TEMPO.CO", "TEMPO.CO", "INFO CANTIKA.COM")
_PLAIN_GIVEN, _PLAIN_FAMILY = (
    tuple(name for name in names if name.isascii() and name.isalpha()) for names in (GIVEN, FAMILY)
)
"""Names that survive being set in capitals and back."""


def lay_out(stacks: Stacks, story: Story, revision: Revision) -> OldSheet:
    """As the page shows it at the world's `now`."""
    generation = story.edition
    assert isinstance(generation, Generation)
    habits = generation.habits
    dice = Dice(stacks.seed, salts.SHEET, story.index)
    text = write(stacks.seed, story, revision.texts)
    is_free = not _once_in(dice, habits.paid_once_in)
    people = tuple(_byline(dice, habits))
    nobody = dice.pick(habits.nobody) if habits.nobody and dice.one_in(_NOBODY) else None
    corrected = story.published + _CORRECTED_AFTER if dice.one_in(_CORRECTED) else None
    return OldSheet(
        story=story,
        generation=generation,
        description=story.excerpt,
        lines=tuple(_lines(dice, stacks, story, text, people, is_free=is_free)),
        dateline=_dateline(dice, story, habits),
        credits=people[1:] if nobody else people,
        nobody=nobody,
        pictures=tuple(_picture(dice, story) for _ in range(_between(dice, habits.pictures))),
        keywords=_keywords(dice, story, habits),
        cards=tuple(_cards(dice, stacks, story, habits)),
        more=tuple(_card(other, stacks, habits) for other in stacks.neighbours(story, habits.more, skip=2)),
        hot=tuple(stacks.neighbours(story, _HOT, skip=1)),
        inlined=stacks.neighbours(story, 1, skip=_NEAR - 1)[0] if habits.inlines and dice.one_in(_INLINED) else None,
        modified=revision.modified or corrected,
        leftover=_once_in(dice, habits.leftover_once_in),
        is_free=is_free,
        parts=dice.pick(_PARTS) if _once_in(dice, habits.parts_once_in) else 1,
        zone=8 + dice.roll(2) if generation.language == "id" and dice.one_in(_EASTERN) else 7,
        paints=revision.paints,
        style=dice.roll(_STYLES),
    )


def _once_in(dice: Dice, number: int) -> bool:
    """0 is never; the dice roll all the same, so that a habit changes nothing beside itself."""
    return dice.roll(max(number, 1)) == 0 and number > 0


def _between(dice: Dice, numbers: tuple[int, int]) -> int:
    fewest, most = numbers
    return fewest + dice.roll(most - fewest + 1)


def _lines(
    dice: Dice, stacks: Stacks, story: Story, text: Text, people: tuple[Credit, ...], *, is_free: bool
) -> Iterator[Line]:
    """The body; behind a paywall only its beginning."""
    habits = _habits(story)
    if not habits.text:
        return
    shown = text.paragraphs if is_free else text.paragraphs[:_PAID_PARAGRAPHS]
    between = dict(_between_lines(dice, stacks, story, len(shown)))
    for number, paragraph in enumerate(shown):
        linked = number and _once_in(dice, habits.inline_once_in)
        yield Paragraph(paragraph, _anchor(dice, stacks, story, paragraph) if linked else None)
        yield from between.get(number, ()) if is_free else ()
    if is_free:
        yield from _closing(dice, stacks, story, people)


def _habits(story: Story) -> Habits:
    assert isinstance(story.edition, Generation)
    return story.edition.habits


def _between_lines(dice: Dice, stacks: Stacks, story: Story, paragraphs: int) -> Iterator[tuple[int, list[Line]]]:
    """Lines that follow paragraph number so and so, never the last."""
    habits = _habits(story)
    others = stacks.neighbours(story, len(habits.pointers), skip=2)
    pointed = [_pointer(dice, label, other, habits) for label, other in zip(habits.pointers, others, strict=True)]
    wanted: list[Line] = [pointer for pointer in pointed if not dice.one_in(_NO_POINTER)]
    wanted += [Noise(line) for line in habits.noise if dice.roll(2)]
    if _once_in(dice, habits.illustration_once_in):
        wanted.append(Noise(_illustration(dice, story)))
    places = [dice.roll(max(1, paragraphs - 1)) for _ in wanted]
    for number in sorted(set(places)):
        yield number, [line for line, place in zip(wanted, places, strict=True) if place == number]


def _pointer(dice: Dice, label: str, other: Story, habits: Habits) -> Pointer:
    """A label in [brackets] is a box's."""
    short = _once_in(dice, habits.short_links_once_in)
    url = f"https://goo.gl/{other.number:x}Rk" if short else other.url
    return Pointer(label=label.strip("[]"), relation="readAlso", url=url, target=other, boxed=label.startswith("["))


def _illustration(dice: Dice, story: Story) -> str:
    thing = dice.pick(story.edition.lexicon.pools["thing"])
    return f"Illustration of a {thing} (Pixabay)" if story.edition.language == "en" else f"Ilustrasi {thing} (Pixabay)"


def _anchor(dice: Dice, stacks: Stacks, story: Story, paragraph: str) -> Anchor:
    """The paragraph's first words, as a link to another story or to a tag."""
    words = " ".join(paragraph.split(" ")[:_ANCHOR_WORDS])
    if dice.one_in(_TAG_LINKED):
        return Anchor(0, words, f"https://www.tempo.co/tag/{slug_of(story.topic)}", None)
    other = stacks.neighbours(story, 1, skip=dice.roll(_NEAR))[0]
    return Anchor(0, words, other.url, other)


def _closing(dice: Dice, stacks: Stacks, story: Story, people: tuple[Credit, ...]) -> Iterator[Line]:
    habits = _habits(story)
    if _once_in(dice, habits.signed_once_in):
        yield _signed(dice, people)
    if _once_in(dice, habits.contributor_once_in):
        yield _contributed(dice, english=story.edition.language == "en")
    if habits.choice and not dice.one_in(_NO_CHOICE):
        other = stacks.neighbours(story, 1, skip=_NEAR - 2)[0]
        yield Pointer(label=habits.choice, relation="editorsChoice", url=other.url, target=other)


def _contributed(dice: Dice, *, english: bool) -> Contributed:
    names = tuple(" ".join(dice.picks((GIVEN, FAMILY))) for _ in range(1 + dice.one_in(_TWO_HELP)))
    end = "contributed to this article" if english else "berkontribusi dalam penulisan artikel ini"
    return Contributed(names, f"{(' and ' if english else ' dan ').join(names)} {end}")


def _signed(dice: Dice, people: tuple[Credit, ...]) -> Signed:
    """`ANTARA`, or a reporter with an editor's initials; an author who stands above too, perhaps with another."""
    if dice.one_in(_AGENCY_SIGNS):
        return Signed(dice.pick(AGENCIES).upper(), ())
    authors = tuple(person.name for person in people if person.role == "author")
    names = (*authors, _plain_person(dice)) if not authors or dice.one_in(_TWO_SIGN) else authors
    initials = "" if len(names) > 1 or dice.roll(2) else f" | {dice.pick('ADHKRS')}{dice.pick('ABMNW')}"
    return Signed(", ".join(names).upper() + initials, names)


def _plain_person(dice: Dice) -> str:
    return " ".join(dice.picks((_PLAIN_GIVEN, _PLAIN_FAMILY)))


def _dateline(dice: Dice, story: Story, habits: Habits) -> Dateline | None:
    publisher = dice.pick(_PUBLISHERS) if story.edition.language == "id" else _PUBLISHERS[0]
    place = None if dice.one_in(_QUAINT_PLACE) and publisher != _PUBLISHERS[0] else story.place
    return None if _once_in(dice, habits.no_dateline_once_in) else Dateline(publisher, place)


def _byline(dice: Dice, habits: Habits) -> Iterator[Credit]:
    """Each role once, the first now and then twice; the publisher's name now and then for the first; nobody twice."""
    twice = dice.one_in(_SECOND_REPORTER)
    unnamed = {"editor"} if _once_in(dice, habits.no_editor_once_in) else set()
    roles = [role for role in habits.byline[:1] * twice + habits.byline if role not in unnamed]
    names = dict.fromkeys(_plain_person(dice) for _ in range(2 * len(roles)))  # twice as many: one may come twice
    house = [HOUSE] if dice.one_in(_HOUSE) and roles[:1] == ["reporter"] else []
    for role, name in zip(roles, [*house, *names], strict=False):
        yield Credit(name, role, f"{habits.profile}{slug_of(name)}" if habits.profile and role == "author" else None)


def _picture(dice: Dice, story: Story) -> Picture:
    number = dice.roll(_PICTURES)
    caption = dice.pick(story.edition.lexicon.captions).fill(story.words, dice)
    url = f"https://statik.tempo.co/data/{story.published:%Y/%m/%d}/id_{number}/{number}_720.jpg"
    return Picture(url, caption, dice.pick((f"TEMPO/{_plain_person(dice)}", f"ANTARA/{_plain_person(dice)}")))


def _keywords(dice: Dice, story: Story, habits: Habits) -> tuple[str, ...]:
    tags = (story.topic.capitalize(), story.place, story.cast["org"][0], story.cast["person"][0])
    return tags[: _between(dice, habits.tags)]


def _cards(dice: Dice, stacks: Stacks, story: Story, habits: Habits) -> Iterator[Card]:
    """Older stories; among them, now and then, a paid one."""
    promo_at = dice.roll(habits.cards[0]) if _once_in(dice, habits.promo_once_in) else None
    for place, other in enumerate(stacks.neighbours(story, _between(dice, habits.cards))):
        if place == promo_at:
            yield _promo(dice, story)
        yield _card(other, stacks, habits)


def _card(other: Story, stacks: Stacks, habits: Habits) -> Card:
    age = age_of(other.published, stacks.now)
    written = {
        "age": (age.indonesian, age.window(Window(stacks.now, stacks.now))),
        "date": (weekday_date(other.published, other.edition.lexicon), day_window(other.published)),
    }
    label, window = written.get(habits.times, (None, None))
    return Card(
        kind=CardKind.STORY,
        url=other.url if habits.secure else other.url.replace("https:", "http:", 1),
        headline=other.headline,
        excerpt=other.excerpt if habits.excerpts else None,
        age=label,
        window=window,
        target=other,
    )


def _promo(dice: Dice, story: Story) -> Card:
    host = story.url.split("/")[2]
    return Card(
        kind=CardKind.PROMO,
        url=f"https://{host}/read/{dice.pick(PROMOTED)}/{slug_of(PROMO_HEADLINE)}",
        headline=PROMO_HEADLINE,
        excerpt=None,
        age=dice.pick(("PR", "Inforial", "Info Tempo")),
        window=None,
        target=None,
    )
