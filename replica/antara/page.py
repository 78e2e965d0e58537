"""Both layouts of an article, of until 2023 and since: bare text with double breaks, people below it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from replica.archive.desk import HOUSE
from replica.archive.sheet import Dateline, Line, OldSheet, Paragraph, Pointer
from replica.pages import filler
from replica.pages.markup import attribute, link, text
from replica.sheet import Card, Picture
from replica.story import slug_of
from replica.times import age_of, clock, english_date, linked_data_time, weekday_date

_STYLE: Final = filler.style()
_SCRIPTS: Final = filler.scripts()
_LABELS: Final = {
    "id": {"reporter": "Pewarta", "translator": "Penerjemah", "editor": "Editor"},
    "en": {"reporter": "Reporter", "translator": "Translator", "editor": "Editor"},
}

_HEAD: Final = """<!DOCTYPE html>
<html lang="%(language)s">
<head>
<meta charset="utf-8">
<title>%(headline)s - ANTARA News</title>
<link rel="canonical" href="%(url)s">
<meta name="description" content="%(excerpt)s">
<meta property="og:type" content="article">
<meta property="og:url" content="%(url)s">
<meta property="og:title" content="%(headline)s">
<script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle",
"mainEntityOfPage":{"@type":"WebPage","@id":"%(url)s"},"datePublished":"%(iso)s",
"publisher":{"@type":"Organization","name":"ANTARA News"}}</script>
"""

_PAGES: Final = {
    "antara-2023": """</head><body>
<ul class="breadcrumbs bg-light mb-4"><li class="breadcrumbs__item"><a href="/" class="breadcrumbs__url">Home</a></li>
<li class="breadcrumbs__item"><a href="%(section_url)s" class="breadcrumbs__url">%(section)s</a></li></ul>
<div class="wrap__article-detail">
<div class="wrap__article-detail-title"><h1>%(headline)s</h1></div>
<div class="wrap__article-detail-info"><ul class="list-inline"><li class="list-inline-item">
<span class="text-secondary font-weight-normal"><i class="fa fa-clock-o"></i> %(date)s</span></li>
<li class="list-inline-item"><span class="text-primary">%(minutes)d menit baca</span></li></ul></div>
%(picture)s
<div class="wrap__article-detail-content post-content">%(body)s
<p class="text-muted mt-2 small">%(people)s<br>Copyright &copy; ANTARA 2026</p>
</div>
<div class="blog-tags"><ul class="list-inline">%(tags)s</ul></div>
</div>
<div class="related-article"><h4>Terkait</h4>%(cards)s</div>
<div class="popular"><div class="card__post"><h5><a href="/top-news">Top news</a></h5></div></div>
""",
    "antara-2018": """</head><body>
