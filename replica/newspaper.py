"""What a further newspaper, beside Tempo, is to the world: a folder of its own here, and a line of world.py."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from replica.answers import Outcome
from replica.editions import Edition
from replica.newsroom import Newsroom
from replica.story import Story


@dataclass(frozen=True, slots=True, kw_only=True)
class Newspaper:
    sites: tuple[str, ...]
    """Names, as the crawler's registry has them."""
    editions: tuple[Edition, ...]
    answers: Mapping[str, Callable[[Newsroom, str, Mapping[str, str]], Outcome]]
    """Of each of its hosts: newsroom, path and query -> what the host answers."""
    urls_of: Callable[[Newsroom, str], Iterator[str]]
    """Of a site: the address of every article that is not gone, newest first."""
    seen_at: Callable[[Newsroom, str], Story | None]
    """What stands at exactly this address."""
    truth: Callable[[Newsroom, Story], dict[str, Any]]
    """As World.truth."""
    extra_truth: Callable[[Newsroom, Story], dict[str, Any]]
    """As World.extra_truth."""
