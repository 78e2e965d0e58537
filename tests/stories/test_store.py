"""Saving: as often as one likes, in whatever order, with one result."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pymongo import WriteConcern
from pymongo.errors import BulkWriteError

from stories.article import Article, Relation, Window
from stories.codec import article_from
from stories.fate import Fate
from stories.identity import content_digest
from stories.mongo import Document, Stories
from stories.store import Saved, Store, Story
from tests.making import NOON, article, link, text

HOUR = timedelta(hours=1)


@pytest.fixture
def store(database: Stories) -> Store:
    return Store(database)


def story(number: int = 1, **different: Any) -> Story:
    """A story whose further parts a test can name too."""
    parts = {
        name: different.pop(name) for name in ("link_keys", "is_based_on_key", "aliases", "run") if name in different
    }
    written = article(number, **different)
    return Story(article=written, **({"link_keys": [None] * len(written.related_links)} | parts))


def save(store: Store, *stories: Story, now: datetime = NOON) -> dict[str, Fate]:
    return {key: saved.fate for key, saved in store.save(stories, now=now).items()}


def only(documents: Iterable[Document]) -> Document:
    (document,) = documents
    return document


def stored(database: Stories, number: int = 1) -> Document:
    return only(database["stories"].find({"_id": f"tempo-read:{number}"}))


def everything(database: Stories) -> dict[str, list[Document]]:
    return {name: list(database[name].find().sort("_id", 1)) for name in ("stories", "revisions", "links")}


# -- once -------------------------------------------------------------------------------------------------------


def test_what_is_stored_is_the_article_and_what_we_know_besides(store: Store, database: Stories):
    written = article(1, related_links=(link(2),), keywords=("tarif",))
    full = Story(
        article=written,
        enrichment={"language": {"code": "en"}},
        link_keys=("tempo-read:2",),
        aliases=("https://en.tempo.co/amp/1",),
        run="run-1",
    )
    assert store.save([full], now=NOON) == {
        "tempo-read:1": Saved(fate=Fate.STORED, digest=content_digest(written)),
    }
    document = stored(database)
    assert article_from(document) == written
    assert document["enrichment"] == {"language": {"code": "en"}}
    assert document["addresses"] == ["https://en.tempo.co/amp/1", "https://en.tempo.co/read/1/a-story"]
    assert (document["run"], document["firstStoredAt"], document["updatedAt"]) == ("run-1", NOON, NOON)
    assert "nearDuplicateOf" not in document
    assert "isBasedOnKey" not in document


def test_saving_again_changes_nothing(store: Store, database: Stories):
    batch = [
        story(number, article_body=text(number), related_links=(link(9),), link_keys=("tempo-read:9",))
        for number in (1, 2)
    ]
    assert set(save(store, *batch).values()) == {Fate.STORED}
    before = everything(database)
    assert set(save(store, *batch).values()) == {Fate.UNCHANGED}
    assert everything(database) == before


def test_an_empty_batch_is_no_call(store: Store):
    assert store.save([], now=NOON) == {}


def test_two_readings_of_one_story_in_a_batch_are_one_document(store: Store, database: Stories):
    older, newer = story(headline="Before"), story(headline="After", date_downloaded=NOON + HOUR)
    assert save(store, newer, older) == {"tempo-read:1": Fate.STORED}
    assert stored(database)["headline"] == "After"


def test_a_story_of_a_wrong_kind_is_refused_by_the_database(store: Store, database: Stories):
    with pytest.raises(BulkWriteError):
        save(store, story(site=None))
    assert database["stories"].count_documents({}) == 0


# -- newer and older --------------------------------------------------------------------------------------------


def test_a_changed_text_makes_a_revision(store: Store, database: Stories):
    save(store, story(description="As it was"))
    later = NOON + HOUR
    assert save(store, story(article_body="Corrected.", date_downloaded=later), now=later) == {
        "tempo-read:1": Fate.REVISED
    }
    document = stored(database)
    assert (document["articleBody"], document["firstStoredAt"], document["updatedAt"]) == ("Corrected.", NOON, later)
    kept = only(database["revisions"].find())
    assert (kept["key"], kept["articleBody"], kept["description"], kept["dateDownloaded"], kept["replacedAt"]) == (
        "tempo-read:1",
        "The text of story 1.",
        "As it was",
        NOON,
        later,
    )
    assert kept["digest"] == content_digest(article())


def test_a_cosmetic_change_makes_none(store: Store, database: Stories):
    save(store, story(article_body='He said "no".'))
    later = NOON + HOUR
    cosmetic = story(article_body="he said  \u201cno\u201d", date_downloaded=later, view_count=5)
    assert save(store, cosmetic, now=later) == {"tempo-read:1": Fate.UNCHANGED}
    assert database["revisions"].count_documents({}) == 0
    document = stored(database)
    assert (document["viewCount"], document["dateDownloaded"], document["updatedAt"]) == (5, later, NOON)


def test_an_older_reading_never_overwrites_a_newer_one(store: Store, database: Stories):
    newer = story(article_body="Corrected.", date_downloaded=NOON + HOUR)
    save(store, newer)
    before = everything(database)
    assert save(store, story(), now=NOON + 2 * HOUR) == {"tempo-read:1": Fate.UNCHANGED}
    assert everything(database) == before


def another_is_faster(store: Store, theirs: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the store's next look at what is there, and before it writes, another one's story is stored."""
    look = store._known

    def then_it_is_there(keys: list[str]) -> dict[str, Document]:
        found = look(keys)
        monkeypatch.setattr(store, "_known", look)
        save(store, theirs)
        return found

    monkeypatch.setattr(store, "_known", then_it_is_there)


