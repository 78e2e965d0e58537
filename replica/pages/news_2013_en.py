"""Layout news-2013 in English: en.tempo.co of 2013 to mid 2017 (docs/tempo.md, section 3).

No h1, no byline, no JSON-LD; excerpts broken by line breaks; a carousel and a column of other news above the article.
"""

from __future__ import annotations

from textwrap import fill
from typing import Any, Final

from replica.archive.sheet import OldSheet, Paragraph, Signed
from replica.editions import EN
from replica.pages import filler
from replica.pages.markup import attribute, entities, link, text
from replica.sheet import Card, Picture
from replica.story import Story, slug_of
from replica.times import clock, weekday_date

_STYLE: Final = filler.style()
_MENU: Final = filler.menu(EN.host, EN.lexicon.sections)
_SCRIPTS: Final = filler.scripts()
_FOOTER: Final = filler.footer(EN.host)

_HEAD: Final = """<!DOCTYPE HTML>
<html xmlns="http://www.w3.org/1999/xhtml" dir="ltr" lang="en-US">
<head>
%(charset)s<meta property="og:type" content="article" />
<meta property="og:url" content="%(old_url)s" />
<meta property="og:title" content="%(headline)s" />
<meta property="og:description" content="%(excerpt)s" />
<link rel="canonical" href="%(old_url)s"/>
<meta name="keywords" content="%(topic)s" />
<meta name="description" content="%(excerpt)s" />
<meta name="title" content="%(headline)s | %(section)s | Tempo.Co :: Indonesian News Portal" />
<title>%(headline)s | %(section)s | Tempo.Co :: Indonesian News Portal</title>
<script type="text/javascript">var _views = %(paints)d;</script>
"""

_PAGE: Final = """<ul id="mycarousel" class="jcarousel-skin-tango" style="display:none;">
%(carousel)s</ul>
<div class="kolom-kanan-front">
%(column)s</div>
<div class="kolom-2-kolom">
<div class="blok-share"><div class="twitter-share"><a href="https://twitter.com/tempo_english">Follow</a></div></div>
%(picture)s<div id="blok-sitemap"><div class="home-map"><a href="/">Home</a><span class="site-map"><a
 href="/%(slug)s">%(section)s</a></span></div></div>
<div class="tanggal">%(date)s</div>
<div class="judul-konten">%(headline)s</div>
<div class="zoom-font"><a href="#" title="Perbesar huruf" class="fontBesar">Zoom Out</a>
<a href="#" title="Kembali normal" class="fontReset">Normal</a></div>
<div class="tubuh-berita">
%(body)s
</div> <!-- END TUBUH BERITA -->
<div class="konten-terkait">
<div class="berita-terkait">
<div class="judul-terkait">Related</div>
%(cards)s</div>
<div class="mlta">
<div class="judul-mlta">Topic</div>
%(tags)s</div>
<div class="lainnya-terkait"><div class="judul-terkait">Photo</div><div class="foto-terkait">
<div class="judul-kiri-lainnya"><a href="/read/beritafoto/35692/a-day-at-the-harbor">A Day at the Harbor</a></div>
</div></div>
</div>
</div>
"""

_SLIDE: Final = """<li><img src="http://cdn.tmpo.co/card_150.jpg" class="header-foto" alt="%(alt)s"/>
<div class="bintang-judul"><a href="%(url)s">%(headline)s</a></div></li>
"""
_COLUMN: Final = """<div class="kolom-300"><div class="tanggal">%(date)s </div>
<div class="judul-kolom-300"><a href="%(url)s">%(headline)s</a></div>
<div class="min-kolom-300">%(excerpt)s</div></div>
"""
_PICTURE: Final = """<div class="blok-foto-konten">
<div class="foto-konten"><img src="%(url)s" class="foto-konten" alt=""/></div>
<div class="foto-desc">%(caption)s %(label)s%(credit)s</div></div>
"""
_DATELINE: Final = (
    '<span class="grey"><strong>%s</strong></span>, <span class="grey"><strong>%s</strong></span> -&nbsp;',
    "<strong>%s</strong>, <strong>%s</strong> - ",
    "%s, %s - ",
)
_WIDTH: Final = 60  # where the template broke excerpts
_CHARSETS: Final = (
    ("utf-8", '<meta charset="utf-8">\n'),
    ("windows-1252", '<meta http-equiv="Content-Type" content="text/html; charset=windows-1252">\n'),
    ("windows-1252", '<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1">\n'),
)
"""What a page is written in, and what it says: browsers read iso-8859-1 as windows-1252 (WHATWG Encoding)."""


