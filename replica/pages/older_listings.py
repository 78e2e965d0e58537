"""Lists as Tempo's older systems printed them: en's and www's indexes of a day, cards of 2021, a channel's home.

The lists that stand beside the rows are of articles too, which do not belong to the day: a carousel, columns, what is
popular, what is new, paid cards.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from replica.archive.desk import PROMOTED as OLD_PROMOTED
from replica.cards import PROMO_HEADLINE, PROMOTED
from replica.editions import EN, ID
from replica.listed import Row, Rows
from replica.pages.listings import english_rows, plain
from replica.pages.markup import attribute, link, text
from replica.story import Story, slug_of
from replica.times import age_of, clock, english_time, indonesian_date, indonesian_time

_NOTHING: Final = {"en": "No news on this day.", "id": "Tidak ada berita pada hari ini."}
_TEASER: Final = "Ringkasan yang tertinggal dari halaman lain."
"""On www in 2017 the same excerpt stood under many headlines."""
_TEASED: Final = 2  # rows that have it
_PROMO_AT: Final = 1  # the row before which a paid card stands

_PAGE_2015: Final = """<ul id="mycarousel" class="jcarousel-skin-tango" style="display:none;">
%(carousel)s</ul>
<div id="page">
<div class="kolom-kanan-front"><div class="judul-subkanal"><a href="#">Foto</a></div>
<div class="blok-subkanal"><ul class="listberfoto"><li class="first">
<a href="/read/beritafoto/35692/a-day-at-the-harbor">A Day at the Harbor</a></li></ul></div></div>
<div class="kolom-2-kolom">
<div class="indeks-search"><form action="/index" method="post">
<select name="kanal" id="indeks-tgl"><option value="all" selected>all</option></select>
<input type="submit" name="submit" value="SEARCH"></form></div>
<ul class="indeks-list">
%(rows)s
</ul>
</div></div>
"""
_SLIDE: Final = """<li><img src="http://cdn.tmpo.co/card_150.jpg" class="header-foto" title="%(alt)s" alt="%(alt)s"/>
<div class="bintang-judul"><a href="http://en.tempo.co%(path)s">%(headline)s</a></div></li>
"""

_PAGE_2014: Final = """<div id="page"><div class="kolom-2-kolom">
<h1>Index</h1>
<ul class="indeks-list">
%s</ul>
</div></div>
"""
_ROW_2014: Final = '<li><h2><a href="%(path)s">%(headline)s</a></h2><p>%(excerpt)s</p></li>\n'

_PAGE_2016: Final = """<div class="wrapper"><section class="col-left">
<h2>Indeks Berita</h2>
<ul class="list-terkini">
%(rows)s</ul></section>
<section class="col-right"><h2>Terpopuler</h2>
<ol class="list-populer">
%(beside)s</ol></section></div>
"""
_ROW_2016: Final = """<li><div class="thumb">
<a href="%(url)s"><img src="https://cdn.tmpo.co/card_150.jpg" alt=""></a></div>
<h3><a href="%(url)s">%(headline)s</a></h3></li>
"""

_PAGE_2017: Final = """<main id="index"><div class="container-desktop"><section id="article" class="clearfix">
<div class="col w-70">
<h1>Indeks</h1>
<div class="wrapper clearfix"><p>Tampilkan Berdasarkan Hari:</p>
<a id="tanggal-index" class="button red-500 white" href="#pilih-artikel-hari">Pilih Hari</a>
<select class="input" id="kanal"><option value="" selected="">Semua Kanal</option></select></div>
<section class="list list-type-1"><ul class="wrapper">
%(rows)s</ul></section>
</div>
<div class="col w-30">
%(newest)s</div>
</section></div></main>
"""
_ROW_2017: Final = """<li><div class="card card-type-1"><div class="wrapper clearfix">
<a class="col" href="%(url)s"><img src="https://cdn.tmpo.co/card_150.jpg"></a>
<a class="col" href="%(url)s">
<h2 class="title">%(headline)s </h2>
%(teaser)s<span class="col">%(time)s</span>
</a></div></div></li>
"""
_NEWEST: Final = """<section class="update list list-type-1"><div class="wrapper">
<a class="box-title red-500" href="https://www.tempo.co/indeks">Terbaru</a>
%s</div></section>
"""
_NEW: Final = """<li><div class="card card-type-1"><div class="wrapper clearfix">
<a class="col" href="%(url)s" style="background: #eee"><img src="https://cdn.tmpo.co/card_150.jpg" alt="%(alt)s"></a>
<a class="col" href="%(url)s"><h2 class="title">%(headline)s</h2></a>
<a class="col" href="%(url)s"><span class="col">%(age)s</span></a></div></div></li>
"""

_PAGE_2021: Final = """<main class="container shadow"><section class="main-full">
<h1 class="titlebox">%(title)s</h1>
<ul class="row-list">
%(rows)s</ul>
%(buttons)s</section></main>
"""
_CARD_2021: Final = """<li><div class="card-box ft240">
<figure class="img-card"><a href="%(url)s"><img src="https://statik.tempo.co/card.jpg" alt="%(alt)s"></a></figure>
<article class="text-card"><h2 class="title"><a href="%(url)s">%(headline)s</a></h2>
<p>%(excerpt)s</p><h4 class="date">%(time)s</h4></article></div></li>
"""

_HOME: Final = """<main id="home"><div class="container-desktop"><div class="wrapper">
<section class="swiper-container pic-zoom headline-terbaru"><div class="swiper-wrapper clearfix">
%(slides)s</div></section>
<section class="section-2 clearfix"><div class="col w-70">
<section class="tab tab-type-1 terpopuler pic-zoom"><a class="col box-title red-500" href="#populer">Terpopuler</a>
<div class="tab-content">
%(popular)s</div></section></div>
<div class="col w-30">
%(newest)s</div></section></div></div></main>
"""
_HOME_SLIDE: Final = """<figure class="swiper-slide">
<a href="%(url)s"><img src="https://cdn.tmpo.co/card_720.jpg" alt=""></a>
<figcaption><a href="%(url)s"><h2 class="title">%(headline)s</h2></a></figcaption></figure>
"""
_POPULAR: Final = """<div class="card"><a href="%(url)s"><img src="https://cdn.tmpo.co/card_150.jpg" alt=""></a>
<a href="%(url)s"><h2 class="title">%(headline)s</h2></a></div>
"""


def index_2014(rows: Rows) -> bytes:
    """en.tempo.co before 2015: headlines and excerpts, without a time."""
    shown = "".join(
        _ROW_2014 % {"path": row.path, "headline": text(row.headline or ""), "excerpt": text(row.story.excerpt)}
        for row in rows
    )
    return plain(EN.host, "Index | Tempo.Co", _PAGE_2014 % (shown or f"<li>{_NOTHING['en']}</li>\n"))


def index_2016(rows: Rows, beside: Iterable[Story]) -> bytes:
    """The Indonesian index to 2016: pictures and headlines, without a time; what is popular beside them."""
    shown = {
        "rows": "".join(_ROW_2016 % _linked(row) for row in rows) or f"<li>{_NOTHING['id']}</li>\n",
        "beside": "".join(f"<li>{link(other.url, other.headline)}</li>\n" for other in beside),
    }
    return plain(ID.host, "Indeks Berita | Tempo", _PAGE_2016 % shown)


def index_2015(rows: Rows, beside: Iterable[Story]) -> bytes:
    """en.tempo.co to mid 2017: every link of a row in the spelling with `,uk.html`."""
    slides = "".join(
        _SLIDE % {"alt": attribute(other.headline), "headline": text(other.headline), "path": _path(other)}
        for other in beside
    )
    shown = {"carousel": slides, "rows": english_rows(rows) or f"<li>{_NOTHING['en']}</li>"}
    return plain(EN.host, "Index | Tempo.Co :: Indonesian News Portal", _PAGE_2015 % shown)


def _path(story: Story) -> str:
    return "/" + story.url.split("/", 3)[3]


def index_2017(rows: Rows, beside: Iterable[Story], now: datetime) -> bytes:
    """Www and the channels, mid 2017 to 2020: one page a day."""
    shown = {
        "rows": "".join(_row_2017(row, place) for place, row in enumerate(rows)) or f"<li>{_NOTHING['id']}</li>\n",
        "newest": _newest(beside, now),
    }
    return plain(ID.host, "Indeks Berita Hari Ini - Tempo.co", _PAGE_2017 % shown)


def _row_2017(row: Row, place: int) -> str:
    published = row.story.published
    time = f"{indonesian_date(published, ID.lexicon)} {clock(published)}"
    teaser = f"<p>{_TEASER} </p>\n" if place < _TEASED else ""
    return _ROW_2017 % (_linked(row) | {"teaser": teaser, "time": time})


def _newest(stories: Iterable[Story], now: datetime) -> str:
    return _NEWEST % "".join(
        _NEW
        % {
            "url": attribute(story.url),
            "alt": attribute(story.headline),
            "headline": text(story.headline),
            "age": age_of(story.published, now).indonesian,
        }
        for story in stories
    )


def _linked(row: Row) -> dict[str, str]:
    return {
        "url": attribute(row.address),
        "alt": attribute(row.headline or ""),
        "headline": text(row.headline or ""),
    }


def cards_2021(title: str, rows: Rows, language: str, *, promo: bool = False, buttons: str = "") -> bytes:
    """The channels of 2021 to 2024, and en since then."""
    cards = [_card_2021(row, language) for row in rows]
    if promo and cards:
        cards.insert(_PROMO_AT, _promo(language))
    shown = {
        "title": text(title),
        "rows": "".join(cards) or f"<li><p>{_NOTHING[language]}</p></li>\n",
        "buttons": buttons,
    }
    return plain(EN.host if language == "en" else ID.host, title, _PAGE_2021 % shown)


def _card_2021(row: Row, language: str) -> str:
    published = row.story.published
    time = english_time(published, EN.lexicon) if language == "en" else indonesian_time(published, ID.lexicon)
    return _CARD_2021 % (_linked(row) | {"excerpt": text(row.story.excerpt), "time": time})


def _promo(language: str) -> str:
    where = f"{EN.host}/read/{PROMOTED[0]}" if language == "en" else f"nasional.tempo.co/read/{OLD_PROMOTED[0]}"
    return _CARD_2021 % {
        "url": f"https://{where}/{slug_of(PROMO_HEADLINE)}",
        "alt": PROMO_HEADLINE,
        "headline": PROMO_HEADLINE,
        "excerpt": "Presented by Samudra Lestari.",
        "time": "PR",
    }


def channel_home(slides: Rows, popular: Rows, newest: Sequence[Row], now: datetime) -> bytes:
    """Boxes of many shapes; only the newest have an age, and one can stand in several boxes."""
    shown = {
        "slides": "".join(_HOME_SLIDE % _linked(row) for row in slides),
        "popular": "".join(_POPULAR % _linked(row) for row in popular),
        "newest": _newest((row.story for row in newest), now),
    }
    return plain(ID.host, "Berita Terkini", _HOME % shown)
