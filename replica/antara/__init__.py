"""A second newspaper, ANTARA: both editions' articles, lists and feeds. Its stories come from the archive's stacks."""

from __future__ import annotations

from typing import Final

from replica.antara import host
from replica.antara.editions import EDITIONS, SITES
from replica.newspaper import Newspaper

ANTARA: Final = Newspaper(
    sites=SITES,
    editions=EDITIONS,
    answers=host.ANSWERS,
    urls_of=host.urls_of,
    seen_at=host.seen_at,
    truth=host.truth,
    extra_truth=host.extra_truth,
)
