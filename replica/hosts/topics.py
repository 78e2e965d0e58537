"""Lists by what stories are about: tags, topics, rubrics and their parts, authors."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final

from replica.desk import sheet_of
from replica.editions import EN, Edition
from replica.newsroom import Newsroom, Revision
from replica.story import Story, slug_of

_LOOKED_THROUGH: Final = 1_000  # of the newest stories: a tag has no index of its own here
_AUTHORED: Final = 6  # stories on an author's page
_LAST_DIGITS: Final = 9  # stories apart, by the number of an author


def tagged(newsroom: Newsroom, edition: Edition, tag: str) -> list[Story]:
    """Listed stories that carry it, from the newest; a subject without its trait is a tag too."""
    return [story for story in _newest(newsroom, edition) if _carries(newsroom, story, tag)]


def _newest(newsroom: Newsroom, edition: Edition) -> Iterator[Story]:
    return islice((story for story in newsroom.edition_stories(edition) if story.in_index), _LOOKED_THROUGH)


def _carries(newsroom: Newsroom, story: Story, tag: str) -> bool:
    topic = slug_of(story.topic)
    of_subject = topic.endswith(f"-{tag}") if story.edition is EN else topic.startswith(f"{tag}-")
    if of_subject or tag in {topic, slug_of(story.place)}:
        return True
    named = tag in {slug_of(story.cast["org"][0]), slug_of(story.cast["person"][0])}
    return named and tag in map(slug_of, sheet_of(newsroom, story, Revision()).keywords)


def of_section(newsroom: Newsroom, edition: Edition, section: str, part: str = "") -> Iterator[Story]:
    """The listed stories of a rubric, or of one of its parts, which are its subjects; from the newest."""
    serials = (serial for serial in newsroom.serials(edition) if newsroom.in_index(serial))
    stories = (
        newsroom.story(edition, serial) for serial in serials if newsroom.section(edition, serial).slug == section
    )
    return (story for story in stories if not part or _carries(newsroom, story, part))


def parts_of(edition: Edition, section: str) -> frozenset[str]:
    subjects = (each.subjects for each in edition.lexicon.sections if each.slug == section)
    return frozenset(slug_of(subject) for found in subjects for subject in found)


def authored(newsroom: Newsroom, edition: Edition, number: int) -> list[Story]:
    """Some of the newest: nobody counts who wrote what here."""
    first = number % _LAST_DIGITS
    return newsroom.listed(edition, first, _AUTHORED)
