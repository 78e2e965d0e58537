"""Words to search by."""

from __future__ import annotations

import pytest

from stories.search import terms
from tests.cpu import at_most


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
    assert len({tuple(terms(form, language)) for form in forms}) == 1


def test_a_text_is_its_distinct_stems_marked_with_their_language():
    assert terms("Tarif, tarif: TARIF lapor!", "id") == ["idlapor", "idtarif"]


def test_the_same_letters_in_two_languages_are_two_terms():
    assert set(terms("tarif", "id")).isdisjoint(terms("tarif", "en"))


@pytest.mark.parametrize("text", ["", "   ", "?!", "\x00", "a", "-", '"', "_" * 50, "\u200b"])
def test_a_text_without_words_asks_for_nothing(text: str):
    assert terms(text, "en") == []


def test_signs_are_no_part_of_a_word():
    assert terms('-tarif "lapor api" $where', "id") == ["idapi", "idlapor", "idtarif", "idwhere"]


def test_words_that_stand_in_every_story_are_left_out():
    assert terms("yang tarif dan", "id") == ["idtarif"]
    assert terms("the tariff and", "en") == ["entariff"]


def test_an_unknown_language_is_stemmed_as_english():
    assert terms("protests", "xx") == ["xxprotest"]


def test_hostile_text_takes_no_time():
    with at_most(2):
        for text in ("a" * 100_000, "a_" * 50_000, "ab " * 33_000, "\u0130" * 100_000):
            terms(text, "id")
            terms(text, "en")
