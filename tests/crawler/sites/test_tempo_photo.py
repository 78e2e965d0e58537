"""Photo pages and graphics: pictures in order, captions wherever they stand, and what is their text."""

from __future__ import annotations

import pytest

from stories.article import Author, Breadcrumb, Image, Relation, Role, Source
from tests.crawler.sites.kinds import GRAPHIC, NEWS, PHOTO, byline, caption, fate, figure, gallery, meta, news, read

FIGURES = figure(1) + figure(2) + figure(3)
CAPTIONS = caption("Satu. TEMPO/Ani Suci") + caption("Dua (ANTARA)") + caption("Tiga. AP Photo")
IMAGES = (
    Image(url="https://cdn.tmpo.co/1_720.jpg", caption="Satu.", credit="TEMPO/Ani Suci"),
    Image(url="https://cdn.tmpo.co/2_720.jpg", caption="Dua", credit="ANTARA"),
    Image(url="https://cdn.tmpo.co/3_720.jpg", caption="Tiga.", credit="AP Photo"),
)

CARDS = "".join(
    f'<div class="card-box"><figure class="img-card"><img src="https://cdn.tmpo.co/{number}_720.jpg"></figure>'
    f'<article class="text-card padding-no"><figcaption class="caption">{words}</figcaption>'
    '<p class="cl-gray">3 Juni 2021 | 07:35 WIB</p></article></div>'
    for number, words in enumerate(("Satu. TEMPO/Ani Suci", "Dua (ANTARA)", "Tiga. AP Photo"), 1)
)
DESKTOP = f'<div class="foto-detail"><div id="slider-detail-foto" class="slider">{CARDS}</div></div>'
SLIDES = "".join(
    f'<div class="card-box"><figure class="img-card"><img src="https://cdn.tmpo.co/{number}_720.jpg"></figure></div>'
    for number in (1, 2, 3)
)
NOTES = "".join(
    f'<div class="card-box"><article class="text-card"><figcaption class="caption">{words}</figcaption></article></div>'
    for words in ("Satu. TEMPO/Ani Suci", "Dua (ANTARA)", "Tiga. AP Photo")
)
MOBILE = (
    f'<div class="foto-detail"><section id="slider-detail-foto">{SLIDES}</section>'
    f'<section class="slider slider-caption-foto">{NOTES}</section></div>'
)
PAGES = {"2017": gallery(FIGURES, CAPTIONS), "2021": news("", lead=DESKTOP), "2021, narrow": news("", lead=MOBILE)}


@pytest.mark.parametrize("page", PAGES)
def test_it_is_a_version_of_its_own(page: str):
    assert read(PHOTO, PAGES[page]).page_version == "photo"


@pytest.mark.parametrize("page", PAGES)
def test_every_picture_has_its_caption_and_credit(page: str):
    assert read(PHOTO, PAGES[page]).images == IMAGES


@pytest.mark.parametrize("page", PAGES)
def test_the_captions_are_the_text(page: str):
    article = read(PHOTO, PAGES[page])
    assert article.article_body == "Satu.\n\nDua\n\nTiga."
    assert article.provenance["articleBody"] is Source.VISIBLE
    assert article.body_complete


def test_a_picture_without_a_caption_keeps_its_place():
    images = read(PHOTO, gallery(FIGURES, caption("Satu.") + caption("") + caption("Tiga."))).images
    assert [image.caption for image in images] == ["Satu.", None, "Tiga."]


def test_a_figures_own_caption_goes_before_one_apart():
    own = FIGURES.replace("<!-- none -->", "Punya sendiri. REUTERS/Budi Dharma", 1)
    image = read(PHOTO, gallery(own, CAPTIONS)).images[0]
    assert (image.caption, image.credit) == ("Punya sendiri.", "REUTERS/Budi Dharma")


def test_one_caption_for_several_pictures_is_one_paragraph():
    assert read(PHOTO, gallery(FIGURES, caption("Sama.") * 3)).article_body == "Sama."


def test_a_text_beside_the_pictures_is_the_text():
    assert read(PHOTO, gallery(FIGURES, CAPTIONS, prose="<p>Angin datang.</p>")).article_body == "Angin datang."
    body = '<div class="detail-in"><p>Angin datang.</p></div>'
    assert read(PHOTO, news(body, lead=DESKTOP)).article_body == "Angin datang."


@pytest.mark.parametrize("html", [gallery(FIGURES, head=meta(og_description="Layang-layang di teluk."))])
def test_without_captions_the_description_is_all_there_is(html: str):
    article = read(PHOTO, html)
    assert article.article_body == "Layang-layang di teluk."
    assert article.provenance["articleBody"] is Source.META


