"""Video pages of video.tempo.co since 2021: the frame of read-2021 with a player, a short text, and credits below it.

The JSON-LD has the video inside the article, and the whole text, credits included, as its description.
"""

from __future__ import annotations

from typing import Any, Final

from replica.archive.sheet import OldSheet, Paragraph
from replica.archive.truth import modified
from replica.editions import ID
from replica.pages import filler
from replica.pages.markup import attribute, text
from replica.pages.old import channel_date, dateline, linked, news_article, script
from replica.pages.read_2021_old import related_card, tag
from replica.times import linked_data_time

_STYLE: Final = filler.style()
_MENU: Final = filler.menu(ID.host, ID.lexicon.sections)
_SCRIPTS: Final = filler.scripts()
_FOOTER: Final = filler.footer(ID.host)

_HEAD: Final = """<!DOCTYPE html>
<html lang="id">
<head>
<meta charset="utf-8">
<title>%(headline)s - %(kind)s Tempo.co</title>
<link rel="canonical" href="%(url)s">
<meta name="description" content="%(excerpt)s">
<meta name="keywords" content="%(keywords)s">
<meta property="og:type" content="article">
<meta property="og:title" content="%(headline)s">
<meta property="og:description" content="%(excerpt)s">
<meta property="og:url" content="%(url)s">
<meta property="og:image" content="%(image)s">
%(linked_data)s
<script>var pageviews = %(paints)d;</script>
"""
_PAGE: Final = """<main class="container">
<div class="breadcrumbs margin-bottom-sm"><ul class="sitemap">
<li><a href="https://www.tempo.co" class="fade">Home</a></li>
<li><a href="https://%(host)s" class="fade selected">%(kind)s</a></li>
</ul></div>
<section class="main-full"><article class="detail-artikel">
<div class="detail-title"><h1 class="title margin-bottom-sm cl-black">%(headline)s</h1>
<h4 class="date margin-bottom-sm">%(date)s</h4></div>
%(lead)s
<div class="detail-in">
%(body)s
</div>
</article>
<div class="box-tag-detail">%(tags)s</div>
</section>
<section class="blockbox overflow"><div class="redline"><h2 class="titlebox">%(kind)s Terkait</h2></div>
<ul class="row-list">
%(cards)s</ul></section>
</main>
"""
_PLAYERS: Final = (
    '<ivs-player data-ivs-key="tempo" data-ivs-wid="%(number)d"></ivs-player>',
    '<div class="videoframe"><iframe src="https://players.example/?videoId=%(number)d" allowfullscreen></iframe></div>',
)
_PARAGRAPHS: Final = 3  # at most: a video's text is short


def article(sheet: OldSheet) -> bytes:
    player = _PLAYERS[sheet.style >> 2 & 1] % {"number": sheet.story.number}
    lead = f'<div class="foto-detail margin-bottom-sm">{player}</div>'
    whole = " ".join([line.text for line in _shown(sheet)] + _credit_lines(sheet))
    video = {
        "@type": "VideoObject",
        "name": sheet.story.headline,
        "contentUrl": f"https://players.example/?videoId={sheet.story.number}",
        "thumbnailUrl": sheet.pictures[0].url,
        "description": whole,
        "uploadDate": linked_data_time(sheet.story.published),
    }
    body = [*paragraphs(sheet, _shown(sheet)), *(f"<p>{text(line)}</p>" for line in _credit_lines(sheet))]
    return framed(sheet, "Video", lead, body, video=video)


def said(sheet: OldSheet) -> dict[str, Any]:
    still = sheet.pictures[0]
    return modified(sheet) | {
        "datePublishedRaw": channel_date(sheet),
        "dateSource": "visible",
        "articleSection": "Video",
        "breadcrumbs": [{"name": "Video", "url": "https://video.tempo.co"}],
        "articleBody": "\n\n".join(line.text for line in _shown(sheet)),
        "images": [{"url": still.url, "caption": None, "credit": still.credit}],
    }


def framed(sheet: OldSheet, kind: str, lead: str, body: list[str], **more: Any) -> bytes:
    """A page of a host with a frame of its own: `kind` is its name."""
    story = sheet.story
    shown = {
        "kind": kind,
        "host": story.url.split("/")[2],
        "headline": attribute(story.headline),
        "excerpt": attribute(sheet.description),
        "url": attribute(story.url),
        "keywords": attribute(",".join(sheet.keywords)),
        "image": attribute(sheet.pictures[0].url),
        "linked_data": script(news_article(sheet, **more)),
        "paints": sheet.paints,
        "date": channel_date(sheet),
        "lead": lead,
        "body": "\n".join(body),
        "tags": "".join(map(tag, sheet.keywords)),
        "cards": "".join(f"<li>{related_card(card)}</li>\n" for card in sheet.cards),
    }
    head, page = (_HEAD % shown).encode(), (_PAGE % shown).encode()
    parts = (head, _STYLE, b"</head>\n<body>\n", _MENU, page, _SCRIPTS[sheet.style % len(_SCRIPTS)], _FOOTER)
    return b"".join(parts)


def paragraphs(sheet: OldSheet, lines: list[Paragraph]) -> list[str]:
    shown = [f"<p>{linked(line)}</p>" for line in lines]
    if sheet.dateline and shown:
        shown[0] = "<p>" + dateline(sheet.dateline) + shown[0][3:]
    return shown


def _shown(sheet: OldSheet) -> list[Paragraph]:
    return [line for line in sheet.lines if isinstance(line, Paragraph)][:_PARAGRAPHS]


def _credit_lines(sheet: OldSheet) -> list[str]:
    """Whose pictures they are, and who cut them: on one line, or on two."""
    owner = [f"Foto: {sheet.pictures[0].credit}"]
    people = [f"{credit.role.capitalize()}: {credit.name}" for credit in sheet.credits]
    return [" ".join(owner + people)] if sheet.style & 1 else owner + people
