"""A second newspaper, ANTARA: both editions' articles, lists and feeds. Its stories come from the archive's stacks."""

from __future__ import annotations

from replica.antara.editions import EDITIONS, SITES
from replica.antara.host import ANSWERS, seen_at, truth, urls_of
from replica.antara.host import extra as extra_truth

__all__ = ["ANSWERS", "EDITIONS", "SITES", "extra_truth", "seen_at", "truth", "urls_of"]
