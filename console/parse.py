"""From what a person typed to what the house takes; each refusal says what would have been right."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from urllib.parse import urlsplit

from console.show import WIB
from crawler import follow
from stories.errors import UsageError

_KEY_LENGTH = 200


def day(text: str | None, option: str) -> date | None:
    """`2015-11-01`."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{option} {text!r} is no date. Write it as 2015-11-01.") from error


def start_of_day(text: str | None, option: str) -> datetime | None:
    """A day's first instant in WIB, or an instant as it stands."""
    if text is None:
        return None
    if len(text) > len("2015-11-01"):
        return instant(text, option)
    known = day(text, option)
    return datetime.combine(known, time(), WIB).astimezone(UTC) if known else None


def instant(text: str, option: str) -> datetime:
    """RFC 3339; without a zone it is UTC."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{option} {text!r} is no time. Write it as 2025-08-09T04:39:00Z.") from error
    return (at.replace(tzinfo=UTC) if at.tzinfo is None else at).astimezone(UTC)


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


def page_key(text: str) -> str:
    """A page's key from a key or from any spelling of its address."""
    if not text.startswith(("http://", "https://")):
        if ":" not in text or len(text) > _KEY_LENGTH:
            raise UsageError(f"{text[:200]!r} is neither a web address nor a key such as tempo-read:2037562.")
        return text
    key = follow.key_of(address(text))
    if key is None:
        raise UsageError(f"{text[:200]!r} is no page that a site here follows. 'kliping crawl --help' lists the sites.")
    return key
