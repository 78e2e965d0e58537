"""The names in capitals below a magazine's text."""

from __future__ import annotations

import re
from string import capwords
from typing import Final

from crawler.sites.tempo.credits import somebody
from stories.text import SPACES

_BRACKETS: Final = re.compile(r"\([^()]{0,60}\)")
_BETWEEN: Final = re.compile(rf"{SPACES}?[,;|/]\s*(?:(?:DAN|AND|&)\s+)?|{SPACES}(?:DAN|AND|&)\s+")
_NAME: Final = re.compile(r"[^\W\d_][\w.'\u2019-]*(?: [^\W\d_][\w.'\u2019-]*){0,5}")
_MAX_SIGNED: Final = 400  # characters; an investigation of fourteen reporters has 260
_MIN_LETTERS: Final = 4  # of somebody with one name only; fewer are initials


def signatures(line: str) -> tuple[str, ...]:
    """The people of a line in capitals, also those with one name; none if it is no such line.

    A place in brackets is where somebody was. One of them at least has two names, or it could be anything in capitals.
    """
    if len(line) > _MAX_SIGNED or not line.isupper() or any(map(str.isdigit, line)):
        return ()
    parts = (part.strip(" .*\u2022-") for part in _BETWEEN.split(_BRACKETS.sub("", line)))
    names = tuple(capwords(part) for part in parts if _is_name(part))
    return names if any(" " in name for name in names) else ()


def _is_name(part: str) -> bool:
    enough = " " in part or len(part) >= _MIN_LETTERS
    return enough and bool(_NAME.fullmatch(part)) and not part.startswith("THE ") and somebody(part) is not None
