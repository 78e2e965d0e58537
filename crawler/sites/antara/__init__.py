"""ANTARA, the national news agency: antaranews.com in Indonesian and in English.

Facts are of other people's crawlers of it (2018 to 2026); nothing here was read from the live site.
"""

from __future__ import annotations

from typing import Final

from crawler.sites.antara.addresses import EN, ID, Edition, identify
from crawler.sites.antara.listings import read_listing
from crawler.sites.antara.reading import read_article
from crawler.sites.site import DateRange, Page, Reading, Site


def _read(page: Page, edition: Edition) -> Reading:
    address = identify(page.url, edition)
    if address and not address.kind.is_article:
        return read_listing(page, edition, address.kind)
    return read_article(page, edition)


def _seeds(period: DateRange | None, edition: Edition) -> tuple[str, ...]:  # noqa: ARG001 - no listing of a day is known
    """The feed, and the list of the newest: its rows are dated, so an order's days narrow what is followed."""
    return (f"https://{edition.host}{edition.feed}", f"https://{edition.host}{edition.newest}")


def _site(edition: Edition, title: str) -> Site:
    return Site(
        name=edition.name,
        title=title,
        hosts=edition.hosts,
        home=f"https://{edition.host}/",
        seeds=lambda period: _seeds(period, edition),
        identify=lambda url: identify(url, edition),
        read=lambda page: _read(page, edition),
    )


ANTARA_ID: Final = _site(ID, "ANTARA")
ANTARA_EN: Final = _site(EN, "ANTARA English")
