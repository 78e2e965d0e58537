from tests.replica.readers import NOT_TEXT, body_of, related, trees, words

SITE = "tempo-en"


def test_head_and_body(world):
    for truth, _, tree in trees(world, SITE):
        assert words(tree.css_first(".detail-title h1")) == truth["headline"]
        assert len(tree.css("h1")) > 1
        assert words(tree.css_first(".detail-title .date")) == truth["datePublishedRaw"]
        place, body = body_of([words(p) for p in tree.css("div.detail-in p")])
        assert place == (truth["dateline"] and truth["dateline"]["place"])
        assert body == truth["articleBody"]
        assert tree.css_first("link[rel=canonical]").attributes["href"] == truth["url"]


def test_people(world):
    seen = set()
    for truth, _, tree in trees(world, SITE):
        shown = [[words(part) for part in avatar.iter()] for avatar in tree.css(".text-avatar")]
        people = [(name, label.lower()) for label, name in shown if name != "Tempo.co"]
        lines = [words(p) for p in tree.css("div.detail-in p")]
        end = " contributed to this article"
        people += [(line.removesuffix(end), "contributor") for line in lines if line.endswith(end)]
        assert [(author["name"], author["role"]) for author in truth["authors"]] == people
        seen |= {role for _, role in people} | {name for _, name in shown if name == "Tempo.co"}
    assert seen == {"reporter", "editor", "contributor", "Tempo.co"}


def test_furniture(world):
    for truth, _, tree in trees(world, SITE):
        assert [words(a) for a in tree.css(".box-tag-detail a")] == truth["keywords"]
        crumbs = [words(a) for a in tree.css(".breadcrumbs .sitemap a")]
        assert crumbs == ["Home", truth["articleSection"]]
        pictures = [image.attributes["src"] for image in tree.css(".foto-detail figure img")]
        assert pictures == [image["url"] for image in truth["images"]]
        for image in truth["images"]:
            shown = words(tree.css_first(".foto-detail figcaption"))
            assert shown in {f"{image['caption']} {label}{image['credit']}" for label in ("", "Photo: ")}


def test_cards(world):
    promoted = forbidden = 0
    for truth, extra, tree in trees(world, SITE):
        cards = tree.css("div.card-box")
        shown = [(card.css_first(".title a"), card.css_first("p"), age_of(card)) for card in cards]
        expected = related(truth)
        assert [link["position"] for link in expected] == list(range(1, len(cards) + 1))
        assert [(a.attributes["href"], words(a), words(p), age) for a, p, age in shown] == [
            (link["url"], link["headline"], link["description"], link["datePublishedRaw"]) for link in expected
        ]
        alts = [card.css_first("figure.img-card a img").attributes["alt"] for card in cards]
        assert alts == [link["headline"] for link in expected]
        promoted += len(extra["promoted"])
        assert [link["url"] for link in expected if link["isPromotional"]] == extra["promoted"]
        assert extra["promoted"] == [link["url"] for link in expected if link["datePublishedRaw"] == "PR"]
        forbidden += len(extra["forbidden"])
    assert promoted
    assert forbidden


def age_of(card):
    date = card.css_first(".date")
    return date and words(date)


def test_lines_in_the_body(world):
    kinds = set()
    for truth, _, tree in trees(world, SITE):
        lines = [(words(p), p.css("a")) for p in tree.css("div.detail-in p")]
        for start, relation in (("Read: ", "readAlso"), ("Editor", "editorsChoice")):
            links = [a for line, own in lines if line.startswith(start) and NOT_TEXT.match(line) for a in own]
            shown = [(a.attributes["href"], words(a)) for a in links]
            assert shown == [(link["url"], link["headline"]) for link in related(truth, relation)]
            kinds |= {relation for _ in shown}
    assert kinds == {"readAlso", "editorsChoice"}
