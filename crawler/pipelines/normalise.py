"""One form for what every site writes in its own way: text, names, lists. Sites read; this tidies for all of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from crawler.items import Clipping
from stories.article import Article
from stories.text import clean

T = TypeVar("T")


class NormalisePipeline:
    def process_item(self, item: Clipping) -> Clipping:
        return replace(item, article=normalised(item.article))


def normalised(article: Article) -> Article:
    """NFC text without controls, every keyword and person once, only http(s) addresses."""
    keywords = _once(filter(None, map(clean, article.keywords)), key=str.casefold)
    authors = _once(article.authors, key=lambda a: (a.name.casefold(), a.role))
    return replace(
        article,
        headline=clean(article.headline),
        description=clean(article.description) if article.description else None,
        article_section=clean(article.article_section) if article.article_section else None,
        keywords=tuple(keywords),
        authors=tuple(authors),
        images=tuple(image for image in article.images if _is_web(image.url)),
    )


def _once(values: Iterable[T], *, key: object) -> list[T]:
    return list({key(value): value for value in reversed(list(values))}.values())[::-1]  # type: ignore[operator]


def _is_web(url: str) -> bool:
    return url.startswith(("http://", "https://"))
