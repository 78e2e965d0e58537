"""What is wrong, judged from numbers: `alarms(readings)`. Pure; workers/gauges.py gathers the numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial
from math import sqrt
from typing import Final, NamedTuple

from stories.fate import Fate
from workers.alarm import KINDS, Alarm, State
from workers.readings import (
    FALLBACK,
    Disk,
    Failing,
    Fates,
    Memory,
    MissedTicks,
    Quarantined,
    QueueReading,
    Readings,
    Sample,
    Silence,
)
from workers.schedule import in_words

# -- limits -----------------------------------------------------------------------------------------------------

LEAST_SILENCE: Final = timedelta(minutes=30)  # a crawl that comes every quarter of an hour may fail once
FEWEST_DAYS: Final = 7  # of the last 28 days at this hour: with less, a weekend looks unusual
ODD_DAYS: Final = 2  # of 28: holidays and outages of ours do not make a long silence usual

FEWEST_STORIES: Final = 20  # of each side: with 20, chance alone moves a share by 0.1
LEAST_FALL: Final = 0.25  # a section page without authors moves it by a tenth; a layout that changed, by nearly all
SIGMAS: Final = 4.0  # one look in 30,000 by chance; with ten fields, five sites and a look each five minutes, 1 a month
FALLBACK_GROWTH: Final = 0.2  # of the newest 60 stories, twelve: a section with a layout of its own
FEWEST_PAGES: Final = 50  # settled within a day, or before it: with less, one broken page is a tenth
FAILED_CRAWLS: Final = 1  # in a row: one may meet a server that starts again, and says so when asked (kliping queue)
ERROR_SHARE: Final = 0.05  # a healthy crawl of either edition has under one in a hundred
USUAL_TIMES: Final = 3.0  # three times the usual is no chance any more

QUEUE_AGE: Final = {
    "crawl": timedelta(hours=2),  # the day's crawl of both editions takes under one
    "enrich": timedelta(minutes=5),  # a batch takes a second; five minutes is what is promised after a loss of Redis
}
WORKERS: Final = 1  # of each queue
SCHEDULER_SILENCE: Final = timedelta(seconds=20)  # four signs of life
QUARANTINED_A_DAY: Final = 10  # what a person looks through with a coffee
DISK: Final = (
    2_000_000_000  # bytes: a month of both editions is a third; the rest is for journals and Valkey's rewrites
)
MEMORY_SHARE: Final = 0.8  # of Redis's limit: at nine tenths nothing more is handed over, and a rewrite needs room


ERRORS: Final = (Fate.FAILED, Fate.QUARANTINED, Fate.CHALLENGE, Fate.FORBIDDEN)
"""Fates by which a page is lost, though it may be an article."""
OBEYED: Final = frozenset({Fate.FORBIDDEN})
"""Those of them that a site may well wish: what tells something is that there are more of them than usual."""


def alarms(readings: Readings) -> list[Alarm]:
    """Every alarm, on or not."""
    order = list(KINDS)
    return sorted(_all(readings), key=lambda alarm: (order.index(alarm.name), alarm.subject))


def are_on(found: Iterable[Alarm]) -> list[Alarm]:
    return [alarm for alarm in found if alarm.state is State.ON]


def _all(readings: Readings) -> Iterator[Alarm]:
    yield from map(_silence, readings.silences)
    for sample in readings.samples:
        yield _coverage(sample)
        yield _fallback(sample)
    yield from map(_errors, readings.fates)
    yield from map(_failing, readings.failing)
    for queue in readings.queues:
        yield _queue_age(queue, readings.at)
        yield _workers(queue, is_needed=readings.expects_crawls or bool(queue.waiting))
    yield _scheduler(readings)
    yield _missed(readings.missed)
    yield _quarantine(readings.quarantine)
    yield from map(_disk, readings.disks)
    yield _memory(readings.redis)


# -- sites ------------------------------------------------------------------------------------------------------


def _silence(silence: Silence) -> Alarm:
    """How long there was nothing new when the site was last asked, against four weeks at that hour."""
    about = partial(Alarm, name="no-new-story", subject=silence.site)
    if silence.looked_at is None or silence.newest is None:
        return about(state=State.UNKNOWN, detail="no schedule has asked for it yet, or it has no story")
    value = silence.looked_at - silence.newest
    if len(silence.usual) < FEWEST_DAYS:
        said = f"{len(silence.usual)} days at this hour are known, {FEWEST_DAYS} are needed"
        return about(state=State.UNKNOWN, detail=said, value=value.total_seconds())
    longest = sorted(silence.usual)[-1 - ODD_DAYS]
    limit = longest + max(LEAST_SILENCE, longest / 2)
    said = f"its newest story is {in_words(value)} older than the last crawl; {in_words(longest)} is usual at this hour"
    value_in, limit_in = value.total_seconds(), limit.total_seconds()
    return _above(about, value_in, limit_in, said, since=silence.newest + limit)


def _coverage(sample: Sample) -> Alarm:
    """The field that fell furthest, of all page versions that are there often enough on both sides."""
    about = partial(Alarm, name="field-coverage", subject=sample.site)
    compared = [share for version in sample.recent for share in _shares(sample, version)]
    if not compared:
        return about(state=State.UNKNOWN, detail="too few stories of one page version to compare with those before")
    fallen = [share for share in compared if share.now < share.limit]
    said = "; ".join(str(share) for share in fallen) or "every field is there as often as before"
    worst = min(compared, key=lambda share: share.now - share.limit)
    state = State.ON if fallen else State.OFF
    since = sample.since if fallen else None
    return about(state=state, detail=said, value=worst.now, limit=worst.limit, since=since)


class _Share(NamedTuple):
    """How often a field is there."""

    version: str
    field: str
    now: float
    usual: float
    limit: float

    def __str__(self) -> str:
        return f"{self.field} of {self.version}: {self.now:.0%}, usually {self.usual:.0%}"


def _shares(sample: Sample, version: str) -> Iterator[_Share]:
    """Of the fields that are there often enough for a fall to tell something."""
    recent, before = sample.recent[version], sample.before.get(version)
    if before is None or min(recent.count, before.count) < FEWEST_STORIES:
        return
    now = recent.shares()
    for field, usual in before.shares().items():
        limit = usual - max(LEAST_FALL, SIGMAS * sqrt(usual * (1 - usual) / recent.count))
        if limit > 0:
            yield _Share(version, field, now[field], usual, limit)


def _fallback(sample: Sample) -> Alarm:
    about = partial(Alarm, name="unknown-layout", subject=sample.site)
    recent, before = sample.share_of(FALLBACK, sample.recent), sample.share_of(FALLBACK, sample.before)
    if recent is None or before is None:
        return about(state=State.UNKNOWN, detail="too few stories to compare with those before", value=recent)
    said = f"{recent:.0%} of the newest stories, {before:.0%} of those before"
    return _above(about, recent, before + FALLBACK_GROWTH, said, since=sample.since)


def _errors(fates: Fates) -> Alarm:
    about = partial(Alarm, name="error-mix", subject=fates.site)
    pages = fates.recent.total()
    if pages < FEWEST_PAGES:
        return about(state=State.UNKNOWN, detail=f"{pages} pages within a day, {FEWEST_PAGES} are needed")
    mix = ", ".join(f"{fates.recent[fate]} {fate}" for fate in ERRORS if fates.recent[fate]) or "no error"
    said = f"of {pages} pages: {mix}"
    limit = max(ERROR_SHARE, USUAL_TIMES * _share(fates.before, ERRORS))
    value = _share(fates.recent, ERRORS)
    is_known = fates.before.total() >= FEWEST_PAGES
    if value > limit and not is_known and _share(fates.recent, frozenset(ERRORS) - OBEYED) <= limit:
        said += "; whether that is usual is not known before the second day"
        return about(state=State.UNKNOWN, detail=said, value=value, limit=limit)
    return _above(about, value, limit, said, since=fates.since)


def _share(fates: Counter[str], of: Iterable[Fate]) -> float:
    return sum(fates[fate] for fate in of) / max(1, fates.total())


def _failing(failing: Failing) -> Alarm:
    about = partial(Alarm, name="crawls-failing", subject=failing.site)
    if not failing.ended:
        return about(state=State.UNKNOWN, detail="no crawl that had something to do has ended within four weeks")
    newest = "one" if failing.failed < 2 else str(failing.failed)  # noqa: PLR2004 - how it is said
    said = f"the last {newest} had nothing: {failing.reason}" if failing.failed else "the last one was not in vain"
    return _above(about, failing.failed, FAILED_CRAWLS, said, since=failing.since)


# -- the house --------------------------------------------------------------------------------------------------


def _queue_age(queue: QueueReading, now: datetime) -> Alarm:
    about = partial(Alarm, name="queue-age", subject=queue.name)
    limit = QUEUE_AGE[queue.name]
    if queue.oldest is None:
        return about(state=State.OFF, detail="no job waits", value=0.0, limit=limit.total_seconds())
    age = now - queue.oldest
    said = f"{queue.waiting} jobs wait, the first for {in_words(max(age, timedelta(0)))}"
    return _above(about, age.total_seconds(), limit.total_seconds(), said, since=queue.oldest + limit)


def _workers(queue: QueueReading, *, is_needed: bool) -> Alarm:
    about = partial(Alarm, name="no-worker", subject=queue.name, value=queue.workers)
    if not is_needed:
        return about(state=State.OFF, detail=f"{queue.workers} at work; none is needed", limit=0)
    state = State.ON if queue.workers < WORKERS else State.OFF
    return about(state=state, detail=f"{queue.workers} at work", limit=WORKERS)


def _scheduler(readings: Readings) -> Alarm:
    about = partial(Alarm, name="no-scheduler", subject="schedules")
    seen, limit = readings.scheduler_seen_at, SCHEDULER_SILENCE.total_seconds()
    if not readings.expects_crawls:
        return about(state=State.OFF, detail="none is needed: no schedule is active", limit=limit)
    if seen is None:
        return about(state=State.ON, detail="none is at work", limit=limit)
    silent = max(timedelta(0), readings.at - seen)
    said = f"the last sign of life was {in_words(silent)} ago"
    return _above(about, silent.total_seconds(), limit, said, since=seen + SCHEDULER_SILENCE)


def _missed(missed: MissedTicks) -> Alarm:
    about = partial(Alarm, name="ticks-missed", subject="schedules")
    said = f"{missed.count} within the last hour" + (f", of {', '.join(missed.schedules)}" if missed.count else "")
    return _above(about, missed.count, 0, said, since=missed.first)


def _quarantine(kept: Quarantined) -> Alarm:
    about = partial(Alarm, name="quarantine-growing", subject="quarantine")
    said = f"{kept.last_day} within a day, usually {kept.usual:.1f}"
    return _above(about, kept.last_day, max(QUARANTINED_A_DAY, USUAL_TIMES * kept.usual), said, since=kept.first)


def _disk(disk: Disk) -> Alarm:
    said = f"{disk.free / 1e9:.1f} of {disk.total / 1e9:.1f} GB are free"
    state = State.ON if disk.free < DISK else State.OFF
    return Alarm(name="disk-low", subject=disk.name, state=state, detail=said, value=disk.free, limit=DISK)


def _memory(memory: Memory) -> Alarm:
    about = partial(Alarm, name="redis-memory", subject="redis")
    if not memory.most:
        return about(state=State.UNKNOWN, detail="neither its limit nor its machine's memory is known")
    said = f"{memory.used / 1e6:.0f} of {memory.most / 1e6:.0f} MB"
    return _above(about, memory.used / memory.most, MEMORY_SHARE, said)


def _above(
    about: Callable[..., Alarm], value: float, limit: float, detail: str, *, since: datetime | None = None
) -> Alarm:
    """On where the value is above the limit."""
    is_on = value > limit
    state = State.ON if is_on else State.OFF
    return about(state=state, detail=detail, value=value, limit=limit, since=since if is_on else None)
