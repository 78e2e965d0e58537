"""F13: wrong encodings, half characters, NULs and characters that turn lines around: valid text, and stored."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import pytest

from crawler.run import DONE
from crawler.sites.registry import SITES, site_of
from crawler.sites.site import Page, Part
from replica.world import GENERATIONS, World
from stories.article import Article
from stories.codec import article_to_json
from stories.errors import PageError
from tests.crawler import crawling
from tests.crawler.crawling import Answer, Asked, serving
from tests.faults.record import Tally
from tests.security.paper import address, article
from tests.workers.burst import Work, work
from workers.stores import Stores

__all__ = ["work"]

NOW = datetime(2026, 11, 24, 5, 30, tzinfo=UTC)
HOSTILE: dict[str, bytes] = {
    "NUL": b"\x00",
    "NUL, named": b"&#0;",
    "escape": b"\x1b[31m",
    "turned around": "\u202e\u2066\u200f\u061c".encode(),
    "turned around, named": b"&#x202E;&#8294;",
    "zero wide": "\u200b\u2060\ufeff\u00ad".encode(),
    "half a character": b"\xed\xa0\x80",
    "half a character, named": b"&#xD800;",
    "two halves, named": b"&#55357;&#56832;",
    "apart": "e\u0301 A\u030a \u1e9b\u0323".encode(),
    "stray bytes": b"\xff\xfe\x80",
    "of Windows": b"&#128;&#147;",
    "no character": "\ufffe\U0010ffff".encode(),
    "C1": "\u0085\u009d\u0090".encode(),
}
UNSEEN = {"turned around", "turned around, named", "zero wide", "C1"}
"""The others leave something to see, and a republisher's date line that says more than its date is none."""
IN_JSON = rb"\\ud800\\u202e\\u0000\\u200be\\u0301 "
_TEXT = re.compile(rb"(>[^<>]{8,}?)( )(?=[^<>]+<)")
_LINKED = re.compile(rb'(<script type="application/ld\+json">)(.*?)(</script>)', re.DOTALL)
_VALUE = re.compile(rb'("(?:headline|name|description|articleSection|caption)"\s?:\s?")')
NEVER = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)


def marked(body: bytes, piece: bytes) -> bytes:
    """With the piece in each of its texts, visible and for machines."""
    told = _LINKED.sub(lambda found: found[1] + _VALUE.sub(rb"\1" + IN_JSON, found[2]) + found[3], body)
    return _TEXT.sub(lambda found: found[1] + b" " + piece + b" ", told)


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from strings(name)
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


def assert_valid(value: Any) -> None:
    for text in strings(value):
        assert unicodedata.is_normalized("NFC", text), text
        assert not NEVER.search(text), (NEVER.search(text), text[:200])
        text.encode()


def pages() -> dict[str, bytes]:
    world = World(stories=40, seed=3, now=NOW)
    urls = [next(iter(world.article_urls(site))) for site in SITES]
    urls += [next(world.archive_urls(name)) for name in GENERATIONS]
    return {url: world.page(url).body for url in urls}


PAGES = pages()


def read(url: str, body: bytes, content_type: str) -> Article:
    site = site_of(url)
    assert site is not None
    found = site.read(Page(url=url, body=body, downloaded_at=NOW, content_type=content_type))
    article = found.article if isinstance(found, Part) else found
    assert isinstance(article, Article)
    return article


@pytest.mark.fault("F13")
@pytest.mark.parametrize("url", PAGES)
def test_every_reader_gives_valid_text(url: str, tally: Tally):
    plain = read(url, PAGES[url], "text/html; charset=utf-8")
    unread = []
    for name, piece in HOSTILE.items():
        body = marked(PAGES[url], piece)
        assert body.count(piece) >= 3, name
        try:
            found = read(url, body, "text/html; charset=utf-8")
        except PageError:
            unread.append(name)
            continue
        assert_valid(article_to_json(found))
        assert found.key == plain.key
        assert found.article_body
    assert unread == [] or (url.startswith("https://suarakita.net/") and not {*unread} & UNSEEN), unread
    tally.add(trials=len(HOSTILE))


ENCODED = {  # what it is in, what its header says, and whether that can be read as it was meant
    "as it says": ("utf-8", "utf-8", True),
    "by its own word": ("utf-8", "", True),
    "not Latin": ("utf-8", "iso-8859-1", False),
    "not UTF-8": ("cp1252", "utf-8", False),
    "Windows, and it says so": ("cp1252", "iso-8859-1", True),
    "sixteen bits, with a mark": ("utf-16", "utf-8", True),
    "sixteen bits, and it says so": ("utf-16-le", "utf-16le", True),
    "sixteen bits, unsaid": ("utf-16-be", "", False),
    "not Chinese": ("utf-8", "big5", False),
    "no text at all": ("utf-8", "zip", True),
    "seven bits": ("utf-8", "utf-7", True),
    "nonsense": ("utf-8", "\xff;;charset=", True),
    "with a mark": ("utf-8-sig", "iso-8859-1", True),
}
SAID = "Caf\u00e9 \u2013 na\u00efve \u201cwords\u201d of S\u00e3o Paulo"


def site(asked: Asked) -> Answer:
    """Stories from 1 on in each encoding, from 101 on with each hostile piece."""
    if asked.path == "/robots.txt":
        return Answer(body="", headers={"Content-Type": "text/plain"})
    number = int(asked.path.split("/")[2])
    if number > 100:
        body = marked(article(number).encode(), list(HOSTILE.values())[number - 101])
        return Answer(body=body, headers={"Content-Type": "text/html; charset=utf-8"})
    real, said, _ = list(ENCODED.values())[number - 1]
    charset = f"; charset={said}" if said else ""
    body = article(number, headline=f"{SAID} {number}", text=f"{SAID}. " * 20).encode(real)
    return Answer(body=body, headers={"Content-Type": f"text/html{charset}"})


@pytest.mark.fault("F13")
def test_they_are_stored(stores: Stores, work: Work, tally: Tally):
    numbers = [*range(1, len(ENCODED) + 1), *range(101, 101 + len(HOSTILE))]
    with serving(site) as served:
        order = crawling.order_of([address(number) for number in numbers])
        code, said = crawling.crawl(order, crawling.settings_of(stores, served))
    assert code == DONE, said
    work("enrich")
    stored = {story["_id"]: story for story in stores.database["stories"].find()}
    settled = {key: page.get("fate") for key, page in crawling.pages(stores).items()}
    for number, (name, (_, _, is_legible)) in enumerate(ENCODED.items(), 1):
        key = f"tempo-read:{number}"
        assert settled[key] in ({"stored"} if is_legible else {"stored", "notArticle"}), name
        if is_legible:
            assert stored[key]["headline"] == f"{SAID} {number}", name
            assert SAID in stored[key]["articleBody"], name
    for number in range(101, 101 + len(HOSTILE)):
        assert settled[f"tempo-read:{number}"] == "stored"
    for story in stored.values():
        assert_valid({name: value for name, value in story.items() if not isinstance(value, bytes)})
    assert set(stored) == {key for key, fate in settled.items() if fate == "stored"}
    assert len(settled) == len(numbers)
    tally.add(trials=len(numbers), lost=len(numbers) - len(settled))


def test_a_piece_reaches_the_texts():
    """Else nothing would be shown."""
    url, body = next(islice(PAGES.items(), 1))
    plain, with_words = (read(url, marked(body, piece), "text/html; charset=utf-8") for piece in (b"", b"hostile"))
    assert "hostile" in with_words.article_body
    assert "hostile" not in plain.article_body
