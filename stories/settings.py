"""The only reader of the environment: `KLIPING_*` variables, and a `kliping.toml` below them.

A variable wins over the file. `KLIPING_X_FILE` names a file that holds the value of `KLIPING_X` (for secrets).
docs/settings.md lists all; a test holds that page to this one.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from stories.address import REDIS, Address
from stories.errors import UsageError
from stories.hours import Hours
from stories.site_settings import SiteSettings, json_of, sites_of

PREFIX: Final = "KLIPING_"
FILE: Final = "kliping.toml"
_REDIS_FORMS: Final = "redis://:password@host:6379/0, or redis+sentinel://:password@host1:26379,host2:26379/mymaster/0"
_CONTACT: Final = re.compile(r"https?://\S|\S@\S")
_MONGO_OWN: Final = frozenset({"admin", "local", "config"})
_DATABASE: Final = re.compile(r"[A-Za-z0-9_-]{1,63}")
"""Of what MongoDB allows, what every file system and shell takes as well."""
_MOST: Final = 10**9
"""Thirty years, or a petabyte: no limit, but still a number that everybody can count with."""
LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that a user may set, checked. `mongo_url` is the variable KLIPING_MONGO_URL, and so on."""

    home: Path = Path("var")
    """Where the embedded servers keep their data."""
    mongo_url: str | None = field(default=None, repr=False)  # holds a password
    """A MongoDB replica set; None: the embedded one."""
    redis_url: str | None = field(default=None, repr=False)
    """A Redis or Valkey, or the Sentinels that know it; None: the embedded one."""
    database: str = "kliping"
    contact: str | None = None
    """Your web address or e-mail, in the user agent, so that a site's people can reach you. Needed for real sites."""
    replica: str | None = None
    """`http://127.0.0.1:PORT`: crawl the replica there instead of the real sites. Loopback only."""
    delay: float = 1.0
    """Seconds between two requests to one host: what a careful reader does; robots.txt may ask for more."""
    concurrency: int = 2
    """Requests at a time to one host: a small site feels more than two; fewer wastes the time a slow page takes."""
    hours: str | None = None
    """When pages may be asked for, every day: `01:00-05:00 Asia/Jakarta`; None: at all hours."""
    daily_pages: int | None = None
    """Pages asked for a day, of each site, by all its crawls; None: as many as there are."""
    sites: tuple[SiteSettings, ...] | None = None
    """What is different for single sites."""
    lease_seconds: int = 600
    """How long a crawler may keep a page: three times the slowest rendered page with all its retries."""
    browser: str | None = None
    """The Chromium that renders pages which need one; None: the first of those in PATH."""
    browser_pages: int = 4
    """Pages rendered at a time: on two cores four gave 10 a second, more gave no more."""
    retain: str | None = None
    """What `kliping retain` may throw away, and from which age on; None: only what it is told."""
    run_seconds: int = 86_400
    """The longest that one crawl takes: a day. What is left then is the next one's."""
    run_megabytes: int = 5_000
    """The most that one crawl receives: an order's 10,000 pages of 100 kB, five times over."""
    log_level: str = "WARNING"
    console_token: str | None = field(default=None, repr=False)
    """What a caller of `kliping console` must show; None: made at the first start and kept in the home."""
    fail_at: str | None = None
    """For the fault tests only: the named point at which this process kills itself."""

    @classmethod
    def load(
        cls,
        environ: Mapping[str, str] | None = None,
        *,
        folder: Path | None = None,
        overrides: Mapping[str, Any] | None = None,
    ) -> Settings:
        """Read the file, the environment above it, and a command's own options above both (None: not given).

        Raises UsageError that names the bad setting and what it takes.
        """
        environ = os.environ if environ is None else environ
        given = {name: value for name, value in (overrides or {}).items() if value is not None}
        values = _from_file((folder or Path.cwd()) / FILE) | _from_environment(environ) | given
        known = {f.name: f.type for f in fields(cls)}
        if unknown := sorted(set(values) - set(known)):
            raise UsageError(f"unknown setting {unknown[0]!r}. Known (docs/settings.md): {', '.join(sorted(known))}.")
        settings = cls(**{name: _parsed(name, known[name], value) for name, value in values.items()})
        _check(settings)
        return settings

    def of_site(self, site: str) -> Settings:
        """With what is set for this site in place of what is set for all."""
        return next((replace(self, **own.given()) for own in self.sites or () if own.site == site), self)

    def require_contact(self) -> None:
        """Raises UsageError unless a site's people could reach us, or no real site is asked."""
        if self.replica is None and self.contact is None:
            raise UsageError(
                "a real site must be able to reach you: set KLIPING_CONTACT to your web address or e-mail. "
                "To try without one: 'kliping demo'."
            )

    def open_hours(self) -> Hours | None:
        """When pages may be asked for; None: at all hours."""
        return Hours.of(self.hours) if self.hours else None

    def as_variables(self) -> dict[str, str]:
        """The settings as a child process takes them: `{"KLIPING_HOME": "var", …}`."""
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        values["sites"] = json_of(self.sites) if self.sites else None
        return {PREFIX + name.upper(): str(value) for name, value in values.items() if value is not None}


def environment() -> dict[str, str]:
    """A copy of this process's environment, for a child process."""
    return dict(os.environ)


def _from_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}. Mend it or move it away.") from error


def _from_environment(environ: Mapping[str, str]) -> dict[str, str]:
    values = {}
    for variable, value in environ.items():
        if not variable.startswith(PREFIX) or not value:
            continue
        name = variable.removeprefix(PREFIX).lower()
        if name.endswith("_file"):
            if environ.get(plain := variable.removesuffix("_FILE")):
                raise UsageError(f"both {plain} and {variable} are set. Unset one of them.")
            values[name.removesuffix("_file")] = _secret(variable, value)
        else:
            values[name] = value
    return values


