"""robots.txt, against a real server: one small crawl of hosts that each answer in their own way."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from threading import Event, Thread
from typing import Any

import pytest

from stories.order import CrawlOrder
from stories.settings import Settings
from tests.crawler import crawling
from tests.crawler.hurried import HURRIED
from tests.servers import emptied
from workers.stores import Stores

Answer = tuple[int, str]
HANG = (0, "")
TIME_OUT = 4
"""Seconds that a request has here."""
NO_TURN = 4
"""Seconds that robots.txt waits for its turn here."""
LATE = 0.5
"""Seconds that a busy machine may need until it notes what arrived; without a delay there are none between two."""

CHALLENGE = "<title>Just a moment...</title><p>Verifying you are human.</p>"

ROBOTS: dict[str, Answer | None] = {
    "bisnis.tempo.co": (404, "User-agent: *\nDisallow: /"),  # an error page that reads like rules
    "bola.tempo.co": (500, "User-agent: *\nAllow: /"),
    "cantik.tempo.co": (503, ""),
    "difabel.tempo.co": (429, ""),
    "dunia.tempo.co": (200, "User-agent: *\nCrawl-delay: 1\n"),
    "fokus.tempo.co": (403, ""),
    "gaya.tempo.co": (200, "User-agent: *\nDisallow: /read/2"),
    "hukum.tempo.co": (200, "<html>not found</html>"),
    "kolom.tempo.co": (200, "User-agent: kliping\nDisallow: /\n\nUser-agent: *\nAllow: /"),
    "metro.tempo.co": None,  # the connection is closed
    "otomotif.tempo.co": HANG,
    "pialadunia.tempo.co": (200, CHALLENGE),
    "pilkada.tempo.co": (403, CHALLENGE),
    "pemilu.tempo.co": (404, CHALLENGE),  # a gateway's script stands on its error pages, too
    "ramadan.tempo.co": (200, "User-agent: *\nCrawl-delay: 1e303\n"),
    "nasional.tempo.co": (301, "/elsewhere.txt"),
}
SLOW = {"gaya.tempo.co": 0.5}
"""Seconds until robots.txt is answered: all of the host's pages wait for it then."""
PAGES = {
    **{host: [100 + number] for number, host in enumerate(ROBOTS)},
    "dunia.tempo.co": [301, 302, 303],
    "gaya.tempo.co": [150, 2000, 2001, 2002, 2003, 2004],
}


@dataclass(frozen=True, slots=True)
class Asked:
    host: str
    path: str
    agent: str
    at: float


@dataclass
class Site:
    """All hosts at once, as the replica does it; every page is gone."""

    url: str = ""
    asked: list[Asked] = field(default_factory=list)

    def of(self, host: str) -> list[Asked]:
        return [one for one in self.asked if one.host == host]

    def pages(self, host: str) -> list[int]:
        return sorted(int(one.path.split("/")[2]) for one in self.of(host) if one.path.startswith("/read/"))


@contextmanager
def serving() -> Iterator[Site]:
    site = Site()
    ended = Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            host = self.headers["Host"]
            site.asked.append(Asked(host, self.path, self.headers["User-Agent"], time.monotonic()))
            if self.path == "/elsewhere.txt":
                self.answer(200, "User-agent: *\nDisallow: /")
            elif self.path != "/robots.txt":
                self.answer(404, "")
            elif (answer := ROBOTS[host]) is None:
                self.close_connection = True
                self.connection.close()
            elif answer == HANG:
                ended.wait(60)
            else:
                ended.wait(SLOW.get(host, 0))
                self.answer(*answer)

        def answer(self, status: int, text: str) -> None:
            body = text.encode()
            self.send_response(status)
            if status == 301:
                self.send_header("Location", text)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

        def handle(self) -> None:
            with suppress(ValueError, OSError):  # the connection that was closed on purpose
                super().handle()

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        site.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield site
        ended.set()
        server.shutdown()
        thread.join()


@dataclass(frozen=True)
class Crawled:
    site: Site
    pages: dict[int, dict[str, Any]]
    exit_code: int


@pytest.fixture(scope="module")
def crawled(prepared: Stores) -> Iterator[Crawled]:
    """One crawl, looked at by every test here."""
    stores = emptied(prepared)
    urls = tuple(f"https://{host}/read/{number}/x" for host, numbers in PAGES.items() for number in numbers)
    order = CrawlOrder(run="run-1", site="tempo-id", urls=urls, max_pages=len(urls))
    with serving() as site:
        settings = Settings(
            mongo_url=stores.settings.mongo_url,
            redis_url=stores.settings.redis_url,
            database=stores.settings.database,
            replica=site.url,
            delay=0,
            concurrency=8,
            log_level="CRITICAL",
        )
        ended = subprocess.run(
            [sys.executable, "-m", HURRIED, str(TIME_OUT)],
            input=json.dumps(order.to_json()),
            env=dict(os.environ) | settings.as_variables(),
            text=True,
            timeout=60,
            check=False,
        )
        pages = {int(page["_id"].split(":")[1]): page for page in stores.database["pages"].find()}
        yield Crawled(site, pages, ended.returncode)
    emptied(prepared)


