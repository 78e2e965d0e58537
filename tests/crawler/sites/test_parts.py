"""Articles of several parts: which one is asked for next, and what they are together."""

from __future__ import annotations

from typing import Any

import pytest

from crawler.sites.parts import MOST_PARTS, Begun, Further, joined, onward
from crawler.sites.site import Part
from crawler.sites.tempo import TEMPO_EN
from stories.article import Article, Author, Dateline, Image, Relation, Role, Source
from tests.making import article, link

FIRST = "https://en.tempo.co/read/1/a-story"


def page(number: int) -> str:
    return f"{FIRST}?page_num={number}"


def part(number: int = 1, **different: Any) -> Article:
    plain = {"article_body": f"Part {number}.", "url": page(number), "body_complete": False}
    return article(**(plain | different))


def follow(next_url: str, begun: Begun | None = None, **different: Any) -> Article | Further:
    reading = Part(article=part(**different), next_url=next_url)
    return onward(reading, begun or Begun(asked=frozenset({FIRST})), TEMPO_EN.identify)


# -- joined -----------------------------------------------------------------------------------------------------


def test_bodies_stand_one_after_the_other():
    whole = joined([part(1), part(2), part(3, body_complete=True)])
    assert whole.article_body == "Part 1.\n\nPart 2.\n\nPart 3."
    assert whole.body_complete
    assert whole.url == page(1)


def test_one_part_is_the_article():
    assert joined([part()]) == part()


def test_only_the_last_part_can_end_it():
    assert not joined([part(1, body_complete=True), part(2, body_complete=False)]).body_complete


def test_a_part_without_text_leaves_no_gap():
    assert joined([part(1), part(2, article_body=""), part(3)]).article_body == "Part 1.\n\nPart 3."


def test_what_stands_on_every_part_stands_once():
    ana, budi = Author(name="Ana", role=Role.REPORTER), Author(name="Budi", role=Role.EDITOR)
    photo, other = Image(url="https://x.co/1.jpg", caption="a"), Image(url="https://x.co/2.jpg")
    again = Image(url="https://x.co/1.jpg")
    whole = joined(
        [
            part(1, authors=(ana,), images=(photo,), keywords=("Kota", "Banjir")),
            part(2, authors=(ana, budi), images=(again, other), keywords=("kota", "Hujan")),
        ]
    )
    assert whole.authors == (ana, budi)
    assert whole.images == (photo, other)
    assert whole.keywords == ("Kota", "Banjir", "Hujan")


def test_a_person_of_two_roles_stays_two():
    both = (Author(name="Ana", role=Role.REPORTER), Author(name="Ana", role=Role.EDITOR))
    assert joined([part(1, authors=both[:1]), part(2, authors=both[1:])]).authors == both


def test_links_are_numbered_anew_in_their_relation():
    whole = joined(
        [
            part(1, related_links=(link(11, 1), link(12, 2), link(13, 1, relation=Relation.READ_ALSO))),
            part(2, related_links=(link(11, 1), link(14, 2), link(15, 1, relation=Relation.READ_ALSO))),
        ]
    )
    numbers = [(one.url, one.relation, one.position) for one in whole.related_links]
    assert numbers == [
        (link(11).url, Relation.RELATED, 1),
        (link(12).url, Relation.RELATED, 2),
        (link(13).url, Relation.READ_ALSO, 1),
        (link(14).url, Relation.RELATED, 3),
        (link(15).url, Relation.READ_ALSO, 2),
    ]


def test_a_dateline_is_the_first_parts_only():
    jakarta = Dateline(publisher="TEMPO.CO", place="Jakarta")
    assert joined([part(1, dateline=jakarta), part(2)]).dateline == jakarta
    assert joined([part(1), part(2, dateline=jakarta)]).dateline is None


def test_provenance_names_what_any_part_gave_and_the_first_wins():
    whole = joined(
        [
            part(1, provenance={"headline": Source.VISIBLE}),
            part(2, provenance={"headline": Source.META, "authors": Source.VISIBLE}),
        ]
    )
    assert whole.provenance == {"headline": Source.VISIBLE, "authors": Source.VISIBLE}


# -- onward -----------------------------------------------------------------------------------------------------


def test_a_part_leads_to_the_next():
    found = follow(page(2))
    assert isinstance(found, Further)
    assert found.url == page(2)
    assert found.begun.articles == (part(1),)
    assert found.begun.asked == {FIRST, page(1), page(2)}
    ended = onward(part(2, body_complete=True), found.begun, TEMPO_EN.identify)
    assert ended == joined([part(1), part(2, body_complete=True)])


@pytest.mark.parametrize(
    "url",
    [
        FIRST,  # a ring
        page(1),
        "https://nasional.tempo.co/read/1/a-story?page_num=2",  # another host
        "https://en.tempo.co:8080/read/1/a-story?page_num=2",
        "https://en.tempo.co/read/2/a-story?page_num=2",  # another article
        "https://en.tempo.co/index",  # no article
        "https://example.org/read/1/a-story",
        "ftp://en.tempo.co/read/1/a-story?page_num=2",
        "javascript:next()",
        "",
    ],
)
def test_what_is_not_the_same_article_on_the_same_host_is_not_asked_for(url: str):
    assert follow(url, body_complete=True) == part(1), "unfinished, whatever the page says"


def test_a_page_of_another_article_ends_it_unfinished():
    found = follow(page(2))
    assert isinstance(found, Further)
    stranger = part(2, key="tempo-read:2", body_complete=True)
    assert onward(stranger, found.begun, TEMPO_EN.identify) == part(1)


def test_a_page_that_was_read_already_ends_it_unfinished():
    found = follow(page(2))
    assert isinstance(found, Further)
    assert onward(part(1, body_complete=True), found.begun, TEMPO_EN.identify) == part(1)


def test_nothing_ends_it_unfinished():
    found = follow(page(2))
    assert isinstance(found, Further)
    assert onward(None, found.begun, TEMPO_EN.identify) == part(1)


def test_an_article_without_end_is_ended():
    begun, asked = Begun(), 0
    while True:
        asked += 1
        reading = Part(article=part(asked), next_url=page(asked + 1))
        found = onward(reading, begun, TEMPO_EN.identify)
        if not isinstance(found, Further):
            break
        begun = found.begun
    assert asked == MOST_PARTS
    assert not found.body_complete
    assert found.article_body.count("Part") == MOST_PARTS
