"""Article <-> JSON <-> BSON: nothing is lost, and nonsense is an error that says so."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stories import codec
from stories.article import (
    Article,
    Author,
    Breadcrumb,
    Dateline,
    Image,
    RelatedLink,
    Relation,
    Role,
    Source,
    Window,
)
from stories.batch import Batch
from stories.codec import (
    SCHEMA_VERSION,
    article_from,
    article_to_bson,
    article_to_json,
    instant_from_json,
    instant_to_json,
    story_to_json,
    to_json,
    upgraded,
)
from stories.errors import QuarantineError
from stories.mongo import Stories
from tests.making import NOON, article, link

WORDS = st.text(max_size=12)
MAYBE = st.none() | WORDS
INSTANTS = st.datetimes(timezones=st.just(UTC)).map(lambda at: at.replace(microsecond=0))
WINDOWS = st.tuples(INSTANTS, INSTANTS).map(sorted).map(lambda pair: Window(earliest=pair[0], latest=pair[1]))
LINKS = st.builds(
    RelatedLink,
    url=MAYBE,
    headline=MAYBE,
    relation=st.sampled_from(Relation),
    position=st.integers(1, 500),
    description=MAYBE,
    date_published_raw=MAYBE,
    date_published=st.none() | WINDOWS,
    is_promotional=st.booleans(),
)


def some(values: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(values, max_size=3).map(tuple)


ARTICLES = st.builds(
    Article,
    key=WORDS,
    site=WORDS,
    page_version=WORDS,
    url=WORDS,
    canonical_url=WORDS,
    headline=WORDS,
    description=MAYBE,
    date_published=st.none() | INSTANTS,
    date_published_raw=MAYBE,
    date_source=st.none() | st.sampled_from(Source),
    date_modified=st.none() | INSTANTS,
    date_modified_raw=MAYBE,
    dateline=st.none() | st.builds(Dateline, publisher=MAYBE, place=MAYBE),
    authors=some(st.builds(Author, name=WORDS, role=st.sampled_from(Role), url=MAYBE)),
    article_section=MAYBE,
    keywords=some(WORDS),
    in_language=st.sampled_from(["en", "id"]),
    article_body=st.text(max_size=60),
    body_complete=st.booleans(),
    is_accessible_for_free=st.none() | st.booleans(),
    images=some(st.builds(Image, url=WORDS, caption=MAYBE, credit=MAYBE)),
    breadcrumbs=some(st.builds(Breadcrumb, name=WORDS, url=MAYBE)),
    related_links=some(LINKS),
    is_based_on=MAYBE,
    view_count=st.none() | st.integers(0, 2**62),
    provenance=st.dictionaries(st.sampled_from(["headline", "datePublished"]), st.sampled_from(Source)),
    date_downloaded=INSTANTS,
)

FULL = article(
    dateline=Dateline(publisher="TEMPO.CO", place="Jakarta"),
    authors=(Author(name="Ida", role=Role.REPORTER),),
    images=(Image(url="https://x/i.jpg"),),
    breadcrumbs=(Breadcrumb(name="World"),),
    related_links=(link(2, date_published=Window(earliest=NOON, latest=NOON)),),
    date_source=Source.VISIBLE,
    date_modified=NOON,
    keywords=("a",),
)


# -- there and back ---------------------------------------------------------------------------------------------


@given(written=ARTICLES)
@settings(max_examples=150)
def test_json_and_back(written: Article):
    assert article_from(json.loads(json.dumps(article_to_json(written)))) == written


@given(batch=st.lists(ARTICLES, min_size=1, max_size=20))
@settings(max_examples=10, derandomize=True, suppress_health_check=list(HealthCheck))
def test_bson_and_back_through_a_real_collection(database: Stories, batch: list[Article]):
    plain = database["articles"]
    plain.delete_many({})
    plain.insert_many([{"_id": place, **article_to_bson(written)} for place, written in enumerate(batch)])
    assert [article_from(document) for document in plain.find().sort("_id", 1)] == batch


@given(written=ARTICLES)
@settings(max_examples=50)
def test_both_forms_say_the_same(written: Article):
    assert to_json(article_to_bson(written)) == article_to_json(written)


def test_every_field_has_its_schema_org_name():
    names = {f.name.split("_")[0] + "".join(part.title() for part in f.name.split("_")[1:]) for f in fields(Article)}
    assert set(article_to_json(FULL)) == names


def test_absent_is_null_and_empty_is_a_list():
    plain = article_to_json(article())
    assert plain["description"] is None
    assert plain["authors"] == plain["relatedLinks"] == []


def test_a_window_has_two_ends():
    (card,) = article_to_json(FULL)["relatedLinks"]
    assert card["datePublishedEarliest"] == card["datePublishedLatest"] == "2026-11-24T05:00:00Z"


# -- times ------------------------------------------------------------------------------------------------------

JAKARTA = timezone(timedelta(hours=7))


@pytest.mark.parametrize(
    ("instant", "text"),
    [
        (datetime(2025, 8, 9, 11, 39, tzinfo=JAKARTA), "2025-08-09T04:39:00Z"),
        (datetime(2025, 8, 9, 4, 39, 0, 999_999, UTC), "2025-08-09T04:39:00Z"),
        (datetime(526, 1, 2, tzinfo=UTC), "0526-01-02T00:00:00Z"),  # a card says `1500 tahun lalu`
        (None, None),
    ],
)
def test_an_instant_is_rfc_3339_in_utc(instant: datetime | None, text: str | None):
    assert instant_to_json(instant) == text


@pytest.mark.parametrize("text", ["2025-08-09T04:39:00Z", "2025-08-09T11:39:00+07:00"])
def test_an_instant_is_read_from_any_zone(text: str):
    assert instant_from_json(text) == datetime(2025, 8, 9, 4, 39, tzinfo=UTC)


def test_parts_of_a_second_are_in_neither_form():
    exact = article(date_published=NOON + timedelta(microseconds=1))
    assert article_to_json(exact) == article_to_json(article(date_published=NOON))
    assert article_to_bson(exact) == article_to_bson(article(date_published=NOON))


# -- nonsense ---------------------------------------------------------------------------------------------------

VALUES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5)
NONSENSE = st.recursive(VALUES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3))


def places(document: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a document."""
    entries = (
        document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    )
    for name, value in entries:
        yield (*path, name)
        yield from places(value, (*path, name))


