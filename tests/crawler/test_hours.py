"""A site's hours hold at the moment at which a request is sent, however long it has waited for its turn."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from scrapy import Request
from scrapy.http import Response

from crawler.outcome import NotNow
from crawler.politeness import Politeness
from stories.hours import Hours
from stories.pace import Pace
from workers.stores import Stores

HOST = "en.tempo.co"
JUST_BEFORE = datetime(2026, 1, 1, 4, 59, 59, tzinfo=UTC)
DELAY = 2.0
"""Seconds: the second request's turn comes a second after the hours' end."""


def test_whose_turn_comes_after_the_hours_is_not_sent(stores: Stores):
    begun = time.monotonic()
    sent: list[str] = []

    async def download(request: Request) -> Response:
        sent.append(request.url)
        return Response(request.url)

    async def scene() -> list[Any]:
        politeness = Politeness(
            Pace(stores.queue.connection, crawler="a"),
            delay=DELAY,
            concurrency=2,
            lease_seconds=600,
            time_left=lambda _: 600,
            now=lambda: JUST_BEFORE + timedelta(seconds=time.monotonic() - begun),
            confirmed_at=lambda: 0.0,
            hours=Hours.of("01:00-05:00 UTC"),
        )
        requests = [Request(f"https://{HOST}/{number}", meta={"download_slot": HOST}) for number in range(2)]
        answers = await asyncio.gather(*(politeness.ask(one, download) for one in requests), return_exceptions=True)
        await politeness.close()
        return answers

    answered, refused = asyncio.run(scene())
    assert isinstance(answered, Response), "else the machine was too slow for this test"
    assert isinstance(refused, NotNow)
    assert refused.pause > timedelta(hours=19)
    assert sent == [f"https://{HOST}/0"]
