"""Articles that go on at further addresses, crawled: whole, or unfinished, or tried again; one fate each."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from crawler.run import DONE, FAULTY
from crawler.sites.parts import MOST_PARTS
from stories.article import Article
from stories.settings import environment
from tests.crawler import crawling
from tests.crawler.crawling import GONE, Answer, Asked, Served, serving
from tests.servers import emptied
from workers.stores import Stores

WHOLE, SINGLE, ENDLESS, RING, SHORT, FORBIDDEN, BARRED, FLAKY, STRANGER, MOVED, FAULT, CHALLENGED = range(101, 113)
ROBOTS = "User-agent: *\nDisallow: /read/106/*page_num\n"

_PAGE = """<!DOCTYPE html><html lang="en"><head><title>t</title>%s
<link rel="canonical" href="https://en.tempo.co/read/%d/a-story"></head><body><div id="article" class="article">
<article itemscope itemtype="http://schema.org/NewsArticle"><h1 itemprop="headline">Story %d</h1>
<span id="date">Thursday, 26 October 2017 12:34 WIB</span><div id="author"><h4 itemprop="author">%s</h4></div>
<div id="isi"><p>The %s part of story %d says one thing at some length, so that it is a paragraph.</p></div>
</article></div></body></html>"""


def address(number: int, part: int = 1) -> str:
    return f"https://en.tempo.co/read/{number}/a-story" + (f"?page_num={part}" if part > 1 else "")


def html(number: int, part: int, next_part: str | None) -> Answer:
    link = f'<link rel="next" href="{next_part}">' if next_part else ""
    name = ("Ana Putri", "Budi Santoso", "Citra Dewi")[(part - 1) % 3]
    return Answer(body=_PAGE % (link, number, number, name, f"{part}.", number))


class Paper:
    """What each story's parts answer."""

    def __init__(self) -> None:
        self.tries: Counter[tuple[int, int]] = Counter()
        self.seconds = {
            RING: html(RING, 2, address(RING)),
            SHORT: GONE,
            BARRED: Answer(status=403),
            STRANGER: html(999, 2, None),
            MOVED: Answer(status=302, headers={"Location": address(MOVED)}),  # as for a part that a site does not have
            FAULT: Answer(body="<!-- our own fault -->"),
            CHALLENGED: Answer(body="<title>Just a moment...</title><p>Verifying you are human. Ray ID: 1</p>"),
        }

    def __call__(self, asked: Asked) -> Answer:
        if asked.path == "/robots.txt":
            return Answer(body=ROBOTS, headers={"Content-Type": "text/plain"})
        found = re.fullmatch(r"/read/(\d+)/a-story(?:\?page_num=(\d+))?", asked.path)
        assert found, asked.path
        number, part = int(found[1]), int(found[2] or 1)
        self.tries[number, part] += 1
        return self.part(number, part)

    def part(self, number: int, part: int) -> Answer:
        if part == 2 and number in self.seconds:
            return self.seconds[number]
        if number == FLAKY and self.tries[FLAKY, 2] == 1 and part == 2:
            return Answer(status=500)
        if number == SINGLE or (part == 3 and number != ENDLESS):
            return html(number, part, None)
        return replace(html(number, part, address(number, part + 1)), headers={"ETag": f'"{number}-{part}"'})


@dataclass(frozen=True)
class Crawled:
    served: Served
    paper: Paper
    pages: dict[str, dict[str, Any]]
    articles: dict[str, Article]
    code: int
    said: str

    def page(self, number: int) -> dict[str, Any]:
        return self.pages[f"tempo-read:{number}"]

    def article(self, number: int) -> Article:
        return self.articles[f"tempo-read:{number}"]


@pytest.fixture(scope="module")
def crawled(prepared: Stores) -> Iterator[Crawled]:
    """One crawl, looked at by every test here; it lasts as long as the pause before FLAKY's second try, ten seconds."""
    stores, paper = emptied(prepared), Paper()
    with serving(paper) as served:
        order = crawling.order_of([address(number) for number in range(WHOLE, CHALLENGED)])
        settings = crawling.settings_of(stores, served)
        code, said = crawling.crawl(order, settings, "tests.crawler.parted", "crawler.run")
        yield Crawled(served, paper, crawling.pages(stores), crawling.handed_over(stores), code, said)
    emptied(prepared)


def test_all_parts_are_one_article(crawled: Crawled):
    article = crawled.article(WHOLE)
    assert [line.partition(" part")[0] for line in article.article_body.split("\n\n")] == ["The 1.", "The 2.", "The 3."]
    assert article.body_complete
    assert article.url == address(WHOLE)
    assert [author.name for author in article.authors] == ["Ana Putri", "Budi Santoso", "Citra Dewi"]


