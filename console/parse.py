"""From what a person typed to what the house takes; each refusal says what would have been right."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, tzinfo
from urllib.parse import urlsplit

from console.show import WIB
from crawler import follow
from crawler.sites.registry import site_named
from stories.errors import UsageError
from stories.search import LANGUAGES, terms

_KEY_LENGTH = 200
_LONGEST_SEARCH = 500  # characters; forty words, of which each must stand in a story


def day(text: str | None, option: str) -> date | None:
    """`2015-11-01`."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{option} {text[:100]!r} is no date. Write it as 2015-11-01.") from error


def start_of_day(text: str | None, option: str) -> datetime | None:
    """A day's first instant in WIB, or an instant; without a zone that is in WIB, too."""
    if text is None:
        return None
    if len(text) > len("2015-11-01"):
        return instant(text, option, zone=WIB)
    known = day(text, option)
    return _in_utc(datetime.combine(known, time(), WIB), text, option) if known else None


def between(
    since: str | None, until: str | None, options: tuple[str, str] = ("since", "until")
) -> tuple[datetime | None, datetime | None]:
    """Where a span of time begins and ends; `until` is not included."""
    first, end = start_of_day(since, options[0]), start_of_day(until, options[1])
    if first and end and first >= end:
        raise UsageError(f"nothing lies between {options[0]} {since} and {options[1]} {until}, which is not included.")
    return first, end


def instant(text: str, option: str, *, zone: tzinfo = UTC) -> datetime:
    """RFC 3339; without a zone it is in that one."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{option} {text[:100]!r} is no time. Write it as 2025-08-09T04:39:00Z.") from error
    return _in_utc(at.replace(tzinfo=zone) if at.tzinfo is None else at, text, option)


def _in_utc(at: datetime, text: str, option: str) -> datetime:
    try:
        return at.astimezone(UTC)
    except OverflowError as error:  # a zone's hours before the year 1, or after 9999
        raise UsageError(f"{option} {text!r} lies outside the calendar. Write it as 2025-08-09T04:39:00Z.") from error


def site(name: str | None) -> str | None:
    """A site's name, or none."""
    return site_named(name).name if name is not None else None


def address(text: str) -> str:
    """An absolute http(s) address."""
    try:
        parts = urlsplit(text)
        sound = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        sound = False
    if not sound or len(text) > follow.LONGEST_URL:
        raise UsageError(
            f"{text[:200]!r} is no web address. Write it whole, as in https://en.tempo.co/read/2037562/title."
        )
    return text


def key(text: str) -> str:
    """A page's key, as it stands."""
    if ":" not in text or len(text) > _KEY_LENGTH:
        raise UsageError(f"{text[:200]!r} is neither a web address nor a key such as tempo-read:2037562.")
    return text


def page_key(text: str) -> str:
    """A page's key from a key or from any spelling of its address."""
    if not text.startswith(("http://", "https://")):
        return key(text)
    known = follow.key_of(address(text))
    if known is None:
        raise UsageError(f"{text[:200]!r} is no page that a site here follows. 'kliping crawl --help' lists the sites.")
    return known


def words(text: str | None) -> str | None:
    """What to search for: none if there is nothing to look for in it."""
    if text is None:
        return None
    if len(text) > _LONGEST_SEARCH:
        raise UsageError(f"{len(text)} characters are too many to search for; {_LONGEST_SEARCH} at most.")
    if not any(terms(text, language) for language in LANGUAGES):
        raise UsageError(f"{text!r} holds no word to search for. Give one that does not stand in every story, or none.")
    return text
