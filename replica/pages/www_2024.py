"""Layout www-2024: www.tempo.co (docs/tempo.md, section 3)."""

from __future__ import annotations

import json
from typing import Any, Final

from replica.editions import ID
from replica.pages import filler
from replica.pages.markup import attribute, link, text
from replica.sheet import Card, Picture, Sheet
from replica.story import Story
from replica.times import indonesian_time, linked_data_time

_STYLE: Final = filler.style()
_MENU: Final = filler.menu(ID.host, ID.lexicon.sections)
_SCRIPTS: Final = filler.scripts()
_FOOTER: Final = filler.footer(ID.host)

_HEAD: Final = """<!DOCTYPE html>
<html lang="id">
<head>
<meta charset="utf-8">
<title>%(headline)s | tempo.co</title>
<meta name="description" content="%(excerpt)s">
<meta property="og:locale" content="id_ID">
<meta property="og:type" content="article">
<meta property="og:title" content="%(headline)s">
<meta property="og:url" content="%(url)s">
<meta property="og:description" content="%(excerpt)s">
<meta property="article:published_time" content="%(meta_time)s">
<meta property="article:section" content="%(section)s">
<link rel="canonical" href="%(url)s">
<script type="application/ld+json">%(linked_data)s</script>
<script type="application/ld+json">%(breadcrumbs)s</script>
<script>window.__views=%(paints)d</script>
"""

_ARTICLE: Final = """<main class="flex"><article class="detail-artikel grow space-y-6">
<h1 class="text-[26px] font-bold leading-[122%%] text-neutral-1200">%(headline)s</h1>
<p class="text-neutral-900 text-sm">%(date)s</p>
<div class="flex">%(byline)s</div>
<button>Bagikan</button><p class="text-neutral-900 text-xs">Dengarkan artikel</p>
%(picture)s%(body)s
<div class="container gap-4 flex flex-wrap" id="article-tags">%(tags)s</div>
</article>
"""

_ASIDE: Final = """<aside class="flex flex-col gap-6"><h2>Berita Terkait</h2>
%s
</aside></main>
"""

_CARD: Final = """<figure class="flex gap-4">
<a href="%(url)s"><img src="https://statik.tempo.co/card.jpg" alt="%(alt)s"></a>
<figcaption><p class="font-bold"><a href="%(url)s">%(headline)s</a></p>%(age)s</figcaption></figure>"""

_PICTURE: Final = '<figure><img src="%s" alt="%s">\n<figcaption>%s %s</figcaption></figure>\n'
_PARAGRAPH: Final = '<div id="content-wrapper" class="max-lg:container xl"><p>%s</p></div>'
_SLOT: Final = '<div id="ads-slot-%d"></div>'
_SCROLL: Final = """<div class="bg-neutral-200 w-full text-center border-2 border-neutral-300 border-b-0 p-3">
<p class="text-neutral-900 text-xs flex gap-2 justify-center">Scroll ke bawah untuk melanjutkan membaca</p></div>"""
_READ_ALSO: Final = (
    '<div id="content-wrapper" class="max-lg:container xl"><div class="baca-juga"><p>BACA JUGA</p><p>%s</p></div></div>'
)
_PAYWALL: Final = """<div class="pw-container"><p>Berlangganan untuk melanjutkan membaca.</p>
<p>Kami mengemas berita dengan cerita.</p><a href="https://langganan.tempo.co/">Langganan</a></div>"""
_NEXT: Final = """<article class="detail-artikel berikutnya grow space-y-6">
<h1 class="text-[26px] font-bold leading-[122%%] text-neutral-1200">%(headline)s</h1>
<p class="text-neutral-900 text-sm">%(date)s</p>
%(body)s
</article>
"""

_NO_TIME: Final = "null WIB"
_NO_TIME_ONCE_IN: Final = 23
_SCROLL_SKIPPED_ONCE_IN: Final = 5
_AUTHOR_TWICE_ONCE_IN: Final = 3
_API_LINK: Final = b'<a hidden href="https://www.tempo.co/api/private/reader">.</a>\n'
"""Forbidden by robots.txt, on every page."""