<ol class="breadcrumb"><li><a href="/">Home</a></li><li><a href="%(section_url)s">%(section)s</a></li></ol>
<article class="post-wrapper"><header class="post-header">
<h1 class="post-title">%(headline)s</h1>
<p class="simple-share"><span class="article-date"><i class="fa fa-clock-o"></i> %(date)s</span></p></header>
%(picture)s
<div class="post-content clearfix">%(body)s
<p class="text-muted small">%(people)s<br>COPYRIGHT &copy; ANTARA 2020</p>
</div>
<footer class="post-meta"><div class="tags-widget clearfix"><ul class="tags-widget">%(tags)s</ul></div></footer>
</article>
<div class="related-posts"><h3>Terkait</h3>%(cards)s</div>
""",
}
_PICTURES: Final = {
    "antara-2023": '<figure class="wrap__article-detail-image"><img src="%s" alt=""><figcaption>%s</figcaption>'
    "</figure>",
    "antara-2018": '<figure class="image-overlay"><img src="/spacer.gif" data-src="%s"><figcaption>%s</figcaption>'
    "</figure>",
}
_CARDS: Final = {
    "antara-2023": '<div class="card__post"><div class="card__post__title"><h5><a href="%s">%s</a></h5></div>'
    '<span class="text-secondary">%s</span></div>\n',
    "antara-2018": '<article class="simple-post clearfix"><header><h3><a href="%s">%s</a></h3>'
    '<p class="simple-share"><span>%s</span></p></header></article>\n',
}


def version(sheet: OldSheet) -> str:
    return "antara-2023" if sheet.style & 1 else "antara-2018"


def of_antara(sheet: OldSheet, now: datetime) -> OldSheet:
    """The sheet as ANTARA's desk has it: its own dateline, its photographers, ages in the edition's language."""
    english = sheet.generation.language == "en"
    dateline = Dateline("ANTARA", sheet.story.place) if sheet.dateline else None
    pictures = tuple(replace(picture, credit=_credit(picture)) for picture in sheet.pictures)
    return replace(
        sheet,
        dateline=dateline,
        pictures=pictures,
        cards=tuple(_in_english(card, now) if english else card for card in sheet.cards),
    )


def _credit(picture: Picture) -> str:
    return f"ANTARA FOTO/{picture.credit.partition('/')[2]}"


def _in_english(card: Card, now: datetime) -> Card:
    return card if card.target is None else replace(card, age=age_of(card.target.published, now).english)


def article(sheet: OldSheet) -> bytes:
    story, layout = sheet.story, version(sheet)
    shown = {
        "language": sheet.generation.language,
        "headline": text(story.headline),
        "excerpt": attribute(sheet.description),
        "url": story.url,
        "iso": linked_data_time(story.published),
        "section": text(story.section.name),
        "section_url": sheet.generation.section_url(story.section),
        "date": date_line(sheet),
        "minutes": 1 + sheet.paints,
        "picture": "".join(
            _PICTURES[layout] % (picture.url, text(f"{picture.caption} {picture.credit}")) for picture in sheet.pictures
        ),
        "body": _body(sheet),
        "people": "<br>".join(_people(sheet)),
        "tags": "".join(f"<li>{link(f'/tag/{slug_of(tag)}', tag)}</li>" for tag in sheet.keywords),
        "cards": "".join(
            _CARDS[layout] % (card.url, text(card.headline), text(card.age or "")) for card in sheet.cards
        ),
    }
    head, page = (_HEAD % shown).encode(), (_PAGES[layout] % shown).encode()
    return b"".join((head, _STYLE, page, _SCRIPTS[sheet.style % len(_SCRIPTS)], b"</body></html>\n"))


def date_line(sheet: OldSheet) -> str:
    """`Kamis, 5 November 2015 11:13 WIB`; in English `November 5, 2015 11:13 GMT+700`, its own spelling of the zone."""
    story, lexicon = sheet.story, sheet.generation.lexicon
    if sheet.generation.language == "id":
        return f"{weekday_date(story.published, lexicon)} {clock(story.published)}"
    return f"{english_date(story.published, lexicon)} {clock(story.published).partition(' ')[0]} GMT+700"


def _body(sheet: OldSheet) -> str:
    lines = [_line(line) for line in sheet.lines]
    if sheet.dateline:
        lines[0] = f"{text(sheet.dateline.place or '')} (ANTARA) - {lines[0]}"
    return "<br /><br />\n".join(lines)


def _line(line: Line) -> str:
    if isinstance(line, Pointer):
        return f'<span class="baca-juga"><b>{line.label}{link(line.url, line.target.headline)}</b></span>'
    assert isinstance(line, Paragraph)
    if line.anchor is None:
        return text(line.text)
    anchor = line.anchor
    after = line.text[anchor.start + len(anchor.words) :]
    return f"{text(line.text[: anchor.start])}{link(anchor.url, anchor.words)}{text(after)}"


def _people(sheet: OldSheet) -> list[str]:
    labels = _LABELS[sheet.generation.language]
    return [
        f"{labels[role]}: {text(', '.join('Antara' if c.name == HOUSE else c.name for c in of_role))}"
        for role in labels
        if (of_role := [credit for credit in sheet.credits if credit.role == role])
    ]
