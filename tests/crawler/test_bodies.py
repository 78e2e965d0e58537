"""F12: bodies that are too large, packed or not, without an end, packed often, cut off or packed wrongly."""

from __future__ import annotations

import gzip
import itertools
import sys
import zlib
from collections.abc import Callable, Iterator

import brotli
import pytest
from scrapy.exceptions import DownloadCancelledError, DownloadFailedError

from crawler.run import DONE
from crawler.settings import DOWNLOAD_MAXSIZE, LARGEST_PAGE
from crawler.unpack import ANNOUNCED, unpacked
from tests.crawler import crawling
from tests.crawler.crawling import Answer, Asked, serving
from tests.crawler.hurried import HURRIED, peak_of
from tests.faults.record import Tally
from tests.security.paper import address, article
from workers.stores import Stores

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MEGABYTE = 1024 * 1024
MOST_GROWTH = 200  # MB
HTML = {"Content-Type": "text/html; charset=utf-8"}


def raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


PACK: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "deflate, without its frame": raw_deflate,
    "br": lambda body: brotli.compress(body, quality=5),
    "zstd": zstd.compress,
}
PAGE = article(1).encode()
BOMB = b"\0" * (64 * MEGABYTE)


def wide(body: bytes) -> bytes:
    """A frame that asks its reader for 128 MB, and fills them."""
    options = {zstd.CompressionParameter.window_log: 27, zstd.CompressionParameter.compression_level: 1}
    packer = zstd.ZstdCompressor(options=options)
    return packer.compress(body, mode=zstd.ZstdCompressor.CONTINUE) + packer.flush()


# -- undoing ----------------------------------------------------------------------------------------------------


def undone(body: bytes, name: str, limit: int = MEGABYTE) -> bytes:
    return unpacked(body, name.partition(",")[0], limit=limit)


@pytest.mark.parametrize("name", PACK)
def test_what_is_packed_comes_out_as_it_was(name: str):
    assert undone(PACK[name](PAGE), name) == PAGE
    assert undone(PACK[name](b""), name) == b""
    exact = b"x" * MEGABYTE
    assert undone(PACK[name](exact), name) == exact


def test_two_layers_and_their_order():
    assert unpacked(gzip.compress(brotli.compress(PAGE)), "br, gzip", limit=MEGABYTE) == PAGE
    assert unpacked(PAGE, " identity ,none,", limit=MEGABYTE) == PAGE


@pytest.mark.parametrize("name", PACK)
def test_a_byte_too_many_is_too_many(name: str):
    with pytest.raises(DownloadCancelledError, match="more than 1,048,576 bytes when unpacked"):
        undone(PACK[name](b"x" * (MEGABYTE + 1)), name)


