"""Closed forms: from an index to a time and a number, and back, however large the world."""

from datetime import timedelta

import pytest

from replica.editions import EDITIONS, EN, ID
from replica.newsroom import MINUTES_APART, Newsroom
from replica.related import related_serials
from tests.replica.conftest import NOW

MINUTE = timedelta(minutes=1)
SIZES = (1, 2, 3, 10, 11, 600, 1_000_000)


def sample(size):
    return sorted({*range(min(size, 300)), *range(0, size, max(1, size // 97)), size - 1})


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("stories", SIZES)
def test_times_and_numbers_lead_back(stories, edition):
    newsroom = Newsroom(stories=stories, seed=7, now=NOW)
    for serial in sample(newsroom.size(edition)) if newsroom.size(edition) else ():
        published = newsroom.published(edition, serial)
        assert published.second == 0
        assert list(newsroom.between(edition, published, published + MINUTE)) == [serial]
        assert list(newsroom.between(edition, published + MINUTE, published + 2 * MINUTE)) == []
        assert newsroom.by_number(edition, newsroom.number(edition, serial)).serial == serial


@pytest.mark.parametrize("edition", EDITIONS)
def test_times_and_numbers_fall_with_the_index(edition):
    newsroom = Newsroom(stories=6000, seed=7, now=NOW)
    times = [newsroom.published(edition, serial) for serial in range(3000)]
    numbers = [newsroom.number(edition, serial) for serial in range(3000)]
    assert times == sorted(times, reverse=True)
    assert numbers == sorted(set(numbers), reverse=True)
    assert timedelta(0) < NOW - times[0] < timedelta(minutes=10)
    assert 39 < 3000 / ((times[0] - times[-1]) / timedelta(days=1)) < 41


def test_the_two_sequences_of_numbers_overlap():
    newsroom = Newsroom(stories=600, seed=7, now=NOW)
    english, indonesian = ({newsroom.number(edition, serial) for serial in range(300)} for edition in (EN, ID))
    assert english & indonesian


def test_unknown_numbers_and_times():
    newsroom = Newsroom(stories=10, seed=7, now=NOW)
    assert newsroom.by_number(EN, 17) is None
    assert newsroom.by_number(EN, 9_999_999) is None
    assert not newsroom.between(EN, NOW, NOW + timedelta(days=1))
    assert not newsroom.between(EN, NOW - timedelta(days=9), NOW - timedelta(days=8))


@pytest.mark.parametrize("hours", [0, 1, 7, 24, 200])
def test_between_is_exact(hours):
    newsroom = Newsroom(stories=600, seed=7, now=NOW)
    start, end = NOW - timedelta(hours=hours + 24), NOW - timedelta(hours=hours)
    slow = [n for n in range(300) if start <= newsroom.published(EN, n) < end]
    assert list(newsroom.between(EN, start, end)) == slow
    assert abs(len(slow) - timedelta(days=1) / timedelta(minutes=MINUTES_APART)) < 41


def test_listed_stories_are_counted_in_closed_form():
    newsroom = Newsroom(stories=600, seed=7, now=NOW)
    listed = [serial for serial in range(300) if newsroom.in_index(serial)]
    assert len(listed) == 200
    assert [story.serial for story in newsroom.listed(EN, 0, 1000)] == listed
    assert [newsroom.listed_before(EN, serial) for serial in range(301)] == [
        sum(1 for other in listed if other < serial) for serial in range(301)
    ]


@pytest.mark.parametrize("stories", [2, 3, 9, 10, 11, 40, 600])
def test_related_stories_are_others_of_the_edition(stories):
    newsroom = Newsroom(stories=stories, seed=7, now=NOW)
    for edition in EDITIONS:
        size = newsroom.size(edition)
        for serial in range(size):
            others = related_serials(newsroom, edition, serial)
            assert serial not in others
            assert others == sorted(set(others))
            assert all(0 <= other < size for other in others)
            assert min(4, size - 1) <= len(others) <= 8


def test_related_stories_are_mostly_older_and_near():
    newsroom = Newsroom(stories=1_000_000, seed=7, now=NOW)
    offsets = [other - n for n in range(1000) for other in related_serials(newsroom, EN, n)]
    assert min(offsets) > 0
    assert sum(1 for offset in offsets if offset <= 30) > 0.8 * len(offsets)
    assert max(offsets) > 1000


@pytest.mark.parametrize("stories", [1, 5, 97, 98, 194, 600, 5000])
def test_gone_stories_are_counted_in_closed_form(stories):
    newsroom = Newsroom(stories=stories, seed=7, now=NOW)
    for edition in EDITIONS:
        slow = sum(1 for story in newsroom.edition_stories(edition) if newsroom.is_gone(story))
        assert newsroom.gone(edition) == slow
