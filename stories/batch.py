"""The payload of an enrichment job: articles with the leases under which they were fetched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stories.article import Article
from stories.codec import SCHEMA_VERSION, article_from, article_to_json, upgraded
from stories.errors import QuarantineError
from stories.kinds import checked, entries


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchPage:
    """One article on its way into the store."""

    page: str
    """The page's key in the ledger; the article's own key may differ (docs/decisions/0002)."""
    token: str
    article: Article
    link_keys: tuple[str | None, ...]
    is_based_on_key: str | None
    aliases: tuple[str, ...]
    etag: str | None
    last_modified: str | None
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Up to 200 of them, of one run (crawler/pipelines/hand_over.py)."""

    run: str
    pages: tuple[BatchPage, ...]

    def to_json(self) -> dict[str, Any]:
        return {"schemaVersion": SCHEMA_VERSION, "run": self.run, "pages": [_page_to_json(page) for page in self.pages]}

    @classmethod
    def from_json(cls, payload: Mapping[str, Any]) -> Batch:
        """Raises QuarantineError for what is no batch, or one of a newer version than ours."""
        try:
            document = upgraded(dict(payload))
            return checked(cls(run=document["run"], pages=tuple(map(_page_from_json, entries(document["pages"])))))
        except (KeyError, TypeError, ValueError) as error:
            raise QuarantineError(f"not a batch of articles: {type(error).__name__} {error}") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One page of a payload as it came, so that one that cannot be read does not hold up the others."""

    page: str
    token: str
    payload: dict[str, Any]
    """A batch of this page alone."""


def parts(payload: Mapping[str, Any]) -> list[Part]:
    """A payload, page by page. Raises QuarantineError where it does not even say which pages they are."""
    try:
        return [
            checked(Part(page=page["page"], token=page["token"], payload={**payload, "pages": [page]}))
            for page in entries(payload["pages"])
        ]
    except (KeyError, TypeError) as error:
        raise QuarantineError(f"not a batch of articles: {type(error).__name__} {error}") from error


def _page_to_json(page: BatchPage) -> dict[str, Any]:
    return {
        "page": page.page,
        "token": page.token,
        "article": article_to_json(page.article),
        "linkKeys": list(page.link_keys),
        "isBasedOnKey": page.is_based_on_key,
        "aliases": list(page.aliases),
        "etag": page.etag,
        "lastModified": page.last_modified,
        "digest": page.digest,
    }


def _page_from_json(page: Mapping[str, Any]) -> BatchPage:
    decoded = BatchPage(
        page=page["page"],
        token=page["token"],
        article=article_from(page["article"]),
        link_keys=tuple(entries(page["linkKeys"])),
        is_based_on_key=page["isBasedOnKey"],
        aliases=tuple(entries(page["aliases"])),
        etag=page["etag"],
        last_modified=page["lastModified"],
        digest=page["digest"],
    )
    return checked(decoded)
