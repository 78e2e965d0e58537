"""Required fields and sizes. What fails here is a page that we misread: a person should look."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from crawler.items import Clipping
from stories.article import Article
from stories.errors import QuarantineError

_LONGEST_HEADLINE: Final = 500  # characters; Tempo's longest had 180
_LONGEST_BODY: Final = 1_000_000  # characters; a book, not an article
_LONGEST_LIST: Final = 500  # entries; a page with all its cards has about a hundred
_EARLIEST: Final = datetime(1995, 1, 1, tzinfo=UTC)  # Tempo Interaktif went online in March 1996
_AHEAD: Final = timedelta(days=2)  # embargoed stories and wrong zones; more is a misread date


class ValidatePipeline:
    def process_item(self, item: Clipping) -> Clipping:
        """Raises QuarantineError that says which field, and how it is wrong."""
        fault = fault_of(item.article)
        if fault:
            raise QuarantineError(fault)
        return item


def fault_of(article: Article) -> str | None:
    """The first thing that cannot be right; None if all can."""
    if not 0 < len(article.headline.strip()) <= _LONGEST_HEADLINE:
        return f"headline: {len(article.headline)} characters"
    if len(article.article_body) > _LONGEST_BODY or _is_hollow(article):
        return f"articleBody: {len(article.article_body)} characters"
    if max(map(len, (article.related_links, article.images, article.keywords, article.authors))) > _LONGEST_LIST:
        return f"a list of over {_LONGEST_LIST} entries"
    published = article.date_published
    if published and not _EARLIEST <= published <= article.date_downloaded + _AHEAD:
        return f"datePublished: {published.isoformat()}"
    return None


def _is_hollow(article: Article) -> bool:
    return not article.article_body.strip() and article.body_complete and not article.images
