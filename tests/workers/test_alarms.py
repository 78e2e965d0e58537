"""Each alarm goes on at its limit and off below it: judged from numbers alone."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.making import NOON
from workers.alarm import KINDS, Alarm, State
from workers.alarms import (
    DISK,
    ERROR_SHARE,
    FEWEST_DAYS,
    FEWEST_PAGES,
    LEAST_SILENCE,
    QUEUE_AGE,
    SCHEDULER_SILENCE,
    alarms,
    are_on,
)
from workers.readings import (
    FIELDS,
    Disk,
    Failing,
    Fates,
    Memory,
    MissedTicks,
    Quarantined,
    QueueReading,
    Readings,
    Sample,
    Seen,
    Silence,
)

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
SITE = "a-site"


def seen(count: int, **having: int) -> Seen:
    """All fields in all stories, but for those that are named."""
    return Seen(count=count, having={**dict.fromkeys(FIELDS, count), **having})


def silence(minutes: float, usual: list[float]) -> Silence:
    days = tuple(timedelta(minutes=m) for m in usual)
    return Silence(site=SITE, looked_at=NOON, newest=NOON - minutes * MINUTE, usual=days)


def sample(recent: dict[str, Seen], before: dict[str, Seen]) -> Sample:
    return Sample(site=SITE, recent=recent, before=before, since=NOON - HOUR)


def fates(recent: dict[str, int], before: dict[str, int] | None = None) -> Fates:
    return Fates(site=SITE, recent=Counter(recent), before=Counter(before or {}), since=NOON - HOUR)


def queue(name: str = "enrich", *, waiting: int = 0, age: timedelta | None = None, workers: int = 1) -> QueueReading:
    return QueueReading(name=name, waiting=waiting, oldest=age and NOON - age, workers=workers)


WELL = Readings(
    at=NOON,
    expects_crawls=True,
    silences=(silence(20, [20] * 28),),
    samples=(sample({"v1": seen(60)}, {"v1": seen(240)}),),
    fates=(fates({"stored": 990, "failed": 10}, {"stored": 9_900, "failed": 100}),),
    failing=(Failing(site=SITE, ended=9, failed=1, since=NOON - HOUR, reason="it died too often"),),
    queues=(queue("crawl"), queue("enrich")),
    scheduler_seen_at=NOON - timedelta(seconds=4),
    missed=MissedTicks(count=0, first=None, schedules=()),
    quarantine=Quarantined(last_day=3, first=NOON - HOUR, usual=2.0),
    disks=(Disk(name="home", free=50e9, total=100e9),),
    redis=Memory(used=100e6, most=512e6),
)


def judged(name: str, **different: Any) -> Alarm:
    """The one alarm of a name, where all is well but for this."""
    found = [alarm for alarm in alarms(replace(WELL, **different)) if alarm.name == name]
    on = are_on(found)
    return on[0] if on else found[0]


def test_a_house_that_is_well_has_every_alarm_and_none_is_on() -> None:
    found = alarms(WELL)
    assert are_on(found) == []
    assert {alarm.name for alarm in found} == set(KINDS)
    assert [alarm.name for alarm in found] == sorted((a.name for a in found), key=list(KINDS).index)
    assert all(alarm.since is None for alarm in found)
    assert all(alarm.state is State.OFF for alarm in found)


# -- sites ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("minutes", "usual", "expected"),
    [
        (49, [20] * 28, "off"),  # twenty are usual: half an hour more is allowed
        (51, [20] * 28, "on"),
        (359, [240] * 28, "off"),  # at night four hours are usual: half of that more
        (361, [240] * 28, "on"),
        (51, [20] * 26 + [5000] * 2, "on"),  # two odd days are no rule
        (51, [20] * 25 + [5000] * 3, "off"),  # three are
        (51, [20] * FEWEST_DAYS, "on"),
        (5000, [20] * (FEWEST_DAYS - 1), "unknown"),
    ],
)
def test_silence_is_measured_by_what_is_usual_at_this_hour(minutes: float, usual: list[float], expected: str) -> None:
    assert judged("no-new-story", silences=(silence(minutes, usual),)).state == expected


def test_silence_says_since_when_it_is_too_long() -> None:
    alarm = judged("no-new-story", silences=(silence(60, [20] * 28),))
    assert alarm.since == NOON - 60 * MINUTE + 20 * MINUTE + LEAST_SILENCE
    assert (alarm.value, alarm.limit) == (3600, 3000)
    assert alarm.detail == "its newest story is 1:00:00 older than the last crawl; 0:20:00 is usual at this hour"


@pytest.mark.parametrize("unknown", [{"looked_at": None}, {"newest": None}], ids=["no tick", "no story"])
def test_a_site_that_was_not_asked_for_or_has_no_story_is_not_silent(unknown: dict[str, Any]) -> None:
    assert judged("no-new-story", silences=(replace(silence(60, [20] * 28), **unknown),)).state == "unknown"


@pytest.mark.parametrize(
    ("recent", "before", "expected"),
    [
        (seen(60, authors=0), seen(240), "on"),
        (seen(60, authors=44), seen(240), "on"),  # 73 %
        (seen(60, authors=45), seen(240), "off"),  # 75 %: a quarter less
        (seen(60, keywords=18), seen(240, keywords=120), "off"),  # from a half to a third: chance may do that
        (seen(60, keywords=10), seen(240, keywords=120), "on"),
        (seen(60, keywords=0), seen(240, keywords=50), "off"),  # a field that few have tells nothing
        (seen(19, authors=0), seen(240), "unknown"),
        (seen(60, authors=0), seen(19), "unknown"),
    ],
)
def test_a_fields_coverage_falls_by_more_than_chance(recent: Seen, before: Seen, expected: str) -> None:
    assert judged("field-coverage", samples=(sample({"v1": recent}, {"v1": before}),)).state == expected


def test_coverage_is_compared_within_one_page_version() -> None:
    """A site whose newest stories are videos has no fewer captions than before."""
    mixed = sample({"v1": seen(30), "video": seen(30, images=0)}, {"v1": seen(200), "video": seen(40, images=0)})
    assert judged("field-coverage", samples=(mixed,)).state == "off"
    alarm = judged("field-coverage", samples=(replace(mixed, recent={"v1": seen(30, images=3, authors=0)}),))
    assert alarm.state == "on"
    assert alarm.detail == "authors of v1: 0%, usually 100%; images of v1: 10%, usually 100%"
    assert (alarm.value, alarm.limit, alarm.since) == (0, 0.75, NOON - HOUR)


@pytest.mark.parametrize(
    ("fallback", "before", "expected"),
    [(0, 0, "off"), (12, 0, "off"), (13, 0, "on"), (30, 80, "off"), (40, 80, "on")],
)
def test_a_growing_share_of_fallback(fallback: int, before: int, expected: str) -> None:
    grown = sample(
        {"v1": seen(60 - fallback), "fallback": seen(fallback)}, {"v1": seen(240 - before), "fallback": seen(before)}
    )
    assert judged("unknown-layout", samples=(grown,)).state == expected
    few = sample({"fallback": seen(19)}, {"v1": seen(240)})
    assert judged("unknown-layout", samples=(few,)).state == "unknown"


@pytest.mark.parametrize(
    ("recent", "before", "expected"),
    [
        ({"stored": 95, "failed": 5}, {}, "off"),
        ({"stored": 94, "failed": 2, "challenge": 2, "forbidden": 1, "quarantined": 1}, {"stored": 100}, "on"),
        ({"stored": 88, "failed": 12}, {"stored": 96, "failed": 4}, "off"),  # three times the usual
        ({"stored": 87, "failed": 13}, {"stored": 96, "failed": 4}, "on"),
        ({"failed": FEWEST_PAGES - 1}, {}, "unknown"),
        ({"notArticle": 100, "gone": 100, "paywalled": 100}, {}, "off"),
    ],
)
def test_the_mix_of_errors(recent: dict[str, int], before: dict[str, int], expected: str) -> None:
    assert judged("error-mix", fates=(fates(recent, before),)).state == expected


@pytest.mark.parametrize(
    ("recent", "before", "expected"),
    [
        ({"stored": 82, "forbidden": 5}, {}, "unknown"),  # the demo
        ({"forbidden": 87}, {}, "unknown"),
        ({"stored": 82, "forbidden": 5}, {"stored": 49}, "unknown"),
        ({"stored": 97, "forbidden": 3}, {}, "off"),
        ({"stored": 82, "forbidden": 5}, {"stored": 50}, "on"),
        ({"stored": 82, "forbidden": 5}, {"stored": 900, "forbidden": 60}, "off"),
        ({"stored": 80, "forbidden": 5, "failed": 4}, {}, "unknown"),
        ({"stored": 80, "forbidden": 5, "failed": 5}, {}, "on"),  # what went wrong needs no usual
    ],
)
def test_what_was_only_obeyed_is_none_without_a_usual(
    recent: dict[str, int], before: dict[str, int], expected: str
) -> None:
    alarm = judged("error-mix", fates=(fates(recent, before),))
    assert alarm.state == expected
    assert ("not known before the second day" in alarm.detail) == (expected == "unknown")


def test_the_mix_is_told() -> None:
    alarm = judged("error-mix", fates=(fates({"stored": 80, "failed": 15, "challenge": 5}),))
    assert (alarm.detail, alarm.limit) == ("of 100 pages: 15 failed, 5 challenge", ERROR_SHARE)


@pytest.mark.parametrize(
    ("ended", "failed", "expected", "said"),
    [
        (0, 0, "unknown", "no crawl that had something to do has ended within four weeks"),
        (5, 0, "off", "the last one was not in vain"),
        (5, 1, "off", "the last one had nothing: no contact"),
        (5, 2, "on", "the last 2 had nothing: no contact"),
        (2, 2, "on", "the last 2 had nothing: no contact"),
    ],
)
def test_crawls_that_fail_one_after_the_other(ended: int, failed: int, expected: str, said: str) -> None:
    since = NOON - HOUR if failed else None
    failing = Failing(site=SITE, ended=ended, failed=failed, since=since, reason="no contact" if failed else None)
    alarm = judged("crawls-failing", failing=(failing,))
    assert (alarm.state, alarm.detail, alarm.kind.unit) == (expected, said, "crawls")
    assert alarm.since == (since if expected == "on" else None)


# -- the house --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", list(QUEUE_AGE))
def test_the_age_of_a_queue(name: str) -> None:
    limit = QUEUE_AGE[name]
    at_it = judged("queue-age", queues=(queue(name, waiting=9, age=limit),))
    assert at_it.state == "off"
    over = judged("queue-age", queues=(queue(name, waiting=9, age=limit + MINUTE),))
    assert (over.state, over.since, over.subject) == ("on", NOON - MINUTE, name)


@pytest.mark.parametrize(
    ("workers", "waiting", "expects", "expected"),
    [(1, 5, True, "off"), (0, 0, True, "on"), (0, 5, False, "on"), (0, 0, False, "off")],
)
def test_a_queue_that_nobody_serves(workers: int, waiting: int, expects: bool, expected: str) -> None:
    served = queue(workers=workers, waiting=waiting, age=waiting * MINUTE or None)
    assert judged("no-worker", queues=(served,), expects_crawls=expects).state == expected


@pytest.mark.parametrize(
    ("seen_at", "expects", "expected"),
    [
        (NOON - SCHEDULER_SILENCE, True, "off"),
        (NOON - SCHEDULER_SILENCE - timedelta(seconds=1), True, "on"),
        (NOON - HOUR, False, "off"),
        (None, True, "on"),
        (None, False, "off"),
        (NOON + HOUR, True, "off"),  # a clock that was set back
    ],
)
def test_an_absent_scheduler(seen_at: datetime | None, expects: bool, expected: str) -> None:
    assert judged("no-scheduler", scheduler_seen_at=seen_at, expects_crawls=expects).state == expected


def test_missed_ticks() -> None:
    missed = MissedTicks(count=2, first=NOON - 5 * MINUTE, schedules=("pagi", "sore"))
    alarm = judged("ticks-missed", missed=missed)
    assert (alarm.state, alarm.since) == ("on", NOON - 5 * MINUTE)
    assert alarm.detail == "2 within the last hour, of pagi, sore"


@pytest.mark.parametrize(
    ("last_day", "usual", "expected"), [(10, 0, "off"), (11, 0, "on"), (60, 20, "off"), (61, 20, "on")]
)
def test_a_growing_quarantine(last_day: int, usual: float, expected: str) -> None:
    kept = Quarantined(last_day=last_day, first=NOON - HOUR, usual=usual)
    assert judged("quarantine-growing", quarantine=kept).state == expected


def test_a_disk_that_is_nearly_full() -> None:
    disks = (Disk(name="home", free=DISK, total=1e12), Disk(name="mongodb", free=DISK - 1, total=1e12))
    alarm = judged("disk-low", disks=disks)
    assert (alarm.state, alarm.subject, alarm.detail) == ("on", "mongodb", "2.0 of 1000.0 GB are free")


@pytest.mark.parametrize(("used", "most", "expected"), [(80, 100, "off"), (81, 100, "on"), (81, 0, "unknown")])
def test_a_full_redis(used: float, most: float, expected: str) -> None:
    assert judged("redis-memory", redis=Memory(used=used, most=most)).state == expected
