"""kliping stories: query the collection."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from console import parse, show
from console.workplace import workplace
from stories.codec import story_to_json, to_json
from stories.errors import UsageError
from stories.query import MAX_DEPTH, Filter

app = typer.Typer(no_args_is_help=True, help="Find stories and what they point to.")

MOST = 10_000
"""Stories printed at once; for more there are --since and --until."""


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
    site: Annotated[str | None, typer.Option(help="tempo-en, tempo-id, ...")] = None,
    since: Annotated[str | None, typer.Option(help="Published on this day or later (WIB), or at this instant.")] = None,
    until: Annotated[str | None, typer.Option(help="Published before this day, or before this instant.")] = None,
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
    wanted = Filter(
        text=text,
        site=site,
        since=parse.start_of_day(since, "--since"),
        until=parse.start_of_day(until, "--until"),
        section=section,
        author=author,
        agency=agency,
        language=language.value if language else None,
        limit=limit,
        sort=sort.value,
    )
    with workplace() as place:
        stories = place.query.find(wanted)
    if json:
        show.as_json([story_to_json(story) for story in stories])
        return
    rows = [(s["_id"], show.local(s["datePublished"]), s["articleSection"], s["headline"]) for s in stories]
    show.table(None, ("key", "published", "section", "headline"), rows)
    show.note(f"{len(stories)} stories. One whole: kliping stories show KEY")


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
        show.as_json(story_to_json(story))
        return
    show.say(show.safe(story["headline"]), style="bold")
    people = "; ".join(f"{author['name']} ({author['role']})" for author in story["authors"])
    show.facts(
        {
            "key": story["_id"],
            "published": show.local(story["datePublished"]),
            "section": story["articleSection"],
            "people": people,
            "tags": ", ".join(story["keywords"]),
            "agencies": ", ".join(story["enrichment"].get("agencies", {}).get("names", [])),
            "reading": f"{story['enrichment'].get('readingMinutes', {}).get('minutes')} min",
            "address": story["url"],
            "based on": story["isBasedOn"],
            "republished by": ", ".join(story.get("republishedBy", [])),
        }
    )
    for paragraph in story["articleBody"].split("\n\n"):
        show.say(f"\n{show.safe(paragraph)}")
    show.note(f"\n{len(story['relatedLinks'])} related: kliping stories related {known}")


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
    if json:
        show.as_json(
            {"key": known, "headline": story["headline"], "depth": depth, "related": [edge_as_data(e) for e in edges]}
        )
        return
    show.tree(f"{known}  {story['headline']}", known, [edge_as_data(edge) for edge in edges])


def edge_as_data(edge: dict[str, object]) -> dict[str, object]:
    names = ("depth", "from", "to", "url", "relation", "position", "headline", "datePublishedEarliest")
    plain = {name: edge[name] for name in (*names, "datePublishedLatest", "firstSeenAt", "lastSeenAt")}
    result: dict[str, object] = to_json(plain | {"stored": edge["story"] is not None})
    return result
