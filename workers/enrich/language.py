"""The language that a text is really in, whatever its edition says (py3langid, Lui & Baldwin 2012)."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from stories.article import Article
from workers.enrich.base import Enricher

# Indonesian, Malay and Javanese are easily mistaken for one another; further candidates only bring mistakes.
_CANDIDATES: Final = ["id", "en", "ms", "jv", "nl", "ar", "zh"]
_ENOUGH: Final = 1000  # characters, about 150 words: more text takes longer and does not change the answer
_ENGLISH: Final = 300  # characters: no candidate resembles English, so that a paragraph of it is as sure as ten
_SURE: Final = 0.99  # of 277 gold pages each English one has 0.999 and more, and no Indonesian one is taken for English


@cache
def _identifier() -> Any:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(_CANDIDATES)
    return identifier


def enrich(article: Article) -> dict[str, Any]:
    """`{"code": "id", "confidence": 0.99}`: ISO 639-1 and a probability; null for a text without letters."""
    text = f"{article.headline}\n{article.article_body}"[:_ENOUGH]
    if not any(character.isalpha() for character in text):
        return {"code": None, "confidence": None}
    code, confidence = _classified(text, likely=article.in_language)
    return {"code": code, "confidence": round(confidence, 4)}


def _classified(text: str, *, likely: str) -> tuple[str, float]:
    """An English edition is nearly always in English: to be sure of that takes a third of the time."""
    if likely == "en":
        code, confidence = _identifier().classify(text[:_ENGLISH])
        if code == "en" and confidence > _SURE:
            return code, float(confidence)
    code, confidence = _identifier().classify(text)
    return code, float(confidence)


LANGUAGE: Final = Enricher(name="language", version=2, enrich=enrich, warm_up=_identifier)
