"""Several crawlers on one ledger, one crawler on several hosts, and a crawl that goes on after its process died."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from crawler import follow
from crawler.run import DONE
from crawler.sites.registry import site_named
from stories.ledger import Ledger
from tests.crawler import crawling
from tests.crawler.crawling import HANG, Answer, Asked, serving
from tests.crawler.dawdling import DAWDLING
from tests.waiting import wait_for
from workers.stores import Stores

_PAGE = """<!DOCTYPE html><html lang="en"><head><title>t</title>
<link rel="canonical" href="https://%s%s">%s</head><body><div id="article" class="article">
<article itemscope itemtype="http://schema.org/NewsArticle"><h1 itemprop="headline">Story %s</h1>
<span id="date">Thursday, 26 October 2017 12:34 WIB</span>
<div id="isi"><p>The text of %s says one thing at some length, so that it is a paragraph of its own.</p></div>
</article></div></body></html>"""
TOGETHER = 25.0
"""Seconds, at most, between the beginnings of two crawlers: a request has thirty."""
_READ = re.compile(r"/read/(\d+)/")


def address(number: int, host: str = "en.tempo.co") -> str:
    return f"https://{host}/read/{number}/a-story"


def paper(*, pause: float = 0.0, hangs: Callable[[Asked], bool] = lambda _: False) -> Callable[[Asked], Answer]:
    def answer(asked: Asked) -> Answer:
        found = _READ.search(asked.path)
        if not found:
            return Answer(status=404)
        time.sleep(pause)
        return HANG if hangs(asked) else Answer(body=_PAGE % (asked.host, asked.path, "", found[1], found[1]))

    return answer


def test_two_crawlers_of_one_ledger_do_nothing_twice(stores: Stores):
    addresses = [address(number) for number in range(100, 160)]
    known = stores.database["pages"]

    def when_both_are_at_work(asked: Asked) -> Answer:
        wait_for(lambda: {"run-1", "run-2"} <= set(known.distinct("run")), "both holding pages", limit=TOGETHER)
        return paper(pause=0.1)(asked)

    with serving(when_both_are_at_work) as served, ThreadPoolExecutor(2) as both:
        settings = crawling.settings_of(stores, served, concurrency=2)
        orders = [crawling.order_of(addresses, run=run) for run in ("run-1", "run-2")]
        ends = list(both.map(lambda order: crawling.crawl(order, settings), orders))
    assert [code for code, _ in ends] == [DONE, DONE], ends
    assert Counter(served.paths()) == {f"/read/{number}/a-story": 1 for number in range(100, 160)}
    runs = Counter(page["run"] for page in crawling.pages(stores).values())
    assert min(runs["run-1"], runs["run-2"]) > 0, "one of them did all the work: the test shows nothing"
    assert len(crawling.handed_over(stores)) == 60


def test_hosts_of_one_replica_do_not_wait_for_each_other(stores: Stores):
    """One request at a time each, and all at one address: a turn is used when it is taken."""
    hosts = {"bisnis.tempo.co", "bola.tempo.co", "dunia.tempo.co"}
    arrived: set[str] = set()

    def when_all_are_asked(asked: Asked) -> Answer:
        if asked.path.startswith("/read/"):
            arrived.add(asked.host)
            wait_for(lambda: arrived == hosts, "all hosts", limit=TOGETHER)
        return paper()(asked)

    addresses = [address(number, host) for number, host in enumerate(sorted(hosts), 100)]
    with serving(when_all_are_asked) as served:
        settings = crawling.settings_of(stores, served, concurrency=1)
        code, said = crawling.crawl(crawling.order_of(addresses, site="tempo-id"), settings)
    assert code == DONE, said
    assert len(served.paths()) == len(hosts)


PARTS = 8


def of_parts(asked: Asked) -> Answer:
    """One article on eight pages, a second each."""
    if not asked.path.startswith("/read/100/"):
        return Answer(status=404)
    time.sleep(1)
    part = int(asked.path.partition("page_num=")[2] or 1)
    onward = f'<link rel="next" href="{address(100)}?page_num={part + 1}">' if part < PARTS else ""
    return Answer(body=_PAGE % (asked.host, "/read/100/a-story", onward, 100, f"part {part}"))


def test_an_article_that_takes_longer_than_its_lease_is_read_once(stores: Stores):
    """Its crawler renews the lease; another one, which waits for the page, does not get it."""
    with serving(of_parts) as served, ThreadPoolExecutor(2) as both:
        settings = crawling.settings_of(stores, served, lease_seconds=6)
        orders = [crawling.order_of([address(100)], run=run) for run in ("run-1", "run-2")]
        ends = list(both.map(lambda order: crawling.crawl(order, settings), orders))
    assert [code for code, _ in ends] == [DONE, DONE], ends
    assert Counter(served.paths()) == {
        f"/read/100/a-story{f'?page_num={part}' if part > 1 else ''}": 1 for part in range(1, PARTS + 1)
    }
    (written,) = crawling.handed_over(stores).values()
    assert all(f"The text of part {part}" in written.article_body for part in range(1, PARTS + 1))
    assert written.body_complete


def test_what_a_dead_crawler_had_is_taken_though_its_lease_ends_as_another_looks_for_its_own_end(stores: Stores):
    hasty = Ledger(stores.database, lease=timedelta(seconds=8))
    order = crawling.order_of([address(100)], run="run-2")
    hasty.discover(follow.seeds(site_named(order.site), order))
    assert hasty.lease(order.site, host="en.tempo.co", limit=1, run="run-1", max_depth=0)
    with serving(paper()) as served:
        code, said = crawling.crawl(order, crawling.settings_of(stores, served), DAWDLING)
    assert code == DONE, said
    assert list(crawling.handed_over(stores)) == ["tempo-read:100"], said


def test_a_budget_is_shared_among_the_hosts(stores: Stores):
    hosts = ("bisnis.tempo.co", "nasional.tempo.co", "tekno.tempo.co")
    addresses = [address(number + 100 * place, host) for place, host in enumerate(hosts, 1) for number in range(40)]
    with serving(paper()) as served:
        order = crawling.order_of(addresses, site="tempo-id", max_pages=30)
        code, said = crawling.crawl(order, crawling.settings_of(stores, served))
    assert code == DONE, said
    asked = Counter(one.host for one in served.asked if one.path != "/robots.txt")
    assert set(asked) == set(hosts)
    assert sum(asked.values()) == 30
    assert min(asked.values()) >= 8, asked


def test_a_resumed_run_has_the_rest_of_its_budget(stores: Stores):
    hangs = [True]
    numbers = range(100, 140)
    with serving(paper(hangs=lambda asked: hangs[0] and asked.path > "/read/105/")) as served:
        settings = crawling.settings_of(stores, served)
        order = crawling.order_of([address(number) for number in numbers], max_pages=12)
        stores.runs.order(order, job_id="crawl-1", now=stores.ledger.now())
        dead = crawling.crawler(order, settings)
        try:
            until = time.monotonic() + 30
            while len(crawling.handed_over(stores)) < 5:
                assert time.monotonic() < until, "it handed nothing over"
                time.sleep(0.05)
        finally:
            dead.kill()
            dead.communicate()
        hangs[0] = False
        code, said = crawling.crawl(order, settings)
    assert code == DONE, said
    assert (stores.runs.get(order.run) or {})["finishReason"] == "page budget spent"
    assert stores.database["pages"].count_documents({"run": order.run}) == 12
    assert len(crawling.handed_over(stores)) == 12
