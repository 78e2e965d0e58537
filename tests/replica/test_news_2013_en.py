from tests.replica.readers import archived, body_of, related, words

ARTICLE = "div.kolom-2-kolom"


def test_head_and_body(world):
    seen = set()
    for truth, tree in archived(world, "news-2013-en"):
        assert not tree.css("h1:not(.logo)")
        assert words(tree.css_first(f"{ARTICLE} div.judul-konten")) == truth["headline"]
        assert words(tree.css_first(f"{ARTICLE} > div.tanggal")) == truth["datePublishedRaw"]
        place, body = body_of([words(p) for p in tree.css(f"{ARTICLE} div.tubuh-berita p")])
        assert (place, body) == (truth["dateline"] and truth["dateline"]["place"], truth["articleBody"])
        assert " ".join(tree.css_first("meta[name=description]").attributes["content"].split()) == truth["description"]
        seen.add((place is None, "\n" in tree.css_first("meta[name=description]").attributes["content"]))
    assert {broken for _, broken in seen} == {True}


def test_furniture(world):
    for truth, tree in archived(world, "news-2013-en"):
        assert [words(a) for a in tree.css("#blok-sitemap a")] == ["Home", truth["articleSection"]]
        assert [words(a) for a in tree.css(".mlta a")] == truth["keywords"]
        assert [image.attributes["src"] for image in tree.css("div.foto-konten img")] == [
            image["url"] for image in truth["images"]
        ]
        for image in truth["images"]:
            shown = words(tree.css_first(".foto-desc"))
            assert shown in {f"{image['caption']} {label}{image['credit']}" for label in ("", "Image: ")}


def test_related(world):
    for truth, tree in archived(world, "news-2013-en"):
        cards = [(a.attributes["href"], words(a)) for a in tree.css(".berita-terkait a")]
        assert [(f"https://en.tempo.co{path}", headline) for path, headline in cards] == [
            (link["url"], link["headline"]) for link in related(truth)
        ]
        assert len(tree.css("#mycarousel a, .kolom-300 a")) == 6


def test_old_spellings_lead_to_the_page(world):
    for url in world.archive_urls("news-2013-en"):
        head, _, slug = url.rpartition("/")
        for old in (f"{head},uk.html/{slug}", f"{head}/another", head, f"{url}/".replace("/read/", "/amp/")):
            assert (world.page(old).status, world.page(old).headers["Location"]) == (301, url)
        assert world.page(f"{url}?i=1").status == 200
