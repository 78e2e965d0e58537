"""Pages of Tempo's versions in our own words: each trap of the field guide is a page of its own."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from crawler.sites.registry import site_of
from crawler.sites.site import Page, Part, Reading
from stories.article import Article, Author, Dateline, RelatedLink, Relation, Role, Source
from stories.errors import PageError
from stories.fate import Fate

NOW = datetime(2026, 11, 24, 5, 30, tzinfo=UTC)
EN = "https://en.tempo.co/read/2000001/the-well"
CHANNEL = "https://metro.tempo.co/read/1400001/sumur"
WWW = "https://www.tempo.co/hukum/sumur-tua-2100001"
OLD = "http://metro.tempo.co/read/news/2015/11/05/064712345/sumur"
LONG = "The council dug a well behind the old market, and the people of three villages came to drink from it. "


def read(html: str, url: str = EN) -> Reading:
    site = site_of(url)
    assert site is not None
    return site.read(Page(url=url, body=html.encode(), downloaded_at=NOW, content_type="text/html; charset=utf-8"))


def article(html: str, url: str = EN) -> Article:
    found = read(html, url)
    assert isinstance(found, Article)
    return found


def fate(html: str, url: str = EN) -> Fate:
    with pytest.raises(PageError) as error:
        read(html, url)
    return error.value.fate


def script(**facts: Any) -> str:
    facts = {"@type": "NewsArticle"} | facts
    return f'<script type="application/ld+json">{json.dumps(facts)}</script>'


def page_2021(
    body: str = "<p>The well was dug.</p>",
    *,
    head: str = "",
    byline: str = "",
    before: str = "",
    after: str = "",
    date: str = "August 9, 2025 | 11:39 am",
) -> str:
    return (
        f"<html><head>{head}</head><body>{before}<article class='detail-artikel'><div class='detail-title'>"
        f"<h1>The Well</h1>{byline}<h4 class='date'>{date}</h4></div><div class='detail-in'>{body}</div></article>"
        f"{after}</body></html>"
    )


def page_2017(body: str = "<p>Sumur digali.</p>", *, head: str = "", people: str = "", after: str = "") -> str:
    return (
        f"<html><head>{head}</head><body><section id=article><article><h1 itemprop=headline>Sumur</h1>{people}"
        "<span id=date>Kamis, 26 Oktober 2017 12:34 WIB</span>"
        f"<div id=isi itemprop=articleBody>{body}</div>{after}</article></section></body></html>"
    )


def page_www(*paragraphs: str, head: str = "", byline: str = "", after: str = "") -> str:
    wrapped = "".join(f'<div id="content-wrapper"><p>{paragraph}</p></div>' for paragraph in paragraphs)
    return (
        f"<html><head>{head}</head><body><main><article class='grow space-y-6'><h1>Sumur Tua</h1>"
        f"<p class='text-neutral-900 text-sm'>24 Juli 2026 | 09.00 WIB</p>{byline}{wrapped}</article>{after}"
        "</main></body></html>"
    )


def page_2015(text: str, *, after: str = "", above: str = "") -> str:
    return (
        f"<html><body>{above}<div class=artikel><div class='block-tanggal'>Kamis, 05 November 2015 | 11:13 WIB</div>"
        f"<h1>Sumur</h1><p>{text}</p></div>{after}</body></html>"
    )


def links(found: Article, relation: Relation) -> list[tuple[str | None, str | None]]:
    return [(link.url, link.headline) for link in found.related_links if link.relation is relation]


# -- fates ------------------------------------------------------------------------------------------------------


CHALLENGE = "<html><head><title>Just a moment...</title></head><body>Verifying you are human. Ray ID: 1</body></html>"
SHELL = '<html><body><header>Tempo</header><div id="__nuxt"></div><script>window.__NUXT__={}</script></body></html>'
NOTICE = "<html><body><h1>Not found</h1><p>There is no such page.</p></body></html>"
WALL = "<div class='pw-container'><p>Berlangganan untuk melanjutkan membaca.</p></div>"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (CHALLENGE, Fate.CHALLENGE),
        (f"{CHALLENGE}<p>{LONG * 9}</p>", Fate.CHALLENGE),
        (SHELL, Fate.EMPTY_SHELL),
        ("<html><body><p>Memuat…</p><script src=/app.js></script></body></html>", Fate.EMPTY_SHELL),
        ("<html><body></body></html>", Fate.NOT_ARTICLE),
        (NOTICE, Fate.NOT_ARTICLE),
        (f"{NOTICE}<script>1</script><p>{LONG}</p>", Fate.NOT_ARTICLE),
        (page_2021("", head=script(isAccessibleForFree=False)), Fate.PAYWALLED),
        (page_2021("<div class='newblur-pwcontain'><p>Subscribe</p></div>"), Fate.PAYWALLED),
        (
            f"<html><head>{script(headline='Well', isAccessibleForFree=False)}</head><body>{WALL}</body></html>",
            Fate.PAYWALLED,
        ),
        (page_2021(""), Fate.NOT_ARTICLE),
    ],
)
def test_a_page_without_an_article(html: str, expected: Fate):
    assert fate(html) is expected


@pytest.mark.parametrize("wall", [WALL, "<div class='newblur-pwcontain'><p>Subscribe to continue reading.</p></div>"])
def test_a_teaser_is_an_article_that_is_not_complete(wall: str):
    found = article(page_2021(f"<p>The well was dug.</p>{wall}"))
    assert (found.article_body, found.body_complete) == ("The well was dug.", False)


def test_a_declared_paywall_is_recorded_as_declared():
    found = article(page_2021(head=script(isAccessibleForFree=False)))
    assert (found.is_accessible_for_free, found.body_complete) == (False, False)
    assert found.provenance["isAccessibleForFree"] is Source.JSON_LD


def test_a_hidden_wall_cuts_nothing():
    wall = "<div class='pw-container' style='display: none'><p>Subscribe</p></div>"
    found = article(page_2021(f"<p>The well was dug.</p>{wall}"))
    assert (found.article_body, found.body_complete) == ("The well was dug.", True)


def test_an_article_about_challenge_pages_is_one():
    assert "Verifying you are human" in article(page_2021("<p>It said: Verifying you are human.</p>")).article_body


# -- a page that fits no version --------------------------------------------------------------------------------


def strange(text: str, head: str = "") -> str:
    return f"<html><head>{head}</head><body><div class=x><h1>The Well</h1>{text}</div></body></html>"


def test_an_article_of_no_version_is_read_generically():
    body = f"<p>TEMPO.CO, Jakarta - {LONG * 2}</p><p>{LONG * 3}</p><p>Ani Budi contributed to this article</p>"
    found = article(strange(body, script(headline="The Well", author={"name": "Tempo.co"})))
    assert found.page_version == "fallback"
    assert found.dateline == Dateline(publisher="TEMPO.CO", place="Jakarta")
    assert found.article_body.startswith("The council")
    assert "contributed" not in found.article_body
    assert found.authors == (Author(name="Ani Budi", role=Role.CONTRIBUTOR),)
    assert found.key == "tempo-read:2000001"
    assert {found.provenance[name] for name in ("articleBody", "dateline", "authors")} == {Source.FALLBACK}


def test_a_known_frame_without_its_body_is_read_generically_too():
    text = f"<div class=new-body><p>{LONG * 3}</p><p>{LONG * 3}</p></div>"
    html = page_2021("").replace("<div class='detail-in'></div>", text)
    assert article(html).page_version == "fallback"


# -- parts ------------------------------------------------------------------------------------------------------


PAGING = "<div class=paging><a href='?page_num=1'>1</a><a href='?page_num=2'>2</a><a href='?page_num=3'>3</a></div>"


@pytest.mark.parametrize(
    ("url", "following"),
    [
        (CHANNEL, f"{CHANNEL}?page_num=2"),
        (f"{CHANNEL}?page_num=1", f"{CHANNEL}?page_num=2"),
        (f"{CHANNEL}?page_num=2", f"{CHANNEL}?page_num=3"),
    ],
)
@pytest.mark.parametrize("page", [page_2017, page_2021])
def test_an_article_goes_on(page: Any, url: str, following: str):
    found = read(page(after=PAGING), url)
    assert isinstance(found, Part)
    assert found.next_url == following
    assert not found.article.body_complete


def test_it_goes_on_where_the_head_says_so():
    found = read(page_2017(head=f'<link rel="next" href="{CHANNEL}?page_num=2">'), CHANNEL)
    assert isinstance(found, Part)


@pytest.mark.parametrize(
    ("html", "url"),
    [
        (page_2017(after=PAGING), f"{CHANNEL}?page_num=3"),
        (page_2017(after=PAGING), f"{CHANNEL}/full&view=ok"),
        (page_2017(after="<a href='/read/1400002/other?page_num=2'>2</a>"), CHANNEL),
        (page_2017(head='<link rel="next" href="/read/1400002/other">'), CHANNEL),
        (page_2017(after="<a href='https://evil.test/read/1400001/x?page_num=2'>2</a>"), CHANNEL),
        (page_2017(after=f"<a href='{CHANNEL}/full&view=ok'>Semua</a>"), CHANNEL),
    ],
)
def test_it_goes_on_nowhere(html: str, url: str):
    assert article(html, url).body_complete


# -- whose words count ------------------------------------------------------------------------------------------


def test_json_ld_of_another_article_is_not_believed():
    """Tempo's template of 2017 once had its designer's example on every page."""
    left = script(
        headline="Sumur",
        author={"name": "Orang Lain"},
        editor={"name": "Orang Lain"},
        description="Lain",
        datePublished="2018-02-18T07:46:31+07:00",
        dateModified="2018-02-18T07:46:31+07:00",
        mainEntityOfPage={"@id": "https://webtorial.tempo.co/detail.html"},
    )
    found = article(page_2017(head=left + "<meta name=description content=Ini>"), CHANNEL)
    assert (found.authors, found.date_modified, found.description) == ((), None, "Ini")
    assert found.provenance["description"] is Source.META


def test_json_ld_of_this_article_is_believed():
    own = script(
        author=[{"name": "Ani Budi"}, {"name": "ANI BUDI"}, {"name": "TEMPO.CO"}],
        datePublished="2025-08-09T11:39:00+07:00",
        dateModified="2025-08-10T08:00:00+07:00",
    )
    found = article(page_2021(head=own))
    assert found.authors == (Author(name="Ani Budi", role=Role.AUTHOR),)
    assert (found.date_source, found.provenance["dateModified"]) == (Source.VISIBLE, Source.JSON_LD)


OTHER = "https://en.tempo.co/read/99/other"


@pytest.mark.parametrize(
    ("head", "key"),
    [
        ("", "tempo-read:2000001"),
        (f"<link rel=canonical href='{OTHER}'>", "tempo-read:99"),
        (f"<link rel=canonical href='{OTHER}'><meta property=og:url content='{OTHER}'>", "tempo-read:99"),
        (f"<link rel=canonical href='{OTHER}'><meta property=og:url content='{EN}'>", "tempo-read:2000001"),
        (f"<link rel=canonical href='{OTHER}'>{script(mainEntityOfPage=EN)}", "tempo-read:2000001"),
        ("<link rel=canonical href='https://webtorial.tempo.co/detail.html'>", "tempo-read:2000001"),
        ("<link rel=canonical href='https://en.tempo.co/'><meta property=og:url content='x'>", "tempo-read:2000001"),
    ],
)
def test_who_a_page_is(head: str, key: str):
    assert article(page_2021(head=head)).key == key


def test_the_first_article_by_type_not_by_place():
    head = script(**{"@type": "Organization"}, name="x", description="No") + script(description="Yes")
    assert article(page_2021(head=head)).description == "Yes"


@pytest.mark.parametrize("date", ["null WIB", "", "0 Comment"])
def test_a_date_that_is_none_leaves_the_word_to_the_next(date: str):
    head = "<meta property='article:published_time' content='2025-08-09T11:39:00+07:00'>"
    found = article(page_2021(head=head, date=date))
    assert (found.date_published, found.date_source) == (datetime(2025, 8, 9, 4, 39, tzinfo=UTC), Source.META)


@pytest.mark.parametrize(
    ("head", "source"),
    [
        (script(headline="The Well"), Source.JSON_LD),
        ("<meta property='og:title' content='The Well'>", Source.META),
    ],
)
def test_a_headline_that_is_not_shown(head: str, source: Source):
    found = article(page_2021(head=head).replace("<h1>The Well</h1>", ""))
    assert (found.headline, found.provenance["headline"], found.page_version) == ("The Well", source, "read-2021")


def test_a_text_beside_the_headlines_frame():
    html = page_2017().replace("<div id=isi", "</article><div id=isi")
    found = article(html, CHANNEL)
    assert (found.page_version, found.article_body) == ("read-2017", "Sumur digali.")


def test_no_date_is_none():
    found = article(page_2021(date="x"))
    assert (found.date_published, found.date_source) == (None, None)
    assert "datePublished" not in found.provenance


def test_an_english_time_without_zone_is_western_indonesian():
    assert article(page_2021()).date_published == datetime(2025, 8, 9, 4, 39, tzinfo=UTC)


DATA_LAYER = """<script>dataLayer = [{"published_date": "Senin, 16 Januari 2023 10:15 WIB", "reporter": "Ani Budi",
"editor": "Citra", "tags": "Air,Sumur, Air", "content_category": "Metro"}];</script>"""


def test_what_the_page_tells_its_statistics_fills_what_nothing_else_says():
    found = article(page_2021(head=DATA_LAYER, date=""))
    assert found.date_published == datetime(2023, 1, 16, 3, 15, tzinfo=UTC)
    assert [(one.name, one.role) for one in found.authors] == [("Ani Budi", Role.REPORTER), ("Citra", Role.EDITOR)]
    assert (found.keywords, found.article_section) == (("Air", "Sumur"), "Metro")
    assert {found.provenance[name] for name in ("datePublished", "authors", "keywords", "articleSection")} == {
        Source.DATA_LAYER
    }


def test_what_is_shown_wins_over_what_the_page_tells_its_statistics():
    tags = "<div class=box-tag-detail><a href=/tag/w># Wells</a></div>"
    byline = "<div class=text-avatar><p>Reporter</p><h4>Dewi Eka</h4></div>"
    found = article(page_2021(head=DATA_LAYER, byline=byline, after=tags))
    assert (found.keywords, [one.name for one in found.authors]) == (("Wells",), ["Dewi Eka"])


# -- people -----------------------------------------------------------------------------------------------------


def avatar(label: str, name: str) -> str:
    return f"<div class=text-avatar><p class=title>{label}</p><h4 class='title bold'>{name}</h4></div>"


@pytest.mark.parametrize(
    ("byline", "people"),
    [
        (avatar("Reporter", "Ani Budi"), [("Ani Budi", "reporter")]),
        (avatar("Editor", "Citra") + avatar("Reporter", "Ani Budi"), [("Citra", "editor"), ("Ani Budi", "reporter")]),
        (avatar("Translator", "Ani Budi"), [("Ani Budi", "translator")]),
        (avatar("Penulis", "Ani Budi"), [("Ani Budi", "author")]),
        (avatar("Reporter", "Tempo.co"), []),
        (avatar("Reporter", "TEMPO English"), []),
        (avatar("Reporter", "Tim Tempo"), []),
        (avatar("Reporter", "Non Koresponden"), []),
        (avatar("Reporter", "Reuters"), []),
        (avatar("Reporter", "-"), []),
        (avatar("Reporter", "Ani Budi, Citra (Kontributor)"), [("Ani Budi", "reporter"), ("Citra", "contributor")]),
        (avatar("Reporter", "Ani Budi | Citra"), [("Ani Budi", "reporter"), ("Citra", "reporter")]),
        (avatar("Reporter", "Ani dan Citra"), [("Ani", "reporter"), ("Citra", "reporter")]),
        (avatar("Reporter", "Ani, Budi, and Citra"), [(n, "reporter") for n in ("Ani", "Budi", "Citra")]),
        (avatar("Author", "Ani Budi, Ph.D., M.Si"), [("Ani Budi, Ph.D., M.Si", "author")]),
        (avatar("Reporter", "Ani Budi (Surabaya)"), [("Ani Budi", "reporter")]),
        (avatar("", "Ani Budi") + "<div class=text-avatar><h4>(Jurnalis Tempo)</h4></div>", [("Ani Budi", "author")]),
        ("<div class=text-avatar>Reporter: Ani Budi</div>", [("Ani Budi", "reporter")]),
        (avatar("Reporter", "Ani Budi") + avatar("Reporter", "ani budi"), [("Ani Budi", "reporter")]),
        (avatar("Reporter", "ANI BUDI") + avatar("Reporter", "Ani Budi"), [("Ani Budi", "reporter")]),
        (
            avatar("Reporter", "Ani Budi") + avatar("Editor", "Ani Budi"),
            [("Ani Budi", "reporter"), ("Ani Budi", "editor")],
        ),
    ],
)
def test_people_of_a_byline(byline: str, people: list[tuple[str, str]]):
    found = article(page_2021(byline=byline))
    assert [(author.name, author.role.value) for author in found.authors] == people
    assert ("authors" in found.provenance) == bool(people)


def test_the_more_exact_role_wins_over_author():
    head = script(author=[{"name": "Ani Budi", "url": "/penulis/ani-1"}, {"name": "Citra"}], editor={"name": "Dewi"})
    found = article(page_2021(head=head, byline=avatar("Reporter", "Ani Budi") + avatar("Editor", "Citra")))
    assert [(author.name, author.role.value) for author in found.authors] == [
        ("Ani Budi", "reporter"),
        ("Citra", "editor"),
        ("Dewi", "editor"),
    ]
    assert found.authors[0].url == "https://en.tempo.co/penulis/ani-1"
    assert found.provenance["authors"] is Source.VISIBLE


def test_who_signed_and_is_in_the_byline_comes_once():
    people = "<div id=author>Reporter: <h4 itemprop=author>Ani Budi </h4></div>"
    found = article(
        page_2017("<p>Sumur digali.</p><p><strong>ANI BUDI | CITRA DEWI | ANTARA</strong></p>", people=people), CHANNEL
    )
    assert [author.name for author in found.authors] == ["Ani Budi", "Citra Dewi"]
    assert found.article_body == "Sumur digali."


@pytest.mark.parametrize(
    "people",
    [
        "<h4 itemprop=author>Non Koresponden </h4><div id=author>Editor: <h4 itemprop=editor>Citra</h4></div>",
        "<div id=author>Reporter: <h4>Non Koresponden </h4>Editor: <h4>Citra</h4></div>",
        "<p class=author>Editor: Citra</p>",
    ],
)
def test_people_of_2017(people: str):
    found = article(page_2017(people=people), CHANNEL)
    assert found.authors == (Author(name="Citra", role=Role.EDITOR),)


def test_people_of_www():
    ani = "<a href='/penulis/ani-1'>{}</a>"
    byline = ani.format("<img src=x.jpg alt=''>") + ani.format("Ani Budi") + "<a href='/penulis/citra-2'>Citra</a>"
    head = script(
        author=[{"name": "Ani Budi"}, {"name": "Ani Budi"}],
        editor={"name": "Citra"},
        datePublished="2026-07-24T09:00:00+07:00",
    )
    found = article(page_www("Kata <a href='/penulis/dewi-3'>Dewi</a>.", head=head, byline=byline), WWW)
    assert found.authors == (
        Author(name="Ani Budi", role=Role.AUTHOR, url="https://www.tempo.co/penulis/ani-1"),
        Author(name="Citra", role=Role.EDITOR, url="https://www.tempo.co/penulis/citra-2"),
    )


# -- text and what is none --------------------------------------------------------------------------------------


NONE_OF_IT = [
    "Click here to get the latest news updates from Tempo on Google News",
    "Scroll ke bawah untuk melanjutkan membaca",
    "Baca berita dengan sedikit iklan, klik di sini",
    "Tampilkan Ringkasan Artikel",
    "Subscribe to continue reading.",
    "Kami mengemas berita dengan cerita.",
    "Illustration of a well (Pixabay)",
    "Warga menimba air di sumur, Kamis, 4 Maret 2021. TEMPO/Somebody Else",
    "People at the well. REUTERS/Some Body",
    "Citra Dewi contributed to this article",
    "Ani Budi turut berkontribusi dalam penulisan artikel ini.",
    "ANTARA",
    "REUTERS | AFP",
]


@pytest.mark.parametrize("line", NONE_OF_IT)
def test_a_line_is_no_text(line: str):
    assert article(page_2021(f"<p>The well was dug.</p><p><em>{line}</em></p>")).article_body == "The well was dug."
    assert article(page_www("The well was dug.", line), WWW).article_body == "The well was dug."


@pytest.mark.parametrize("name", ["shadow", "header", "download", "headline", "iklan-tidak", "adv"])
def test_no_class_that_only_looks_like_an_advertisement_costs_text(name: str):
    body = f"<div class='{name}'><p class='{name}'>The well was dug.</p></div><p>It rained.</p>"
    assert article(page_2021(body)).article_body == "The well was dug.\n\nIt rained."


def test_a_script_in_a_paragraph_is_no_text():
    assert article(page_2021("<p>The well <script>var x = 1;</script>was dug.</p>")).article_body == "The well was dug."


@pytest.mark.parametrize("tag", ["div", "span", "section"])
def test_paragraphs_that_are_none_in_html(tag: str):
    sentence = LONG.strip()
    mixed = f"<p>One.</p><{tag}>{sentence}</{tag}><div>Iklan</div><div>Share this story</div><p>Two.</p>"
    assert article(page_2021(mixed)).article_body == f"One.\n\n{sentence}\n\nTwo."


def test_a_body_without_any_paragraph():
    html = page_2021("TEMPO.CO, Jakarta - One.<br><br>Two.<br>Three.<div>Iklan</div>")
    assert article(html).article_body == "One.\n\nTwo.\nThree."


def test_the_repeated_wrapper_gives_every_paragraph_once():
    inner = '<div id="content-wrapper"><p>Dua.</p></div>'
    html = page_www("Satu.", "Tiga.").replace("<p>Tiga.", f"{inner}<p>Tiga.")
    assert article(html, WWW).article_body == "Satu.\n\nDua.\n\nTiga."


def test_headings_and_lists_are_text():
    html = page_www("Satu.").replace("<p>Satu.</p>", "<h2>Judul</h2><p>Satu.</p><ul><li>Dua.</li></ul><h3>Tiga</h3>")
    assert article(html, WWW).article_body == "Judul\n\nSatu.\n\nDua.\n\nTiga"


def test_a_nested_body_is_read_once():
    html = page_2021("<div class='detail-konten'><p>The well was dug.</p></div>")
    assert article(html).article_body == "The well was dug."


@pytest.mark.parametrize(
    ("line", "publisher", "place"),
    [
        ("<strong>TEMPO.CO</strong>, <strong>Jakarta</strong> -&nbsp;Air.", "TEMPO.CO", "Jakarta"),
        ("TEMPO.CO, Jakarta-Air.", "TEMPO.CO", "Jakarta"),
        ("TEMPO.CO, Port-au-Prince - Air.", "TEMPO.CO", "Port-au-Prince"),
        ("TEMPO.CO, Jakarta - Air.", "TEMPO.CO", "Jakarta"),
        ("TEMPO.CO, Jakarta \u2014Air.", "TEMPO.CO", "Jakarta"),
        ("TEMPO.CO , Jakarta - Air.", "TEMPO.CO", "Jakarta"),
        ("TEMPO Interaktif, Jakarta: Air.", "TEMPO Interaktif", "Jakarta"),
        ("INFO NASIONAL \u2013 Air.", "INFO NASIONAL", None),
        ("INFO CANTIKA.COM - Air.", "INFO CANTIKA.COM", None),
        ("CANTIKA.COM, Jakarta - Air.", "CANTIKA.COM", "Jakarta"),
        ("KORAN TEMPO, Jakarta - Air.", "KORAN TEMPO", "Jakarta"),
    ],
)
def test_a_dateline_is_a_field(line: str, publisher: str, place: str | None):
    found = article(page_2021(f"<p>{line}</p>"))
    assert (found.dateline, found.article_body) == (Dateline(publisher=publisher, place=place), "Air.")


def test_one_paragraph_with_breaks_is_many():
    text = (
        "<strong>TEMPO.CO</strong>, <strong>Jakarta</strong> - Satu.<br><br>Dua.<br /><br />Baca juga: "
        "<a href='/read/news/2015/11/04/064712344/lain'>Lain</a><br><br><strong>ANI BUDI | ANTARA</strong><br><br>"
        "<b>Berita Terpopuler Lainnya:</b><br><a href='/read/news/2015/11/03/064712343/ramai'>Ramai</a>"
    )
    found = article(page_2015(text), OLD)
    assert found.page_version == "news-2013"
    assert found.article_body == "Satu.\n\nDua."
    assert found.authors == (Author(name="Ani Budi", role=Role.REPORTER),)
    assert [headline for _, headline in links(found, Relation.READ_ALSO)] == ["Lain"]
    assert [headline for _, headline in links(found, Relation.MORE_ARTICLES)] == ["Ramai"]
    assert found.date_published == datetime(2015, 11, 5, 4, 13, tzinfo=UTC)


RELATED_LISTS = [
    "<div><h4>Berita Terkait</h4><ul>{}</ul></div>",
    "<div><div class=head><span>BERITA TERKAIT</span></div><div><ul>{}</ul></div></div>",
    "<strong>Berita Terkait:</strong>\n<ul>{}</ul>",
    "<div>Artikel Terkait<ul>{}</ul></div>",
]


@pytest.mark.parametrize("frame", RELATED_LISTS)
def test_the_list_below_its_heading(frame: str):
    items = "<li><a href='/read/news/2015/11/04/064712344/lain'>Lain</a></li><li><a href='#'></a></li>"
    popular = "<h4>Terpopuler</h4><ul><li><a href='/read/news/2015/11/01/064712341/x'>X</a></li></ul>"
    found = article(page_2015("Satu.", after=frame.format(items) + popular, above=popular), OLD)
    assert links(found, Relation.RELATED) == [("http://metro.tempo.co/read/news/2015/11/04/064712344/lain", "Lain")]


def test_the_date_may_stand_above_the_article():
    date = "<div class='block-tanggal'>Kamis, 05 November 2015 | 11:13 WIB</div>"
    html = date + page_2015("Satu.").replace(date, "")
    assert article(html, OLD).date_source is Source.VISIBLE


def test_an_old_article_without_a_date_is_of_the_day_in_its_address():
    found = article(page_2015("Satu.").replace("Kamis, 05 November 2015 | 11:13 WIB", ""), OLD)
    assert (found.date_published, found.date_source) == (datetime(2015, 11, 4, 17, tzinfo=UTC), Source.URL)


# -- related news -----------------------------------------------------------------------------------------------


def card(number: int, *, age: str = "2 jam lalu", host: str = "en.tempo.co", excerpt: str = "Short.") -> str:
    url = f"https://{host}/read/{number}/x"
    return (
        f"<div class='card-box'><figure><a href='{url}'><img src=c.jpg alt='Card {number}'></a></figure>"
        f"<article class='text-card'><h4 class='date'>{age}</h4>"
        f"<h2 class='title'><a href='{url}'>Card {number}</a></h2><p>{excerpt}</p></article></div>"
    )


def box(title: str, *cards: str) -> str:
    return f"<section><h2 class='titlebox'>{title}</h2>{''.join(cards)}</section>"


@pytest.mark.parametrize(
    ("title", "relation"),
    [
        ("Related News", Relation.RELATED),
        ("Berita Terkait", Relation.RELATED),
        ("More Articles", Relation.MORE_ARTICLES),
        ("Rekomendasi Artikel", Relation.MORE_ARTICLES),
        ("Editor's Choice", Relation.EDITORS_CHOICE),
        ("Pilihan Editor", Relation.EDITORS_CHOICE),
        ("Baca Juga", Relation.READ_ALSO),
        ("Topik: Air", Relation.TOPIC),
        ("News in Metro", Relation.SECTION),
        ("Something", Relation.RELATED),
    ],
)
def test_a_heading_tells_the_relation_of_the_cards_below(title: str, relation: Relation):
    found = article(page_2021(after=box(title, card(11), card(12))))
    assert [(link.relation, link.headline, link.position) for link in found.related_links] == [
        (relation, "Card 11", 1),
        (relation, "Card 12", 2),
    ]


@pytest.mark.parametrize("title", ["Terpopuler", "Most Popular", "Terkini", "Latest"])
def test_what_others_read_is_not_related(title: str):
    found = article(page_2021(after=box("Related News", card(11)) + box(title, card(12))))
    assert [link.headline for link in found.related_links] == ["Card 11"]


def test_cards_above_the_article_belong_to_the_page():
    found = article(page_2021(before=card(10) + box("Fokus", card(9)), after=card(11)))
    assert [link.headline for link in found.related_links] == ["Card 11"]


def test_a_card_has_all_that_it_shows():
    (link,) = article(page_2021(after=card(11))).related_links
    assert (link.url, link.headline, link.description) == ("https://en.tempo.co/read/11/x", "Card 11", "Short.")
    assert link.date_published_raw == "2 jam lalu"
    assert link.date_published is not None
    assert link.date_published.earliest == datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
    assert link.date_published.latest == datetime(2026, 11, 24, 3, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("shown", "label", "excerpt"),
    [
        ("<p class=date>2 jam lalu</p><p>Short.</p>", "2 jam lalu", "Short."),
        ("<p>2 jam lalu</p><p>Short.</p>", "2 jam lalu", "Short."),
        ("<p>2 jam lalu</p>", "2 jam lalu", None),
        ("<p>Short.</p>", None, "Short."),
        ("", None, None),
    ],
)
def test_an_age_is_no_excerpt(shown: str, label: str | None, excerpt: str | None):
    html = f"<div class=card-box><h2 class=title><a href=/read/11/x>Card</a></h2>{shown}</div>"
    (link,) = article(page_2021(after=html)).related_links
    assert (link.date_published_raw, link.description) == (label, excerpt)
    assert (link.date_published is None) == (label is None)


@pytest.mark.parametrize(
    "paid",
    [
        card(12, age="PR"),
        card(12, age="pr"),
        card(12, age="Inforial"),
        card(12, age="Info Tempo"),
        card(12, age="Advertorial"),
        card(12, age="PR | 2 jam lalu"),
        card(12, age="<span class=kanal>Inforial</span> 2 jam lalu"),
        card(12, host="inforial.tempo.co"),
        card(12).replace("en.tempo.co/read/12", "www.tempo.co/info-tempo/x-12"),
    ],
)
def test_a_card_that_was_paid_for_keeps_its_place(paid: str):
    found = article(page_2021(after=card(11) + paid + card(13)))
    assert [(link.position, link.is_promotional) for link in found.related_links] == [(1, False), (2, True), (3, False)]


def test_press_is_not_paid_for():
    (link,) = article(page_2021(after=card(11, age="Press"))).related_links
    assert (link.is_promotional, link.date_published_raw, link.date_published) == (False, "Press", None)


def test_cards_and_boxes_inside_the_text_are_no_text():
    also = "<div class='baca-juga'><h5>Baca Juga</h5><p><a href='/read/12/x'>Twelve</a></p></div>"
    found = article(page_2021(f"<p>One.</p>{card(11)}{also}<p>Two.</p>"))
    assert found.article_body == "One.\n\nTwo."
    assert links(found, Relation.RELATED) == [("https://en.tempo.co/read/11/x", "Card 11")]
    assert links(found, Relation.READ_ALSO) == [("https://en.tempo.co/read/12/x", "Twelve")]
    assert found.images == ()


@pytest.mark.parametrize(
    ("line", "relation"),
    [
        ("Editor\u2019s Choice: <a href='/read/12/x'>Twelve</a>", Relation.EDITORS_CHOICE),
        ("Pilihan Editor: <a href='/read/12/x'>Twelve</a>", Relation.EDITORS_CHOICE),
        ("<strong>Pilihan Editor <a href='/read/12/x'>Twelve</a></strong>", Relation.EDITORS_CHOICE),
        ("Read: <a href='/read/12/x'>Twelve</a>", Relation.READ_ALSO),
        ("Baca Juga:</p><p><a href='/read/12/x'>Twelve</a>", Relation.READ_ALSO),
        ("Simak: <a href='/read/12/x'>Twelve</a>", Relation.READ_ALSO),
        ("Baca selengkapnya: <a href='/read/12/x'>Twelve</a>", Relation.READ_ALSO),
        ("Berita terkait: <a href='/read/12/x'>Twelve</a>", Relation.RELATED),
    ],
)
def test_a_line_that_points_elsewhere(line: str, relation: Relation):
    found = article(page_2021(f"<p>One.</p><p>{line}</p><p>Two.</p>"))
    assert found.article_body == "One.\n\nTwo."
    assert links(found, relation) == [("https://en.tempo.co/read/12/x", "Twelve")]


@pytest.mark.parametrize(
    "line", ["Baca <a href='/read/12/x'>Twelve</a> di sini.", "Read <a href='/read/12/x'>Twelve</a>"]
)
def test_a_sentence_that_begins_like_a_label_is_text(line: str):
    found = article(page_2021(f"<p>{line}</p><p>Two.</p>"))
    assert found.article_body.endswith("\n\nTwo.")
    assert links(found, Relation.INLINE) == [("https://en.tempo.co/read/12/x", "Twelve")]


def test_a_shortener_stays_as_it_is():
    found = article(page_2017("<p>Satu.</p><p><a href='https://goo.gl/1a'>Baca: Lain</a></p>"), CHANNEL)
    assert links(found, Relation.READ_ALSO) == [("https://goo.gl/1a", "Lain")]


BARE = [
    "<div class=border><span>BACA JUGA</span><div><a href='/hukum/satu-hal-2100002'>Satu Hal</a></div></div>",
    "<div>Baca juga: <a href='/hukum/satu-hal-2100002'>Satu Hal</a></div>",
    "<div class='baca-juga'><div>BACA JUGA</div><a href='/hukum/satu-hal-2100002'>Satu Hal</a></div>",
]


@pytest.mark.parametrize("bare", BARE)
def test_a_box_of_any_make_points_elsewhere(bare: str):
    html = page_www("Satu.", "Dua.").replace("<p>Dua.", f"{bare}<p>Dua.")
    found = article(html, WWW)
    assert found.article_body == "Satu.\n\nDua."
    assert links(found, Relation.READ_ALSO) == [("https://www.tempo.co/hukum/satu-hal-2100002", "Satu Hal")]


def test_buttons_of_the_page_point_nowhere():
    bare = "<div><a href='/hukum/satu-hal-2100002'>Baca Selengkapnya</a></div><div>Bagikan <a href='/x'>X</a></div>"
    assert article(page_www("Satu.").replace("<p>Satu.", f"{bare}<p>Satu."), WWW).related_links == ()


def test_the_numbers_of_its_pages_are_no_text():
    pages = "<ul><li><a href='?page_num=1'>1</a></li><li><a href='?page_num=2'>Selanjutnya</a></li></ul>"
    found = read(page_2021(f"<p>One.</p>{pages}<p><a href='{CHANNEL}/full&view=ok'>Semua</a></p>"), CHANNEL)
    assert isinstance(found, Part)
    assert found.article.article_body == "One."


def test_of_several_articles_json_ld_the_one_at_the_pages_address():
    other = script(description="Other", mainEntityOfPage="https://en.tempo.co/read/99/x")
    own = script(description="Own", mainEntityOfPage={"@id": EN})
    assert article(page_2021(head=f'{other}{own}<link rel=canonical href="{EN}">')).description == "Own"
    assert article(page_2021(head=other + own)).description == "Other"


def test_tags_are_keywords_and_no_related_news():
    body = "<p>The <a href='https://www.tempo.co/tag/air'>water</a> was clear.</p>"
    found = article(page_2021(body, after="<div class='box-tag-detail'><a href='/tag/air'>Air</a></div>"))
    assert (found.keywords, found.related_links) == (("Air",), ())


def test_links_to_tags_inside_the_text_of_www_are_no_tags():
    tags = '<div id="article-tags"><a href="https://www.tempo.co/tag/air">air</a></div>'
    html = page_www('Kata <a href="/tag/sumur">sumur</a>.').replace("</article>", f"{tags}</article>")
    assert article(html, WWW).keywords == ("air",)


def test_cards_of_www():
    words = "<figcaption><p><a href='{0}'>{1}</a></p><span>{2}</span></figcaption>"
    figure = f"<figure><a href='{{0}}'><img src=c.jpg></a>{words}</figure>"
    one = figure.format("/hukum/satu-hal-2100002", "Satu Hal", "5 Menit Lalu")
    paid = figure.format("/info-tempo/dua-hal-2100003", "Dua Hal", "Inforial")
    popular = figure.format("/hukum/tiga-hal-2100004", "Tiga Hal", "1 hari lalu")
    aside = f"<aside class=flex><h2>Berita Terkait</h2>{one}{paid}<h2>Terpopuler</h2>{popular}</aside>"
    found = article(page_www("Satu.", after=aside), WWW)
    assert [(link.headline, link.relation, link.is_promotional) for link in found.related_links] == [
        ("Satu Hal", Relation.RELATED, False),
        ("Dua Hal", Relation.RELATED, True),
    ]


# -- the next article on the same page --------------------------------------------------------------------------


NEXT = (
    "<article class='detail-artikel berikutnya'><div class='detail-title'><h1>Other</h1>"
    "<div class='text-avatar'><p>Reporter</p><h4>Nobody Atall</h4></div><h4 class='date'>August 1, 2025 | 11:39 am</h4>"
    "</div><div class='foto-detail'><figure><img src='/n.jpg'><figcaption>Next</figcaption></figure></div>"
    "<div class='detail-in'><p>Other text.</p></div>"
    f"<div class='box-tag-detail'><a href='/tag/other'>Other tag</a></div>{card(99)}</article>"
)


@pytest.mark.parametrize("next_article", [NEXT, NEXT.replace(" berikutnya", "")])
@pytest.mark.parametrize("inside", [True, False])
def test_the_next_article_is_never_mixed_in(next_article: str, inside: bool):
    html = page_2021(after=next_article + card(11))
    if inside:
        html = page_2021(after=card(11)).replace("</article>", f"{next_article}</article>", 1)
    found = article(html)
    assert (found.headline, found.article_body) == ("The Well", "The well was dug.")
    assert (found.authors, found.keywords, found.images) == ((), (), ())
    assert [link.headline for link in found.related_links] == ["Card 11"]


def test_the_next_article_of_www_is_never_mixed_in():
    following = (
        "<article class='berikutnya grow'><h1>Lain</h1><a href='/penulis/x-1'>Nobody Atall</a>"
        '<figure><img src="/n.jpg"></figure><div id="content-wrapper"><p>Teks lain.</p></div>'
        '<div id="article-tags"><a href="/tag/lain">lain</a></div></article>'
    )
    found = article(page_www("Satu.", after=following), WWW)
    assert (found.headline, found.article_body, found.authors) == ("Sumur Tua", "Satu.", ())
    assert (found.keywords, found.images) == ((), ())


# -- pictures ---------------------------------------------------------------------------------------------------


def test_pictures_and_their_captions():
    first = (
        "<div class='foto-detail'><figure><img src='/1.jpg'></figure>"
        "<figcaption>A well. TEMPO/Some Body<small>. tempo : 1</small></figcaption></div>"
    )
    third = "<figure><img src='/3.jpg'><figcaption>Rain (Pixabay)</figcaption></figure>"
    body = f"<p>One.</p><figure><img src='/2.jpg'></figure><p>Two.</p>{third}"
    html = page_2021(body).replace("<div class='detail-in'>", f"{first}<div class='detail-in'>")
    found = article(html)
    assert [(image.url, image.caption, image.credit) for image in found.images] == [
        ("https://en.tempo.co/1.jpg", "A well.", "TEMPO/Some Body"),
        ("https://en.tempo.co/2.jpg", None, None),
        ("https://en.tempo.co/3.jpg", "Rain", "Pixabay"),
    ]
    assert found.article_body == "One.\n\nTwo."


def test_the_logo_that_holds_an_advertisements_place_is_no_picture():
    logo, picture = (f"<figure><img src='{src}'></figure>" for src in ("/img/logo-tempo-ads.svg", "/data/1_720.jpg"))
    html = page_www("Satu.").replace("<div id", f"{logo}{picture}<div id", 1)
    assert [image.url for image in article(html, WWW).images] == ["https://www.tempo.co/data/1_720.jpg"]


def test_a_picture_comes_once():
    figure = "<figure><img src='/1.jpg'></figure>"
    assert len(article(page_2021(f"<p>One.</p>{figure}{figure}")).images) == 1


def test_relations_and_positions_are_as_the_page_has_them():
    body = "<p>See <a href='/read/12/x'>there</a>.</p><p>Read: <a href='/read/13/x'>Thirteen</a></p>"
    found = article(page_2021(body, after=box("Related News", card(11), card(11), card(14))))
    assert [(link.relation, link.position, link.url) for link in found.related_links] == [
        (Relation.INLINE, 1, "https://en.tempo.co/read/12/x"),
        (Relation.READ_ALSO, 1, "https://en.tempo.co/read/13/x"),
        (Relation.RELATED, 1, "https://en.tempo.co/read/11/x"),
        (Relation.RELATED, 2, "https://en.tempo.co/read/14/x"),
    ]
    assert all(isinstance(link, RelatedLink) for link in found.related_links)
