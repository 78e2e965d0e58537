"""The server's memory of what was asked of it, so that politeness and obedience are proven from outside."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass
from typing import Any, Final

from replica.answers import Kind

_MOST_ENTRIES: Final = 1_000_000  # 256 bytes each; five minutes at full speed, far more than a crawl asks
_MOST_FORBIDDEN: Final = 100  # paths shown in the statistics


@dataclass(frozen=True, slots=True)
class Entry:
    time: float
    """Seconds since 1970, when the request had arrived."""
    host: str
    path: str
    status: int
    conditional: bool
    """It asked whether something is new (If-None-Match, If-Modified-Since)."""
    kind: Kind


class Journal:
    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=_MOST_ENTRIES)
        self._counts: Counter[tuple[str, Kind, int]] = Counter()
        self._forbidden: deque[str] = deque(maxlen=_MOST_FORBIDDEN)
        self._conditional = 0

    def note(self, entry: Entry) -> None:
        self._entries.append(entry)
        self._counts[entry.host, entry.kind, entry.status] += 1
        self._conditional += entry.conditional
        if entry.kind is Kind.FORBIDDEN:
            self._forbidden.append(f"https://{entry.host}{entry.path}")

    def entries(self) -> list[dict[str, Any]]:
        return [
            {"time": e.time, "host": e.host, "path": e.path, "status": e.status, "conditional": e.conditional}
            for e in self._entries
        ]

    def statistics(self) -> dict[str, Any]:
        hosts: Counter[str] = Counter()
        kinds: Counter[str] = Counter()
        statuses: Counter[str] = Counter()
        for (host, kind, status), count in self._counts.items():
            hosts[host] += count
            kinds[kind.value] += count
            statuses[str(status)] += count
        return {
            "requests": self._counts.total(),
            "hosts": dict(hosts),
            "kinds": dict(kinds),
            "statuses": dict(statuses),
            "conditional": self._conditional,
            "forbidden": {"requests": kinds["forbidden"], "last": list(self._forbidden)},
        }
