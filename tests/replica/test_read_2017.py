import re
from itertools import chain

from selectolax.lexbor import LexborHTMLParser

from replica import World
from tests.replica.conftest import NOW
from tests.replica.readers import archived, body_of, linked_data, related, words

NAME = "read-2017"
PLACEHOLDERS = {"Non Koresponden", "Terjemahan", "Tempo.co"}
POINTER = re.compile(r"(?:Baca|Baca juga|Simak juga): ")


def pages(*seeds):
    return chain.from_iterable(archived(World(stories=600, seed=seed, now=NOW), NAME) for seed in seeds)


def test_head(world):
    leftover = foreign = 0
    for truth, tree in archived(world, NAME):
        assert words(tree.css_first("#article h1[itemprop=headline]")) == truth["headline"]
        assert len(tree.css("h1")) == 6
        assert words(tree.css_first("span#date")) == truth["datePublishedRaw"]
        news = linked_data(tree, "NewsArticle")
        agrees = news["dateModified"] == truth["dateModifiedRaw"]
        assert agrees or truth["dateModified"] is None
        leftover += not agrees
        foreign += tree.css_first("link[rel=canonical]").attributes["href"] != truth["url"]
        crumbs = [words(a) for a in tree.css("nav.breadcrumbs span[itemprop=name]")]
        assert crumbs[1:] == [crumb["name"] for crumb in truth["breadcrumbs"]]
    assert leftover
    assert foreign


def test_people_and_body():
    seen = set()
    for truth, tree in pages(7, 8, 9):
        shown = [("reporter", words(h)) for h in tree.css("h4[itemprop=author]")]
        shown += [("editor", words(h)) for h in tree.css("h4[itemprop=editor]")]
        named = [(a["role"], a["name"]) for a in truth["authors"]]
        people = [person for person in shown if person[1] not in PLACEHOLDERS]
        assert named[: len(people)] == people
        seen |= {role for role, _ in named} | ({name for _, name in shown} & PLACEHOLDERS)
        lines = [words(p) for p in tree.css("#isi p")]
        place, body = body_of([line for line in lines if not POINTER.match(line)])
        assert truth["articleBody"].startswith(body)
        assert truth["articleBody"] == body or tree.css_first("div.paging")
        assert place == (truth["dateline"] or {}).get("place")
    assert {"reporter", "editor", "contributor"} < seen
    assert len(seen & PLACEHOLDERS) > 1


def test_lines_and_cards():
    shortened = promoted = 0
    for truth, tree in pages(7, 8):
        if tree.css_first("div.paging") is None:
            lines = [p.css_first("a") for p in tree.css("#isi p") if POINTER.match(words(p))]
            shown = [(a.attributes["href"], POINTER.sub("", words(a))) for a in lines]
            assert shown == [(link["url"], link["headline"]) for link in related(truth, "readAlso")]
            shortened += sum(url.startswith("https://goo.gl/") for url, _ in shown)
        for box, relation in (("#terkait li", "related"), ("#rekomentasi li", "moreArticles")):
            for card, link in zip(tree.css(box), related(truth, relation), strict=True):
                assert {a.attributes["href"] for a in card.css("a.col")} == {link["url"]}
                assert len(card.css("a.col")) == 3
                assert words(card.css_first("h2.title")) == link["headline"]
                assert words(card.css_first("span.time")) == link["datePublishedRaw"]
                promoted += link["isPromotional"]
    assert shortened
    assert promoted


def test_parts(world):
    several = 0
    for url in world.archive_urls(NAME):
        truth, parts = world.truth(url), world.extra_truth(url)["parts"]
        assert parts[0] == url
        read = [LexborHTMLParser(world.page(part).body.decode()) for part in parts]
        texts = [[words(p) for p in tree.css("#isi p")] for tree in read]
        _, body = body_of([line for line in chain.from_iterable(texts) if not POINTER.match(line)])
        assert body == truth["articleBody"]
        following = [tree.css_first("div.paging a[rel=next]") for tree in read]
        assert [a and a.attributes["href"] for a in following] == [*parts[1:], None]
        several += len(parts) > 1
        whole = f"{url}/full&view=ok"
        everything = LexborHTMLParser(world.page(whole).body.decode())
        assert [words(p) for p in everything.css("#isi p")] == list(chain.from_iterable(texts))
        assert everything.css_first("div.paging") is None
        assert same(world.truth(whole), truth | {"url": whole})
        assert [world.truth(part) for part in parts[1:]] == [None] * (len(parts) - 1)
    assert several


def same(one, other):
    """But for the order of the links: on one page those of the whole body stand before the cards."""
    links = [sorted(truth["relatedLinks"], key=str) for truth in (one, other)]
    return links[0] == links[1] and one | {"relatedLinks": []} == other | {"relatedLinks": []}


def test_the_rest_of_a_channel(world):
    url = next(world.archive_urls(NAME))
    host = url.split("/")[2]
    paid = next(link["url"] for truth, _ in pages(7) for link in truth["relatedLinks"] if link["isPromotional"])
    assert (world.page(paid).status, world.page(paid).kind.value, world.truth(paid)) == (200, "promo", None)
    assert world.page(f"https://{host}/read/1/x").status == world.page(f"https://{host}/x").status == 404
    assert world.page(f"https://{host}/read/{url.split('/')[4]}/older").headers["Location"] == url
