"""suarakita.net, which republishes Tempo's English articles: the page that this project began from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from crawler.sites.html import no_article, parse
from crawler.sites.links import absolute
from crawler.sites.site import DateRange, Found, Listing, Page, PageKind, Site
from crawler.sites.suarakita.addresses import HOME, HOST, SITE, identify, next_page
from crawler.sites.suarakita.reading import read_article
from stories.article import Article, Relation
from stories.text import text_of


def _seeds(period: DateRange | None) -> tuple[str, ...]:  # noqa: ARG001 - it has no listings of a day
    return (HOME,)


def _read(page: Page) -> Article | Listing:
    address = identify(page.url)
    if address and address.kind is PageKind.LISTING:
        return Listing(links=tuple(_links(page)))
    return read_article(page)


def _links(page: Page) -> Iterator[Found]:
    """The articles on a page of the home list, and the page after it where there is a link to one.

    Raises PageError where there is none of both.
    """
    tree, source = parse(page)
    following = next_page(page.url)
    headlines: dict[str, str] = {}
    more = False
    for a in tree.css("a"):
        address = identify(absolute(page.url, a.attributes.get("href")) or "")
        if address and address.kind.is_article:
            headlines[address.url] = max(headlines.get(address.url, ""), text_of(a), key=len)
        more = more or bool(address and address.url == following)
    if not headlines:
        raise no_article(source, "no articles on the list")
    for url, headline in headlines.items():
        yield Found(url=url, relation=Relation.SECTION, headline=headline or None)
    if more and following:
        yield Found(url=following, relation=Relation.NEXT_PAGE)


SUARAKITA: Final = Site(
    name=SITE,
    title="Suara Kita",
    hosts=(HOST, f"www.{HOST}"),
    home=HOME,
    seeds=_seeds,
    identify=identify,
    read=_read,
)
