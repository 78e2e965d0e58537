# ruff: noqa: RUF001 - dashes and quotes as Tempo prints them
"""Layout read-2021: en.tempo.co today (docs/tempo.md, section 3)."""

from __future__ import annotations

from typing import Final

from replica.editions import EN
from replica.pages import filler
from replica.pages.markup import attribute, entities, link, text
from replica.sheet import Card, Credit, Picture, Sheet
from replica.story import slug_of
from replica.times import english_time

_STYLE: Final = filler.style()
_MENU: Final = filler.menu(EN.host, EN.lexicon.sections)
_SCRIPTS: Final = filler.scripts()
_FOOTER: Final = filler.footer(EN.host)

_HEAD: Final = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>%(headline)s - Tempo English</title>
<meta name="description" content="%(excerpt)s">
<meta property="og:type" content="article">
<meta property="og:site_name" content="Tempo">
<meta property="og:title" content="%(headline)s">
<meta property="og:description" content="%(excerpt)s">
<meta property="og:url" content="%(url)s">
<link rel="canonical" href="%(url)s">
<script>var pageviews = %(paints)d;</script>
"""

_ARTICLE: Final = """<main class="container">
<div class="breadcrumbs margin-bottom-sm"><ul class="sitemap">
<li><a href="https://en.tempo.co" class="fade">Home</a></li>
<li><a href="%(section_url)s" class="fade selected">%(section)s</a></li>
</ul></div>
<section class="main-full"><article class="detail-artikel">
<div class="detail-title">
<h1 class="title margin-bottom-sm cl-black">%(headline)s</h1>
%(byline)s<h4 class="date margin-bottom-sm">%(date)s</h4>
<div class="box-share-top"><a href="#comment" class="top-comment">0 Comment</a><div class="share-link"></div></div>
</div>
%(picture)s<div class="detail-in">
%(body)s
</div>
</article>
<div class="box-tag-detail">%(tags)s</div>
</section>
"""

_CARDS: Final = """<section class="blockbox overflow"><div class="redline"><h2 class="titlebox">Related News</h2></div>
<ul class="row-list list-berita-lainnya">
%s
</ul></section></main>
"""

_CARD: Final = """<li><div class="card-box ft240">
<figure class="img-card"><a href="%(url)s"><img src="https://statik.tempo.co/card.jpg" alt="%(alt)s"></a></figure>
<article class="text-card">%(date)s
<h2 class="title"><a href="%(url)s">%(headline)s</a></h2>
<p>%(excerpt)s</p></article></div></li>"""

_AVATAR: Final = """<div class="box-avatar">
<div class="avatar"><img src="https://statik.tempo.co/avatar.png" alt=""></div>
<div class="text-avatar"><p class="title">%s</p><h4 class="title bold">%s</h4></div></div>
"""

_PICTURE: Final = """<div class="foto-detail margin-bottom-sm">
<figure class="margin-bottom-xs"><img src="%(url)s" alt=""></figure>
<figcaption>%(caption)s %(label)s%(credit)s</figcaption></div>
"""

_GOOGLE_NEWS: Final = """<p><em>Click <a href="https://news.google.com/publications/replica">here</a> to get
the latest news updates from Tempo on Google News</em></p>"""
_DATELINES: Final = (
    "<strong>TEMPO.CO</strong>, <strong>%s</strong> - ",
    "<strong>TEMPO.CO</strong>, <strong>%s</strong> – ",
    "TEMPO.CO, %s - ",
    "<b>TEMPO.CO, %s</b> - ",
)
_CHOICE: Final = ("Editor's Choice:", "Editor’s Choice:")
_GOOGLE_NEWS_SKIPPED_ONCE_IN: Final = 4


def article(sheet: Sheet) -> bytes:
    story = sheet.story
    shown = {
        "headline": attribute(story.headline),
        "excerpt": attribute(story.excerpt),
        "url": attribute(story.url),
        "paints": sheet.paints,
        "section_url": story.edition.section_url(story.section),
        "section": text(story.section.name),
        "byline": "".join(map(_avatar, sheet.credits)),
        "date": english_time(story.published, story.edition.lexicon),
        "picture": _picture(sheet.picture) if sheet.picture else "",
        "body": "\n".join(_body(sheet)),
        "tags": "".join(map(_tag, sheet.keywords)),
    }
    cards = _CARDS % "\n".join(map(_card, sheet.cards))
    parts = ((_HEAD % shown).encode(), _STYLE, b"</head>\n<body>\n", _MENU, (_ARTICLE % shown + cards).encode())
    return b"".join((*parts, _SCRIPTS[sheet.style % len(_SCRIPTS)], _FOOTER))


def _avatar(credit: Credit) -> str:
    return _AVATAR % (credit.role.capitalize(), text(credit.name))


def _picture(picture: Picture) -> str:
    return _PICTURE % {
        "url": picture.url,
        "caption": text(picture.caption),
        "label": picture.label,
        "credit": text(picture.credit),
    }


def _tag(keyword: str) -> str:
    return f'<a href="https://en.tempo.co/tag/{slug_of(keyword)}" target="_blank" >  {text(keyword)}</a>'


def _body(sheet: Sheet) -> list[str]:
    """Paragraphs, with lines between and after them that are no text."""
    paragraphs = [f"<p>{text(paragraph)}</p>" for paragraph in sheet.paragraphs]
    if sheet.style & 1:
        paragraphs = [entities(paragraph) for paragraph in paragraphs]
    if sheet.dateline:
        paragraphs[0] = f"<p>{_DATELINES[sheet.style % len(_DATELINES)] % text(sheet.story.place)}{paragraphs[0][3:]}"
    if sheet.read_also:
        after, other = sheet.read_also
        paragraphs[after] += f"\n<p><strong>Read: {link(other.url, other.headline)}</strong></p>"
    if sheet.illustration:
        after, caption = sheet.illustration
        paragraphs[after] += f"\n<p>{text(caption)}</p>"
    return paragraphs + _closing(sheet)


def _closing(sheet: Sheet) -> list[str]:
    lines = []
    if sheet.signed:
        lines.append(f"<p><strong>{sheet.signed}</strong></p>")
    if sheet.contributor:
        lines.append(f"<p><em>{text(sheet.contributor)} contributed to this article</em></p>")
    if sheet.editors_choice:
        other = sheet.editors_choice
        lines.append(f"<p><strong>{_CHOICE[sheet.style >> 4 & 1]} {link(other.url, other.headline)}</strong></p>")
    if sheet.style % _GOOGLE_NEWS_SKIPPED_ONCE_IN:
        lines.append(_GOOGLE_NEWS)
    return lines


def _card(card: Card) -> str:
    return _CARD % {
        "url": attribute(card.url),
        "alt": attribute(card.headline),
        "date": f'<h4 class="date">{card.age}</h4>' if card.age else "",
        "headline": text(card.headline),
        "excerpt": text(card.excerpt or ""),
    }
