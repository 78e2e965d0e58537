"""From what a page points to, to what the ledger is told: keys, hosts, priorities, depth, dates. Pure.

Followed is what a site knows by its own addresses. So a shortener's address (`bit.ly`, in the texts of 2017) stays on
its story as it is written and nobody asks for it; only the host that we do ask may lead elsewhere, and then the
address that it led to counts. In a back-fill an article of another day is not followed, and nothing from it: one that
does not say its day is asked for once, to see it. Lists of tags, topics and rubrics are never found, only ordered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from crawler.sites.registry import site_of
from crawler.sites.site import Address, DateRange, Found, PageKind, Site
from stories.article import Article, Relation, Window
from stories.order import CrawlOrder
from stories.pages import FRESH, LISTED, RELATED, SEED, Discovery, Lease

_ZONE: Final = timezone(timedelta(hours=7))  # WIB, in which the sites' days are counted
_DAY: Final = timedelta(days=1)
_FRESH_FOR: Final = timedelta(days=1)
_MOST_LINKS: Final = 500  # a page's; the longest sitemap that we read has 200, an index page 40
_FOLLOWED: Final = frozenset(Relation) - {Relation.TOPIC, Relation.SECTION}
_REMEMBERED: Final = 20_000  # addresses: a story is pointed to by many pages; about 10 MB
MOST_NESTED: Final = 3  # sitemaps in sitemaps: an index names sitemaps, a second level is rare, a fourth is a trap
LONGEST_URL: Final = 2000  # what servers commonly take; a longer one is a trap


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """An address with the site that it belongs to."""

    site: Site
    address: Address
    host: str
    """Of the address: taken apart once for all that point there."""


def key_of(url: str | None) -> str | None:
    """The key that an address has in the ledger and in the store."""
    target = target_of(url)
    return target.address.key if target else None


def story_key_of(url: str | None) -> str | None:
    """As `key_of`, for an article's address only: a tag's page has a key in the ledger, and no story."""
    target = target_of(url)
    return target.address.key if target and target.address.kind.is_article else None


@lru_cache(maxsize=_REMEMBERED)
def target_of(url: str | None) -> Target | None:
    """Who an address belongs to, and who it is; None if no site of ours follows it."""
    if url is None or len(url) > LONGEST_URL:
        return None
    site = site_of(url)
    address = site.identify(url) if site else None
    if site is None or address is None:
        return None
    return Target(site=site, address=address, host=urlsplit(address.url).hostname or "")


def date_range(order: CrawlOrder) -> DateRange | None:
    """The order's days; an order with one bound means that one day to the other's default, the same day."""
    since, until = order.since or order.until, order.until or order.since
    return DateRange(since=since, until=until) if since and until else None


def seeds(site: Site, order: CrawlOrder) -> list[Discovery]:
    """Where a crawl begins: the order's own addresses, or the site's listings."""
    urls = order.urls or site.seeds(date_range(order))
    targets = [target for target in map(target_of, urls) if target]
    return [_discovery(target, priority=SEED, depth=0) for target in targets]


def from_listing(links: Iterable[Found], lease: Lease, order: CrawlOrder, *, now: datetime) -> Iterator[Discovery]:
    """A listing's links are where stories start: their depth is the listing's own."""
    for link in _first(links):
        target = target_of(link.url)
        if target and _wanted(target.address, link.date_published, order):
            kind = target.address.kind
            nested = lease.nested + 1 if kind is PageKind.SITEMAP else 0
            if nested > MOST_NESTED:
                continue
            priority = _priority(link.date_published, now) if kind.is_article else SEED
            yield _discovery(
                target, priority=priority, depth=lease.depth, lease=lease, relation=link.relation, nested=nested
            )


def from_article(article: Article, lease: Lease, order: CrawlOrder) -> Iterator[Discovery]:
    """The related news that an article points to, one step further away."""
    depth = lease.depth + 1
    if depth > order.depth:
        return
    for link in _first(article.related_links) if _is_within(_published(article), order) else ():
        target = target_of(link.url)
        if (
            target
            and link.relation in _FOLLOWED
            and not link.is_promotional
            and target.address.kind.is_article
            and _wanted(target.address, link.date_published, order)
        ):
            yield _discovery(target, priority=RELATED + depth, depth=depth, lease=lease, relation=link.relation)
    original = target_of(article.is_based_on)
    if original and original.address.kind.is_article:
        yield _discovery(original, priority=RELATED + depth, depth=depth, lease=lease)


def led_to(url: str, lease: Lease) -> Target | None:
    """Who an address led to; None for the page itself, for nobody's, and for a list in an article's place."""
    target = target_of(url)
    if target is None or target.address.key == lease.key:
        return None
    is_list = PageKind(lease.kind).is_article and not target.address.kind.is_article
    return None if is_list else target


def from_redirect(target: Target, lease: Lease) -> Discovery:
    """Where an address led to; it keeps the address that led there."""
    nested = lease.nested if target.address.kind is PageKind.SITEMAP else 0
    return _discovery(target, priority=RELATED, depth=lease.depth, lease=lease, alias=lease.url, nested=nested)


def _first(links: Iterable[Found] | Iterable[object]) -> Iterator:  # type: ignore[type-arg]
    for count, link in enumerate(links):
        if count >= _MOST_LINKS:
            return
        yield link


def _discovery(
    target: Target,
    *,
    priority: int,
    depth: int,
    lease: Lease | None = None,
    relation: Relation | None = None,
    alias: str | None = None,
    nested: int = 0,
) -> Discovery:
    return Discovery(
        key=target.address.key,
        site=target.site.name,
        host=target.host,
        url=target.address.url,
        kind=target.address.kind.value,
        priority=priority,
        depth=depth,
        found_on=lease.key if lease else None,
        relation=relation.value if relation else None,
        alias=alias,
        nested=nested,
    )


def _priority(published: Window | None, now: datetime) -> int:
    return FRESH if published and published.latest > now - _FRESH_FOR else LISTED


def _wanted(address: Address, published: Window | None, order: CrawlOrder) -> bool:
    """False if the link or its address says that its target lies outside the order's days."""
    return _is_within(_day(address.day) if address.day else published, order)


def _is_within(published: Window | None, order: CrawlOrder) -> bool:
    """True also for what is not dated, and for an order of no days. The window of a day ends where the next begins."""
    days = date_range(order)
    if days is None or published is None:
        return True
    start, end = _start_of(days.since), _start_of(days.until + _DAY)
    return published.earliest < end and (published.latest > start or published.earliest == start)


def _published(article: Article) -> Window | None:
    at = article.date_published
    return Window(earliest=at, latest=at) if at else None


def _day(day: date) -> Window:
    return Window(earliest=_start_of(day), latest=_start_of(day + _DAY))


@lru_cache(maxsize=1_000)  # days: asked for each link of a back-fill
def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), _ZONE).astimezone(UTC)
