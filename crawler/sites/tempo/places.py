"""Tempo's pages of links: which address is an index, a rubric, a tag, an issue, a feed, a sitemap or a payload.

All of them can be ordered. A crawl by itself asks only for its seeds, for what a sitemap index names and for the next
page of a list: tags, topics and rubrics name each other without end, and all that they show stands in the indexes too.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from crawler.sites.site import Address, PageKind
from stories.identity import canonical_url, key_from_url

EN_HOST: Final = "en.tempo.co"
WWW_HOST: Final = "www.tempo.co"
RSS_HOST: Final = "rss.tempo.co"
FACT_CHECKS: Final = "cekfakta.tempo.co"
MAGAZINES: Final = {
    "majalah.tempo.co": "tempo-magazine",
    "magz.tempo.co": "tempo-magz",
    "koran.tempo.co": "tempo-koran",
}
"""Publications that appear in issues, each with its own sequence of numbers (docs/decisions/0008)."""

RUBRICS: Final = (
    "politik", "hukum", "ekonomi", "lingkungan", "wawancara", "investigasi", "cekfakta", "tokoh", "sains", "kolom",
    "hiburan", "internasional", "otomotif", "olahraga", "sepakbola", "digital", "gaya-hidup",
)  # fmt: skip
"""Of www since 2024."""
_FURTHER_RUBRICS: Final = ("arsip", "foto", "newsletter", "prelude", "teroka", "video")
"""Of www, not in its menu: the archive, pictures, and what came and went."""

FEEDS: Final = ("nasional", "bisnis", "metro", "dunia", "tekno", "seleb", "otomotif", "bola", "gaya", "travel")
"""Of rss.tempo.co."""

_CHANNELS_EN: Final = (
    "art_culture", "asean", "asean-news", "business", "commentary", "culture", "economy", "economy_business",
    "entertainment", "enviro", "environment", "feature", "food_travel", "health", "interview", "international", "law",
    "lifestyle", "metro", "national", "news", "opinion", "photo", "politics", "science", "sport", "sports", "tech",
    "travel", "video", "world",
)  # fmt: skip
"""First parts of the English edition's channel pages, of all years."""

PAYLOAD: Final = "_payload.json"
_QUERY: Final = frozenset({"access", "category", "end_date", "page", "rubric_slug", "start_date"})
"""What makes another list of an index; all else says how a reader came."""

_DAY: Final = r"/(\d{4}-\d\d-\d\d)"
_WORD: Final = r"/[a-z][a-z0-9_-]{0,60}"
_TAG: Final = r"/tag/[^/]{1,100}|/topi[ck](?:/[^/]{1,100}){1,3}"
_NONE: Final = r"(?!)"
_SITEMAPS: Final = r"/(?:(?!tag-|penulis-)[a-z-]{1,30}-)?sitemap(?:[_-](?:index|news|web))?\d{0,3}\.xml"


def _patterns(listing: str, feed: str, sitemap: str = _SITEMAPS) -> tuple[tuple[re.Pattern[str], PageKind], ...]:
    kinds = ((feed, PageKind.FEED), (sitemap, PageKind.SITEMAP), (listing, PageKind.LISTING))
    return tuple((re.compile(pattern, re.IGNORECASE), kind) for pattern, kind in kinds)


_WWW: Final = _patterns(
    rf"/|/indeks(?:{_DAY})?(?:{_WORD})?|/p(?:opuler|ilihan)|{_TAG}"
    rf"|/(?:{'|'.join((*RUBRICS, *_FURTHER_RUBRICS))})(?:{_WORD})?",
    rf"/rss(?:{_WORD})?|/api/gateway/rss/[a-z]{{1,20}}{_WORD}|(?:{_WORD}){{0,2}}/{PAYLOAD}",
)
_EN: Final = _patterns(
    rf"/|/index(?:{_DAY})?(?:{_WORD})?|{_TAG}|/(?:{'|'.join(_CHANNELS_EN)})(?:{_WORD})?", rf"/rss(?:{_WORD})?"
)
_RSS: Final = _patterns(_NONE, rf"/|{_WORD}", _NONE)
_ISSUES: Final = _patterns(
    rf"/|/edi(?:si|tion)(?:/[^/]{{1,60}}){{1,2}}|/(?:kanal|rubrik){_WORD}|{_TAG}", rf"/rss(?:{_WORD})?"
)
_CHANNEL: Final = _patterns(rf"/|/indeks(?:{_DAY})?|{_TAG}", rf"/rss(?:{_WORD})?")
_CHECKS: Final = _patterns(rf"/|/\d{{4}}(?:/\d\d)?|{_TAG}", rf"/rss(?:{_WORD})?")
_OF_HOST: Final = {EN_HOST: _EN, WWW_HOST: _WWW, RSS_HOST: _RSS, FACT_CHECKS: _CHECKS} | dict.fromkeys(
    MAGAZINES, _ISSUES
)

_SLASHED_DAY: Final = re.compile(r"(/inde(?:ks|x))/(\d{4})/(\d\d)/(\d\d)", re.IGNORECASE)  # as until about 2019
_DATED: Final = re.compile(rf"/inde(?:ks|x){_DAY}(?:/.*)?", re.IGNORECASE)


def identify(site: str, host: str, path: str, query: str) -> Address | None:
    """A page of links; None for everything else. The path has no slash at its end. Never raises."""
    path = _SLASHED_DAY.sub(r"\1/\2-\3-\4", path)
    kind = next((kind for pattern, kind in _OF_HOST.get(host, _CHANNEL) if pattern.fullmatch(path)), None)
    if kind is None:
        return None
    try:
        asked = urlencode(_kept(query)) if query and kind is PageKind.LISTING else ""
        url = canonical_url(f"https://{host}{path}{f'?{asked}' if asked else ''}")
        return Address(key=key_from_url(site, url), url=url, kind=kind)
    except ValueError:  # a path that no address can hold
        return None


def _kept(query: str) -> list[tuple[str, str]]:
    """The parts of a query that choose a list, each once."""
    return [(name, value) for name, value in dict(parse_qsl(query)).items() if name in _QUERY]


def day_of(url: str) -> date | None:
    """The one day whose articles an index page lists; None for all other pages."""
    parts = urlsplit(url)
    found = _DATED.fullmatch(_SLASHED_DAY.sub(r"\1/\2-\3-\4", parts.path).rstrip("/"))
    query = dict(parse_qsl(parts.query))
    named = found[1] if found else query.get("start_date", "")
    if not found and query.get("end_date") != named:
        return None
    try:
        return date.fromisoformat(named)
    except ValueError:
        return None
