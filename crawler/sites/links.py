"""Addresses and times as they stand on cards and in texts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Final
from urllib.parse import urljoin, urlsplit

from stories.article import RelatedLink, Relation, Window
from stories.dates import parse_age, parse_published

_UNSAFE: Final = re.compile(r"[\x00-\x1f\x7f-\xa0\u200b-\u200f\u2028-\u202e\ufeff\ud800-\udfff]")
"""What no address holds; browsers drop it too, or could not send it."""

_REMEMBERED: Final = 10_000  # addresses: a story stands on many pages; about 3 MB
_MAX_URL: Final = 2048  # characters: longer ones are data, not addresses (the limit of sitemaps.org)


def absolute(base: str, href: str | None) -> str | None:
    """The absolute http(s) address of a link on the page `base`; None for anchors, scripts, mail and nonsense."""
    address = _UNSAFE.sub("", href or "").strip(" ").replace(" ", "%20")
    if not address or address[0] == "#" or len(address) > _MAX_URL:
        return None
    try:
        return _sound(address if address.startswith(("https://", "http://")) else urljoin(base, address))
    except ValueError:  # "http://[", a port of letters
        return None


@lru_cache(maxsize=_REMEMBERED)
def _sound(url: str) -> str | None:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.port == 0:
        return None
    return url if parts.netloc.islower() else parts._replace(netloc=parts.netloc.lower()).geturl()


def window_of(raw: str | None, seen: Window) -> Window | None:
    """When something with this label was published: an age counts from `seen`, a date is its day or minute."""
    if not raw:
        return None
    published = parse_published(raw)
    return published.window if published else parse_age(raw, seen=seen)


def numbered(links: Iterable[RelatedLink]) -> tuple[RelatedLink, ...]:
    """The links, each once in its relation, with positions from 1 within it."""
    seen: set[tuple[Relation, str | None]] = set()
    counts: dict[Relation, int] = {}
    result: list[RelatedLink] = []
    for link in links:
        known = (link.relation, link.url or link.headline)
        if known in seen:
            continue
        seen.add(known)
        position = counts[link.relation] = counts.get(link.relation, 0) + 1
        result.append(link if link.position == position else replace(link, position=position))
    return tuple(result)