@pytest.mark.parametrize("name", PACK)
def test_half_of_it_is_nothing(name: str):
    packed = PACK[name](PAGE)
    for length in range(1, len(packed), max(1, len(packed) // 40)):
        with pytest.raises(DownloadFailedError):
            undone(packed[:length], name)


@pytest.mark.parametrize("name", PACK)
def test_what_is_not_packed_as_it_says_is_nothing(name: str):
    with pytest.raises(DownloadFailedError):
        undone(b"<html>" + PAGE, name)


def test_what_nobody_asked_for():
    with pytest.raises(DownloadFailedError, match="packed as 'compress', which was not asked for"):
        unpacked(PAGE, "compress", limit=MEGABYTE)
    with pytest.raises(DownloadFailedError):
        unpacked(wide(PAGE * 10), "zstd", limit=MEGABYTE)


def test_layer_upon_layer():
    body = PAGE
    for _ in range(3):
        body = gzip.compress(body)
    with pytest.raises(DownloadCancelledError, match="packed 3 times"):
        unpacked(body, "gzip, gzip, gzip", limit=MEGABYTE)
    with pytest.raises(DownloadCancelledError):
        unpacked(gzip.compress(gzip.compress(BOMB)), "gzip, gzip", limit=MEGABYTE)


# -- a crawl of them --------------------------------------------------------------------------------------------


def packed(body: bytes, encodings: str) -> Answer:
    return Answer(body=body, headers={**HTML, "Content-Encoding": encodings})


def without_end(piece: bytes) -> Iterator[bytes]:
    return itertools.repeat(piece)


def incompressible_without_end() -> Iterator[bytes]:
    """A deflate stream of stored blocks, for ever."""
    packer = zlib.compressobj(level=0)
    return (packer.compress(b"x" * 65_536) + packer.flush(zlib.Z_SYNC_FLUSH) for _ in itertools.count())


BOMBS = {name: pack(BOMB) for name, pack in PACK.items()}
REFUSED: dict[str, Callable[[], Answer]] = {
    "over the limit": lambda: Answer(body=b"x" * (LARGEST_PAGE + 1)),
    "over it, by its own word": lambda: Answer(body=b"x", headers={**HTML, "Content-Length": str(10**12)}),
    "over it, in pieces": lambda: Answer(body=[b"x" * LARGEST_PAGE, b"x"]),
    "endless": lambda: Answer(body=without_end(b"<p>more</p>" * 6_000)),
    "endless, packed": lambda: Answer(
        body=incompressible_without_end(), headers={**HTML, "Content-Encoding": "deflate"}
    ),
    **{name: lambda name=name: packed(BOMBS[name], name.partition(",")[0]) for name in PACK},
    "nested": lambda: packed(gzip.compress(BOMBS["gzip"]), "gzip, gzip"),
    "nested, of two kinds": lambda: packed(gzip.compress(BOMBS["br"]), "br, gzip"),
    "nested too often": lambda: packed(gzip.compress(gzip.compress(BOMBS["zstd"])), "zstd, gzip, gzip"),
}
MENDED: dict[str, Callable[[], Answer]] = {
    "a window of 128 MB": lambda: packed(wide(PAGE), "zstd"),
    "cut off": lambda: packed(PACK["br"](PAGE)[:-9], "br"),
    "not what it says": lambda: packed(PAGE, "gzip"),
}
"""What is no reason never to ask again: the second answer is a page."""


@pytest.mark.fault("F12")
def test_they_are_aborted_and_fill_no_memory(stores: Stores, tally: Tally, scale):
    """Sixteen at a time, some of each kind; every other page of the same crawl is read as ever."""
    each = scale(short=3, long=40)
    kinds = list(REFUSED.values()) * each + list(MENDED.values())
    hostile = dict(enumerate(kinds, 1))
    good = {len(hostile) + n: name for n, name in enumerate([*PACK, ""], 1)}
    seen: dict[str, int] = {}

    def site(asked: Asked) -> Answer:
        if asked.path == "/robots.txt":
            return packed(gzip.compress(b"User-agent: *\nDisallow: /never"), "gzip")
        number = int(asked.path.split("/")[2])
        seen[asked.path] = seen.get(asked.path, 0) + 1
        if number in hostile and (number <= len(REFUSED) * each or seen[asked.path] == 1):
            return hostile[number]()
        body = article(number).encode()
        name = good.get(number)
        return packed(PACK[name](body), name.partition(",")[0]) if name else Answer(body=body)

    plain = memory_of_a_plain_crawl(stores, len(hostile) + len(good))
    with serving(site) as served:
        order = crawling.order_of([address(number) for number in range(1, len(hostile) + len(good) + 1)], run="run-2")
        settings = crawling.settings_of(stores, served, concurrency=16)
        code, said = crawling.crawl(order, settings, HURRIED, "20", limit=60 + 10 * each)
    assert code == DONE, said
    grew = peak_of(said) - plain
    print(f"{len(hostile)} such bodies: {grew} MB more than as many pages")
    assert grew < MOST_GROWTH
    pages = {int(key.partition(":")[2]): page for key, page in crawling.pages(stores).items()}
    refused = {number for number, page in pages.items() if page.get("fate") == "refused"}
    assert refused == set(range(1, len(REFUSED) * each + 1))
    assert all(pages[number]["fateReason"].startswith("too large: ") for number in refused)
    assert all(seen[f"/read/{number}/a-story"] == 1 for number in refused), "it is not asked for again"
    read = {int(key.partition(":")[2]) for key in crawling.handed_over(stores)}
    assert read == set(pages) - refused
    assert {one.headers["accept-encoding"] for one in served.asked} == {ANNOUNCED}
    tally.add(trials=len(hostile))


def memory_of_a_plain_crawl(stores: Stores, pages: int) -> int:
    numbers = range(100_001, 100_001 + pages)
    with serving(lambda asked: Answer(body="" if "robots" in asked.path else article(7))) as served:
        order = crawling.order_of([address(number) for number in numbers], run="run-1")
        code, said = crawling.crawl(order, crawling.settings_of(stores, served, concurrency=16), HURRIED, "20")
    assert code == DONE, said
    stores.database["pages"].delete_many({})
    stores.queue.connection.flushall()
    return peak_of(said)


@pytest.mark.fault("F12")
def test_what_is_announced_can_be_undone(tally: Tally):
    assert {name.strip() for name in ANNOUNCED.split(",")} <= set(PACK)
    assert LARGEST_PAGE < DOWNLOAD_MAXSIZE
    tally.add(trials=1)
