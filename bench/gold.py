"""The gold set: pages with the article that a perfect reader makes of each, in tests/gold/<page version>/.

    python -m bench.gold --write [GROUP…]

writes pages of the replica with its truth; those of a group are only written anew when it is named. They stay as they
are when the replica changes, so that a fault in the replica and the same fault in a reader cannot hide each other.
Look at what changed (`git diff --stat tests/gold`) before you commit it.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from crawler.sites.registry import SITES, site_of
from crawler.sites.site import Listing, Page, Part
from replica.world import GENERATIONS, World
from stories.codec import article_to_json
from stories.errors import PageError

GOLD = Path(__file__).parents[1] / "tests" / "gold"
NOW = datetime(2026, 11, 24, 5, 30, tzinfo=UTC)
PAGES = 14  # of a group: every habit of its desk at least once, by `_varied`
CANDIDATES = 300  # of a group: its newest
NOT_TRUE_OF_A_PAGE = ("dateDownloaded", "provenance")
"""When we read it and where, not what stands on it."""

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Golden:
    """A page, and the article on it."""

    name: str
    """`www-2024/id-tempo-www-2277913`"""
    page: Page
    article: Json
    """As `kliping extract` prints it, without NOT_TRUE_OF_A_PAGE."""

    @property
    def version(self) -> str:
        return self.name.partition("/")[0]


def golden_pages() -> Iterator[Golden]:
    """All of them, by name."""
    for path in sorted(GOLD.glob("*/*.json")):
        known = json.loads(path.read_text(encoding="utf-8"))
        page = Page(
            url=known["url"],
            body=gzip.decompress(path.with_suffix(".html.gz").read_bytes()),
            downloaded_at=datetime.fromisoformat(known["downloadedAt"]),
            content_type=known["contentType"],
        )
        yield Golden(name=f"{path.parent.name}/{path.stem}", page=page, article=known["article"])


def read(page: Page) -> Json:
    """What Kliping reads there, in the form of `Golden.article`; empty if it finds no article."""
    site = site_of(page.url)
    try:
        reading = site.read(page) if site else None
    except PageError:
        reading = None
    if reading is None or isinstance(reading, Listing):
        return {}
    article = article_to_json(reading.article if isinstance(reading, Part) else reading)
    return {name: value for name, value in article.items() if name not in NOT_TRUE_OF_A_PAGE}


# -- writing ----------------------------------------------------------------------------------------------------


def groups(world: World) -> Mapping[str, Iterator[str]]:
    """Addresses of the replica's articles: of each site that we know, of each generation of the archive, and AMP's."""
    present = {site: world.article_urls(site) for site in SITES}
    archive = {generation: world.archive_urls(generation) for generation in GENERATIONS}
    return present | archive | {"amp": world.amp_urls()}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser("python -m bench.gold", description="Writes pages of the replica as gold pages.")
    parser.add_argument("--write", action="store_true", required=True)
    parser.add_argument("groups", nargs="*", help="to be written anew; without one, those that are not there yet")
    options = parser.parse_args(arguments)
    world = World(stories=600, seed=7, now=NOW)
    there = _manifest()
    for group, urls in groups(world).items():
        if group in options.groups or (not options.groups and group not in there):
            written = [_write(world, url, group) for url in _varied(world, urls)]
            print(f"{group}: {len(written)} pages, {sum(written) / 1024:.0f} KiB")
    return 0


def _manifest() -> set[str]:
    """The groups that are there."""
    return {json.loads(path.read_text(encoding="utf-8"))["group"] for path in GOLD.glob("*/*.json")}


def _varied(world: World, urls: Iterator[str]) -> list[str]:
    """Small pages on which, together, everything is that is on any of the candidates."""
    candidates = islice(filter(lambda url: _is_whole(world, url), urls), CANDIDATES)
    traits = {url: _traits(world.truth(url) or {}) for url in candidates}
    waiting = sorted(traits, key=lambda url: _packed_size(world, url))
    chosen: list[str] = []
    seen: set[str] = set()
    while waiting and len(chosen) < PAGES:
        best = max(waiting, key=lambda url: len(traits[url] - seen))  # the smallest of several: max takes the first
        waiting.remove(best)
        chosen.append(best)
        seen |= traits[best]
    return chosen


def _is_whole(world: World, url: str) -> bool:
    """Whether all of the article stands on this one page: the truth of one on several pages is of their sum."""
    return len((world.extra_truth(url) or {}).get("parts", ())) <= 1


@cache
def _packed_size(world: World, url: str) -> int:
    return len(gzip.compress(world.page(url).body, 9))


def _traits(article: Json) -> set[str]:
    """What is there and what is not: fields, roles, relations, how many of each."""
    found = {f"{name}: {'absent' if value in (None, [], '') else 'there'}" for name, value in article.items()}
    found |= {f"{name}: {article[name]}" for name in ("bodyComplete", "isAccessibleForFree", "articleSection")}
    found |= {f"{person['role']} of {len(article['authors'])}" for person in article["authors"]}
    for link in article["relatedLinks"]:
        age = (link["datePublishedRaw"] or "").lstrip("0123456789 ")
        found |= {link["relation"], f"paid: {link['isPromotional']}", f"age: {age[:5]}"}
    return found | {f"{len(article[name])} {name}" for name in ("keywords", "images", "breadcrumbs")}


def _write(world: World, url: str, group: str) -> int:
    """Bytes on disk."""
    article, reply = world.truth(url), world.page(url)
    assert article is not None
    folder = GOLD / article["pageVersion"]
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"{article['inLanguage']}-{article['key'].replace(':', '-')}"
    packed = gzip.compress(reply.body, 9, mtime=0)
    (folder / f"{stem}.html.gz").write_bytes(packed)
    known = {
        "group": group,
        "url": url,
        "contentType": dict(reply.headers).get("Content-Type"),
        "downloadedAt": NOW.isoformat(),
        "article": article,
    }
    text = json.dumps(known, ensure_ascii=False, indent=1) + "\n"
    (folder / f"{stem}.json").write_text(text, encoding="utf-8")
    return len(packed) + len(text)


if __name__ == "__main__":
    sys.exit(main())
