"""Layout magazine-2021: magz, majalah and koran of 2021 to 2023 (docs/tempo.md, section 3).

Most are paywalled, and say so in JSON-LD. The visible date is only a day; majalah's h1 is the title in print, so the
headline is what the page tells machines; a script may stand inside a paragraph, a picture and its caption between two.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from replica.archive.sheet import Line, OldSheet, Paragraph, Pointer
from replica.archive.truth import modified
from replica.pages import filler
from replica.pages.markup import attribute, entities, link, text
from replica.pages.old import linked, news_article, script
from replica.sheet import Card, Credit, Picture
from replica.story import slug_of, title_case
from replica.times import linked_data_time, weekday_date
from replica.words.indonesian import INDONESIAN

_STYLE: Final = filler.style()
_SCRIPTS: Final = filler.scripts()

_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "magz": {"home": "Home", "more": "More Articles", "covers": "More exclusive contents", "label": "Tempo English",
             "comment": "0 Comment", "people": "reporter", "subscribe": "Subscribe to continue reading."},
    "majalah": {"home": "Beranda", "more": "Berita Lainnnya", "covers": "Konten Eksklusif Lainnya", "label": "Majalah",
                "comment": "0 Komentar", "people": "profile", "subscribe": "Silakan berlangganan untuk membaca."},
    "koran": {"home": "Beranda", "more": "Berita Lainnya", "covers": "Konten Eksklusif Lainnya", "label": "Koran",
              "comment": "0 Komentar", "people": "profile", "subscribe": "Silakan berlangganan untuk membaca."},
}  # fmt: skip
"""`Lainnnya` is Tempo's own spelling."""

_HEAD: Final = """<!doctype html>
<html lang="en" class="no-js" style="font-size: 16px;">
<head>
<meta charset="UTF-8">
<meta property="og:locale" content="id_ID" />
<meta property="og:type" content="article" />
<meta property="og:url" content="%(url)s" />
<meta property="og:title" content="%(headline)s" />
<meta property="og:site_name" content="Tempo"/>
<meta property="og:description" content="%(excerpt)s" />
<meta property="article:published_time" content="%(time)s">
<link rel="original-source" href="%(url)s" />
<link rel="canonical" href="%(url)s" />
<title>%(headline)s - %(section)s - %(host)s</title>
<meta charset="utf-8">
<link rel="original-source" href="https://%(host)s/" />
<link rel="amphtml" href="%(amp)s">
<meta name="description" content="%(excerpt)s"/>
<meta name="keywords" content="%(keywords)s"/>
<meta name="author" content="%(author)s">
<meta property="article:section" content="%(section_slug)s">
<meta property="dable:item_id" content="%(number)d">
%(linked_data)s
<script>
    dataLayer = [%(data_layer)s];
</script>
<script>var _views = %(paints)d;</script>
"""

_PAGE: Final = """<div id="pops-login" class="white-popup-block mfp-hide"><div class="pops-header">
<h4 class="title">Satu Akun, Untuk Semua Akses</h4></div>
<p>Forgot Password ? <a href="https://subscribe.tempo.co/users/users/settings/">Click Here</a></p></div>
<header class="header"><div class="top-head"><div class="logo"><a href="https://%(host)s/"><img alt=""></a></div>
<a href="https://subscribe.tempo.co/" class="top-berlangganan radius2">Subscribe</a></div></header>
<main class="cd-main-content"><div class="container small left padding-no">
<div class="breadcrumbs margin-bottom-sm"><ul class="sitemap">
<li><a href="https://%(host)s/" class="fade">%(home)s</a></li>
<li><a href="#" class="fade selected">%(crumb)s</a></li>
</ul></div>
<section class="main-full">
<article class="detail-artikel">
<div class="detail-title">
<h1 class="title margin-bottom-sm cl-black">%(title)s</h1>
<div class="block-avatar margin-bottom-sm">%(byline)s</div>
<h4 class="date margin-bottom-sm">%(date)s</h4>
<h3 class="title margin-bottom-sm"><p>%(excerpt_text)s</p></h3>
<div class="box-share-top margin-bottom-sm"><a href="#comment" class="top-comment radius2">%(comment)s</a></div>
</div>
%(pictures)s<div class="detail-in has-dropcap">
%(body)s
</div>
</article>
<div class="box-tag-detail">
%(tags)s</div>
<div class="box-newsletter margin-bottom-lg"><h4 class="title">Newsletter</h4>
<p class="margin-bottom-sm">Get a daily summary of exclusive news in your inbox.</p></div>
<div class="blockbox overflow"><a href="%(next)s" class="sign-btn medium minimalis bg-black cl-white">Next</a></div>
<div class="blockbox overflow margin-bottom-xs"><div class="redline"><h2 class="titlebox fftw">%(more)s</h2></div>
<ul class="row-list row2 pad12 list-berita-lainnya">
%(cards)s</ul></div>
<div class="blockbox overflow"><div class="redline"><h2 class="titlebox fftw">%(covers)s</h2></div>
<ul class="row-list row4 list-konten-eksklusif">
<li><div class="card-box"><div class="img-card"><a href="https://%(host)s/edisi/1534/2023-01-16"><img alt=""></a></div>
<div class="text-card padding-top-no"><h3 class="title margin-no t-center">January 30, 2023</h3></div></div></li>
</ul></div>
</section></div></main>
"""

