"""Pages that list articles: en's index, www's indeks, the republisher's home; and the frame of all other pages.

One of them needs JavaScript: `https://www.tempo.co/indeks?category=rubrik&rubric_slug=sains&page=N` is an empty Nuxt
page (replica/pages/shell.py; it misbehaves at `/indeks/hang?...` and so on), in which a browser finds the rows that
`World.listing_truth` tells.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from replica.editions import EN, ID
from replica.listed import Row, Rows
from replica.pages import filler
from replica.pages.markup import attribute, link, text
from replica.story import Story
from replica.times import index_row_time, indonesian_time

_STYLE: Final = filler.style()
_SCRIPTS: Final = filler.scripts()[0]
_MENUS: Final = {edition.host: filler.menu(edition.host, edition.lexicon.sections) for edition in (EN, ID)}
_FOOTERS: Final = {edition.host: filler.footer(edition.host) for edition in (EN, ID)}

_PAGE: Final = '<!DOCTYPE html>\n<html>\n<head><meta charset="utf-8"><title>%s</title>\n'

_INDEX_ROW: Final = """<li><div class="blok-indeks-kanal"><span id="blok-sitemap">
<span class="home-map"><a href="/">Home</a></span>
<span class="site-map"><a href="/%(slug)s">%(section)s</a></span></span>
<div class="tanggal">%(time)s</div>
<h2><a href="%(path)s">%(headline)s</a></h2>
</div></li>"""

_INDEKS_ROW: Final = """<figure class="flex gap-4">
<a href="%(path)s"><img src="https://statik.tempo.co/card.jpg" alt="%(alt)s"></a>
<figcaption><span class="text-sm">%(section)s</span><p class="font-bold"><a href="%(path)s">%(headline)s</a></p>
<p class="text-neutral-900 text-sm">%(time)s</p></figcaption></figure>"""


def plain(host: str, title: str, content: str) -> bytes:
    """A page in the site's frame."""
    head = (_PAGE % text(title)).encode()
    parts = (head, _STYLE, b"</head>\n<body>\n", _MENUS.get(host, b""), content.encode(), _SCRIPTS)
    return b"".join((*parts, _FOOTERS.get(host, b"</body>\n</html>\n")))


def english_index(rows: Rows) -> bytes:
    items = english_rows(rows) or "<li>No news on this day.</li>"
    return plain(
        EN.host,
        "Index - Tempo English",
        f'<main><h1 class="indeks">Index</h1>\n<ul class="indeks-kanal">\n{items}\n</ul></main>\n',
    )


def english_rows(rows: Rows) -> str:
    return "\n".join(_INDEX_ROW % _shown(row, index_row_time(row.story.published, EN.lexicon)) for row in rows)


def indonesian_index(rows: Rows, page: int, pages: int, *, title: str = "Indeks", aside: str = "") -> bytes:
    """Of all news, a rubric or a tag."""
    items = "\n".join(_INDEKS_ROW % _shown(row, indonesian_time(row.story.published, ID.lexicon)) for row in rows)
    shown = items or "<p>Tidak ada berita.</p>"
    rows_and_buttons = f'<div class="flex flex-col divide-y">\n{shown}\n</div>\n{buttons(page, pages)}'
    main = f'<main><h1 class="indeks">{text(title)}</h1>\n{rows_and_buttons}{aside}</main>\n'
    return plain(ID.host, f"{title} Berita | tempo.co", main)


def popular(stories: Iterable[Story]) -> str:
    """What stands beside a rubric's rows, without times."""
    items = "".join(f"<li>{link(story.url, story.headline)}</li>\n" for story in stories)
    return f'<aside><h2>Terpopuler</h2><ol class="flex flex-col">\n{items}</ol></aside>\n'


def author(name: str, stories: Iterable[Story]) -> str:
    """An author's page: who it is, and some of the articles."""
    items = "".join(
        f'<div class="flex">{link(story.url, story.headline)}<p>{text(story.excerpt)}</p></div>\n' for story in stories
    )
    return f"<main><h1>{text(name)}</h1><p>Penulis di Tempo.</p>\n{items}</main>\n"


def _shown(row: Row, time: str) -> dict[str, str]:
    """Links to the own host are relative, as on the stored pages."""
    section = row.story.section
    return {
        "slug": section.slug,
        "section": text(section.name),
        "time": time,
        "path": row.address.removeprefix(f"https://{row.story.edition.host}"),
        "headline": text(row.headline or ""),
        "alt": attribute(row.headline or ""),
    }


def buttons(page: int, pages: int) -> str:
    """Paging without links."""
    numbers = page_numbers(page, pages)
    return "".join(f'<button data-type="page" data-page="{number}">{number}</button>' for number in numbers)


def page_numbers(page: int, pages: int) -> list[int]:
    """First, neighbours, last."""
    return sorted({1, page - 1, page, page + 1, pages} & set(range(1, pages + 1)))


def republisher_home(rows: Rows, page: int, *, more: bool) -> bytes:
    items = "\n".join(
        f'<article class="post"><h2 class="entry-title">{link(row.address, row.headline or "")}</h2></article>'
        for row in rows
    )
    older = f'<a class="next page-numbers" href="https://suarakita.net/page/{page + 1}/">Older</a>' if more else ""
    return plain("suarakita.net", "Suara Kita", f'<main class="posts">\n{items}\n</main>\n{older}\n')
