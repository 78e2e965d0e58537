"""suarakita.net's addresses: an article is one part long, the rest of the house has names."""

from __future__ import annotations

import re
from typing import Final

from crawler.sites.site import Address, PageKind
from stories.identity import key_from_url

SITE: Final = "suarakita"
HOST: Final = "suarakita.net"
HOME: Final = f"https://{HOST}/"
LAST_PAGE: Final = 10  # of the home page's list: as many as of Tempo's index

_ROOMS: Final = frozenset({
    "about", "author", "authors", "category", "comments", "contact", "feed", "page", "privacy-policy", "rss", "search",
    "tag", "topic", "wp-admin", "wp-content", "wp-includes", "wp-json",
})  # fmt: skip
"""First parts of addresses that are no article's, as WordPress names them."""

_URL: Final = re.compile(
    r"https?://(?:www\.)?suarakita\.net(?::(?:80|443))?(/[^?#\s]{0,500})?(?:[?#].*)?", re.IGNORECASE | re.DOTALL
)
_SLUG: Final = re.compile(r"/([^/.]+)/?")
_PAGE: Final = re.compile(r"/page/(\d{1,4})/?", re.ASCII)


def identify(url: str) -> Address | None:
    """An article's page or a page of the home list; None for all others. Never raises."""
    found = _URL.fullmatch(url)
    path = (found[1] or "/") if found else ""
    slug = _SLUG.fullmatch(path)
    if slug and slug[1].lower() not in _ROOMS:
        return _address(f"{HOME}{slug[1]}/", PageKind.ARTICLE)
    return _address(_list(int(number[1])), PageKind.LISTING) if (number := _PAGE.fullmatch(path)) else _home(path)


def page_number(url: str) -> int:
    """Of the home list, from 1."""
    found = _URL.fullmatch(url)
    number = _PAGE.fullmatch(found[1] or "/") if found else None
    return int(number[1]) if number else 1


def next_page(url: str) -> str | None:
    number = page_number(url) + 1
    return _list(number) if number <= LAST_PAGE else None


def _home(path: str) -> Address | None:
    return _address(HOME, PageKind.LISTING) if path == "/" else None


def _list(number: int) -> str:
    return f"{HOME}page/{number}/" if number > 1 else HOME


def _address(url: str, kind: PageKind) -> Address | None:
    try:
        return Address(key=key_from_url(SITE, url), url=url, kind=kind)
    except ValueError:  # half a character
        return None
