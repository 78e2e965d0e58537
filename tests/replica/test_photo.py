from itertools import chain

import pytest

from tests.replica.readers import archived, related, words

NAMES = ["photo", "photo-story"]


@pytest.mark.parametrize("name", NAMES)
def test_pictures_and_captions_stand_apart(world, name):
    for truth, tree in archived(world, name):
        pictures = [image.attributes["src"] for image in tree.css("[itemtype$=ImageGallery] figure img")]
        captions = [words(p) for p in tree.css(".foto-caption [itemprop=caption] p")]
        shown = [(image["url"], f"{image['caption']} {image['credit']}") for image in truth["images"]]
        assert list(zip(pictures, captions, strict=True)) == shown
        assert not any(map(words, tree.css("figure figcaption")))
        said = dict.fromkeys(image["caption"] for image in truth["images"])
        assert truth["articleBody"].split("\n\n") == list(said)


@pytest.mark.parametrize("name", NAMES)
def test_head_and_cards(world, name):
    for truth, tree in archived(world, name):
        assert words(tree.css_first("h1[itemprop=headline]")) == truth["headline"]
        assert truth["headline"] not in words(tree.css_first("title"))
        assert len(tree.css("h1")) >= 5
        assert words(tree.css_first("span#date")) == truth["datePublishedRaw"]
        assert [words(h) for h in tree.css("h4[itemprop=author]")] == [a["name"] for a in truth["authors"]]
        assert {a["role"] for a in truth["authors"]} == {"author"}
        assert [words(a) for a in tree.css("a[itemprop=keywords]")] == truth["keywords"]
        cards = [(li.css_first("a").attributes["href"], words(li.css_first(".time"))) for li in tree.css("#terkait li")]
        assert cards == [(link["url"], link["datePublishedRaw"]) for link in related(truth)]


def test_both_addresses_are_of_one_sequence(world):
    urls = {name: list(world.archive_urls(name)) for name in NAMES}
    assert all("/read/beritafoto/" in url for url in urls["photo-story"])
    keys = [world.truth(url)["key"] for url in chain(*urls.values())]
    assert len(set(keys)) == len(keys) == 28
    assert {key.split(":")[0] for key in keys} == {"tempo-photo"}


def test_the_design_of_2021(world):
    for truth, tree in archived(world, "photo-2021"):
        pictures = [image.attributes["src"] for image in tree.css(".foto-detail .card-box figure img")]
        captions = [words(f) for f in tree.css("article.text-card.padding-no > figcaption.caption")]
        shown = [(image["url"], f"{image['caption']} {image['credit']}") for image in truth["images"]]
        assert list(zip(pictures, captions, strict=True)) == shown
        assert truth["articleBody"].split("\n\n") == list(dict.fromkeys(image["caption"] for image in truth["images"]))
        assert words(tree.css_first(".detail-title .date")) == truth["datePublishedRaw"]
        assert not tree.css("div.detail-in p")
