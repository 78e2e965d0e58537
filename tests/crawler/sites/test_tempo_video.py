"""Video pages: the player, the text, the credits behind it, and the still."""

from __future__ import annotations

import pytest

from crawler.sites.tempo.video import split_credits
from stories.article import Author, Image, Relation, Role, Source
from tests.crawler.sites.kinds import NEWS, VIDEO, byline, fate, json_ld, meta, news, read

PLAYER = '<div class="foto-detail"><div class="videoframe"><iframe src="https://www.youtube.com/embed/x"></iframe></div></div>'
TEXT = '<div class="detail-in"><p>TEMPO.CO, Jakarta - Angin datang.</p><p>Layang-layang naik.</p>{}</div>'
STILL = "https://statik.tempo.co/data/2023/11/24/1_720.jpg"


def told(description: str = "Angin datang.", **more: str) -> str:
    return json_ld(video={"@type": "VideoObject", "description": description, "thumbnailUrl": STILL} | more)


@pytest.mark.parametrize(
    "player",
    [
        PLAYER,
        '<div class="foto-detail"><ivs-player data-ivs-key="1" data-ivs-wid="a-b"></ivs-player></div>',
        '<div class="foto-detail"><video src="x.mp4"></video></div>',
    ],
)
def test_it_is_a_version_of_its_own(player: str):
    assert read(VIDEO, news(TEXT.format(""), lead=player)).page_version == "video"


def test_an_article_with_a_video_in_its_text_is_an_article():
    inside = '<div class="videoframe"><iframe src="https://www.youtube.com/embed/x"></iframe></div>'
    lead = '<div class="foto-detail"><figure><img src="/1.jpg"></figure></div>'
    assert fate(NEWS, news(TEXT.format(inside), lead=lead)) == "read-2021"


def test_the_text():
    article = read(VIDEO, news(TEXT.format("<p>Video: Antara (Ani Suci/Budi Dharma)</p>"), lead=PLAYER))
    assert article.article_body == "Angin datang.\n\nLayang-layang naik."
    assert article.dateline is not None
    assert article.dateline.place == "Jakarta"


def test_without_a_text_it_is_what_the_video_is_said_to_show():
    article = read(VIDEO, news("", lead=PLAYER, head=told("Angin datang. Foto: Reuters Editor: Ani Suci")))
    assert article.article_body == "Angin datang."
    assert article.provenance["articleBody"] is Source.JSON_LD


def test_without_that_it_is_the_description():
    article = read(VIDEO, news("", lead=PLAYER, head=meta(og_description="Angin datang.")))
    assert article.article_body == "Angin datang."
    assert article.provenance["articleBody"] is Source.META


def test_the_people_above_and_below():
    credits_below = "<p>Videografer: Eko Nugroho</p><p>Editor: Dewi Lestari</p>"
    html = news(TEXT.format(credits_below), lead=PLAYER, people=byline("Reporter", "Ani Suci"))
    assert read(VIDEO, html).authors == (
        Author(name="Ani Suci", role=Role.REPORTER),
        Author(name="Eko Nugroho", role=Role.CONTRIBUTOR),
        Author(name="Dewi Lestari", role=Role.EDITOR),
    )


def test_the_still_and_whose_it_is():
    html = news(TEXT.format("<p>Video: Antara (Ani Suci/Budi Dharma)</p>"), lead=PLAYER, head=told())
    article = read(VIDEO, html)
    assert article.images == (Image(url=STILL, credit="Antara (Ani Suci/Budi Dharma)"),)
    assert article.provenance["images"] is Source.JSON_LD


def test_a_still_by_open_graph():
    article = read(VIDEO, news(TEXT.format(""), lead=PLAYER, head=meta(og_image=STILL)))
    assert article.images == (Image(url=STILL),)
    assert article.provenance["images"] is Source.META


def test_without_a_visible_date_it_is_that_of_the_upload():
    html = news(TEXT.format(""), lead=PLAYER, head=told(uploadDate="2023-11-24T08:00:00+07:00"))
    html = html.replace("Kamis, 4 Maret 2021 | 14:06 WIB", "")
    article = read(VIDEO, html)
    assert (article.date_published_raw, article.date_source) == ("2023-11-24T08:00:00+07:00", Source.JSON_LD)


def test_related_videos():
    card = (
        '<h2 class="titlebox">Video Terkait</h2><div class="card-box"><h3 class="title">'
        '<a href="https://video.tempo.co/read/70002/x">Perahu</a></h3><h4 class="date">5 Menit Lalu</h4></div>'
    )
    (link,) = read(VIDEO, news(TEXT.format(""), lead=PLAYER, below=card)).related_links
    assert (link.headline, link.relation) == ("Perahu", Relation.RELATED)


@pytest.mark.parametrize(
    ("text", "rest", "found"),
    [
        ("Angin. Foto: Reuters Editor: Ani Suci", "Angin.", (("foto", "Reuters"), ("editor", "Ani Suci"))),
        ("Video: Antara (A/B)", "", (("video", "Antara (A/B)"),)),
        ("Angin datang.", "Angin datang.", ()),
        (f"Sumber: ia berkata {'panjang ' * 30}", f"Sumber: ia berkata {'panjang ' * 30}".strip(), ()),
        ("Kata editor: tidak. Editor: Ani", "Kata editor: tidak.", (("editor", "Ani"),)),
        ("Kata satu sumber: tidak", "Kata satu sumber: tidak", ()),
        ("", "", ()),
    ],
)
def test_credits_at_the_end(text: str, rest: str, found: tuple[tuple[str, str], ...]):
    assert split_credits(text) == (rest, found)
