"""Is everything fit for its part? Answers as data: `kliping doctor` prints them, each command asks the first two."""

from __future__ import annotations

import http.client
import json
import platform
import shutil
from collections.abc import Mapping
from contextlib import closing
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final

from console.check import Check, require
from console.database_checks import database_checks
from console.home import Home
from console.mongo_checks import mongo_checks
from console.processes import LOOPBACK
from console.redis_checks import redis_checks
from console.sentinel_checks import sentinel_checks
from console.services import Services
from crawler import browser
from stories.errors import StopError
from stories.settings import Settings

GIGABYTE: Final = 1_000_000_000
ROOM: Final = GIGABYTE  # 100,000 stories with their revisions and indexes, or the archive of a day's crawl

CONSOLE_PORT: Final = 8095
PINNED: Final[Mapping[str, str]] = {"rq": "2.12", "scrapy": "2.19"}
_HEALTH: Final = 10_000  # bytes of an answer that can be ours


def checks(settings: Settings, services: Services) -> list[Check]:
    """Everything that can be looked at, in the order in which to mend it. Takes at most 20 s."""
    servers = [*mongo_checks(services.mongo_url), *redis_checks(services.redis_url)]
    is_fit = all(check.ok for check in servers if check.fatal)
    further = [*sentinel_checks(services.redis_url), *database_checks(settings, services)] if is_fit else []
    return [*servers, *further, *house_checks(settings)]


def house_checks(settings: Settings) -> list[Check]:
    """What can be looked at without the servers."""
    looked = [home_check(settings.home), disk_check(settings.home), versions_check(), contact_check(settings)]
    return [*looked, port_check(), browser_check(settings)]


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


def home_check(home: Path) -> Check:
    """Whether it takes files, by writing one: rights, a read-only disk and quotas show only so."""
    try:
        folder = Home.at(home).path
        with TemporaryFile(dir=folder) as probe:
            probe.write(b"x" * 4096)
            probe.flush()
    except (StopError, OSError) as error:
        remedy = (
            f"Give this user the right to write there (chown, chmod), or set KLIPING_HOME. It is {home.absolute()}."
        )
        said = str(error).partition(". ")[0]
        return Check(name="home", ok=False, detail=f"it takes no files: {said}", remedy=remedy, fatal=False)
    return Check(name="home", ok=True, detail=f"{folder} takes files", fatal=False)


def versions_check() -> Check:
    """Those whose inner parts we override are pinned to a minor version (pyproject.toml)."""
    found = {name: version(name) for name in ("kliping", *PINNED, "pymongo", "redis")}
    others = [f"{name} {found[name]}, needed {least}" for name, least in PINNED.items() if not _is(found[name], least)]
    told = ", ".join(f"{name} {number}" for name, number in found.items())
    return Check(
        name="versions",
        ok=not others,
        detail="; ".join(others) or f"{told}, Python {platform.python_version()}",
        remedy="Install kliping again with what it needs: pip install --upgrade --force-reinstall kliping",
        fatal=False,
    )


def _is(found: str, wanted: str) -> bool:
    return found == wanted or found.startswith(f"{wanted}.")


def contact_check(settings: Settings) -> Check:
    return Check(
        name="contact",
        ok=bool(settings.contact or settings.replica),
        detail="only the replica is asked" if settings.replica else settings.contact or "none is set",
        remedy="Set your web address or e-mail: export KLIPING_CONTACT=you@example.org",
        fatal=False,
    )


def port_check(port: int = CONSOLE_PORT) -> Check:
    """Whether the console's usual port is free, or has our console."""
    try:
        with closing(http.client.HTTPConnection(LOOPBACK, port, timeout=1)) as connection:
            connection.request("GET", "/healthz")
            is_ours = {"ok", "mongo", "redis"} <= set(json.loads(connection.getresponse().read(_HEALTH)))
    except ConnectionRefusedError:
        return Check(name="console port", ok=True, detail=f"port {port} is free", fatal=False)
    except (OSError, ValueError, TypeError, http.client.HTTPException):
        is_ours = False
    return Check(
        name="console port",
        ok=is_ours,
        detail=f"a console answers on port {port}" if is_ours else f"another program listens on port {port}",
        remedy="Choose another port: kliping up --port 8096",
        fatal=False,
    )
