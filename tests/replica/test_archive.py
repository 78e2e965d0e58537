"""The archive: as lazy, as fixed by its seed and as weighty as the present; its pages link each other."""

import re
from datetime import timedelta
from itertools import islice
from urllib.parse import urlsplit

import pytest

from replica import GENERATIONS, HOSTS, Kind
from replica.archive.generations import BY_NAME
from replica.archive.stacks import Stacks
from replica.times import WIB
from tests.replica.conftest import NOW, STORIES, world_of
from tests.replica.test_world import FIELDS


@pytest.mark.parametrize("name", GENERATIONS)
def test_a_generation_has_its_pages(world, name):
    urls = list(world.archive_urls(name))
    assert len(set(urls)) == len(urls) == 14
    for url in urls:
        reply = world.page(url)
        assert (reply.status, reply.kind) == (200, Kind.ARTICLE)
        assert 50_000 < len(reply.body) < 125_000
        truth = world.truth(url)
        assert truth.keys() == FIELDS
        assert truth["url"] == url
        assert world.truth(f"{url}x") is world.truth(url.replace("https", "http", 1)) is None
        assert urlsplit(url).hostname in HOSTS
    assert len({world.page(url).body for url in urls}) == len(urls)


def test_all_is_each(world):
    assert list(world.archive_urls()) == [url for name in GENERATIONS for url in world.archive_urls(name)]
    assert len({world.truth(url)["key"] for url in world.archive_urls()}) == len(list(world.archive_urls()))
    assert not set(world.archive_urls()) & set(world.article_urls())
    with pytest.raises(KeyError):
        list(world.archive_urls("news-1971"))


def test_the_seed_decides_everything():
    def pages(world):
        return [world.page(url).body for url in world.archive_urls()]

    assert pages(world_of()) == pages(world_of())
    assert not set(pages(world_of())) & set(pages(world_of(seed=8)))


@pytest.mark.parametrize("name", GENERATIONS)
@pytest.mark.parametrize("stories", [1, 600, 20_000, 1_000_000])
def test_stories_are_found_from_number_and_day(name, stories):
    stacks, generation = Stacks(stories, 7, NOW), BY_NAME[name]
    assert stacks.each == max(14, stories // 50)
    found = [*islice(stacks.stories_of(generation), 400), stacks.story(generation, stacks.each - 1)]
    times = [story.published for story in found]
    assert times == sorted(times, reverse=True)
    for story in found:
        day = story.published.astimezone(WIB).date()
        assert generation.first <= day <= generation.last
        assert stacks.by_number(generation, story.number) is story
        host = urlsplit(story.url).hostname
        assert (story in stacks.on_day(day, host)) is story.in_index
        assert story not in stacks.on_day(day + timedelta(days=1))
    days = list(islice(stacks.days(generation), 90))
    assert len(days) > 2
    listed = [story for day in days for story in stacks.on_day(day) if story.edition is generation]
    assert listed[:200] == [story for story in found[:-1] if story.in_index][:200]


def test_numbers_of_a_sequence_never_meet():
    stacks = Stacks(1_000_000, 7, NOW)
    ends = {name: (stacks.story(one, stacks.each - 1).number, one.newest_number) for name, one in BY_NAME.items()}
    for name, (first, last) in ends.items():
        assert 0 < first <= last
        for other, (start, end) in ends.items():
            same = BY_NAME[name].sequence == BY_NAME[other].sequence and name != other
            assert not same or last < start or end < first
        assert BY_NAME[name].sequence != "tempo-read" or last < 777_000  # the oldest present story of a million


def secure(url):
    return url.replace("http:", "https:", 1)


@pytest.mark.parametrize("name", [name for name in GENERATIONS if name != "unknown"])  # whose links nobody reads
def test_one_page_leads_to_all(world, name):
    urls = list(world.archive_urls(name))
    depth, reached, edge = 0, {urls[0]}, {urls[0]}
    while edge:
        links = [secure(link["url"]) for url in edge for link in world.truth(url)["relatedLinks"]]
        edge = set(links) & set(urls) - reached
        reached |= edge
        depth += bool(edge)
    assert reached == set(urls)
    assert depth >= 3


def test_windows_on_cards_hold_the_truth(world):
    for url in world.archive_urls():
        for link in world.truth(url)["relatedLinks"]:
            target = world.truth(secure(link["url"]))
            assert target or link["isPromotional"] or link["url"].startswith("https://goo.gl/")
            if target and link["datePublishedRaw"]:
                assert link["datePublishedEarliest"] <= target["datePublished"] <= link["datePublishedLatest"]


def test_editing_and_removing():
    world = world_of()
    before = {url: world.truth(url) for url in world.archive_urls()}
    world.edit(1.0, 1)
    assert all(
        world.truth(url)["articleBody"] != truth["articleBody"]
        for url, truth in before.items()
        if truth["bodyComplete"] and truth["pageVersion"] not in {"photo", "video", "graphic"}
    )
    url, counts = next(iter(before)), world.counts()
    world.remove(url)
    assert (world.page(url).status, world.page(url).kind, world.truth(url)) == (404, Kind.GONE, None)
    assert url not in world.archive_urls()
    assert (world.counts(), world.gone) == (counts, 6)
    assert len(list(world.article_urls())) == STORIES - 6 + 30


def test_pages_that_are_no_articles(world):
    fates = world.no_article_urls()
    assert set(fates.values()) == {"challenge", "emptyShell", "paywalled", "notArticle"}
    assert len(fates) == 12
    marks = {"challenge": b"Verifying you are human", "emptyShell": b"__nuxt", "paywalled": b"newblur-pwcontain"}
    for url, fate in fates.items():
        reply = world.page(url)
        assert (reply.status, reply.kind, world.truth(url)) == (200, Kind.OTHER, None)
        assert marks.get(fate, b"microsite") in reply.body
        assert url not in world.archive_urls()


def test_old_spellings_and_all_zones_occur():
    """In the four worlds that readers are compared with."""
    worlds = [world_of(seed=seed) for seed in range(7, 11)]
    raws = [world.truth(url)["datePublishedRaw"] for world in worlds for url in world.archive_urls()]
    words = set(re.findall(r"[\w'\u2019]+", " ".join(raws)))
    assert {"Jum'at", "Jum\u2019at", "Ahad", "Pebruari", "Agust", "Nopember", "WIB", "WITA", "WIT"} <= words
