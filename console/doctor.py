"""Is everything fit for its part? Answers as data: `kliping doctor` prints them, each command asks the first two."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from console.check import Check, require
from console.mongo_checks import mongo_checks
from console.redis_checks import redis_checks
from console.services import Services
from crawler import browser
from stories.settings import Settings

GIGABYTE: Final = 1_000_000_000
ROOM: Final = GIGABYTE  # 100,000 stories with their revisions and indexes, or the archive of a day's crawl


def checks(settings: Settings, services: Services) -> list[Check]:
    """Everything that can be looked at, in the order in which to mend it. Takes at most 10 s."""
    servers = [*mongo_checks(services.mongo_url), *redis_checks(services.redis_url)]
    return [*servers, disk_check(settings.home), browser_check(settings)]


def require_mongo(url: str) -> None:
    """Raise ServiceError that says what is wrong and what to do, unless this MongoDB is fit. Takes at most 5 s."""
    require(mongo_checks(url))


def require_redis(url: str) -> None:
    """Raise ServiceError that says what is wrong and what to do, unless this Redis is fit. Takes at most 5 s."""
    require(redis_checks(url))


def browser_check(settings: Settings) -> Check:
    """What renders the few listings that are empty without their script; all else is read without it."""
    lacking = browser.missing(settings)
    return Check(
        name="browser",
        ok=lacking is None,
        detail="pages that need one are deferred"
        if lacking
        else f"{browser.find(settings)} renders pages that need it",
        remedy=lacking and f"{lacking[0].upper()}{lacking[1:]}.",
        fatal=False,
    )


def disk_check(home: Path) -> Check:
    """The room where the home lies, or would lie."""
    absolute = home.expanduser().resolve()
    folder = next(place for place in (absolute, *absolute.parents) if place.exists())
    free = shutil.disk_usage(folder).free
    return Check(
        name="disk",
        ok=free >= ROOM,
        detail=f"{free / GIGABYTE:.1f} GB free under {absolute}",
        remedy=f"Make room: {ROOM / GIGABYTE:.0f} GB is needed, or set KLIPING_HOME to another disk.",
        fatal=False,
    )
