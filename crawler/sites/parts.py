"""Articles that go on at further addresses: which part to ask for next, and all parts as one article. Pure."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar
from urllib.parse import urlsplit

from crawler.sites.links import numbered
from crawler.sites.site import Address, Part
from stories.article import Article

T = TypeVar("T")
Identify = Callable[[str], Address | None]
"""Site.identify"""

MOST_PARTS: Final = 20  # Tempo's longest interviews had about ten; more is a calendar or a trap
_SCHEMES: Final = frozenset({"http", "https"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """An article of which the first parts are read, and more are to come."""

    articles: tuple[Article, ...] = ()
    """One for each part, in order; none of them ends the article, whatever it says of itself."""
    asked: frozenset[str] = frozenset()
    """Every address that was asked for or has answered, so that a chain of parts cannot be a ring."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Further:
    """Where an article goes on."""

    url: str
    begun: Begun


def onward(
    reading: Article | Part | None, begun: Begun, identify: Callable[[str], Address | None]
) -> Article | Further:
    """What follows from an article's next reading: the whole article, or a further part.

    None stands for a part that will never be had. It, and a page of another article or one that was read already, to
    which sites redirect, leave unfinished what there is.
    """
    article = reading.article if isinstance(reading, Part) else reading
    if article is None or (begun.articles and not _continues(article, begun)):
        return joined(begun.articles)
    if not isinstance(reading, Part):
        return joined((*begun.articles, article))
    unfinished = replace(article, body_complete=False)
    begun = Begun(articles=(*begun.articles, unfinished), asked=begun.asked | {article.url})
    if _is_followed(reading, begun, identify):
        return Further(url=reading.next_url, begun=replace(begun, asked=begun.asked | {reading.next_url}))
    return joined(begun.articles)


def _continues(article: Article, begun: Begun) -> bool:
    return article.key == begun.articles[0].key and article.url not in {part.url for part in begun.articles}


def _is_followed(part: Part, begun: Begun, identify: Identify) -> bool:
    """Only on the same host, only as the same article, nothing twice, and not without end."""
    if part.next_url in begun.asked or len(begun.articles) >= MOST_PARTS:
        return False
    here, there = urlsplit(part.article.url), urlsplit(part.next_url)
    if there.scheme not in _SCHEMES or there.netloc.lower() != here.netloc.lower():
        return False
    address = identify(part.next_url)
    return address is not None and address.key == begun.articles[0].key


def joined(parts: Sequence[Article]) -> Article:
    """The parts of one article, one after the other; complete only if the last one ended it.

    Everything that an article has once (headline, dates, dateline, address) is the first part's. Provenance is
    the first that names a field: a list to which several parts gave has one source here.
    """
    first, *further = parts
    if not further:
        return first
    return replace(
        first,
        article_body="\n\n".join(part.article_body for part in parts if part.article_body),
        body_complete=parts[-1].body_complete,
        authors=_unique((author for part in parts for author in part.authors), key=lambda one: (one.name, one.role)),
        images=_unique((image for part in parts for image in part.images), key=lambda one: one.url),
        keywords=_unique((keyword for part in parts for keyword in part.keywords), key=str.casefold),
        related_links=numbered(link for part in parts for link in part.related_links),
        provenance={field: source for part in reversed(parts) for field, source in part.provenance.items()},
    )


def _unique(things: Iterable[T], *, key: Callable[[T], Hashable]) -> tuple[T, ...]:
    first: dict[Hashable, T] = {}
    for thing in things:
        first.setdefault(key(thing), thing)
    return tuple(first.values())
