"""Words to search by. MongoDB has no Indonesian stemmer, so we stem (Snowball has both) and MongoDB only indexes."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Final

import Stemmer

LANGUAGES: Final = {"en": "english", "id": "indonesian"}
_WORD = re.compile(r"[^\W_]{2,40}")  # a longer "word" is an address or a key, nobody types it

_STOP_WORDS: Final = {
    "en": frozenset(
        """an and are as at be been but by for from had has have he her his in into is it its not of on or our said she
        that the their them there they this to was we were what when which who will with would you""".split()  # noqa: SIM905 - words to read
    ),
    "id": frozenset(
        """ada adalah agar akan atau bagi bahwa dalam dan dari dengan di dia hal hingga ini itu jika juga kami karena
        kata ke kepada kita lebih masih mereka oleh pada para saat saja saya sebagai secara sedang seperti setelah
        sudah tak telah tersebut tidak untuk yaitu yakni yang""".split()  # noqa: SIM905 - words to read
    ),
}
"""Words that stand in nearly every story: they find nothing, and a list of all stories for each makes a search slow."""


def _stems(text: str, language: str) -> list[str]:
    stop = _STOP_WORDS.get(language, frozenset())
    words = [word for word in _WORD.findall(text.casefold()) if word not in stop]
    stems: list[str] = _stemmer(language).stemWords(words)
    return stems


@cache
def _stemmer(language: str) -> Any:
    return Stemmer.Stemmer(LANGUAGES.get(language, "english"))


def search_text(text: str, language: str) -> str:
    """The text's distinct stems, with the language as a prefix (`idtarif`), so that one index serves both languages.

    With a space around each: MongoDB looks for a phrase as a substring, and ` idtari ` must not be found in `idtarif`.
    """
    stems = sorted({language + stem for stem in _stems(text, language)})
    return f" {' '.join(stems)} " if stems else ""


def search_query(text: str, language: str) -> str:
    """What to look for in the index: every word must stand in the story. Empty if the text has no word that counts."""
    return " ".join(f'" {language}{stem} "' for stem in _stems(text, language))
