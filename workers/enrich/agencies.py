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

AGENCIES: Final = {
    "Anadolu": r"Anadolu(?: Agency)?|AA",
    "Antara": r"Antara(?: News)?|ANTARA",
    "Reuters": r"Reuters|REUTERS",
    "AFP": r"AFP|Agence France-Presse",
    "AP": r"AP|Associated Press",
    "Bloomberg": r"Bloomberg|BLOOMBERG",
    "Xinhua": r"Xinhua|XINHUA",
    "Kyodo": r"Kyodo(?: News)?",
    "Yonhap": r"Yonhap",
    "TASS": r"TASS",
    "RIA Novosti": r"RIA Novosti",
    "Interfax": r"Interfax",
    "Bernama": r"Bernama|BERNAMA",
    "CCTV": r"CCTV",
    "CGTN": r"CGTN",
    "Al Arabiya": r"Al[- ]Arabiya",
    "Al Jazeera": r"Al[- ]Jazeera",
    "BBC": r"BBC(?: News)?",
    "CNN": r"CNN(?: Indonesia)?",
    "CNA": r"CNA|Channel News ?Asia",
    "CNBC": r"CNBC(?: Indonesia)?",
    "NBC News": r"NBC News",
    "ABC News": r"ABC News",
    "The Guardian": r"(?:The )?Guardian",
    "The New York Times": r"(?:The )?New York Times",
    "The Washington Post": r"(?:The )?Washington Post",
    "The Wall Street Journal": r"(?:The )?Wall Street Journal",
    "Financial Times": r"(?:The )?Financial Times",
    "The Straits Times": r"(?:The )?Straits Times",
    "South China Morning Post": r"South China Morning Post|SCMP",
    "Middle East Eye": r"Middle East Eye",
    "WAFA": r"WAFA|Wafa",
    "DPA": r"DPA|dpa",
    "Sputnik": r"Sputnik",
    "Axios": r"Axios",
    "Politico": r"Politico",
}

_GROUPS: Final = {f"a{number}": name for number, name in enumerate(AGENCIES)}
_NAME: Final = "|".join(f"(?P<a{number}>{pattern})" for number, pattern in enumerate(AGENCIES.values()))
_SPEECH: Final = (
    r"report(?:ed|s)|stated|said|says|wrote|writes|quoted|cited|noted|according|revealed"
    r"|melaporkan|memberitakan|menulis|mewartakan|menyebutkan"
)
_INTRODUCED: Final = (
    r"quoted by|quoted from|cited by|citing|quoting|reported by|reports by|reported from|according to|as told to|told"
    r"|dikutip dari|dikutip oleh|seperti dikutip|mengutip|dilansir dari|dilansir oleh|dilansir|melansir"
    r"|dilaporkan oleh|menurut laporan|menurut|kepada|seperti diberitakan"
)
# At most a few words between the name and its verb: "CCTV, as quoted by Al Arabiya, stated".
_SPEAKS: Final = re.compile(
    rf"\b(?:{_NAME})\b(?=(?:,[^,.]{{0,60}},)?(?: news agency| television| TV)? (?:{_SPEECH})\b)"
)
_IS_QUOTED: Final = re.compile(
    rf"\b(?:{_INTRODUCED})(?: the| kantor berita| media| news agency| state media)? (?:{_NAME})\b", re.IGNORECASE
)
_SENTENCE: Final = re.compile(r"(?<=[.!?][\"\u201d\u2019)])\s+|(?<=[.!?])\s+(?=[\"\u201cA-Z])|\n+")
_LONGEST_SENTENCE: Final = 2000  # characters looked at; what is longer is no sentence


def enrich(article: Article) -> dict[str, Any]:
    """`{"names": ["Anadolu"], "credits": [{"name": "Anadolu", "sentence": "…"}]}`: in the order of the text."""
    credited: dict[str, str] = {}
    for sentence in _SENTENCE.split(article.article_body):
        for name in _credited_in(sentence[:_LONGEST_SENTENCE]):
            credited.setdefault(name, sentence)
    return {
        "names": list(credited),
        "credits": [{"name": name, "sentence": sentence} for name, sentence in credited.items()],
    }


def _credited_in(sentence: str) -> Iterator[str]:
    found = [*_SPEAKS.finditer(sentence), *_IS_QUOTED.finditer(sentence)]
    for match in sorted(found, key=lambda m: m.end()):
        if match.lastgroup:
            yield _GROUPS[match.lastgroup]


AGENCY_CREDITS: Final = Enricher(name="agencies", version=1, enrich=enrich)
