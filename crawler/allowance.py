"""What a crawl may cost besides its pages. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

RECEIVED: Final = "kliping/bytes"
"""The statistic under which the download handler counts the bytes of all answers, as they come over the wire."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    until: datetime
    most_bytes: int

    def spent(self, *, now: datetime, received: int) -> str | None:
        """Why the crawl takes no further pages; None if it may go on. What it has begun, it ends."""
        if received >= self.most_bytes:
            return "byte budget spent"
        return "time budget spent" if now >= self.until else None
