"""All that is printed as JSON is as docs/schema says, for a real crawl."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from jsonschema import Draft202012Validator

from console import data
from console.workplace import workplace
from stories.codec import article_to_json, instant_to_json, story_to_json
from stories.ledger import Ledger
from stories.query import Filter
from stories.runs import ACTIVE
from stories.settings import Settings
from tests.console.conftest import BROKEN, Collected, Shell
from tests.console.schemas import SCHEMAS, check
from tests.making import article, leased

# -- the schemas themselves -----------------------------------------------------------------------------------


def everywhere(schema: Any) -> list[dict[str, Any]]:
    """Each schema within a schema."""
    if isinstance(schema, list):
        return [found for part in schema for found in everywhere(part)]
    if not isinstance(schema, dict):
        return []
    here = [schema] if {"type", "enum", "$ref", "oneOf"} & schema.keys() else []
    return here + [found for part in schema.values() for found in everywhere(part)]


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_sound_named_after_its_file_and_closed(name: str) -> None:
    schema = SCHEMAS[name]
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == f"https://kliping.invalid/schema/{name}.json"
    assert schema["title"]
    assert schema["description"].endswith(".")
    for part in everywhere(schema):
        if part.get("type") == "object" and "properties" in part:
            assert "additionalProperties" in part, part
            for field, of_field in part["properties"].items():
                assert "description" in of_field or "$ref" in of_field, f"{name}.json: {field} is not described"


DESIGN = (
    *("key", "site", "pageVersion", "url", "canonicalUrl", "headline", "description"),
    *("datePublished", "datePublishedRaw", "dateSource", "dateModified", "dateModifiedRaw", "dateline", "authors"),
    *("articleSection", "keywords", "inLanguage", "articleBody", "bodyComplete", "isAccessibleForFree", "images"),
    *("breadcrumbs", "relatedLinks", "isBasedOn", "viewCount", "provenance", "dateDownloaded"),
)
"""The article's fields as they follow each other in the design; `provenance` came with decision 0007."""


def test_the_article_has_the_fields_of_the_design_in_their_order() -> None:
    fields = list(DESIGN)
    assert list(SCHEMAS["article"]["properties"]) == fields
    assert SCHEMAS["article"]["required"] == fields
    assert list(article_to_json(article())) == fields
    assert list(SCHEMAS["story"]["properties"])[: len(fields)] == fields
    assert list(data.STORY) == list(SCHEMAS["story"]["properties"])


# -- what commands print --------------------------------------------------------------------------------------


def test_a_finished_crawl(collected: Collected) -> None:
    for site, run in collected.printed.items():
        check("run", run)
        assert run["site"] == site
        assert run["state"] == "finished"
        assert run["fates"]["stored"] >= 3
        assert (run["open"], run["exitCode"]) == (0, 0)


@pytest.mark.usefixtures("settings_in_place")
def test_every_story(shell: Shell, collected: Collected) -> None:
    stories = shell.data("stories", "find", "--limit", "1000")
    check("stories", stories)
    assert len(stories) == sum(run["fates"]["stored"] for run in collected.printed.values())
    assert {tuple(story) for story in stories} == {data.STORY}
    assert any(story["isBasedOnKey"] for story in stories)
    assert any(story["republishedBy"] for story in stories)
    assert any(story["enrichment"]["agencies"]["credits"] for story in stories)


def test_nothing_that_is_stored_is_left_out(settings_in_place: Settings) -> None:
    with workplace(settings_in_place) as place:
        for story in place.query.find(Filter(limit=1000)):
            assert set(story_to_json(story)) <= set(data.STORY)


def test_one_story_by_key_and_by_address(shell: Shell, story_key: str) -> None:
    story = shell.data("stories", "show", story_key)
    check("story", story)
    assert shell.data("stories", "show", story["url"]) == story


@pytest.mark.parametrize(
    "filters",
    [
        ["--language", "en", "--sort", "oldest"],
        ["--since", "2000-01-01", "--until", "2100-01-01T00:00:00+07:00"],
        ["harbor", "--sort", "relevance"],
        ["--section", '{"$ne": null}'],
        ["$where", "--author", "{$gt: ''}"],
    ],
)
@pytest.mark.usefixtures("settings_in_place")
def test_stories_by_filter(shell: Shell, filters: list[str]) -> None:
    found = shell.data("stories", "find", *filters)
    check("stories", found)
    assert bool(found) == (filters[0] in {"--language", "--since", "harbor"})


def test_related_news(shell: Shell, story_key: str) -> None:
    graph = shell.data("stories", "related", story_key, "--depth", "2")
    check("related", graph)
    assert {edge["depth"] for edge in graph["related"]} == {1, 2}
    assert graph["key"] == story_key


@pytest.mark.usefixtures("settings_in_place")
def test_the_queue_with_its_workers(shell: Shell) -> None:
    looked = shell.data("queue")
    check("queue", looked)
    assert {tuple(worker["queues"]) for worker in looked["workers"]} == {("crawl",), ("enrich",)}
    assert {run["site"] for run in looked["runs"]} >= {"tempo-en", "suarakita"}
    assert looked["quarantined"] == 2


@pytest.mark.usefixtures("settings_in_place")
def test_jobs(shell: Shell, collected: Collected) -> None:
    finished = shell.data("queue", "jobs", "--state", "finished", "--limit", "2")
    check("jobs", finished)
    assert len(finished) == 2
    every = shell.data("queue", "jobs", "--state", "finished", "--limit", "1000")
    assert finished == every[:2], "the newest"
    assert [job["enqueuedAt"] for job in every] == sorted((job["enqueuedAt"] for job in every), reverse=True)
    assert {job["queue"] for job in every} == {"crawl", "enrich"}
    shown = shell("queue", "jobs", "--state", "finished", "--limit", "2")
    assert shown.err == f"2 of {len(every)}; more: --limit {len(every)}\n"
    failed = shell.data("queue", "jobs", "--state", "failed")
    check("jobs", failed)
    assert [(job["id"], job["status"]) for job in failed] == [(collected.failed_job, "failed")]
    assert "refused" in failed[0]["error"]
    assert shell.data("queue", "jobs", "--state", "started") == []


