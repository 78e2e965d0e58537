"""magz, majalah and koran: each field, and what their pages can do to it."""

from __future__ import annotations

import pytest

from stories.article import Author, Breadcrumb, Image, Relation, Role, Source
from stories.fate import Fate
from tests.crawler.sites.kinds import LEAD, MAGZ, WALL, avatar, fate, json_ld, magazine, meta, read

MINUTE = "2023-01-14T02:32:41+07:00"


def test_it_is_a_version_of_its_own():
    assert read(MAGZ, magazine()).page_version == "magazine-2021"


def test_the_same_frame_without_issues_is_a_news_page():
    assert read(MAGZ, magazine().replace("list-konten-eksklusif", "list")).page_version == "read-2021"


@pytest.mark.parametrize(
    ("said", "headline"),
    [
        ("The Kite Makers", "The Kite Makers"),
        ("Kites, and Why - majalah.tempo.co", "Kites, and Why"),
        ("Kites, and Why | Koran Tempo", "Kites, and Why"),
        ("Kites, and Why \u2013 Tempo English", "Kites, and Why"),
        ("Kites - and Why", "Kites - and Why"),
        ("What Tempo Knew - A Reckoning", "What Tempo Knew - A Reckoning"),
    ],
)
def test_the_headline_is_the_sites_without_the_publication(said: str, headline: str):
    article = read(MAGZ, magazine(head=meta(og_title=said)))
    assert article.headline == headline
    assert article.provenance["headline"] is (Source.VISIBLE if headline == "The Kite Makers" else Source.META)


@pytest.mark.parametrize("title", ['<h1 class="title">Strings</h1>', '<p class="main_title fglober">Strings</p>'])
def test_the_printed_title_is_taken_where_there_is_no_other(title: str):
    assert read(MAGZ, magazine(head="", title=title)).headline == "Strings"


def test_a_headline_that_is_shown_above_the_article_is_visible():
    crumbs = '<li><a href="#" class="selected"><h1>Kites, and Why</h1></a></li>'
    article = read(
        MAGZ, magazine(head=meta(og_title="Kites, and Why"), title='<p class="main_title">Strings</p>', crumbs=crumbs)
    )
    assert article.headline == "Kites, and Why"
    assert article.provenance["headline"] is Source.VISIBLE
    assert article.breadcrumbs == ()


@pytest.mark.parametrize(
    ("head", "raw", "source"),
    [
        (json_ld(datePublished=MINUTE, mainEntityOfPage=MAGZ), MINUTE, Source.JSON_LD),
        (meta(article_published_time=MINUTE), MINUTE, Source.META),
        (json_ld(datePublished="2023-01-16") + meta(article_published_time=MINUTE), MINUTE, Source.META),
        ("", "Monday, 16 January 2023", Source.VISIBLE),
        (
            json_ld(datePublished="2022-03-06T08:00:00+07:00", mainEntityOfPage=MAGZ),
            "Monday, 16 January 2023",
            Source.VISIBLE,
        ),
        (
            '<script>dataLayer = [{"published_date": "Senin, 16 Januari 2023 00:00 WIB"}];</script>',
            "Monday, 16 January 2023",
            Source.VISIBLE,
        ),
    ],
)
def test_the_minute_wins_if_it_can_be_of_the_issue(head: str, raw: str, source: Source):
    article = read(MAGZ, magazine(head=head))
    assert (article.date_published_raw, article.date_source) == (raw, source)


def test_without_a_visible_day_the_machines_are_told():
    assert read(MAGZ, magazine(head=json_ld(datePublished=MINUTE), date="")).date_published_raw == MINUTE


def test_the_text_goes_up_to_the_paywall():
    article = read(MAGZ, magazine(f"<p>One.</p><p>Two,</p>...{WALL}<p>More from this issue</p>"))
    assert article.article_body == "One.\n\nTwo,"
    assert not article.body_complete


def test_several_bodies_are_one_text_but_none_below_the_paywall():
    body = f'<p>One.</p></div><div class="detail-in"><p>Two.</p>{WALL}</div><div class="detail-in"><p>Offers</p>'
    assert read(MAGZ, magazine(body)).article_body == "One.\n\nTwo."


def test_a_paywall_that_is_hidden_stops_nothing():
    hidden = WALL.replace("<div class", '<div style="display: none" class', 1)
    article = read(MAGZ, magazine(f"<p>One.</p>{hidden}<p>Two.</p>"))
    assert article.article_body == "One.\n\nTwo."
    assert article.body_complete


def test_free_is_as_declared():
    article = read(MAGZ, magazine(head=json_ld(isAccessibleForFree=False)))
    assert article.is_accessible_for_free is False
    assert not article.body_complete


@pytest.mark.parametrize("lead", ["", LEAD])
@pytest.mark.parametrize("head", ["", json_ld(isAccessibleForFree=False)])
def test_without_a_paragraph_it_is_closed(head: str, lead: str):
    assert (
        fate(MAGZ, magazine(WALL if not head else "", head=meta(og_title="Kites") + head, lead=lead)) is Fate.PAYWALLED
    )


