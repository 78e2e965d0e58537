import re

from tests.replica.readers import archived, body_of, related, words

NAME = "news-2013-id"


def test_head_and_body(world):
    seen = set()
    for truth, tree in archived(world, NAME):
        assert words(tree.css_first("div.artikel > h1")) == truth["headline"]
        assert words(tree.css_first("div.artikel div.block-tanggal")) == truth["datePublishedRaw"]
        (paragraph,) = tree.css("div.artikel > p")
        lines = [line.strip() for line in paragraph.inner_html.split("<br>") if line.strip()]
        plain = [words(type(tree)(line).body) for line in lines]
        place, body = body_of(plain)
        assert (place, body) == ((truth["dateline"] or {}).get("place"), truth["articleBody"])
        assert plain[-1].isupper()
        names = [a["name"].upper() for a in truth["authors"]]
        assert re.split(r", | \| ", plain[-1])[: len(names)] == names
        assert {a["role"] for a in truth["authors"]} <= {"reporter"}
        seen.add(bool(names))
    assert seen == {True, False}


def test_dates_in_every_zone_and_spelling(world):
    shown = " ".join(truth["datePublishedRaw"] for truth, _ in archived(world, NAME))
    assert {"WIB"} < set(re.findall(r"\bWI\w+", shown))


def test_furniture(world):
    for truth, tree in archived(world, NAME):
        crumbs = [(words(a), a.attributes["href"]) for a in tree.css(".block-kanal-map a")]
        assert [{"name": name, "url": url} for name, url in crumbs[1:]] == truth["breadcrumbs"]
        assert [words(a) for a in tree.css("ul.topik-terkait a")] == truth["keywords"]
        pictures = [image.attributes["src"] for image in tree.css(".single-img > img")]
        assert pictures == [image["url"] for image in truth["images"]]
        shown = [words(caption) for caption in tree.css(".deskripsi")]
        assert shown == [f"{image['caption']} {image['credit']}" for image in truth["images"]]


def test_related(world):
    for truth, tree in archived(world, NAME):
        (heading,) = [h for h in tree.css("h4") if words(h) == "Berita Terkait"]
        links = heading.parent.css("ul a")
        assert [(a.attributes["href"], words(a)) for a in links] == [
            (link["url"], link["headline"]) for link in related(truth)
        ]
