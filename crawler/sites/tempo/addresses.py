"""Tempo's addresses (docs/tempo.md, section 2): what each one is, and the one key of all spellings of an article.

Its numbers come from several sequences whose ranges overlap, so a key names the sequence (docs/decisions/0008):
`/read/<id>/` is one on the English site and all channels; www since 2024 has another for all that it shows; news before
mid 2017, each magazine, the newspaper, photos, videos, graphics and fact checks have their own. Hosts are listed: an
unknown one is not guessed at.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import Final
from urllib.parse import unquote

from crawler.sites.site import Address, PageKind
from crawler.sites.tempo import places
from crawler.sites.tempo.places import EN_HOST, RSS_HOST, WWW_HOST
from stories.identity import key_from_id

_CHANNELS: Final = tuple(
    f"{channel}.tempo.co"
    for channel in (
        "bisnis", "bola", "cantik", "cekfakta", "difabel", "dunia", "fokus", "gaya", "hukum", "interaktif",
        "investigasi", "kolom", "metro", "nasional", "newsletter", "otomotif", "pemilu", "pialadunia", "pilkada",
        "ramadan", "seleb", "sport", "tekno", "travel",
    )
)  # fmt: skip
_OF_HOST: Final = {  # hosts whose /read/ has a sequence of its own
    "foto.tempo.co": "tempo-photo",
    "video.tempo.co": "tempo-video",
    "grafis.tempo.co": "tempo-graphic",
    **places.MAGAZINES,
}
_SAME_AS_WWW: Final = ("tempo.co", "m.tempo.co")
ID_HOSTS: Final = (WWW_HOST, *_SAME_AS_WWW, RSS_HOST, *_CHANNELS, *_OF_HOST)

_ENGLISH: Final = frozenset({EN_HOST, "magz.tempo.co"})
_SITES: Final = {EN_HOST: "tempo-en"} | dict.fromkeys(ID_HOSTS, "tempo-id")

_SPLIT: Final = re.compile(
    r"https?://([A-Za-z0-9.-]{1,253}?)\.?(?::(?:80|443)?)?(/[^?#]*)?(?:\?([^#]*))?(?:#.*)?",
    re.DOTALL | re.IGNORECASE,
)
_MAX_URL: Final = 2048  # characters: the limit of sitemaps.org
_REMEMBERED: Final = 10_000  # addresses: a story is pointed to by many pages; about 5 MB

_ESCAPED: Final = re.compile(r"%(?:2[CcDdEe6]|3[0-9Dd]|4[1-9A-Fa-f]|5[0-9AaFf]|6[1-9A-Fa-f]|7[0-9AaEe])")
"""What means the same unescaped (RFC 3986, 2.3), and the comma, `&` and `=` of Tempo's own older spellings."""
_SLASHES: Final = re.compile(r"/{2,}")

_REST: Final = r"(?:/([^/]+)(?:/.*)?)?"  # a slug, and what only says how to show the article: `/full&view=ok`
_FLAGS: Final = re.ASCII | re.DOTALL | re.IGNORECASE
_READ: Final = re.compile(rf"/(?:read|amp)/(\d{{1,9}}){_REST}", _FLAGS)
_NEWS: Final = re.compile(
    rf"/(?:read|amp)/news/((\d{{4}})/(\d\d)/(\d\d))/(\d{{3}})(\d{{1,7}})(?:,[a-z]{{2}}\.html)?{_REST}", _FLAGS
)
_PHOTO_STORY: Final = re.compile(rf"/read/beritafoto/(\d{{1,9}}){_REST}", _FLAGS)
_MAGAZINE: Final = re.compile(rf"/(?:read|amp)/(?:([a-z][a-z0-9-]*)/)?(\d{{1,9}}){_REST}", _FLAGS)
_FACT_CHECK: Final = re.compile(rf"/fakta/(\d{{1,9}}){_REST}", _FLAGS)
_WWW: Final = re.compile(r"(?:/amp)?((?:/[a-z][a-z0-9-]{1,40}){1,2})/([^/]*?-)(\d{1,8})", _FLAGS)

_NO_RUBRICS: Final = frozenset(
    {"amp", "api", "edisi", "indeks", "info-tempo", "inforial", "penulis", "read", "search", "tag", "topic", "topik"}
)
"""First parts of addresses on www that may end in a number and are no article's: authors, lists, what was paid for."""

