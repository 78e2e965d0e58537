"""What a user allows a crawl: hours, and pages a day; in the run's report, with real crawls."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crawler import run as crawler_run
from crawler.run import DONE
from stories.errors import UsageError
from stories.site_settings import SiteSettings
from tests.crawler import crawling
from tests.crawler.crawling import GONE, Served, serving
from workers.stores import Stores

URLS = [f"https://en.tempo.co/read/{number}/a-story" for number in range(1, 9)]
OF_ANOTHER = SiteSettings(site="tempo-id", delay=30.0, daily_pages=1)
Crawl = Callable[..., tuple[str, Served]]


def hours(begin: datetime, length: timedelta) -> str:
    return f"{begin:%H:%M}-{begin + length:%H:%M} UTC"


@pytest.fixture
def crawl(stores: Stores) -> Crawl:
    """With settings of its site's own: why it ended, and what it asked for."""

    def crawled(run: str, urls: list[str] = URLS, **own: Any) -> tuple[str, Served]:
        order = crawling.order_of(urls, run=run)
        stores.runs.order(order, job_id=run, now=stores.ledger.now())
        with serving(lambda _: GONE) as served:
            sites = (OF_ANOTHER, SiteSettings(site="tempo-en", **own))
            code, said = crawling.crawl(order, crawling.settings_of(stores, served, sites=sites))
        assert code == DONE, said
        return stores.runs.get(run)["finishReason"], served

    return crawled


def test_a_day_has_so_many_pages_whatever_the_number_of_crawls(crawl: Crawl, stores: Stores):
    now = hours(datetime.now(UTC) - timedelta(hours=1), timedelta(hours=2))
    reason, served = crawl("run-1", URLS[:3], daily_pages=5, hours=now)
    assert (reason, len(served.paths())) == ("finished", 3)
    reason, served = crawl("run-2", daily_pages=5, hours=now)
    assert (reason, len(served.paths())) == ("daily budget spent", 2)
    pages = crawling.pages(stores).values()
    assert len(pages) == len(URLS)
    assert {page["attempts"] for page in pages} == {0}
    assert {page["state"] for page in pages} == {"due", "settled"}, "the others wait for tomorrow"


def test_outside_its_hours_a_site_is_not_asked(crawl: Crawl):
    begin = datetime.now(UTC) + timedelta(hours=2)
    reason, served = crawl("run-1", hours=hours(begin, timedelta(hours=1)))
    assert served.asked == []
    assert reason == f"outside the crawl window until {begin:%Y-%m-%d %H:%M} UTC"


def test_a_site_that_nobody_knows_is_no_site_to_set_anything_for(stores: Stores):
    settings = crawling.settings_of(stores, crawling.Served(), sites=(SiteSettings(site="tempo-eng", delay=3.0),))
    with pytest.raises(UsageError, match="no site 'tempo-eng'; the sites are tempo-en, "):
        crawler_run.crawl(crawling.order_of(URLS), settings)
