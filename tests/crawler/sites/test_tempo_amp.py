"""AMP pages: the same article, with the same key and fields, in other elements."""

from __future__ import annotations

import pytest

from stories.article import Author, Image, Relation, Role, Source
from stories.fate import Fate
from tests.crawler.sites.kinds import AT, WALL, byline, fate, json_ld, meta, news, page, read

AMP = "https://tekno.tempo.co/amp/1900001/layang-layang"
READ = "https://tekno.tempo.co/read/1900001/layang-layang"
CANONICAL = f'<link rel="canonical" href="{READ}">'
PICTURE = (
    '<div class="foto-detail"><figure><amp-img src="https://statik.tempo.co/1_720.jpg" layout="responsive" width="16" '
    'height="9"><noscript><img src="https://statik.tempo.co/1_300.jpg"></noscript></amp-img></figure>'
    '<figcaption class="foto-caption">Layang-layang. TEMPO/Ani Suci</figcaption></div>'
)
ADVERTISEMENT = '<amp-ad type="doubleclick"><p>Beli!</p></amp-ad>'
BODY = (
    f'<div class="detail-in"><p>TEMPO.CO, Jakarta - Angin datang.</p>{ADVERTISEMENT}'
    '<div class="baca-juga"><h4>Baca Juga</h4><a href="https://tekno.tempo.co/read/1900002/x">Perahu</a></div>'
    "<p>Layang-layang naik.</p></div>"
)
PEOPLE = byline("Reporter", "Ani Suci") + byline("Editor", "Budi Dharma")


def amp(body: str = BODY, *, head: str = CANONICAL, lead: str = PICTURE, html: str = "amp", **parts: str) -> str:
    return news(body, head=head, lead=lead, html=html, **parts)


@pytest.mark.parametrize("html", ["amp", "\u26a1", 'lang="id" \u26a1', 'lang="en" amp=""'])
def test_it_is_known_by_its_mark(html: str):
    assert read(AMP, amp(html=html)).page_version == "amp"


def test_without_the_mark_it_is_the_page_itself():
    assert read(READ, amp(html='lang="id"')).page_version == "read-2021"


@pytest.mark.parametrize("head", [CANONICAL, "", meta(og_url=READ)])
def test_its_key_is_that_of_the_page_it_stands_for(head: str):
    article = read(AMP, amp(head=head))
    assert (article.key, article.canonical_url) == ("tempo-read:1900001", READ)


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("https://en.tempo.co/amp/1900001/x", "tempo-read:1900001"),
        ("https://majalah.tempo.co/amp/opini/167626/x", "tempo-magazine:167626"),
        ("https://magz.tempo.co/amp/opinion/40169/x", "tempo-magz:40169"),
        ("https://foto.tempo.co/amp/80001/x", "tempo-photo:80001"),
    ],
)
def test_of_every_host(address: str, key: str):
    article = read(address, amp(head=f'<link rel="canonical" href="{address.replace("/amp/", "/read/")}">'))
    assert (article.key, article.page_version) == (key, "amp")


def test_it_has_the_fields_of_the_page_it_stands_for():
    mobile = amp(people=PEOPLE)
    desktop = mobile.replace("<html amp>", "<html>").replace("amp-img", "img").replace(ADVERTISEMENT, "")
    one, other = read(AMP, mobile), read(READ, desktop)
    for name in ("headline", "article_body", "authors", "keywords", "date_published", "dateline", "images"):
        assert getattr(one, name) == getattr(other, name), name
    assert one.authors[0] == Author(name="Ani Suci", role=Role.REPORTER)


def test_the_picture_is_not_the_one_for_readers_without_scripts():
    (image,) = read(AMP, amp()).images
    assert image == Image(url="https://statik.tempo.co/1_720.jpg", caption="Layang-layang.", credit="TEMPO/Ani Suci")


def test_a_picture_in_sizes():
    sizes = PICTURE.replace('src="https://statik.tempo.co/1_720.jpg"', 'srcset="/1_300.jpg 300w, /1_720.jpg 720w"')
    assert read(AMP, amp(lead=sizes)).images[0].url == "https://tekno.tempo.co/1_720.jpg"


def test_the_text_without_advertisements_and_boxes():
    article = read(AMP, amp())
    assert article.article_body == "Angin datang.\n\nLayang-layang naik."
    assert [(link.headline, link.relation) for link in article.related_links] == [("Perahu", Relation.READ_ALSO)]


def test_a_further_article_below_is_another():
    below = (
        '<article class="detail-artikel berikutnya"><h1>Lain</h1><div class="detail-in"><p>Lain.</p></div></article>'
    )
    assert read(AMP, amp(below=below)).article_body == "Angin datang.\n\nLayang-layang naik."


def test_the_headline_is_whole_where_json_ld_has_it_cut():
    article = read(AMP, amp(head=CANONICAL + json_ld(headline="Layang-layang di...")))
    assert article.headline == "Layang-layang di Atas Teluk"
    assert article.provenance["headline"] is Source.VISIBLE


