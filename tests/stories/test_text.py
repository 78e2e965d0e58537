"""Cleaning."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from stories.text import clean, clean_lines, text_of


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("  a \t b\n\nc ", "a b c"),
        ("a\u00a0b\u202fc\u3000d", "a b c d"),
        ("a\u200bb\ufeffc\u00add", "abcd"),
        ("a\u202eb\u2066c\u200fd", "abcd"),
        ("a\x00b\x1bc\x85d", "abc d"),
        ("e\u0301", "\u00e9"),
        ("e\u200b\u0301", "\u00e9"),
        ("half \ud800 a character", "half a character"),
        ("", ""),
    ],
)
def test_a_line(raw: str, cleaned: str):
    assert clean(raw) == cleaned


def test_lines_keep_their_breaks_and_lose_the_empty_ones():
    assert clean_lines(" a \n\n \u200b\nb  c") == "a\nb c"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>a <b>b</b><br>c\n d</p>", "a b\nc d"),
        ("<p>a<script>x()</script><style>y</style><noscript><i>n</i></noscript>b</p>", "ab"),
        ("<p>a<!-- comment -->b&nbsp;c</p>", "ab c"),
        ("<p><br><br>a<br/><br/></p>", "a"),
        ("<p></p>", ""),
    ],
)
def test_the_text_of_an_element(html: str, text: str):
    node = LexborHTMLParser(html).css_first("p")
    assert node is not None
    assert text_of(node) == text


def test_an_element_deeper_than_pythons_stack():
    node = LexborHTMLParser("<b>" * 5000 + "deep").body
    assert node is not None
    assert text_of(node) == "deep"


SPACES = st.sampled_from(" \u00a0\t\n\u3000\u2003")


@given(st.text(st.characters() | SPACES))
def test_white_space_is_single_spaces_between_words(raw: str):
    assert clean(raw) == " ".join(clean(raw).split())


@given(st.text(st.characters()))
def test_cleaning_is_done_once(raw: str):
    once = clean(raw)
    assert clean(once) == once
    assert unicodedata.is_normalized("NFC", once)
    once.encode()