_SURE: Final = 5  # digits: a number of four may be a year
_WORDS: Final = 5  # of a headline; the longest name of a rubric that ends in a year has three, `pemilu kepala daerah`
_YEAR: Final = re.compile(r"(?:19|20)\d\d", re.ASCII)


def identify_en(url: str) -> Address | None:
    """An address of the English edition; None for all others and for what we do not follow. Never raises."""
    return _of(url, "tempo-en")


def identify_id(url: str) -> Address | None:
    """An address of the Indonesian edition: www and the channel hosts; else as `identify_en`."""
    return _of(url, "tempo-id")


def identify_any(url: str) -> Address | None:
    """An address of either edition; they link to each other."""
    return _identified(url)[1]


def language_of(url: str) -> str:
    """The language of the edition that an article's address belongs to.

    Tempo's pages do not tell: `lang="en"` and `og:locale` `id_ID` stand on pages of both.
    """
    found = _SPLIT.fullmatch(url)
    return "en" if found and found[1].lower() in _ENGLISH else "id"


def _of(url: str, site: str) -> Address | None:
    owner, address = _identified(url)
    return address if owner == site else None


@lru_cache(maxsize=_REMEMBERED)
def _identified(url: str) -> tuple[str | None, Address | None]:
    """The site, and what the address is on it."""
    parts = _SPLIT.fullmatch(url.strip()) if len(url) <= _MAX_URL else None
    host = parts[1].lower() if parts else ""
    site = _SITES.get(host)
    if parts is None or site is None:
        return None, None
    host = WWW_HOST if host in _SAME_AS_WWW else host
    path = _plain(parts[2] or "/")
    return site, _article(host, path) or places.identify(site, host, path, parts[3] or "")


def _plain(path: str) -> str:
    """One spelling of a path: nothing escaped without need, no empty part, no slash at its end."""
    while "%" in path and (read := _ESCAPED.sub(lambda found: unquote(found[0]), path)) != path:
        path = read  # what was escaped twice, or what reading made an escape of its neighbours
    return _SLASHES.sub("/", path).rstrip("/") or "/"


def _article(host: str, path: str) -> Address | None:
    if host in places.MAGAZINES:
        return _in_magazine(host, path)
    if found := _READ.fullmatch(path):
        return _address(_OF_HOST.get(host, "tempo-read"), found[1], f"https://{host}/read/{found[1]}", found[2])
    if found := _NEWS.fullmatch(path):
        head = f"https://{host}/read/news/{found[1]}/{found[5]}{found[6]}"
        return _address("tempo-news", found[6], head, found[7], day=_day(found[2], found[3], found[4]))
    if found := _PHOTO_STORY.fullmatch(path):
        return _address("tempo-photo", found[1], f"https://{host}/read/beritafoto/{found[1]}", found[2])
    if host == places.FACT_CHECKS and (found := _FACT_CHECK.fullmatch(path)):
        return _address("tempo-cekfakta", found[1], f"https://{host}/fakta/{found[1]}", found[2])
    return _on_www(path) if host == WWW_HOST else None


def _in_magazine(host: str, path: str) -> Address | None:
    found = _MAGAZINE.fullmatch(path)
    if found is None:
        return None
    rubric = f"/{found[1].lower()}" if found[1] else ""
    return _address(places.MAGAZINES[host], found[2], f"https://{host}/read{rubric}/{found[2]}", found[3])


def _on_www(path: str) -> Address | None:
    """`/<rubric>/<slug>-<id>`, or below a sub-rubric. New rubrics come and go; the number is what makes an article."""
    found = _WWW.fullmatch(path)
    if found is None:
        return None
    rubrics, slug, number = found[1].lower(), found[2], found[3]
    if rubrics.split("/")[1] in _NO_RUBRICS or not _is_number(slug, number):
        return None
    return _address("tempo-www", number, f"https://{WWW_HOST}{rubrics}", f"{slug}{number}")


def _is_number(slug: str, number: str) -> bool:
    """False for a year at the end of a rubric's name: `/politik/pemilu-2024`."""
    if len(number) >= _SURE or slug.endswith("--"):
        return True
    return slug.count("-") >= _WORDS and not _YEAR.fullmatch(number)


def _address(sequence: str, number: str, head: str, slug: str | None, *, day: date | None = None) -> Address:
    is_name = slug and slug.strip(".") and not slug.lower().startswith("full&")  # `..` would lead elsewhere
    url = f"{head}/{slug}" if is_name else head
    return Address(key=key_from_id(sequence, number), url=url, kind=PageKind.ARTICLE, day=day)


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:  # 31 February
        return None
