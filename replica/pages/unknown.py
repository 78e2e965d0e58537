"""A page that is an article and of no layout that Tempo is known for: plain HTML, with JSON-LD for machines.

What comes after the next relaunch may look so; a reader has to fall back on what all articles have in common.
"""

from __future__ import annotations

import json
from typing import Any, Final

from replica.archive.sheet import OldSheet, Paragraph
from replica.archive.truth import modified
from replica.editions import ID
from replica.pages import filler
from replica.pages.markup import attribute, link, text
from replica.pages.old import linked, news_article
from replica.sheet import Picture
from replica.times import indonesian_time, linked_data_time

_STYLE: Final = filler.style()
_SCRIPTS: Final = filler.scripts()

_HEAD: Final = """<!DOCTYPE html>
<html lang="id">
<head>
<meta charset="utf-8">
<title>%(headline)s | Tempo</title>
<meta name="description" content="%(excerpt)s">
<meta property="og:type" content="article">
<meta property="og:site_name" content="Tempo">
<meta property="og:title" content="%(headline)s">
<link rel="canonical" href="%(url)s">
<script type="application/ld+json">%(linked_data)s</script>
<script>window.views=%(paints)d</script>
"""
_PAGE: Final = """<header><nav><ul><li><a href="https://%(host)s/">Beranda</a></li><li>%(section)s</li></ul></nav></header>
<main>
<article>
<header>
<h1>%(headline)s</h1>
<p class="by">%(byline)s</p>
<time datetime="%(time)s">%(date)s</time>
</header>
%(pictures)s<div class="story">
%(body)s
</div>
</article>
</main>
<aside><h2>Berita lain</h2><ul>
%(others)s
</ul></aside>
<footer><p>Tempo</p></footer>
"""
_PICTURE: Final = '<figure><img src="%s" alt=""><figcaption>%s</figcaption></figure>\n'


def article(sheet: OldSheet) -> bytes:
    story = sheet.story
    shown = {
        "headline": text(story.headline),
        "excerpt": attribute(sheet.description),
        "url": attribute(story.url),
        "linked_data": json.dumps([_linked_data(sheet), _crumbs(sheet)], ensure_ascii=False).replace("</", "<\\/"),
        "paints": sheet.paints,
        "host": story.url.split("/")[2],
        "section": link(sheet.generation.section_url(story.section), story.section.name),
        "byline": ", ".join(link(credit.url or "", credit.name) for credit in sheet.credits),
        "time": linked_data_time(story.published),
        "date": indonesian_time(story.published, ID.lexicon),
        "pictures": "".join(map(_picture, sheet.pictures)),
        "body": "\n".join(f"<p>{linked(line)}</p>" for line in sheet.lines if isinstance(line, Paragraph)),
        "others": "\n".join(f"<li>{link(other.url, other.headline)}</li>" for other in sheet.hot),
    }
    head, page = (_HEAD % shown).encode(), (_PAGE % shown).encode()
    parts = (head, _STYLE, b"</head>\n<body>\n", page, _SCRIPTS[1 + sheet.style % 3], b"</body>\n</html>\n")
    return b"".join(parts)


def said(sheet: OldSheet) -> dict[str, Any]:
    """A generic reader leaves a caption whole."""
    story = sheet.story
    return modified(sheet) | {
        "datePublishedRaw": linked_data_time(story.published),
        "dateSource": "jsonLd",
        "images": [{"url": image.url, "caption": image.caption, "credit": None} for image in sheet.pictures],
        "relatedLinks": [],
    }


def _linked_data(sheet: OldSheet) -> dict[str, Any]:
    people = [{"@type": "Person", "name": credit.name, "url": credit.url} for credit in sheet.credits]
    pictures = [picture.url for picture in sheet.pictures]
    named = {"articleSection": sheet.story.section.name, "keywords": list(sheet.keywords)}
    return news_article(sheet, author=people, image=pictures, **named)


def _crumbs(sheet: OldSheet) -> dict[str, Any]:
    section = sheet.story.section
    items = [("Beranda", f"https://{section.slug}.tempo.co/"), (section.name, sheet.generation.section_url(section))]
    listed = [
        {"@type": "ListItem", "position": place, "name": name, "item": url}
        for place, (name, url) in enumerate(items, start=1)
    ]
    return {"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": listed}


def _picture(picture: Picture) -> str:
    return _PICTURE % (picture.url, text(picture.caption))
