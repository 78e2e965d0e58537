"""Layout news-2013 in Indonesian: the channels of 2013 to mid 2017 (docs/tempo.md, section 3).

The whole text stands in one paragraph with breaks; who wrote it, in capitals at its end.
"""

from __future__ import annotations

from typing import Any, Final

from replica.archive.sheet import OldSheet, Paragraph, Signed
from replica.editions import ID
from replica.pages import filler
from replica.pages.markup import attribute, link, text
from replica.pages.old import channel_date, dateline
from replica.sheet import Picture
from replica.story import slug_of

_STYLE: Final = filler.style()
_MENU: Final = filler.menu(ID.host, ID.lexicon.sections)
_SCRIPTS: Final = filler.scripts()
_FOOTER: Final = filler.footer(ID.host)

_HEAD: Final = """<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN">
<html xmlns="http://www.w3.org/1999/xhtml" lang="en">
<head>
<meta http-equiv="Content-Type" content="text/html; charset=%(charset)s">
<title>%(headline)s | %(section)s | Tempo.co</title>
<meta name="description" content="%(excerpt)s">
<meta property="og:type" content="article">
<meta property="og:title" content="%(headline)s">
<meta property="og:url" content="%(url)s">
<meta property="og:description" content="%(excerpt)s">
<link rel="canonical" href="%(url)s">
<script type="text/javascript">var _hits = %(paints)d;</script>
"""

_PAGE: Final = """<div class="header shadow"><ul class="newsticker">%(ticker)s</ul></div>
<div class="main-left">
<div class="block-kanal-map"><a href="/">Home</a> &raquo; <a href="%(section_url)s">%(section)s</a></div>
<div class="artikel">
<div class="block-tanggal">
	%(date)s
</div>
<h1>%(headline)s</h1>
%(picture)s<div class="font-size"><a href="#">A-</a> <a href="#">A+</a></div>
<p>%(body)s</p>
</div>
<div class="block-topik">
<h4>Topik</h4>
<ul class="topik-terkait">%(tags)s</ul>
</div>
<div class="block-terkait">
<h4>Berita Terkait</h4>
<ul>
%(cards)s
</ul>
</div>
</div>
<div class="main-right"><h4>Terpopuler</h4>
<ol class="populer">%(popular)s</ol></div>
"""

_PICTURE: Final = """<div class="single-img"><img src="%(url)s" alt="%(alt)s">
<div class="deskripsi">%(caption)s %(credit)s</div></div>
"""
_CHARSETS: Final = ("utf-8", "utf-8", "windows-1252", "iso-8859-1")


def article(sheet: OldSheet) -> bytes:
    story = sheet.story
    charset = _CHARSETS[sheet.style % len(_CHARSETS)]
    shown = {
        "charset": charset,
        "headline": attribute(story.headline),
        "excerpt": attribute(sheet.description),
        "url": attribute(story.url.replace("https:", "http:", 1)),
        "section": text(story.section.name),
        "section_url": f"http://{story.section.slug}.tempo.co/",
        "paints": sheet.paints,
        "date": channel_date(sheet),
        "picture": "".join(map(_picture, sheet.pictures)),
        "body": "<br><br>\n".join(_body(sheet)),
        "tags": "".join(f'<li><a href="/topik/{slug_of(tag)}">{text(tag)}</a></li>' for tag in sheet.keywords),
        "cards": "\n".join(f"<li>{link(card.url, card.headline)}</li>" for card in sheet.cards),
        "ticker": "".join(f"<li>{link(other.url, other.headline)}</li>" for other in sheet.hot[:3]),
        "popular": "".join(f"<li>{link(other.url, other.headline)}</li>" for other in sheet.hot[3:]),
    }
    encoding = "utf-8" if charset == "utf-8" else "windows-1252"
    head, page = ((part % shown).encode(encoding, "xmlcharrefreplace") for part in (_HEAD, _PAGE))
    parts = (head, _STYLE, b"</head>\n<body>\n", _MENU, page, _SCRIPTS[sheet.style % len(_SCRIPTS)], _FOOTER)
    return b"".join(parts)


def said(sheet: OldSheet) -> dict[str, Any]:
    story = sheet.story
    crumb = {"name": story.section.name, "url": f"http://{story.section.slug}.tempo.co/"}
    return {"datePublishedRaw": channel_date(sheet), "dateSource": "visible", "breadcrumbs": [crumb]}


def _picture(picture: Picture) -> str:
    return _PICTURE % {
        "url": picture.url,
        "alt": attribute(picture.caption),
        "caption": text(picture.caption),
        "credit": text(picture.credit),
    }


def _body(sheet: OldSheet) -> list[str]:
    lines = [
        text(line.text) if isinstance(line, Paragraph) else f"<strong>{text(line.line)}</strong>"
        for line in sheet.lines
        if isinstance(line, Paragraph | Signed)
    ]
    if sheet.dateline:
        lines[0] = dateline(sheet.dateline) + lines[0]
    return lines
