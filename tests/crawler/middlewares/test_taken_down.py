"""What was taken down is not asked for: not by its own address, nor by one that redirects to it, nor in mid-crawl."""

from __future__ import annotations

import time

import pytest
from scrapy import Request

from crawler.follow import key_of
from crawler.middlewares.taken_down import TakenDownMiddleware
from crawler.outcome import TakenDown
from crawler.run import DONE
from stories.mongo import client
from stories.takedown import Takedowns
from tests.crawler import crawling
from tests.crawler.crawling import Answer, Asked, serving
from workers.stores import Stores

TAKEN, MOVED, FREE = (f"https://en.tempo.co/read/{number}/a-story" for number in (1, 2, 3))
PAGE = (
    """<html lang="en"><div id="article"><h1 itemprop="headline">Story</h1><div id="isi"><p>{}</p></div></div></html>"""
)


def paper(asked: Asked) -> Answer:
    if asked.path == "/robots.txt":
        return Answer(body="", headers={"Content-Type": "text/plain"})
    if asked.path.startswith("/read/2/"):
        return Answer(status=301, headers={"Location": TAKEN})
    return Answer(body=PAGE.format("A paragraph that says one thing at some length. " * 5))


def take_down(stores: Stores, url: str) -> None:
    takedowns = Takedowns(stores.database)
    takedowns.take_down(takedowns.considered(key_of(url) or "", key_of, reason="why", now=stores.ledger.now()))


def test_neither_it_nor_what_redirects_to_it_is_asked_for(stores: Stores) -> None:
    take_down(stores, TAKEN)
    with serving(paper) as served:
        code, said = crawling.crawl(crawling.order_of([TAKEN, MOVED, FREE]), crawling.settings_of(stores, served))
    assert code == DONE, said
    assert not [path for path in served.paths() if path.startswith("/read/1/")]
    pages = crawling.pages(stores)
    for key in ("tempo-read:1", "tempo-read:2"):
        assert (pages[key]["state"], pages[key]["fate"], pages[key].get("nextFetchAt")) == (
            "settled",
            "takenDown",
            None,
        )
    assert list(crawling.handed_over(stores)) == ["tempo-read:3"]


def test_a_mongodb_that_is_away_holds_no_crawl_that_begins() -> None:
    """It was asked in the loop that all wait for; one that stayed away ended the run for good, as our own fault."""
    with client("mongodb://127.0.0.1:1/") as away:
        middleware = TakenDownMiddleware(Takedowns(away["nowhere"]), frozenset({"tempo-read:1"}))
        middleware.process_request(Request(FREE))
        with pytest.raises(TakenDown):
            middleware.process_request(Request(TAKEN))


def test_a_crawl_at_work_hears_of_it(stores: Stores) -> None:
    def slow(asked: Asked) -> Answer:
        """While the server thinks about where a page has moved to, that is taken down."""
        if asked.path.startswith("/read/2/"):
            take_down(stores, TAKEN)
            time.sleep(3)
        return paper(asked)

    with serving(slow) as served:
        code, said = crawling.crawl(crawling.order_of([MOVED]), crawling.settings_of(stores, served))
    assert code == DONE, said
    assert served.paths() == ["/read/2/a-story"]
    assert crawling.pages(stores)["tempo-read:2"]["fate"] == "takenDown"
