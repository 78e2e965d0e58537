"""A collection in which everything that comes from outside is hostile, and a console on top of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from http.client import HTTPConnection

from stories.article import Author, Image, RelatedLink, Relation, Role
from stories.jobs import queue_named
from stories.order import CrawlOrder
from stories.queue import ENRICH
from stories.settings import Settings
from stories.store import Story
from tests.console.conftest import working
from tests.making import NOON, article
from workers.schedule import Schedule
from workers.stores import Stores
from workers.ticks import Schedules

MARKUP = "</td></script><script>window.hacked=1</script><img src=x onerror='window.hacked=1'>\"'&<svg/onload=hacked=1>"
ESCAPES = (
    "\x1b[31mred\x1b[2J\x1b]0;title\x07\x1b]8;;javascript:x\x1b\\link\x9b2J"
    "\r\nERROR forged line\x00\u202e\u2066\u2028\x7f\x85"
)
SCRIPT = "javascript:window.hacked=1"
TOKEN = "a-token-of-the-security-tests"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Console:
    """A console that runs."""

    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(self, path: str, method: str = "GET", body: str | None = None, **headers: str) -> Answer:
        """With the token, unless headers are given."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, body, headers or {"Authorization": f"Bearer {TOKEN}"})
            response = connection.getresponse()
            named = {name.lower(): value for name, value in response.headers.items()}
            return Answer(status=response.status, headers=named, body=response.read())
        finally:
            connection.close()


def fill(stores: Stores, address: str = SCRIPT) -> None:
    """Stories, edges, a run, a schedule, a kept page and a failed job, all with hostile words and with this address."""
    for number, words in enumerate((MARKUP, ESCAPES, "a harbor in peace"), start=1):
        stores.store.save([_story(number, words, address)], now=NOON)
    order = CrawlOrder(run="run-1", site="tempo-en", urls=())
    stores.runs.order(order, job_id="crawl-run-1", now=NOON)
    stores.runs.finish("run-1", now=NOON, exit_code=1, reason=MARKUP + ESCAPES)
    kept = {"site": "tempo-en", "url": address, "stage": "read", "at": NOON}
    stores.quarantine.put("tempo-read:1", reason=MARKUP + ESCAPES, payload={"why": MARKUP}, **kept)
    name = MARKUP if address == SCRIPT else "pagi"
    schedule = {"name": name, "cron": "0 5 * * *", "site": MARKUP, "tz": "Asia/Jakarta", "since": NOON}
    options = {"maxPages": 1, "depth": 0, "fresh": False}
    Schedules(stores.database).add(Schedule(**schedule, order=options))
    queue_named(ENRICH, stores.queue.connection).enqueue_call(MARKUP, args=(ESCAPES,), job_id="not-ours")


def _story(number: int, words: str, address: str) -> Story:
    links = [
        RelatedLink(url=url, headline=words, description=words, relation=Relation.RELATED, position=position)
        for position, url in enumerate((address, "https://en.tempo.co/read/2/x"), 1)
    ]
    written = article(
        number,
        headline=f"harbor {words}",
        url=address if number == 1 else f"https://en.tempo.co/read/{number}/x",
        article_body=f"A harbor. {words}\n\n{words}",
        description=words,
        article_section=words,
        authors=(Author(name=words, role=Role.REPORTER, url=address),),
        keywords=(words,),
        images=(Image(url=address, caption=words, credit=words),),
        related_links=tuple(links),
        date_published=NOON - timedelta(hours=number),
    )
    keys = (None, "tempo-read:2")
    return Story(article=written, enrichment={}, link_keys=keys, is_based_on_key=None, aliases=(), run="run-1")


@contextmanager
def hostile_console(settings: Settings, *options: str) -> Iterator[Console]:
    """On a port of this machine, or where the options say."""
    own = replace(settings, console_token=TOKEN)
    with working(own, "console", "--port", "0", *options) as process:
        assert process.stdout
        first = process.stdout.readline()
        found = re.match(r"console: http://[\d.]+:(\d+)  ", first)
        assert found, first
        yield Console(int(found[1]))
