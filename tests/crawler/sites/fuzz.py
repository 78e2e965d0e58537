"""Pages that are broken in a thousand ways, one after the other, each told by its seed and number.

python -m tests.crawler.sites.fuzz --seed 7 --seconds 10         until the time is over
python -m tests.crawler.sites.fuzz --seed 7 --number 1234        that one again
... --seed 0 --named                                             the kinds that everybody thinks of first

Says how many pages there were; ends with 1, and tells the page, where a reading was no article, no listing and no
PageError, or took too long or too much memory.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from crawler.settings import DOWNLOAD_MAXSIZE
from crawler.sites.registry import SITES, site_of
from crawler.sites.site import Listing, Page, Part
from replica.world import GENERATIONS, World
from stories.article import Article
from stories.codec import article_to_json
from stories.errors import PageError

MOST_SECONDS = 2.0
MOST_KILOBYTES = 300_000
NOW = datetime(2026, 11, 24, 5, 30, tzinfo=UTC)
DEEP = 100_000
HTML = "text/html; charset=utf-8"

LISTINGS = (
    "https://en.tempo.co/index",
    "https://www.tempo.co/indeks?page=1",
    "https://en.tempo.co/rss",
    "https://www.tempo.co/sitemap_index.xml",
    "https://suarakita.net/",
)
UNKNOWN = "https://www.tempo.co/hukum/a-page-of-no-known-version-1234567"
"""Read by the fallback."""

_LINKED = re.compile(rb'(<script type="application/ld\+json">)(.*?)(</script>)', re.DOTALL)
_TAG = re.compile(rb"<[^<>]{1,300}>")
_OPENING = re.compile(rb"<(\w{1,20})(?: [^<>]{0,300})?>")
_ODD = (
    None,
    True,
    -1,
    1e308,
    "",
    " ",
    "\x00",
    "\ud800",
    "A" * 5000,
    [],
    {},
    [[[[]]]],
    {"@type": "NewsArticle"},
    "null",
)
_STRAYS = (
    *(b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"<", b"<!--", b"<![CDATA[", b"</", b"&#xD800;", b"&#0;", b"'", b'"'),
    *(b"<script>", b"<textarea>", b"<plaintext>", b"<svg><style>", b"<table><td>", b"<template>", b"&#8238;"),
)
_DEEP = (b"<div>", b"<b>", b"<table>", b"<a href=x>", b"<font>", b"<p><b>", b"<ul><li>", b"[", b'{"a":')


def pages() -> dict[str, bytes]:
    world = World(stories=40, seed=3, now=NOW)
    urls = [url for site in SITES for url, _ in zip(world.article_urls(site), range(3), strict=False)]
    urls += [url for name in GENERATIONS for url, _ in zip(world.archive_urls(name), range(2), strict=False)]
    found = {url: world.page(url).body for url in (*urls, *LISTINGS)}
    return found | {UNKNOWN: next(iter(found.values()))}


def broken(body: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.randint(1, 5)):
        body = chance.choice(DAMAGES)(body, chance)[:DOWNLOAD_MAXSIZE]
    return body


def _somewhere(body: bytes, chance: random.Random) -> int:
    """Half of the time where a tag begins."""
    at = chance.randint(0, len(body))
    return max(body.find(b"<", at), 0) if chance.random() < 0.5 else at


def _cut(body: bytes, chance: random.Random) -> bytes:
    return body[: _somewhere(body, chance)]


def _gap(body: bytes, chance: random.Random) -> bytes:
    at = _somewhere(body, chance)
    return body[:at] + body[at + chance.randint(1, 3000) :]


def _twice(body: bytes, chance: random.Random) -> bytes:
    at = _somewhere(body, chance)
    piece = body[at : at + chance.randint(1, 5000)] * chance.choice((1, 3, 40))
    return body[:at] + piece + body[at:]


def _stray(body: bytes, chance: random.Random) -> bytes:
    at = _somewhere(body, chance)
    return body[:at] + chance.choice(_STRAYS) * chance.choice((1, 1, 50, 20_000)) + body[at:]


def _deep(body: bytes, chance: random.Random) -> bytes:
    at = _somewhere(body, chance)
    return body[:at] + chance.choice(_DEEP) * chance.choice((300, 5_000, 11_000, DEEP)) + body[at:]


def _nested(body: bytes, chance: random.Random) -> bytes:
    """One of the page's own elements in itself, and again: what readers look for, as often as can be."""
    tags = _OPENING.findall(body)
    at = _somewhere(body, chance)
    return body[:at] + (chance.choice(tags) + b"A") * chance.choice((90, 3_000, 14_000)) + body[at:] if tags else body


def _beside(body: bytes, chance: random.Random) -> bytes:
    """The same beside each other."""
    found = list(_OPENING.finditer(body))
    if not found:
        return body
    tag = chance.choice(found)
    one = tag[0] + b"A" + chance.choice((b"", b"<br>", b"<i>A</i>")) + b"</" + tag[1] + b">"
    return body[: tag.start()] + one * chance.choice((90, 1_000, 4_000)) + body[tag.start() :]


def _open(body: bytes, chance: random.Random) -> bytes:
    """Elements that stay open into each that follows, so many and so long as a page may have them, and more."""
    name = chance.choice((b"a", b"b", b"font", b"nobr", b"tt"))
    long = b"A" * chance.choice((0, 0, 300, 30_000))
    many = b"".join(
        b"<%s x=%d href='%s'>" % (name, number, long) for number in range(chance.choice((1, 40, 300, 2_000)))
    )
    at = _somewhere(body, chance)
    return body[:at] + many + b"<p>A" * chance.choice((40, 300, 9_000)) + body[at:]


