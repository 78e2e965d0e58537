"""Layout read-2017: the channels of mid 2017 to 2020 (docs/tempo.md, section 3).

Five h1 (a carousel has the others), JSON-LD left over from another article, placeholders for people, related news
behind a shortener; some articles go on at `?page_num=2`, and `/full&view=ok` shows them whole.
"""

from __future__ import annotations

from typing import Any, Final

from replica.archive.sheet import Contributed, Line, OldSheet, Paragraph, Pointer, Signed, part_of
from replica.archive.truth import modified, part_urls
from replica.editions import ID
from replica.pages import filler
from replica.pages.markup import attribute, link, text
from replica.pages.old import EXAMPLE, breadcrumb_list, channel_date, dateline, linked, news_article, script
from replica.sheet import Card, Picture
from replica.story import Story, slug_of

_STYLE: Final = filler.style()
_MENU: Final = filler.menu(ID.host, ID.lexicon.sections)
_SCRIPTS: Final = filler.scripts()
_FOOTER: Final = filler.footer(ID.host)

_HEAD: Final = """<!DOCTYPE html>
<html id="tempoco-2017" lang="en">
<head>
<title>%(headline)s - %(section)s Tempo.co</title>
<meta charset="utf-8">
<link rel="original-source" href="https://www.tempo.co/" />
<link rel="canonical" href="%(canonical)s" />
<link rel="amphtml" href="%(amp)s">
<meta name="description" content="%(excerpt)s"/>
<meta name="keywords" content="%(keywords)s"/>
<meta property="og:locale" content="id_ID" />
<meta property="og:type" content="article" />
<meta property="og:url" content="%(canonical)s" />
<meta property="og:title" content="%(headline)s" />
<meta property="og:site_name" content="Tempo"/>
<meta property="og:description" content="%(excerpt)s" />
%(linked_data)s
%(crumbs)s
<script>var _views = %(paints)d;</script>
"""

_PAGE: Final = """<div class="container"><header class="header-top">
<span class="date">Jumat, 27 Oktober 2017</span>
<div class="swiper-container head-newsflash clearfix"><div class="swiper-wrapper">
%(slides)s</div></div></header>
<main id="detail"><div class="container-desktop"><section id="article" class="clearfix">
<div class="col w-70"><div class="wrapper">
<nav class="breadcrumbs" itemscope itemtype="http://schema.org/BreadcrumbList">
<li><a itemprop="item" href="https://www.tempo.co/"><span itemprop="name">Home</span></a></li>
<li><a itemprop="item" href="//%(host)s"><span itemprop="name">%(section)s</span></a></li>
%(sub_section)s</nav>
<article itemscope itemtype="http://schema.org/NewsArticle">
<h1 itemprop="headline">
	%(headline)s
</h1>
<div class="sub-head" style="font-size:14px">
%(byline)s<span id="date" class="date" itemprop="datePublished">%(date)s</span>
</div>
<div class="sub-head clearfix"><a href="#comments" class="box-title red-500"><span>komentar</span></a>
<div class="toolbar"><li><span>Font:</span><select id="font-family"><option>Arial</option></select></li></div></div>
%(pictures)s<div id="isi" itemprop="articleBody">
%(body)s
</div>
%(paging)s<hr class="w-50">
<div class="tags clearfix">
%(tags)s
</div>
</article>
<section id="section-3" class="kanal-pilihan"><div class="wrapper clearfix">
<div id="terkait" class="col w-50"><div class="wrapper">
<a href="#terkait-1" class="box-title red-500 current">Terkait</a>
%(cards)s</div></div>
<div id="rekomentasi" class="col w-50"><div class="wrapper">
<a href="#rekomendasi-1" class="box-title red-500 current">Rekomendasi</a>
%(more)s</div></div>
</div></section></div></div>
<div class="col w-30"><section id="popular" class="terpopuler list list-type-1"><div class="wrapper">
<a href="#" class="box-title red-500">terpopuler</a>
%(popular)s</div></section></div>
</section></div></main></div>
"""

_SLIDE: Final = """<div class="swiper-slide clearfix"><a href="#"><h1>
	Fokus
</h1></a><div class="col w-50"><a href="%(url)s"><h2>%(headline)s</h2></a>
<a href="%(url)s"><span class="date">17 jam lalu</span></a></div></div>
"""
_POPULAR: Final = """<li><div class="card card-type-1"><div class="wrapper clearfix">
<a class="col" href="%(url)s">1</a>
<a class="col" href="%(url)s"><h2 class="title">%(headline)s</h2></a></div></div></li>
"""
_CARD: Final = """<li><div class="card card-type-1"><div class="wrapper clearfix">
<a class="col" href="%(url)s"><img src="https://cdn.tmpo.co/card_150.jpg" alt="%(alt)s"></a>
<a class="col" href="%(url)s"><h2 class="title">%(headline)s</h2></a>
<a class="col" href="%(url)s"><span class="col time">%(age)s</span></a></div></div></li>
"""
_PERSON: Final = """<div id="author" class="author">
%s: <h4 itemprop="%s" style="margin-bottom:5px;font-size:inherit">%s </h4>
</div>
"""
_PICTURE: Final = """<figure itemscope itemtype="http://schema.org/ImageObject">
<a href="%(url)s" target="_blank"><!--<img src="%(url)s" alt="">--><img itemprop="image" src="%(url)s" alt=""></a>
<figcaption itemprop="caption"><p>%(caption)s %(credit)s</p></figcaption></figure>
"""
_SLOT: Final = """<div id='inarticle'><script>
googletag.cmd.push(function() { googletag.display('inarticle'); });
</script></div>"""
_PAGING: Final = '<div class="paging clearfix"><ul>%s</ul></div>\n'
_ROLES: Final = {"reporter": ("Reporter", "author"), "editor": ("Editor", "editor")}
_FOREIGN_ONCE_IN, _SUB_SECTION_ONCE_IN = 4, 3


