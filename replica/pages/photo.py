"""Photo pages of foto.tempo.co in the design of 2017 (the stored page): pictures in one strip, captions in another.

There is no text beside the captions. The title and the date for machines are another page's, left in the template.
"""

from __future__ import annotations

from typing import Any, Final

from replica.archive.sheet import OldSheet
from replica.editions import ID
from replica.pages import filler
from replica.pages.markup import attribute, text
from replica.pages.old import channel_date
from replica.pages.read_2017 import card, listed
from replica.sheet import Picture
from replica.story import slug_of

_STYLE: Final = filler.style()
_MENU: Final = filler.menu(ID.host, ID.lexicon.sections)
_SCRIPTS: Final = filler.scripts()
_FOOTER: Final = filler.footer(ID.host)

_HEAD: Final = """<!DOCTYPE html>
<html id="tempoco-2017" lang="en">
<head>
<title>Sirkuit Terbaik - Foto Tempo.co</title>
<meta charset="utf-8">
<link rel="original-source" href="https://www.tempo.co/" />
<link rel="canonical" href="%(url)s" />
<meta name="description" content="%(excerpt)s"/>
<meta property="og:locale" content="id_ID" />
<meta property="og:type" content="article" />
<meta property="og:url" content="%(url)s" />
<meta property="og:title" content="%(headline)s" />
<meta property="og:description" content="%(excerpt)s" />
<meta property="DC.date.issued" content="2017-02-01T18:00:00+07:00" />
<script>var _views = %(paints)d;</script>
"""
_PAGE: Final = """<div class="container"><header class="header-top"><span class="date">Jumat, 27 Oktober 2017 </span>
<div class="swiper-container head-newsflash clearfix"><div class="swiper-wrapper">
%(slides)s</div></div></header>
<main id="gallery">
<div class="container-desktop"><section class="clearfix">
<nav class="breadcrumbs" itemscope itemtype="http://schema.org/BreadcrumbList">
<li itemprop="itemListElement"><a itemprop="item" href="https://www.tempo.co/">Home</a></li>
<li itemprop="itemListElement"><a itemprop="item" href="//foto.tempo.co">Foto</a></li>
</nav></section></div>
<section class="gallery-title"><div class="container-desktop clearfix"><h2>Galeri Foto</h2>
<div class="col w-70"><h1 itemprop="headline">
	%(headline)s </h1>
<div class="sub-head"><div id="author" class="author">
<p>oleh:</p>%(byline)s
</div><span id="date" class="date" itemprop="datePublished">%(date)s</span></div></div></div></section>
<section id="section-4"><div class="foto foto-detail swiper-container" itemscope
 itemtype="http://schema.org/ImageGallery"><div class="swiper-wrapper clearfix">
%(strip)s</div></div></section>
<div class="container-desktop"><section id="article" class="clearfix"><div class="col w-70"><div class="wrapper">
<article itemprop="description">
<div class="swiper-container foto-caption"><div class="swiper-wrapper">
%(captions)s</div></div>
<hr class="w-50">
<div class="tags clearfix">
%(tags)s</div>
</article>
<section id="section-3" class="kanal-pilihan"><div class="wrapper clearfix">
<div id="terkait" class="col w-50"><div class="wrapper"><a href="#terkait-1" class="box-title">Terkait</a>
%(cards)s</div></div></div></section>
</div></div></section></div></main></div>
"""
_SLIDE: Final = """<div class="swiper-slide clearfix"><a href="#"><h1>
	Fokus
</h1></a><div class="col w-50"><a href="%(url)s"><h2>%(headline)s</h2></a></div></div>
"""
_PHOTO: Final = """<figure class="swiper-slide" itemscope itemtype="http://schema.org/ImageObject">
<div class="card card-type-5"><a class="col" href="%(url)s"><img itemprop="image" src="%(url)s"
 data-original-source="%(url)s" alt=""></a>
<figcaption>
<!-- <a class="col" href="https://statik.tempo.co/?id=&width=720"> -->
</figcaption></div></figure>
"""
_CAPTION: Final = '<div class="swiper-slide" itemprop="caption">\n<p>%s %s</p>\n</div>\n'


def article(sheet: OldSheet) -> bytes:
    story = sheet.story
    shown = {
        "headline": attribute(story.headline),
        "excerpt": attribute(sheet.description),
        "url": attribute(story.url),
        "paints": sheet.paints,
        "slides": "".join(_SLIDE % listed(other) for other in sheet.hot[:3]),
        "byline": "".join(f'<h4 itemprop="author">{text(credit.name)}</h4>' for credit in sheet.credits),
        "date": channel_date(sheet, gap=" "),
        "strip": "".join(_PHOTO % {"url": picture.url} for picture in sheet.pictures),
        "captions": "".join(map(_caption, sheet.pictures)),
        "tags": "".join(map(_tag, sheet.keywords)),
        "cards": "".join(map(card, sheet.cards)),
    }
    head, page = (_HEAD % shown).encode(), (_PAGE % shown).encode()
    parts = (head, _STYLE, b"</head>\n<body>\n", _MENU, page, _SCRIPTS[sheet.style % len(_SCRIPTS)], _FOOTER)
    return b"".join(parts)


def said(sheet: OldSheet) -> dict[str, Any]:
    """What stands below the pictures is the text."""
    captions = dict.fromkeys(picture.caption for picture in sheet.pictures)
    return {
        "datePublishedRaw": channel_date(sheet, gap=" "),
        "dateSource": "visible",
        "articleSection": "Foto",
        "breadcrumbs": [{"name": "Foto", "url": "https://foto.tempo.co"}],
        "articleBody": "\n\n".join(captions),
    }


def _caption(picture: Picture) -> str:
    return _CAPTION % (text(picture.caption), text(picture.credit))


def _tag(keyword: str) -> str:
    return f'<li><a href="https://www.tempo.co/tag/{slug_of(keyword)}" itemprop="keywords">{text(keyword)}</a></li>\n'