def test_an_older_reading_that_loses_the_race_to_a_newer_one_does_no_harm(
    store: Store, database: Stories, monkeypatch: pytest.MonkeyPatch
):
    """It looked, nothing was there; before it writes, the newer one is."""
    another_is_faster(store, story(headline="After", date_downloaded=NOON + HOUR), monkeypatch)
    save(store, story(headline="Before"), story(2))
    assert stored(database)["headline"] == "After"
    assert stored(database, 2)["headline"] == "Story 2"


def test_a_text_that_another_worker_stored_in_between_is_a_revision_too(
    store: Store, database: Stories, monkeypatch: pytest.MonkeyPatch
):
    """We know the first text and keep it; the second one is there before our third replaces it."""
    save(store, story(article_body="First."))
    another_is_faster(store, story(article_body="Second.", date_downloaded=NOON + HOUR), monkeypatch)
    fates = save(store, story(article_body="Third.", date_downloaded=NOON + 2 * HOUR))
    assert fates == {"tempo-read:1": Fate.REVISED}
    assert stored(database)["articleBody"] == "Third."
    assert sorted(kept["articleBody"] for kept in database["revisions"].find()) == ["First.", "Second."]


def test_every_text_that_was_replaced_is_kept_once(store: Store, database: Stories):
    for hour, body in enumerate(("one", "two", "three", "three", "two")):
        save(store, story(article_body=body, date_downloaded=NOON + hour * HOUR), now=NOON + hour * HOUR)
    assert stored(database)["articleBody"] == "two"
    assert [kept["articleBody"] for kept in database["revisions"].find().sort("articleBody", 1)] == [
        "one",
        "three",
        "two",
    ]


def test_a_worker_that_dies_after_keeping_a_revision_keeps_it_once(
    store: Store, database: Stories, monkeypatch: pytest.MonkeyPatch
):
    save(store, story())
    changed = story(article_body="Corrected.", date_downloaded=NOON + HOUR)
    with monkeypatch.context() as dying:
        dying.setattr(store, "_write", None)
        with pytest.raises(TypeError):
            save(store, changed, now=NOON + HOUR)
    assert database["revisions"].count_documents({}) == 1
    assert save(store, changed, now=NOON + 2 * HOUR) == {"tempo-read:1": Fate.REVISED}
    assert only(database["revisions"].find())["replacedAt"] == NOON + 2 * HOUR


