import json

from tests.replica.readers import archived, words


def test_what_it_tells_machines_and_readers(world):
    for truth, tree in archived(world, "unknown"):
        news, crumbs = json.loads(tree.css_first('script[type="application/ld+json"]').text())
        assert words(tree.css_first("article h1")) == news["headline"] == truth["headline"]
        assert (news["datePublished"], news["dateModified"]) == (truth["datePublishedRaw"], truth["dateModifiedRaw"])
        assert [(p["name"], p["url"]) for p in news["author"]] == [(a["name"], a["url"]) for a in truth["authors"]]
        assert crumbs["itemListElement"][1]["name"] == news["articleSection"] == truth["articleSection"]
        assert news["keywords"] == truth["keywords"]
        assert "\n\n".join(words(p) for p in tree.css("article .story p")) == truth["articleBody"]
        assert [words(f) for f in tree.css("figcaption")] == [image["caption"] for image in truth["images"]]
        assert tree.css_first('meta[property="og:type"]').attributes["content"] == "article"
        assert not tree.css(".detail-artikel, #article, .artikel, [id=content-wrapper]")
