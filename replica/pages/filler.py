"""What surrounds an article: menus, style, scripts, footer. Built once; it makes pages as heavy as real ones."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

from replica.dice import Dice
from replica.words.lexicon import Section
from replica.words.names import HOUSES, TOWNS

_RULES: Final = 210  # 11 kB of style, as inlined in Tempo's head
_FUNCTIONS: Final = (155, 215, 280, 340)  # 27 to 60 kB of scripts: articles weigh 55 to 100 kB
_MENU_TAGS: Final = 36
_ABOUT: Final = (
    "about",
    "contact",
    "editorial-team",
    "cyber-media-guidelines",
    "privacy-policy",
    "ai-policy",
    "careers",
    "advertise",
)


def style() -> bytes:
    dice = Dice(1)
    rules = (
        f".b{n}{{margin:{dice.roll(40)}px {dice.roll(40)}px;color:#{dice.roll(1 << 24):06x};line-height:1.{n % 9}}}"
        for n in range(_RULES)
    )
    return f"<style>{''.join(rules)}</style>\n".encode()


def scripts() -> tuple[bytes, ...]:
    """Four sizes, so that pages differ in weight."""
    return tuple(f"<script>{''.join(map(_function, range(count)))}</script>\n".encode() for count in _FUNCTIONS)


def _function(n: int) -> str:
    return (
        f'function t{n}(e,o){{var r=window.dataLayer||[];r.push({{"event":"slot-{n}","value":o||{n * 37}}});'
        f'return e&&e.querySelectorAll?e.querySelectorAll("[data-slot=\\"{n}\\"]").length<{n % 7 + 2}:null}}\n'
    )


_HEADER: Final = """<header class="main-header b1">
<h1 class="logo"><a href="https://%(host)s/"><img src="https://%(host)s/logo.svg" alt="TEMPO.CO"></a></h1>
<form action="https://%(host)s/search" class="search b2"><input name="q" placeholder="?"><button>OK</button></form>
<a class="b3" href="https://%(host)s/search?q=hot-topics">Hot topics</a>
<nav><ul class="nav b4">%(tops)s</ul></nav></header>
"""


def menu(host: str, sections: Sequence[Section]) -> bytes:
    """Sections, tags, a search box; /search is forbidden by robots.txt and linked from every page."""
    return (_HEADER % {"host": host, "tops": "".join(_top(host, section) for section in sections)}).encode()


def _top(host: str, section: Section) -> str:
    link = f'<a href="https://{host}/{section.slug}" class="nav-link">{escape(section.name)}</a>'
    return f'<li class="nav-item">{link}{_flyout(host, section)}</li>'


def _flyout(host: str, section: Section) -> str:
    links = (
        f'<li class="b5"><a href="https://{host}/tag/{subject.replace(" ", "-")}">{subject.capitalize()}</a></li>'
        for subject in section.subjects
    )
    return f'<ul class="flyout b6">{"".join(links)}</ul>'


def footer(host: str) -> bytes:
    towns = "".join(
        f'<a class="chip b7" href="https://{host}/tag/{town.lower()}">{town}</a> ' for town in TOWNS[:_MENU_TAGS]
    )
    about = "".join(f'<li><a href="https://{host}/{page}">{page.replace("-", " ").title()}</a></li>' for page in _ABOUT)
    partners = "".join(f'<li class="b8"><span>{name}</span></li>' for name in HOUSES)
    return (
        f'<section class="topics b9"><h4>Tempo in your town</h4>{towns}</section>\n'
        f'<footer class="b10"><ul class="about">{about}</ul><ul class="partners">{partners}</ul>'
        f'<p class="copyright">© Tempo | Replica for tests, invented from a seed</p></footer>\n</body>\n</html>\n'
    ).encode()


def about_paths() -> frozenset[str]:
    return frozenset(f"/{page}" for page in _ABOUT)
