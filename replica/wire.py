"""HTTP/1.1: bytes to requests, replies to bytes. Written here, small, because faults need the raw socket."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

MOST_HEAD_BYTES: Final = 65_536  # request line and headers; Scrapy sends about 500
MOST_BODY_BYTES: Final = 1_048_576  # control requests are tiny
_TOKEN: Final = frozenset(b"!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
_REQUEST_LINE_PARTS: Final = 3
_STATUS_LINES: Final = {status.value: f"HTTP/1.1 {status.value} {status.phrase}\r\n" for status in HTTPStatus}


class BadRequestError(ValueError):
    """Not HTTP as RFC 9112 has it; the connection cannot go on."""


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    host: str
    """Lower case, without port; empty if none was given."""
    target: str
    """Path and query, as sent."""
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes
    keep_alive: bool


def take_request(buffer: bytearray) -> Request | None:
    """Removes the first whole request from the buffer; None if there is none yet. Raises BadRequestError."""
    end = buffer.find(b"\r\n\r\n")
    if end < 0 or end > MOST_HEAD_BYTES:
        if len(buffer) > MOST_HEAD_BYTES:
            raise BadRequestError(f"more than {MOST_HEAD_BYTES} bytes of headers")
        return None
    lines = bytes(buffer[:end]).decode("latin-1").split("\r\n")
    headers = _headers(lines[1:])
    length = _body_length(headers)
    body_at = end + 4
    if len(buffer) < body_at + length:
        return None
    body = bytes(buffer[body_at : body_at + length])
    del buffer[: body_at + length]
    return _request(lines[0], headers, body)


def _headers(lines: list[str]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or not name or not _TOKEN.issuperset(name.encode("latin-1")):
            raise BadRequestError(f"not a header: {line[:80]!r}")
        name = name.lower()
        if name == "host" and name in headers:
            raise BadRequestError("two Host headers")
        headers[name] = value.strip(" \t")
    return headers


def _body_length(headers: Mapping[str, str]) -> int:
    if "transfer-encoding" in headers:
        raise BadRequestError("send a Content-Length, not a Transfer-Encoding")
    length = headers.get("content-length", "0")
    if not (length.isascii() and length.isdecimal()) or int(length) > MOST_BODY_BYTES:
        raise BadRequestError(f"not a usable Content-Length: {length[:20]!r}")
    return int(length)


def _request(line: str, headers: Mapping[str, str], body: bytes) -> Request:
    parts = line.split(" ")
    if len(parts) != _REQUEST_LINE_PARTS or not parts[0].isalpha() or parts[2] not in {"HTTP/1.1", "HTTP/1.0"}:
        raise BadRequestError(f"not a request line: {line[:80]!r}")
    method, target, version = parts
    host, path = _where(target, headers.get("host", ""))
    wish = headers.get("connection", "").lower()
    keep_alive = wish == "keep-alive" if version == "HTTP/1.0" else wish != "close"
    return Request(method, host, path, headers, body, keep_alive)


def _where(target: str, host: str) -> tuple[str, str]:
    """Host and path; a proxy's absolute target names its own host (RFC 9112, 3.2.2)."""
    if target.startswith(("http://", "https://")):
        host, slash, rest = target.partition("://")[2].partition("/")
        target = slash + rest if slash else "/"
    if not target.startswith("/"):
        raise BadRequestError(f"not a path: {target[:80]!r}")
    return host.partition(":")[0].lower(), target


def response_head(status: int, headers: Mapping[str, str], length: int, *, keep_alive: bool) -> bytes:
    """Status line and headers, with the empty line after them."""
    lines = "".join([f"{name}: {value}\r\n" for name, value in headers.items()])
    framing = "" if status == HTTPStatus.NOT_MODIFIED else f"Content-Length: {length}\r\n"
    connection = "keep-alive" if keep_alive else "close"
    return f"{_STATUS_LINES[status]}{lines}{framing}Connection: {connection}\r\n\r\n".encode("latin-1")
