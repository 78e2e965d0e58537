"""Every error of ours. A class is a decision; its message says what to do next.

StoryError
├── RetryError         not now: the page or the batch goes back and is tried again
├── RejectError        never: this page is not a story; the reason is recorded
├── QuarantineError    not without a person: kept, with who, when, what and where
└── StopError          nothing can go on; the command ends with a message, never a trace
    ├── UsageError     what was asked for cannot be done as it was put (exit code 2)
    └── ServiceError   a server is absent, refuses us, or is not fit for its part (exit code 3)
"""

from __future__ import annotations

from typing import ClassVar


class StoryError(Exception):
    """The base of all; never raised itself."""


class RetryError(StoryError):
    """Try again later; nothing is wrong with the page."""


class RejectError(StoryError):
    """This page is no story and will not become one."""


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
