"""What the world says to a request: a reply, with what is needed to say `304 Not Modified` before anything is built."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from enum import Enum
from typing import Final

from replica.listed import Listed
from replica.times import http_time

HTML: Final = "text/html; charset=utf-8"
XML: Final = "application/xml; charset=utf-8"
TEXT: Final = "text/plain; charset=utf-8"
JSON: Final = "application/json; charset=utf-8"
SCRIPT: Final = "text/javascript; charset=utf-8"


class Kind(Enum):
    """What was asked for, for the statistics."""

    ARTICLE = "article"
    LISTING = "listing"
    FEED = "feed"
    SITEMAP = "sitemap"
    ROBOTS = "robots"
    OTHER = "other"
    """Authors, about, scripts."""
    MOVED = "moved"
    GONE = "gone"
    UNKNOWN = "unknown"
    PROMO = "promo"
    """An advertisement that a card labelled `PR`."""
    FORBIDDEN = "forbidden"
    """What robots.txt forbids."""


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes
    kind: Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A page that exists."""

    kind: Kind
    build: Callable[[], bytes]
    etag: str
    """Without its quotes; equal as long as the bytes are."""
    modified: datetime
    content_type: str = HTML
    listed: Listed | None = None
    """Of a listing, feed or sitemap: what stands on it."""


@dataclass(frozen=True, slots=True)
class Moved:
    location: str


@dataclass(frozen=True, slots=True)
class Missing:
    kind: Kind


Outcome = Answer | Moved | Missing

_MISSING_BODY: Final = (
    b"<!DOCTYPE html>\n<html><head><title>404</title></head><body><h2>Page not found</h2></body></html>\n"
)


def reply_to(outcome: Outcome, headers: Mapping[str, str], body: Callable[[Answer], bytes]) -> Reply:
    """Header names in lower case; `body` is asked where the page has to be sent."""
    if isinstance(outcome, Moved):
        return Reply(301, {"Location": outcome.location, "Content-Type": HTML}, b"", Kind.MOVED)
    if isinstance(outcome, Missing):
        return Reply(404, {"Content-Type": HTML}, _MISSING_BODY, outcome.kind)
    etag, modified = f'"{outcome.etag}"', http_time(outcome.modified)
    validators = {"ETag": etag, "Last-Modified": modified, "Cache-Control": "max-age=0, must-revalidate"}
    if _has_it(headers, etag, outcome.modified):
        return Reply(304, validators, b"", outcome.kind)
    return Reply(200, {"Content-Type": outcome.content_type, **validators}, body(outcome), outcome.kind)


def _has_it(headers: Mapping[str, str], etag: str, modified: datetime) -> bool:
    """RFC 9110, 13.1: If-None-Match decides where it is given."""
    known = headers.get("if-none-match")
    if known is not None:
        return known.strip() == "*" or etag in [tag.strip().removeprefix("W/") for tag in known.split(",")]
    since = _instant(headers.get("if-modified-since"))
    return since is not None and modified.replace(microsecond=0) <= since


def _instant(http_date: str | None) -> datetime | None:
    try:
        instant = parsedate_to_datetime(http_date) if http_date else None
    except ValueError:  # a date that is none is ignored
        return None
    return instant if instant and instant.tzinfo else None
