"""How our processes log: one line an event, with the event's fields, whatever the text in it holds."""

from __future__ import annotations

import json
import logging
import re
import sys
from typing import Final

_FORMAT: Final = "%(asctime)s %(levelname)s %(name)s %(message)s"
_KNOWN: Final = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}
_OBEYED: Final = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
"""What would begin a line, move a terminal or turn its text around."""


class OneLine(logging.Formatter):
    """Message, fields (`extra=`) and trace in one line: line breaks and escapes are written as Python writes them."""

    def __init__(self) -> None:
        super().__init__(_FORMAT)

    def format(self, record: logging.LogRecord) -> str:
        fields = "".join(f" {name}={_shown(value)}" for name, value in record.__dict__.items() if _is_ours(name, value))
        return _OBEYED.sub(_written, _with(super().format(record), fields))


def to_standard_error(level: str) -> None:
    """From here on, unless somebody listens already."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(OneLine())
    handler.setLevel(level)  # libraries set their loggers' own (Scrapy to DEBUG)
    logging.basicConfig(level=level, handlers=[handler])


def _is_ours(name: str, value: object) -> bool:
    """A field that an event was given; what other libraries pass along are their own objects."""
    return name not in _KNOWN and isinstance(value, str | int | float | bool | None)


def _shown(value: object) -> str:
    return json.dumps(value, ensure_ascii=False) if not isinstance(value, str) or " " in value else value


def _with(text: str, fields: str) -> str:
    """The fields stand behind the message and before a trace."""
    message, newline, trace = text.partition("\nTraceback ")
    return f"{message}{fields}{newline}{'Traceback ' if newline else ''}{trace}"


def _written(found: re.Match[str]) -> str:
    return {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(found[0]) or ascii(found[0]).strip("'")