def test_five_hundred_deliveries_in_any_order_are_one_document_the_newest(store: Store, database: Stories):
    """Old after new, twice and together: 50 versions of one story, ten times each, under five addresses."""
    deliveries = [
        story(
            article_body=f"Version {version}.",
            date_downloaded=NOON + version * HOUR,
            aliases=(f"https://en.tempo.co/alias/{version % 5}",),
        )
        for version in range(50)
    ] * 10
    random.Random(7).shuffle(deliveries)
    for start in range(0, len(deliveries), 5):
        save(store, *deliveries[start : start + 5], now=NOON + 100 * HOUR)
    document = only(database["stories"].find())
    assert document["articleBody"] == "Version 49."
    assert document["dateDownloaded"] == NOON + 49 * HOUR
    aliases = sorted(address for address in document["addresses"] if "alias" in address)
    assert aliases == [f"https://en.tempo.co/alias/{number}" for number in range(5)]
    revisions = [kept["articleBody"] for kept in database["revisions"].find()]
    assert len(revisions) == len(set(revisions))
    assert "Version 49." not in revisions


def test_all_addresses_of_a_story_are_kept(store: Store, database: Stories):
    for hour in range(5):
        url = f"https://en.tempo.co/read/1/title-{hour}"
        save(store, story(url=url, date_downloaded=NOON + hour * HOUR, aliases=(f"https://en.tempo.co/amp/{hour}",)))
    expected = {f"https://en.tempo.co/read/1/title-{hour}" for hour in range(5)}
    expected |= {f"https://en.tempo.co/amp/{hour}" for hour in range(5)} | {"https://en.tempo.co/read/1/a-story"}
    addresses = stored(database)["addresses"]
    assert len(addresses) == len(expected)
    assert set(addresses) == expected


@pytest.mark.parametrize("together", [True, False])
def test_an_older_reading_brings_its_addresses(store: Store, database: Stories, together: bool):
    newer = story(url="https://en.tempo.co/read/1/new", date_downloaded=NOON + HOUR)
    older = story(url="https://en.tempo.co/read/1/old", aliases=("https://en.tempo.co/amp/1",))
    for batch in [[newer, older]] if together else [[newer], [older]]:
        save(store, *batch)
    document = stored(database)
    assert document["url"] == "https://en.tempo.co/read/1/new"
    assert set(document["addresses"]) == {
        "https://en.tempo.co/amp/1",
        "https://en.tempo.co/read/1/a-story",
        "https://en.tempo.co/read/1/new",
        "https://en.tempo.co/read/1/old",
    }


# -- links ------------------------------------------------------------------------------------------------------


def test_an_edge_stands_once_with_when_it_was_first_and_last_seen(store: Store, database: Stories):
    window = Window(earliest=NOON - 3 * HOUR, latest=NOON - 2 * HOUR)
    first = story(related_links=(link(2, date_published=window), link(3, position=2)), link_keys=("tempo-read:2", None))
    save(store, first)
    later = NOON + HOUR
    again = story(
        related_links=(link(2, position=4, headline="Renamed"),), link_keys=("tempo-read:2",), date_downloaded=later
    )
    save(store, again, now=later)
    edges = {edge["_id"]: edge for edge in database["links"].find()}
    known = edges.pop("tempo-read:1>related>tempo-read:2")
    unknown = only(edges.values())
    assert (known["firstSeenAt"], known["lastSeenAt"], known["position"], known["headline"]) == (
        NOON,
        later,
        4,
        "Renamed",
    )
    assert (known["from"], known["to"]) == ("tempo-read:1", "tempo-read:2")
    assert (unknown["to"], unknown["url"], unknown["lastSeenAt"]) == (None, "https://en.tempo.co/read/3/a-story", NOON)


def test_an_older_reading_adds_its_edges_and_overwrites_none(store: Store, database: Stories):
    newer = story(
        related_links=(link(2, position=4, headline="Renamed"),),
        link_keys=("tempo-read:2",),
        date_downloaded=NOON + HOUR,
    )
    older = story(related_links=(link(2), link(3, position=2)), link_keys=("tempo-read:2", "tempo-read:3"))
    save(store, newer)
    save(store, older, now=NOON + HOUR)
    edges = {edge["to"]: edge for edge in database["links"].find()}
    assert set(edges) == {"tempo-read:2", "tempo-read:3"}
    known = edges["tempo-read:2"]
    assert (known["position"], known["headline"], known["lastSeenAt"]) == (4, "Renamed", NOON)


