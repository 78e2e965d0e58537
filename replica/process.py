"""The replica as a process of its own, for tests, benchmarks and the demo.

with ReplicaProcess(stories=600, seed=7) as replica:
    crawl(replica.url)
    assert not replica.stats()["forbidden"]["requests"]
"""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from datetime import datetime
from types import TracebackType
from typing import Any, Final, Self, Unpack
from urllib.parse import quote

from replica.newsroom import Growth
from replica.world import World

_TERM_SECONDS: Final = 5.0  # it closes its sockets in milliseconds
_CALL_SECONDS: Final = 60.0  # the longest answer, a million log lines, takes about five
_READY: Final = "replica ready on "


class ReplicaProcess:
    """Starts on entry, on any free port; ends on exit, and with its parent. Enter it in a thread that lives as long."""

    def __init__(
        self, *, stories: int = 600, seed: int = 7, now: datetime | None = None, **growth: Unpack[Growth]
    ) -> None:
        made = {"stories": stories, "seed": seed, "now": now, **growth, "die_with": os.getpid()}
        given = {name: value for name, value in made.items() if value is not None}
        options = [word for name, value in given.items() for word in (f"--{name.replace('_', '-')}", str(value))]
        self._command = [sys.executable, "-m", "replica", *options]
        self._process: subprocess.Popen[str] | None = None
        self.url = ""
        """`http://127.0.0.1:PORT`, once entered."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(self._command, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own module
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line.startswith(_READY):
            self._end()
            raise RuntimeError(f"the replica did not start; it said {line!r}, see its standard error")
        self.url = line.removeprefix(_READY).strip()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(_TERM_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()

    def log(self) -> list[dict[str, Any]]:
        """Every request for a page: time (seconds since 1970), host, path, status, conditional."""
        entries: list[dict[str, Any]] = self._call("GET", "log")
        return entries

    def clear_log(self) -> None:
        self._call("POST", "log/clear")

    def stats(self) -> dict[str, Any]:
        """requests, hosts, kinds, statuses, conditional, forbidden."""
        counts: dict[str, Any] = self._call("GET", "stats")
        return counts

    def world(self) -> dict[str, Any]:
        """What it is made of, now, articles (a number for each site), gone."""
        facts: dict[str, Any] = self._call("GET", "world")
        return facts

    def mirror(self) -> World:
        """The same newspaper in this process, at the same moment, without what was edited, removed and spoilt there."""
        facts = self.world()
        made, instants = facts["made"], ("now", "opens")
        times = {name: datetime.fromisoformat(made[name]) for name in instants if made[name]}
        world = World(**{**made, **times})
        world.advance(datetime.fromisoformat(facts["now"]))
        return world

    def truth(self, url: str) -> dict[str, Any] | None:
        """The article JSON that a perfect reader makes of the page; None if no article stands there."""
        article: dict[str, Any] | None = self._call("GET", f"truth?url={quote(url, safe='')}")["truth"]
        return article

    def extra_truth(self, url: str) -> dict[str, Any] | None:
        more: dict[str, Any] | None = self._call("GET", f"truth?url={quote(url, safe='')}")["extra"]
        return more

    def edit(self, share: float, seed: int = 1, *, cosmetic: bool = False) -> None:
        self._call("POST", "edit", {"share": share, "seed": seed, "cosmetic": cosmetic})

    def advance(self, now: datetime) -> None:
        """It is later now: what was to be published until then is there."""
        self._call("POST", "advance", {"now": now.isoformat()})

    def remove(self, url: str) -> None:
        self._call("POST", "remove", {"url": url})

    def spoil(self, url: str) -> None:
        """From now on the page there cannot be read as an article: a person should look at it."""
        self._call("POST", "spoil", {"url": url})

    def delay(self, seconds: float) -> None:
        """From now on, pages are answered later by so much."""
        self._call("POST", "delay", {"seconds": seconds})

    def faults(self, kinds: Iterable[str], *, share: float, seed: int = 1, times: int = 1) -> None:
        """From now on, this share of the articles answers in these ways (replica/faults.py), each so often."""
        self._call("POST", "faults", {"kinds": list(kinds), "share": share, "seed": seed, "times": times})

    def refuse(
        self, host: str, *, status: int, count: int, headers: dict[str, str] | None = None, body: str = ""
    ) -> None:
        """The host's next `count` answers are this, whatever is asked for, robots.txt too."""
        refusal = {"host": host, "status": status, "count": count, "headers": headers or {}, "body": body}
        self._call("POST", "refuse", refusal)

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        connection = http.client.HTTPConnection(self.url.removeprefix("http://"), timeout=_CALL_SECONDS)
        try:
            connection.request(method, f"/_replica/{path}", body=json.dumps(body) if body else None)
            response = connection.getresponse()
            answer = json.load(response)
        finally:
            connection.close()
        if response.status != http.client.OK:
            raise RuntimeError(f"the replica refused {path.partition('?')[0]}: {answer['error']}")
        return answer
