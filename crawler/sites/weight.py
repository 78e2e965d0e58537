"""What a page's tree can cost at most, reckoned from its bytes before it is parsed (docs/decisions/0018).

The parser keeps to the HTML standard, which lets a small page grow. Each tag may open anew all formatting elements that
are still open ("reconstruct the active formatting elements"), with their attributes: 1,000 of `<b class=1>` before
1,000 of `<p>`, a page of 13 kB, are a million elements; a link of 900 attributes before 14,000 of `<p>` is 2 GB. And an
attribute is compared with all others of its element.

Every bound is one from above: what stands in a comment, a script or another tag's attributes counts, too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Final

from stories.errors import PageError
from stories.fate import Fate

_MAX_TAGS: Final = 15_000
"""The largest stored page has 3,600. The parser's time grows with the square of the depth: 200,000 took 70 s."""

_MAX_BYTES: Final = 150_000_000
_ELEMENT: Final = 375  # bytes that one takes
_ATTRIBUTE: Final = 150  # bytes, without what its name and its value take: those come on top

_MAX_COMPARED: Final = 1_000_000_000
"""Pairs of attributes of the same tag: 1.5 s. Of a tag, stored pages have 7 attributes; a script that compares `i<n`
seems to have as many as there are words before the next `>`, so 30,000 are none too many."""

_MAX_LOOKED_AT: Final = 50_000_000  # bytes
"""Each tag may seem to hold the rest of the page, as in `<b x='<b x='`, and is looked at as if it did: 0.5 s for so
many. Stored pages have two thirds of their size, and a page has eight million at most."""

_SMALL: Final = 100_000  # bytes: too few for more attributes than may be compared

_ALIKE: Final = 3
"""The standard opens no more anew of those that are alike."""

_REPLACING: Final = b"a"
"""Closes the one before, so that one may be open. (A `nobr` does so only in its scope: not within an SVG's `desc`.)"""

_STAYING: Final = rb"b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u"
_FORMATTING: Final = frozenset([_REPLACING, *_STAYING.split(b"|")])

_SHARING: Final = (b"html", b"body")
"""The first has the attributes of each that follows it, too."""

_S: Final = rb" \t\n\f\r"  # HTML's white space, without the \v of Python's
_WORDS: Final = {b"s": _S, b"replacing": _REPLACING, b"staying": _STAYING}

_PLAIN: Final = (
    rb"""
    (?:[%(s)s]++ [\w:-]{1,30}+
        (?:[%(s)s]*+=[%(s)s]*+ (?:"[^"<>\0]{0,1000}+"|'[^'<>\0]{0,1000}+'|[^%(s)s"'<>=`\0]{0,1000}+))?+
    ){0,12}+ [%(s)s]*+/?+>"""
    % _WORDS
)
"""Attributes that are written so plainly that nothing else can be meant, and no more and no longer than most have."""

_MOST_IF_PLAIN: Final = 12 * (_ATTRIBUTE + 30 + 1000)

# It looks first at the letter that a formatting tag begins with: of 1,100 tags 1,000 begin otherwise, and a look at all
# names took twice as long.
_WATCHED: Final = re.compile(
    rb"""<(?=[abcefinstu])(?:
        %(replacing)s(?=[%(s)s/>])(?!%(plain)s)
        | (%(staying)s)(?![\w-]) (?:(%(plain)s) ([^<]*+</\1[%(s)s/>])?+)?+
    )"""
    % {**_WORDS, b"plain": _PLAIN},
    re.IGNORECASE | re.VERBOSE,
)
_TAG: Final = re.compile(rb"<([a-z][^%(s)s/>]*+)" % _WORDS, re.IGNORECASE)
_ANY: Final = (
    rb"""
    [^%(s)s/>][^%(s)s/>=]*+
    (?:[%(s)s]*+=[%(s)s]*+ (?:"[^"]*+(?:"|\Z) | '[^']*+(?:'|\Z) | [^%(s)s>"'][^%(s)s>]*+)?+)?+
    [%(s)s/]*+"""
    % _WORDS
)
_ONE: Final = re.compile(_ANY, re.VERBOSE)
_ALL: Final = re.compile(rb"[%b/]*+(?:%b)*+" % (_S, _ANY), re.VERBOSE)
"""The attributes of a tag, as the standard reads them. It never looks further than it reaches, so its length says what
it cost."""


def weigh(body: bytes) -> None:
    """Raises PageError for a page in UTF-8 that would take many seconds to parse, or hundreds of megabytes."""
    if (tags := body.count(b"<")) > _MAX_TAGS:
        raise PageError(Fate.REFUSED, f"more than {_MAX_TAGS:,} tags")
    formatting = watched(body)
    opened = tags * left_open(formatting)
    is_plain = all(plain for _, plain, _ in formatting)
    if is_plain and len(body) <= _SMALL and opened * (_ELEMENT + _MOST_IF_PLAIN) <= _MAX_BYTES:
        return  # no tag is looked at by itself
    all_of_them, heaviest = attributes(body)
    if all_of_them + opened * (_ELEMENT + heaviest) > _MAX_BYTES:
        raise PageError(Fate.REFUSED, f"its tree would take more than {_MAX_BYTES // 1_000_000} MB")


def watched(body: bytes) -> list[tuple[bytes, bytes, bytes]]:
    """The formatting tags that may stay open, or are not plain: the name if it may stay open, the attributes if they
    are plain, and the end if it is closed at once.
    """
    return _WATCHED.findall(body)


def left_open(formatting: Iterable[tuple[bytes, bytes, bytes]]) -> int:
    """How many formatting elements may be open at once, at most."""
    found = Counter((name, plain) for name, plain, closed in formatting if name and not closed)
    return 1 + sum(min(times, _ALIKE) if plain else times for (_, plain), times in found.items())


def attributes(body: bytes) -> tuple[int, int]:
    """The bytes that the attributes of all tags may take at most, and those of an element that is opened anew.

    Raises PageError where there are too many to compare, or to look at.
    """
    grown = 3 if b"\0" in body else 1  # a NUL becomes U+FFFD
    weights = heaviest = shared = compared = looked_at = 0
    for tag in _TAG.finditer(body):
        found = _ALL.match(body, tag.end())
        assert found is not None  # it may be empty
        length = found.end() - tag.end()
        looked_at += length
        if looked_at > _MAX_LOOKED_AT:
            raise PageError(Fate.REFUSED, "its tags run into each other")
        number = len(_ONE.findall(body, tag.end(), found.end())) if length else 0
        weight = number * _ATTRIBUTE + length * grown
        weights += weight
        compared += number * number
        name = tag[1].lower()
        if name in _FORMATTING:
            heaviest = max(heaviest, weight)
        elif name in _SHARING:
            shared += number
        if compared + shared * shared > _MAX_COMPARED:
            raise PageError(Fate.REFUSED, "its tags have too many attributes")
    return weights, heaviest
