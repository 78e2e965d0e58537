"""Who is credited on ANTARA's pages: the lines below the text, the dateline before it, the end of a caption."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from stories.article import Author, Dateline, Role

ROLES: Final = {
    "pewarta": Role.REPORTER, "reporter": Role.REPORTER, "penulis": Role.AUTHOR, "editor": Role.EDITOR,
    "penerjemah": Role.TRANSLATOR, "translator": Role.TRANSLATOR, "kontributor": Role.CONTRIBUTOR,
}  # fmt: skip

_LABELLED: Final = re.compile(rf"({'|'.join(ROLES)})\s?:\s?(.+)", re.IGNORECASE)
_SEPARATOR: Final = re.compile(r"\s?(?:[,/;&]|\bdan\b|\band\b)\s?")
_HOUSE: Final = re.compile(r"(?:tim |team )?antara(?:\s?news)?|redaksi|newsroom", re.IGNORECASE)

_DATELINE: Final = re.compile(
    r"(?:(?P<place>[^()\n]{2,60}?)(?:, \d{1,2}/\d{1,2})? )?\((?P<publisher>ANTARA(?: News)?)(?:/[^()]{1,30})?\)"
    r"\s?[\u2013\u2014-]{1,2}\s?"
)
_CREDIT: Final = re.compile(r"\(?\b((?:ANTARA(?: FOTO)?|HO|REUTERS|Xinhua|AFP)\b[^()]{0,80}?)\)?\.?$")


def people_of(lines: Iterable[str]) -> Iterator[Author]:
    """`Pewarta: Ida, Budi` -> two reporters; the copyright line and the house itself are nobody."""
    for line in lines:
        found = _LABELLED.fullmatch(line)
        for name in _SEPARATOR.split(found[2]) if found else ():
            if name and not _HOUSE.fullmatch(name):
                yield Author(name=name, role=ROLES[found[1].lower()])  # type: ignore[index]  # found, or no names


def split_dateline(text: str) -> tuple[Dateline | None, str]:
    """`Jakarta (ANTARA) - Text` -> its dateline, and the text."""
    found = _DATELINE.match(text)
    if found is None:
        return None, text
    return Dateline(publisher=found["publisher"], place=found["place"]), text[found.end() :]


def caption_and_credit(text: str) -> tuple[str | None, str | None]:
    """`A bridge in Palu. ANTARA FOTO/Ida/nym` -> the caption and who took the picture."""
    found = _CREDIT.search(text)
    return (text[: found.start()].strip() or None, found[1]) if found else (text or None, None)
