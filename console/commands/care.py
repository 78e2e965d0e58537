"""kliping extract, pages, quarantine, doctor: look at one page, and at the house."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from console import data, parse, show
from console.check import Check
from console.commands.options import Json, Limit
from console.database_checks import mend
from console.doctor import checks, house_checks, require_redis
from console.services import Services, running_redis, services
from console.users import create_users
from console.workplace import workplace
from crawler.pipelines.normalise import normalised
from crawler.settings import DOWNLOAD_MAXSIZE
from crawler.sites.registry import site_of
from crawler.sites.site import Listing, Page, Part, Site
from stories.article import Article
from stories.codec import article_to_json
from stories.errors import PageError, StopError, UsageError
from stories.settings import Settings

pages = typer.Typer(no_args_is_help=True, help="One page's whole story.")
quarantine = typer.Typer(no_args_is_help=True, help="What could not be processed.")

_LARGEST = DOWNLOAD_MAXSIZE
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
    try:
        reading = _saved(Page(url=url, body=_bytes(file), downloaded_at=at), site) if file else _fetched(url, site, at)
    except PageError as error:
        raise UsageError(f"no article in {url}: {error.reason} ({error.fate.value})") from error
    if isinstance(reading, Listing):
        raise UsageError(f"{url} is a listing with {len(reading.links)} links, no article.")
    show.as_json(article_to_json(normalised(reading)))


def _saved(page: Page, site: Site) -> Article | Listing:
    """Of an article that goes on at another address, a file holds one part: `bodyComplete` is false."""
    reading = site.read(page)
    return reading.article if isinstance(reading, Part) else reading


def _fetched(url: str, site: Site, at: datetime) -> Article | Listing:
    from crawler.fetch import fetch  # noqa: PLC0415 - Scrapy takes as long to load as all else together

    settings = Settings.load()
    settings.require_contact()
    redis_url = running_redis(settings)
    if redis_url:
        require_redis(redis_url)  # without it nobody knows when the host was asked last
    return fetch(url, site, replace(settings, redis_url=redis_url), at=at)


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
        known_by = "its address" if url == key else url
        raise UsageError(f"{key} was never seen. 'kliping crawl SITE ADDRESS' asks for {known_by}.")
    facts = data.page(page)
    if json:
        show.as_json(facts)
        return
    shown = ("key", "url", "site", "kind", "state", "fate", "fateReason", "depth", "foundOn", "relation", "attempts")
    named = {name: facts[name] for name in shown}
    named |= {"state": show.state(facts["state"]), "aliases": ", ".join(facts["aliases"])}
    named |= {"fate": facts["fate"] and show.state(facts["fate"])}
    show.facts(named | {"next visit": show.local(facts["nextFetchAt"])})
    events = [(show.local(e["at"], seconds=True), show.state(e["what"]), e["by"], e["why"]) for e in facts["events"]]
    show.table("\nevents", ("when", "what", "by", "why"), events, whole=("when", "what", "by"))


@quarantine.command(name="list", epilog="Example:  kliping quarantine list --json")
def list_(*, limit: Limit = 20, json: Json = False) -> None:
    """What is kept, newest first."""
    with workplace() as place:
        kept = place.stores.quarantine.newest(limit=limit)
    if json:
        show.as_json([data.kept(entry) for entry in kept])
        return
    if not kept:
        show.note("nothing is in quarantine")
        return
    rows = [(e["page"], show.local(e["at"]), e["stage"], e["reason"]) for e in kept]
    show.table(None, ("page", "when", "stage", "reason"), rows, whole=("page", "when"))
    show.note("One whole: kliping quarantine show PAGE    Try it again: kliping quarantine release PAGE")


@quarantine.command(name="show", epilog="Example:  kliping quarantine show tempo-read:2037562 --json")
def show_kept(page: Annotated[str, typer.Argument(help="The page's key or address.")], *, json: Json = False) -> None:
    """One entry, whole; with --json its payload too."""
    key = parse.page_key(page)
    with workplace() as place:
        entry = place.stores.quarantine.get(key)
    if entry is None:
        raise UsageError(f"{key} is not in quarantine. 'kliping quarantine list' shows what is.")
    if json:
        show.as_json(data.kept(entry))
        return
    show.facts(data.kept({name: value for name, value in entry.items() if name != "payload"}))
    show.note(f"Its payload: kliping quarantine show {key} --json    Try it again: kliping quarantine release {key}")


@quarantine.command(epilog="Example:  kliping quarantine release tempo-read:2037562")
def release(page: Annotated[str, typer.Argument(help="The page's key or address.")]) -> None:
    """Let the next crawl try the page again."""
    key = parse.page_key(page)
    with workplace() as place:
        done = place.stores.quarantine.release(key, place.stores.ledger)
    if not done:
        raise UsageError(f"{key} is not in quarantine. 'kliping quarantine list' shows what is.")
    show.say(f"{key} is due again; the next crawl asks for it.")


def doctor(
    *,
    users: Annotated[
        bool, typer.Option("--create-users", help="Also make the servers' users: crawler, worker, reader.")
    ] = False,
    mending: Annotated[
        bool, typer.Option("--mend", help="First make the collections' missing indexes and validators.")
    ] = False,
    json: Json = False,
) -> None:
    """Look at every part: what is wrong, why it matters, and how to mend it. Exit code 0 unless something must be."""
    settings = Settings.load()
    with ExitStack() as stack:
        try:
            found = stack.enter_context(services(settings))
        except StopError as error:  # no servers to look at: the rest is looked at all the same
            results = [Check(name="servers", ok=False, detail=str(error)), *house_checks(settings)]
        else:
            results = _examined(settings, found, users=users, mending=mending)
    if json:
        show.as_json([data.check(check) for check in results])
    else:
        for check in results:
            _present(check)
    raise typer.Exit(1 if any(check.fatal and not check.ok for check in results) else 0)


def _examined(settings: Settings, found: Services, *, users: bool, mending: bool) -> list[Check]:
    if mending:
        mend(settings, found)
    results = checks(settings, found)
    if users and not any(check.fatal and not check.ok for check in results):
        results += create_users(settings, found)
    return results


def _present(check: Check) -> None:
    mark, style = ("ok  ", "green") if check.ok else ("BAD ", "bold red") if check.fatal else ("hm  ", "yellow")
    show.say(f"{mark} {check.name}: {check.detail}", style=style)
    if check.ok:
        return
    for line in filter(None, (check.why, check.remedy)):
        show.say(f"     {line}")
