"""A crawl order: what `kliping crawl` asks for and what a schedule asks for at each tick."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from stories.errors import QuarantineError
from stories.kinds import checked, entries

MAX_PAGES: Final = 10_000  # a day of both editions is about 1,000 pages; ten times that is a mistake or a back-fill
DEPTH: Final = 3  # steps of related news from a listed story; further on, a subject has changed


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlOrder:
    """One crawl of one site."""

    run: str
    """The run's id; two orders with one id are one order."""
    site: str
    urls: tuple[str, ...] = ()
    """Start from these, instead of the site's own listings."""
    max_pages: int = MAX_PAGES
    depth: int = DEPTH
    since: date | None = None
    until: date | None = None
    """Days in the site's zone, both included; both or none."""
    fresh: bool = False
    """Ask again for stories that are not due yet."""

    def to_json(self) -> dict[str, Any]:
        return {
            "run": self.run,
            "site": self.site,
            "urls": list(self.urls),
            "maxPages": self.max_pages,
            "depth": self.depth,
            "since": self.since and self.since.isoformat(),
            "until": self.until and self.until.isoformat(),
            "fresh": self.fresh,
        }

    @classmethod
    def from_json(cls, order: Mapping[str, Any]) -> CrawlOrder:
        """Raises QuarantineError for what is no order."""
        try:
            decoded = cls(
                run=order["run"],
                site=order["site"],
                urls=tuple(entries(order["urls"])),
                max_pages=int(order["maxPages"]),
                depth=int(order["depth"]),
                since=_day(order["since"]),
                until=_day(order["until"]),
                fresh=order["fresh"],
            )
            return checked(decoded)
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise QuarantineError(f"not a crawl order: {type(error).__name__} {error}") from error


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
