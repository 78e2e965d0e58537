"""Who is credited: bylines, capitals at the end of a text, contributors, and the ends of captions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from string import capwords
from typing import Final

from stories.article import Author, Role
from stories.text import SPACES

ROLES: Final = {
    "reporter": Role.REPORTER, "penulis": Role.AUTHOR, "author": Role.AUTHOR, "writer": Role.AUTHOR, "by": Role.AUTHOR,
    "editor": Role.EDITOR, "translator": Role.TRANSLATOR, "penerjemah": Role.TRANSLATOR,
    "kontributor": Role.CONTRIBUTOR, "contributor": Role.CONTRIBUTOR,
}  # fmt: skip

NOBODY: Final = frozenset({
    "non koresponden", "admin", "administrator", "redaksi", "tim redaksi", "terjemahan", "reporter", "editor", "none",
    "null", "n/a", "anonim", "anonymous", "unknown", "guest",
})  # fmt: skip
"""What Tempo's templates print where no name was entered."""

_PUBLISHER: Final = re.compile(
    r"(?:(?:pt|tim|redaksi|koran|majalah|the) )*tempo(?:\.co)?"
    r"(?: (?:english|inti media|interaktif|magazine|team|newsroom))?(?: tbk)?\.?"
    r"|(?:\w+\.)?tempo(?:interaktif)?\.(?:co|com)",
    re.IGNORECASE,
)

_AGENCIES: Final = frozenset({
    "AFP", "AL ARABIYA", "AL JAZEERA", "ANADOLU", "ANADOLU AGENCY", "ANTARA", "ANTARA NEWS", "AP", "ASSOCIATED PRESS",
    "BBC", "BBC NEWS", "BLOOMBERG", "CHANNEL NEWS ASIA", "CNN", "CNN INDONESIA", "DAILY MAIL", "DPA", "KYODO",
    "REUTERS", "SKY NEWS", "SPUTNIK", "TASS", "THE GUARDIAN", "XINHUA", "YONHAP",
})  # fmt: skip

_LABELLED: Final = re.compile(rf"({'|'.join(ROLES)})\s?:?(?:\s(.*))?", re.IGNORECASE)
_PERSON: Final = re.compile(r"[^\W\d_][\w.'-]*(?: [^\W\d_][\w.'-]*){1,5}")
_CONTRIBUTED: Final = re.compile(
    r"(\w.{1,160}?),? (?:(?:also )?contributed to (?:this|the) (?:article|report|story|writing)(?: of this article)?"
    r"|(?:juga |turut |ikut )*berkontribusi (?:dalam |pada |untuk |terhadap )?(?:penulisan |pembuatan )?"
    r"(?:artikel|berita|laporan|tulisan)(?: ini)?)[ .]*"
)
_CONTRIBUTION: Final = ("contributed", "berkontribusi")  # one stands in every line that the pattern knows
_DEGREE: Final = (
    r"(?:[A-Z][a-z]{0,2}\.){1,3}[A-Z]?[a-z]{0,2}\.?"  # `M.Si`, `Ph.D.`: of who stands before
    r"(?=\s*(?:$|[,|;(])|\s+(?:and|dan|&)\s)"
)
_BETWEEN: Final = re.compile(
    rf"{SPACES}?[|;]\s*|,\s*+(?!{_DEGREE})(?:(?:and|dan)\s+)?|{SPACES}(?:and|dan|&)\s+|{SPACES}/\s+", re.IGNORECASE
)
_BRACKETS: Final = re.compile(rf"{SPACES}?\(([^()]*)\)?")
_MAX_NAME_WORDS: Final = 6
_MAX_CREDIT: Final = 80  # characters; longer is a sentence with a slash in it
_NAMED: Final = re.compile(r"(?:image|photo|foto|credit|sumber|source|doc|dok)\s?[.:]\s", re.IGNORECASE)
_LETTERS: Final = re.compile(r"[\W_]+")
_AGENCY_ALONE: Final = re.compile(
    r"(?<=[.!?\")] )(?:AP|AFP|EPA|REUTERS|ANTARA|XINHUA|GETTY IMAGES)(?: (?:PHOTO|FOTO|IMAGES))?\.?$", re.IGNORECASE
)
"""`… 2017. AP Photo`: an agency's picture whose photographer is not named."""

