"""python -m replica --stories 600 --seed 7 --port 0"""

from __future__ import annotations

import argparse
import asyncio
import ctypes
import errno
import gc
import ipaddress
import os
import signal
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from replica.control import Stage
from replica.faults import SHARE, Fault, Faults
from replica.newsroom import MINUTES_APART
from replica.server import serve
from replica.world import World

_PR_SET_PDEATHSIG: Final = 1  # linux/prctl.h
_SURFACES: Final = """\
what lists the articles (send the host as Host):
  en.tempo.co         /index  /index/2015-11-04[/metro]  /rss  /sitemap.xml  /world  /tag/bandung
  www.tempo.co        /indeks?page=2  /indeks?category=date|rubrik|newsAccess&...  /indeks/2017-11-01  /hukum
                      /hukum/gugatan-tambak  /tag/bandung  /hukum/_payload.json  /api/gateway/rss/free/hukum
                      /sitemap_index.xml (lingkungan's is a table, as browsers show it)
  rss.tempo.co        /nasional ... /travel, and / as in 2017, encoded twice
  nasional.tempo.co   / and /indeks/2021-01-05, as every channel
  suarakita.net       /  /sitemap.xml
with JavaScript only: www.tempo.co/indeks?category=rubrik&rubric_slug=sains&page=1; worse at /indeks/hang?...,
  and poll, memory, alert, away, late instead of hang
"""
_USAGE: Final = 2  # the exit code for what the caller must change


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code: 0 after SIGTERM or SIGINT, 2 for a wrong option or a taken port."""
    options = _parser().parse_args(arguments)
    if options.die_with is not None:
        _die_with(options.die_with)
    faults = Faults(tuple(options.fault), options.fault_share if options.fault else 0.0, options.seed)
    stage = Stage(
        World(
            stories=options.stories,
            seed=options.seed,
            now=options.now,
            opens=options.opens,
            minutes_apart=options.minutes_apart,
        ),
        faults=faults,
    )
    gc.freeze()  # word lists and filler never die, so the collector need not look at them
    try:
        asyncio.run(_run(stage, options.host, options.port))
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        sys.stderr.write(f"port {options.port} of {options.host} is taken; choose another, or 0 for any free one\n")
        return _USAGE
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m replica",
        description="Serves a Tempo made from a seed, on this machine only.",
        epilog=_SURFACES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--stories", type=_positive, default=600)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument("--host", type=_loopback, default="127.0.0.1")
    parser.add_argument(
        "--now",
        type=_instant,
        default=datetime.now(UTC),
        help="when the world's time stands still, such as 2026-11-05T03:00:00Z",
    )
    parser.add_argument(
        "--opens", type=_instant, help="when it stands at first; POST /_replica/advance moves it on, to --now"
    )
    parser.add_argument(
        "--minutes-apart", type=_positive, default=MINUTES_APART, help="between two stories of an edition"
    )
    parser.add_argument(
        "--fault",
        action="append",
        default=[],
        type=_fault,
        metavar="KIND",
        help=f"{', '.join(Fault)}: how some articles answer the first time; may be given several times",
    )
    parser.add_argument("--fault-share", type=_share, default=SHARE, help="of the articles (%(default)s)")
    parser.add_argument("--die-with", type=int, metavar="PID", help="end when this parent process ends (Linux)")
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("a world needs at least one story, and a minute between two")
    return number


def _fault(text: str) -> Fault:
    try:
        return Fault(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"no fault {text!r}; there are {', '.join(Fault)}") from error


def _share(text: str) -> float:
    share = float(text)
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError("a share is from 0 to 1")
    return share


def _loopback(text: str) -> str:
    try:
        inside = text == "localhost" or ipaddress.ip_address(text).is_loopback
    except ValueError:
        inside = False
    if not inside:
        raise argparse.ArgumentTypeError(
            f"{text} is not this machine's loopback; the replica pretends to be others and serves only 127.0.0.1"
        )
    return text


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise argparse.ArgumentTypeError("give the zone, such as 2026-11-05T03:00:00Z")
    return instant.astimezone(UTC)


def _die_with(parent: int) -> None:
    """Linux ends this process when the thread that started it ends; elsewhere the parent must do it."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # it died before we asked
        sys.exit(0)


async def _run(stage: Stage, host: str, port: int) -> None:
    loop = asyncio.get_running_loop()
    stop, ready = asyncio.Event(), loop.create_future()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    ready.add_done_callback(lambda future: _say(f"replica ready on http://{host}:{future.result()}"))
    await serve(stage, host, port, stop, ready=ready)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
