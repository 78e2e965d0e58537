"""What a story is, as values. Names are schema.org's (NewsArticle); codec.py gives their JSON.

All times are aware and in UTC. Absent is None, empty is (); nothing here is ever guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """What a person did for an article."""

    AUTHOR = "author"
    REPORTER = "reporter"
    EDITOR = "editor"
    TRANSLATOR = "translator"
    CONTRIBUTOR = "contributor"


class Relation(StrEnum):
    """How a page points to another."""

    RELATED = "related"
    READ_ALSO = "readAlso"
    EDITORS_CHOICE = "editorsChoice"
    MORE_ARTICLES = "moreArticles"
    TOPIC = "topic"
    SECTION = "section"
    INLINE = "inline"
    NEXT_PAGE = "nextPage"


class Source(StrEnum):
    """Where on a page a field was read, in words that a reader of the data understands."""

    VISIBLE = "visible"
    """The page as its reader sees it."""
    JSON_LD = "jsonLd"
    META = "meta"
    """A `<meta>`, Open Graph's included, or a `<link>` of the head."""
    DATA_LAYER = "dataLayer"
    """What the page tells its own statistics (Google Tag Manager)."""
    URL = "url"
    FALLBACK = "fallback"
    """A generic reading of a page that fits no page version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The earliest and the latest instant at which something can have happened; earliest <= latest."""

    earliest: datetime
    latest: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Dateline:
    """`TEMPO.CO, Jakarta -`: who reports, from where."""

    publisher: str | None
    place: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """A person, once per role; never the publisher."""

    name: str
    role: Role
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    url: str
    caption: str | None = None
    credit: str | None = None
    """The photographer or source, split from the caption's end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Breadcrumb:
    name: str
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedLink:
    """One pointer from a page to another, as the page shows it."""

    url: str | None
    """Absolute; None where a page shows a card without its address."""
    headline: str | None
    relation: Relation
    position: int
    """From 1, counted within its relation."""
    description: str | None = None
    date_published_raw: str | None = None
    date_published: Window | None = None
    """When the target was published, from a date or an age on the card."""
    is_promotional: bool = False
    """Somebody paid for it, and the page says so (`PR`, `Inforial`): never followed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article as its page shows it: the crawled half of a story."""

    key: str
    """`<sequence>:<id>`, or `<site>:<16 hex>` for a page without an id; see identity.py."""
    site: str
    page_version: str
    """The layout that read it, such as `read-2021`."""
    url: str
    canonical_url: str
    headline: str
    description: str | None = None
    date_published: datetime | None = None
    """None if the page gives none; never the download time."""
    date_published_raw: str | None = None
    date_source: Source | None = None
    date_modified: datetime | None = None
    date_modified_raw: str | None = None
    dateline: Dateline | None = None
    authors: tuple[Author, ...] = ()
    article_section: str | None = None
    keywords: tuple[str, ...] = ()
    in_language: str
    """`en` or `id`: the edition's language, as the page declares it."""
    article_body: str
    """Paragraphs, with an empty line between; no dateline, promotion or caption."""
    body_complete: bool
    """False where the text visibly stops at a paywall or at a further page."""
    is_accessible_for_free: bool | None = None
    """As the page declares it; None if it declares nothing."""
    images: tuple[Image, ...] = ()
    breadcrumbs: tuple[Breadcrumb, ...] = ()
    related_links: tuple[RelatedLink, ...] = ()
    is_based_on: str | None = None
    """On a republisher's page: the original's address."""
    view_count: int | None = None
    provenance: Mapping[str, Source] = field(default_factory=dict)
    """Which source won, for each field that has a value, by its name in JSON: `{"headline": "visible"}`."""
    date_downloaded: datetime
