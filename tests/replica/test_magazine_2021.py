import json
import re
from itertools import chain

import pytest

from replica import World
from tests.replica.conftest import NOW
from tests.replica.readers import archived, body_of, linked_data, related, words

NAMES = ("magz", "majalah", "koran")
POINTER = re.compile(r"(?:Read|Baca): ")
RUBRIC_AS_H1 = {"majalah"}


def pages(name, *seeds):
    return chain.from_iterable(archived(World(stories=600, seed=seed, now=NOW), name) for seed in seeds)


def meta(tree, name):
    return tree.css_first(f'meta[property="{name}"], meta[name="{name}"]').attributes["content"]


@pytest.mark.parametrize("name", NAMES)
def test_what_it_tells_machines(name):
    sources, paid = set(), set()
    for truth, tree in pages(name, 7, 8):
        news = linked_data(tree, "NewsArticle")
        assert news["headline"] == meta(tree, "og:title") == truth["headline"]
        assert (words(tree.css_first(".detail-title h1")) == truth["headline"]) is (name not in RUBRIC_AS_H1)
        assert meta(tree, "article:published_time") == truth["datePublishedRaw"]
        assert news.get("datePublished", truth["datePublishedRaw"]) == truth["datePublishedRaw"]
        assert truth["dateSource"] == ("jsonLd" if "datePublished" in news else "meta")
        assert news.get("dateModified") == truth["dateModifiedRaw"]
        assert ":" not in words(tree.css_first(".detail-title .date"))
        assert news["isAccessibleForFree"] is truth["isAccessibleForFree"] is truth["bodyComplete"]
        assert truth["bodyComplete"] is (tree.css_first(".newblur-pwcontain") is None)
        layer = json.loads(re.search(r"dataLayer = \[(\{.*?\})\];", tree.html, re.DOTALL)[1])
        assert layer["content_category"] == truth["articleSection"]
        sources.add(truth["dateSource"])
        paid.add(truth["bodyComplete"])
    assert sources == {"jsonLd", "meta"}
    assert paid == {True, False}


@pytest.mark.parametrize("name", NAMES)
def test_people_and_body(name):
    roles, scripts = set(), 0
    for truth, tree in pages(name, 7, 8, 9):
        shown = [(words(a), "author", a.attributes["href"]) for a in tree.css(".text-avatar h4 a")]
        editor = linked_data(tree, "NewsArticle")["editor"]["name"]
        shown += [(editor, "editor", None)] if editor else []
        people = [(a["name"], a["role"], a["url"]) for a in truth["authors"]]
        assert people[: len(shown)] == shown
        assert all(role == "reporter" for _, role, _ in people[len(shown) :])
        assert not {who for who, _, _ in people[len(shown) :]} & {who for who, role, _ in shown if role == "author"}
        roles |= {role for _, role, _ in people}
        lines = [p for p in tree.css("div.detail-in > p") if not p.css_first("small")]
        for script in tree.css("div.detail-in p script"):
            scripts += 1
            script.decompose()
        text = [words(p) for p in lines if not POINTER.match(words(p))]
        assert body_of(text) == (None, truth["articleBody"])
    assert roles == {"author", "editor", "reporter"}
    assert scripts


@pytest.mark.parametrize("name", NAMES)
def test_related_and_pictures(name):
    for truth, tree in pages(name, 7, 8):
        cards = tree.css("ul.list-berita-lainnya .text-card")
        for card, link in zip(cards, related(truth, "moreArticles"), strict=True):
            assert card.css_first("h3 a").attributes["href"] == link["url"]
            label = words(card.css_first(".kanal"))
            assert words(card.css_first(".date")) == f"{label} {link['datePublishedRaw']}"
        inside = [image.attributes["src"] for image in tree.css("div.foto-detail img, div.detail-in p img")]
        assert inside == [image["url"] for image in truth["images"]]
        captions = [words(small) for small in tree.css("div.detail-in small")]
        assert captions == [f"{image['caption']} {image['credit']}" for image in truth["images"][1:]]
        assert [words(a) for a in tree.css(".box-tag-detail a")] == truth["keywords"]
        assert not related(truth)
