"""Who is credited, with the sentence that does; who is only mentioned is not."""

from __future__ import annotations

import pytest

from tests.cpu import at_most
from tests.making import article
from workers.enrich.agencies import AGENCIES, enrich


def names(text: str) -> list[str]:
    found: list[str] = enrich(article(article_body=text))["names"]
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The talks failed, Anadolu reported on Monday.", ["Anadolu"]),
        ("The talks failed, Anadolu Agency reported.", ["Anadolu"]),
        ("The talks failed, according to Reuters.", ["Reuters"]),
        ("The talks failed, as quoted by Al Arabiya.", ["Al Arabiya"]),
        ("The talks failed, as quoted by Al-Arabiya.", ["Al Arabiya"]),
        ("The talks failed, as reported by the Associated Press.", ["Associated Press"]),
        ("CCTV, as quoted by Al Arabiya, stated that the talks failed.", ["CCTV", "Al Arabiya"]),
        ("Reuters news agency said the talks failed.", ["Reuters"]),
        ("Citing Axios, he said so.", ["Axios"]),
        ("The New York Times wrote that the talks failed.", ["The New York Times"]),
        ("Perundingan gagal, dikutip dari Antara, Senin.", ["Antara"]),
        ("Perundingan gagal, dikutip dari kantor berita Antara.", ["Antara"]),
        ("Melansir Reuters, perundingan gagal.", ["Reuters"]),
        ("Perundingan gagal, seperti dikutip AFP.", ["AFP"]),
        ("Perundingan gagal, dilansir dari CNN Indonesia.", ["CNN"]),
        ("Kantor berita Xinhua melaporkan perundingan gagal.", ["Xinhua"]),
        ("Menurut laporan Bloomberg, perundingan gagal.", ["Bloomberg"]),
    ],
)
def test_a_credit(text: str, expected: list[str]):
    assert names(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Reuters moved its office to London.",
        "A journalist of Reuters was arrested.",
        "The Guardian is a newspaper, and Bloomberg a company.",
        "Kantor Antara berada di Jakarta.",
        "Antara Jakarta dan Bandung ada jalan tol.",
        "He met the AP. Officials said nothing.",
        "Menurut polisi, wartawan Reuters itu ditahan.",
        "Pemerintah melaporkan APBN kepada DPR.",
        "Radio Anadolufm reported it.",
        "",
        "She told the guardian reported earlier.",
    ],
)
def test_a_mere_mention_is_no_credit(text: str):
    assert names(text) == []


def test_the_sentence_that_credits_stands_beside_the_name():
    text = 'The talks failed. "We are sorry," he told Reuters. Anadolu reported more.\n\nReuters reported the rest.'
    assert enrich(article(article_body=text)) == {
        "names": ["Reuters", "Anadolu"],
        "credits": [
            {"name": "Reuters", "sentence": '"We are sorry," he told Reuters.'},
            {"name": "Anadolu", "sentence": "Anadolu reported more."},
        ],
    }


@pytest.mark.parametrize("name", AGENCIES)
def test_every_agency_can_be_credited_under_its_own_name(name: str):
    assert names(f"The talks failed, according to {name}.") == [name]
    assert names(f"Perundingan gagal, dikutip dari {name}.") == [name]


def test_a_longer_name_is_not_taken_for_a_shorter_one():
    assert names("The talks failed, according to NBC News.") == ["NBC News"]
    assert names("The talks failed, according to CNBC Indonesia.") == ["CNBC"]


HOSTILE = [
    "Reuters, ",
    "Reuters," + "x" * 59,
    "Reuters ,",
    "as quoted by ",
    "as quoted by the ",
    "menurut laporan kantor berita ",
    "AA AP AFP ",
    ",",
    " ",
    "\n",
    ". ",
    '."',
    "x",
    "R",
    "Reuters news agency television ",
    "Al Al-Al ",
    "The The New York ",
]


@pytest.mark.parametrize("part", HOSTILE, ids=repr)
def test_a_hostile_text_takes_no_time(part: str):
    """50 ms by the house rule; a second here, so that a busy machine does not fail it and anything quadratic does."""
    text = (part * (100_000 // len(part) + 1))[:100_000]
    with at_most(1):
        enrich(article(article_body=text))
        enrich(article(article_body=f"Reuters {text}"))
