"""What is lost, twice, too old or open is seen: else the storms could not fail."""

from __future__ import annotations

import pytest

from stories.mongo import Document
from stories.settings import Settings
from tests.e2e.storms.newspaper import SITES, Verdict
from tests.e2e.storms.storm import Storm, storm


def calm_crawl(weather: Storm) -> None:
    """Of a newspaper that changes afterwards, and is crawled again."""
    for site in SITES:
        weather.order(site)
    weather.calm()
    weather.paper.change()
    for site in SITES:
        weather.order(site, fresh=True)
    weather.calm()


def test_each_wrong_end_is_seen(settings: Settings, seed: int) -> None:
    with storm(settings, seed=seed, stories=60) as weather:
        calm_crawl(weather)
        database = weather.place.stores.database
        assert database["revisions"].count_documents({}) > 0

        def verdict() -> Verdict:
            return weather.paper.verdict(weather.place, weather.sites)

        def seen(collection: str, document: Document, change: Document) -> Verdict:
            """With this document changed; afterwards it is as it was."""
            database[collection].update_one({"_id": document["_id"]}, {"$set": change})
            wrong = verdict()
            database[collection].replace_one({"_id": document["_id"]}, document)
            assert verdict().is_good
            return wrong

        revision = database["revisions"].find_one({})
        revised = database["stories"].find_one({"_id": revision["key"]})
        there = {"canonicalUrl": {"$nin": sorted(weather.paper.removed)}}
        other = database["stories"].find_one({"_id": {"$ne": revision["key"]}, **there})
        page = database["pages"].find_one({"_id": revision["key"]})
        assert "failed" in str(seen("pages", page, {"fate": "failed"}).lost)
        assert "handedOver" in str(seen("pages", page, {"state": "handedOver"}).stuck)
        older = seen("stories", revised, {"articleBody": revision["articleBody"]})
        assert "not the text of its last answer" in str(older.duplicated)
        assert "2 stories" in str(seen("stories", other, {"canonicalUrl": revised["canonicalUrl"]}).duplicated)
        assert "never was its text" in str(seen("revisions", revision, {"articleBody": "?"}).duplicated)
        database["stories"].delete_one({"_id": other["_id"]})
        assert "no story" in str(verdict().lost)
        kept = weather.place.stores.quarantine.newest(limit=1)[0]
        database["quarantine"].delete_one({"_id": kept["_id"]})
        assert "not in quarantine" in str(verdict().lost)


def wait_in_vain(settings: Settings, seed: int) -> None:
    with storm(settings, seed=seed, stories=20, parts=()) as weather:
        weather.order("tempo-en", enqueue=False)
        weather.wait(lambda: False, "nothing", limit=0.1)


def test_a_failure_tells_its_seed_and_what_was_done(settings: Settings, seed: int) -> None:
    with pytest.raises(AssertionError) as told:
        wait_in_vain(settings, seed)
    (note,) = told.value.__notes__
    assert f"--seed={seed}" in note
    assert "ordered tempo-en" in note
