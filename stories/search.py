"""Words to search by. MongoDB has no Indonesian stemmer, so we stem (Snowball has both) and MongoDB only indexes.

A plain index on the list of terms, not a text index (docs/decisions/0011): half the work to store, and the newest
stories with a word are read from the index in their order, however many there are.
"""

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


@cache
def _stemmer(language: str) -> Any:
    return Stemmer.Stemmer(LANGUAGES.get(language, "english"))


def terms(text: str, language: str) -> list[str]:
    """The distinct stems of a text, sorted, with the language in front (`idtarif`): one index serves both languages."""
    stop = _STOP_WORDS.get(language, frozenset())
    words = set(_WORD.findall(text.casefold())) - stop
    stems: list[str] = _stemmer(language).stemWords(list(words))
    return sorted({language + stem for stem in stems})
