"""Words to search by."""

from __future__ import annotations

import time

import pytest

from stories.search import search_query, search_text


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("en", ("protest", "protests", "protested", "PROTESTING")),
        ("en", ("tariff", "tariffs")),
        ("id", ("lapor", "laporan", "melaporkan", "dilaporkan", "pelapor")),
        ("id", ("bangun", "bangunan", "membangun", "pembangunan")),
        ("id", ("putus", "putusan", "memutuskan", "keputusan")),
        ("id", ("harga", "harganya")),
    ],
)
def test_forms_of_a_word_are_one_term(language: str, forms: tuple[str, ...]):
    assert len({search_text(form, language) for form in forms}) == 1


def test_a_text_is_its_distinct_stems_marked_with_their_language():
    assert search_text("Tarif, tarif: TARIF lapor!", "id") == " idlapor idtarif "


def test_the_same_letters_in_two_languages_are_two_terms():
    assert set(search_text("tarif", "id").split()).isdisjoint(search_text("tarif", "en").split())


def test_every_word_that_is_asked_for_must_stand_there_whole():
    assert search_query("Tarif lapor", "id") == '" idtarif " " idlapor "'


@pytest.mark.parametrize("text", ["", "   ", "?!", "\x00", "a", "-", '"', "_" * 50, "\u200b"])
def test_a_text_without_words_asks_for_nothing(text: str):
    assert search_query(text, "en") == ""
    assert search_text(text, "en") == ""


def test_what_is_asked_for_is_what_was_indexed():
    words = "Pemerintah menaikkan tarif listrik; r\u00e9sum\u00e9s of 2026 \u0440\u0443\u0441\u0441\u043a\u0438\u0439"
    for language in ("en", "id"):
        indexed = set(search_text(words, language).split())
        asked = set(search_query(words, language).replace('"', "").split())
        assert asked == indexed
        assert indexed


def test_operators_of_the_search_syntax_do_not_get_through():
    assert search_query('-tarif "lapor api" $where', "id") == '" idtarif " " idlapor " " idapi " " idwhere "'


def test_an_unknown_language_is_stemmed_as_english():
    assert search_text("protests", "xx") == " xxprotest "


def test_hostile_text_takes_no_time():
    begun = time.monotonic()
    for text in ("a" * 100_000, "a_" * 50_000, "ab " * 33_000, "\u0130" * 100_000):
        search_text(text, "id")
        search_query(text, "en")
    assert time.monotonic() - begun < 2
