"""How large a page's tree can become, reckoned from its bytes before it is parsed (docs/decisions/0018).

The parser keeps to the HTML standard, which lets a small page grow. Each tag may open anew all formatting elements that
are still open ("reconstruct the active formatting elements"), with their attributes: 1,000 of `<b class=1>` before
1,000 of `<p>`, a page of 13 kB, are a million elements; a link of 100 kB before 10,000 of `<p>` is a gigabyte. And an
attribute is compared with all others of its element.

Every bound is one from above: what stands in a comment, a script or another tag's attributes counts, too.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from stories.errors import PageError
from stories.fate import Fate

_MAX_TAGS: Final = 15_000
"""The largest stored page has 3,600. The parser's time grows with the square of the depth: 200,000 took 70 s."""

_MAX_ELEMENTS: Final = 400_000
_MAX_BYTES: Final = 150_000_000
"""So many elements take 150 MB, and so many bytes of attributes do."""

_MAX_ATTRIBUTES: Final = 1_000
"""Of a tag. Stored pages have 7. A hundred times as many took 21 s."""

_SMALL: Final = 100_000  # bytes: too few for so many attributes that they take more than a second

_SHARING: Final = (b"html", b"body")
"""The first has the attributes of each that follows it, too."""

_MAX_LOOKED_AT: Final = 50_000_000  # bytes
"""Each tag may seem to hold the rest of the page, as in `<b x='<b x='`, and is looked at as if it did: 0.3 s for so
many. Stored pages have two thirds of their size, and a page has eight million at most."""

_ALIKE: Final = 3
"""The standard opens no more anew of those that are alike."""

_REPLACING: Final = (b"a", b"nobr")
"""Each closes the one before, so that of either one may be open."""

_STAYING: Final = (b"b", b"big", b"code", b"em", b"font", b"i", b"s", b"small", b"strike", b"strong", b"tt", b"u")
_FORMATTING: Final = frozenset(_REPLACING + _STAYING)

_S: Final = rb" \t\n\f\r"  # HTML's white space, without the \v of Python's

_OPENED: Final = re.compile(
    rb"""<(%(names)s)(?![\w-])
    (?:  # its attributes, where they are written so plainly that nothing else can be meant
        ((?:[%(s)s]++[\w:-]++(?:=(?:"[^"<>]*+"|'[^'<>]*+'|[^%(s)s"'<>=`]++))?+)*+[%(s)s]*+>)
        ([^<]*+</\1[%(s)s/>])?+  # closed at once
    )?+"""
    % {b"names": b"|".join(_STAYING), b"s": _S},
    re.IGNORECASE | re.VERBOSE,
)

_TAG: Final = re.compile(rb"<([a-z][^%(s)s/>]*+)" % {b"s": _S}, re.IGNORECASE)
_ATTRIBUTE: Final = rb"""
    [^%(s)s/>][^%(s)s/>=]*+
    (?:[%(s)s]*+=[%(s)s]*+ (?:"[^"]*+(?:"|\Z) | '[^']*+(?:'|\Z) | [^%(s)s>"'][^%(s)s>]*+)?+)?+
    [%(s)s/]*+""" % {b"s": _S}
_ATTRIBUTES: Final = re.compile(
    rb"[%b/]*+(?:%b){0,%d}+(%b)?+" % (_S, _ATTRIBUTE, _MAX_ATTRIBUTES - 1, _ATTRIBUTE), re.VERBOSE
)
"""Those of a tag, as the standard reads them; a group for the one that is too many. It never looks further than it
reaches, so its length says what it cost."""


def weigh(body: bytes) -> None:
    """Raises PageError for a page in UTF-8 that would take many seconds to parse, or hundreds of megabytes."""
    if (tags := body.count(b"<")) > _MAX_TAGS:
        raise PageError(Fate.REFUSED, f"more than {_MAX_TAGS:,} tags")
    if len(body) <= _SMALL and tags * tags <= 4 * _MAX_ELEMENTS and tags * len(body) <= _MAX_BYTES:
        return  # at worst half of the tags are open, or all of the page
    opened, length = tags * left_open(body), longest(body)
    if opened > _MAX_ELEMENTS or opened * length > _MAX_BYTES:
        raise PageError(Fate.REFUSED, f"its unclosed elements would make more than {_MAX_ELEMENTS:,}, or too large")


def left_open(body: bytes) -> int:
    """How many formatting elements may be open at once, at most."""
    found = Counter((name, attributes) for name, attributes, closed in _OPENED.findall(body) if not closed)
    staying = sum(min(times, _ALIKE) if attributes else times for (_, attributes), times in found.items())
    return staying + len(_REPLACING)


def longest(body: bytes) -> int:
    """How long the attributes of an element that is opened anew may be, at most.

    Raises PageError where an element has too many attributes, and where all tags' together are too many to look at.
    """
    found = shared = looked_at = 0
    for tag in _TAG.finditer(body):
        attributes = _ATTRIBUTES.match(body, tag.end())
        assert attributes is not None  # each part of it may be empty
        length = len(attributes[0])
        looked_at += length
        name = tag[1].lower()
        if name in _FORMATTING:
            found = max(found, length)
        elif name in _SHARING:
            shared += length
        if attributes.lastindex or shared > _SMALL:
            raise PageError(Fate.REFUSED, f"an element with {_MAX_ATTRIBUTES:,} attributes, or too long ones")
        if looked_at > _MAX_LOOKED_AT:
            raise PageError(Fate.REFUSED, "its tags run into each other")
    return found
