"""kliping takedown and pages release, as a person types them."""

from __future__ import annotations

import pytest

from stories.jobs import queue_named
from stories.queue import ENRICH
from tests.console.conftest import Shell, set_environment
from tests.console.schemas import check
from tests.making import NOON, article, batch, batch_page, leased, link
from tests.stories.test_store import story
from workers.stores import Stores

KEY = "tempo-read:1"


@pytest.fixture
def known(stores: Stores, monkeypatch: pytest.MonkeyPatch) -> Stores:
    set_environment(stores.settings, monkeypatch)
    (held,) = leased(stores.ledger, 1)
    cards = story(2, related_links=(link(1),), link_keys=[KEY])
    stores.store.save([story(1, is_based_on_key=None), cards, story(3, is_based_on_key=KEY)], now=NOON)
    payload = batch(batch_page(held, article(1))).to_json()
    job = queue_named(ENRICH, stores.queue.connection).enqueue_call(
        "workers.tasks.enrich_articles", args=(payload,), job_id="j"
    )
    queue = queue_named(ENRICH, stores.queue.connection)
    queue.failed_job_registry.add(job, ttl=-1, exc_string="ValueError: x")
    queue.remove(job)
    return stores


def test_first_the_numbers_then_the_deed_then_the_way_back(shell: Shell, known: Stores) -> None:
    would = shell.data("takedown", KEY, "--dry-run")
    check("takedown", would)
    assert (would["done"], would["republishedBy"]) == (False, ["tempo-read:3"])
    assert known.database["stories"].count_documents({}) == 3
    done = shell.data("takedown", article(1).url, "--reason", "a court said so", "--yes")
    check("takedown", done)
    assert done["removed"] == would["removed"]
    assert done["removed"] == {
        "stories": 1, "revisions": 0, "linksFrom": 0, "linksTo": 1, "quarantined": 0, "jobs": 1,
    }  # fmt: skip
    listed = shell.data("takedown", "--list")
    check("takedowns", listed)
    assert [(mark["key"], mark["reason"]) for mark in listed] == [(KEY, "a court said so")]
    page = shell.data("pages", "show", KEY)
    check("page", page)
    assert (page["fate"], page["nextFetchAt"]) == ("takenDown", None)
    assert known.queue.jobs(ENRICH, status="failed", limit=9) == []
    assert shell("stories", "show", KEY).code == 2
    assert shell("pages", "release", KEY).out == f"{KEY} may be collected again; the next crawl asks for it.\n"
    again = shell.data("pages", "show", KEY)
    check("page", again)
    assert again["state"] == "due"
    assert shell("pages", "release", KEY).code == 2


def test_without_the_right_to_remove_it_is_marked_and_says_what_to_do(
    shell: Shell, known: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, admin = known.database.name, known.database.client.admin
    may = ["find", "insert", "update", "createCollection", "createIndex", "collMod", "listCollections", "listIndexes"]
    admin.command(
        "createRole", name, privileges=[{"resource": {"db": name, "collection": ""}, "actions": may}], roles=[]
    )
    admin.command("createUser", name, pwd="a-password", roles=[name])
    owners = known.settings.mongo_url or ""
    monkeypatch.setenv("KLIPING_MONGO_URL", f"mongodb://{name}:a-password@{owners.rpartition('@')[2]}")
    try:
        said = shell("takedown", KEY, "--yes")
        assert said.code == 3
        assert f"{KEY} is marked: it is never asked for again. But not all that belongs to it is removed" in said.err
        assert f"MongoDB: not authorized on {name}. Check" in said.err
        assert [mark["key"] for mark in shell.data("takedown", "--list")] == [KEY]
    finally:
        admin.command("dropUser", name)
        admin.command("dropRole", name)
    monkeypatch.setenv("KLIPING_MONGO_URL", owners)
    assert shell("takedown", KEY, "--yes").code == 0
    assert known.database["stories"].find_one({"_id": KEY}) is None


def test_what_is_said_to_a_person(shell: Shell, known: Stores) -> None:
    would = shell("takedown", KEY, "--dry-run")
    assert (
        would.out
        == f"would take down {KEY}: 1 story, 1 link or card that shows it, 1 page of the ledger, 1 ended job\n"
    )
    assert shell("takedown", "--list").err == "nothing was taken down\n"
    done = shell("takedown", KEY, "--yes")
    assert done.out.startswith(f"taken down: {KEY}: ")
    assert "It was republished: kliping takedown tempo-read:3" in done.err
    assert f"kliping pages release {KEY}" in done.err
    assert KEY in shell("takedown", "--list").out


def test_a_crawl_of_it_is_refused(shell: Shell, known: Stores, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KLIPING_CONTACT", "tests@example.org")
    assert shell("takedown", KEY, "--yes").code == 0
    said = shell("crawl", "tempo-en", article(1).url)
    assert (said.code, said.out) == (2, "")
    assert f"{article(1).url} was taken down. 'kliping pages release" in said.err


def test_nobody_is_taken_by_surprise(shell: Shell, known: Stores) -> None:
    refused = shell("takedown", KEY)
    assert (refused.code, refused.out) == (2, "")
    assert "there is nobody to ask. Add --yes" in refused.err
    assert known.database["stories"].count_documents({}) == 3
    assert shell("takedown").code == 2
    assert shell("takedown", KEY, "--list").code == 2
    assert shell("takedown", "nonsense").code == 2
