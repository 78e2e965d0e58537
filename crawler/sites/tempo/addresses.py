"""Tempo's addresses (docs/tempo.md, section 2): what each one is, and the one key of all spellings of an article.

Its numbers come from several sequences whose ranges overlap, so a key names the sequence: `/read/<id>/` is one on the
English site and all channels; www since 2024 has another; news before mid 2017, the magazine, photos, videos and
graphics have their own. Hosts are listed: an unknown one is not guessed at.
"""

from __future__ import annotations

import re
from typing import Final

from crawler.sites.site import Address, PageKind
from stories.identity import canonical_url, key_from_id, key_from_url

EN_HOST: Final = "en.tempo.co"
WWW_HOST: Final = "www.tempo.co"
_RSS_HOST: Final = "rss.tempo.co"
_CHANNELS: Final = tuple(
    f"{channel}.tempo.co"
    for channel in (
        "bisnis", "bola", "cantik", "cekfakta", "difabel", "dunia", "fokus", "gaya", "hukum", "investigasi", "kolom",
        "metro", "nasional", "otomotif", "pemilu", "pialadunia", "pilkada", "ramadan", "seleb", "sport", "tekno",
        "travel",
    )
)  # fmt: skip
_OF_HOST: Final = {  # hosts whose /read/ has a sequence of its own
    "foto.tempo.co": "tempo-photo",
    "video.tempo.co": "tempo-video",
    "grafis.tempo.co": "tempo-graphic",
    "majalah.tempo.co": "tempo-magazine",
    "magz.tempo.co": "tempo-magazine",
}
ID_HOSTS: Final = (WWW_HOST, "tempo.co", _RSS_HOST, *_CHANNELS, *_OF_HOST)

_ENGLISH: Final = frozenset({EN_HOST, "magz.tempo.co"})
_EN_SET: Final = frozenset({EN_HOST})
_ID_SET: Final = frozenset(ID_HOSTS)

RUBRICS: Final = (
    "politik", "hukum", "ekonomi", "lingkungan", "wawancara", "investigasi", "cekfakta", "tokoh", "sains", "kolom",
    "hiburan", "internasional", "otomotif", "olahraga", "sepakbola", "digital", "gaya-hidup",
)  # fmt: skip
"""First parts of the addresses of www's articles."""

_SPLIT: Final = re.compile(
    r"https?://([A-Za-z0-9.-]{1,253}?)\.?(?::(?:80|443))?(/[^?#]*)?(?:\?([^#]*))?(?:#.*)?", re.DOTALL
)
_MAX_URL: Final = 2048

_READ: Final = re.compile(r"/(?:read|amp)/(\d{1,9})(?:/([^/]+))?(?:/full&view=ok)?/?")
_NEWS: Final = re.compile(r"/(?:read|amp)/news/(\d{4}/\d\d/\d\d)/(\d{3})(\d{6})(?:,uk\.html)?(?:/([^/]+))?/?")
_PHOTO_STORY: Final = re.compile(r"/read/beritafoto/(\d{1,9})(?:/([^/]+))?/?")
_MAGAZINE: Final = re.compile(r"/(?:read|amp)/([a-z][a-z0-9-]*)/(\d{1,9})(?:/([^/]+))?/?")
_WWW: Final = re.compile(rf"/({'|'.join(RUBRICS)})/([^/]*?-)(\d{{6,7}})/?")
_MAGAZINES: Final = frozenset({"majalah.tempo.co", "magz.tempo.co"})

_WWW_PAGES: Final = (
    (re.compile(r"/indeks(?:/\d{4}-\d\d-\d\d)?(?:/[a-z-]{1,30})?/?"), PageKind.LISTING),
    (re.compile(rf"/(?:sitemap_index|news-sitemap|(?:{'|'.join(RUBRICS)})-sitemap\d{{0,3}})\.xml"), PageKind.SITEMAP),
    (re.compile(r"/rss(?:/[a-z-]{1,30})?/?|/api/gateway/rss/[a-z]{1,20}/[a-z-]{1,30}/?"), PageKind.FEED),
)
_EN_PAGES: Final = (
    (re.compile(r"/index(?:/\d{4}-\d\d-\d\d)?(?:/[a-z_-]{1,30})?/?"), PageKind.LISTING),
    (re.compile(r"/(?:sitemap_index|news-sitemap|sitemap)\.xml"), PageKind.SITEMAP),
    (re.compile(r"/rss/?"), PageKind.FEED),
)
_RSS_PAGES: Final = ((re.compile(r"/(?:[a-z-]{1,30})?/?"), PageKind.FEED),)


def identify_en(url: str) -> Address | None:
    """An address of the English edition; None for all others and for what we do not follow. Never raises."""
    return _identified(url, _EN_SET, "tempo-en")


def identify_id(url: str) -> Address | None:
    """An address of the Indonesian edition: www and the channel hosts; else as `identify_en`."""
    return _identified(url, _ID_SET, "tempo-id")


def identify_any(url: str) -> Address | None:
    """An address of either edition; they link to each other."""
    return identify_en(url) or identify_id(url)


def language_of(url: str) -> str:
    """The language of the edition that an article's address belongs to.

    Tempo's pages do not tell: `lang="en"` and `og:locale` `id_ID` stand on pages of both.
    """
    found = _SPLIT.fullmatch(url)
    return "en" if found and found[1].lower() in _ENGLISH else "id"


def _identified(url: str, hosts: frozenset[str], site: str) -> Address | None:
    parts = _SPLIT.fullmatch(url) if len(url) <= _MAX_URL else None
    host = parts[1].lower() if parts else ""
    if parts is None or host not in hosts:
        return None
    host = WWW_HOST if host == "tempo.co" else host
    path = parts[2] or "/"
    return _article(host, path) or _other(site, host, path, parts[3] or "")


def _article(host: str, path: str) -> Address | None:
    if host in _MAGAZINES:
        found = _MAGAZINE.fullmatch(path)
        return found and _address(_OF_HOST[host], found[2], f"https://{host}/read/{found[1]}/{found[2]}", found[3])
    if found := _READ.fullmatch(path):
        return _address(_OF_HOST.get(host, "tempo-read"), found[1], f"https://{host}/read/{found[1]}", found[2])
    if found := _NEWS.fullmatch(path):
        return _address("tempo-news", found[3], f"https://{host}/read/news/{found[1]}/{found[2]}{found[3]}", found[4])
    if found := _PHOTO_STORY.fullmatch(path):
        return _address("tempo-photo", found[1], f"https://{host}/read/beritafoto/{found[1]}", found[2])
    if host == WWW_HOST and (found := _WWW.fullmatch(path)):
        return _address("tempo-www", found[3], f"https://{host}/{found[1]}", f"{found[2]}{found[3]}")
    return None


def _address(sequence: str, number: str, head: str, slug: str | None) -> Address:
    return Address(key=key_from_id(sequence, number), url=f"{head}/{slug}" if slug else head, kind=PageKind.ARTICLE)


def _other(site: str, host: str, path: str, query: str) -> Address | None:
    pages = {EN_HOST: _EN_PAGES, WWW_HOST: _WWW_PAGES, _RSS_HOST: _RSS_PAGES}.get(host, ())
    kind = next((kind for pattern, kind in pages if pattern.fullmatch(path)), None)
    if kind is None:
        return None
    asked = f"?{query}" if query and kind is PageKind.LISTING else ""
    try:
        url = canonical_url(f"https://{host}{path.rstrip('/') or '/'}{asked}")
        return Address(key=key_from_url(site, url), url=url, kind=kind)
    except ValueError:  # a query that no address can hold
        return None
