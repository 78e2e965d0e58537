"""The republisher: lines in the order of the page this project began from."""

import hashlib
import re
from datetime import datetime

from selectolax.lexbor import LexborHTMLParser

from tests.replica.conftest import world_of
from tests.replica.readers import body_of, related

SITE = "suarakita"
MONTHS = 40_000  # stories: 500 days, so that ages reach months


def lines_of(html):
    """As a reader sees them: a block or a break ends a line."""
    main = LexborHTMLParser(re.sub(r"<br>|</(?:p|div|h1|a)>", "\n", html)).css_first("main")
    alts = {image.attributes["src"] + str(n): image.attributes["alt"] for n, image in enumerate(main.css("img"))}
    return [" ".join(line.split()) for line in main.text().splitlines() if line.strip()], list(alts.values())


def test_lines(world):
    shapes = set()
    for url in world.article_urls(SITE):
        html, truth = world.page(url).body.decode(), world.truth(url)
        lines, alts = lines_of(html)
        assert lines[0] == truth["headline"]
        assert re.fullmatch(rf"(\d+ (minute|hour|day|week|month)s? ago) {truth['viewCount']}", lines[1])
        assert lines[2] == truth["datePublishedRaw"]
        assert lines[-1] == "Read Entire Article"
        cards = related(truth)
        shown = [part for card in cards for part in (card["datePublishedRaw"], card["headline"], card["description"])]
        assert lines[-1 - len(shown) : -1] == shown
        assert alts == [card["headline"] for card in cards]
        place, body = body_of(lines[3 : len(lines) - 1 - len(shown)])
        assert (place, body) == (truth["dateline"] and truth["dateline"]["place"], truth["articleBody"])
        assert f'href="{truth["isBasedOn"]}">Read Entire Article' in html
        shapes.add(next(tag for tag in ("<br>", "<div>TEMPO", "<p>TEMPO", "<div>", "<p>") if tag in html))
    assert len(shapes) >= 3


def test_identity(world):
    for url in world.article_urls(SITE):
        truth, original = world.truth(url), world.truth(world.truth(url)["isBasedOn"])
        assert truth["key"] == f"suarakita:{hashlib.sha256(url.encode()).hexdigest()[:16]}"
        if original:
            assert truth["articleBody"] == original["articleBody"]
            assert truth["datePublished"] == original["datePublished"]


def test_windows_hold_the_truth_even_after_months():
    world = world_of(MONTHS)
    urls = list(world.article_urls(SITE))
    urls = urls[:30] + urls[30::40]
    ages = {word for url in urls for word in re.findall(r"(\w+?)s? ago", world.page(url).body.decode())}
    assert {"hour", "day", "week", "month", "year"} <= ages
    for url in urls:
        truth = world.truth(url)
        for card in related(truth):
            published = world.truth(card["url"])
            if published:
                assert card["datePublishedEarliest"] <= published["datePublished"] <= card["datePublishedLatest"]
            assert datetime.fromisoformat(card["datePublishedEarliest"]) < world.now


def test_there_is_one_in_every_world():
    for stories in (1, 2, 3, 8, 9, 10, 20):
        urls = list(world_of(stories).article_urls(SITE))
        assert len(urls) == 1
        assert world_of(stories).truth(urls[0])["isBasedOn"]