def article(sheet: Sheet) -> bytes:
    story = sheet.story
    date = indonesian_time(story.published, story.edition.lexicon)
    shown = {
        "headline": attribute(story.headline),
        "excerpt": attribute(story.excerpt),
        "url": attribute(story.url),
        "meta_time": _NO_TIME if sheet.style % _NO_TIME_ONCE_IN == 0 else date,
        "section": text(story.section.name),
        "linked_data": _script_json(_news_article(sheet)),
        "breadcrumbs": _script_json(_breadcrumbs(story)),
        "paints": sheet.paints,
        "date": date,
        "byline": _byline(sheet),
        "picture": _picture(sheet.picture, story.headline) if sheet.picture else "",
        "body": "\n".join(_body(sheet)),
        "tags": "".join(map(_tag, sheet.keywords)),
    }
    main = (
        _ARTICLE % shown + (_next(sheet.inlined) if sheet.inlined else "") + _ASIDE % "\n".join(map(_card, sheet.cards))
    )
    parts = ((_HEAD % shown).encode(), _STYLE, b"</head>\n<body>\n", _MENU, _API_LINK, main.encode())
    return b"".join((*parts, _SCRIPTS[sheet.style % len(_SCRIPTS)], _FOOTER))


def _script_json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")


def _news_article(sheet: Sheet) -> dict[str, Any]:
    story = sheet.story
    people = [{"@type": "Person", "name": credit.name, "url": credit.url} for credit in sheet.credits]
    modified = {"dateModified": linked_data_time(sheet.modified)} if sheet.modified else {}
    return {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.headline,
        "description": story.excerpt,
        "image": sheet.picture.url if sheet.picture else "https://www.tempo.co/logo.png",
        "datePublished": linked_data_time(story.published),
        **modified,
        "isAccessibleForFree": sheet.is_free,
        "articleBody": "\n".join(sheet.paragraphs) + _choice_text(sheet),
        "author": people * 2 if sheet.style % _AUTHOR_TWICE_ONCE_IN == 0 else people,
        "publisher": {"@type": "Organization", "name": "PT Tempo Inti Media"},
        "mainEntityOfPage": {"@type": "WebPage", "@id": story.url},
    }


def _choice_text(sheet: Sheet) -> str:
    """Tempo's own articleBody has that line in it."""
    return f"\nPilihan Editor: {sheet.editors_choice.headline}" if sheet.editors_choice else ""


def _breadcrumbs(story: Story) -> dict[str, Any]:
    crumbs = (("Home", "https://www.tempo.co"), (story.section.name, story.edition.section_url(story.section)))
    items = [
        {"@type": "ListItem", "position": place, "name": name, "item": url}
        for place, (name, url) in enumerate(crumbs, start=1)
    ]
    return {"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": items}


def _byline(sheet: Sheet) -> str:
    """The first link of each person is an empty picture."""
    return "".join(_person(credit.name, credit.url or "") for credit in sheet.credits)


def _person(name: str, url: str) -> str:
    return f'<a href="{url}"><img src="https://statik.tempo.co/avatar.jpg" alt=""></a>{link(url, name)}'


def _picture(picture: Picture, headline: str) -> str:
    return _PICTURE % (picture.url, attribute(headline), text(picture.caption), text(picture.credit))


def _tag(keyword: str) -> str:
    shown = f'<span class="text-primary-main">{keyword}</span>'
    return f'<div><a href="/tag/{keyword}" class="bg-primary-surface rounded p-2">{shown}</a></div>'


def _body(sheet: Sheet) -> list[str]:
    paragraphs = [_PARAGRAPH % text(paragraph) for paragraph in sheet.paragraphs]
    if sheet.dateline:
        strong = f"<strong>TEMPO.CO</strong>, <strong>{sheet.story.place}</strong> - "
        paragraphs[0] = _PARAGRAPH % (strong + text(sheet.paragraphs[0]))
    paragraphs[0] += "\n" + _SLOT % 1
    if not sheet.is_free:
        return [*paragraphs, _PAYWALL]
    if sheet.read_also:
        after, other = sheet.read_also
        paragraphs[after] += "\n" + _READ_ALSO % link(other.url, other.headline)
    if sheet.style % _SCROLL_SKIPPED_ONCE_IN:
        paragraphs[1] += "\n" + _SCROLL
    return paragraphs + _closing(sheet)


def _closing(sheet: Sheet) -> list[str]:
    lines = []
    if sheet.signed:
        lines.append(f"<strong>{sheet.signed}</strong>")
    if sheet.contributor:
        lines.append(f"<em>{text(sheet.contributor)} berkontribusi dalam penulisan artikel ini</em>")
    if sheet.editors_choice:
        lines.append(f"Pilihan Editor: {link(sheet.editors_choice.url, sheet.editors_choice.headline)}")
    return [_PARAGRAPH % line for line in lines]


def _next(story: Story) -> str:
    return _NEXT % {
        "headline": text(story.headline),
        "date": indonesian_time(story.published, story.edition.lexicon),
        "body": _PARAGRAPH % text(story.excerpt),
    }


def _card(card: Card) -> str:
    return _CARD % {
        "url": attribute(card.url),
        "alt": attribute(card.headline),
        "headline": text(card.headline),
        "age": f'<span class="text-neutral-700 text-xs">{card.age}</span>' if card.age else "",
    }