def test_the_published_window_of_a_card_is_on_its_edge(store: Store, database: Stories):
    window = Window(earliest=NOON - 3 * HOUR, latest=NOON - 2 * HOUR)
    save(store, story(related_links=(link(2, date_published=window),), link_keys=("tempo-read:2",)))
    edge = only(database["links"].find())
    assert (edge["datePublishedEarliest"], edge["datePublishedLatest"]) == (window.earliest, window.latest)


def test_one_target_in_two_relations_is_two_edges(store: Store, database: Stories):
    links = (link(2), link(2, relation=Relation.READ_ALSO))
    save(store, story(related_links=links, link_keys=("tempo-read:2",) * 2))
    assert sorted(edge["relation"] for edge in database["links"].find()) == ["readAlso", "related"]


def test_a_card_without_address_and_key_is_no_edge(store: Store, database: Stories):
    save(store, story(related_links=(link(2, url=None), link(3, url=None)), link_keys=(None, "tempo-read:3")))
    assert only(database["links"].find())["to"] == "tempo-read:3"


# -- republished ------------------------------------------------------------------------------------------------

ORIGINAL = story(1)
COPY = story(
    2, key="suarakita:00aa", site="suarakita", is_based_on=ORIGINAL.article.url, is_based_on_key=ORIGINAL.article.key
)


@pytest.mark.parametrize("batches", [[[ORIGINAL], [COPY]], [[COPY], [ORIGINAL]], [[COPY, ORIGINAL]]])
def test_an_original_lists_its_copy_whichever_came_first(store: Store, database: Stories, batches: list[list[Story]]):
    for _ in range(2):
        for batch in batches:
            save(store, *batch)
        assert stored(database)["republishedBy"] == ["suarakita:00aa"]
    copy = only(database["stories"].find({"_id": "suarakita:00aa"}))
    assert copy["isBasedOnKey"] == "tempo-read:1"
    assert "republishedBy" not in copy


def test_a_newer_reading_of_the_original_keeps_its_copies(store: Store, database: Stories):
    save(store, ORIGINAL, COPY)
    save(store, Story(article=replace(ORIGINAL.article, article_body="New.", date_downloaded=NOON + HOUR)))
    assert stored(database)["republishedBy"] == ["suarakita:00aa"]


# -- near duplicates --------------------------------------------------------------------------------------------

LONG = text(1, words=400)
ALMOST = LONG.replace(LONG.split()[200], "lain", 1)


def duplicate(database: Stories, number: int) -> Document | None:
    found: Document | None = stored(database, number).get("nearDuplicateOf")
    return found


@pytest.mark.parametrize("together", [True, False])
def test_a_near_duplicate_is_noted_with_method_and_score(store: Store, database: Stories, together: bool):
    stories = [story(1, article_body=LONG), story(2, article_body=ALMOST), story(3, article_body=text(3, words=400))]
    for batch in [stories] if together else [[one] for one in stories]:
        save(store, *batch)
    note = duplicate(database, 2)
    assert note is not None
    assert (note["key"], note["method"]) == ("tempo-read:1", "simhash64")
    assert 1 - 3 / 64 <= note["score"] <= 1
    assert duplicate(database, 3) is None
    assert database["stories"].count_documents({}) == 3


def test_a_text_that_shares_a_quarter_of_its_fingerprint_is_no_duplicate(store: Store, database: Stories):
    """Found by its band, and then looked at."""
    save(store, story(1, article_body=LONG))
    mark = stored(database)["fingerprint"]
    for bits, is_near in ((0xF0000, False), (0x70000, True)):
        database["stories"].update_one({}, {"$set": {"fingerprint": mark ^ bits}})
        save(store, story(2, article_body=LONG))
        assert (duplicate(database, 2) is not None) == is_near
        database["stories"].delete_one({"_id": "tempo-read:2"})


