"""What was taken down is not asked for: not by its own address, nor by one that redirects to it, nor in mid-crawl.

What was released is, in mid-crawl, too.
"""

from __future__ import annotations

import asyncio
import time

import pymongo
import pytest

from crawler.follow import key_of
from crawler.marks import Marks
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


def take_down(stores: Stores, *urls: str) -> None:
    takedowns = Takedowns(stores.database)
    for url in urls:
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
        marks = Marks(Takedowns(away["nowhere"]), frozenset({"tempo-read:1"}))
        asyncio.run(marks.check(FREE))
        with pymongo.timeout(1), pytest.raises(TakenDown):
            asyncio.run(marks.check(TAKEN))


def test_what_was_released_since_the_last_look_is_asked_for(stores: Stores) -> None:
    """Its crawler settled it for good: no mark was left to release, and no order made it due."""
    take_down(stores, TAKEN)
    takedowns = Takedowns(stores.database)
    marks = Marks(takedowns, takedowns.keys())
    with pytest.raises(TakenDown):
        asyncio.run(marks.check(TAKEN))
    takedowns.release(key_of(TAKEN) or "", now=stores.ledger.now())
    asyncio.run(marks.check(TAKEN))


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


def test_what_is_taken_down_while_it_waits_for_its_turn_is_not_asked_for(stores: Stores) -> None:
    """A second between two requests, and a look at the marks each two seconds: the last one has waited for six."""
    addresses = [f"https://en.tempo.co/read/{number}/a-story" for number in range(100, 107)]

    def slow(asked: Asked) -> Answer:
        if asked.path != "/robots.txt" and len(served.paths()) == 1:
            take_down(stores, *(address for address in addresses if asked.path not in address))
        return paper(asked)

    with serving(slow) as served:
        settings = crawling.settings_of(stores, served, delay=1.0, concurrency=1)
        code, said = crawling.crawl(crawling.order_of(addresses), settings)
    assert code == DONE, said
    assert len(served.paths()) <= 5, "asked for after more than four seconds"
