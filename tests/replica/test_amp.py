from selectolax.lexbor import LexborHTMLParser

from replica import Kind
from tests.replica.readers import words

DIFFERENT = {"url", "pageVersion"}


def test_an_amp_page_stands_for_its_article(world):
    urls = list(world.amp_urls())
    assert len(urls) == 28
    marks = set()
    for url in urls:
        reply, truth = world.page(url), world.truth(url)
        assert (reply.status, reply.kind, truth["pageVersion"]) == (200, Kind.ARTICLE, "amp")
        article = world.truth(truth["canonicalUrl"])
        assert article["url"] == url.replace("/amp/", "/read/")
        assert {name for name in truth if truth[name] != article[name]} == DIFFERENT
        tree = LexborHTMLParser(reply.body.decode())
        assert tree.css_first("link[rel=canonical]").attributes["href"] == article["url"]
        assert words(tree.css_first(".detail-title h1")) == truth["headline"]
        pictures = [image.attributes["src"] for image in tree.css(".foto-detail amp-img")]
        assert pictures == [image["url"] for image in truth["images"]]
        assert not tree.css("img, iframe")
        marks.add("amp" in tree.css_first("html").attributes)
    assert marks == {True, False}


def test_other_spellings(world):
    url = next(world.amp_urls())
    head, _, slug = url.rpartition("/")
    assert world.page(head).headers["Location"] == world.page(f"{head}/x{slug}").headers["Location"] == url
    old = next(world.archive_urls("read-2017"))
    assert world.page(old.replace("/read/", "/amp/")).headers["Location"] == old
