"""What flows through the pipelines."""

from __future__ import annotations

from dataclasses import dataclass

from stories.article import Article
from stories.pages import Lease


@dataclass(frozen=True, slots=True, kw_only=True)
class Clipping:
    """An article on its way to a job, with the lease under which it was fetched."""

    article: Article
    lease: Lease
    link_keys: tuple[str | None, ...]
    """The key of each of the article's related links; None for an address that no site of ours knows."""
    is_based_on_key: str | None = None
    digest: str | None = None
    """identity.reading_digest of the article; the deduplicating pipeline sets it."""
    etag: str | None = None
    last_modified: str | None = None

    def __repr__(self) -> str:
        """Scrapy logs an item that is scraped, dropped or fails: no page text there, and no lease's token."""
        return f"Clipping({self.article.key!r})"