def test_the_crawl_ended_well(crawled: Crawled):
    assert crawled.exit_code == 0
    assert set(crawled.pages) == {number for numbers in PAGES.values() for number in numbers}


@pytest.mark.parametrize("host", ["bisnis.tempo.co", "fokus.tempo.co", "hukum.tempo.co", "pemilu.tempo.co"])
def test_without_a_robots_txt_there_are_no_rules(crawled: Crawled, host: str):
    (number,) = PAGES[host]
    assert crawled.site.pages(host) == [number]
    assert crawled.pages[number]["fate"] == "gone"


@pytest.mark.parametrize(
    "host",
    ["bola.tempo.co", "cantik.tempo.co", "difabel.tempo.co", "metro.tempo.co", "otomotif.tempo.co",
     "pialadunia.tempo.co", "pilkada.tempo.co"],
)  # fmt: skip
def test_a_robots_txt_that_cannot_be_read_closes_the_host_for_now(crawled: Crawled, host: str):
    (number,) = PAGES[host]
    assert crawled.site.pages(host) == []
    page = crawled.pages[number]
    assert (page["state"], page["attempts"]) == ("due", 0)
    back = page["events"][-1]
    assert back["what"] == "givenBack"
    assert back["why"].startswith("NotNow: robots.txt")


def test_where_robots_txt_gets_no_turn_all_pages_hear_it_at_once(stores: Stores):
    """Here nobody knows the host's pace, for Redis is away. Each page waited for it anew, one after the other."""
    with crawling.serving(lambda _: crawling.GONE) as served:
        urls = [f"https://en.tempo.co/read/{number}/x" for number in range(1, 9)]
        settings = crawling.settings_of(stores, served, redis_url="redis://127.0.0.1:1/0", run_seconds=8)
        crawling.crawl(crawling.order_of(urls), settings, HURRIED, str(TIME_OUT), str(NO_TURN))
    told = [page["events"][-1] for page in crawling.pages(stores).values()]
    assert {event["what"] for event in told} == {"givenBack"}
    assert max(event["at"] for event in told) - min(event["at"] for event in told) < timedelta(seconds=NO_TURN)
    assert served.asked == []


def test_what_is_forbidden_is_never_asked_for(crawled: Crawled):
    assert crawled.site.pages("gaya.tempo.co") == [150]
    assert crawled.pages[150]["fate"] == "gone"
    for page in (crawled.pages[number] for number in PAGES["gaya.tempo.co"][1:]):
        assert page["fate"] == "forbidden"
        assert page["nextFetchAt"] > page["fateAt"]


def test_a_rule_for_us_by_name_is_ours(crawled: Crawled):
    (number,) = PAGES["kolom.tempo.co"]
    assert crawled.site.pages("kolom.tempo.co") == []
    assert crawled.pages[number]["fate"] == "forbidden"
    assert {asked.agent.split("/")[0] for asked in crawled.site.asked} == {"Kliping"}


def test_a_robots_txt_that_has_moved_is_followed(crawled: Crawled):
    (number,) = PAGES["nasional.tempo.co"]
    assert [asked.path for asked in crawled.site.of("nasional.tempo.co")] == ["/robots.txt", "/elsewhere.txt"]
    assert crawled.pages[number]["fate"] == "forbidden"


def test_crawl_delay_slows_its_host(crawled: Crawled):
    asked = [one.at for one in crawled.site.of("dunia.tempo.co") if one.path.startswith("/read/")]
    assert len(asked) == 3
    assert min(later - earlier for earlier, later in pairwise(asked)) > 1 - LATE


def test_an_endless_crawl_delay_is_a_day(crawled: Crawled):
    (number,) = PAGES["ramadan.tempo.co"]
    assert crawled.site.pages("ramadan.tempo.co") == []
    back = crawled.pages[number]["events"][-1]
    assert (crawled.pages[number]["state"], back["what"]) == ("due", "givenBack")


def test_robots_txt_is_asked_for_once_before_all_else(crawled: Crawled):
    for host in ROBOTS:
        paths = [asked.path for asked in crawled.site.of(host)]
        assert paths[0] == "/robots.txt"
        if host != "metro.tempo.co":  # aiohttp asks again when a connection closes under it
            assert paths.count("/robots.txt") == 1
