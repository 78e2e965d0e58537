import re

from tests.replica.readers import archived, linked_data, related, words

DATELINE = re.compile(r"(?:TEMPO\.CO|INFO CANTIKA\.COM)(?:, .+?)? - ")


def cards(tree):
    return [
        (card.css_first(".title a").attributes["href"], words(card.css_first(".date")))
        for card in tree.css(".card-box")
    ]


def test_a_video_has_a_text_and_credits_below_it(world):
    forms = set()
    for truth, tree in archived(world, "video"):
        assert tree.css_first(".foto-detail ivs-player, .foto-detail iframe")
        lines = [words(p) for p in tree.css("div.detail-in p")]
        said = truth["articleBody"].split("\n\n")
        credits_shown = " ".join(lines[len(said) :])
        assert [DATELINE.sub("", line) for line in lines[: len(said)]] == said
        (image,) = truth["images"]
        people = " ".join(f"Editor: {a['name']}" for a in truth["authors"])
        assert credits_shown == f"Foto: {image['credit']} {people}"
        video = linked_data(tree, "NewsArticle")["video"]
        assert (video["@type"], video["thumbnailUrl"]) == ("VideoObject", image["url"])
        assert video["description"].endswith(credits_shown)
        assert image["caption"] is None
        assert cards(tree) == [(link["url"], link["datePublishedRaw"]) for link in related(truth)]
        assert words(tree.css_first(".detail-title .date")) == truth["datePublishedRaw"]
        forms.add(len(lines) - len(said))
    assert len(forms) > 1


def test_a_graphic_has_a_short_text_or_none(world):
    silent = set()
    for truth, tree in archived(world, "graphic"):
        lines = [DATELINE.sub("", words(p)) for p in tree.css("div.detail-in p")]
        (image,) = truth["images"]
        assert "\n\n".join(lines or [image["caption"]]) == truth["articleBody"]
        assert words(tree.css_first("figcaption")) == f"{image['caption']} {image['credit']}"
        assert [words(a) for a in tree.css(".breadcrumbs a")] == ["Home", "Grafis"]
        assert cards(tree) == [(link["url"], link["datePublishedRaw"]) for link in related(truth)]
        assert lines or truth["dateline"] is None
        silent.add(not lines)
    assert silent == {True, False}