_AVATAR: Final = """<div class="box-avatar margin-right-sm">
<div class="avatar"><a href="%(url)s?%(slug)s=167384267935"><img src="https://images-tm.tempo.co/user.jpg"></a></div>
<div class="text-avatar"><h4 class="title bold margin-bottom-ss"><a href="%(url)s">
    %(name)s </a></h4>
<!-- <h4 class="title">(Jurnalis Tempo)</h4> --></div></div>
"""
_PICTURE: Final = """<div class="foto-detail margin-bottom-sm">
<figure class="margin-bottom-xs"><img src="%(url)s"></figure>
<figcaption>%(caption)s
%(credit)s
<small style="color:#fff;">. tempo : 167384267935</small></figcaption></div>
"""
_INSIDE: Final = """<p><img width="100%%" src="%(url)s" /></p>
<p style="margin-top: -10px;"><small style="color: grey; font-style: italic;">%(caption)s %(credit)s</small></p>"""
_CARD: Final = """<li><div class="card-box ft160">
<figure class="img-card"><a href="%(url)s"><img src="https://images-tm.tempo.co/card_400.jpg"></a></figure>
<article class="text-card"><h3 class="title fftw fw7"><a href="%(url)s">%(headline)s</a></h3>
<h4 class="date"><span class="kanal cl-gray">%(label)s</span> %(date)s</h4></article></div></li>
"""
_SCRIPT_INSIDE: Final = """<script>
    Swal.fire('', 'Artikel gratis anda sudah habis. <br> Silahkan berlangganan.', 'info');
</script>"""
_SLOTS: Final = '<div id="slot-superleaderboard"></div><div id="inarticle-slot-banner-2"></div>'
_PAYWALL: Final = """<div class="newblur-pwcontain"><div class="pw-containers">
<p class="silahkanberlangganan">%s <br> We craft news with stories.</p>
<p class="smallers">See <a href="https://langganan.tempo.co/"><strong>what you get</strong></a></p>
<p class="title">Rp 54.945/Month</p><ul><li>*Guaranteed update of up to 52 Editions</li></ul>
</div></div>"""
_NO_TIME_IN_JSON_ONCE_IN, _SCRIPT_ONCE_IN = 5, 2


def article(sheet: OldSheet) -> bytes:
    story, words = sheet.story, _words(sheet)
    host = story.url.split("/")[2]
    shown = {
        "url": attribute(story.url),
        "amp": attribute(story.url.replace("/read/", "/amp/")),
        "host": host,
        "headline": attribute(story.headline),
        "excerpt": attribute(sheet.description),
        "excerpt_text": text(sheet.description),
        "time": linked_data_time(story.published),
        "section": text(story.section.name),
        "section_slug": story.section.slug,
        "keywords": attribute(",".join(sheet.keywords)),
        "author": attribute(", ".join(_authors(sheet))),
        "number": story.number,
        "linked_data": script(_linked_data(sheet, host)),
        "data_layer": json.dumps(_data_layer(sheet), ensure_ascii=False, indent=8).replace("</", "<\\/"),
        "paints": sheet.paints,
        "title": text(_title(sheet)),
        "crumb": f"<h1>\n{text(story.headline)}\n</h1>" if _is_magz(sheet) else text(story.section.name),
        "byline": "".join(_avatar(credit) for credit in sheet.credits if credit.role == "author"),
        "date": weekday_date(story.published, story.edition.lexicon),
        "pictures": "".join(_PICTURE % _shown(picture) for picture in sheet.pictures[:1]),
        "body": "\n".join(_body(sheet)),
        "tags": "".join(_tag(host, keyword) for keyword in sheet.keywords),
        "next": attribute(sheet.hot[0].url),
        "cards": "".join(_card(card, words["label"]) for card in sheet.more),
        **{name: words[name] for name in ("home", "more", "covers", "comment")},
    }
    head, page = (_HEAD % shown).encode(), (_PAGE % shown).encode()
    parts = (head, _STYLE, b"</head>\n<body>\n", page, _SCRIPTS[1 + sheet.style % 3], b"</body>\n</html>\n")
    return b"".join(parts)


