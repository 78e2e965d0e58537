"""Values for tests: an article, a page to discover, a batch, each with what a test wants different."""

from __future__ import annotations

import math
import random
from datetime import UTC, datetime, timedelta
from typing import Any

from crawler.items import Clipping
from stories.article import Article, RelatedLink, Relation
from stories.batch import Batch, BatchPage
from stories.ledger import Ledger
from stories.pages import Discovery, Lease

NOON = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
"""Twelve o'clock in Jakarta."""

WORDS = (  # noqa: SIM905 - seventy quoted words are no easier to read
    "menteri tarif listrik kenaikan pemerintah rakyat pasar harga beras jalan kota hujan banjir sungai hakim sidang "
    "korupsi pajak anggaran sekolah guru murid dokter rumah sakit vaksin ekonomi bank kredit saham ekspor impor kapal "
    "pelabuhan pesawat bandara kereta stasiun hutan gunung pantai laut nelayan petani sawah panen padi jagung kedelai"
).split()


def text(seed: int, words: int = 120) -> str:
    """A text of its own for each seed."""
    return " ".join(random.Random(seed).choices(WORDS, k=words))


def article(number: int = 1, **different: Any) -> Article:
    """Article `number` of en.tempo.co."""
    url = f"https://en.tempo.co/read/{number}/a-story"
    plain: dict[str, Any] = {
        "key": f"tempo-read:{number}",
        "site": "tempo-en",
        "page_version": "read-2021",
        "url": url,
        "canonical_url": url,
        "headline": f"Story {number}",
        "in_language": "en",
        "article_body": f"The text of story {number}.",
        "body_complete": True,
        "date_published": NOON - timedelta(hours=2),
        "date_downloaded": NOON,
    }
    return Article(**(plain | different))


def link(number: int, position: int = 1, **different: Any) -> RelatedLink:
    """A card that shows article `number`."""
    plain: dict[str, Any] = {
        "url": f"https://en.tempo.co/read/{number}/a-story",
        "headline": f"Story {number}",
        "relation": Relation.RELATED,
        "position": position,
    }
    return RelatedLink(**(plain | different))


def discovery(number: int = 1, **different: Any) -> Discovery:
    """The page of article `number`, as somebody pointed to it."""
    plain: dict[str, Any] = {
        "key": f"tempo-read:{number}",
        "site": "tempo-en",
        "host": "en.tempo.co",
        "url": f"https://en.tempo.co/read/{number}/a-story",
        "kind": "article",
        "priority": 2,
        "depth": 0,
    }
    return Discovery(**(plain | different))


def lease(number: int = 1, **different: Any) -> Lease:
    """A lease as if a ledger had given it."""
    plain: dict[str, Any] = {
        "key": f"tempo-read:{number}",
        "token": "a-token",
        "ends": math.inf,
        "run": "run-1",
        "site": "tempo-en",
        "host": "en.tempo.co",
        "url": f"https://en.tempo.co/read/{number}/a-story",
        "kind": "article",
        "depth": 0,
        "attempts": 0,
    }
    return Lease(**(plain | different))


def leased(ledger: Ledger, *numbers: int, run: str = "run-1") -> list[Lease]:
    """Pages that were found and are held by a run, in the order of their numbers."""
    ledger.discover([discovery(number) for number in numbers])
    keys = [discovery(number).key for number in numbers]
    leases = {one.key: one for one in ledger.lease("tempo-en", host="en.tempo.co", limit=100_000, run=run, max_depth=9)}
    return [leases[key] for key in keys]


def clipping(**different: Any) -> Clipping:
    plain: dict[str, Any] = {"article": article(), "lease": lease(), "link_keys": ()}
    return Clipping(**(plain | different))


def batch_page(held: Lease, written: Article, **different: Any) -> BatchPage:
    """An article on its way into the store, under its lease."""
    plain: dict[str, Any] = {
        "page": held.key,
        "token": held.token,
        "article": written,
        "link_keys": (None,) * len(written.related_links),
        "is_based_on_key": None,
        "aliases": (),
        "etag": None,
        "last_modified": None,
        "digest": "a-digest",
    }
    return BatchPage(**(plain | different))


def batch(*pages: BatchPage, run: str = "run-1") -> Batch:
    return Batch(run=run, pages=pages)
