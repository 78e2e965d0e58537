"""AMP pages of read-2021: the classes of the page that each stands for, in the elements that AMP allows.

No carousel, no scripts but AMP's own; pictures are `amp-img`; the canonical link names the article.
"""

from __future__ import annotations

from typing import Any, Final

from replica.archive.sheet import OldSheet
from replica.pages import filler
from replica.pages.markup import attribute, text
from replica.pages.old import dateline, news_article, script
from replica.pages.read_2021_old import avatar, date, line_of, linked_authors, related_card, tag
from replica.pages.read_2021_old import said as said_there
from replica.sheet import Picture

_STYLE: Final = filler.style().replace(b"<style>", b"<style amp-custom>")
_MENU_RULES: Final = 3  # styles in a row: AMP pages are as heavy as their style

_HEAD: Final = """<!doctype html>
<html %(mark)s lang="%(lang)s">
<head>
<meta charset="utf-8">
<script async src="https://cdn.ampproject.org/v0.js"></script>
<script async custom-element="amp-ad" src="https://cdn.ampproject.org/v0/amp-ad-0.1.js"></script>
<title>%(headline)s - %(section)s</title>
<link rel="canonical" href="%(url)s">
<meta name="viewport" content="width=device-width,minimum-scale=1,initial-scale=1">
<meta name="description" content="%(excerpt)s">
<meta property="og:type" content="article">
<meta property="og:title" content="%(headline)s">
<meta property="og:url" content="%(url)s">
%(linked_data)s
<style amp-boilerplate>body{animation:-amp-start 8s steps(1,end) 0s 1 normal both}</style>
"""
_PAGE: Final = """<amp-sidebar id="menu" layout="nodisplay"><ul><li><a href="https://%(host)s">Home</a></li></ul></amp-sidebar>
<header class="header"><a href="https://%(host)s"><amp-img src="https://statik.tempo.co/logo.png"></amp-img></a></header>
<main>
<div class="breadcrumbs"><ul class="sitemap"><li><a href="https://%(host)s">Home</a></li>
<li><a href="%(section_url)s">%(section)s</a></li></ul></div>
<article class="detail-artikel">
<div class="detail-title"><h1 class="title">%(headline)s</h1>
%(byline)s<h4 class="date">%(date)s</h4></div>
%(pictures)s<div class="%(body_class)s">
%(body)s
</div>
</article>
<div class="box-tag-detail">%(tags)s</div>
<section class="blockbox"><h2 class="titlebox">%(related)s</h2><ul>
%(cards)s</ul></section>
<amp-ad width="300" height="250" type="doubleclick" data-slot="/1/%(paints)d"><p>Iklan</p></amp-ad>
</main>
<footer><p>Tempo</p></footer>
</body>
</html>
"""
_PICTURE: Final = """<div class="foto-detail"><figure><amp-img src="%(url)s" width="720" height="405"
 layout="responsive" alt=""></amp-img></figure>
<figcaption>%(caption)s %(credit)s</figcaption></div>
"""
_AD: Final = '<amp-ad width="300" height="250" type="doubleclick"><p>Iklan</p></amp-ad>'


def url_of(article_url: str) -> str:
    return article_url.replace("/read/", "/amp/", 1)


def article(sheet: OldSheet) -> bytes:
    story, english = sheet.story, sheet.generation.language == "en"
    shown = {
        "mark": ("amp", "⚡")[sheet.style & 1],
        "lang": "id",
        "headline": attribute(story.headline),
        "excerpt": attribute(sheet.description),
        "url": attribute(story.url),
        "host": story.url.split("/")[2],
        "section": text(story.section.name),
        "section_url": sheet.generation.section_url(story.section),
        "linked_data": script(news_article(sheet, author=linked_authors(sheet.credits))),
        "byline": _without_pictures("".join(map(avatar, sheet.credits))),
        "date": date(sheet),
        "pictures": "".join(map(_picture, sheet.pictures)),
        "body_class": "detail-in" if english else "detail-konten",
        "body": "\n".join(_body(sheet)),
        "tags": "".join(map(tag, sheet.keywords)),
        "related": "Related News" if english else "Berita Terkait",
        "cards": "".join(f"<li>{_without_pictures(related_card(card))}</li>\n" for card in sheet.cards),
        "paints": sheet.paints,
    }
    head, page = (_HEAD % shown).encode(), (_PAGE % shown).encode()
    return b"".join((head, _STYLE * _MENU_RULES, b"</head>\n<body>\n", page))


def said(sheet: OldSheet) -> dict[str, Any]:
    return said_there(sheet) | {"pageVersion": "amp"}


def _picture(picture: Picture) -> str:
    return _PICTURE % {"url": picture.url, "caption": text(picture.caption), "credit": text(picture.credit)}


def _body(sheet: OldSheet) -> list[str]:
    lines = list(map(line_of, sheet.lines))
    if sheet.dateline:
        lines[0] = "<p>" + dateline(sheet.dateline) + lines[0][3:]
    lines[1:1] = [_AD]
    return lines


def _without_pictures(markup: str) -> str:
    """`<img>` is not allowed."""
    return markup.replace("<img ", "<amp-img ")
