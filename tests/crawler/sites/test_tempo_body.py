"""What is text in a body, and what is not. The texts here are our own."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from crawler.sites.lines import lines_of
from crawler.sites.tempo.addresses import identify_any
from crawler.sites.tempo.body import Body, read_body, split_dateline
from crawler.sites.tempo.credits import capitals, caption_and_credit, contributors, labelled, somebody
from stories.article import Dateline, Relation, Role

BASE = "https://en.tempo.co/read/1/self"
NEWS = "https://en.tempo.co/read/2/other"
TEXT = "<p>The well was dug.</p>"


def is_article(url: str) -> bool:
    address = identify_any(url)
    return address is not None and address.kind.is_article


def body_of(html: str) -> Body:
    lines = [line for line in lines_of(LexborHTMLParser(html).css("body")) if line.prose]
    return read_body(lines, base=BASE, is_article=is_article)


def links(html: str) -> list[tuple[Relation, str | None, str | None]]:
    return [(link.relation, link.url, link.headline) for link in body_of(TEXT + html).links]


CHOICES = [
    f'<p>Editor\u2019s Choice: <a href="{NEWS}">Other</a></p>',
    f'<p><strong>Editor\'s Choice:\u00a0 <a href="{NEWS}">Other</a></strong></p>',
    f'<p>EDITOR\'S CHOICE</p><p><a href="{NEWS}">Other</a></p>',
    f'<p>Pilihan Editor: <a href="{NEWS}">Other</a></p>',
    f'<p><a href="{NEWS}">Pilihan Editor: Other</a></p>',
]
READ_ALSO = [
    f'<p>Read: <a href="{NEWS}">Other</a></p>',
    f'<p>Read also: <a href="{NEWS}">Other</a></p>',
    f'<p>Baca: <a href="{NEWS}">Other</a></p>',
    f'<p>Baca : <a href="{NEWS}">Other</a></p>',
    f'<p><a href="{NEWS}">Baca: Other</a></p>',
    f'<p>Baca Juga: <a href="{NEWS}">Other</a></p>',
    f'<p><strong>Baca Juga:</strong></p><p><a href="{NEWS}">Other</a></p>',
    f'<p>BACA JUGA</p><ul><li><a href="{NEWS}">Other</a></li></ul>',
]
NAMED = [(Relation.EDITORS_CHOICE, line) for line in CHOICES] + [(Relation.READ_ALSO, line) for line in READ_ALSO]


@pytest.mark.parametrize(("relation", "line"), NAMED)
def test_a_line_that_names_a_link(relation: Relation, line: str):
    assert links(line) == [(relation, NEWS, "Other")]
    assert body_of(TEXT + line).text == "The well was dug."


def test_a_link_line_inside_a_paragraph():
    html = f'<p>The well was dug.<br />Baca : <a href="{NEWS}">Other</a></p><p>It rained.</p>'
    assert body_of(html).text == "The well was dug.\n\nIt rained."
    assert [link.relation for link in body_of(html).links] == [Relation.READ_ALSO]


def test_a_label_holds_for_the_lines_of_links_below_it():
    html = f'<p>Baca Juga:</p><p><a href="{NEWS}">One</a></p><p><a href="{NEWS}2">Two</a></p><p>It rained.</p>'
    assert [headline for _, _, headline in links(html)] == ["One", "Two"]
    assert body_of(html).text == "It rained."


def test_a_label_with_a_link_holds_no_further_than_its_paragraph():
    html = f'<p>Read: <a href="{NEWS}">One</a><br><a href="{NEWS}2">Two</a></p><p><a href="{NEWS}3">Three</a></p>'
    assert [relation for relation, _, _ in links(html)] == [Relation.READ_ALSO, Relation.READ_ALSO, Relation.INLINE]
    assert body_of(html).text == "Three"


def test_a_shortened_address_is_kept_where_a_label_names_it():
    assert links('<p>Baca: <a href="https://goo.gl/1a">Other</a></p>') == [
        (Relation.READ_ALSO, "https://goo.gl/1a", "Other")
    ]


def test_links_in_the_text_count_where_they_lead_to_articles():
    html = f'<p>See <a href="{NEWS}">there</a>, <a href="/tag/well">well</a>, <a href="https://example.org/">x</a>.</p>'
    assert links(html) == [(Relation.INLINE, NEWS, "there")]
    assert body_of(html).text == "See there, well, x."


@pytest.mark.parametrize("lost", ["Other", '<a href="#">Other</a>', "<a>Other</a>"])
def test_a_label_that_lost_its_link(lost: str):
    assert links(f"<p>Editor\u2019s Choice: {lost}</p>") == [(Relation.EDITORS_CHOICE, None, "Other")]


@pytest.mark.parametrize(
    "line",
    [
        "Click here to get the latest news updates from Tempo on Google News",
        "Scroll ke bawah untuk melanjutkan membaca",
        "Baca berita dengan sedikit iklan, klik di sini",
        "Iklan",
        "Tampilkan Ringkasan Artikel",
        "Dengarkan artikel",
        "Bagikan",
        "Ikuti berita terkini dari Tempo.co di Google News, klik di sini.",
        "Illustration of a well (Pixabay)",
        "Ilustrasi sumur tua. TEMPO/Somebody Else",
        "ANTARA",
        "ANTARA | REUTERS",
        "DA",
    ],
)
def test_a_line_that_goes(line: str):
    assert body_of(f"{TEXT}<p>{line}</p>").text == "The well was dug."


@pytest.mark.parametrize(
    "line",
    [
        "Read the minutes, she said.",
        "Iklan rokok dilarang.",
        "Illustration was her trade.",
        "Bagikan air itu.",
        "Baca doa bersama.",
        "The paper wrote in 1999.",
        "NASA",
    ],
)
def test_a_line_that_stays(line: str):
    assert body_of(f"<p>{line}</p><p>The well was dug.</p>").text.startswith(line)


def test_a_body_of_one_line_in_capitals_is_a_text():
    assert body_of("<p>SELAMAT DATANG</p>").text == "SELAMAT DATANG"


def test_text_outside_of_prose_belongs_to_the_page():
    assert body_of(f"{TEXT}<div>Share this</div><script>x</script>").text == "The well was dug."


def test_two_breaks_end_a_paragraph_and_one_a_line():
    assert body_of("<p>One<br>two<br><br>three<br/>\n<br/>four</p>").text == "One\ntwo\n\nthree\n\nfour"


@pytest.mark.parametrize(
    ("text", "publisher", "place", "rest"),
    [
        ("TEMPO.CO, Jakarta - Text", "TEMPO.CO", "Jakarta", "Text"),
        ("TEMPO.CO, Jakarta -Text", "TEMPO.CO", "Jakarta", "Text"),
        ("TEMPO.CO, New York \u2013 Text", "TEMPO.CO", "New York", "Text"),
        ("TEMPO.CO, Denpasar, Bali - Text", "TEMPO.CO", "Denpasar, Bali", "Text"),
        ("INFO CANTIKA.COM - Text", "INFO CANTIKA.COM", None, "Text"),
        ("TEMPO, Jakarta - Text", "TEMPO", "Jakarta", "Text"),
        ("Text - with a dash", None, None, "Text - with a dash"),
        ("WHO - a question", None, None, "WHO - a question"),
    ],
)
def test_a_dateline(text: str, publisher: str | None, place: str | None, rest: str):
    dateline = Dateline(publisher=publisher, place=place) if publisher else None
    assert split_dateline(text) == (dateline, rest)


def test_a_dateline_may_be_bold_and_alone():
    body = body_of("<p><strong>TEMPO.CO</strong>, <strong>Jakarta</strong> -&nbsp;</p><p>The well was dug.</p>")
    assert body.dateline == Dateline(publisher="TEMPO.CO", place="Jakarta")
    assert body.text == "The well was dug."


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("ANDRIAN HABIBI | DA", ["Andrian Habibi"]),
        ("ANTARA", []),
        ("DA", []),
        ("THE GUARDIAN | BBC NEWS", []),
        ("\u00d6MER D'SOUSA / REUTERS", ["\u00d6mer D'sousa"]),
        ("M. TAUFIQ, ANTON SEPTIAN", ["M. Taufiq", "Anton Septian"]),
    ],
)
def test_a_closing_credit(line: str, names: list[str]):
    people = capitals(line)
    assert people is not None
    assert [(person.name, person.role) for person in people] == [(name, Role.REPORTER) for name in names]


@pytest.mark.parametrize("line", ["The End", "PASAL 4 UUD 1945", "A" * 81, "...", "2026"])
def test_no_credit(line: str):
    assert capitals(line) is None


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Putri Az zahra contributed to this article", ["Putri Az zahra"]),
        ("\u00c7elik Quillon and Ani, Budi contributed to this article.", ["\u00c7elik Quillon", "Ani", "Budi"]),
        ("Ani dan Budi berkontribusi dalam penulisan artikel ini", ["Ani", "Budi"]),
        ("The many rains of a long year that nobody forgot contributed to this report", []),
        ("and contributed to this article", []),
        ("Rain contributed to this flood", []),
    ],
)
def test_contributors(line: str, names: list[str]):
    assert [person.name for person in contributors(line)] == names


@pytest.mark.parametrize(
    "name", ["Non Koresponden", "Tempo.co", "TEMPO", "PT Tempo Inti Media", "Admin", "Antara", "-", "", None]
)
def test_nobody(name: str | None):
    assert somebody(name) is None


def test_a_byline_on_one_line_or_two():
    one = labelled(["Reporter: Ani Siti", "Editor: Tempo.co"], Role.AUTHOR)
    two = labelled(["Reporter", "Ani Siti", "Editor", "Budi"], Role.AUTHOR)
    assert [(a.name, a.role) for a in one] == [("Ani Siti", Role.REPORTER)]
    assert [(a.name, a.role) for a in two] == [("Ani Siti", Role.REPORTER), ("Budi", Role.EDITOR)]
    assert [(a.name, a.role) for a in labelled(["Ani Siti"], Role.AUTHOR)] == [("Ani Siti", Role.AUTHOR)]


@pytest.mark.parametrize(
    ("text", "caption", "credit"),
    [
        ("A well, 20 February 2015. TEMPO/Somebody", "A well, 20 February 2015.", "TEMPO/Somebody"),
        ("A well. Image: TEMPO/Some Body", "A well.", "TEMPO/Some Body"),
        ("A well. Photo: REUTERS/A. Body", "A well.", "REUTERS/A. Body"),
        ("A well. Dok. Fixture/EGI", "A well.", "Dok. Fixture/EGI"),
        ("A well (Pixabay)", "A well", "Pixabay"),
        ("A well in 2014/2015.", "A well in 2014/2015.", None),
        ("A well", "A well", None),
        ("TEMPO/Somebody", None, "TEMPO/Somebody"),
        ("", None, None),
    ],
)
def test_a_captions_credit(text: str, caption: str | None, credit: str | None):
    assert caption_and_credit(text) == (caption, credit)