def _unclosed(body: bytes, chance: random.Random) -> bytes:
    """Tags of one name lose their ends."""
    tags = _TAG.findall(body)
    return body.replace(b"</" + chance.choice(tags)[1:4], b"") if tags else body


def _swapped(body: bytes, chance: random.Random) -> bytes:
    tags = _TAG.findall(body)
    return body.replace(chance.choice(tags), chance.choice(tags), chance.randint(1, 30)) if tags else body


def _flipped(body: bytes, chance: random.Random) -> bytes:
    changed = bytearray(body)
    for _ in range(min(len(changed), 30)):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _wrong_types(body: bytes, chance: random.Random) -> bytes:
    """What stands in the page's JSON-LD becomes something else."""

    def changed(found: re.Match[bytes]) -> bytes:
        try:
            value = json.loads(found[2])
        except ValueError:
            return found[0]
        text = json.dumps(_odd(value, chance))
        return found[1] + (text[: chance.randrange(len(text))] if chance.random() < 0.2 else text).encode() + found[3]

    return _LINKED.sub(changed, body)


def _odd(value: object, chance: random.Random) -> object:
    if chance.random() < 0.15:
        return chance.choice(_ODD)
    if isinstance(value, dict):
        return {name: _odd(inner, chance) for name, inner in value.items()}
    if not isinstance(value, list):
        return value
    is_flat = not any(isinstance(inner, (dict, list)) for inner in value)  # else it grows at every level
    return [_odd(inner, chance) for inner in value] * (chance.choice((1, 1, 50)) if is_flat else 1)


DAMAGES: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    *(_cut, _gap, _twice, _stray, _deep, _nested, _beside, _open, _unclosed, _swapped, _flipped),
    *(_wrong_types, _wrong_types, _wrong_types),
)


def case(seed: int, number: int, originals: dict[str, bytes]) -> Page:
    chance = random.Random(f"{seed}-{number}")
    url = chance.choice(list(originals))
    kind = chance.choice(
        ("text/html; charset=utf-8", "text/html", None, "text/html; charset=utf-16", "text/html; charset=big5")
    )
    return Page(url=url, body=broken(originals[url], chance), downloaded_at=NOW, content_type=kind)


def read(page: Page) -> str:
    """What it was."""
    site = site_of(page.url)
    assert site is not None
    try:
        found = site.read(page)
    except PageError as error:
        return error.fate.value
    article = found.article if isinstance(found, Part) else found
    if isinstance(article, Listing):
        return "listing"
    assert isinstance(article, Article)
    assert article.headline
    json.dumps(article_to_json(article), ensure_ascii=False).encode()
    return "article"


def peak() -> int:
    """kB, since the last call of `forget`."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0])


def forget() -> None:
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def named(body: bytes) -> Iterator[bytes]:
    """What a list of such things begins with."""
    middle = body.find(b">", len(body) // 3) + 1
    yield re.sub(rb"</(?:p|div|article|h1|body)>", b"", body)
    yield body[:middle] + b"<div>" * DEEP + body[middle:]
    yield body.replace(b" ", b"\x00 ")
    yield body[:middle] + b"\x00" * DEEP + body[middle:]
    yield _LINKED.sub(rb"\1\2,}\3", body)
    yield _LINKED.sub(
        rb'\1{"@type": ["NewsArticle", 7], "headline": {}, "author": [[1]], "datePublished": 1e99}\3', body
    )
    yield body[:middle] + b"".join(b"<b x=%d>" % number for number in range(2_000)) + b"<p>A" * 2_000 + body[middle:]
    yield body[:middle] + b"<p " + b" ".join(b"x%d" % number for number in range(DEEP)) + b">" + body[middle:]


class Trials:
    """One page after the other, each within its limits."""

    def __init__(self) -> None:
        self.slowest, self.largest = 0.0, 0
        self.were: Counter[str] = Counter()

    def add(self, name: str, page: Page) -> None:
        """Raises what a reading raises that is no PageError; AssertionError beyond the limits."""
        forget()
        before, began = peak(), time.process_time()
        try:
            what = read(page)
        except Exception:
            print(f"{name}: {page.url}", file=sys.stderr)
            raise
        took, grew = time.process_time() - began, peak() - before
        assert took < MOST_SECONDS, f"{name}: {page.url}: {took:.1f} s"
        assert grew < MOST_KILOBYTES, f"{name}: {page.url}: {grew} kB"
        self.slowest, self.largest = max(self.slowest, took), max(self.largest, grew)
        self.were[what] += 1


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--seconds", type=float, default=0)
    parser.add_argument("--number", type=int)
    parser.add_argument("--named", action="store_true")
    options = parser.parse_args()
    originals, trials = pages(), Trials()
    for url, body in originals.items():  # what is loaded at the first use is no page's
        read(Page(url=url, body=body, downloaded_at=NOW, content_type=HTML))
    end = time.monotonic() + options.seconds
    numbers = itertools.count() if options.number is None else [options.number]
    if options.named:
        for url, body in originals.items():
            for number, page in enumerate(named(body)):
                trials.add(f"named {number}", Page(url=url, body=page, downloaded_at=NOW, content_type=HTML))
        numbers = []
    for number in numbers:
        if options.number is None and time.monotonic() > end:
            break
        trials.add(f"--seed {options.seed} --number {number}", case(options.seed, number, originals))
    found = {"slowest": round(trials.slowest, 2), "kilobytes": trials.largest, "were": trials.were}
    print(json.dumps({"pages": trials.were.total(), **found}))


if __name__ == "__main__":
    main()
