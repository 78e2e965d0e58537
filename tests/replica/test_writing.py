"""Texts: whole, varied, with the agencies they name."""

import re
import unicodedata
from itertools import combinations

import pytest

from replica.words.english import ENGLISH
from replica.words.indonesian import INDONESIAN
from replica.words.names import AGENCIES
from tests.replica.conftest import world_of

LANGUAGES = (ENGLISH, INDONESIAN)


def truths(world, site):
    return [world.truth(url) for url in world.article_urls(site)]


def shingles(text):
    words = re.findall(r"\w+", text.casefold())
    return {tuple(words[i : i + 3]) for i in range(len(words) - 2)}


@pytest.mark.parametrize("lexicon", LANGUAGES)
def test_a_walk_with_any_stride_meets_each_sentence(lexicon):
    count = len(lexicon.sentences)
    assert all(count % divisor for divisor in range(2, count))
    assert count > 14 * 4  # paragraphs of the longest story, sentences of the longest paragraph


@pytest.mark.parametrize("lexicon", LANGUAGES)
def test_every_slot_has_words(lexicon):
    own = {"person", "surname", "surname2", "aide", "aide_role", "role", "day", "date", "topic", "place", "org"}
    kinds = (lexicon.headlines, lexicon.excerpts, lexicon.openings, lexicon.sentences, lexicon.captions)
    for template in (template for kind in kinds for template in kind):
        assert set(template.slots) <= own | lexicon.pools.keys(), template
    for template in lexicon.credited:
        assert "agency" in template.slots


@pytest.mark.parametrize("site", ["tempo-en", "tempo-id"])
def test_bodies(world, site):
    for truth in truths(world, site):
        paragraphs = truth["articleBody"].split("\n\n")
        assert 6 <= len(paragraphs) <= 14 or not truth["bodyComplete"]
        assert all(paragraph and paragraph == paragraph.strip() for paragraph in paragraphs)
        assert unicodedata.is_normalized("NFC", truth["articleBody"] + truth["headline"])
        assert not re.search(r"[{}]|%s|  ", truth["articleBody"])


@pytest.mark.parametrize("site", ["tempo-en", "tempo-id"])
def test_no_two_stories_are_near_duplicates(world, site):
    texts = [shingles(truth["articleBody"]) for truth in truths(world, site)[:150] if truth["bodyComplete"]]
    assert max(len(a & b) / len(a | b) for a, b in combinations(texts, 2)) < 0.25


@pytest.mark.parametrize("site", ["tempo-en", "tempo-id"])
def test_agencies_are_those_that_the_page_names(world, site):
    seen = set()
    for url in world.article_urls(site):
        credited = set(world.extra_truth(url)["agencies"])
        page = world.page(url).body.decode()
        body = re.sub(r"\bAntara [\w ]+ dan\b", "", world.truth(url)["articleBody"])  # "between", not the agency
        named = {agency for agency in AGENCIES if agency in body}
        signed = {"Antara"} if ">ANTARA<" in page else set()
        assert named | signed == credited
        seen |= credited
    assert len(seen) > 5


def test_headlines_rarely_repeat():
    headlines = [truth["headline"] for truth in truths(world_of(2000), "tempo-en")]
    assert len(set(headlines)) > 0.99 * len(headlines)
