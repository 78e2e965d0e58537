"""Words to search by. MongoDB has no Indonesian stemmer, so we stem (Snowball has both) and MongoDB only indexes."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Final

import Stemmer

LANGUAGES: Final = {"en": "english", "id": "indonesian"}
_WORD = re.compile(r"[^\W_]{2,40}")  # a longer "word" is an address or a key, nobody types it


@cache
def _stemmer(language: str) -> Any:
    return Stemmer.Stemmer(LANGUAGES.get(language, "english"))


def search_text(text: str, language: str) -> str:
    """The text's distinct stems, with the language as a prefix (`idtarif`), so that one index serves both languages.

    With a space around each: MongoDB looks for a phrase as a substring, and ` idtari ` must not be found in `idtarif`.
    """
    words = set(_WORD.findall(text.casefold()))
    stems = sorted({language + stem for stem in _stemmer(language).stemWords(list(words))})
    return f" {' '.join(stems)} " if stems else ""


def search_query(text: str, language: str) -> str:
    """What to look for in the index: every word must stand in the story. Empty if the text has no word."""
    stems = _stemmer(language).stemWords(_WORD.findall(text.casefold()))
    return " ".join(f'" {language}{stem} "' for stem in stems)
