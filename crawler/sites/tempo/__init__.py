"""Tempo: the English edition, and the Indonesian one with its channels (docs/tempo.md).

What a crawl asks for by itself, so that nothing is missed and nothing asked twice:
en: the index of today, and the feed (50 stories: what was published while nobody asked).
id: the index with its pages (200 stories of all rubrics, with their times); the sitemap index, and so each rubric's
newest 200, which need no browser; and the channels' feeds, which alone have the articles under `/read/` (50 each). The
gateway's feeds and the payloads name a part of what the sitemaps do, and are read on order.
A back-fill asks for the index of each of its days, in the form that the site had then.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from crawler.sites.site import DateRange, Page, Reading, Site
from crawler.sites.tempo.addresses import ID_HOSTS, identify_any, identify_en, identify_id
from crawler.sites.tempo.listings import read_listing
from crawler.sites.tempo.places import EN_HOST, FEEDS, RSS_HOST, WWW_HOST
from crawler.sites.tempo.reading import read_article

_LAST_OLD_INDEX: Final = date(2024, 10, 31)  # www became another system in that month; these days are asked both ways


def _days(period: DateRange) -> list[date]:
    """The newest first."""
    count = (period.until - period.since).days + 1
    return [period.until - timedelta(days=ago) for ago in range(count)]


def _seeds_en(period: DateRange | None) -> tuple[str, ...]:
    if period is None:
        return (f"https://{EN_HOST}/index", f"https://{EN_HOST}/rss")
    return tuple(f"https://{EN_HOST}/index/{day}" for day in _days(period))


def _seeds_id(period: DateRange | None) -> tuple[str, ...]:
    if period is None:
        feeds = (f"https://{RSS_HOST}/{channel}" for channel in FEEDS)
        return (f"https://{WWW_HOST}/indeks?page=1", f"https://{WWW_HOST}/sitemap_index.xml", *feeds)
    return tuple(url for day in _days(period) for url in _index_of(day))


def _index_of(day: date) -> tuple[str, ...]:
    """A day's index; of days before the new system also where the old one had it, whichever the site still answers."""
    new = f"https://{WWW_HOST}/indeks?category=date&end_date={day}&page=1&start_date={day}"
    return (f"https://{WWW_HOST}/indeks/{day}", new) if day <= _LAST_OLD_INDEX else (new,)


def _read(page: Page, site: str) -> Reading:
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
