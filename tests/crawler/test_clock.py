"""Crawlers whose machines' clocks are an hour off, or are set back while they hold leases (F15)."""

from __future__ import annotations

import subprocess
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest

from crawler.run import DONE
from stories.pages import HANDED_OVER
from tests.crawler import crawling
from tests.crawler.crawling import HANG, Answer, Asked, Served, serving
from tests.faults.record import Tally
from tests.servers import emptied
from workers.stores import Stores

WRONG = "tests.crawler.wrong_clock"
AHEAD, BEHIND = "3600", "-3600"
PAGES = range(101, 121)
HUNG = frozenset(PAGES[:6])
_PAGE = """<!DOCTYPE html><html lang="en"><head><title>t</title>
<link rel="canonical" href="https://en.tempo.co/read/%d/a-story"></head><body><div id="article" class="article">
<article itemscope itemtype="http://schema.org/NewsArticle"><h1 itemprop="headline">Story %d</h1>
<span id="date">Thursday, 26 October 2017 12:34 WIB</span>
<div id="isi"><p>The text of story %d says one thing at some length, so that it is a paragraph of its own.</p></div>
</article></div></body></html>"""
ADDRESSES = [f"https://en.tempo.co/read/{number}/a-story" for number in PAGES]


def number_of(asked: Asked) -> int:
    return int(asked.path.split("/")[2]) if asked.path.startswith("/read/") else 0


def paper(*, pause: float = 0.0, hung: Callable[[], frozenset[int]] = frozenset) -> Callable[[Asked], Answer]:
    def answer(asked: Asked) -> Answer:
        number = number_of(asked)
        if not number:
            return Answer(status=404)
        time.sleep(pause)
        return HANG if number in hung() else Answer(body=_PAGE % (number, number, number))

    return answer


CLOCKS = (f"{AHEAD},{AHEAD},{BEHIND}", BEHIND, AHEAD, f"{BEHIND},{BEHIND},{AHEAD}")
"""Set back in mid-crawl; an hour off; set forward."""


@pytest.mark.fault("F15")
def test_a_wrong_clock_crawls_as_a_right_one(stores: Stores, tally: Tally, monkeypatch: pytest.MonkeyPatch):
    for clock in CLOCKS:
        monkeypatch.setenv("WRONG_CLOCK", clock)
        with serving(paper(pause=0.3)) as served:
            code, said = crawling.crawl(crawling.order_of(ADDRESSES), crawling.settings_of(stores, served), WRONG)
        assert code == DONE, said
        asked = Counter(map(number_of, served.asked))
        assert {number: asked[number] for number in PAGES} == dict.fromkeys(PAGES, 1), clock
        check_times(stores, handed_over=len(PAGES))
        emptied(stores)
    tally.add(trials=len(CLOCKS))


def check_times(stores: Stores, *, handed_over: int) -> None:
    """Whatever others will compare with the server's clock is by the server's clock."""
    now = stores.ledger.now()
    pages = crawling.pages(stores).values()
    assert {page["state"] for page in pages if page["kind"] == "article"} == {HANDED_OVER}
    times = [at for page in pages for name, at in page.items() if name in {"checkAt", "firstSeenAt", "fateAt"}]
    articles = crawling.handed_over(stores).values()
    times += [article.date_downloaded for article in articles]
    assert len(articles) >= handed_over
    assert len(times) >= 2 * len(PAGES) + handed_over
    assert all(abs(at - now) < timedelta(minutes=2) for at in times)


@pytest.mark.fault("F15")
def test_a_lease_of_a_crawler_that_died_with_a_wrong_clock_ends_in_time(
    stores: Stores, tally: Tally, monkeypatch: pytest.MonkeyPatch
):
    clocks = ((AHEAD, BEHIND), (BEHIND, AHEAD))
    for first, second in clocks:
        hung = [HUNG]
        with serving(paper(hung=lambda hung=hung: hung[0])) as served:
            settings = crawling.settings_of(stores, served, lease_seconds=4)
            monkeypatch.setenv("WRONG_CLOCK", first)
            kill_when_all_was_asked_for(crawling.crawler(crawling.order_of(ADDRESSES), settings, WRONG), served)
            hung[0] = frozenset()
            monkeypatch.setenv("WRONG_CLOCK", second)
            order = crawling.order_of(ADDRESSES[:1], run="run-2")
            code, said = crawling.crawl(order, settings, WRONG, limit=40)
        assert code == DONE, said
        check_times(stores, handed_over=len(HUNG))  # the first may die between the ledger and its job: for the sweeper
        emptied(stores)
    tally.add(trials=len(clocks))


def kill_when_all_was_asked_for(crawler: subprocess.Popen[str], served: Served) -> None:
    """Those that hang are under a lease then."""
    until = time.monotonic() + 30
    try:
        while not {number_of(asked) for asked in served.asked} >= set(PAGES):
            assert time.monotonic() < until, "it did not ask for all"
            time.sleep(0.05)
    finally:
        crawler.kill()
        crawler.communicate()