_IN_BRACKETS: Final = re.compile(r"\(([^()]{2,40})\)\.?")


def somebody(name: str | None) -> str | None:
    """The name if it is a person's: no placeholder, not the publisher."""
    if not name or name.casefold() in NOBODY or _PUBLISHER.fullmatch(name) or name.upper() in _AGENCIES:
        return None
    return name if any(map(str.isalpha, name)) else None


def people(names: str, role: Role) -> Iterator[Author]:
    """The persons of a list in one line: `A, B (Kontributor)`, `A | B`, `A dan B`."""
    for part in _BETWEEN.split(names):
        marked = _BRACKETS.search(part)
        name = somebody(_BRACKETS.sub("", part).strip(" .,:*-"))
        if name and len(name.split()) <= _MAX_NAME_WORDS:
            yield Author(name=name, role=ROLES.get(marked[1].strip().lower(), role) if marked else role)


def labelled(lines: Iterable[str], default: Role) -> Iterator[Author]:
    """Authors of a byline: `Reporter`, then names, on one line or two; `default` is for names without a label."""
    role = default
    for line in lines:
        found = _LABELLED.fullmatch(line)
        role = ROLES[found[1].lower()] if found else role
        yield from people((found[2] or "") if found else line, role)


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
    if not any(word in line for word in _CONTRIBUTION):
        return ()
    found = _CONTRIBUTED.fullmatch(line)
    named = tuple(people(found[1], Role.CONTRIBUTOR)) if found else ()
    parts = [part for part in _BETWEEN.split(found[1]) if part] if found else []
    return named if all(part[0].isupper() and len(part.split()) <= _MAX_NAME_WORDS for part in parts) else ()


def agreeing(authors: Iterable[Author], shown: Sequence[Author]) -> Iterator[Author]:
    """The same people, in the role that the page shows where it shows one: machines are told no more than `author`.

    Tempo's JSON-LD names the editor as author on pages whose reporter has no account.
    """
    roles = {_identity(author.name): author.role for author in reversed(shown)}
    for author in authors:
        yield replace(author, role=roles.get(_identity(author.name), author.role))


_BESIDE_AUTHOR: Final = frozenset({Role.AUTHOR, Role.EDITOR})
"""Roles that take nothing from an author: all others tell more exactly how somebody wrote it."""


def unique(authors: Iterable[Author]) -> tuple[Author, ...]:
    """Each person once in each role, and as no mere author who has a role; spelled as where capitals mean something.

    To have edited an article is no way to have written it: an author can be its editor, too.
    """
    kept: dict[tuple[str, Role], Author] = {}
    for author in authors:
        identity = _identity(author.name), author.role
        known = kept.get(identity)
        kept[identity] = author if known is None else _merged(known, author)
    exact = {name for name, role in kept if role not in _BESIDE_AUTHOR}
    authors_urls = {name: kept[name, Role.AUTHOR].url for name in exact if (name, Role.AUTHOR) in kept}
    return tuple(
        replace(author, url=url) if author.url is None and (url := authors_urls.get(name)) else author
        for (name, role), author in kept.items()
        if role is not Role.AUTHOR or name not in exact
    )


def _identity(name: str) -> str:
    return _LETTERS.sub("", name).casefold()


def _merged(known: Author, other: Author) -> Author:
    name = other.name if known.name.isupper() or known.name.islower() else known.name
    return Author(name=name, role=known.role, url=known.url or other.url)


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
    if alone := _AGENCY_ALONE.search(text, max(0, len(text) - _MAX_CREDIT)):
        return alone.start()
    slash = text.rfind("/")
    if slash < 0 or text[slash - 1 : slash].isdigit():
        return None
    start = _sentence_start(text, slash)
    return start if len(text) - start <= _MAX_CREDIT else None


def _sentence_start(text: str, end: int) -> int:
    """Where the sentence begins that holds `end`; `Dok. Tempo/Name` is one."""
    start = max(text.rfind(mark, 0, end) + len(mark) if mark in text[:end] else 0 for mark in (". ", ") ", '" ', "\n"))
    return start - len("Dok. ") if text[:start].endswith(("Dok. ", "Doc. ", "dok. ")) else start
