"""Content-Encoding, undone: whole or not at all, and never beyond a size. Pure.

Scrapy's own gives what there is of a body that was cut off, lets a zstd frame ask for 128 MB, undoes any number of
layers, and has the same page asked for again where it is too large.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable, Mapping
from typing import Final

import brotli
from scrapy.exceptions import DownloadCancelledError, DownloadFailedError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MOST_LAYERS: Final = 2  # servers use one; a proxy may add one; each further one is as much work again
_ZSTD: Final[dict[int, int]] = {zstd.DecompressionParameter.window_log_max: 23}
"""A window of 8 MB, the most that HTTP allows (RFC 9659)."""
_GZIP, _ZLIB, _RAW = 31, 15, -15  # zlib's window bits, and which frame is around the data
_NOT_PACKED: Final = frozenset({"", "identity", "none", "utf-8"})
"""What servers also write there of a body that is as it is."""

_Unpacked = tuple[bytes, bool]
"""What came out, and whether that was all of it."""


def unpacked(body: bytes, encodings: str, *, limit: int) -> bytes:
    """The body as it was before these encodings (a Content-Encoding header's value).

    Raises DownloadCancelledError for what gets larger than `limit` bytes, in any layer, and DownloadFailedError for
    what is cut off, broken, or packed as nobody asked for.
    """
    layers = [name for word in encodings.split(",") if (name := word.strip().lower()) not in _NOT_PACKED]
    if len(layers) > MOST_LAYERS:
        raise DownloadCancelledError(f"packed {len(layers)} times")
    for name in reversed(layers):
        body = _one_layer(body, name, limit)
    return body


def _one_layer(body: bytes, name: str, limit: int) -> bytes:
    unpack = _UNPACK.get(name)
    if unpack is None:
        raise DownloadFailedError(f"packed as {name[:40]!r}, which was not asked for")
    try:
        found, is_whole = unpack(body, limit + 1)
    except (zlib.error, brotli.error, zstd.ZstdError) as error:
        raise DownloadFailedError(f"not {name}, as it says: {error}") from error
    if len(found) > limit:
        raise DownloadCancelledError(f"more than {limit:,} bytes when unpacked, {len(body):,} before")
    if not is_whole:
        raise DownloadFailedError(f"cut off: its {name} has no end")
    return found


def _zlib(body: bytes, most: int, frame: int) -> _Unpacked:
    """What follows the end is nobody's, as in browsers."""
    decompressor = zlib.decompressobj(frame)
    return decompressor.decompress(body, most), decompressor.eof


def _gzip(body: bytes, most: int) -> _Unpacked:
    return _zlib(body, most, _GZIP)


def _deflate(body: bytes, most: int) -> _Unpacked:
    """In zlib's frame, as the standard has it, or without, as some servers do."""
    try:
        return _zlib(body, most, _ZLIB)
    except zlib.error:
        return _zlib(body, most, _RAW)


def _brotli(body: bytes, most: int) -> _Unpacked:
    decompressor = brotli.Decompressor()
    return decompressor.process(body, output_buffer_limit=most), decompressor.is_finished()


def _zstd(body: bytes, most: int) -> _Unpacked:
    decompressor = zstd.ZstdDecompressor(options=_ZSTD)
    return decompressor.decompress(body, most), decompressor.eof


_UNPACK: Final[Mapping[str, Callable[[bytes, int], _Unpacked]]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
ANNOUNCED: Final = "gzip, deflate, br, zstd"
"""Accept-Encoding: what we can undo."""
