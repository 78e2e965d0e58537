"""The data behind a page of www since 2024, as JSON: `/<rubric>/_payload.json`, and the same inside the page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urljoin

from crawler.sites import devalue
from crawler.sites.tempo.places import WWW_HOST
from stories.text import clean

_MOST_ITEMS: Final = 1_000  # a rubric's payload has about 60 articles, boxes included


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An article as a payload names it."""

    url: str
    """Absolute: payloads write it without host and without the first slash."""
    headline: str | None
    published_raw: str | None
    """`2026-07-24 09:00:00`, in WIB."""
    access: str | None
    """FREE, FREEMIUM or VIP; what the article's own page says counts."""


def read_payload(text: str) -> list[Item]:
    """Every article that is named anywhere in it, in its order; empty for what is no payload. Never raises.

    The boxes that hold them have names that change with the app; what an article looks like has not changed.
    """
    values = devalue.decode(text)
    return list(_items(values or []))


def _items(values: list[Any]) -> Iterator[Item]:
    seen: set[str] = set()
    for value in values:
        path = _said(value, "canonical_url") if isinstance(value, dict) else None
        if path is None or path in seen or len(seen) >= _MOST_ITEMS:
            continue
        seen.add(path)
        url = _absolute(path)
        if url:
            yield Item(
                url=url,
                headline=_said(value, "title_digital") or _said(value, "title"),
                published_raw=_said(value, "published_at"),
                access=_said(value, "access"),
            )


def _said(value: dict[str, Any], name: str) -> str | None:
    said = value.get(name)
    return (clean(said) or None) if isinstance(said, str) else None


def _absolute(path: str) -> str | None:
    try:
        return urljoin(f"https://{WWW_HOST}/", path)
    except ValueError:  # "http://["
        return None