@pytest.mark.parametrize(
    "inside",
    [
        "<script>Swal.fire('', 'Your free articles are used up.')</script>",
        '<div class="faq"><button>Lihat Ringkasan Berita Ini</button><ul><li><p>In short.</p></li></ul></div>',
        '<div class="koreksi"><p>Koreksi: no.</p></div>',
        "<p><strong>\u2022\u2022\u2022</strong></p>",
        '<div class="caption-container"><p id="caption">Caption</p></div>',
        "<p></p>",
    ],
)
def test_what_is_no_text(inside: str):
    assert read(MAGZ, magazine(f"<p>One.</p>{inside}<p>Two.</p>")).article_body == "One.\n\nTwo."


def test_pictures_in_the_text_come_behind_the_first_with_their_captions():
    body = (
        '<p>One.</p><p><img width="100%" src="/2.jpg"></p>'
        "<p style='margin-top: -10px'><small>A tail of paper. ANTARA FOTO/Budi Dharma</small></p>"
        '<p>Two.</p><p><img src="/3.jpg"></p><p>Three.</p><p><img src="/4.jpg"><br><small>A string.</small></p>'
    )
    article = read(MAGZ, magazine(body))
    assert article.images == (
        Image(url="https://images-tm.tempo.co/1_1200.jpg", caption="Kites over the bay.", credit="TEMPO/Ani Suci"),
        Image(url="https://magz.tempo.co/2.jpg", caption="A tail of paper.", credit="ANTARA FOTO/Budi Dharma"),
        Image(url="https://magz.tempo.co/3.jpg"),
        Image(url="https://magz.tempo.co/4.jpg", caption="A string."),
    )
    assert article.article_body == "One.\n\nTwo.\n\nThree."


def test_no_picture_of_the_paywall_or_of_a_card_is_the_articles():
    assert len(read(MAGZ, magazine(f"<p>One.</p>{WALL}")).images) == 1


PEOPLE = {
    "meta": (meta(author="Ani Suci"), "", "", [("Ani Suci", Role.AUTHOR)], Source.META),
    "a list": (
        meta(author="Ani Suci, Budi Dharma, S.H. dan Citra"),
        "",
        "",
        [("Ani Suci", Role.AUTHOR), ("Budi Dharma, S.H", Role.AUTHOR), ("Citra", Role.AUTHOR)],
        Source.META,
    ),
    "the first, and all": (
        meta(author="Ani Suci"),
        avatar("Ani Suci") + avatar("Budi Dharma"),
        "",
        [("Ani Suci", Role.AUTHOR), ("Budi Dharma", Role.AUTHOR)],
        Source.META,
    ),
    "shown only": ("", avatar("Ani Suci"), "", [("Ani Suci", Role.AUTHOR)], Source.VISIBLE),
    "the publisher": (meta(author="Tempo"), avatar("Ani Suci"), "", [("Ani Suci", Role.AUTHOR)], Source.VISIBLE),
    "an editor": (
        meta(author="Ani Suci") + json_ld(author={"name": "Ani Suci"}, editor={"name": "Dewi Lestari"}),
        "",
        "",
        [("Ani Suci", Role.AUTHOR), ("Dewi Lestari", Role.EDITOR)],
        Source.META,
    ),
    "no editor": (
        meta(author="Ani Suci") + json_ld(editor={"name": ""}),
        "",
        "",
        [("Ani Suci", Role.AUTHOR)],
        Source.META,
    ),
    "an author who edits": (
        meta(author="Ani Suci") + json_ld(editor={"name": "Ani Suci"}),
        "",
        "",
        [("Ani Suci", Role.AUTHOR), ("Ani Suci", Role.EDITOR)],
        Source.META,
    ),
    "told to statistics": (
        meta(author="Ani Suci") + '<script>dataLayer = [{"editor": "Dewi Lestari"}];</script>',
        "",
        "",
        [("Ani Suci", Role.AUTHOR), ("Dewi Lestari", Role.EDITOR)],
        Source.META,
    ),
    "signed": (
        meta(author="Ani Suci"),
        "",
        "<h5><strong>ANI SUCI, BUDI DHARMA (MAKASSAR), SUTARDJI, DA</strong></h5><p></p>",
        [("Ani Suci", Role.AUTHOR), ("Budi Dharma", Role.REPORTER), ("Sutardji", Role.REPORTER)],
        Source.META,
    ),
}


@pytest.mark.parametrize("case", PEOPLE)
def test_people(case: str):
    head, people, below, expected, source = PEOPLE[case]
    article = read(MAGZ, magazine(f"<p>One.</p>{below}", head=meta(og_title="Kites") + head, people=people))
    assert [(author.name, author.role) for author in article.authors] == expected
    assert article.provenance["authors"] is source
    assert article.article_body == "One."


def test_who_gave_material_contributed():
    below = '<div class="penymbangbahan"><p>Penyumbang bahan :</p><span>Ani Suci</span><span>Eko</span></div>'
    article = read(MAGZ, magazine(head=meta(author="Ani Suci"), below=below))
    assert article.authors == (Author(name="Ani Suci", role=Role.AUTHOR), Author(name="Eko", role=Role.CONTRIBUTOR))


