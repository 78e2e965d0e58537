"""Answers that go wrong on the wire, on demand: a seeded share of the articles, so often and then no more."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from zlib import crc32

_A_RESET: Final = struct.pack("ii", 1, 0)  # SO_LINGER for no time: close() sends RST
_DRIP: Final = 0.5  # seconds between two bytes
_OF: Final = 10_000
SHARE: Final = 0.1  # of the articles, unless told otherwise: enough to be seen, few enough that a crawl goes on


class Fault(StrEnum):
    HANG = "hang"
    """Nothing, ever."""
    STALL = "stall"
    """Half of it, and then nothing."""
    DRIP = "drip"
    """A byte every half second."""
    RESET = "reset"
    """Half of it, and then a reset."""
    TRUNCATE = "truncate"
    """Half of it, and then the end of the connection."""
    SHORT = "short"
    """All of it, under the length of its half."""
    NONSENSE = "nonsense"
    """A length that is no number."""
    GARBAGE = "garbage"
    """No HTTP at all."""


@dataclass(slots=True)
class Faults:
    """Which article's answer goes wrong, and how."""

    kinds: tuple[Fault, ...] = ()
    share: float = 0.0
    seed: int = 1
    times: int = 1
    """How often each address answers so, before it answers well."""
    _played: Counter[str] = field(default_factory=Counter)

    def next_for(self, address: str) -> Fault | None:
        """Host and path."""
        lot = crc32(f"{self.seed} {address}".encode())
        if not self.kinds or lot % _OF >= self.share * _OF or self._played[address] >= self.times:
            return None
        self._played[address] += 1
        return self.kinds[lot // _OF % len(self.kinds)]


def play(fault: Fault, transport: asyncio.Transport, head: bytes, body: bytes) -> None:
    """The connection is of no more use afterwards."""
    _PLAYED[fault](transport, head, body)


def _hang(_transport: asyncio.Transport, _head: bytes, _body: bytes) -> None:
    pass


def _stall(transport: asyncio.Transport, head: bytes, body: bytes) -> None:
    transport.write(head + body[: len(body) // 2])


def _drip(transport: asyncio.Transport, head: bytes, body: bytes) -> None:
    _drop(transport, head + body, 0)


def _drop(transport: asyncio.Transport, answer: bytes, at: int) -> None:
    if at < len(answer) and not transport.is_closing():
        transport.write(answer[at : at + 1])
        asyncio.get_running_loop().call_later(_DRIP, _drop, transport, answer, at + 1)


def _reset(transport: asyncio.Transport, head: bytes, body: bytes) -> None:
    _stall(transport, head, body)
    connection: socket.socket = transport.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _A_RESET)
    transport.abort()


def _truncate(transport: asyncio.Transport, head: bytes, body: bytes) -> None:
    _stall(transport, head, body)
    transport.close()


def _with_length(head: bytes, length: bytes) -> bytes:
    lines = head.split(b"\r\n")
    return b"\r\n".join(b"Content-Length: " + length if line.startswith(b"Content-Length:") else line for line in lines)


def _short(transport: asyncio.Transport, head: bytes, body: bytes) -> None:
    transport.write(_with_length(head, b"%d" % (len(body) // 2)) + body)


def _nonsense(transport: asyncio.Transport, head: bytes, body: bytes) -> None:
    transport.write(_with_length(head, b"-5, many") + body)


def _garbage(transport: asyncio.Transport, head: bytes, body: bytes) -> None:
    transport.write((body + head)[:4096])
    transport.close()


_PLAYED: Final[Mapping[Fault, Callable[[asyncio.Transport, bytes, bytes], None]]] = {
    Fault.HANG: _hang,
    Fault.STALL: _stall,
    Fault.DRIP: _drip,
    Fault.RESET: _reset,
    Fault.TRUNCATE: _truncate,
    Fault.SHORT: _short,
    Fault.NONSENSE: _nonsense,
    Fault.GARBAGE: _garbage,
}