PLACES = sorted(places(article_to_json(FULL)), key=repr)


def within(document: Any, path: tuple[Any, ...]) -> Any:
    for name in path:
        document = document[name]
    return document


@given(garbage=NONSENSE)
@settings(max_examples=100)
def test_garbage_is_no_article(garbage: Any):
    with pytest.raises(QuarantineError, match="not an article"):
        article_from(garbage)


@pytest.mark.parametrize("path", PLACES, ids=repr)
def test_an_article_without_one_of_its_parts_is_none(path: tuple[Any, ...]):
    document = article_to_json(FULL)
    parent = within(document, path[:-1])
    if isinstance(parent, list):
        return  # a list may be shorter
    del parent[path[-1]]
    with pytest.raises(QuarantineError, match="not an article"):
        article_from(document)


@given(path=st.sampled_from(PLACES), wrong=NONSENSE)
@settings(max_examples=300)
def test_a_wrong_value_anywhere_is_an_article_or_an_error_of_ours(path: tuple[Any, ...], wrong: Any):
    document = deepcopy(article_to_json(FULL))
    within(document, path[:-1])[path[-1]] = wrong
    try:
        read = article_from(document)
    except QuarantineError:
        return
    assert isinstance(read, Article)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("headline", 5),
        ("headline", None),
        ("articleBody", ["a"]),
        ("key", {"$ne": None}),
        ("description", 5),
        ("keywords", "tarif"),
        ("keywords", [1]),
        ("bodyComplete", "yes"),
        ("viewCount", "many"),
        ("provenance", {"headline": "hearsay"}),
        ("provenance", {"a.b": "meta"}),
        ("provenance", {"a\0": "meta"}),
        ("provenance", ["headline"]),
        ("authors", [{"name": 5, "role": "editor", "url": None}]),
        ("authors", [{"name": "Ida", "role": "king", "url": None}]),
        ("relatedLinks", {}),
        ("dateSource", "guess"),
        ("datePublished", "yesterday"),
        ("datePublished", 0),
        ("datePublished", "0001-01-01T00:00:00+14:00"),  # before the first instant there is
        ("dateDownloaded", None),
    ],
)
def test_a_field_of_the_wrong_kind_is_an_error(field: str, wrong: Any):
    with pytest.raises(QuarantineError, match="not an article"):
        article_from(article_to_json(FULL) | {field: wrong})