def test_a_person_has_the_page_that_is_linked():
    (author,) = read(MAGZ, magazine(head=meta(author="Ani Suci"), people=avatar("Ani Suci"))).authors
    assert author.url == "https://magz.tempo.co/reporter/ani-suci"


@pytest.mark.parametrize(
    ("head", "crumbs", "section", "source"),
    [
        (meta(article_section="laporan-utama"), "Laporan Utama", "Laporan Utama", Source.VISIBLE),
        (meta(article_section="laporan-utama"), "Foto|Laporan Utama", "Laporan Utama", Source.VISIBLE),
        (
            meta(article_section="cover-story") + '<script>dataLayer = [{"content_category": "Cover Story"}];</script>',
            "",
            "Cover Story",
            Source.DATA_LAYER,
        ),
        (meta(article_section="cover-story"), "", "cover-story", Source.META),
        ("", "Opini", "Opini", Source.VISIBLE),
    ],
)
def test_the_section_is_the_rubric_as_readers_see_it(head: str, crumbs: str, section: str, source: Source):
    names = "".join(f'<li><a href="#">{name}</a></li>' for name in crumbs.split("|") if name)
    article = read(MAGZ, magazine(head=meta(og_title="Kites") + head, crumbs=f'<li><a href="/">Home</a></li>{names}'))
    assert (article.article_section, article.provenance["articleSection"]) == (section, source)
    assert article.breadcrumbs == tuple(Breadcrumb(name=name) for name in crumbs.split("|") if name)


def test_more_articles_of_the_issue():
    cards = "".join(
        f'<li><div class="card-box"><figure><a href="/read/opinion/{number}/x"><img src="x.jpg"></a></figure>'
        f'<article class="text-card"><h3 class="title"><a href="/read/opinion/{number}/x">Wind {number}</a></h3>'
        '<h4 class="date"><span class="kanal">Tempo English</span> Monday, 16 January 2023</h4></article></div></li>'
        for number in (90002, 90003)
    )
    bought = '<li><div class="card-box"><a href="#">Lose weight in a day</a></div></li>'
    below = f'<h2 class="titlebox">Berita Lainnnya</h2><ul class="list-berita-lainnya">{cards}{bought}</ul>'
    links = read(MAGZ, magazine(below=below)).related_links
    assert [(link.headline, link.relation, link.position) for link in links] == [
        ("Wind 90002", Relation.MORE_ARTICLES, 1),
        ("Wind 90003", Relation.MORE_ARTICLES, 2),
    ]
    assert {link.date_published_raw for link in links} == {"Monday, 16 January 2023"}
    assert all(link.date_published for link in links)


def test_links_of_the_text_are_typed():
    body = (
        '<p>One <a href="/tag/kites">kite</a> of <a href="/read/opinion/90004/y">many</a>.</p>'
        '<p><strong>Read: <a href="/read/opinion/90005/z">All Winds</a></strong></p><p>Two.</p>'
    )
    article = read(MAGZ, magazine(body))
    assert [(link.headline, link.relation) for link in article.related_links] == [
        ("many", Relation.INLINE),
        ("All Winds", Relation.READ_ALSO),
    ]
    assert article.article_body == "One kite of many.\n\nTwo."


SLIDES = "".join(f'<div class="slides"><img src="/large{number}.jpg" alt=""></div>' for number in (1, 2, 1))
THUMBNAILS = "".join(
    f'<div class="column"><img class="slide-thumbnail" src="/small{number}.jpg" alt="{words}"></div>'
    for number, words in ((1, "A kite. REUTERS/Budi Dharma"), (2, "Two kites."), (1, ""))
)
STRIP = (
    f'<div class="foto-detail multipleimage"><div class="holder">{SLIDES}</div>'
    f'<div class="row">{THUMBNAILS}</div></div>'
)
ESSAY = '<p><script>showSlides(1);</script></p><div class="caption-container"><p id="caption"></p></div><p></p>'


def test_an_essays_pictures_are_in_order_each_once():
    assert read(MAGZ, magazine(ESSAY, lead=STRIP)).images == (
        Image(url="https://magz.tempo.co/large1.jpg", caption="A kite.", credit="REUTERS/Budi Dharma"),
        Image(url="https://magz.tempo.co/large2.jpg", caption="Two kites."),
    )


def test_an_essays_captions_are_its_text():
    article = read(MAGZ, magazine(ESSAY, lead=STRIP))
    assert article.article_body == "A kite.\n\nTwo kites."
    assert article.provenance["articleBody"] is Source.VISIBLE


def test_an_essay_with_a_text_keeps_it():
    assert read(MAGZ, magazine(f"<p>The wind.</p>{ESSAY}", lead=STRIP)).article_body == "The wind."


def test_a_further_article_below_is_another():
    further = (
        '<article class="detail-artikel berikutnya"><h1>Other</h1><div class="detail-in"><p>Other.</p></div></article>'
    )
    assert read(MAGZ, magazine(below=further)).article_body == "The wind came early this year, and with it the kites."
