"""Tempo: the English edition, and the Indonesian one with its channels (docs/tempo.md)."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from crawler.sites.site import DateRange, Listing, Page, Site
from crawler.sites.tempo.addresses import EN_HOST, ID_HOSTS, WWW_HOST, identify_any, identify_en, identify_id
from crawler.sites.tempo.listings import read_listing
from crawler.sites.tempo.reading import read_article
from stories.article import Article


def _days(period: DateRange) -> list[str]:
    """`2026-07-24` for each day, the newest first."""
    count = (period.until - period.since).days + 1
    return [(period.until - timedelta(days=ago)).isoformat() for ago in range(count)]


def _seeds_en(period: DateRange | None) -> tuple[str, ...]:
    if period is None:
        return (f"https://{EN_HOST}/index", f"https://{EN_HOST}/rss")
    return tuple(f"https://{EN_HOST}/index/{day}" for day in _days(period))


def _seeds_id(period: DateRange | None) -> tuple[str, ...]:
    if period is None:
        return (f"https://{WWW_HOST}/indeks?page=1", f"https://{WWW_HOST}/sitemap_index.xml")
    asked = f"https://{WWW_HOST}/indeks?category=date&end_date={{0}}&page=1&start_date={{0}}"
    return tuple(asked.format(day) for day in _days(period))


def _read(page: Page, site: str) -> Article | Listing:
    """By what its address is: an unknown one can still be an article that was moved."""
    address = identify_any(page.url)
    if address and not address.kind.is_article:
        return read_listing(page, address.kind)
    return read_article(page, site)


TEMPO_EN: Final = Site(
    name="tempo-en",
    title="Tempo English",
    hosts=(EN_HOST,),
    home=f"https://{EN_HOST}/",
    seeds=_seeds_en,
    identify=identify_en,
    read=lambda page: _read(page, "tempo-en"),
)

TEMPO_ID: Final = Site(
    name="tempo-id",
    title="Tempo",
    hosts=ID_HOSTS,
    home=f"https://{WWW_HOST}/",
    seeds=_seeds_id,
    identify=identify_id,
    read=lambda page: _read(page, "tempo-id"),
)
