"""The two editions: where they stand, and how their desk works."""

from __future__ import annotations

from datetime import date
from typing import Final

from replica.archive.generation import Generation, Habits
from replica.words.english import ENGLISH
from replica.words.indonesian import INDONESIAN

_FIRST, _LAST = date(2018, 1, 8), date(2026, 12, 31)  # the newest are a month old: see Stacks

ID: Final = Generation(
    name="antara-id", site="antara-id", host="www.antaranews.com", sequence="antara-id", page_version="antara-2023",
    language="id", parity=40, minutes_to_newest=0, lexicon=INDONESIAN, first=_FIRST, last=_LAST,
    newest_number=5_243_120, path="/berita/{number}/{slug}", sections=INDONESIAN.sections,
    habits=Habits(
        byline=("reporter", "editor"), no_dateline_once_in=9, pictures=(0, 1), tags=(2, 4), inline_once_in=4,
        pointers=("Baca juga: ", "Baca juga: "), cards=(3, 5), times="age",
    ),
)  # fmt: skip
EN: Final = Generation(
    name="antara-en", site="antara-en", host="en.antaranews.com", sequence="antara-en", page_version="antara-2023",
    language="en", parity=41, minutes_to_newest=0, lexicon=ENGLISH, first=_FIRST, last=_LAST,
    newest_number=421_903, path="/news/{number}/{slug}", sections=ENGLISH.sections,
    habits=Habits(
        byline=("reporter", "translator", "editor"), no_dateline_once_in=9, pictures=(0, 1), tags=(2, 4),
        pointers=("Related news: ",), cards=(3, 5), times="age",
    ),
)  # fmt: skip

EDITIONS: Final = (ID, EN)
SITES: Final = tuple(edition.site for edition in EDITIONS)
