"""The world on a socket: plain HTTP/1.1, answering for the host names in the Host header.

Of 250 us a page, 190 go into the page itself the first time it is asked for: uvloop was tried, without a difference.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from typing import Final

from replica.answers import HTML, TEXT, Kind, Reply
from replica.control import PREFIX, Stage, control
from replica.faults import play
from replica.journal import Entry
from replica.robots import is_forbidden
from replica.wire import BadRequestError, Request, response_head, take_request
from replica.world import HOSTS

_JSON: Final = "application/json; charset=utf-8"
_READING: Final = frozenset({"GET", "HEAD"})


class Connection(asyncio.Protocol):
    """One client's connection: its requests are answered one after the other."""

    def __init__(self, stage: Stage, connections: set[Connection]) -> None:
        self._stage, self._connections = stage, connections
        self._buffer = bytearray()
        self._waits = False
        """An answer is being delayed; what arrives meanwhile stays in the buffer."""
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._connections.add(self)

    def connection_lost(self, _error: Exception | None) -> None:
        self._connections.discard(self)

    def close(self) -> None:
        self._transport.close()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        self._answer_all()

    def _answer_all(self) -> None:
        try:
            while not self._waits and not self._transport.is_closing():
                request = take_request(self._buffer)
                if request is None:
                    return
                self._take(request)
        except BadRequestError as error:
            self._write(_notice(400, str(error)), None)

    def _take(self, request: Request) -> None:
        if request.target.startswith(PREFIX):
            status, value = control(self._stage, request)
            body = json.dumps(value, ensure_ascii=False).encode()
            self._write(Reply(status, {"Content-Type": _JSON}, body, Kind.OTHER), request)
        elif self._stage.delay:
            self._waits = True
            asyncio.get_running_loop().call_later(self._stage.delay, self._answer_late, request, time.time())
        else:
            self._write(answer(self._stage, request, time.time()), request)

    def _answer_late(self, request: Request, arrived: float) -> None:
        self._waits = False
        if not self._transport.is_closing():
            self._write(answer(self._stage, request, arrived), request)
            self._answer_all()

    def _write(self, reply: Reply, request: Request | None) -> None:
        keep_alive = request is not None and request.keep_alive
        head = response_head(reply.status, reply.headers, len(reply.body), keep_alive=keep_alive)
        if request is not None and reply.kind is Kind.ARTICLE and reply.body:
            fault = self._stage.faults.next_for(request.host + request.target)
            if fault is not None:
                self._waits = True  # for ever
                play(fault, self._transport, head, reply.body)
                return
        without_body = request is not None and request.method == "HEAD"
        self._transport.write(head if without_body else head + reply.body)
        if not keep_alive:
            self._transport.close()


def answer(stage: Stage, request: Request, arrived: float) -> Reply:
    """What the site says, noted in the journal."""
    reply = _reply(stage, request)
    headers = request.headers
    conditional = "if-none-match" in headers or "if-modified-since" in headers
    stage.journal.note(Entry(arrived, request.host, request.target, reply.status, conditional, reply.kind))
    return reply


def _reply(stage: Stage, request: Request) -> Reply:
    if request.host not in HOSTS:
        return _notice(
            421, f"this replica answers for {', '.join(HOSTS)}; send one of them as Host, not {request.host[:80]!r}"
        )
    if request.method not in _READING:
        return _notice(405, "pages are for GET and HEAD", {"Allow": "GET, HEAD"}, _kind(request))
    refusal = stage.refusals.get(request.host)
    if refusal and refusal.count > 0:
        refusal.count -= 1
        return Reply(refusal.status, {"Content-Type": HTML, **refusal.headers}, refusal.body.encode(), _kind(request))
    scheme = request.headers.get("x-forwarded-proto", "https")
    return stage.world.page(f"{scheme}://{request.host}{request.target}", request.headers)


def _kind(request: Request) -> Kind:
    return Kind.FORBIDDEN if is_forbidden(request.host, request.target) else Kind.UNKNOWN


def _notice(status: int, words: str, headers: Mapping[str, str] | None = None, kind: Kind = Kind.UNKNOWN) -> Reply:
    return Reply(status, {"Content-Type": TEXT, **(headers or {})}, f"{words}\n".encode(), kind)


async def serve(
    stage: Stage, host: str, port: int, stop: asyncio.Event, *, ready: asyncio.Future[int] | None = None
) -> None:
    """Until `stop` is set. The future gets the port; OSError if it is taken."""
    connections: set[Connection] = set()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(stage, connections), host, port, backlog=1024)
    if ready is not None:
        ready.set_result(server.sockets[0].getsockname()[1])
    await stop.wait()
    server.close()
    for connection in tuple(connections):
        connection.close()