def said(sheet: OldSheet) -> dict[str, Any]:
    """The visible date is only a day: what the page tells machines has the minute."""
    story = sheet.story
    in_json = _has_time_in_json(sheet)
    return (modified(sheet) if in_json else {}) | {
        "datePublishedRaw": linked_data_time(story.published),
        "dateSource": "jsonLd" if in_json else "meta",
        "isAccessibleForFree": sheet.is_free,
        "breadcrumbs": [] if _is_magz(sheet) else [{"name": story.section.name, "url": None}],
    }


def _words(sheet: OldSheet) -> Mapping[str, str]:
    return _WORDS[sheet.generation.name]


def _is_magz(sheet: OldSheet) -> bool:
    return sheet.generation.name == "magz"


def _title(sheet: OldSheet) -> str:
    """What the h1 says: on majalah another title than the article's."""
    story = sheet.story
    return title_case(story.topic, "id") if sheet.generation.name == "majalah" else story.headline


def _has_time_in_json(sheet: OldSheet) -> bool:
    return sheet.style % _NO_TIME_IN_JSON_ONCE_IN != 0


def _linked_data(sheet: OldSheet, host: str) -> dict[str, Any]:
    people = [{"@type": "Person", "name": name} for name in _authors(sheet)]
    whole = news_article(
        sheet,
        isAccessibleForFree=sheet.is_free,
        hasPart={"@type": "WebPageElement", "isAccessibleForFree": str(sheet.is_free), "cssSelector": ".paywall"},
        isPartOf={"@type": ["CreativeWork", "Product"], "name": host.upper(), "productID": f"{host}:gold"},
        author=people[0] if len(people) == 1 else people,
        editor={"@type": "Person", "name": _editor(sheet)},
        keywords=sheet.story.headline,
    )
    unsaid = set() if _has_time_in_json(sheet) else {"datePublished", "dateModified"}
    return {name: value for name, value in whole.items() if name not in unsaid | {"description"}}


def _data_layer(sheet: OldSheet) -> dict[str, str]:
    """Its date is a day with a midnight that nobody meant."""
    return {
        "breadcrumb_detail": "Article Page",
        "content_category": sheet.story.section.name,
        "published_date": f"{weekday_date(sheet.story.published, INDONESIAN)} 00:00 WIB",
        "reporter": ", ".join(_authors(sheet)),
        "editor": _editor(sheet),
        "tags": ",".join(sheet.keywords),
        "artikel_id": str(sheet.story.number),
        "judul_artikel": sheet.story.headline,
    }


def _authors(sheet: OldSheet) -> list[str]:
    return [credit.name for credit in sheet.credits if credit.role == "author"]


def _editor(sheet: OldSheet) -> str:
    """Empty where the page names none."""
    return next((credit.name for credit in sheet.credits if credit.role == "editor"), "")


def _avatar(credit: Credit) -> str:
    """The first link of a person is a picture."""
    return _AVATAR % {"url": credit.url, "slug": slug_of(credit.name), "name": text(credit.name)}


def _shown(picture: Picture) -> dict[str, str]:
    return {"url": picture.url, "caption": text(picture.caption), "credit": text(picture.credit)}


def _tag(host: str, keyword: str) -> str:
    return f'<a href="https://{host}/tag/{slug_of(keyword)}" target="_blank" > {text(keyword)}</a>'


def _body(sheet: OldSheet) -> list[str]:
    lines = [entities(_line(line)) for line in sheet.lines]
    if lines and sheet.style % _SCRIPT_ONCE_IN == 0:
        lines[0] = lines[0][:-4] + _SCRIPT_INSIDE + "</p>"
    if len(lines) > 1:
        lines[1:1] = [_SLOTS, *(_INSIDE % _shown(picture) for picture in sheet.pictures[1:])]
    if not sheet.is_free:
        return [*lines, "...", _PAYWALL % _words(sheet)["subscribe"]]
    return lines if _is_magz(sheet) else [f"<p>{lines[0]}", *lines[1:], "</p>"]


def _line(line: Line) -> str:
    if isinstance(line, Paragraph):
        return f"<p>{linked(line)}</p>"
    if isinstance(line, Pointer):
        return f"<p><strong>{line.label}{link(line.url, line.target.headline)}</strong></p>"
    return f"<h5><strong>{text(line.line)}</strong></h5>"


def _card(card: Card, label: str) -> str:
    return _CARD % {
        "url": attribute(card.url),
        "headline": text(card.headline),
        "label": label,
        "date": card.age,
    }