def test_schedules(shell: Shell, schedule: str) -> None:
    listed = shell.data("schedule", "list")
    check("schedules", listed)
    shown = shell.data("schedule", "show", schedule)
    check("schedule", shown)
    assert listed == [shown]
    assert len(shown["next"]) == 5
    assert all(re.fullmatch(r".*T22:00:00Z", tick) for tick in shown["next"]), "05:00 in Jakarta is 22:00 UTC"
    assert shell("schedule", "pause", schedule).code == 0
    paused = shell.data("schedule", "show", schedule)
    check("schedule", paused)
    assert (paused["paused"], paused["next"]) == (True, [])


def test_a_schedule_that_is_changed_keeps_the_rest(shell: Shell, schedule: str) -> None:
    before = shell.data("schedule", "show", schedule)
    changed = shell.data("schedule", "edit", schedule, "--cron", "30 5 * * *", "--max-pages", "7", "--fresh")
    check("schedule", changed)
    assert all(tick.endswith("T22:30:00Z") for tick in changed["next"])
    assert changed["order"] == {"maxPages": 7, "depth": before["order"]["depth"], "fresh": True}
    same = ("name", "site", "tz", "overlap", "catchUp", "paused")
    assert [changed[field] for field in same] == [before[field] for field in same]
    assert shell.data("schedule", "edit", schedule, "--overlap", "queue")["order"] == changed["order"]


def test_the_ticks_of_a_schedule(shell: Shell, schedule: str) -> None:
    ticks = shell.data("schedule", "history", schedule)
    check("history", ticks)
    assert [tick["outcome"] for tick in ticks] == ["fired", "missed"]
    assert len(shell.data("schedule", "history", schedule, "--limit", "1")) == 1
    newest, oldest = shell("schedule", "history", schedule).out.splitlines()[1:]
    assert newest.split()[:6] == ["2026-11-25", *["07:00:00", "WIB"] * 2, "fired"], "in the schedule's own zone"
    assert oldest.endswith("missed   nobody was there for 2:00:00")


def test_an_ordered_crawl(shell: Shell, schedule: str, settings_in_place: Settings) -> None:
    """Each asks for one listing and stores nothing: no other test sees it."""
    order = shell.data("crawl", "suarakita", "--max-pages", "1", "--depth", "0")
    check("ordered", order)
    assert order["workers"] is True
    other = shell.data("schedule", "run-now", schedule)
    check("ordered", other)
    assert other["run"].startswith(schedule)
    with workplace(settings_in_place) as place:
        until = time.monotonic() + 60
        while any(place.stores.runs.get(run)["state"] in ACTIVE for run in (order["run"], other["run"])):
            assert time.monotonic() < until
            time.sleep(0.1)
        assert place.stores.ledger.report(other["run"]).fates == {"listed": 1}


def test_a_page_in_every_stage_of_its_life(shell: Shell, settings_in_place: Settings) -> None:
    with workplace(settings_in_place) as place:
        pages = place.stores.database["pages"]
        keys = [page["_id"] for state in pages.distinct("fate") for page in pages.find({"fate": state}).limit(2)]
        seed = pages.find_one({"foundOn": None})
    assert seed
    for key in [*keys, seed["_id"]]:
        page = shell.data("pages", "show", key)
        check("page", page)
        assert page["key"] == key
        assert "token" not in json.dumps(page)


def test_a_page_that_somebody_holds_keeps_its_token_to_itself(ledger: Ledger) -> None:
    (held,) = leased(ledger, 1)
    document = ledger.page(held.key)
    assert document
    page = data.page(document)
    check("page", page)
    assert page["leasedUntil"] == instant_to_json(document["lease"]["until"])
    assert held.token not in json.dumps(page)


@pytest.mark.usefixtures("settings_in_place")
def test_quarantine(shell: Shell, collected: Collected) -> None:
    kept = shell.data("quarantine", "list")
    check("quarantine", kept)
    assert {entry["page"] for entry in kept} == {BROKEN, f"job:{collected.failed_job}"}
    whole = shell.data("quarantine", "show", BROKEN)
    check("quarantined", whole)
    assert whole["payload"] == {"why": "a test"}


@pytest.mark.usefixtures("settings_in_place")
def test_doctor(shell: Shell) -> None:
    looked = shell.data("doctor")
    check("doctor", looked)
    assert all(one["ok"] for one in looked)


def test_extract_prints_the_crawled_half_of_a_story(
    shell: Shell, story_key: str, saved_page: Callable[[str], Path]
) -> None:
    story = shell.data("stories", "show", story_key)
    said = shell("extract", story["url"], str(saved_page(story["url"])), "--downloaded-at", story["dateDownloaded"])
    assert said.code == 0, said.err
    extracted = json.loads(said.out)
    check("article", extracted)
    assert extracted == {name: story[name] for name in data.ARTICLE}


@pytest.fixture
def saved_page(settings_in_place: Settings, tmp_path: Path) -> Callable[[str], Path]:
    """A page of the replica, as a file."""

    def saved(url: str) -> Path:
        parts = urlsplit(url)
        request = Request(f"{settings_in_place.replica}{parts.path}", headers={"Host": parts.netloc})
        with urlopen(request, timeout=10) as answer:
            (tmp_path / "page.html").write_bytes(answer.read())
        return tmp_path / "page.html"

    return saved
