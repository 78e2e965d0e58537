"""Pages of a newspaper that nobody here has a version for, made up: what is read, and who is believed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.sites import linked_data
from crawler.sites.fallback import read_fallback
from crawler.sites.html import parse
from crawler.sites.prose import body_of
from crawler.sites.site import Address, Page, PageKind
from stories.article import Article, Author, Breadcrumb, Image, Role, Source
from stories.codec import article_from, article_to_json

NOW = datetime(2026, 11, 24, 5, 30, tzinfo=UTC)
URL = "https://news.example.org/2026/harbour"
ADDRESS = Address(key="example:1", url=URL, kind=PageKind.ARTICLE)
PARAGRAPHS = (
    "The harbour office counted forty boats on Monday, twice as many as in any week of the last dry season.",
    "Pilots said that the new lights made the passage safer, and asked the council to keep them burning all year.",
    "A vote is expected before the end of the month, said the head of the office, who did not want to guess its end.",
)
TEXT = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
LINKED = """<script type="application/ld+json">
{"@type": "NewsArticle", "headline": "Forty Boats", "datePublished": "2026-11-20T09:15:00+07:00",
 "dateModified": "2026-11-21T10:00:00+07:00", "author": [{"@type": "Person", "name": "Ani Rahma", "url": "/ani"},
 {"@type": "Organization", "name": "The Example"}], "editor": {"name": "Budi Hartono"},
 "publisher": {"name": "The Example"}, "articleSection": ["Coast", "News"], "keywords": "boats, harbour, boats",
 "isAccessibleForFree": "False", "image": {"@type": "ImageObject", "url": "/boats.jpg"}, "description": "A count."}