def article(sheet: OldSheet) -> bytes:
    story = sheet.story
    encoding, charset = _CHARSETS[sheet.style % len(_CHARSETS)]
    shown = {
        "charset": charset,
        "old_url": _as_of_old(story.url, sheet.style),
        "headline": attribute(story.headline),
        "excerpt": attribute(fill(sheet.description, _WIDTH, break_on_hyphens=False)),
        "topic": attribute(story.topic),
        "section": text(story.section.name),
        "slug": story.section.slug,
        "paints": sheet.paints,
        "date": _date(sheet, gap="  "),
        "carousel": "".join(_SLIDE % _listed(other) for other in sheet.hot[:3]),
        "column": "".join(_COLUMN % _listed(other) for other in sheet.hot[3:]),
        "picture": "".join(map(_picture, sheet.pictures)),
        "body": "\n".join(_body(sheet)),
        "cards": "".join(map(_card, sheet.cards)),
        "tags": "".join(
            f'<li><a href="/topik/masalah/32/{slug_of(tag)}">{text(tag)}</a></li>' for tag in sheet.keywords
        ),
    }
    page = (_PAGE % shown).encode(encoding, "xmlcharrefreplace")
    head = (_HEAD % shown).encode(encoding, "xmlcharrefreplace")
    parts = (head, _STYLE, b"</head>\n<body>\n", _MENU, page, _SCRIPTS[sheet.style % len(_SCRIPTS)], _FOOTER)
    return b"".join(parts)


def said(sheet: OldSheet) -> dict[str, Any]:
    """A link to the section is relative, so it has the scheme of the address that answered."""
    return {"datePublishedRaw": _date(sheet), "dateSource": "visible"}


def _as_of_old(url: str, style: int) -> str:
    """As the page linked itself then: without TLS, half of them with the edition in the name."""
    old = url.replace("https:", "http:", 1)
    head, _, slug = old.rpartition("/")
    return f"{head},uk.html/{slug}" if style & 8 else old


def _date(sheet: OldSheet, gap: str = " ") -> str:
    story = sheet.story
    comma = "," if sheet.style & 1 else ""
    return f"{weekday_date(story.published, EN.lexicon, comma=comma)} |{gap}{clock(story.published)}"


def _listed(story: Story) -> dict[str, str]:
    return {
        "url": attribute(story.url.replace("https:", "http:", 1)),
        "alt": attribute(story.headline),
        "headline": text(story.headline),
        "date": f"{weekday_date(story.published, EN.lexicon)} | 19:14",
        "excerpt": text(story.excerpt),
    }


def _picture(picture: Picture) -> str:
    return _PICTURE % {
        "url": picture.url,
        "caption": text(picture.caption),
        "label": "Image: " if len(picture.caption) % 2 else "",
        "credit": text(picture.credit),
    }


def _body(sheet: OldSheet) -> list[str]:
    """Paragraphs with the editor's spans, and the empty ones that it left."""
    lines = []
    for line in sheet.lines:
        if isinstance(line, Paragraph):
            lines.append(f"<p><span>{text(line.text)}</span></p>" if sheet.style & 2 else f"<p>{text(line.text)}</p>")
        elif isinstance(line, Signed):
            lines.append(f"<p>&nbsp;</p>\n<p><strong>{text(line.line)}</strong></p>\n<p><strong></strong></p>")
    if sheet.dateline:
        form = _DATELINE[sheet.style // 4 % len(_DATELINE)]
        lines[0] = "<p>" + form % (sheet.dateline.publisher, text(sheet.dateline.place or "")) + lines[0][3:]
    return [entities(line) for line in lines] if sheet.style & 4 else lines


def _card(card: Card) -> str:
    path = card.url.removeprefix(f"https://{EN.host}")
    return f"<li>{link(path, card.headline)}</li>"
