"""How large a page's tree can become, reckoned from its bytes before it is parsed (docs/decisions/0018).

The parser keeps to the HTML standard, which lets a small page grow. Each tag may open anew all formatting elements that
are still open ("reconstruct the active formatting elements"), with their attributes: 1,000 of `<b class=1>` before
1,000 of `<p>`, a page of 13 kB, are a million elements; a link of 100 kB before 10,000 of `<p>` is a gigabyte.

Every bound is one from above: what stands in a comment or a script counts, too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from stories.errors import PageError
from stories.fate import Fate

_MAX_TAGS: Final = 15_000
"""The largest stored page has 3,500. The parser's time grows with the square of the depth: 200,000 took 70 s."""

_MAX_ELEMENTS: Final = 400_000
_MAX_BYTES: Final = 150_000_000
"""So many elements take 150 MB, and so many bytes of attributes do."""

_MAX_ATTRIBUTES: Final = 1_000
"""Of a tag. Stored pages have 7. Each is compared with all before: 100,000 took 21 s."""

_SMALL: Final = 100_000  # bytes: too few for so many attributes that they take more than a second

_ALIKE: Final = 3
"""The standard opens no more anew of those that are alike."""

_REPLACING: Final = rb"a|nobr"
"""Each closes the one before, so that of either one may be open."""

_STAYING: Final = rb"b|big|code|em|font|i|s|small|strike|strong|tt|u"

_PLAIN: Final = rb"""\s++[\w:-]++(?:=(?:"[^"<>]*+"|'[^'<>]*+'|[^\s"'<>=`]++))?+"""
"""An attribute that cannot be meant in another way, wherever it stands."""

_STEPS: Final = 400_000_000
"""Bytes looked at for the attributes of all tags, since each may seem to hold the rest of the page: 2.6 s at most."""

_ANY: Final = rb"""[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]%s+"|'[^']%s+'|(?!["'])[^\s>]*+))?+(?!\s*+=)"""
"""Any attribute, as the standard reads it, with a value in quotes of so many characters."""

_OPENED: Final = re.compile(
    rb"<(%s)(?![\w-])(?:((?:%s)*+\s*+>)([^<]*+</\1[\s/>])?+)?+" % (_STAYING, _PLAIN), re.IGNORECASE
)
"""A tag, its attributes if they are plain, and its end if only text comes before."""

_ANEW: Final = re.compile(rb"<(?:%s|%s)(?=[\s/>])" % (_REPLACING, _STAYING), re.IGNORECASE)
_ATTRIBUTES: Final = re.compile(rb"(?:%s){0,30}+[\s/]*+>" % (_ANY % ((b"{0,20000}",) * 2)))
"""Unless they are too many or too long, or have no end."""

_TAG: Final = re.compile(rb"<[a-z]", re.IGNORECASE)
_MANY_ATTRIBUTES: Final = re.compile(rb"[^\s/>]*+(?:%s){%d}" % (_ANY % ((b"*",) * 2), _MAX_ATTRIBUTES))


def weigh(body: bytes) -> None:
    """Raises PageError for a page in UTF-8 that would take many seconds to parse, or hundreds of megabytes."""
    if (tags := body.count(b"<")) > _MAX_TAGS:
        raise PageError(Fate.REFUSED, f"more than {_MAX_TAGS:,} tags")
    if tags * tags > 4 * _MAX_ELEMENTS or tags * len(body) > _MAX_BYTES:  # at worst half of them are open, or all of it
        opened = tags * left_open(body)
        if opened > _MAX_ELEMENTS or opened * longest(body) > _MAX_BYTES:
            raise PageError(Fate.REFUSED, f"its unclosed elements would make more than {_MAX_ELEMENTS:,}, or too large")
    if len(body) > _SMALL and any(_behind(_TAG, _MANY_ATTRIBUTES, body)):
        raise PageError(Fate.REFUSED, f"a tag with {_MAX_ATTRIBUTES:,} attributes")


def left_open(body: bytes) -> int:
    """How many formatting elements may be open at once, at most."""
    found = Counter((name, attributes) for name, attributes, closed in _OPENED.findall(body) if not closed)
    staying = sum(min(times, _ALIKE) if attributes else times for (_, attributes), times in found.items())
    return staying + _REPLACING.count(b"|") + 1


def longest(body: bytes) -> int:
    """How long the attributes of an element that is opened anew may be, at most."""
    return max((len(found[0]) if found else len(body) for found in _behind(_ANEW, _ATTRIBUTES, body)), default=0)


def _behind(tag: re.Pattern[bytes], attributes: re.Pattern[bytes], body: bytes) -> Iterator[re.Match[bytes] | None]:
    """What follows each tag, also where it stands in another's attributes: which of the two is one, nobody knows."""
    reach = _STEPS // (body.count(b"<") or 1)
    return (attributes.match(body, found.end(), found.end() + reach) for found in tag.finditer(body))
