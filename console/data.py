"""What commands and the HTTP API give as JSON: one function a schema of docs/schema, fields in its order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from console.check import Check
from stories.article import Article
from stories.backup import Manifest
from stories.changes import COMPARED, changed_fields
from stories.codec import instant_to_json, story_to_json, to_json
from stories.mongo import Document
from stories.queue import QueuedJob
from stories.retention import Ages
from stories.takedown import Holdings, Mark
from workers.alarm import Alarm, State
from workers.schedule import Schedule

NEXT: Final = 5
"""Ticks shown of a schedule."""


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(map(str.capitalize, rest))


ARTICLE: Final = tuple(_camel(field.name) for field in fields(Article))
"""The fields of article.json, in their order."""
STORY: Final = (
    *ARTICLE,
    *("isBasedOnKey", "republishedBy", "nearDuplicateOf", "addresses", "enrichment"),
    *("digest", "firstStoredAt", "updatedAt", "run", "schemaVersion"),
)
_EDGE: Final = (
    *("depth", "from", "to", "url", "relation", "position", "headline"),
    *("datePublishedEarliest", "datePublishedLatest", "firstSeenAt", "lastSeenAt"),
)
_PAGE: Final = (
    *(
        "url",
        "site",
        "host",
        "kind",
        "state",
        "fate",
        "fateReason",
        "fateAt",
        "pageVersion",
        "depth",
        "foundOn",
        "relation",
    ),
    *("aliases", "attempts", "run", "jobId", "firstSeenAt", "nextFetchAt"),
)
_KEPT: Final = ("page", "site", "url", "stage", "reason", "at", "run")
_TICK: Final = ("schedule", "instant", "at", "outcome", "run", "reason")


def story(document: Document) -> Document:
    """story.json: the article first, then what we know besides. MongoDB keeps fields in an order of its own."""
    known = story_to_json(document)
    return {name: known.get(name) for name in STORY}


def versions(key: str, url: str, texts: Sequence[Document]) -> Document:
    """revisions.json; `texts` are the oldest first, today's last."""
    told = [_version(number, text, texts[number - 2] if number > 1 else None) for number, text in enumerate(texts, 1)]
    return {"key": key, "url": url, "versions": told}


def _version(number: int, text: Document, before: Document | None) -> Document:
    changed = changed_fields(before, text) if before else []
    return {"number": number, **_parts(text, ("dateDownloaded", "replacedAt", *COMPARED)), "changed": changed}


def related(key: str, headline: str, depth: int, edges: Iterable[Mapping[str, Any]]) -> Document:
    """related.json"""
    return {"key": key, "headline": headline, "depth": depth, "related": [edge(found) for found in edges]}


def edge(found: Mapping[str, Any]) -> Document:
    return _parts(found, _EDGE) | {"stored": found["story"] is not None}


def page(document: Document) -> Document:
    """page.json: without the lease's token, which is the right to settle the page."""
    lease = document.get("lease")
    seen = {"datePublished": document.get("published"), "etag": document.get("etag")}
    until = {"lastModified": document.get("lastModified"), "leasedUntil": lease and lease["until"]}
    rest: Document = to_json({**seen, **until, "events": document["events"]})
    return {"key": document["_id"], **_parts(document, _PAGE), **rest, "aliases": document.get("aliases", [])}


def kept(entry: Document) -> Document:
    """One entry of quarantine.json; with its payload where it was read (quarantined.json)."""
    return _parts(entry, _KEPT) | ({"payload": to_json(entry["payload"])} if "payload" in entry else {})


def job(queued: QueuedJob) -> Document:
    """One entry of jobs.json."""
    return {
        "id": queued.id,
        "queue": queued.queue,
        "status": queued.status.rpartition(".")[2].lower(),  # RQ's enumeration prints as JobStatus.FAILED
        "function": queued.function,
        "enqueuedAt": instant_to_json(queued.enqueued_at),
        "tries": queued.tries,
        "error": queued.error,
    }


def schedule(known: Schedule, *, last: Document | None, now: datetime) -> Document:
    """schedule.json; `last` is its newest tick."""
    return {
        "name": known.name,
        "cron": known.cron,
        "tz": known.tz,
        "site": known.site,
        "overlap": known.overlap.value,
        "catchUp": known.catch_up.value,
        "paused": known.paused,
        "order": {name: known.order[name] for name in ("maxPages", "depth", "fresh")},
        "next": to_json([] if known.paused else known.next_ticks(now, NEXT)),
        "last": last and tick(last),
    }


def tick(document: Document) -> Document:
    """One entry of history.json."""
    return _parts(document, _TICK)


def monitor(found: Sequence[Alarm], *, now: datetime) -> Document:
    """monitor.json"""
    return {
        "at": instant_to_json(now),
        "on": sum(alarm.state is State.ON for alarm in found),
        "alarms": [_alarm(alarm) for alarm in found],
    }


def _alarm(alarm: Alarm) -> Document:
    return {
        "name": alarm.name,
        "subject": alarm.subject,
        "state": alarm.state.value,
        "since": instant_to_json(alarm.since),
        "value": alarm.value,
        "limit": alarm.limit,
        "unit": alarm.kind.unit,
        "detail": alarm.detail,
        "means": alarm.kind.means,
        "runbook": alarm.runbook,
    }


def check(looked: Check) -> Document:
    """One entry of doctor.json."""
    return {
        "name": looked.name,
        "ok": looked.ok,
        "fatal": looked.fatal,
        "detail": looked.detail,
        "why": looked.why,
        "remedy": None if looked.ok else looked.remedy,
    }


def ordered(run: str, job_id: str, *, has_workers: bool) -> Document:
    """ordered.json"""
    return {"run": run, "job": job_id, "workers": has_workers}


def backup(file: Path, manifest: Manifest) -> Document:
    """backup.json"""
    return {"file": str(file.absolute()), **_manifest(manifest)}


def restored(file: Path, manifest: Manifest, *, into: str, held: int, done: bool) -> Document:
    """restored.json; `held` is how many documents the database had before."""
    return {"file": str(file.absolute()), "into": into, "heldBefore": held, "done": done, **_manifest(manifest)}


def takedown(mark_: Mark, found: Holdings, *, jobs: int, done: bool) -> Document:
    """takedown.json"""
    removed = {
        "stories": found.stories,
        "revisions": found.revisions,
        "linksFrom": found.links_from,
        "linksTo": found.links_to,
        "quarantined": found.quarantined,
        "jobs": jobs,
    }
    return {**mark(mark_), "done": done, "removed": removed, "republishedBy": list(found.republished_by)}


def mark(found: Mark) -> Document:
    """One entry of takedowns.json."""
    return {
        "key": found.key,
        "pages": list(found.pages),
        "urls": list(found.urls),
        "reason": found.reason,
        "at": instant_to_json(found.at),
    }


def retained(found: Mapping[str, int], wanted: Ages, *, now: datetime, done: bool) -> Document:
    """retained.json"""
    kinds = [
        {"kind": kind, "olderThan": instant_to_json(now - wanted[kind]), "documents": found[kind]} for kind in found
    ]
    return {"at": instant_to_json(now), "done": done, "kinds": kinds}


def _manifest(manifest: Manifest) -> Document:
    said = manifest.to_json()
    return {
        name: said[name] for name in ("database", "schemaVersion", "begunAt", "endedAt", "snapshots", "collections")
    }


def _parts(document: Mapping[str, Any], names: Iterable[str]) -> Document:
    parts: Document = to_json({name: document.get(name) for name in names})
    return parts
