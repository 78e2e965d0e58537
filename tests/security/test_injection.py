"""Lines 7 and 8: whatever is typed, or asked over HTTP, is text; what a page calls its fields names none of ours.

What is really sent to MongoDB is looked at, command by command: with a hostile value it has the same form as with an
honest one, and a limit of time.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as tried
from hypothesis import strategies as st
from pymongo import monitoring

from crawler.sites.registry import SITES
from stories.mongo import VALIDATORS
from stories.query import Filter, Query
from stories.queue import ENRICH
from stories.settings import Settings
from stories.store import Store, Story
from tests.console.conftest import set_environment
from tests.crawler import crawling
from tests.crawler.crawling import serving
from tests.making import NOON, article, link
from tests.security.house import Console
from tests.security.paper import address, paper
from tests.security.paper import article as page_of
from tests.workers.burst import Work
from workers.stores import Stores, open_stores

ADDRESS = "https://en.tempo.co/read/1/x"
OPERATORS: Final = [
    *('{"$ne": null}', "{'$gt': ''}", '{"$where": "sleep(1000)"}', "$where", "$ne", "[$ne]", '{"$regex": ".*"}'),
    *(
        "'; return true; var x='",
        "true, $where: '1 == 1'",
        '{"$function": {"body": "function(){}"}}',
        "$$ROOT",
        "$headline",
    ),
    *(
        "^(a+)+$",
        "(.*)*" * 20,
        "(?s).*",
        ".*",
        "/.*/i",
        "a" * 400 + "!",
        "\x00",
        "\x00$ne",
        "a\x00b",
        "__proto__",
        "a.b",
        "$",
    ),
    *("../../etc/passwd", "%00", "%24ne", "' OR 1=1 --", "*", "rq:*", "*\r\nFLUSHALL\r\n", "{{7*7}}", "${7*7}"),
]
HOSTILE = st.sampled_from(OPERATORS) | st.text(max_size=60)
WITH_SERVERS = {"suppress_health_check": list(HealthCheck)}
"""Of the function, one for all examples: what is looked at is what is sent."""
FILTERS = ("site", "section", "author", "agency")


# -- what is sent -----------------------------------------------------------------------------------------------


@dataclass
class Sent(monitoring.CommandListener):
    """Every command on its way to MongoDB, while somebody listens."""

    commands: list[dict[str, Any]] | None = field(default=None)

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        if self.commands is not None:
            self.commands.append(dict(event.command))

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None: ...

    def failed(self, event: monitoring.CommandFailedEvent) -> None: ...


SENT = Sent()
_KIND = ("find", "aggregate", "count", "distinct", "update", "delete", "insert", "findAndModify", "getMore")
_ASKED = ("filter", "pipeline", "query", "sort", "hint", "projection", "updates", "deletes")


def asked() -> list[dict[str, Any]]:
    return [command for command in SENT.commands or [] if next(iter(command), None) in _KIND]


def form(value: Any) -> Any:
    """A question without its values: field names, operators and types, which no value may change."""
    if isinstance(value, dict):
        return {name: form(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return sorted({json.dumps(form(part), default=str) for part in value})
    return type(value).__name__


def forms() -> list[Any]:
    return [form({name: part for name, part in command.items() if name in _ASKED}) for command in asked()]


@pytest.fixture(scope="module", autouse=True)
def listening() -> Iterator[None]:
    """Registered before any client of these tests is made."""
    monitoring.register(SENT)
    yield
    SENT.commands = None


@pytest.fixture(scope="module")
def query(hostile: Settings) -> Iterator[Query]:
    with open_stores(hostile) as opened:
        yield Query(opened.database)


@given(value=HOSTILE, name=st.sampled_from(FILTERS))
@tried(max_examples=80, **WITH_SERVERS)
def test_a_filter_is_text(query: Query, value: str, name: str):
    SENT.commands = []
    query.find(Filter(**{name: "World"}))
    honest = forms()
    SENT.commands = []
    found = query.find(Filter(**{name: value}))
    assert forms() == honest
    assert all(value in json.dumps(story, default=str, ensure_ascii=False) for story in found)


@given(value=HOSTILE)
@tried(max_examples=80, **WITH_SERVERS)
def test_words_and_keys_are_text(query: Query, value: str):
    SENT.commands = []
    for words in ("harbor", None):
        query.find(Filter(text=words, sort="relevance"))
    query.story("tempo-read:1")
    for key in ("tempo-read:1", "tempo-read:999"):
        list(query.related(key, depth=1))
    honest = {json.dumps(one) for one in forms()}
    SENT.commands = []
    query.find(Filter(text=value, sort="relevance"))
    assert query.story(value) is None
    assert list(query.related(value, depth=1)) == []
    assert {json.dumps(one) for one in forms()} <= honest


@pytest.mark.parametrize("words", ["h.rbor", "har(b)or", "h[a]rbor", ".*", "harbor|storm", "^h.*r"])
def test_a_word_is_no_pattern(query: Query, words: str):
    """What is asked has one form whatever the words are, so this looks at what is found."""
    assert query.find(Filter(text="harbor")) != []
    assert {len(query.find(Filter(text=words, sort=sort))) for sort in ("newest", "relevance")} == {0}


def keys(value: Any) -> set[str]:
    """Every field name at any depth."""
    if isinstance(value, dict):
        return set(value) | {name for part in value.values() for name in keys(part)}
    if isinstance(value, list | tuple):
        return {name for part in value for name in keys(part)}
    return set()


# -- the commands -----------------------------------------------------------------------------------------------

COMMANDS = [
    *(("stories", "find", "--" + name, "{}") for name in FILTERS),
    *(("stories", "find", "{}"), ("stories", "find", "--since", "{}"), ("stories", "show", "x:{}")),
    *(("stories", "related", "x:{}"), ("pages", "show", "x:{}"), ("quarantine", "show", "x:{}")),
    *(("quarantine", "release", "x:{}"), ("schedule", "show", "{}"), ("schedule", "remove", "{}")),
    *(("schedule", "history", "{}"), ("schedule", "add", "{}", "0 5 * * *", "tempo-en"), ("queue", "drop", "{}")),
    *(("schedule", "add", "x", "{}", "tempo-en"), ("crawl", "{}"), ("queue", "requeue", "{}")),
]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_what_is_typed_is_text(hostile: Settings, shell: Any, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]):
    """Refused, or asked for in the very form in which an honest value is."""
    set_environment(hostile, monkeypatch)
    SENT.commands = []
    shell(*(word.replace("{}", "harbor") for word in words))
    honest = {json.dumps(one, sort_keys=True) for one in forms()}
    for value in (*OPERATORS[:3], OPERATORS[-1]):
        SENT.commands = []
        said = shell(*(word.replace("{}", value) for word in words))
        assert "Traceback" not in said.err
        assert {json.dumps(one, sort_keys=True) for one in forms()} <= honest, value
        assert all("maxTimeMS" in command for command in asked()), asked()


def test_every_question_has_a_limit_of_time(hostile: Settings, shell: Any, monkeypatch: pytest.MonkeyPatch):
    """Also of those commands that take no text."""
    set_environment(hostile, monkeypatch)
    SENT.commands = []
    for words in (
        "queue",
        "queue jobs",
        "quarantine list",
        "schedule list",
        "stories find",
        "doctor",
        "crawl tempo-en",
    ):
        shell(*words.split())
    assert len(asked()) > 10
    assert [command for command in asked() if not 0 < command.get("maxTimeMS", 0) <= 10_000] == []


# -- the API ----------------------------------------------------------------------------------------------------


@given(value=HOSTILE, name=st.sampled_from(FILTERS))
@example(value="World", name="section")
@tried(max_examples=60, **WITH_SERVERS)
def test_what_is_asked_over_http_is_text(console: Console, value: str, name: str):
    value = value.encode("utf-8", "replace").decode()
    answer = console.ask(f"/api/stories?{urlencode({name: value})}")
    if name == "site" and value not in SITES:
        assert answer.status == 400
        return
    assert answer.status == 200
    field_of = {"site": "site", "section": "articleSection"}
    for story in json.loads(answer.body):
        assert value in (
            {author["name"] for author in story["authors"]} if name == "author" else {story[field_of[name]]}
        )


@given(value=HOSTILE)
@example(value="/")
@tried(max_examples=30, **WITH_SERVERS)
def test_so_are_words_and_keys(console: Console, value: str):
    value = value.encode("utf-8", "replace").decode()
    for path in (
        f"/api/stories?{urlencode({'text': value})}",
        f"/api/stories/x:{quote(value, safe='')}",
        f"/api/stories/{quote(value)}/related",
    ):
        answer = console.ask(path)
        assert answer.status in {200, 400, 404}
        assert answer.status != 200 or isinstance(json.loads(answer.body), list)


@pytest.mark.parametrize(
    "query",
    [
        *(
            "author[$ne]=x",
            "author[]=x",
            "author.$ne=x",
            "$where=1",
            "section[%24regex]=.*",
            "filter={}",
            "limit[$gt]=1",
        ),
        *(
            "sort=$natural",
            "sort[headline]=1",
            "limit=1e9",
            "limit=-1",
            "since[$gt]=",
            "language[$ne]=en",
            "text[$search]=x",
        ),
    ],
)
def test_a_parameter_with_an_operator_is_none_of_ours(console: Console, query: str):
    assert console.ask(f"/api/stories?{query}").status == 400


# -- what pages say ---------------------------------------------------------------------------------------------

NAMES = [
    "$where",
    "$ne",
    "a.b",
    "headline.$gt",
    "",
    "\x00",
    "__proto__",
    "constructor",
    "_id",
    "$db",
    "schemaVersion",
    "terms",
]


@given(text=HOSTILE)
@tried(max_examples=60, **WITH_SERVERS)
def test_what_a_story_says_names_no_field(store: tuple[Store, Stores], text: str):
    words = text.encode("utf-8", "replace").decode() or "x"
    made = article(
        1,
        headline=words,
        article_body=words,
        article_section=words,
        keywords=(words,),
        related_links=(link(2, headline=words, url=f"https://x.example/{quote(words)}"),),
    )
    keeper, stores = store
    keeper.save([Story(article=made, link_keys=(None,), aliases=(f"https://en.tempo.co/{quote(words)}",))], now=NOON)
    assert field_names(stores) <= field_names_of_an_honest_story(stores)


@pytest.fixture(scope="module")
def store(prepared: Stores) -> tuple[Store, Stores]:
    return prepared.store, prepared


HONEST: dict[str, set[str]] = {}


def field_names(stores: Stores) -> set[str]:
    names = {"stories", "links", "revisions"}
    return {name for one in names for document in stores.database[one].find() for name in keys(document)}


def field_names_of_an_honest_story(stores: Stores) -> set[str]:
    if "story" not in HONEST:
        for text in ("one", "two"):  # the second makes a revision
            made = article(
                9, headline=text, article_body=text, keywords=(text,), article_section=text, related_links=(link(8),)
            )
            stores.store.save([Story(article=made, link_keys=(None,), aliases=("https://en.tempo.co/y",))], now=NOON)
        HONEST["story"] = field_names(stores)
    return HONEST["story"]


def linked_data(**more: Any) -> str:
    """A page's own description, with these further fields at every depth."""
    known = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": "Story",
        "author": {"@type": "Person", "name": "Ana Putri", **more},
        "image": {"@type": "ImageObject", "url": "https://en.tempo.co/a.jpg", **more},
        "publisher": {"@type": "Organization", "name": "Tempo", **more},
        **more,
    }
    said = json.dumps(known).replace("<", "\\u003c")
    metas = "".join(f'<meta name="{name}" property="{name}" content="x">' for name in more)
    return f'<script type="application/ld+json">{said}</script>{metas}'


def test_the_names_of_a_pages_fields_name_none_of_ours(stores: Stores, work: Work):
    """A real crawl and a real worker; two pages, of which one has hostile names wherever a page has names."""
    more: dict[str, Any] = {name: {"$ne": None} for name in NAMES} | dict.fromkeys(("$gt", "x.y"), "z")
    pages = {
        "/read/1/a-story": page_of(1, head=linked_data()),
        "/read/2/a-story": page_of(2, head=linked_data(**more)),
    }
    with serving(paper(pages)) as served:
        settings = crawling.settings_of(stores, served)
        code, said = crawling.crawl(crawling.order_of([address(1), address(2)]), settings)
    work(ENRICH)
    assert code == 0, said
    kept = {
        name: {document["_id"]: keys(document) for document in stores.database[name].find()}
        for name in ("stories", "pages")
    }
    for name, documents in kept.items():
        assert documents["tempo-read:1"] == documents.get("tempo-read:2"), name
    everything = {name for one in VALIDATORS for document in stores.database[one].find() for name in keys(document)}
    assert not [
        name for name in everything if name.startswith("$") or "." in name or name in {"", "__proto__", "constructor"}
    ]