# -- versions ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", [None, 0, 3, 99, -1, "1", 1.5, [], {}])
def test_a_version_that_we_do_not_know_is_for_a_person(version: Any):
    with pytest.raises(QuarantineError, match="schema version"):
        upgraded({"schemaVersion": version})
    with pytest.raises(QuarantineError, match="schema version"):
        upgraded({})


def test_todays_version_is_as_it_is():
    assert upgraded({"schemaVersion": SCHEMA_VERSION, "a": 1}) == {"schemaVersion": SCHEMA_VERSION, "a": 1}


def test_an_old_document_is_upgraded_step_by_step(monkeypatch: pytest.MonkeyPatch):
    steps = {
        0: lambda document: document | {"schemaVersion": 1, "steps": ["first"]},
        1: lambda document: document | {"schemaVersion": 2, "steps": [*document["steps"], "second"]},
    }
    monkeypatch.setattr(codec, "UPGRADES", steps)
    assert upgraded({"schemaVersion": 0}) == {"schemaVersion": 2, "steps": ["first", "second"]}


def test_a_batch_of_the_first_version_is_read():
    plain = article_to_json(FULL)
    old = plain | {"relatedLinks": [dict(card) for card in plain["relatedLinks"]]}
    del old["provenance"]
    for card in old["relatedLinks"]:
        del card["isPromotional"]
    batch = upgraded({"schemaVersion": 1, "run": "r", "pages": [{"page": "k", "article": old}]})
    assert article_from(batch["pages"][0]["article"]) == replace(FULL, provenance={})


# -- batches ----------------------------------------------------------------------------------------------------


@given(garbage=NONSENSE)
@settings(max_examples=100)
def test_garbage_is_no_batch(garbage: Any):
    with pytest.raises(QuarantineError):
        Batch.from_json(garbage)


@given(pages=NONSENSE.filter(lambda pages: pages not in ([], {}, "")), run=st.just("run-1"))
@settings(max_examples=100)
def test_garbage_in_a_batch_is_no_batch(pages: Any, run: str):
    with pytest.raises(QuarantineError, match="not a"):
        Batch.from_json({"schemaVersion": SCHEMA_VERSION, "run": run, "pages": pages})


# -- stories ----------------------------------------------------------------------------------------------------


def test_a_story_as_people_get_it():
    document = article_to_bson(article()) | {"_id": "tempo-read:1", "firstStoredAt": NOON, "republishedBy": ["x:1"]}
    story = story_to_json(document)
    assert "_id" not in story
    assert story["firstStoredAt"] == "2026-11-24T05:00:00Z"
    assert (story["republishedBy"], story["nearDuplicateOf"], story["isBasedOnKey"]) == (["x:1"], None, None)
    json.dumps(story)
    assert document["_id"] == "tempo-read:1"


def test_an_article_is_not_changed_by_writing_it():
    before = replace(FULL)
    article_to_json(FULL)
    assert before == FULL
