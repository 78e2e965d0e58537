"""Pages of Tempo's further kinds in its markup, in words of our own."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from crawler.sites.registry import site_of
from crawler.sites.site import Page
from stories.article import Article
from stories.errors import PageError
from stories.fate import Fate

AT = datetime(2023, 1, 30, 5, tzinfo=UTC)

MAGZ = "https://magz.tempo.co/read/cover-story/90001/the-kite-makers"
PHOTO = "https://foto.tempo.co/read/80001/layang-layang"
VIDEO = "https://video.tempo.co/read/70001/layang-layang"
GRAPHIC = "https://grafis.tempo.co/read/3001/layang-layang"
NEWS = "https://tekno.tempo.co/read/1900001/layang-layang"

LEAD = (
    '<div class="foto-detail"><figure><img src="https://images-tm.tempo.co/1_1200.jpg"></figure>'
    '<figcaption>Kites over the bay. TEMPO/Ani Suci<small style="color:#fff;">. tempo : 1673</small></figcaption></div>'
)
WALL = (
    '<div class="newblur-pwcontain"><div class="pw-containers"><p><img src="assets/images/LockKey.png">'
    "Subscribe to continue reading.</p><ul><li>Up to 52 editions</li></ul></div></div>"
)
ISSUES = (
    '<ul class="list-konten-eksklusif"><li><div class="card-box"><a href="https://magz.tempo.co/edisi/1/2023-01-16">'
    '<img src="c.jpg"></a><h3 class="title">January 16, 2023</h3></div></li></ul>'
)


def read(url: str, html: str) -> Article:
    site = site_of(url)
    assert site is not None
    found = site.read(Page(url=url, body=html.encode(), downloaded_at=AT, content_type="text/html; charset=utf-8"))
    assert isinstance(found, Article)
    return found


def fate(url: str, html: str) -> Fate | str:
    try:
        return read(url, html).page_version
    except PageError as error:
        return error.fate


def json_ld(**said: Any) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle"} | said)}</script>'


def meta(**said: str) -> str:
    """`og_title="A"` -> `<meta property="og:title" content="A">`."""
    return "".join(f'<meta property="{name.replace("_", ":", 1)}" content="{value}">' for name, value in said.items())


def page(head: str, body: str, *, html: str = 'lang="id"') -> str:
    return f"<!doctype html><html {html}><head><meta charset='utf-8'>{head}</head><body>{body}</body></html>"


def magazine(
    body: str = "<p>The wind came early this year, and with it the kites.</p>",
    *,
    head: str = meta(og_title="The Kite Makers"),
    title: str = '<h1 class="title">The Kite Makers</h1>',
    date: str = '<h4 class="date">Monday, 16 January 2023</h4>',
    people: str = "",
    crumbs: str = "",
    lead: str = LEAD,
    below: str = "",
) -> str:
    return page(
        head,
        f'<main class="cd-main-content"><div class="breadcrumbs"><ul class="sitemap">{crumbs}</ul></div>'
        f'<section class="main-full"><article class="detail-artikel"><div class="detail-title">{title}'
        f'<div class="block-avatar">{people}</div>{date}<h3 class="title"><p>What they fly for.</p></h3></div>{lead}'
        f'<div class="detail-in has-dropcap">{body}</div></article>{below}{ISSUES}</section></main>',
    )


def avatar(name: str) -> str:
    """The first link of a person is a picture."""
    url = f"https://magz.tempo.co/reporter/{name.lower().replace(' ', '-')}"
    return (
        f'<div class="box-avatar"><div class="avatar"><a href="{url}?x=1"><img src="u.jpg"></a></div>'
        f'<div class="text-avatar"><h4 class="title bold"><a href="{url}"> {name} </a></h4>'
        '<h4 class="title">(Jurnalis Tempo)</h4></div></div>'
    )


def news(
    body: str,
    *,
    head: str = "",
    lead: str = "",
    people: str = "",
    below: str = "",
    crumbs: str = "",
    html: str = 'lang="en"',
) -> str:
    """The frame of 2021, which photo pages, videos and AMP pages share with articles."""
    return page(
        head,
        f'<main class="cd-main-content"><div class="breadcrumbs"><ul class="sitemap"><li><a href="/">Beranda</a></li>'
        f'{crumbs}</ul></div><main class="main-left"><article class="detail-artikel"><div class="detail-title">'
        f'<h1 class="title">Layang-layang di Atas Teluk</h1>{people}'
        f'<h4 class="date">Kamis, 4 Maret 2021 | 14:06 WIB</h4></div>{lead}{body}</article>'
        f'<div class="box-tag-detail"><a href="#">Angin</a><a href="#">Teluk</a></div>{below}</main></main>',
        html=html,
    )


def byline(label: str, name: str) -> str:
    name = f'<h4 class="title bold"><a href="#">{name}</a></h4>'
    return f'<div class="text-avatar"><h4 class="title">{label}</h4>{name}</div>'


def gallery(
    figures: str, captions: str = "", *, prose: str = "", head: str = "", cards: str = "", author: str = "Citra Dewi"
) -> str:
    """A photo page of 2017."""
    return page(
        head,
        '<header><span class="date">Minggu, 5 November 2017</span><h1>Fokus</h1></header>'
        '<main id="gallery"><nav class="breadcrumbs"><li><a href="https://www.tempo.co/">Home</a></li>'
        '<li><a href="//foto.tempo.co">Foto</a></li></nav><section class="gallery-title"><h2>Galeri Foto</h2>'
        '<h1 itemprop="headline">Layang-layang di Atas Teluk</h1><div id="author" class="author"><p>oleh:</p>'
        f'<h4 itemprop="author">{author}</h4></div>'
        '<span id="date" class="date" itemprop="datePublished">Jumat, 27 Oktober 2017 13:25 WIB</span></section>'
        '<section id="section-4"><div class="foto foto-detail swiper-container" itemscope '
        f'itemtype="http://schema.org/ImageGallery"><div class="swiper-wrapper">{figures}</div></div></section>'
        f'<section id="article"><article itemprop="description">{prose}<div class="swiper-container foto-caption">'
        f'<div class="swiper-wrapper">{captions}</div></div><div class="tags"><li>'
        f'<a href="/tag/angin" itemprop="keywords">Angin</a></li></div></article>{cards}</section></main>',
    )


def figure(number: int, **attributes: str) -> str:
    told = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in attributes.items())
    source = "" if "src" in attributes else f' src="https://cdn.tmpo.co/{number}_720.jpg"'
    return (
        f'<figure class="swiper-slide" itemscope itemtype="http://schema.org/ImageObject" data-hash="foto-{number}">'
        f'<img itemprop="image"{source}{told} alt=""><figcaption><!-- none --></figcaption></figure>'
    )


def caption(words: str) -> str:
    return f'<div class="swiper-slide" itemprop="caption"><p>{words}</p></div>'
