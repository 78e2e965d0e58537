"""Pages at an article's address that are none: a challenge, an empty shell, a paywall without a word, a cover."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from replica.archive.sheet import OldSheet
from replica.editions import ID
from replica.pages import filler, magazine_2021
from replica.pages.markup import attribute, link, text

_STYLE: Final = filler.style()
_SCRIPTS: Final = filler.scripts()
_MENU: Final = filler.menu(ID.host, ID.lexicon.sections)
_FOOTER: Final = filler.footer(ID.host)

_CHALLENGE: Final = """<!DOCTYPE html>
<html lang="en-US"><head><title>Just a moment...</title><meta http-equiv="refresh" content="390">
<meta name="robots" content="noindex,nofollow"></head>
<body class="no-js"><div class="main-wrapper" role="main"><div class="main-content">
<h1 class="zone-name-title h1"><img class="heading-favicon" src="/favicon.ico" alt="">%(host)s</h1>
<h2 class="h2">Verifying you are human. This may take a few seconds.</h2>
<div class="core-msg spacer">%(host)s needs to review the security of your connection before proceeding.</div>
</div></div><div class="footer"><div class="ray-id">Ray ID: <code>8f%(number)xa1</code></div></div>
<script src="/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1"></script></body></html>
"""
_SHELL: Final = """<!DOCTYPE html>
<html lang="id"><head><meta charset="utf-8"><title>Tempo.co</title></head>
<body><div id="__nuxt"></div>
<script>window.__NUXT__={};window.__NUXT__.config={public:{},app:{baseURL:"/"}}</script>
"""
_SPECIAL: Final = """<!DOCTYPE html>
<html lang="id"><head><meta charset="utf-8"><title>%(topic)s - Tempo.co</title>
<meta property="og:type" content="website"><meta property="og:title" content="%(topic)s">
"""
_COVER: Final = """<main class="microsite"><section class="cover"><h1>%(topic)s</h1><p>Edisi khusus</p></section>
<section class="chapters"><ul>
%(chapters)s
</ul></section></main>
"""


def challenge(sheet: OldSheet) -> bytes:
    """With status 200, as Cloudflare sends some (docs/tempo.md, trap 8)."""
    return (_CHALLENGE % {"host": sheet.story.url.split("/")[2], "number": sheet.story.number}).encode()


def shell(sheet: OldSheet) -> bytes:
    """What a browser would fill."""
    del sheet  # the same for every address
    return _SHELL.encode() + _SCRIPTS[0] + b"</body></html>\n"


def paywalled(sheet: OldSheet) -> bytes:
    """An article of which only the headline is free."""
    return magazine_2021.article(replace(sheet, lines=(), is_free=False))


def special(sheet: OldSheet) -> bytes:
    """The cover of a special issue: a title, and links to its chapters."""
    topic = sheet.story.topic.capitalize()
    chapters = "\n".join(f"<li>{link(other.url, other.headline)}</li>" for other in sheet.hot)
    head = (_SPECIAL % {"topic": attribute(topic)}).encode()
    cover = (_COVER % {"topic": text(topic), "chapters": chapters}).encode()
    return b"".join((head, _STYLE, b"</head>\n<body>\n", _MENU, cover, _SCRIPTS[1], _FOOTER))
