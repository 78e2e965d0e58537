"""F10: hosts that refuse (429, 503, every form of Retry-After, challenges): left alone as a whole, no page lost."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from stories.runs import FINISHED
from tests.crawler import crawling
from tests.crawler.crawling import GONE, Answer, Asked, serving
from tests.faults.record import Tally
from tests.servers import emptied
from workers.stores import Stores

CHALLENGE = (
    "<html><head><title>Just a moment...</title></head><body><script src='/cdn-cgi/challenge-platform/x'></script>"
)
FIRST = timedelta(seconds=10)
"""What a host rests that does not say for how long, or for less."""


def busy(status: int, retry_after: str | int | None = None, *, body: str = "") -> Callable[[], Answer]:
    """With a Retry-After as it is written, or for the date in so many seconds."""

    def refusal() -> Answer:
        said = date_in(retry_after) if isinstance(retry_after, int) else retry_after
        return Answer(status=status, body=body, headers={"Retry-After": said} if said else {})

    return refusal


def date_in(seconds: int) -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


SHORT: dict[str, Callable[[], Answer]] = {
    "bisnis.tempo.co": busy(429, "2"),
    "bola.tempo.co": busy(429, 12),
    "cantik.tempo.co": busy(429, "soon"),
    "difabel.tempo.co": busy(429, "-5"),
    "dunia.tempo.co": busy(503),
    "fokus.tempo.co": busy(503, -3600),
}
"""Hosts that rest for ten seconds or a little more, and then are well."""
LONG: dict[str, tuple[Callable[[], Answer], timedelta]] = {
    "gaya.tempo.co": (busy(429, "1000000000"), timedelta(hours=1)),
    "hukum.tempo.co": (busy(200, body=CHALLENGE), timedelta(minutes=10)),
    "kolom.tempo.co": (busy(403, body=CHALLENGE), timedelta(minutes=10)),
    "metro.tempo.co": (busy(503, body=CHALLENGE), timedelta(minutes=10)),
}
"""Hosts that rest for longer than this crawl waits."""
AT_A_PACE = "hukum.tempo.co"
"""One whose refusals look like pages: until the first is read, others are asked for, as its robots.txt allows."""
ROBOTS = "nasional.tempo.co"
"""A host whose robots.txt fails, once."""
ROBOTS_ONCE = "seleb.tempo.co"
"""And one whose robots.txt says that it is to be read a little later."""
PAGES = 5
"""Of each host."""


SLOWER = 0.5
"""Seconds that a page takes longer than a refusal: else one that is answered before it makes room for a third."""


@dataclass
class Town:
    """Every page is gone, once its host answers."""

    refusals: int
    """Of each host that rests shortly."""
    asked: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    refused: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def __call__(self, asked: Asked) -> Answer:
        if asked.path == "/robots.txt":
            return self.robots(asked.host)
        self.asked[asked.host].append(time.monotonic())
        refusal = SHORT.get(asked.host) or (LONG[asked.host][0] if asked.host in LONG else None)
        most = self.refusals if asked.host in SHORT else 1_000
        if refusal is None or self.refused[asked.host] >= most:
            time.sleep(SLOWER)
            return GONE
        self.refused[asked.host] += 1
        return refusal()

    def robots(self, host: str) -> Answer:
        self.refused[f"{host}/robots.txt"] += 1
        if host == ROBOTS_ONCE and self.refused[f"{host}/robots.txt"] == 1:
            return busy(503, "3")()
        if host == AT_A_PACE:
            return Answer(body="User-agent: *\nCrawl-delay: 2\n")
        return Answer(status=500) if host == ROBOTS else GONE


@dataclass(frozen=True)
class Crawled:
    town: Town
    pages: dict[str, list[dict[str, Any]]]
    run: dict[str, Any]
    ended_at: datetime
    seconds: float


@pytest.fixture(scope="module")
def crawled(prepared: Stores) -> Iterator[Crawled]:
    """One crawl, looked at by every test here."""
    stores, town = emptied(prepared), Town(refusals=1)
    hosts = [*SHORT, *LONG, ROBOTS, ROBOTS_ONCE]
    urls = [f"https://{host}/read/{100 * n + p}/x" for n, host in enumerate(hosts) for p in range(PAGES)]
    with serving(town) as served:
        order = crawling.order_of(urls, site="tempo-id")
        stores.runs.order(order, job_id="job", now=stores.ledger.now())
        settings = replace(crawling.settings_of(stores, served), concurrency=2)
        begun = time.monotonic()
        code, said = crawling.crawl(order, settings, limit=100)
    assert code == 0, said
    found = list(stores.database["pages"].find())
    of_hosts = {host: [page for page in found if page["host"] == host] for host in hosts}
    run = stores.runs.get(order.run)
    assert run
    yield Crawled(town, of_hosts, run, stores.ledger.now(), time.monotonic() - begun)
    emptied(prepared)


@pytest.mark.fault("F10")
@pytest.mark.parametrize("host", SHORT)
def test_a_host_that_refuses_is_left_alone_and_then_read_to_its_end(crawled: Crawled, host: str, tally: Tally):
    first, *later = crawled.town.asked[host]
    at_once = [at for at in later if at < first + 1.0]
    assert len(at_once) <= 1, "its concurrency was two"
    assert min(at for at in later if at not in at_once) > first + FIRST.total_seconds() - 0.1
    assert [page["fate"] for page in crawled.pages[host]] == ["gone"] * PAGES
    tally.add(trials=1)


@pytest.mark.parametrize("host", SHORT)
def test_it_returns_slowly(crawled: Crawled, host: str):
    returned = [at for at in crawled.town.asked[host] if at > crawled.town.asked[host][0] + 5]
    assert returned[3] - returned[0] > 2.5, "a second apart, though there is no delay"


@pytest.mark.fault("F10")
@pytest.mark.parametrize("host", LONG)
def test_a_host_that_rests_for_long_is_left_with_all_its_pages(crawled: Crawled, host: str, tally: Tally):
    _, rest = LONG[host]
    assert len(crawled.town.asked[host]) <= 2, "one page, and one that was on its way"
    pages = crawled.pages[host]
    assert len(pages) == PAGES
    assert {page["state"] for page in pages} <= {"due", "settled"}
    challenged = [page for page in pages if page["state"] == "settled"]
    assert {page["fate"] for page in challenged} <= {"challenge"}
    assert len(challenged) == (len(crawled.town.asked[host]) if rest != timedelta(hours=1) else 0)
    soonest = crawled.ended_at + rest - timedelta(seconds=crawled.seconds + 5)
    assert all(page["nextFetchAt"] > soonest for page in pages if page["events"][-1]["what"] != "found")
    tally.add(trials=1)


def test_a_robots_txt_that_fails_rests_its_host(crawled: Crawled):
    assert crawled.town.asked[ROBOTS] == []
    assert {page["state"] for page in crawled.pages[ROBOTS]} == {"due"}
    assert {page["attempts"] for page in crawled.pages[ROBOTS]} == {0}


def test_it_is_read_again_after_the_rest(crawled: Crawled):
    assert crawled.town.refused[f"{ROBOTS_ONCE}/robots.txt"] == 2
    assert [page["fate"] for page in crawled.pages[ROBOTS_ONCE]] == ["gone"] * PAGES


def test_the_run_says_who_rests_and_why(crawled: Crawled):
    assert crawled.run["state"] == FINISHED
    assert set(crawled.run["fates"]) <= {"gone", "challenge"}
    said = crawled.run["finishReason"].split("; ")
    assert [one.split(" rests until ")[0] for one in said] == sorted([*LONG, ROBOTS])
    assert "(HTTP 429)" in said[0]
    assert "(it asks for proof of a human)" in said[1]
    assert "(robots.txt: HTTP 500)" in said[-1]


def test_nothing_of_a_challenge_is_stored(crawled: Crawled):
    for host in LONG:
        assert not any("digest" in page or "etag" in page for page in crawled.pages[host])