def test_the_same_text_scores_one(store: Store, database: Stories):
    save(store, story(1, article_body=LONG))
    save(store, story(2, article_body=LONG))
    assert duplicate(database, 2) == {"key": "tempo-read:1", "method": "simhash64", "score": 1.0}


def test_a_note_stays_when_the_page_is_read_again(store: Store, database: Stories):
    save(store, story(1, article_body=LONG))
    save(store, story(2, article_body=LONG))
    save(store, story(2, article_body=LONG, date_downloaded=NOON + HOUR))
    assert duplicate(database, 2) is not None


def test_short_texts_are_not_compared(store: Store, database: Stories):
    save(store, *(story(number, article_body="Read more in the magazine.") for number in (1, 2)))
    assert duplicate(database, 1) is None
    assert duplicate(database, 2) is None


def test_a_story_is_no_duplicate_of_itself(store: Store, database: Stories):
    save(store, story(1, article_body=LONG))
    save(store, story(1, article_body=ALMOST, date_downloaded=NOON + HOUR))
    assert duplicate(database, 1) is None


def test_the_same_words_are_found_by_search(store: Store, database: Stories):
    save(store, story(1, headline="Kenaikan Tarif", in_language="id", article_body="Listrik naik."))
    assert stored(database)["terms"] == ["idlistrik", "idnaik", "idtarif"]
    assert stored(database)["headlineTerms"] == ["idnaik", "idtarif"]


def test_times_are_stored_as_aware_utc(store: Store, database: Stories):
    save(store, story(1, date_published=None))
    document = stored(database)
    assert document["datePublished"] is None
    assert document["dateDownloaded"].tzinfo is not None
    assert document["dateDownloaded"] == NOON.astimezone(UTC)


def test_an_article_is_an_article_again(store: Store, database: Stories):
    written: Article = article(related_links=(link(2), link(3, url=None, position=2)), view_count=2**40)
    save(store, Story(article=written, link_keys=(None, None)))
    assert article_from(stored(database)) == written


def test_links_that_no_majority_has_taken_are_not_saved(store: Store, database: Stories):
    """As in an election: none was refused, and yet they may be lost."""
    store._links = database["links"].with_options(write_concern=WriteConcern(w=2, wtimeout=100))  # of one server
    with pytest.raises(BulkWriteError) as unsure:
        save(store, story(related_links=(link(2),)))
    assert not unsure.value.details["writeErrors"]


def test_a_repeated_try_tells_what_the_run_did(store: Store):
    """A worker that died between saving and settling: its batch runs again, and its page was stored in this run."""
    first = story(run="run-1")
    assert save(store, first) == {"tempo-read:1": Fate.STORED}
    assert save(store, first) == {"tempo-read:1": Fate.STORED}
    changed = replace(story(article_body="Corrected.", date_downloaded=NOON + HOUR), run="run-2")
    assert save(store, changed) == {"tempo-read:1": Fate.REVISED}
    assert save(store, changed) == {"tempo-read:1": Fate.REVISED}
    assert save(store, replace(changed, run="run-3")) == {"tempo-read:1": Fate.UNCHANGED}


def test_a_story_that_another_worker_stored_in_between_is_stored_once(
    store: Store, database: Stories, monkeypatch: pytest.MonkeyPatch
):
    """It was not there when we looked: what we were about to insert becomes a later reading."""
    other = Store(database)
    look = Store._known
    looks = iter(range(9))

    def overtaken(self: Store, keys: list[str]) -> Any:
        known = look(self, keys)
        if next(looks) == 0:
            save(other, story(1, headline="Before"))
        return known

    monkeypatch.setattr(store, "_known", overtaken.__get__(store))
    later = NOON + HOUR
    fates = save(store, story(1, headline="After", date_downloaded=later), story(2), now=later)
    assert fates == {"tempo-read:1": Fate.REVISED, "tempo-read:2": Fate.STORED}
    assert database["stories"].count_documents({}) == 2
    assert database["revisions"].count_documents({}) == 1
    assert stored(database)["headline"] == "After"
