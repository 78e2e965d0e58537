"""Line 4: five redirects at most; and no cookie, password or trace of where we were leaves a site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from crawler import settings as scrapy
from tests.crawler import crawling
from tests.crawler.crawling import Answer, Asked, Served, serving
from tests.security.paper import address, article
from tests.servers import emptied
from workers.stores import Stores

COOKIES = {"Set-Cookie": "session=stolen; Domain=.tempo.co; Path=/", "WWW-Authenticate": 'Basic realm="x"'}
ENDLESS, SIX, FIVE, AWAY, ASKED, BACK = 1, 2, 3, 4, 5, 6
ELSEWHERE = "https://www.tempo.co/politik/cerita-1234567"


class Site:
    """Story 3 stands behind five redirects, story 2 behind six, story 1 behind no end of them."""

    def __call__(self, asked: Asked) -> Answer:
        if asked.path == "/robots.txt":
            return Answer(headers={"Content-Type": "text/plain", **COOKIES})
        if asked.host != "en.tempo.co":
            return Answer(body=article(9), headers={"Content-Type": "text/html", **COOKIES})
        number = int(asked.path.split("/")[2])
        _, _, hop = asked.path.partition("?hop=")
        return self.story(number, int(hop or 0))

    def story(self, number: int, hop: int) -> Answer:
        last = {FIVE: 5, SIX: 6, ENDLESS: 1_000, AWAY: 0, ASKED: 0}.get(number, 0)
        if number == AWAY:
            return redirect(ELSEWHERE)
        if number == ASKED:
            return Answer(status=401, headers=COOKIES)
        if number == BACK and hop == 0:
            return redirect("https://user:secret@en.tempo.co/read/7/a-story")
        return (
            redirect(f"{address(number)}?hop={hop + 1}")
            if hop < last
            else Answer(body=article(number), headers=COOKIES)
        )


def redirect(url: str) -> Answer:
    return Answer(status=302, headers={"Location": url, **COOKIES})


@dataclass(frozen=True)
class Crawled:
    served: Served
    pages: dict[str, dict[str, Any]]
    said: str


@pytest.fixture(scope="module")
def crawled(prepared: Stores) -> Crawled:
    """Each is asked for once: what would be tried again, is tried by another crawl."""
    stores = emptied(prepared)
    with serving(Site()) as served:
        order = crawling.order_of([address(number) for number in (ENDLESS, SIX, FIVE, AWAY, ASKED, BACK)], max_pages=6)
        _, said = crawling.crawl(order, crawling.settings_of(stores, served), limit=90)
        known = crawling.pages(stores)
    emptied(prepared)
    return Crawled(served, known, said)


def hops(crawled: Crawled, number: int) -> int:
    """How far it was followed."""
    paths = [path for path in crawled.served.paths("en.tempo.co") if path.startswith(f"/read/{number}/")]
    return max(int(path.partition("?hop=")[2] or 0) for path in paths)


def test_five_are_followed(crawled: Crawled):
    assert scrapy.REDIRECT_MAX_TIMES == 5
    assert hops(crawled, FIVE) == 5
    assert crawled.pages[f"tempo-read:{FIVE}"]["state"] == "handedOver", crawled.said


@pytest.mark.parametrize("number", [SIX, ENDLESS])
def test_a_sixth_is_not(crawled: Crawled, number: int):
    assert hops(crawled, number) == 5
    page = crawled.pages[f"tempo-read:{number}"]
    assert page.get("fate") != "stored"
    assert any("max redirections reached" in (event["why"] or "") for event in page["events"])


def test_nothing_is_told_to_anybody(crawled: Crawled):
    """Every host sets cookies and asks for a password, on every answer."""
    assert {one.host for one in crawled.served.asked} >= {"en.tempo.co", "www.tempo.co"}
    for one in crawled.served.asked:
        assert not {"cookie", "authorization", "proxy-authorization", "referer", "origin", "from"} & set(one.headers), (
            one
        )
    assert crawled.pages[f"tempo-read:{BACK}"]["fate"] == "refused", "an address with a password is not asked for"


def test_nothing_is_sent_but_what_is_needed(crawled: Crawled):
    assert {name for one in crawled.served.asked for name in one.headers} <= {
        *("host", "user-agent", "accept", "accept-language", "accept-encoding", "connection", "content-length"),
    }
