"""News agencies and media that a text credits, with the sentence that does.

English credits come as "…, Anadolu reported", "as quoted by Al Arabiya"; Indonesian ones as "dikutip dari Antara",
"melansir Reuters". A name alone is no credit: an article about Reuters is not from Reuters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from stories.article import Article
from workers.enrich.base import Enricher

AGENCIES: Final[dict[str, tuple[str, ...]]] = {
    "Anadolu": ("Anadolu Agency", "Anadolu"),
    "Antara": ("Antara News", "Antara", "ANTARA"),
    "Reuters": ("Reuters", "REUTERS"),
    "AFP": ("AFP", "Agence France-Presse"),
    "Associated Press": ("Associated Press", "AP"),
    "Bloomberg": ("Bloomberg", "BLOOMBERG"),
    "Xinhua": ("Xinhua", "XINHUA"),
    "Kyodo": ("Kyodo News", "Kyodo"),
    "Yonhap": ("Yonhap",),
    "TASS": ("TASS",),
    "RIA Novosti": ("RIA Novosti",),
    "Interfax": ("Interfax",),
    "Bernama": ("Bernama", "BERNAMA"),
    "CCTV": ("CCTV",),
    "CGTN": ("CGTN",),
    "Al Arabiya": ("Al Arabiya", "Al-Arabiya"),
    "Al Jazeera": ("Al Jazeera", "Al-Jazeera"),
    "BBC": ("BBC News", "BBC"),
    "CNN": ("CNN Indonesia", "CNN"),
    "CNA": ("CNA", "Channel News Asia", "Channel NewsAsia"),
    "CNBC": ("CNBC Indonesia", "CNBC"),
    "NBC News": ("NBC News",),
    "ABC News": ("ABC News",),
    "The Guardian": ("The Guardian", "Guardian"),
    "The New York Times": ("The New York Times", "New York Times"),
    "The Washington Post": ("The Washington Post", "Washington Post"),
    "The Wall Street Journal": ("The Wall Street Journal", "Wall Street Journal"),
    "Financial Times": ("The Financial Times", "Financial Times"),
    "The Straits Times": ("The Straits Times", "Straits Times"),
    "South China Morning Post": ("South China Morning Post", "SCMP"),
    "Middle East Eye": ("Middle East Eye",),
    "WAFA": ("WAFA", "Wafa"),
    "DPA": ("DPA", "dpa"),
    "Sputnik": ("Sputnik",),
    "Axios": ("Axios",),
    "Politico": ("Politico",),
}
"""Name -> spellings, the longer ones first."""

_NAME_OF: Final = {spelling: name for name, spellings in AGENCIES.items() for spelling in spellings}
_ANY_NAME: Final = re.compile(rf"\b(?:{'|'.join(map(re.escape, _NAME_OF))})\b")

# Behind a name: "reported", at most a few words away, as in "CCTV, as quoted by Al Arabiya, stated".
_SPEAKS: Final = re.compile(
    r"(?:,[^,.]{0,60},)?(?: news agency| television| TV)? "
    r"(?:report(?:ed|s)|stated|said|says|wrote|writes|quoted|cited|noted|revealed"
    r"|melaporkan|memberitakan|menulis|mewartakan|menyebutkan)\b"
)
# Before a name: "as quoted by", "dikutip dari kantor berita".
_IS_QUOTED: Final = re.compile(
    r"\b(?:quoted by|quoted from|cited by|citing|quoting|reported by|reported from|according to|speaking to|told"
    r"|dikutip dari|dikutip oleh|seperti dikutip|mengutip|dilansir dari|dilansir oleh|dilansir|melansir"
    r"|dilaporkan oleh|menurut laporan|menurut|kepada|seperti diberitakan)"
    r"(?: the| kantor berita| media| news agency| state media)? $",
    re.IGNORECASE,
)
_BEFORE: Final = 60  # characters: longer than the longest introduction
_SENTENCE: Final = re.compile(r"(?<=[.!?][\"\u201d\u2019)])\s+|(?<=[.!?])\s+(?=[\"\u201cA-Z])|\n+")


def enrich(article: Article) -> dict[str, Any]:
    """`{"names": ["Anadolu"], "credits": [{"name": "Anadolu", "sentence": "…"}]}`: in the order of the text."""
    credited: dict[str, str] = {}
    if any(spelling in article.article_body for spelling in _NAME_OF):  # most texts credit nobody
        for sentence in _SENTENCE.split(article.article_body):
            for name in _credited_in(sentence):
                credited.setdefault(name, sentence)
    return {
        "names": list(credited),
        "credits": [{"name": name, "sentence": sentence} for name, sentence in credited.items()],
    }


def _credited_in(sentence: str) -> Iterator[str]:
    for match in _ANY_NAME.finditer(sentence):
        before = sentence[max(0, match.start() - _BEFORE) : match.start()]
        if _SPEAKS.match(sentence, match.end()) or _IS_QUOTED.search(before):
            yield _NAME_OF[match.group()]


AGENCY_CREDITS: Final = Enricher(name="agencies", version=1, enrich=enrich)
