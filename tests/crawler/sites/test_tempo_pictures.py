"""Where a picture lies, and the names in capitals below a text."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from crawler.sites.tempo.credits import caption_and_credit
from crawler.sites.tempo.pictures import address_of
from crawler.sites.tempo.signatures import signatures
from tests.cpu import at_most


def lies(attributes: str) -> str | None:
    picture = LexborHTMLParser(f"<img {attributes}>").css_first("img")
    assert picture is not None
    return address_of(picture)


@pytest.mark.parametrize(
    ("attributes", "address"),
    [
        ('src="/a.jpg"', "/a.jpg"),
        ('src="/a.jpg" srcset="/b.jpg 2x"', "/a.jpg"),
        ('src="/blank.gif" data-src="/a.jpg"', "/a.jpg"),
        ('src="/small.jpg" data-original="/a.jpg"', "/a.jpg"),
        ('src="/1x1.png?v=2" data-lazy="/a.jpg"', "/a.jpg"),
        ('src="data:image/png;base64,AA" srcset="/s.jpg 300w,/a.jpg 720w"', "/a.jpg"),
        ('srcset="/a.jpg 1.5x, /s.jpg"', "/a.jpg"),
        ('srcset="https://x.y/w_1,h_2/a.jpg 2x, https://x.y/w_1,h_2/s.jpg 1x"', "https://x.y/w_1,h_2/a.jpg"),
        ('src="/loading-400x300.svg"', None),
        ('src="/placeholder.jpg" srcset=", ,"', None),
        ('src="/point-blank.jpg"', "/point-blank.jpg"),
        ('src="  "', None),
        ("", None),
    ],
)
def test_where_it_lies(attributes: str, address: str | None):
    assert lies(attributes) == address


@pytest.mark.parametrize("srcset", [",", "a ", "a,", "a 1w", "a.jpg 1w, ", "1" * 9 + "w,"])
def test_a_long_srcset_takes_no_long_time(srcset: str):
    with at_most(0.25):
        lies(f'srcset="{srcset * 50_000}"')


@pytest.mark.parametrize(
    ("text", "caption", "credit"),
    [
        ("A kite. TEMPO/Ani Suci", "A kite.", "TEMPO/Ani Suci"),
        ("A kite, 2022. ANTARA FOTO/Budi Dharma", "A kite, 2022.", "ANTARA FOTO/Budi Dharma"),
        ("A kite. REUTERS/Eko Nugroho/File Photo", "A kite.", "REUTERS/Eko Nugroho/File Photo"),
        ("A kite, 2017. AP Photo", "A kite, 2017.", "AP Photo"),
        ("A kite. AFP PHOTO/Royal Bureau", "A kite.", "AFP PHOTO/Royal Bureau"),
        ("A kite. (Ministry via AP)", "A kite.", "Ministry via AP"),
        ("A kite. REUTERS", "A kite.", "REUTERS"),
        ("A kite for Reuters", "A kite for Reuters", None),
        ("Antara", "Antara", None),
    ],
)
def test_a_captions_credit(text: str, caption: str, credit: str | None):
    assert caption_and_credit(text) == (caption, credit)


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("ANI SUCI, BUDI DHARMA", ("Ani Suci", "Budi Dharma")),
        ("ANI SUCI, SUTARDJI", ("Ani Suci", "Sutardji")),
        ("ANI SUCI (MAKASSAR), BUDI DHARMA (PALU) DAN EKO", ("Ani Suci", "Budi Dharma")),
        ("ANI SUCI | DA", ("Ani Suci",)),
        ("ANI SUCI | REUTERS | THE SUN", ("Ani Suci",)),
        ("SUTARDJI", ()),
        ("BBC | REUTERS", ()),
        ("ANI SUCI 2022", ()),
        ("Ani Suci, Budi Dharma", ()),
        ("", ()),
    ],
)
def test_signatures(line: str, names: tuple[str, ...]):
    assert signatures(line) == names
