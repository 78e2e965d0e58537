"""What a response or a failed download means for its page. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final

from scrapy.exceptions import DownloadCancelledError, IgnoreRequest, UnsupportedURLSchemeError

from crawler.sites.site import PageKind
from stories import revisit
from stories.fate import Fate
from stories.pace import Rest
from stories.pages import Lease

LONGEST_RETRY_AFTER: Final = timedelta(hours=1)  # a server that asks for more is asked again in an hour, once
BUSY: Final = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})
"""Answers that speak of the host, not of the page."""
_ANOTHER_TIME: Final = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.MISDIRECTED_REQUEST, HTTPStatus.TOO_EARLY})
"""What a client does wrong only at this moment, or on this connection."""
_BLOCKED: Final = timedelta(minutes=10)  # a 403 is often a gateway's rule; it does not pass in seconds

_BUSY: Final = timedelta(seconds=10)  # a restart, or a burst of others' requests, has passed by then
_CLOSED: Final = timedelta(minutes=10)  # a server that fails at robots.txt is left alone for a while
_CHALLENGED: Final = timedelta(minutes=10)  # a gateway that has begun to ask for humans asks all; so long, at first
_LONGEST_REASON: Final = 300

_PAUSES: Final = {
    Fate.LISTED: revisit.LISTING,
    Fate.DEFERRED: revisit.LISTING,
    Fate.EMPTY_SHELL: revisit.LISTING,
    Fate.NOT_MODIFIED: revisit.LISTING,
    Fate.GONE: revisit.GONE,
    Fate.CHALLENGE: revisit.CHALLENGED,
    Fate.FORBIDDEN: revisit.FORBIDDEN,
}


class Refused(IgnoreRequest):
    """Our own guard does not ask for this."""

    fate = Fate.REFUSED


class Forbidden(IgnoreRequest):
    """robots.txt does not allow it."""

    fate = Fate.FORBIDDEN


class NoBrowser(IgnoreRequest):
    """The page needs a browser, and there is none here that starts."""

    fate = Fate.DEFERRED


class TakenDown(IgnoreRequest):
    """A person has taken down what is at this address."""

    fate = Fate.TAKEN_DOWN


class NotNow(IgnoreRequest):
    """It is not asked for now, for no fault of the page's: after `pause` it may be."""

    def __init__(self, *args: object, pause: timedelta = _CLOSED) -> None:
        super().__init__(*args)
        self.pause = pause


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """The page has its fate."""

    fate: Fate
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """The page is to be tried again, after this pause at least."""

    reason: str
    pause: timedelta | None = None
    counts: bool = True
    """False where the page was not asked for."""
    rest: Rest | None = None
    """Its host is to be left alone."""
    is_of_host: bool = False
    """The answer speaks of the host, not of the page."""


def next_visit(fate: Fate, lease: Lease, *, now: datetime) -> datetime | None:
    """When to look again at a page that settles here, without a job; None: never."""
    if PageKind(lease.kind).is_article and fate is Fate.NOT_MODIFIED:
        return revisit.next_visit(lease.published, now=now)
    if PageKind(lease.kind).is_article and fate is Fate.EMPTY_SHELL:
        return now + revisit.UNDATED
    pause = _PAUSES.get(fate)
    return now + pause if pause else None


def outcome_of_status(status: int, retry_after: str | None, *, now: datetime) -> Settled | Again | None:
    """None: there is a page to read."""
    if status == HTTPStatus.OK:
        return None
    if status == HTTPStatus.NOT_MODIFIED:
        return Settled(fate=Fate.NOT_MODIFIED)
    if status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
        return Settled(fate=Fate.GONE, reason=f"HTTP {status}")
    if status in {HTTPStatus.FORBIDDEN, HTTPStatus.UNAUTHORIZED}:
        return Again(reason=f"HTTP {status}", pause=_BLOCKED)
    if status in BUSY | _ANOTHER_TIME or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        pause = pause_of(retry_after, now=now)
        return Again(reason=f"HTTP {status}", pause=pause, is_of_host=status in BUSY)
    return Settled(fate=Fate.NOT_ARTICLE, reason=f"HTTP {status}")


def pause_of(retry_after: str | None, *, now: datetime) -> timedelta | None:
    """A Retry-After header (RFC 9110, 10.2.3: seconds or a date), within bounds; None for nonsense."""
    if retry_after is None:
        return None
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return min(timedelta(seconds=int(text.lstrip("0")[:9] or 0)), LONGEST_RETRY_AFTER)
    try:
        at = parsedate_to_datetime(text)
    except (TypeError, ValueError, OverflowError):
        return None
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at
    return min(max(at - now, timedelta(0)), LONGEST_RETRY_AFTER)


def rest_of_status(status: int, retry_after: str | None, *, now: datetime) -> Rest:
    """How long to leave a host alone that is BUSY: its own word, and longer if it says so again and again."""
    named = pause_of(retry_after, now=now)
    return Rest(why=f"HTTP {status}", named=named, first=_BUSY, longest=LONGEST_RETRY_AFTER)


def rest_of_robots(reason: str, named: timedelta | None = None) -> Rest:
    """A host whose robots.txt cannot be read allows nothing; if it says until when, it is believed."""
    first = _CLOSED if named is None else _BUSY
    return Rest(why=f"robots.txt: {reason}", named=named, first=first, longest=LONGEST_RETRY_AFTER)


CHALLENGED: Final = Rest(why="it asks for proof of a human", first=_CHALLENGED, longest=revisit.CHALLENGED)


def outcome_of_failure(error: BaseException) -> Settled | Again:
    """A request that our middlewares dropped, or a download that failed."""
    if isinstance(error, Refused | Forbidden | NoBrowser | TakenDown):
        return Settled(fate=error.fate, reason=str(error)[:_LONGEST_REASON])
    if isinstance(error, DownloadCancelledError):
        return Settled(fate=Fate.REFUSED, reason=f"too large: {error}"[:_LONGEST_REASON])
    if isinstance(error, UnsupportedURLSchemeError):
        return Settled(fate=Fate.REFUSED, reason=f"not http: {error}"[:_LONGEST_REASON])
    reason = f"{type(error).__name__}: {error}"[:_LONGEST_REASON]
    if isinstance(error, NotNow):
        return Again(reason=reason, pause=error.pause, counts=False)
    return Again(reason=reason)