def _secret(variable: str, path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{variable} names {path}, which cannot be read: {error}.") from error


def _parsed(name: str, kind: Any, value: Any) -> Any:
    kind = str(kind).removesuffix(" | None")
    if kind not in _KINDS:
        return _sites(value)
    made, what = _KINDS[kind]
    try:
        return made(value)
    except (TypeError, ValueError, OverflowError) as error:
        given = f"={value!r}" if made in {_whole, _number} else ""  # a text may hold a password
        raise UsageError(f"{PREFIX}{name.upper()}{given} is not {what}. Set one, or leave it out.") from error


def _number(value: Any) -> float:
    if isinstance(value, bool):
        raise TypeError(value)
    return float(value)


def _whole(value: Any) -> int:
    number = int(value)
    if number != _number(value):
        raise ValueError(value)
    return number


def _text(value: Any) -> str:
    """Of kliping.toml, which knows further kinds."""
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        raise TypeError(type(value))
    return str(value)


def _path(value: Any) -> Path:
    return Path(_text(value)).expanduser()


_KINDS: Final[Mapping[str, tuple[Callable[[Any], Any], str]]] = {
    "int": (_whole, "a whole number"),
    "float": (_number, "a number"),
    "str": (_text, "a text"),
    "Path": (_path, "a path"),
}


def _sites(value: Any) -> tuple[SiteSettings, ...]:
    try:
        return sites_of(value)
    except ValueError as error:
        raise UsageError(f"KLIPING_SITES, or [sites] in {FILE}: {error}. docs/settings.md shows how.") from error


def _check(settings: Settings) -> None:
    _check_pace(settings, PREFIX)
    for own in settings.sites or ():
        _check_pace(settings.of_site(own.site), f"KLIPING_SITES, [sites.{own.site}]: {PREFIX}")
    if settings.home.exists() and not settings.home.is_dir():
        raise UsageError(f"KLIPING_HOME={settings.home} is a file. Name a folder; it is made if absent.")
    if not 1 <= settings.browser_pages <= 32:  # noqa: PLR2004 - each takes about 60 MB
        raise UsageError(f"KLIPING_BROWSER_PAGES={settings.browser_pages} must lie between 1 and 32.")
    if not 1 <= settings.lease_seconds <= 86_400:  # noqa: PLR2004 - a day: so long would a lost crawler's pages wait
        raise UsageError(f"KLIPING_LEASE_SECONDS={settings.lease_seconds} must lie between 1 and 86400.")
    if not (1 <= settings.run_seconds <= _MOST and 1 <= settings.run_megabytes <= _MOST):
        raise UsageError(f"KLIPING_RUN_SECONDS and KLIPING_RUN_MEGABYTES must lie between 1 and {_MOST}.")
    _check_names(settings)
    _check_url("MONGO_URL", settings.mongo_url, ("mongodb", "mongodb+srv"), "mongodb://user:password@host:27017/")
    _check_url("REDIS_URL", settings.redis_url, REDIS, _REDIS_FORMS)
    _check_url("REPLICA", settings.replica, ("http",), "http://127.0.0.1:8093")
    if settings.replica and urlsplit(settings.replica).hostname not in LOOPBACK:
        raise UsageError("KLIPING_REPLICA must be on this machine (127.0.0.1); elsewhere it could be a real site.")


def _check_names(settings: Settings) -> None:
    if settings.log_level.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}:
        raise UsageError(f"KLIPING_LOG_LEVEL={settings.log_level!r}: use DEBUG, INFO, WARNING, ERROR or CRITICAL.")
    if settings.contact is not None and not _CONTACT.search(settings.contact):
        raise UsageError(
            f"KLIPING_CONTACT={settings.contact!r} names neither a web address nor an e-mail. "
            "A site's people must be able to reach you by it."
        )
    if settings.database in _MONGO_OWN:
        raise UsageError(f"KLIPING_DATABASE={settings.database} is MongoDB's own. Name another.")
    if not _DATABASE.fullmatch(settings.database):
        raise UsageError(
            f"{settings.database!r} is no name for a database (KLIPING_DATABASE): use up to 63 letters, digits, "
            "'-' and '_'."
        )


def _check_pace(settings: Settings, prefix: str) -> None:
    """What may be set for single sites, too."""
    if not 0 <= settings.delay <= 3600:  # noqa: PLR2004 - an hour: beyond it a lease could never hold two pages
        raise UsageError(f"{prefix}DELAY={settings.delay} must lie between 0 and 3600 seconds.")
    if not 1 <= settings.concurrency <= 64:  # noqa: PLR2004 - more to one host is an attack, not a crawl
        raise UsageError(f"{prefix}CONCURRENCY={settings.concurrency} must lie between 1 and 64.")
    if settings.daily_pages is not None and settings.daily_pages < 1:
        raise UsageError(f"{prefix}DAILY_PAGES={settings.daily_pages} must be at least 1.")
    if settings.hours is not None:
        try:
            Hours.of(settings.hours)
        except ValueError as error:
            raise UsageError(f"{prefix}HOURS={settings.hours!r}: {error}.") from error


def _check_url(name: str, value: str | None, schemes: tuple[str, ...], example: str) -> None:
    if value is None:
        return
    try:
        Address.of(value, schemes)
    except ValueError as error:  # the value itself may hold a password: never shown
        raise UsageError(f"{PREFIX}{name} is not an address of the form {example} ({error}).") from None
