"""One form for what every site writes in its own way."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.pipelines.normalise import NormalisePipeline, normalised
from stories.article import Author, Image, Role
from tests.making import article, clipping

UNTIDY = article(
    headline=" A\u200b  he\u0301adline\n",
    description="\tWhat  it says\u0000 ",
    article_section=" World ",
    keywords=("Tarif", " tarif ", "", "\u200b", "Listrik"),
    authors=(
        Author(name="Ida", role=Role.REPORTER),
        Author(name="IDA", role=Role.REPORTER),
        Author(name="Ida", role=Role.EDITOR),
    ),
    images=(
        Image(url="https://x/1.jpg"),
        Image(url="javascript:alert(1)"),
        Image(url="data:image/png;base64,x"),
        Image(url="file:///etc/passwd"),
        Image(url="http://x/2.jpg"),
    ),
)


def test_text_is_clean():
    tidy = normalised(UNTIDY)
    assert (tidy.headline, tidy.description, tidy.article_section) == ("A h\u00e9adline", "What it says", "World")


def test_every_keyword_and_person_stands_once_in_the_order_of_the_page():
    tidy = normalised(UNTIDY)
    assert tidy.keywords == ("Tarif", "Listrik")
    assert tidy.authors == (Author(name="Ida", role=Role.REPORTER), Author(name="Ida", role=Role.EDITOR))


def test_only_web_addresses_are_images():
    assert [image.url for image in normalised(UNTIDY).images] == ["https://x/1.jpg", "http://x/2.jpg"]


def test_what_is_absent_stays_absent():
    tidy = normalised(article(description=None, article_section=None))
    assert (tidy.description, tidy.article_section, tidy.keywords) == (None, None, ())


def test_what_is_tidy_stays_as_it_is():
    assert normalised(article()) == article()


@given(text=st.text(max_size=30), words=st.lists(st.text(max_size=5), max_size=5))
@settings(max_examples=80)
def test_tidying_is_done_once(text: str, words: list[str]):
    once = normalised(article(headline=text, keywords=tuple(words)))
    assert normalised(once) == once


def test_a_clipping_keeps_all_else():
    item = clipping(article=UNTIDY, etag='"e"')
    assert NormalisePipeline().process_item(item) == clipping(article=normalised(UNTIDY), etag='"e"')
