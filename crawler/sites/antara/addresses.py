"""ANTARA's addresses: an article is `/berita/<id>/<slug>`, in English `/news/<id>/<slug>`; each edition counts alone.

Photos, videos, the regional bureaus (`jatim.antaranews.com`) and advertisements have numbers of their own and are not
followed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from crawler.sites.site import Address, PageKind
from stories.identity import key_from_id, key_from_url

LAST_PAGE: Final = 10  # of a list: as many as of Tempo's index


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """What differs between the two."""

    name: str
    """Of the site, and of the sequence of its articles' numbers."""
    language: str
    host: str
    hosts: tuple[str, ...]
    room: str
    """First part of an article's address."""
    feed: str
    newest: str
    """The list of the newest articles; `/2` and so on are its further pages."""
    sections: frozenset[str]
    """First parts of further lists."""


ID: Final = Edition(
    name="antara-id",
    language="id",
    host="www.antaranews.com",
    hosts=("www.antaranews.com", "antaranews.com", "m.antaranews.com"),
    room="berita",
    feed="/rss/terkini.xml",
    newest="/terkini",
    sections=frozenset({
        "terkini", "top-news", "politik", "hukum", "ekonomi", "metro", "sepakbola", "olahraga", "humaniora",
        "lifestyle", "hiburan", "dunia", "tekno", "otomotif", "warta-bumi",
    }),
)  # fmt: skip
EN: Final = Edition(
    name="antara-en",
    language="en",
    host="en.antaranews.com",
    hosts=("en.antaranews.com",),
    room="news",
    feed="/rss/news.xml",
    newest="/latest-news",
    sections=frozenset({
        "latest-news", "top-news", "national", "business-investment", "international", "sports", "lifestyle",
    }),
)  # fmt: skip
EDITIONS: Final = (ID, EN)

_ARTICLE: Final = re.compile(r"/(?:amp/)?([a-z]+)/(\d{1,9})(?:/([^/]+))?/?", re.ASCII)
_LIST: Final = re.compile(r"/([a-z-]{1,30})(?:/(\d{1,4}))?/?", re.ASCII)
_FEED: Final = re.compile(r"/rss/[a-z-]{1,40}\.xml")
_PORTS: Final = frozenset({None, 80, 443})


def identify(url: str, edition: Edition) -> Address | None:
    """An article, a list or a feed of an edition; None for all others. Never raises."""
    try:
        parts = urlsplit(url)
        of_it = parts.scheme in {"http", "https"} and parts.hostname in edition.hosts and parts.port in _PORTS
        return _of_path(parts.path or "/", edition) if of_it else None
    except ValueError:  # no address, or half a character in it
        return None


def next_list(url: str, edition: Edition) -> str | None:
    """The page of a list after this one; None after LAST_PAGE."""
    found = _LIST.fullmatch(urlsplit(url).path)
    number = int(found[2] or 1) + 1 if found else 0
    return f"https://{edition.host}/{found[1]}/{number}" if found and number <= LAST_PAGE else None


def _of_path(path: str, edition: Edition) -> Address | None:
    article = _ARTICLE.fullmatch(path)
    if article and article[1] == edition.room:
        slug = f"/{article[3]}" if article[3] else ""
        url = f"https://{edition.host}/{edition.room}/{article[2]}{slug}"
        return Address(key=key_from_id(edition.name, article[2]), url=url, kind=PageKind.ARTICLE)
    if _FEED.fullmatch(path):
        return _other(path, PageKind.FEED, edition)
    listed = _LIST.fullmatch(path)
    is_list = path == "/" or (listed and listed[1] in edition.sections)
    return _other(path.rstrip("/") or "/", PageKind.LISTING, edition) if is_list else None


def _other(path: str, kind: PageKind, edition: Edition) -> Address:
    url = f"https://{edition.host}{path}"
    return Address(key=key_from_url(edition.name, url), url=url, kind=kind)
