"""How long the text takes to read."""

from __future__ import annotations

import math
from typing import Any, Final

from stories.article import Article
from workers.enrich.base import Enricher

WORDS_A_MINUTE: Final = 238  # silent reading of non-fiction, mean of 190 studies (Brysbaert 2019)


def enrich(article: Article) -> dict[str, Any]:
    """`{"words": 412, "minutes": 2}`: minutes rounded up; 0 for no text."""
    words = len(article.article_body.split())
    return {"words": words, "minutes": math.ceil(words / WORDS_A_MINUTE)}


READING_MINUTES: Final = Enricher(name="readingMinutes", version=1, enrich=enrich)
