"""A page that reads as it did last time ends here."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from scrapy.exceptions import DropItem

from crawler.frontier import Frontier
from crawler.items import Clipping
from crawler.pipelines.deduplicate import DeduplicatePipeline
from stories.identity import reading_digest
from stories.ledger import Ledger
from stories.order import CrawlOrder
from tests.making import article, clipping, discovery, link

READ = article(
    related_links=(link(2, date_published_raw="2 jam lalu"),), date_published=datetime(2020, 1, 1, tzinfo=UTC)
)


def process(ledger: Ledger, *, before: str | None, **different: Any) -> Clipping | DropItem:
    """What becomes of an article whose page was read last with this digest."""
    ledger.discover([discovery(1)])

    async def play() -> Clipping | DropItem:
        frontier = Frontier(ledger, CrawlOrder(run="run-1", site="tempo-en"))
        (held,) = await frontier.lease("en.tempo.co", limit=1)
        held = replace(held, digest=before)
        frontier.held[held.key] = held
        item = clipping(lease=held, etag='"e"', last_modified="today", **({"article": READ} | different))
        try:
            return DeduplicatePipeline(frontier).process_item(item)
        except DropItem as dropped:
            return dropped
        finally:
            await frontier.close()

    return asyncio.run(play())


def test_the_same_reading_is_unchanged_and_needs_no_job(ledger: Ledger):
    later = replace(
        READ,
        date_downloaded=READ.date_downloaded + timedelta(days=1),
        related_links=(link(2, date_published_raw="1 hari lalu"),),
        view_count=99,
    )
    assert isinstance(process(ledger, before=reading_digest(READ), article=later), DropItem)
    page = ledger.page("tempo-read:1") or {}
    assert (page["state"], page["fate"], page["etag"], page["lastModified"]) == ("settled", "unchanged", '"e"', "today")
    assert "nextFetchAt" not in page  # of 2020: never again


def test_a_young_story_is_looked_at_again(ledger: Ledger):
    young = replace(READ, date_published=datetime.now(UTC))
    process(ledger, before=reading_digest(young), article=young)
    page = ledger.page("tempo-read:1") or {}
    assert timedelta(minutes=14) < page["nextFetchAt"] - ledger.now() <= timedelta(minutes=15)


@pytest.mark.parametrize("before", [None, "another"])
def test_a_new_reading_goes_on(ledger: Ledger, before: str | None):
    item = process(ledger, before=before)
    assert isinstance(item, Clipping)
    assert item.article == READ
    assert (ledger.page("tempo-read:1") or {})["state"] == "due"  # nobody settled it: given back at the end
