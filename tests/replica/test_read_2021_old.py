# ruff: noqa: RUF001 - quotes as Tempo prints them
import re
from itertools import chain

import pytest

from replica import World
from tests.replica.conftest import NOW
from tests.replica.readers import archived, body_of, linked_data, related, words

NAMES = ("read-2021-en", "read-2021-id")
MAIN = "article.detail-artikel:not(.berikutnya)"
POINTER = re.compile(r"(?:Read|Read also|Baca Juga|Baca juga|Editor’s Choice|Pilihan Editor):")
PAGE = re.compile(
    r"Scroll ke bawah|Baca berita dengan|Iklan$|Tampilkan Ringkasan|Dengarkan artikel$|Bagikan$|Ikuti berita"
    r"|Click here|Advertisement$|Berlangganan Tempo|Illustration|Ilustrasi"
)


def pages(name, *seeds):
    return chain.from_iterable(archived(World(stories=600, seed=seed, now=NOW), name) for seed in seeds)


def prose(tree):
    """The paragraphs of the text, without those of boxes and cards."""
    inside = {p.mem_id for p in tree.css(f"{MAIN} .baca-juga p, {MAIN} .card-box p")}
    return [p for p in tree.css(f"{MAIN} div.detail-in p, {MAIN} div.detail-konten p") if p.mem_id not in inside]


@pytest.mark.parametrize("name", NAMES)
def test_head(name):
    metas, leftover, languages = set(), 0, set()
    for truth, tree in pages(name, 7, 8):
        assert words(tree.css_first(".detail-title h1")) == truth["headline"]
        assert len(tree.css("h1")) >= 5
        assert words(tree.css_first(".detail-title .date")) == truth["datePublishedRaw"]
        metas.add(tree.css_first('meta[property="article:published_time"]').attributes["content"][-3:])
        leftover += linked_data(tree, "NewsArticle")["dateModified"] != truth["dateModifiedRaw"]
        assert truth["url"] in [a.attributes["href"] for a in tree.css("link[rel=canonical]")]
        assert [words(a) for a in tree.css(".breadcrumbs .sitemap a")] == ["Home", truth["articleSection"]]
        languages.add(tree.css_first("html").attributes["lang"])
    assert {"WIB", ":00", "00Z"} == metas
    assert leftover
    assert languages == {"en", truth["inLanguage"]}


@pytest.mark.parametrize("name", NAMES)
def test_people_and_body(name):
    roles = set()
    for truth, tree in pages(name, 7, 8, 9):
        shown = [[words(part) for part in avatar.iter()] for avatar in tree.css(f"{MAIN} .text-avatar")]
        people = [(who, label.lower()) for label, who in shown if who != "Tempo.co"]
        assert [(a["name"], a["role"]) for a in truth["authors"]][: len(people)] == people
        roles |= {a["role"] for a in truth["authors"]} | {who for _, who in shown if who == "Tempo.co"}
        lines = [p for p in prose(tree) if not (p.css_first("a") and words(p) == words(p.css_first("a")))]
        place, body = body_of([words(p) for p in lines if not POINTER.match(words(p)) and not PAGE.match(words(p))])
        assert (place, body) == ((truth["dateline"] or {}).get("place"), truth["articleBody"])
    translated = {"translator"} if name.endswith("en") else set()
    assert roles == {"reporter", "editor", "contributor", "Tempo.co"} | translated


@pytest.mark.parametrize("name", NAMES)
def test_related(name):
    relations, inside, following = set(), 0, 0
    for truth, tree in pages(name, 7, 8):
        further = {card.mem_id for card in tree.css("article.berikutnya .card-box")}
        cards = [card for card in tree.css("div.card-box") if card.mem_id not in further]
        assert [(c.css_first(".title a").attributes["href"], words(c.css_first(".date"))) for c in cards] == [
            (link["url"], link["datePublishedRaw"]) for link in related(truth)
        ]
        inside += len(tree.css(f"{MAIN} div.detail-konten .card-box"))
        following += len(further)
        relations |= {link["relation"] for link in truth["relatedLinks"]}
        boxed = [a.attributes["href"] for a in tree.css(".baca-juga a")]
        assert set(boxed) <= {link["url"] for link in related(truth, "readAlso")}
    assert relations == {"related", "readAlso", "editorsChoice", "inline"}
    assert (inside > 0) is (following > 0) is name.endswith("id")


@pytest.mark.parametrize("name", NAMES)
def test_captions_hide_a_number(name):
    for truth, tree in pages(name, 7):
        for image, figure in zip(truth["images"], tree.css(f"{MAIN} .foto-detail"), strict=True):
            assert figure.css_first("img").attributes["src"] == image["url"]
            hidden = words(figure.css_first("small"))
            assert words(figure.css_first("figcaption")) == f"{image['caption']} {image['credit']}{hidden}"
