"""Who is who: addresses, keys, and whether two texts are one.

A site knows its own sequences of numbers (crawler/sites); here is what holds for all of them.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import fields
from functools import lru_cache
from operator import attrgetter
from urllib.parse import urlsplit, urlunsplit

from w3lib.url import canonicalize_url, url_query_cleaner

from stories.article import Article

# Parts that say how a reader came, not what is read: what Google, Meta and Tempo append.
TRACKING = ("campaign", "fbclid", "gclid", "amp_gsa", "amp_js_v", "usqp", "igshid", "mc_cid", "mc_eid", "ref")
_TRACKING_PREFIX = re.compile(r"(?:^|&)utm_[^&]*")

_SHINGLE = 3  # words: short enough to survive an edit, long enough to be rare
_BITS = 64
_BANDS = 4  # of 16 bits: two texts within 3 bits share at least one band (pigeonhole), so one indexed lookup finds them
NEAR_DUPLICATE_BITS = 3  # Manku, Jain, Das Sarma 2007 (Google): 3 of 64 bits for web pages

# Odd 64-bit constants of splitmix64 (Steele, Lea, Flood 2014): a shingle's hash depends on the order of its words.
_MIX = (0xBF58476D1CE4E5B9, 0x94D049BB133111EB, 0x9E3779B97F4A7C15)

_CHANGING = {"related_links", "date_downloaded", "view_count"}
_said = attrgetter(*(field.name for field in fields(Article) if field.name not in _CHANGING))
_of_link = attrgetter("url", "headline", "relation", "position")
_WORD = re.compile(r"\w+")


def canonical_url(url: str) -> str:
    """The one spelling of an address: lower-case host, no default port, fragment or tracking parts, sorted query.

    Raises ValueError for what is no absolute http(s) address.
    """
    parts = urlsplit(url.strip())
    if parts.scheme.lower() not in {"http", "https"} or not parts.hostname:
        raise ValueError(f"not an absolute http(s) address: {url[:200]!r}")
    port = "" if parts.port in {None, 80, 443} else f":{parts.port}"
    host = parts.hostname.rstrip(".")
    query = _TRACKING_PREFIX.sub("", parts.query).lstrip("&")
    plain = urlunsplit((parts.scheme.lower(), host + port, parts.path or "/", query, ""))
    return canonicalize_url(url_query_cleaner(plain, TRACKING, remove=True))


def key_from_id(sequence: str, number: str) -> str:
    """A key where the publisher numbers its articles: `tempo-read:2037562`."""
    return f"{sequence}:{int(number)}"


def key_from_url(site: str, url: str) -> str:
    """A key where it does not: `<site>:<first 16 hex of the SHA-256 of the canonical URL>`."""
    return f"{site}:{hashlib.sha256(canonical_url(url).encode()).hexdigest()[:16]}"


def content_digest(article: Article) -> str:
    """32 hex: equal if and only if headline and text say the same, whatever their white space, quotes and case."""
    text = unicodedata.normalize("NFKC", f"{article.headline}\n{article.article_body}").casefold()
    return hashlib.sha256(" ".join(_WORD.findall(text)).encode()).hexdigest()[:32]


def reading_digest(article: Article) -> str:
    """32 hex: equal if two readings of a page say the same, the download and the ages on cards left aside."""
    links = [_of_link(link) for link in article.related_links]
    return hashlib.sha256(repr((_said(article), links)).encode()).hexdigest()[:32]


def fingerprint(text: str) -> int | None:
    """A 64-bit SimHash (Charikar 2002) of the text's three-word shingles; None for a text too short to compare."""
    import numpy as np  # noqa: PLC0415 - 70 ms that only what stores stories should pay

    words = _WORD.findall(text.casefold())
    if len(words) < 10 * _SHINGLE:  # under about 30 words, teasers of different stories look alike
        return None
    hashes = np.frombuffer(b"".join(map(_word_hash, words)), dtype="<u8")
    first, second, third = np.array(_MIX, dtype="<u8")
    mixed = hashes[:-2] * first + hashes[1:-1] * second + hashes[2:] * third
    shingles = np.unique((mixed ^ np.right_shift(mixed, np.uint64(29))) * first)
    bits = np.unpackbits(shingles.astype("<u8").view(np.uint8).reshape(len(shingles), 8), axis=1)
    majority = bits.sum(axis=0, dtype=np.int64) * 2 > len(shingles)
    return int.from_bytes(np.packbits(majority).tobytes(), "big")


@lru_cache(maxsize=20_000)
def _word_hash(word: str) -> bytes:
    return hashlib.blake2b(word.encode(), digest_size=_BITS // 8).digest()


def bands(value: int) -> list[int]:
    """The fingerprint cut in four, each marked with its place, so that one index serves all."""
    width = _BITS // _BANDS
    return [(i << width) | (value >> (i * width)) & ((1 << width) - 1) for i in range(_BANDS)]


def similarity(a: int, b: int) -> float:
    """The share of equal bits, 0 to 1."""
    return 1 - (a ^ b).bit_count() / _BITS
