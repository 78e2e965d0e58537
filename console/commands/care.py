"""kliping extract, pages, quarantine, doctor: look at one page, and at the house."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from console import parse, show
from console.commands.options import Json, Limit
from console.doctor import checks
from console.services import services
from console.workplace import workplace
from crawler.fetch import fetch
from crawler.pipelines.normalise import normalised
from crawler.sites.registry import site_of
from crawler.sites.site import Listing, Page
from stories.codec import article_to_json, to_json
from stories.errors import PageError, UsageError
from stories.settings import Settings

pages = typer.Typer(no_args_is_help=True, help="One page's whole story.")
quarantine = typer.Typer(no_args_is_help=True, help="What could not be processed.")

_LARGEST = 8 * 1024 * 1024
"""Bytes of a page, as in crawler/settings.py."""


def extract(
    url: Annotated[str, typer.Argument(help="The page's address; it decides who reads it.")],
    file: Annotated[
        Path | None, typer.Argument(help="Its saved bytes, instead of the network; - for standard input.")
    ] = None,
    *,
    downloaded_at: Annotated[
        str | None, typer.Option(help="When FILE was downloaded (RFC 3339); now if not given.")
    ] = None,
) -> None:
    """Read one page and print the article as JSON; nothing is stored."""
    site = site_of(parse.address(url))
    if site is None:
        raise UsageError(f"{url} belongs to no site here. 'kliping crawl --help' lists the sites.")
    at = parse.instant(downloaded_at, "--downloaded-at") if downloaded_at else datetime.now(UTC).replace(microsecond=0)
    page = Page(url=url, body=_bytes(file), downloaded_at=at) if file else fetch(url, Settings.load(), at=at)
    try:
        reading = site.read(page)
    except PageError as error:
        raise UsageError(f"no article in {url}: {error.reason} ({error.fate.value})") from error
    if isinstance(reading, Listing):
        raise UsageError(f"{url} is a listing with {len(reading.links)} links, no article.")
    show.as_json(article_to_json(normalised(reading)))


def _bytes(file: Path) -> bytes:
    try:
        body = sys.stdin.buffer.read(_LARGEST + 1) if str(file) == "-" else _read(file)
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}.") from error
    if len(body) > _LARGEST:
        raise UsageError(f"{file} is larger than {_LARGEST} bytes: no page is.")
    return body


def _read(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(_LARGEST + 1)


@pages.command(name="show", epilog="Example:  kliping pages show https://en.tempo.co/read/2037562/title")
def show_page(
    url: Annotated[str, typer.Argument(help="The page's address, or its key.")], *, json: Json = False
) -> None:
    """One page's whole story: found, leased, fetched, handed over, stored."""
    key = parse.page_key(url)
    with workplace() as place:
        page = place.stores.ledger.page(key)
    if page is None:
        raise UsageError(f"{key} was never seen. 'kliping crawl SITE {url}' asks for it.")
    data = to_json({"key": page.pop("_id"), **page, "lease": _without_token(page.get("lease"))})
    if json:
        show.as_json(data)
        return
    shown = ("key", "url", "site", "kind", "state", "fate", "fateReason", "depth", "foundOn", "relation", "attempts")
    show.facts({name: data.get(name) for name in shown} | {"next visit": show.local(data.get("nextFetchAt"))})
    show.table(
        "\nevents", ("when", "what", "by", "why"), [(e["at"], e["what"], e["by"], e["why"]) for e in data["events"]]
    )


def _without_token(lease: dict[str, object] | None) -> dict[str, object] | None:
    return {"until": lease["until"]} if lease else None


@quarantine.command(name="list", epilog="Example:  kliping quarantine list --json")
def list_(*, limit: Limit = 20, json: Json = False) -> None:
    """What is kept, newest first."""
    with workplace() as place:
        kept = place.stores.quarantine.newest(limit=limit)
    if json:
        show.as_json([to_json({"page": entry["page"], **entry, "_id": entry["_id"]}) for entry in kept])
        return
    show.table(
        None,
        ("page", "when", "stage", "reason"),
        [(e["page"], show.local(e["at"]), e["stage"], e["reason"]) for e in kept],
    )
    if not kept:
        show.note("nothing is in quarantine")


@quarantine.command(name="show", epilog="Example:  kliping quarantine show tempo-read:2037562")
def show_kept(page: Annotated[str, typer.Argument(help="The page's key or address.")]) -> None:
    """One entry, whole, with the payload, as JSON."""
    key = parse.page_key(page)
    with workplace() as place:
        entry = place.stores.quarantine.get(key)
    if entry is None:
        raise UsageError(f"{key} is not in quarantine. 'kliping quarantine list' shows what is.")
    show.as_json(to_json(entry))


@quarantine.command(epilog="Example:  kliping quarantine release tempo-read:2037562")
def release(page: Annotated[str, typer.Argument(help="The page's key or address.")]) -> None:
    """Let the next crawl try the page again."""
    key = parse.page_key(page)
    with workplace() as place:
        done = place.stores.quarantine.release(key, place.stores.ledger)
    if not done:
        raise UsageError(f"{key} is not in quarantine. 'kliping quarantine list' shows what is.")
    show.say(f"{key} is due again; the next crawl asks for it.")


def doctor(*, json: Json = False) -> None:
    """Look at every part, and say how to mend what is broken. Exit code 0 only if all is well."""
    settings = Settings.load()
    with services(settings) as found:
        results = checks(settings, found)
    if json:
        show.as_json(
            [{"name": c.name, "ok": c.ok, "detail": c.detail, "remedy": None if c.ok else c.remedy} for c in results]
        )
    else:
        for check in results:
            show.say(
                f"{'ok  ' if check.ok else 'BAD '} {check.name}: {check.detail}",
                style="green" if check.ok else "bold red",
            )
            if not check.ok and check.remedy:
                show.say(f"     {check.remedy}")
    raise typer.Exit(0 if all(check.ok for check in results) else 1)
