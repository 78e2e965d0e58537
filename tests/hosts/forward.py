"""Carry what comes to one address on to another: python -m tests.hosts.forward 127.0.0.1:8093 10.77.2.254:8093

The newspaper is let in by loopback only, and each machine has its own.
"""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress


async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while piece := await source.read(1 << 16):
            sink.write(piece)
            await sink.drain()
    sink.close()


async def carry(to: str, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    host, _, port = to.partition(":")
    try:
        far_source, far_sink = await asyncio.open_connection(host, int(port))
    except OSError:
        sink.close()
        return
    await asyncio.gather(pump(source, far_sink), pump(far_source, sink))


async def main(here: str, there: str) -> None:
    host, _, port = here.partition(":")
    server = await asyncio.start_server(lambda source, sink: carry(there, source, sink), host, int(port))
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
