# ruff: noqa: RUF001 - dashes and quotes as Tempo prints them
"""Layout read-2021 as it was: en.tempo.co to 2025 and the channels of 2021 to 2024 (docs/tempo.md, section 3).

Like read_2021.py, with what older pages have more: JSON-LD, perhaps of another article; a `null WIB` where the time
should be; boxes of news to read also; related cards in the middle of the text; the next article below this one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from replica.archive.sheet import Contributed, Line, OldSheet, Paragraph, Pointer, Signed
from replica.archive.truth import modified
from replica.editions import EN, ID, Edition
from replica.pages import filler
from replica.pages.markup import attribute, entities, link, text
from replica.pages.old import breadcrumb_list, channel_date, dateline, linked, news_article, script
from replica.sheet import Card, Credit, Picture
from replica.story import Story, slug_of
from replica.times import WIB, english_time, linked_data_time

_STYLE: Final = filler.style()
_MENUS: Final = {edition.language: filler.menu(edition.host, edition.lexicon.sections) for edition in (EN, ID)}
_FOOTERS: Final = {edition.language: filler.footer(edition.host) for edition in (EN, ID)}
_SCRIPTS: Final = filler.scripts()

_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {"site": "En.tempo.co", "related": "Related News", "comments": "0 Comment", "body": "detail-in"},
    "id": {"site": "Tempo.co", "related": "Berita Terkait", "comments": "0 Komentar", "body": "detail-konten"},
}

_HEAD: Final = """<!DOCTYPE html>
<html lang="%(lang)s">
<head>
<meta charset="utf-8">
<title>%(headline)s - %(section)s %(site)s</title>
<link rel="original-source" href="https://www.tempo.co/" />
%(canonical)s
<link rel="amphtml" href="%(amp)s">
<meta name="description" content="%(excerpt)s">
<meta property="og:locale" content="id_ID">
<meta property="og:type" content="article">
<meta property="og:title" content="%(headline)s">
<meta property="og:description" content="%(excerpt)s">
<meta property="og:url" content="%(url)s">
<meta property="article:published_time" content="%(meta_time)s">
%(linked_data)s
%(crumbs)s
<script>var pageviews = %(paints)d;</script>
"""

_PAGE: Final = """<main class="container shadow">
<div class="swiper header"><h1>Fokus</h1>%(slides)s</div>
<div class="breadcrumbs margin-bottom-sm"><ul class="sitemap">
<li><a href="https://%(host)s" class="fade">Home</a></li>
<li><a href="%(section_url)s" class="fade selected">%(section)s</a></li>
</ul></div>
<section class="main-full"><article class="detail-artikel">
<div class="detail-title">
<h1 class="title margin-bottom-sm cl-black">%(headline)s</h1>
%(byline)s<h4 class="date margin-bottom-sm">%(date)s</h4>
<div class="box-share-top"><a href="#comment" class="top-comment">%(comments)s</a><div class="share-link"></div></div>
</div>
%(pictures)s<div class="%(body_class)s">
%(body)s
</div>
</article>
<div class="box-tag-detail">%(tags)s</div>
</section>
<section class="blockbox overflow"><div class="redline"><h2 class="titlebox">%(related)s</h2></div>
<ul class="row-list list-berita-lainnya">
%(cards)s</ul></section>
%(next)s</main>
"""

_SLIDE: Final = '<div class="swiper-slide shadow"><h1><a href="%(url)s">%(headline)s</a></h1></div>\n'
_CARD: Final = """<div class="card-box ft240">
<figure class="img-card"><a href="%(url)s"><img src="https://statik.tempo.co/card.jpg" alt="%(alt)s"></a></figure>
<article class="text-card">%(date)s<h2 class="title"><a href="%(url)s">%(headline)s</a></h2>
%(excerpt)s</article></div>"""
_AVATAR: Final = """<div class="box-avatar">
<div class="avatar"><img src="https://statik.tempo.co/avatar.png" alt=""></div>
<div class="text-avatar"><p class="title">%s</p><h4 class="title bold">%s</h4></div></div>
"""
_PICTURE: Final = """<div class="foto-detail margin-bottom-sm">
<figure class="margin-bottom-xs"><img src="%(url)s" alt=""></figure>
<figcaption>%(caption)s %(credit)s<small style="color:#fff;">. tempo : %(number)d</small></figcaption></div>
"""
_BOX: Final = '<div class="baca-juga"><h5>%s</h5><p>%s</p></div>'
_NEXT: Final = """<article class="detail-artikel berikutnya">
<div class="detail-title"><h1 class="title cl-black">%(headline)s</h1>
<div class="text-avatar"><p class="title">Reporter</p><h4 class="title bold">Nobody Atall</h4></div>
<h4 class="date">%(date)s</h4></div>
<div class="foto-detail"><figure><img src="https://statik.tempo.co/next.jpg" alt=""></figure></div>
<div class="detail-konten"><p><strong>TEMPO.CO</strong>, <strong>%(place)s</strong> - %(excerpt)s</p></div>
<div class="box-tag-detail"><a href="https://www.tempo.co/tag/lain">lain</a></div>
<ul><li>%(card)s</li></ul></article>
"""
_NO_TIME: Final = "null WIB"
_LOCAL_AS_Z: Final = "%Y-%m-%dT%H:%M:%SZ"  # says Z and means WIB, as the sitemaps do
_HOME_LINK: Final = '<link rel="canonical" href="https://www.tempo.co/">\n'
# Once in how many pages:
_TWO_CANONICAL_ONCE_IN, _CARD_INSIDE_ONCE_IN = 4, 4


def article(sheet: OldSheet) -> bytes:
    story, language = sheet.story, sheet.generation.language
    host = story.url.split("/")[2]
    own_link = f'<link rel="canonical" href="{attribute(story.url)}">'
    crumbs = (("Home", f"https://{host}"), (story.section.name, sheet.generation.section_url(story.section)))
    shown = {
        "lang": "en" if sheet.style & 1 else language,
        "headline": attribute(story.headline),
        "excerpt": attribute(sheet.description),
        "url": attribute(story.url),
        "canonical": (_HOME_LINK if sheet.style % _TWO_CANONICAL_ONCE_IN == 0 else "") + own_link,
        "amp": attribute(story.url.replace("/read/", "/amp/")),
        "meta_time": _meta_time(sheet),
        "linked_data": script(news_article(sheet, author=linked_authors(sheet.credits))),
        "crumbs": script(breadcrumb_list(*crumbs)),
        "paints": sheet.paints,
        "host": host,
        "section": text(story.section.name),
        "section_url": sheet.generation.section_url(story.section),
        "slides": "".join(_SLIDE % _listed(other) for other in sheet.hot[:3]),
        "byline": "".join(map(avatar, sheet.credits)),
        "date": date(sheet),
        "pictures": "".join(map(_picture, sheet.pictures)),
        "body_class": _WORDS[language]["body"],
        "body": "\n".join(_body(sheet)),
        "tags": "".join(map(tag, sheet.keywords)),
        "cards": "".join(f"<li>{related_card(card)}</li>\n" for card in sheet.cards[inside(sheet) :]),
        "next": _next(sheet.inlined, sheet.cards[0], sheet.generation) if sheet.inlined else "",
        **{name: _WORDS[language][name] for name in ("site", "related", "comments")},
    }
    head, page = (_HEAD % shown).encode(), (_PAGE % shown).encode()
    parts = (head, _STYLE, b"</head>\n<body>\n", _MENUS[language], page, _SCRIPTS[sheet.style % len(_SCRIPTS)])
    return b"".join((*parts, _FOOTERS[language]))


def said(sheet: OldSheet) -> dict[str, Any]:
    return modified(sheet) | {"datePublishedRaw": date(sheet), "dateSource": "visible"}


def date(sheet: OldSheet) -> str:
    """As the article shows it: in English without a zone."""
    story = sheet.story
    return english_time(story.published, EN.lexicon) if story.edition.language == "en" else channel_date(sheet)


def _meta_time(sheet: OldSheet) -> str:
    published = sheet.story.published
    ways = (_NO_TIME, linked_data_time(published), published.astimezone(WIB).strftime(_LOCAL_AS_Z))
    return ways[sheet.style % len(ways)]


def inside(sheet: OldSheet) -> int:
    """How many of the related cards stand in the middle of the text."""
    return 1 if sheet.generation.language == "id" and sheet.style % _CARD_INSIDE_ONCE_IN == 0 else 0


def linked_authors(people: tuple[Credit, ...]) -> list[dict[str, str]]:
    """The reporters, the first one twice."""
    reporters = [{"@type": "Person", "name": credit.name} for credit in people if credit.role == "reporter"]
    return reporters[:1] + reporters


def _listed(story: Story) -> dict[str, str]:
    return {"url": attribute(story.url), "headline": text(story.headline)}


def avatar(credit: Credit) -> str:
    return _AVATAR % (credit.role.capitalize(), text(credit.name))


def _picture(picture: Picture) -> str:
    return _PICTURE % {
        "url": picture.url,
        "caption": text(picture.caption),
        "credit": text(picture.credit),
        "number": 1_670_902_637 + len(picture.caption),
    }


def tag(keyword: str) -> str:
    return f'<a href="https://www.tempo.co/tag/{slug_of(keyword)}" target="_blank" >  {text(keyword)}</a>'


def _body(sheet: OldSheet) -> list[str]:
    lines = list(map(line_of, sheet.lines))
    if sheet.dateline:
        dash = (" - ", " – ")[sheet.style >> 3 & 1]
        lines[0] = "<p>" + dateline(sheet.dateline, dash=dash) + lines[0][3:]
    lines[1:1] = map(related_card, sheet.cards[: inside(sheet)])
    return [entities(line) for line in lines] if sheet.style & 2 else lines


def line_of(line: Line) -> str:
    if isinstance(line, Paragraph):
        return f"<p>{linked(line)}</p>"
    if isinstance(line, Pointer):
        return _pointer(line)
    if isinstance(line, Contributed):
        return f"<p><em>{text(line.line)}</em></p>"
    return f"<p><strong>{text(line.line)}</strong></p>" if isinstance(line, Signed) else f"<p>{text(line.line)}</p>"


def _pointer(line: Pointer) -> str:
    """A box; or a label with the link behind it, or, if it ends without a space, below it."""
    named = link(line.url, line.target.headline)
    if line.boxed:
        return _BOX % (line.label, named)
    if line.label.endswith(" "):
        return f"<p><strong>{line.label}{named}</strong></p>"
    return f"<p><strong>{line.label}</strong></p>\n<p>{named}</p>"


def related_card(card: Card) -> str:
    return _CARD % {
        "url": attribute(card.url),
        "alt": attribute(card.headline),
        "date": f'<h4 class="date">{card.age}</h4>\n' if card.age else "",
        "headline": text(card.headline),
        "excerpt": f"<p>{text(card.excerpt)}</p>" if card.excerpt else "",
    }


def _next(story: Story, card: Card, edition: Edition) -> str:
    return _NEXT % {
        "headline": text(story.headline),
        "date": english_time(story.published, edition.lexicon),
        "place": text(story.place),
        "excerpt": text(story.excerpt),
        "card": related_card(card),
    }