def test_a_magazines_headline_is_the_sites():
    article = read(AMP, amp(head=CANONICAL + json_ld(headline="Mengapa Layang-layang Terbang")))
    assert article.headline == "Mengapa Layang-layang Terbang"
    assert article.provenance["headline"] is Source.JSON_LD


def test_a_day_gives_way_to_the_minute_of_its_issue():
    head = CANONICAL + json_ld(datePublished="2021-03-03T20:00:00+07:00", mainEntityOfPage=READ)
    day = amp(head=head).replace("Kamis, 4 Maret 2021 | 14:06 WIB", "Kamis, 4 Maret 2021")
    assert read(AMP, day).date_published_raw == "2021-03-03T20:00:00+07:00"
    assert read(AMP, amp(head=head)).date_published_raw == "Kamis, 4 Maret 2021 | 14:06 WIB"


def test_people_by_json_ld_where_the_page_shows_none():
    head = CANONICAL + json_ld(author={"name": "Ani Suci"}, editor={"name": "Budi Dharma"})
    authors = read(AMP, amp(head=head)).authors
    assert [(author.name, author.role) for author in authors] == [
        ("Ani Suci", Role.AUTHOR),
        ("Budi Dharma", Role.EDITOR),
    ]


def test_tags_are_told_to_machines_where_the_page_shows_none():
    untagged = amp(head=CANONICAL + '<meta name="keywords" content="Angin, Teluk,Angin">')
    untagged = untagged.replace("box-tag-detail", "box")
    assert read(AMP, untagged).keywords == ("Angin", "Teluk")


def test_a_page_of_2017():
    html = page(
        CANONICAL,
        '<header><h1>TEMPO.CO</h1></header><article itemscope itemtype="http://schema.org/NewsArticle">'
        '<h1 itemprop="headline">Layang-layang</h1><h4 itemprop="author">Ani Suci</h4><h4 itemprop="editor">Eko</h4>'
        '<span id="date" itemprop="datePublished">Kamis, 26 Oktober 2017 12:34 WIB</span>'
        '<figure><amp-img src="/1.jpg"></amp-img><figcaption><p>Satu. TEMPO/Budi</p></figcaption></figure>'
        '<div id="isi"><p><strong>TEMPO.CO</strong>, <strong>Jakarta</strong> - Angin datang.</p></div></article>',
        html="\u26a1",
    )
    article = read(AMP, html)
    assert (article.headline, article.article_body) == ("Layang-layang", "Angin datang.")
    assert article.date_published_raw == "Kamis, 26 Oktober 2017 12:34 WIB"
    assert [(author.name, author.role) for author in article.authors] == [
        ("Ani Suci", Role.REPORTER),
        ("Eko", Role.EDITOR),
    ]
    assert article.images == (Image(url="https://tekno.tempo.co/1.jpg", caption="Satu.", credit="TEMPO/Budi"),)


def test_a_page_of_unknown_make():
    html = page(
        CANONICAL + json_ld(headline="Layang-layang", datePublished="2019-05-01T08:00:00+07:00"),
        "<header><p>Menu</p></header><amp-sidebar><p>Kanal</p></amp-sidebar><main><h1>Layang-layang</h1><nav><p>Bagi</p>"
        "</nav><p>Angin datang.</p><p>Layang-layang naik.</p></main><footer><p>Tempo</p></footer>",
        html="amp",
    )
    article = read(AMP, html)
    assert article.page_version == "amp"
    assert article.article_body == "Angin datang.\n\nLayang-layang naik."
    assert article.date_published_raw == "2019-05-01T08:00:00+07:00"


def test_a_photo_page():
    slides = "".join(
        f'<figure><amp-img src="/{number}.jpg"></amp-img><figcaption>{words}</figcaption></figure>'
        for number, words in enumerate(("Satu. ANTARA FOTO/Eko", "Dua. REUTERS/Ani"), 1)
    )
    article = read(AMP, amp("", lead=f"<amp-carousel>{slides}</amp-carousel>"))
    assert [image.credit for image in article.images] == ["ANTARA FOTO/Eko", "REUTERS/Ani"]
    assert article.article_body == "Satu.\n\nDua."


def test_paywalls():
    cut = read(AMP, amp(f'<div class="detail-in"><p>Angin datang.</p>{WALL}</div>'))
    assert (cut.article_body, cut.body_complete) == ("Angin datang.", False)
    assert fate(AMP, amp(f'<div class="detail-in">{WALL}</div>')) is Fate.PAYWALLED


def test_ages_on_cards_count_from_the_download():
    card = (
        '<h2 class="titlebox">Rekomendasi Berita</h2><div class="card-box"><article class="text-card">'
        '<h3 class="title"><a href="https://tekno.tempo.co/read/1900003/x">Perahu</a></h3>'
        '<h4 class="date">2 jam lalu</h4></article></div>'
    )
    link = read(AMP, amp(below=card)).related_links[-1]
    assert (link.headline, link.relation) == ("Perahu", Relation.MORE_ARTICLES)
    assert link.date_published is not None
    assert link.date_published.latest < AT