def article(sheet: OldSheet, part: int | None = 1) -> bytes:
    """One page of the article; None is the view of all."""
    story = sheet.story
    name, host = story.section.name, story.section.slug + ".tempo.co"
    whole = sheet.parts == 1 or part is None
    shown = {
        "headline": attribute(story.headline),
        "excerpt": attribute(sheet.description),
        "canonical": EXAMPLE if sheet.style % _FOREIGN_ONCE_IN == 0 else attribute(story.url),
        "amp": attribute(story.url.replace("/read/", "/amp/")),
        "keywords": attribute(",".join(sheet.keywords)),
        "section": text(name),
        "host": host,
        "sub_section": _sub_crumb(sheet),
        "linked_data": script(news_article(sheet, **_linked_people(sheet))),
        "crumbs": script(breadcrumb_list(("Home", "https://www.tempo.co/"), (name, f"https://{host}/"))),
        "paints": sheet.paints,
        "date": channel_date(sheet, gap=" "),
        "byline": "".join(_byline(sheet)),
        "slides": "".join(_SLIDE % listed(other) for other in sheet.hot[:4]),
        "popular": "".join(_POPULAR % listed(other) for other in sheet.hot[4:]),
        "pictures": "".join(map(_picture, sheet.pictures)),
        "body": "\n".join(_body(sheet, part)),
        "paging": "" if whole else _paging(sheet, part or 1),
        "tags": "\n".join(map(_tag, sheet.keywords)),
        "cards": "".join(map(card, sheet.cards)),
        "more": "".join(map(card, sheet.more)),
    }
    head, page = (_HEAD % shown).encode(), (_PAGE % shown).encode()
    parts = (head, _STYLE, b"</head>\n<body>\n", _MENU, page, _SCRIPTS[sheet.style % len(_SCRIPTS)], _FOOTER)
    return b"".join(parts)


def said(sheet: OldSheet) -> dict[str, Any]:
    story = sheet.story
    crumbs = [{"name": story.section.name, "url": f"https://{story.section.slug}.tempo.co"}]
    sub = _sub_section(sheet)
    return modified(sheet) | {
        "datePublishedRaw": channel_date(sheet, gap=" "),
        "dateSource": "visible",
        "breadcrumbs": crumbs + ([{"name": sub, "url": None}] if sub else []),
    }


def _sub_section(sheet: OldSheet) -> str | None:
    return f"{sheet.story.section.name} Sudut" if sheet.style % _SUB_SECTION_ONCE_IN == 0 else None


def _sub_crumb(sheet: OldSheet) -> str:
    sub = _sub_section(sheet)
    return f'<li><a itemprop="item" href=""><span itemprop="name">{text(sub)}</span></a></li>\n' if sub else ""


def _linked_people(sheet: OldSheet) -> dict[str, Any]:
    return {credit.role: {"@type": "Person", "name": credit.name} for credit in sheet.credits}


def _byline(sheet: OldSheet) -> list[str]:
    nobody = [("reporter", sheet.nobody)] if sheet.nobody else []
    shown = nobody + [(credit.role, credit.name) for credit in sheet.credits]
    return [_PERSON % (*_ROLES[role], text(name)) for role, name in shown]


def listed(story: Story) -> dict[str, str]:
    """For a list that is no related news."""
    return {"url": attribute(story.url), "headline": text(story.headline)}


def _picture(picture: Picture) -> str:
    return _PICTURE % {"url": picture.url, "caption": text(picture.caption), "credit": text(picture.credit)}


def _tag(keyword: str) -> str:
    return f'<li><a href="https://www.tempo.co/tag/{slug_of(keyword)}" itemprop="keywords">{text(keyword)}</a></li>'


def _body(sheet: OldSheet, part: int | None) -> list[str]:
    first = part in {None, 1}
    lines = [_line(line) for line in (sheet.lines if part is None else part_of(sheet, part))]
    if sheet.dateline and first:
        lines[0] = "<p>" + dateline(sheet.dateline, dash=(" - ", " -")[sheet.style & 1]) + lines[0][3:]
    lines[1:1] = [_SLOT]
    return lines


def _line(line: Line) -> str:
    if isinstance(line, Paragraph):
        return f"<p>{linked(line)}</p>"
    if isinstance(line, Pointer):
        return f"<p>{link(line.url, line.label + line.target.headline)}</p>"
    if isinstance(line, Contributed):
        return f"<p><em>{text(line.line)}</em></p>"
    return f"<p><strong>{text(line.line)}</strong></p>" if isinstance(line, Signed) else f"<p>{text(line.line)}</p>"


def _paging(sheet: OldSheet, part: int) -> str:
    """Numbers, the next page, and the view of all."""
    urls = part_urls(sheet.story, sheet.parts)
    items = [f"<li{' class=active' * (n == part)}>{link(url, str(n))}</li>" for n, url in enumerate(urls, start=1)]
    if part < sheet.parts:
        items.append(f'<li class="next"><a rel="next" href="{attribute(urls[part])}">Selanjutnya</a></li>')
    items.append(f"<li>{link(f'{sheet.story.url}/full&view=ok', 'Tampilkan Semua')}</li>")
    return _PAGING % "".join(items)


def card(shown: Card) -> str:
    """A related card: three links to one page."""
    return _CARD % {
        "url": attribute(shown.url),
        "alt": attribute(shown.headline),
        "headline": text(shown.headline),
        "age": shown.age,
    }