def test_each_part_is_asked_for_once(crawled: Crawled):
    assert [crawled.paper.tries[WHOLE, part] for part in (1, 2, 3)] == [1, 1, 1]
    assert crawled.paper.tries[SINGLE, 1] == 1


def test_an_article_of_one_part_is_as_it_ever_was(crawled: Crawled):
    assert crawled.article(SINGLE).body_complete
    assert crawled.article(SINGLE).article_body.count("part of story") == 1


@pytest.mark.parametrize(
    ("number", "parts"), [(ENDLESS, MOST_PARTS), (RING, 2), (SHORT, 1), (FORBIDDEN, 1), (STRANGER, 1)]
)
def test_what_never_ends_or_will_never_be_had_leaves_it_unfinished(crawled: Crawled, number: int, parts: int):
    article = crawled.article(number)
    assert article.article_body.count("part of story") == parts
    assert not article.body_complete


def test_a_part_that_leads_back_to_the_first_is_not_read_twice(crawled: Crawled):
    assert crawled.paper.tries[MOVED, 1] == 2
    assert not crawled.article(MOVED).body_complete
    assert crawled.article(MOVED).article_body.count("part of story") == 1


def test_a_part_that_robots_txt_forbids_is_not_asked_for(crawled: Crawled):
    assert crawled.paper.tries[FORBIDDEN, 1] == 1
    assert crawled.paper.tries[FORBIDDEN, 2] == 0


def test_a_part_that_is_not_to_be_had_now_sends_the_whole_page_back(crawled: Crawled):
    assert_sent_back(crawled.page(BARRED))
    assert f"tempo-read:{BARRED}" not in crawled.articles


def assert_sent_back(page: dict[str, Any]) -> None:
    assert (page["state"], page["attempts"]) == ("due", 1)
    assert page["events"][-1]["what"] == "failed"
    assert "page_num=2" in page["events"][-1]["why"]


def test_the_next_try_asks_for_all_parts_again(crawled: Crawled):
    assert [crawled.paper.tries[FLAKY, part] for part in (1, 2, 3)] == [2, 2, 1]
    assert crawled.article(FLAKY).body_complete
    assert crawled.article(FLAKY).article_body.count("part of story") == 3


def test_our_own_fault_in_a_part_is_kept_for_a_person(crawled: Crawled):
    assert (crawled.page(FAULT)["state"], crawled.page(FAULT)["fate"]) == ("settled", "quarantined")
    assert crawled.code == FAULTY


def test_no_page_is_left_behind(crawled: Crawled):
    states = Counter(page["state"] for page in crawled.pages.values())
    assert states == {"handedOver": 9, "due": 1, "settled": 1}, crawled.said


def test_a_part_is_asked_for_without_conditions_and_leaves_none(crawled: Crawled):
    assert crawled.pages[f"tempo-read:{WHOLE}"].get("etag") is None
    assert not any({"if-none-match", "if-modified-since"} & set(one.headers) for one in crawled.served.asked)


# -- extract ----------------------------------------------------------------------------------------------------


def extract(served: Served, number: int) -> subprocess.CompletedProcess[str]:
    own = {name: value for name, value in environment().items() if not name.startswith("KLIPING_")}
    return subprocess.run(
        [sys.executable, "-m", "tests.crawler.parted", "console.cli", "extract", address(number)],
        env=own | {"KLIPING_REPLICA": served.url, "KLIPING_DELAY": "0"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_extract_prints_the_whole_article():
    with serving(Paper()) as served:
        printed = json.loads(extract(served, WHOLE).stdout)
    assert printed["articleBody"].count("part of story") == 3
    assert printed["bodyComplete"]


@pytest.mark.parametrize("number", [SHORT, FORBIDDEN])
def test_extract_prints_what_there_is_and_says_so(number: int):
    with serving(Paper()) as served:
        printed = json.loads(extract(served, number).stdout)
    assert printed["articleBody"].count("part of story") == 1
    assert not printed["bodyComplete"]


def test_extract_says_which_part_is_not_to_be_had():
    with serving(Paper()) as served:
        said = extract(served, BARRED)
    assert (said.returncode, said.stdout) == (2, "")
    assert f"{address(BARRED, 2)} could not be had: HTTP 403" in said.stderr


def test_a_challenge_in_a_parts_place_sends_the_page_back_and_rests_its_host(stores: Stores):
    with serving(Paper()) as served:
        code, said = crawling.crawl(crawling.order_of([address(CHALLENGED)]), crawling.settings_of(stores, served))
    assert code == DONE, said
    assert_sent_back(crawling.pages(stores)[f"tempo-read:{CHALLENGED}"])
    assert stores.queue.connection.hget(f"kliping:pace:{served.url}:{{en.tempo.co}}", "why")
