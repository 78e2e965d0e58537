"""A TCP way to a server on this machine that can be cut, refused or silenced, and mended: what a bad network does."""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
from collections.abc import Coroutine
from contextlib import suppress
from types import TracebackType
from typing import Any, Final, Self

from console.processes import LOOPBACK

_AT_ONCE: Final = struct.pack("ii", 1, 0)  # SO_LINGER: closing sends RST, as a router does that has forgotten us
_CHUNK: Final = 65_536
_LAST: Final = 0.1  # seconds: what was accepted in the last moment is reset, and sockets that were aborted close
_LIMIT: Final = 10.0  # seconds for what takes a millisecond, on a busy machine


class Cable:
    """Carries what comes to `port` to a server's port, and back. Made of one thread; whole when entered."""

    def __init__(self, target: int) -> None:
        self.port = 0
        self._target = target
        self._thread = threading.Thread(target=lambda: asyncio.run(self._live()), name=f"cable to {target}")
        self._is_ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop
        self._ended: asyncio.Event
        self._open: asyncio.Event
        self._server: asyncio.Server | None = None
        self._resets = False
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._is_ready.wait(_LIMIT)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._ended.set)
        self._thread.join(_LIMIT)

    # -- what can happen to it ------------------------------------------------------------------------------

    def cut(self) -> None:
        """Every connection is reset, and every new one at once."""
        self._do(self._cut())

    def refuse(self) -> None:
        """Every connection is reset, and nobody listens any more."""
        self._do(self._refuse())

    def silence(self) -> None:
        """Nothing comes through, and nobody is told: who connects is connected, who asks waits."""
        self._do(self._silence())

    def mend(self) -> None:
        """Whole again; what was underway in a silent cable arrives late."""
        self._do(self._mend())

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(_LIMIT)

    async def _cut(self) -> None:
        self._resets = True
        self._reset_all()

    async def _refuse(self) -> None:
        if self._server:
            self._server.close()
            self._server = None
        self._reset_all()

    async def _silence(self) -> None:
        self._open.clear()

    async def _mend(self) -> None:
        self._resets = False
        if self._server is None:
            await self._listen()
        self._open.set()

    # -- carrying -------------------------------------------------------------------------------------------

    async def _live(self) -> None:
        self._loop, self._ended, self._open = asyncio.get_running_loop(), asyncio.Event(), asyncio.Event()
        self._open.set()
        await self._listen()
        self._is_ready.set()
        await self._ended.wait()
        self._open.set()
        self._resets = True
        await self._refuse()
        if self._tasks:
            await asyncio.wait(self._tasks)
        await asyncio.sleep(_LAST)

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._accepted, LOOPBACK, self.port or None)
        self.port = self._server.sockets[0].getsockname()[1]

    def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        if self._resets:
            self._reset(writer)
            return
        task = asyncio.ensure_future(self._carry(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._open.wait()
        try:
            far_reader, far_writer = await asyncio.open_connection(LOOPBACK, self._target)
        except OSError:  # the server may be away, too
            self._reset(writer)
            return
        self._writers.add(far_writer)
        if writer in self._writers:  # else it was cut meanwhile
            pumps = self._pump(reader, far_writer), self._pump(far_reader, writer)
            await asyncio.gather(*pumps)
        self._reset(far_writer)
        self._reset(writer)

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with suppress(OSError):  # either end was reset
            while data := await source.read(_CHUNK):
                await self._open.wait()
                sink.write(data)
                await sink.drain()
        sink.close()

    def _reset_all(self) -> None:
        for writer in list(self._writers):
            self._reset(writer)

    def _reset(self, writer: asyncio.StreamWriter) -> None:
        self._writers.discard(writer)
        if not writer.transport.is_closing():
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
        writer.transport.abort()
