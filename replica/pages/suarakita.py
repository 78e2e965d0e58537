# ruff: noqa: RUF001 - quotes as the republisher prints them
"""A copy on suarakita.net: plain lines in the order of the page this project began from, as <p>, <div> or <br>."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from replica.pages import filler
from replica.pages.markup import attribute, link, text
from replica.republished import Copy
from replica.sheet import Card, Sheet
from replica.times import english_time

_STYLE: Final = filler.style()
_SCRIPTS: Final = filler.scripts()

_HEAD: Final = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>%(headline)s | Suara Kita</title><link rel="canonical" href="%(url)s">
"""

_OPENING: Final = """</head>
<body><header><a href="https://suarakita.net/">Suara Kita</a></header>
<main class="entry">
<h1 class="entry-title">%(headline)s</h1>
<div class="entry-meta">%(age)s <span class="views">%(views)d</span></div>
<div class="entry-content">
%(body)s
</div>
<div class="related">
%(cards)s
</div>
<p><a class="read-more" href="%(original)s">Read Entire Article</a></p>
</main>
"""

_FOOTER: Final = b"""<footer><a href="https://suarakita.net/tag/pemilu">Pemilu</a> |
<a href="https://suarakita.net/tag/tempo">Tempo</a> | |</footer>
</body>
</html>
"""
_CARD: Final = """<a href="%(url)s"><img src="https://statik.tempo.co/card.jpg" alt="%(alt)s"></a>
<p>%(age)s</p>
<p><a href="%(url)s">%(headline)s</a></p>
<p>%(excerpt)s</p>
"""


def article(copy: Copy) -> bytes:
    sheet, original = copy.sheet, copy.original
    shown = {
        "headline": attribute(original.headline),
        "url": copy.url,
        "age": copy.age.english,
        "views": copy.views,
        "body": _wrapped(_lines(sheet), copy.number),
        "cards": "\n".join(map(_card, copy.cards)),
        "original": original.url,
    }
    opening = (_HEAD % shown).encode(), _STYLE, (_OPENING % shown).encode()
    return b"".join((*opening, _SCRIPTS[copy.number % len(_SCRIPTS)], _FOOTER))


def _wrapped(lines: Iterable[str], number: int) -> str:
    """By the copy's number: paragraphs, divisions, or one block with breaks."""
    if number % 3 == 0:
        return f"<p>{'<br><br>'.join(lines)}</p>"
    tag = "p" if number % 3 == 1 else "div"
    return "\n".join(f"<{tag}>{line}</{tag}>" for line in lines)


def _lines(sheet: Sheet) -> list[str]:
    story = sheet.story
    lines = [text(paragraph) for paragraph in sheet.paragraphs]
    if sheet.dateline:
        lines[0] = f"TEMPO.CO, {story.place} - {lines[0]}"
    if sheet.read_also:
        after, other = sheet.read_also
        lines[after : after + 1] = [lines[after], f"Read: {link(other.url, other.headline)}"]
    return [english_time(story.published, story.edition.lexicon), *lines, *_closing(sheet)]


def _closing(sheet: Sheet) -> list[str]:
    lines = []
    if sheet.signed:
        lines.append(sheet.signed)
    if sheet.contributor:
        lines.append(f"{text(sheet.contributor)} contributed to this article")
    if sheet.editors_choice:
        lines.append(f"Editor’s Choice: {link(sheet.editors_choice.url, sheet.editors_choice.headline)}")
    return [*lines, "Click here to get the latest news updates from Tempo on Google News"]


def _card(card: Card) -> str:
    return _CARD % {
        "url": attribute(card.url),
        "alt": attribute(card.headline),
        "age": card.age,
        "headline": text(card.headline),
        "excerpt": text(card.excerpt or ""),
    }
