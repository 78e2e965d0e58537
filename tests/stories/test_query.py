"""What people ask: filters, words in two languages, the graph; and that a value is never an operator."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Any

import pytest

from stories.article import Author, Relation, Role
from stories.mongo import Document, Stories
from stories.query import INTERNAL, MAX_DEPTH, Filter, Query
from stories.store import Store, Story
from tests.making import NOON, article, link

DAY = timedelta(days=1)


@pytest.fixture
def query(database: Stories) -> Query:
    return Query(database)


def keep(database: Stories, number: int, *, agencies: tuple[str, ...] = (), **different: Any) -> None:
    written = article(number, **different)
    story = Story(
        article=written,
        enrichment={"agencies": {"names": list(agencies)}},
        link_keys=[f"tempo-read:{card.url.split('/')[4]}" if card.url else None for card in written.related_links],
    )
    Store(database).save([story], now=NOON)


def numbers(found: list[Document]) -> list[int]:
    return [int(story["_id"].removeprefix("tempo-read:")) for story in found]


# -- filters ----------------------------------------------------------------------------------------------------


@pytest.fixture
def shelf(database: Stories) -> None:
    """Five stories, one a day, the first the newest."""
    keep(database, 1, article_section="World", authors=(Author(name="Ida", role=Role.REPORTER),), agencies=("Anadolu",))
    keep(database, 2, article_section="World", date_published=NOON - DAY, in_language="id")
    keep(database, 3, article_section="Politics", date_published=NOON - 2 * DAY, site="tempo-id", in_language="id")
    keep(database, 4, date_published=NOON - 3 * DAY, authors=(Author(name="Ida", role=Role.EDITOR),))
    keep(database, 5, date_published=None)


@pytest.mark.usefixtures("shelf")
@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({}, [1, 2, 3, 4, 5]),
        ({"sort": "oldest"}, [5, 4, 3, 2, 1]),
        ({"limit": 2}, [1, 2]),
        ({"site": "tempo-id"}, [3]),
        ({"section": "World"}, [1, 2]),
        ({"author": "Ida"}, [1, 4]),
        ({"author": "Id"}, []),
        ({"agency": "Anadolu"}, [1]),
        ({"language": "id"}, [2, 3]),
        ({"section": "World", "language": "id"}, [2]),
        ({"since": NOON - 2 * DAY}, [1, 2, 3]),
        ({"until": NOON - 2 * DAY}, [4]),
        ({"since": NOON - 2 * DAY, "until": NOON - DAY}, [3]),
        ({"site": ""}, []),
    ],
)
def test_a_filter_narrows(query: Query, wanted: dict[str, Any], expected: list[int]):
    assert numbers(query.find(Filter(**wanted))) == expected


@pytest.mark.usefixtures("shelf")
def test_what_is_ours_alone_is_not_shown(query: Query):
    story = query.story("tempo-read:1")
    assert story is not None
    assert INTERNAL.keys().isdisjoint(story)
    assert INTERNAL.keys().isdisjoint(query.find(Filter(text="story", limit=1))[0])
    assert "score" not in query.find(Filter(text="story", limit=1))[0]
    assert query.story("tempo-read:404") is None


@pytest.mark.usefixtures("shelf")
def test_stories_are_counted_by_site(query: Query):
    assert query.counts() == {"tempo-en": 4, "tempo-id": 1}


# -- words ------------------------------------------------------------------------------------------------------


@pytest.fixture
def words(database: Stories) -> None:
    keep(database, 1, headline="Protesters marched", article_body="Students are protesting rising tariffs.")
    keep(database, 2, headline="Quiet day", article_body="Nothing happened.", date_published=NOON - 3 * DAY)
    keep(
        database,
        3,
        headline="Pemerintah menjelaskan",
        article_body="Kenaikan tarif listrik dilaporkan para pelanggan.",
        in_language="id",
        date_published=NOON - DAY,
    )
    keep(
        database,
        4,
        headline="Tarif kereta",
        article_body="Tarif kereta dan tarif bus: tarif, tarif, tarif.",
        in_language="id",
        date_published=NOON - 2 * DAY,
    )


@pytest.mark.usefixtures("words")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tariff", [1]),
        ("TARIFFS", [1]),
        ("protest", [1]),
        ("protest student", [1]),
        ("protest nothing", []),
        ("laporan", [3]),
        ("melaporkan pelanggan", [3]),
        ("naik tarif", [3]),
        ("tari kereta", []),  # the beginning of a word is no word
        ("tarif", [3, 4]),
        ("tarif -kereta", [4]),  # a minus is no operator
        ('"kereta tarif"', [4]),
        ("zzz", []),
        ("   ", []),
        ("?!", []),
        ("x" * 5000, []),
    ],
)
def test_words_are_found_by_any_of_their_forms(query: Query, text: str, expected: list[int]):
    assert numbers(query.find(Filter(text=text))) == expected


@pytest.mark.usefixtures("words")
def test_words_can_be_asked_in_one_language(query: Query):
    assert numbers(query.find(Filter(text="tarif", language="id"))) == [3, 4]
    assert numbers(query.find(Filter(text="tarif", language="en"))) == []


@pytest.mark.usefixtures("words")
def test_by_relevance_the_story_that_says_it_in_its_headline_comes_first(query: Query):
    assert numbers(query.find(Filter(text="tarif", sort="relevance"))) == [4, 3]
    assert numbers(query.find(Filter(text="tarif", sort="oldest"))) == [4, 3]
    assert numbers(query.find(Filter(text="tarif", limit=1))) == [3]


def test_the_limit_holds_over_both_languages(query: Query, database: Stories):
    for number in range(1, 7):
        language = "en" if number % 2 else "id"
        when = NOON - number * DAY
        keep(database, number, headline="Tarif", in_language=language, date_published=when)
    assert numbers(query.find(Filter(text="tarif", limit=3))) == [1, 2, 3]


# -- operators --------------------------------------------------------------------------------------------------

HOSTILE = [
    '{"$ne": null}',
    "{'$gt': ''}",
    "$where",
    "this.headline || sleep(5000)",
    "'; db.stories.drop(); //",
    "^(a+)+$",
    "(x+x+)+y" * 20,
    ".*",
    "[",
    "\\",
    "\x00",
    "%00",
    "a" * 100_000,
]


@pytest.mark.usefixtures("shelf")
@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda text: text[:12].encode("unicode_escape").decode())
@pytest.mark.parametrize("field", ["text", "site", "section", "author", "agency"])
def test_a_value_from_outside_is_plain_text(query: Query, database: Stories, field: str, hostile: str):
    begun = time.monotonic()
    assert query.find(Filter(**{field: hostile})) == []
    assert time.monotonic() - begun < 4.5, "what it is told to sleep is five seconds"
    assert database["stories"].count_documents({}) == 5


@pytest.mark.usefixtures("shelf")
@pytest.mark.parametrize("operator", [{"$ne": None}, {"$gt": ""}, {"$regex": ".*"}, {"$where": "true"}])
def test_even_an_operator_as_an_object_is_compared_with(query: Query, operator: Any):
    """What a caller forgot to parse matches nothing."""
    for field in ("site", "section", "author", "agency"):
        assert query.find(Filter(**{field: operator})) == []


def test_a_hostile_value_that_is_stored_is_found_as_it_is(query: Query, database: Stories):
    keep(database, 1, article_section='{"$ne": null}')
    keep(database, 2)
    assert numbers(query.find(Filter(section='{"$ne": null}'))) == [1]


# -- the graph --------------------------------------------------------------------------------------------------


def shown(query: Query, number: int, *, depth: int) -> list[tuple[str, str, int]]:
    edges = query.related(f"tempo-read:{number}", depth=depth)
    short = [(edge["from"].split(":")[1], (edge["to"] or edge["url"]).split(":")[-1], edge["depth"]) for edge in edges]
    return sorted(short, key=lambda edge: edge[2])


@pytest.fixture
def chain(database: Stories) -> None:
    """1 -> 2 -> 3 -> ... -> 9 -> 1; 1 shows 5 too, and 3 something that is not stored."""
    for number in range(1, 10):
        cards = [link(number % 9 + 1)]
        cards += [link(5, 2)] if number == 1 else []
        cards += [link(77, 2)] if number == 3 else []
        keep(database, number, related_links=tuple(cards))


@pytest.mark.usefixtures("chain")
def test_related_news_is_followed_step_by_step(query: Query):
    assert shown(query, 1, depth=1) == [("1", "2", 1), ("1", "5", 1)]
    assert shown(query, 1, depth=2) == [("1", "2", 1), ("1", "5", 1), ("2", "3", 2), ("5", "6", 2)]
    assert shown(query, 1, depth=0) == []


@pytest.mark.usefixtures("chain")
def test_cycles_end_and_each_target_comes_once_at_its_shortest_distance(query: Query):
    edges = shown(query, 1, depth=100)
    targets = [target for _, target, _ in edges]
    assert sorted(targets, key=int) == ["2", "3", "4", "5", "6", "7", "8", "9", "77"]
    assert max(depth for _, _, depth in edges) <= MAX_DEPTH
    assert ("5", "6", 2) in edges


@pytest.mark.usefixtures("chain")
def test_an_edge_brings_what_is_stored_of_its_target(query: Query):
    stored = {edge["to"]: edge["story"] for edge in query.related("tempo-read:3", depth=1)}
    assert stored["tempo-read:77"] is None
    assert stored["tempo-read:4"] is not None
    assert stored["tempo-read:4"]["headline"] == "Story 4"


def test_nobody_asks_for_the_whole_graph(query: Query, database: Stories):
    for number in range(1, 12):
        keep(database, number, related_links=(link(number + 1),))
    assert [depth for *_, depth in shown(query, 1, depth=100)] == list(range(1, MAX_DEPTH + 1))


def test_a_page_that_shows_itself_is_no_news(query: Query, database: Stories):
    keep(database, 1, related_links=(link(1),))
    assert shown(query, 1, depth=3) == []


def test_edges_come_in_the_order_of_the_page(query: Query, database: Stories):
    cards = [link(number, position) for position, number in enumerate((7, 4, 9, 2), start=1)]
    also = [link(3, 1, relation=Relation.READ_ALSO)]
    keep(database, 1, related_links=(*reversed(cards), *also))
    assert [edge["to"].split(":")[1] for edge in query.related("tempo-read:1", depth=1)] == ["3", "7", "4", "9", "2"]


def test_dates_are_given_aware(query: Query, database: Stories):
    keep(database, 1)
    (found,) = query.find(Filter())
    assert isinstance(found["datePublished"], datetime)
    assert found["datePublished"].tzinfo is not None
