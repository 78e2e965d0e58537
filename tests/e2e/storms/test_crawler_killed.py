"""F1: `kill -9` of crawlers, at random moments and at the named points, at the default lease of ten minutes."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial

import pytest

from console.crew import CRAWLERS, ENRICHERS
from stories.mongo import Document
from stories.pages import LEASED
from stories.queue import CRAWL
from stories.runs import ACTIVE
from stories.settings import Settings
from tests.e2e.storms.doomed import doomed, lonely_crawler
from tests.e2e.storms.newspaper import SITES
from tests.e2e.storms.storm import STORIES, Storm, rounds, storm
from tests.faults.record import Tally
from tests.waiting import wait_for

POINTS = {"after_discover": 5, "before_hand_over": 2, "after_enqueue": 2}
"""With the latest pass: a crawler comes by that often, even where others have most of the pages."""
A_ROUND = 25
"""Kills of one newspaper."""
LEASE = 6
"""Seconds."""
TAKEN_UP = 8.0
"""Seconds after a lease's end: a crawler of an idle site looks each half second, and is slow on a busy machine."""


def die_at_the_points(weather: Storm, deaths: int) -> None:
    """Two at a time, a site each: nobody else is there to take their pages."""
    for number in range(0, deaths, len(SITES)):
        with ExitStack() as stack:
            dying = []
            for point in [list(POINTS)[(number + n) % len(POINTS)] for n in range(min(len(SITES), deaths - number))]:
                at = f"{point}:{weather.chance.randint(1, POINTS[point])}"
                dying.append((at, stack.enter_context(doomed(weather.place.settings, CRAWL, fail_at=at))))
            for at, worker in dying:
                weather.wait(partial(has_ended, worker), f"a crawler dies {at}")
                weather.history.note(f"the crawler of worker {worker.pid} died {at}")
                weather.kills += 1
    ended = [run for run in weather.runs if (weather.place.stores.runs.get(run) or {})["state"] not in ACTIVE]
    assert not ended, "a crawler did not come by its point"


def has_ended(process: subprocess.Popen[bytes]) -> bool:
    return process.poll() is not None


def die_at_random(weather: Storm, kills: int) -> None:
    """One or both at a time."""
    while weather.kills < kills:
        if not weather.paper.has_changed and weather.kills * 3 >= kills * 2:
            weather.change_the_newspaper()
        weather.let_pass(weather.chance.randint(1, 60))
        weather.some_time()
        most = min(weather.chance.choice((1, 1, 2)), kills - weather.kills)
        weather.kill_one("a crawler", lambda: weather.victims("crawler.run"), most=most)


@pytest.mark.fault("F1")
def test_crawlers_killed_at_random_and_at_the_named_points(
    settings: Settings, tally: Tally, scale: Callable[..., int], seed: int
) -> None:
    trials, stories = scale(short=13, long=198), STORIES
    for own, kills in rounds(trials, most=A_ROUND, seed=seed):
        with storm(settings, seed=own, stories=stories, parts=(ENRICHERS, ENRICHERS)) as weather:
            for site in SITES:
                weather.order(site)
            die_at_the_points(weather, kills // 3)
            for site in SITES:  # a job that was interrupted six times waits half a minute: they take turns
                weather.order(site, fresh=True)
            with weather.joined_by(CRAWLERS, CRAWLERS):
                die_at_random(weather, kills)
                if scale(short=True, long=False):
                    weather.pass_a_minute()
                weather.calm(tally)


@pytest.mark.fault("F1")
def test_a_killed_crawlers_pages_are_asked_for_again_when_their_lease_ends(
    settings: Settings, tally: Tally, seed: int
) -> None:
    """Nobody sweeps, no worker sees it die: another crawler of the site takes its pages."""
    with storm(settings, seed=seed, parts=(), lease_seconds=LEASE) as weather:
        pages = weather.place.stores.database["pages"]

        def held(run: str) -> list[Document]:
            return list(pages.find({"state": LEASED, "run": run}, {"lease": 1}))

        with lonely_crawler(weather, "tempo-en") as (run, process):
            wait_for(lambda: len(held(run)) > 1, "it holds pages")
            weather.kill("the crawler", [process.pid])
            process.wait()
            killed = time.monotonic()
        tokens = {page["_id"]: page["lease"]["token"] for page in held(run)}
        assert tokens
        with lonely_crawler(weather, "tempo-en") as (other, _):
            wait_for(lambda: held(other) or not still(pages, tokens), "another is at work")
            wait_for(lambda: not still(pages, tokens), "others having its pages", limit=LEASE + TAKEN_UP)
            took = time.monotonic() - killed
        weather.history.note(f"{len(tokens)} pages taken {took:.1f} s after the kill")
    print(f"{len(tokens)} pages of a killed crawler were taken {took:.1f} s later; the lease is {LEASE} s")
    tally.add(trials=1, seed=seed)


@pytest.mark.fault("F1")
def test_a_fresh_crawl_whose_crawler_dies_as_it_begins_asks_for_all_stories(
    settings: Settings, tally: Tally, seed: int
) -> None:
    with storm(settings, seed=seed, stories=60) as weather:
        weather.order("tempo-en")
        weather.calm()
        weather.paper.replica.clear_log()
        with lonely_crawler(weather, "tempo-en", fail_at="after_discover:1") as (run, process):
            weather.wait(lambda: process.poll() is not None, "it dies")
            assert process.returncode == -signal.SIGKILL
        weather.pass_a_minute()
        weather.calm(tally, trials=1)
        assert (weather.place.stores.runs.get(run) or {})["resumes"] == 1
        asked = {f"https://{entry['host']}{entry['path']}" for entry in weather.paper.replica.log()}
        missed = set(weather.paper.world.article_urls("tempo-en")) - weather.paper.broken - asked
    tally.add(trials=0, lost=len(missed), seed=seed)
    assert not missed


def still(pages: object, tokens: dict[str, str]) -> int:
    """How many are under the dead one's lease."""
    return pages.count_documents({"$or": [{"_id": key, "lease.token": token} for key, token in tokens.items()]})  # type: ignore[attr-defined]
