"""Line 14: no pattern of ours takes long, whatever it is shown; and a run has an end, whatever a site does."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta
from random import Random
from urllib.parse import urlsplit

import pytest

from crawler.allowance import Allowance
from crawler.follow import LONGEST_URL
from crawler.pipelines.hand_over import LARGEST_JOB
from crawler.run import DONE
from stories.jobs import queue_named
from stories.queue import ENRICH
from tests.crawler import crawling
from tests.crawler.crawling import Answer, Asked, serving
from tests.security.paper import address, article, paper
from tests.security.patterns import Used, hostile, patterns
from workers.stores import Stores

LIMIT = 0.05  # seconds for 100 kB
HARD = re.compile(r"(?:a|aa)+$")
"""What such a test is for: it never ends. Cut short here, so that the test can say so."""


def took(used: Used, text: str | bytes) -> float:
    """Of three times the shortest: others use the machine, too."""
    times = []
    for _ in range(3):
        began = time.process_time()
        used.ask(text)
        times.append(time.process_time() - began)
        if times[-1] < LIMIT:
            break
    return min(times)


@pytest.mark.parametrize("used", patterns(), ids=lambda used: used.where)
def test_a_pattern_takes_no_long_time(used: Used, seed: int, scale):
    random = Random(f"{seed} {used.where}")
    for text in hostile(used.pattern, random, most=scale(short=10, long=400)):
        assert took(used, text) < LIMIT, (used.where, text[:60])


def test_they_are_all_found():
    """The walk finds what stands alone, in tuples, in dictionaries and in classes; and the hard one would be seen."""
    where = {used.where for used in patterns()}
    assert len(where) > 90
    assert {"stories.text._WHITE", "crawler.sites.tempo.places._WWW", "crawler.sites.encoding._META"} <= where
    hard = Used(HARD, "here", ("search",))
    text = next(text for text in hostile(HARD, Random(1), most=100) if text.startswith("a" * 24))
    began = time.process_time()
    hard.ask(text[:24] + "\x00")
    assert time.process_time() - began > 0.001, "24 characters take that long, and each one more half as long again"


# -- caps of a run ----------------------------------------------------------------------------------------------


def chain(asked: Asked) -> Answer:
    """A site without an end: every story leads to three more, and every page is large."""
    if asked.path == "/robots.txt":
        return Answer(body="", headers={"Content-Type": "text/plain"})
    number = int(urlsplit(asked.path).path.split("/")[2])
    links = "".join(f'<p>Read also: <a href="{address(number * 3 + n)}">More of it, {n}</a></p>' for n in range(3))
    return Answer(body=article(number, more=links + f"<!-- {'x' * 200_000} -->"))


def crawled(stores: Stores, *, depth: int = 20, max_pages: int = 10_000, **settings: object) -> tuple[int, str]:
    """How many pages were asked for, and why it ended."""
    with serving(chain) as served:
        order = crawling.order_of([address(1)], depth=depth, max_pages=max_pages)
        assert stores.runs.order(order, job_id="crawl-1", now=stores.ledger.now())
        code, said = crawling.crawl(order, crawling.settings_of(stores, served, **settings))
    assert code == DONE, said
    return len(served.paths()), stores.runs.get(order.run)["finishReason"]


def test_pages(stores: Stores):
    assert crawled(stores, max_pages=7) == (7, "page budget spent")


def test_depth(stores: Stores):
    assert crawled(stores, depth=2) == (1 + 3 + 9, "finished")
    assert len(crawling.pages(stores)) == 1 + 3 + 9, "what lies further away is not even remembered"


def test_bytes(stores: Stores):
    """With three pages of 200 kB at a time, of which each leads to three more."""
    pages, reason = crawled(stores, run_megabytes=2, concurrency=2)
    assert reason == "byte budget spent"
    assert 10 <= pages <= 10 + 16, "what was held is ended: 16 at most"


def test_seconds(stores: Stores):
    began = time.monotonic()
    pages, reason = crawled(stores, run_seconds=5, delay=0.2, concurrency=1)  # a crawler begins within two
    assert reason == "time budget spent"
    assert pages >= 1
    assert time.monotonic() - began < 40


def test_seconds_are_a_runs_not_a_process_s(stores: Stores):
    """One that is resumed goes on where it was."""
    now = datetime.now(UTC)
    allowance = Allowance(until=now, most_bytes=1)
    assert allowance.spent(now=now - timedelta(seconds=1), received=0) is None
    assert allowance.spent(now=now, received=0) == "time budget spent"
    assert allowance.spent(now=now, received=1) == "byte budget spent"


def test_links_a_page_and_the_length_of_an_address(stores: Stores):
    links = [address(number) for number in range(2, 3_000)]
    links[1] = f"{address(999_999)}{'x' * LONGEST_URL}"
    listed = "".join(f"<url><loc>{url}</loc></url>" for url in links)
    body = f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{listed}</urlset>'
    sitemap = "https://en.tempo.co/sitemap.xml"
    with serving(paper({"/sitemap.xml": Answer(body=body, headers={"Content-Type": "application/xml"})})) as served:
        order = crawling.order_of([sitemap], max_pages=1)
        code, said = crawling.crawl(order, crawling.settings_of(stores, served))
    assert code == DONE, said
    found = [page["url"] for page in crawling.pages(stores).values() if page["kind"] == "article"]
    assert 400 < len(found) <= 500
    assert max(map(len, found)) < LONGEST_URL


def test_the_size_of_a_job(stores: Stores):
    """Seven articles, each nearly as large as one may be, are no one job."""
    large = "<br>".join(f"The {n}th line of a text {'that goes on, ' * 6}and says so." for n in range(8_000))
    pages = {f"/read/{number}/a-story": article(number, more=f"<p>{large}</p>") for number in range(1, 8)}
    with serving(paper(pages)) as served:
        order = crawling.order_of([address(number) for number in range(1, 8)])
        code, said = crawling.crawl(order, crawling.settings_of(stores, served))
    assert code == DONE, said
    jobs = queue_named(ENRICH, stores.queue.connection).jobs
    assert len(crawling.handed_over(stores)) == 7
    sizes = [sum(len(page["article"]["articleBody"]) for page in job.args[0]["pages"]) for job in jobs]
    assert max(sizes) <= LARGEST_JOB
    assert sum(sizes) > LARGEST_JOB