@pytest.mark.parametrize(
    "attributes",
    [
        {"src": "data:image/gif;base64,R0lGODlh", "data_src": "https://cdn.tmpo.co/9_720.jpg"},
        {"src": "/images/loading.gif", "data_original_source": "https://cdn.tmpo.co/9_720.jpg"},
        {"src": "/blank.png", "srcset": "https://cdn.tmpo.co/9_300.jpg 300w, https://cdn.tmpo.co/9_720.jpg 720w"},
        {"data_srcset": "https://cdn.tmpo.co/9_720.jpg 2x, https://cdn.tmpo.co/9_300.jpg 1x", "src": ""},
    ],
)
def test_a_picture_that_is_loaded_late(attributes: dict[str, str]):
    images = read(PHOTO, gallery(figure(9, **attributes), CAPTIONS)).images
    assert [image.url for image in images] == ["https://cdn.tmpo.co/9_720.jpg"]


def test_a_placeholder_alone_is_no_picture():
    article = read(PHOTO, gallery(figure(1, src="/images/blank.gif") + figure(2), caption("Satu.") + caption("Dua.")))
    assert article.images == (Image(url="https://cdn.tmpo.co/2_720.jpg", caption="Dua."),)


def test_the_date_is_the_articles_not_the_days():
    assert read(PHOTO, PAGES["2017"]).date_published_raw == "Jumat, 27 Oktober 2017 13:25 WIB"
    assert read(PHOTO, PAGES["2021"]).date_published_raw == "Kamis, 4 Maret 2021 | 14:06 WIB"


def test_who_it_is_by():
    assert read(PHOTO, PAGES["2017"]).authors == (Author(name="Citra Dewi", role=Role.AUTHOR),)
    named = news("", lead=DESKTOP, people=byline("Reporter", "Ani Suci") + byline("Editor", "Budi Dharma"))
    assert read(PHOTO, named).authors == (
        Author(name="Ani Suci", role=Role.REPORTER),
        Author(name="Budi Dharma", role=Role.EDITOR),
    )


def test_where_it_belongs():
    article = read(PHOTO, PAGES["2017"])
    assert (article.article_section, article.keywords) == ("Foto", ("Angin",))
    assert article.breadcrumbs == (Breadcrumb(name="Foto", url="https://foto.tempo.co"),)


def test_related_photo_pages_are_cards_and_slides_are_none():
    card = (
        '<div class="blockbox"><h2 class="titlebox">Foto Terkait</h2><div class="card-box"><figure class="img-card">'
        '<a href="https://foto.tempo.co/read/80002/x"><img src="x.jpg"></a></figure><article class="text-card">'
        '<h3 class="title"><a href="https://foto.tempo.co/read/80002/x">Perahu</a></h3>'
        '<h4 class="date">5 Menit Lalu</h4></article></div></div>'
    )
    (link,) = read(PHOTO, news("", lead=DESKTOP, below=card)).related_links
    assert (link.headline, link.relation, link.date_published_raw) == ("Perahu", Relation.RELATED, "5 Menit Lalu")


def test_an_article_with_one_picture_is_no_photo_page():
    lead = '<div class="foto-detail"><figure><img src="/1.jpg"></figure><figcaption>Satu.</figcaption></div>'
    assert fate(NEWS, news('<div class="detail-in"><p>Angin datang.</p></div>', lead=lead)) == "read-2021"


DRAWING = (
    '<div class="foto-detail"><figure><img class="lazyload" src="/images/blank.gif" '
    'data-src="https://cdn.tmpo.co/flash/data/flashgrafis/1/angin.jpg"></figure>'
    "<figcaption>Dari mana angin. TEMPO/Eko</figcaption></div>"
)
CRUMB = '<li><a href="//grafis.tempo.co">Grafis</a></li>'
PLAIN = DRAWING.replace("flashgrafis", "2021")


@pytest.mark.parametrize(("lead", "crumbs"), [(DRAWING, ""), (PLAIN, CRUMB)])
def test_a_graphic_is_known_by_its_name_or_its_drawing(lead: str, crumbs: str):
    assert read(GRAPHIC, news("", lead=lead, crumbs=crumbs)).page_version == "graphic"


def test_a_graphics_picture_and_text():
    article = read(GRAPHIC, news("", lead=DRAWING))
    assert article.images == (
        Image(
            url="https://cdn.tmpo.co/flash/data/flashgrafis/1/angin.jpg",
            caption="Dari mana angin.",
            credit="TEMPO/Eko",
        ),
    )
    assert article.article_body == "Dari mana angin."


def test_a_graphic_with_a_text_keeps_it():
    article = read(GRAPHIC, news('<div class="detail-in"><p>Angin datang.</p></div>', lead=DRAWING))
    assert article.article_body == "Angin datang."


def test_a_graphic_without_a_word_has_its_description():
    silent = DRAWING.replace("Dari mana angin. TEMPO/Eko", "")
    article = read(GRAPHIC, news("", lead=silent, head=meta(og_description="Arah angin.")))
    assert article.article_body == "Arah angin."
    assert article.provenance["articleBody"] is Source.META


def test_an_article_that_shows_a_graphic_in_its_text_is_an_article():
    body = f'<div class="detail-in"><p>Angin datang.</p>{DRAWING}<p>Dan pergi.</p></div>'
    lead = '<div class="foto-detail"><figure><img src="/1.jpg"></figure></div>'
    assert fate(NEWS, news(body, lead=lead)) == "read-2021"
