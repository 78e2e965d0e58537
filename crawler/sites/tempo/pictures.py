"""Where a picture lies: pages leave it to a script, offer it in sizes, and keep its place with an empty one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from selectolax.lexbor import LexborNode

PICTURES: Final = ("img", "amp-img")

_LATE: Final = ("data-original-source", "data-original-src", "data-original", "data-lazy-src", "data-lazy", "data-src")
"""Where scripts that load pictures late look for them. The first two are Tempo's of 2017."""

_PLACEHOLDER: Final = re.compile(
    r"(?:blank|placeholder|spacer|loading|loader|lazy|lazyload|transparent|no-?image|default|pixel|1x1)"
    r"(?:[_-]?\d{1,4}(?:x\d{1,4})?)?\.(?:gif|png|svg|jpe?g|webp)",
    re.IGNORECASE,
)
"""The name of a file that only keeps a picture's place."""

_BETWEEN: Final = re.compile(r",\s+|(?<=\d[wx]),")
"""Between two offers of a srcset; a comma can be a part of an address."""

_SIZE: Final = re.compile(r"(\d{1,5}(?:\.\d{1,3})?)[wx]")
_MAX_SRCSET: Final = 10_000  # characters; Tempo's image server makes six sizes of a picture


def address_of(picture: LexborNode) -> str | None:
    """The address as written; None where there is only a placeholder."""
    return next((address for address in _addresses(picture) if not _is_placeholder(address)), None)


def _addresses(picture: LexborNode) -> Iterator[str]:
    attributes = picture.attributes
    for name in (*_LATE, "src"):
        if address := (attributes.get(name) or "").strip():
            yield address
    for name in ("data-srcset", "srcset"):
        yield from filter(None, _by_size(attributes.get(name) or ""))


def _is_placeholder(address: str) -> bool:
    name = address.partition("?")[0].rpartition("/")[2]
    return address.startswith("data:") or bool(_PLACEHOLDER.fullmatch(name))


def _by_size(srcset: str) -> list[str]:
    """The largest first."""
    offers = [offer.split() for offer in _BETWEEN.split(srcset[:_MAX_SRCSET])]
    return [offer[0].rstrip(",") for offer in sorted(filter(None, offers), key=_size, reverse=True)]


def _size(offer: list[str]) -> float:
    """How wide or how dense it is; a width and a density never stand together."""
    found = _SIZE.fullmatch(offer[-1].rstrip(","))
    return float(found[1]) if found else 1.0
