from tests.replica.readers import body_of, linked_data, related, trees, words

SITE = "tempo-id"
MAIN = "article.detail-artikel:not(.berikutnya)"


def test_linked_data(world):
    twice = 0
    for truth, _, tree in trees(world, SITE):
        news = linked_data(tree, "NewsArticle")
        assert news["headline"] == truth["headline"] == words(tree.css_first(f"{MAIN} h1"))
        assert news["datePublished"] == truth["datePublishedRaw"]
        assert news["description"] == truth["description"]
        assert news["isAccessibleForFree"] is truth["isAccessibleForFree"]
        people = list(dict.fromkeys((person["name"], person["url"]) for person in news["author"]))
        twice += len(people) < len(news["author"])
        assert people == [(a["name"], a["url"]) for a in truth["authors"] if a["role"] == "author"]
        crumbs = linked_data(tree, "BreadcrumbList")["itemListElement"]
        assert [crumb["name"] for crumb in crumbs] == ["Home", truth["articleSection"]]
    assert twice


def test_body(world):
    inlined = paid = 0
    for truth, extra, tree in trees(world, SITE):
        place, body = body_of([words(p) for p in tree.css(f'{MAIN} [id="content-wrapper"] > p')])
        assert place == (truth["dateline"] and truth["dateline"]["place"])
        assert body == truth["articleBody"]
        assert truth["bodyComplete"] is (tree.css_first(".pw-container") is None)
        assert place or body.split()[0].isupper() or not body[0].isalpha()
        assert (tree.css_first("article.berikutnya") is not None) is (extra["inlined"] is not None)
        inlined += extra["inlined"] is not None
        paid += not truth["bodyComplete"]
    assert inlined
    assert paid


def test_furniture(world):
    metas = set()
    for truth, _, tree in trees(world, SITE):
        assert [words(a) for a in tree.css('a[href^="/tag/"]')] == truth["keywords"]
        captions = [words(caption) for caption in tree.css(f"{MAIN} figure figcaption")]
        assert captions == [f"{image['caption']} {image['credit']}" for image in truth["images"]]
        shown = words(tree.css_first(f"{MAIN} p.text-neutral-900.text-sm"))
        meta = tree.css_first('meta[property="article:published_time"]').attributes["content"]
        assert meta in {shown, "null WIB"}
        metas.add(meta == "null WIB")
    assert metas == {True, False}


def test_related(world):
    kinds = set()
    for truth, _, tree in trees(world, SITE):
        cards = tree.css("aside.flex figure figcaption")
        shown = [(card.css_first("p a"), card.css_first("span")) for card in cards]
        assert [(a.attributes["href"], words(a), age and words(age)) for a, age in shown] == [
            (link["url"], link["headline"], link["datePublishedRaw"]) for link in related(truth)
        ]
        boxed = [a.attributes["href"] for a in tree.css(f"{MAIN} .baca-juga a")]
        assert boxed == [link["url"] for link in related(truth, "readAlso")]
        last = tree.css(f'{MAIN} [id="content-wrapper"] > p')[-1]
        chosen = [a.attributes["href"] for a in last.css("a")]
        assert chosen == [link["url"] for link in related(truth, "editorsChoice")]
        assert words(last).startswith("Pilihan Editor: ") or not chosen
        kinds |= {link["relation"] for link in truth["relatedLinks"]}
    assert kinds == {"related", "readAlso", "editorsChoice"}
