"""Video pages (video.tempo.co) since 2021: a player where an article has its picture, and a short text.

Known from Tempo's own template, from programs that download the videos, and from the JSON-LD of 2023 that one of them
prints: the article's `video` has the whole text as its description, with the credits behind it. What they were like
before is not known: such a page is read as an article of 2017 if it has the frame of one, else generically.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.sites.lines import Line
from crawler.sites.linked_data import text as name_of
from crawler.sites.said import Said, json_ld, meta
from crawler.sites.tempo.credits import people
from crawler.sites.tempo.read_2021 import Read2021, lead_of
from crawler.sites.tempo.view import View
from stories.article import Author, Image, Role, Source

_ROLES: Final = {
    "editor": Role.EDITOR, "reporter": Role.REPORTER, "penulis": Role.AUTHOR, "naskah": Role.AUTHOR,
    "narator": Role.CONTRIBUTOR, "narasi": Role.CONTRIBUTOR, "pengisi suara": Role.CONTRIBUTOR,
    "produser": Role.CONTRIBUTOR, "producer": Role.CONTRIBUTOR, "videografer": Role.CONTRIBUTOR,
    "videographer": Role.CONTRIBUTOR, "kamerawan": Role.CONTRIBUTOR, "kameramen": Role.CONTRIBUTOR,
}  # fmt: skip
_OWNERS: Final = ("video", "foto", "photo", "sumber", "source")
"""Before whose pictures they are."""

_LABEL: Final = re.compile(rf"(?<!\w)({'|'.join((*_ROLES, *_OWNERS))})\s?:\s", re.IGNORECASE)
_ENDED: Final = re.compile(r"(?:^|[.!?\u2026)\"\u201d])\s*\Z")
_MAX_CREDIT: Final = 120  # characters behind a label; more is a sentence
_MAX_LINES: Final = 6  # of credits below a text

Credits = tuple[tuple[str, str], ...]
"""Label, in small letters, and what it says."""


class Video(Read2021):
    VERSION = "video"
    PLAYER = ".videoframe, iframe, video, ivs-player"

    def has_signs(self, root: LexborNode, _tree: LexborHTMLParser) -> bool:
        lead = lead_of(root)
        return lead is not None and lead.css_first(self.PLAYER) is not None

    def dates(self, view: View, source: Source) -> Iterator[str]:
        yield from super().dates(view, source)
        if source is Source.JSON_LD:
            yield name_of(view.linked.video.get("uploadDate")) or ""

    def lines(self, view: View) -> list[Line]:
        """The text without the credits that close it."""
        lines = super().lines(view)
        while lines and not split_credits(lines[-1].text)[0]:
            lines.pop()
        return lines

    def text_instead(self, view: View) -> Said[str] | None:
        """What the video is said to show."""
        told = self._told(view)
        return json_ld(split_credits(told)[0]) if told else self.description(view)

    def authors(self, view: View) -> Iterator[Said[Author]]:
        yield from super().authors(view)
        for label, said_so in self._credits(view):
            for author in people(said_so.value, _ROLES[label]) if label in _ROLES else ():
                yield Said(author, said_so.source)

    def images(self, view: View) -> Said[tuple[Image, ...]] | None:
        """The still that stands for the video."""
        still = json_ld(name_of(view.linked.video.get("thumbnailUrl"))) or meta(view.linked.meta.get("og:image"))
        url = view.absolute(still.value) if still else None
        owner = next((said_so.value for label, said_so in self._credits(view) if label in _OWNERS), None)
        return Said((Image(url=url, credit=owner),), still.source) if still and url else None

    def _credits(self, view: View) -> Iterator[tuple[str, Said[str]]]:
        """Below the text, or behind the description."""
        shown = [pair for line in super().lines(view)[-_MAX_LINES:] for pair in _credits_alone(line.text)]
        for label, value in shown:
            yield label, Said(value, Source.VISIBLE)
        if not shown:
            for label, value in split_credits(self._told(view) or "")[1]:
                yield label, Said(value, Source.JSON_LD)

    def _told(self, view: View) -> str | None:
        return name_of(view.linked.video.get("description"))


def split_credits(text: str) -> tuple[str, Credits]:
    """`… di Gaza. Foto: Reuters Editor: Ani Suci` -> the text, and what stands behind each label at its end."""
    found: list[tuple[int, str, str]] = []
    end = len(text)
    for label in reversed(list(_LABEL.finditer(text))):
        if end - label.end() > _MAX_CREDIT:
            break
        found.append((label.start(), label[1].lower(), text[label.end() : end].strip()))
        end = label.start()
    while found and not _ENDED.search(text, 0, found[-1][0]):  # a word of the last sentence
        found.pop()
    rest = text[: found[-1][0]] if found else text
    return rest.strip(), tuple((label, value) for _, label, value in reversed(found))


def _credits_alone(line: str) -> Credits:
    """Those of a line that is nothing else."""
    rest, found = split_credits(line)
    return () if rest else found
