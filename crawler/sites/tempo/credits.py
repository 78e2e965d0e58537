"""Who is credited: bylines, capitals at the end of a text, contributors, and the ends of captions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from string import capwords
from typing import Final

from stories.article import Author, Role

ROLES: Final = {
    "reporter": Role.REPORTER, "penulis": Role.AUTHOR, "author": Role.AUTHOR, "writer": Role.AUTHOR, "by": Role.AUTHOR,
    "editor": Role.EDITOR, "translator": Role.TRANSLATOR, "penerjemah": Role.TRANSLATOR,
    "kontributor": Role.CONTRIBUTOR, "contributor": Role.CONTRIBUTOR,
}  # fmt: skip

NOBODY: Final = frozenset({"non koresponden", "admin", "redaksi", "tim tempo", "terjemahan", "reporter", "editor"})
"""What Tempo's templates print where no name was entered."""

_PUBLISHER: Final = re.compile(
    r"(?:pt )?tempo(?:\.co| english| inti media)?(?: tbk)?\.?|(?:\w+\.)?tempo\.co", re.IGNORECASE
)

_AGENCIES: Final = frozenset({
    "AFP", "AL ARABIYA", "AL JAZEERA", "ANADOLU", "ANADOLU AGENCY", "ANTARA", "ANTARA NEWS", "AP", "ASSOCIATED PRESS",
    "BBC", "BBC NEWS", "BLOOMBERG", "CHANNEL NEWS ASIA", "CNN", "CNN INDONESIA", "DAILY MAIL", "DPA", "KYODO",
    "REUTERS", "SKY NEWS", "SPUTNIK", "TASS", "XINHUA",
    "YONHAP",
})  # fmt: skip

_LABELLED: Final = re.compile(rf"({'|'.join(ROLES)})\s?:?(?:\s(.*))?", re.IGNORECASE)
_PERSON: Final = re.compile(r"[^\W\d_][\w.'-]*(?: [^\W\d_][\w.'-]*){1,5}")
_CONTRIBUTED: Final = re.compile(
    r"(\w.{2,120}?) (?:contributed to this (?:article|report|story)"
    r"|(?:turut |ikut )?berkontribusi (?:dalam|pada) (?:penulisan )?(?:artikel|berita|laporan) ini)\.?"
)
_AND: Final = re.compile(r",? (?:and|dan|&) |, ")
_MAX_NAME_WORDS: Final = 6
_MAX_CREDIT: Final = 80  # characters; longer is a sentence with a slash in it
_NAMED: Final = re.compile(r"(?:image|photo|foto|credit|sumber|source|doc|dok)\s?[.:]\s", re.IGNORECASE)
_IN_BRACKETS: Final = re.compile(r"\(([^()]{2,40})\)\.?")


def somebody(name: str | None) -> str | None:
    """The name if it is a person's: no placeholder, not the publisher."""
    if not name or name.casefold() in NOBODY or _PUBLISHER.fullmatch(name) or name.upper() in _AGENCIES:
        return None
    return name if any(map(str.isalpha, name)) else None


def labelled(lines: Iterable[str], default: Role) -> Iterator[Author]:
    """Authors of a byline: `Reporter`, then the name, on one line or two; `default` is for a name without a label."""
    role = default
    for line in lines:
        found = _LABELLED.fullmatch(line)
        role = ROLES[found[1].lower()] if found else role
        name = somebody(found[2] if found else line)
        if name:
            yield Author(name=name, role=role)


def capitals(line: str) -> tuple[Author, ...] | None:
    """The people of a closing credit such as `ANDRIAN HABIBI | DA`; empty for an agency; None if it is no credit."""
    if len(line) > _MAX_CREDIT or not line.isupper() or any(map(str.isdigit, line)):
        return None
    names = (part.strip(" .()-*") for part in re.split(r"[|/,;]", line))
    return tuple(
        Author(name=capwords(name), role=Role.REPORTER)
        for name in names
        if _PERSON.fullmatch(name) and not name.startswith("THE ") and somebody(name)
    )


def contributors(line: str) -> tuple[Author, ...]:
    """The people of `<Name> contributed to this article`, in either language."""
    found = _CONTRIBUTED.fullmatch(line)
    names = _AND.split(found[1]) if found else []
    if not all(name[0].isupper() and len(name.split()) <= _MAX_NAME_WORDS for name in names if name):
        return ()
    return tuple(Author(name=name, role=Role.CONTRIBUTOR) for name in names if somebody(name))


def unique(authors: Iterable[Author]) -> tuple[Author, ...]:
    """Each person once in each role."""
    kept: dict[tuple[str, Role], Author] = {}
    for author in authors:
        kept.setdefault((author.name.casefold(), author.role), author)
    return tuple(kept.values())


def caption_and_credit(text: str) -> tuple[str | None, str | None]:
    """A caption and the photographer or source at its end: `… 2015. TEMPO/Subekti`, `… (Pixabay)`."""
    start = _credit_start(text)
    if start is None:
        return text or None, None
    credit = text[start:].strip().removeprefix("(").removesuffix(")")
    caption = text[:start].strip()
    named = _NAMED.match(credit)
    return caption or None, credit[named.end() :] if named and not credit.lower().startswith("do") else credit


def _credit_start(text: str) -> int | None:
    bracket = text.rfind("(")
    if bracket > 0 and _IN_BRACKETS.fullmatch(text, bracket):
        return bracket
    slash = text.rfind("/")
    if slash < 0 or text[slash - 1 : slash].isdigit():
        return None
    start = _sentence_start(text, slash)
    return start if len(text) - start <= _MAX_CREDIT else None


def _sentence_start(text: str, end: int) -> int:
    """Where the sentence begins that holds `end`; `Dok. Tempo/Name` is one."""
    start = max(text.rfind(mark, 0, end) + len(mark) if mark in text[:end] else 0 for mark in (". ", ") ", '" ', "\n"))
    return start - len("Dok. ") if text[:start].endswith(("Dok. ", "Doc. ", "dok. ")) else start
