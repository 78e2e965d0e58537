"""What a response holds, or a failure, in the words of the rest of the crawler."""

from __future__ import annotations

import traceback
from datetime import datetime
from http import HTTPStatus
from typing import Final

from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.outcome import (
    BUSY,
    CHALLENGED,
    Again,
    Settled,
    outcome_of_status,
    pause_of,
    rest_of_robots,
    rest_of_status,
)
from crawler.sites.html import is_challenge
from crawler.sites.site import Listing, Page, Part, Site
from stories import revisit
from stories.article import Article
from stories.errors import PageError
from stories.fate import Fate
from stories.pace import Rest

_GATES: Final = BUSY | {HTTPStatus.FORBIDDEN, HTTPStatus.UNAUTHORIZED}  # with which gateways send their challenges
_LOOKED_AT: Final = 50_000  # bytes; such pages are small


def error_of(failure: Failure) -> BaseException:
    """Without what was in hand when it came: a body of megabytes would stay until the collector comes by."""
    error = failure.value or RuntimeError("no reason given")
    traceback.clear_frames(error.__traceback__)
    return error


def page_of(response: Response, *, at: datetime) -> Page:
    return Page(
        url=response.url,
        body=response.body,
        downloaded_at=at.replace(microsecond=0),
        content_type=_header(response, "Content-Type"),
    )


def outcome_of(response: Response, *, now: datetime) -> Settled | Again | None:
    """None: there is a page to read."""
    if _is_gate(response):
        return Settled(fate=Fate.CHALLENGE, reason=f"HTTP {response.status}, and proof of a human")
    return outcome_of_status(response.status, _header(response, "Retry-After"), now=now)


def rest_asked_for(response: Response, *, now: datetime) -> Rest | None:
    """By a host that is too busy, or asks for proof of a human instead of giving a page."""
    if _is_gate(response):
        return CHALLENGED
    if response.status not in BUSY:
        return None
    return rest_of_status(response.status, _header(response, "Retry-After"), now=now)


def unreadable_robots(response: Response, *, now: datetime) -> Rest | None:
    """The rest of a host that fails at robots.txt; None: it said what it allows (RFC 9309, 2.3.1.4).

    A gateway that asks for proof of a human has not said it, whatever its status.
    """
    if (response.status in _GATES or response.status == HTTPStatus.OK) and _asks_for_a_human(response):
        return rest_of_robots("it asks for proof of a human", CHALLENGED.first)
    if response.status not in BUSY and response.status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return None
    return rest_of_robots(f"HTTP {response.status}", pause_of(_header(response, "Retry-After"), now=now))


def validators_of(response: Response) -> dict[str, str]:
    """What to send when the page is asked for again."""
    named = {"etag": _header(response, "ETag"), "last_modified": _header(response, "Last-Modified")}
    return {name: value for name, value in named.items() if value}


def further_part(response: Response, site: Site, *, now: datetime) -> Article | Part | Again | None:
    """What a further part of an article holds; None: nothing of it, now and later."""
    outcome = outcome_of(response, now=now)
    if isinstance(outcome, Again):
        return outcome
    try:
        reading = None if outcome else site.read(page_of(response, at=now))
    except PageError as error:
        challenged = error.fate is Fate.CHALLENGE
        return Again(reason=error.reason, pause=revisit.CHALLENGED, rest=CHALLENGED) if challenged else None
    return None if isinstance(reading, Listing) else reading


def is_empty_shell(html: str, url: str, site: Site, *, now: datetime) -> bool:
    """Whether what a script has made of a page so far still has nothing to read."""
    page = Page(url=url, body=html.encode(), downloaded_at=now, content_type="text/html; charset=utf-8")
    try:
        reading = site.read(page)
    except PageError:
        return True
    return isinstance(reading, Listing) and reading.is_empty_shell


def _is_gate(response: Response) -> bool:
    return response.status in _GATES and _asks_for_a_human(response)


def _asks_for_a_human(response: Response) -> bool:
    return is_challenge(response.body[:_LOOKED_AT].decode("latin-1"))


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None
