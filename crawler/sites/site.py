"""What a newspaper is to the crawler: a few pure functions.

A site turns an address into an identity, and the bytes of a page into an article or a list of links. It does no I/O,
reads no clock and no environment, so it runs alike in a crawl, in `kliping extract` and in a test.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from stories.article import Article, Relation, Window


class PageKind(StrEnum):
    """What we expect behind an address."""

    FEED = "feed"
    SITEMAP = "sitemap"
    LISTING = "listing"
    ARTICLE = "article"

    @property
    def is_article(self) -> bool:
        return self is PageKind.ARTICLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """An address that we may ask for. Every spelling of one article gives one key."""

    key: str
    """The article's key, or for other pages `<site>:<16 hex of the canonical URL>`."""
    url: str
    """What to ask for: absolute, without fragment and tracking parts."""
    kind: PageKind
    day: date | None = None
    """The day of publication, in the site's own zone, if the address itself names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A downloaded page."""

    url: str
    """The address that answered, after redirects."""
    body: bytes
    downloaded_at: datetime
    content_type: str | None = None
    """The Content-Type header; its charset, if any, decides the encoding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A link that is worth following, and what the page says of its target."""

    url: str
    relation: Relation
    headline: str | None = None
    date_published: Window | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A feed, sitemap or index page, read: the addresses on it, in its order, each once."""

    links: tuple[Found, ...]
    is_empty_shell: bool = False
    """No link stands on it, and what does stand there shows that a script would fill it: a browser has to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The first or a middle page of an article that goes on at another address."""

    article: Article
    """As this page alone shows it, `body_complete` False."""
    next_url: str
    """Absolute, of the same site and article."""


Reading = Article | Part | Listing


@dataclass(frozen=True, slots=True, kw_only=True)
class DateRange:
    """Days of a back-fill in the site's own zone, both included."""

    since: date
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A newspaper: data and three functions."""

    name: str
    """As in `kliping crawl NAME`."""
    title: str
    hosts: tuple[str, ...]
    """Exact host names, or `.example.org` for a domain and all below it."""
    home: str
    """One address, for a person."""
    seeds: Callable[[DateRange | None], tuple[str, ...]]
    """Addresses that a crawl starts from; with a range, the listings of those days."""
    identify: Callable[[str], Address | None]
    """None: not of this site, or nothing that we follow (an author's page, an advertisement)."""
    read: Callable[[Page], Reading]
    """Raises PageError with the page's fate where there is neither."""

    def owns(self, host: str) -> bool:
        """True if a request to this host belongs to this site."""
        return any(
            host == own or (own.startswith(".") and (host.endswith(own) or host == own[1:])) for own in self.hosts
        )
