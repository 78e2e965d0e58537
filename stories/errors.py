"""Every error of ours. A class is a decision; its message says what to do next.

"Try again" is no class of ours: it is the drivers' own errors (patience.OUTAGES), whatever the page.

StoryError
├── PageError          never: this page has no story to give; it carries the page's fate
├── QuarantineError    not without a person: kept, with who, when, what and where
└── StopError          nothing can go on; the command ends with a message, never a trace
    ├── UsageError     what was asked for cannot be done as it was put (exit code 2)
    └── ServiceError   a server is absent, refuses us, or is not fit for its part (exit code 3)
"""

from __future__ import annotations

from typing import ClassVar

from stories.fate import Fate


class StoryError(Exception):
    """The base of all; never raised itself."""


class PageError(StoryError):
    """This page has no story to give, and why."""

    def __init__(self, fate: Fate, reason: str) -> None:
        super().__init__(reason)
        self.fate = fate
        self.reason = reason


class QuarantineError(StoryError):
    """Kept for a person to look at."""


class StopError(StoryError):
    """Nothing can go on."""

    exit_code: ClassVar[int] = 1


class UsageError(StopError):
    """The request cannot be done as it was put."""

    exit_code = 2


class ServiceError(StopError):
    """A server is absent, refuses us, or is not fit for its part."""

    exit_code = 3
