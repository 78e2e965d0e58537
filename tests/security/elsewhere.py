"""Run a command of ours in a world where a host's name leads where a test says: a name server that lies.

python -m tests.security.elsewhere '{"en.tempo.co": [["127.0.0.1", 4433]]}' crawler.run < order.json

The answers are given in turn, the last one for ever. A name that is not there does not exist. With the further word
`behind-the-door` loopback passes for the open internet, so that a test can look at what is behind that protection.
"""

from __future__ import annotations

import json
import runpy
import socket
import sys
from collections.abc import Iterator
from typing import Any

import aiohttp.resolver

from crawler import connection

WORLD = "tests.security.elsewhere"
BEHIND_THE_DOOR = "behind-the-door"


def lying(world: dict[str, list[tuple[str, int]]]) -> Any:
    answers = {host: turns(places) for host, places in world.items()}

    async def resolve(_self: object, host: str, _port: int = 0, **_: int) -> list[Any]:
        if host not in answers:
            raise OSError(socket.EAI_NONAME, "no such name here")
        address, port = next(answers[host])
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        return [{"hostname": host, "host": address, "port": port, "family": family, "proto": 0, "flags": 0}]

    return resolve


def turns(places: list[tuple[str, int]]) -> Iterator[tuple[str, int]]:
    yield from places
    while True:
        yield places[-1]


if __name__ == "__main__":
    world, *words = sys.argv[1:]
    aiohttp.resolver.ThreadedResolver.resolve = lying(json.loads(world))  # type: ignore[method-assign]
    assert aiohttp.resolver.DefaultResolver is aiohttp.resolver.ThreadedResolver, "another one is asked here"
    if words[0] == BEHIND_THE_DOOR:
        words.pop(0)
        connection.is_open = lambda address: address == "127.0.0.1"
    sys.argv = words
    runpy.run_module(words[0], run_name="__main__", alter_sys=True)
