"""Tempo's real pages, which lie beside the repository, never in it, and facts of them that are no sentence of one."""

from __future__ import annotations

import gzip
import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crawler.sites.registry import SITES, site_of
from crawler.sites.site import Listing, Page
from stories.article import Article
from stories.codec import article_to_json

RELATIONS = ("related", "readAlso", "editorsChoice", "moreArticles", "topic", "section", "inline")
SAMPLES = Path(__file__).parents[4] / "shared" / "samples"


def sample(name: str) -> bytes:
    return gzip.decompress((SAMPLES / f"{name}.gz").read_bytes())


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def article_of(url: str, body: bytes, at: datetime, content_type: str | None = None) -> Article:
    site = site_of(url)
    assert site is not None
    read = site.read(Page(url=url, body=body, downloaded_at=at, content_type=content_type))
    assert isinstance(read, Article)
    return read


def listing_of(site: str, url: str, body: bytes, at: datetime = datetime(2026, 8, 1, tzinfo=UTC)) -> Listing:
    read = SITES[site].read(Page(url=url, body=body, downloaded_at=at))
    assert isinstance(read, Listing)
    return read


def key_of(url: str | None) -> str | None:
    """The key of the article behind an address; else the address."""
    site = site_of(url or "")
    address = site.identify(url or "") if site else None
    return address.key if address else url


def facts(article: Article) -> dict[str, Any]:
    """Its JSON, with a digest for every text of some length, and a key for every link."""
    seen = article_to_json(article)
    paragraphs = article.article_body.split("\n\n")
    links = seen.pop("relatedLinks")
    for name in ("canonicalUrl", "headline", "description", "articleBody"):
        seen[name] = digest(seen[name]) if seen[name] else None
    for image in seen["images"]:
        image["caption"] = image["caption"] and digest(image["caption"])
    return seen | {
        "paragraphs": len(paragraphs),
        "firstWords": " ".join(paragraphs[0].split()[:2]),
        "lastWord": paragraphs[-1].split()[-1],
        **{
            relation: [
                (link["position"], key_of(link["url"]), link["datePublishedEarliest"], link["datePublishedLatest"])
                for link in links
                if link["relation"] == relation
            ]
            for relation in RELATIONS
        },
        "linkTexts": digest("\n".join(f"{link['headline']}|{link['description']}" for link in links)),
        "promoted": [link["headline"] for link in links if link["isPromotional"]],
    }