</script><script type="application/ld+json">{"@type": "BreadcrumbList", "itemListElement":
 [{"name": "Home", "item": "/"}, {"name": "Coast", "item": "/coast"}]}</script>"""


def read(head: str = "", top: str = "<h1>Forty Boats</h1>", text: str = TEXT, foot: str = "") -> Article | None:
    html = f"<html><head>{head}</head><body><main><article>{top}{text}</article></main>{foot}</body></html>"
    page = Page(url=URL, body=html.encode(), downloaded_at=NOW, content_type="text/html; charset=utf-8")
    tree, source = parse(page)
    linked = linked_data.read(tree)
    return read_fallback(page, tree=tree, text=source, linked=linked, address=ADDRESS, site="example", language="en")


def article(head: str = "", top: str = "<h1>Forty Boats</h1>", text: str = TEXT, foot: str = "") -> Article:
    found = read(head, top, text, foot)
    assert found is not None
    return found


def test_all_fields_of_a_page_with_linked_data():
    found = article(f'{LINKED}<link rel="canonical" href="{URL}">', foot="<footer><p>All rights reserved.</p></footer>")
    assert found == Article(
        key="example:1",
        site="example",
        page_version="fallback",
        url=URL,
        canonical_url=URL,
        headline="Forty Boats",
        description="A count.",
        date_published=datetime(2026, 11, 20, 2, 15, tzinfo=UTC),
        date_published_raw="2026-11-20T09:15:00+07:00",
        date_source=Source.JSON_LD,
        date_modified=datetime(2026, 11, 21, 3, 0, tzinfo=UTC),
        date_modified_raw="2026-11-21T10:00:00+07:00",
        authors=(
            Author(name="Ani Rahma", role=Role.AUTHOR, url="https://news.example.org/ani"),
            Author(name="Budi Hartono", role=Role.EDITOR),
        ),
        article_section="Coast",
        keywords=("boats", "harbour"),
        in_language="en",
        article_body="\n\n".join(PARAGRAPHS),
        body_complete=False,
        is_accessible_for_free=False,
        images=(Image(url="https://news.example.org/boats.jpg"),),
        breadcrumbs=(Breadcrumb(name="Coast", url="https://news.example.org/coast"),),
        provenance={
            **dict.fromkeys(
                ("headline", "description", "datePublished", "dateModified", "authors", "articleSection", "keywords",
                 "isAccessibleForFree", "images", "breadcrumbs"),
                Source.JSON_LD,
            ),
            "canonicalUrl": Source.META,
            "inLanguage": Source.URL,
            "articleBody": Source.FALLBACK,
        },
        date_downloaded=NOW,
    )  # fmt: skip
    assert article_from(article_to_json(found)) == found


def test_a_page_without_a_word_for_machines():
    found = article(top="<h1>Forty Boats</h1><span>Jumat, 20 November 2026 | 09.15 WIB</span>")
    assert found.headline == "Forty Boats"
    assert found.date_published == datetime(2026, 11, 20, 2, 15, tzinfo=UTC)
    assert (found.date_published_raw, found.date_source) == ("Jumat, 20 November 2026 | 09.15 WIB", Source.VISIBLE)
    assert found.article_body == "\n\n".join(PARAGRAPHS)
    assert found.body_complete
    assert (found.description, found.authors, found.keywords, found.images) == (None, (), (), ())
    assert found.provenance == {
        "headline": Source.VISIBLE, "datePublished": Source.VISIBLE, "canonicalUrl": Source.URL,
        "inLanguage": Source.URL, "articleBody": Source.FALLBACK,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("top", "foot"),
    [
        ("<div>Selasa, 24 November 2026</div><h1>Forty Boats</h1>", ""),  # today, in the page's head
        ("<h1>Forty Boats</h1>", "<footer><h3>Another</h3><p>20 November 2026</p></footer>"),  # a card's
        ("<h1>Forty Boats</h1><p>20 November</p>", ""),  # of no year
        ("<h1>Forty Boats</h1><p>3 hours ago</p>", ""),  # an age is no date
    ],
)
def test_a_date_is_never_guessed(top: str, foot: str):
    found = article(top=top, foot=foot)
    assert (found.date_published, found.date_published_raw, found.date_source) == (None, None, None)
    assert "datePublished" not in found.provenance


def test_a_list_that_has_the_headline_too_has_another_date():
    card = "<ul><li><a href=/2026/harbour>Forty Boats</a></li><li>19 November 2026</li></ul>"
    dated = "<h1>Forty Boats</h1><p>20 November 2026</p>"
    above = f"</article><nav>{card}</nav><article>"
    assert article(top=above + dated).date_published_raw == "20 November 2026"
    assert article(top=above + "<h1>Forty Boats</h1>").date_published_raw is None
    assert article(top=dated, foot=card).date_published_raw == "20 November 2026"


@pytest.mark.parametrize(
    "keywords", ["Forty Boats", "Forty, Boats", "Harbour,office,the,counted,of,boats", "kapal, yang, dihitung", ""]
)
def test_a_sentence_that_was_cut_up_is_no_tags(keywords: str):
    title = '<meta property="og:title" content="Forty Boats">'
    assert article(f'{title}<meta name="keywords" content="{keywords}">').keywords == ()
    linked = f'<script type="application/ld+json">{{"@type": "Article", "keywords": "{keywords}"}}</script>'
    assert article(title + linked).keywords == ()


META = '<meta property="article:published_time" content="2026-11-20T09:15:00+07:00">'


def test_a_date_that_is_none_is_passed_over():
    null = '<script type="application/ld+json">{"@type": "Article", "datePublished": "null WIB"}</script>'
    assert article(null + META).date_source is Source.META


@pytest.mark.parametrize(
    ("head", "top", "headline", "source"),
    [
        ('<meta property="og:title" content="Forty Boats - The Example">', "<h1>Coast</h1><h2>Forty Boats</h2>",
         "Forty Boats", Source.VISIBLE),
        ('<meta property="og:title" content="Forty Boats">', "<h1>Coast</h1><h1>Sea</h1>", "Forty Boats", Source.META),
        ("<title>Forty Boats | Coast | The Example</title>", "", "Forty Boats | Coast", Source.META),
        ("<title>Forty Boats - The Example</title>", "", "Forty Boats", Source.META),
    ],
)  # fmt: skip
def test_which_headline_is_believed(head: str, top: str, headline: str, source: Source):
    found = article(head, top=top)
    assert (found.headline, found.provenance["headline"]) == (headline, source)


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("By Ani Rahma and Budi Hartono", ["Ani Rahma", "Budi Hartono"]),
        ("Oleh: Ani Rahma, Budi Hartono", ["Ani Rahma", "Budi Hartono"]),
        ("Ani Rahma, M. Hum.", ["Ani Rahma", "M. Hum."]),
        ("https://news.example.org/ani", []),
        ("ani@example.org", []),
        ("The Example", []),
        ("", []),
    ],
)
def test_people_are_persons(said: str, names: list[str]):
    head = f'<meta name="author" content="{said}"><meta property="og:site_name" content="The Example">'
    assert [author.name for author in article(head).authors] == names


@pytest.mark.parametrize(
    ("head", "last"),
    [
        ('<link rel="next" href="?page=2">', "and so it ended."),
        ("", "and so it went on …"),
        ("", "and so it went on..."),
        ('<script type="application/ld+json">{"@type": "Article", "isAccessibleForFree": false}</script>', "the end."),
    ],
)
def test_a_text_that_stops_is_not_complete(head: str, last: str):
    assert not article(head, text=f"{TEXT}<p>The council met again on Tuesday, {last}</p>").body_complete


def test_a_caption_is_that_of_its_picture():
    figure = '<figure><img src="/boats.jpg"><figcaption>Boats at dawn. Photo: Cici</figcaption></figure>'
    found = article('<meta property="og:image" content="https://news.example.org/boats.jpg">', text=figure + TEXT)
    assert found.images == (Image(url="https://news.example.org/boats.jpg", caption="Boats at dawn. Photo: Cici"),)
    assert "dawn" not in found.article_body


@pytest.mark.parametrize(
    ("top", "text"),
    [
        ("<h1>Not found</h1>", "<p>The page that you look for is not here. Search for it, or go to the front.</p>"),
        ("<h1>Just a moment...</h1>", "<p>Verifying you are human. This may take a few seconds.</p>"),
        ("", TEXT),  # no headline anywhere
        ("<h1>Forty Boats</h1>", ""),
        ("", ""),
    ],
)
def test_what_is_no_article(top: str, text: str):
    assert read(top=top, text=text) is None


def test_a_short_article_that_says_it_is_one():
    kind = '<meta property="og:type" content="article">'
    said = "The harbour office counted forty boats on Monday, the most of this season."
    text = f"<p>{said}</p>"
    assert read(text=text) is None
    assert article(kind, text=text).article_body == said


@pytest.mark.parametrize(
    "html",
    ["", " ", "no tag", "\x00" * 50, "<p>&#xD800; half a character</p>" * 20, "<div>" * 9_000 + "deep", "<!--" * 900,
     '<?xml version="1.0" encoding="utf-16"?><p>', "<table><tr><td>" * 3_000 + "cell"],
)  # fmt: skip
def test_what_is_no_page_has_no_text_and_raises_nothing(html: str, caplog: pytest.LogCaptureFixture):
    assert isinstance(body_of(html), str)
    body_of(html).encode()
    assert caplog.text == ""
