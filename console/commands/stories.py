"""kliping stories: query the collection."""

from __future__ import annotations

from enum import StrEnum
from itertools import pairwise
from typing import Annotated

import typer

from console import data, parse, show
from console.workplace import workplace
from crawler.sites.registry import SITES
from stories.changes import changed_fields, changes
from stories.errors import UsageError
from stories.mongo import Document
from stories.query import MAX_DEPTH, Filter

app = typer.Typer(no_args_is_help=True, help="Find stories and what they point to.")

MOST = 10_000
"""Stories printed at once; for more there are --since and --until."""
WHEN = "published (WIB)"


class Sort(StrEnum):
    NEWEST = "newest"
    OLDEST = "oldest"
    RELEVANCE = "relevance"


class Language(StrEnum):
    EN = "en"
    ID = "id"


Json = Annotated[bool, typer.Option("--json", help="Print JSON (docs/schema).")]
Key = Annotated[str, typer.Argument(help="A story's key (tempo-read:2037562) or its address.")]


@app.command(epilog="Example:  kliping stories find 'tarif trump' --since 2025-08-01 --language id --json")
def find(
    text: Annotated[str | None, typer.Argument(help="Words that must all stand in the story, in any form.")] = None,
    *,
    site: Annotated[str | None, typer.Option(help=f"One of: {', '.join(SITES)}.")] = None,
    since: Annotated[str | None, typer.Option(help="Published on this day or later (WIB), or at this instant.")] = None,
    until: Annotated[
        str | None, typer.Option(help="Published before this day (which is not included), or before this instant.")
    ] = None,
    section: Annotated[str | None, typer.Option(help="As the page names it: World, Ekonomi, ...")] = None,
    author: Annotated[str | None, typer.Option(help="A person's name, exactly.")] = None,
    agency: Annotated[str | None, typer.Option(help="An agency that the text credits: Anadolu, Antara, ...")] = None,
    language: Annotated[Language | None, typer.Option(help="The edition's language.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=MOST, help="At most so many stories.")] = 20,
    sort: Annotated[Sort, typer.Option(help="The order.")] = Sort.NEWEST,
    json: Json = False,
) -> None:
    """Find stories by words, time, section, people or agency; newest first."""
    if sort is Sort.RELEVANCE and not text:
        raise UsageError("--sort relevance needs words to be relevant to: kliping stories find WORDS --sort relevance.")
    first, end = parse.between(since, until, ("--since", "--until"))
    wanted = Filter(
        text=parse.words(text),
        site=parse.site(site),
        since=first,
        until=end,
        section=section,
        author=author,
        agency=agency,
        language=language.value if language else None,
        limit=limit,
        sort=sort.value,
    )
    with workplace() as place:
        found = place.query.find(wanted)
    if json:
        show.as_json([data.story(story) for story in found])
        return
    if not found:
        show.note(
            "No story matches. Fewer words or filters find more; 'kliping queue' tells whether a crawl is at work."
        )
        return
    rows = [(s["_id"], show.in_wib(s["datePublished"]), s["articleSection"], s["headline"]) for s in found]
    show.table(None, ("key", WHEN, "section", "headline"), rows, whole=("key", WHEN))
    more = f"; more: --limit {min(MOST, 10 * limit)}" if len(found) == limit < MOST else ""
    show.note(f"{show.several(len(found), 'story', 'stories')}{more}. One whole: kliping stories show KEY")


@app.command(name="show", epilog="Example:  kliping stories show tempo-read:2037562")
def show_story(key: Key, *, json: Json = False) -> None:
    """One story, whole."""
    with workplace() as place:
        known = parse.page_key(key)
        story = place.query.story(known)
    if story is None:
        raise UsageError(
            f"no story {known}. 'kliping stories find' lists stories, 'kliping pages show {known}' tells why."
        )
    if json:
        show.as_json(data.story(story))
        return
    show.prose(story["headline"], style="bold")
    show.facts(_facts(story))
    for paragraph in story["articleBody"].split("\n\n"):
        show.say("")
        show.prose(paragraph)
    if not story["bodyComplete"]:
        show.note("\nThe page ends here: the rest is behind a paywall or on a further page.")
    show.note(f"\n{len(story['relatedLinks'])} related: kliping stories related {known}")


def _facts(story: Document) -> dict[str, object]:
    parts, dateline = story["enrichment"], story["dateline"] or {}
    twin = story.get("nearDuplicateOf")
    minutes = parts.get("readingMinutes", {}).get("minutes")
    return {
        "key": story["_id"],
        "published": show.local(story["datePublished"]) or "the page gives no time",
        "changed": show.local(story["dateModified"]),
        "dateline": ", ".join(filter(None, (dateline.get("publisher"), dateline.get("place")))),
        "section": story["articleSection"],
        "people": "; ".join(f"{author['name']} ({author['role']})" for author in story["authors"]),
        "tags": ", ".join(story["keywords"]),
        "agencies": ", ".join(parts.get("agencies", {}).get("names", [])),
        "reading": minutes and f"{minutes} min",
        "address": story["url"],
        "based on": story.get("isBasedOnKey") or story["isBasedOn"],
        "republished by": ", ".join(story.get("republishedBy", [])),
        "almost the same as": twin and f"{twin['key']} ({twin['score']:.0%})",
    }


@app.command(epilog="Example:  kliping stories history tempo-read:2037562")
def history(key: Key, *, json: Json = False) -> None:
    """A story's texts, and what changed from one to the next."""
    known = parse.page_key(key)
    with workplace() as place:
        texts = place.query.versions(known)
    if not texts:
        raise UsageError(f"no story {known}. 'kliping stories find' lists stories.")
    if json:
        show.as_json(data.versions(known, texts[-1]["url"], texts))
        return
    first = texts[0]
    show.prose(first["headline"], style="bold")
    show.say(f"1  as read {show.local(first['dateDownloaded'])}")
    for number, (before, after) in enumerate(pairwise(texts), 2):
        changed = [_FIELDS[name] for name in changed_fields(before, after)]
        show.say(
            f"\n{number}  as read {show.local(after['dateDownloaded'])}: {', '.join(changed) or 'no word'} changed"
        )
        for name in ("headline", "description", "articleBody"):
            show.changes(changes(before[name] or "", after[name] or ""))
    if len(texts) == 1:
        show.note("It was never changed since.")


_FIELDS = {
    "headline": "headline",
    "description": "description",
    "datePublished": "time of publication",
    "dateModified": "time of change",
    "articleBody": "text",
}


@app.command(epilog="Example:  kliping stories related tempo-read:2037562 --depth 2")
def related(
    key: Key,
    *,
    depth: Annotated[int, typer.Option(min=1, max=MAX_DEPTH, help="How many steps away.")] = 1,
    json: Json = False,
) -> None:
    """The related-news graph from a story."""
    with workplace() as place:
        known = parse.page_key(key)
        story = place.query.story(known)
        edges = list(place.query.related(known, depth=depth))
    if story is None:
        raise UsageError(f"no story {known}. 'kliping stories find' lists stories.")
    graph = data.related(known, story["headline"], depth, edges)
    if json:
        show.as_json(graph)
        return
    show.tree(f"{known}  {story['headline']}", known, graph["related"])
