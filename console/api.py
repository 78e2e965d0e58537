"""The HTTP API of `kliping console`: it only reads, answers as docs/schema says, and asks nothing that takes long."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pymongo
from pymongo.errors import PyMongoError
from redis.exceptions import RedisError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from console import data, page, parse
from console.fence import Fence
from console.workplace import Workplace
from stories import mongo
from stories.errors import UsageError
from stories.mongo import Document
from stories.query import MAX_DEPTH, SORTS, Filter
from stories.redis_client import client
from stories.search import LANGUAGES
from workers.monitor import glance, snapshot
from workers.schedule import Schedule

MOST: Final = 1_000  # stories in one answer: about 8 MB; for more there are `since` and `until`
USUAL: Final = 20
ON_THE_PAGE: Final = 30  # stories: what a person looks through
HEALTH_LIMIT: Final = 2.0  # seconds for each server; who asks gives up after five to ten

_FILTERS: Final = frozenset(
    {"text", "site", "since", "until", "section", "author", "agency", "language", "limit", "sort"}
)


def make_app(place: Workplace, token: str) -> ASGIApp:
    """The application. Each call reads from `place`, in a thread of its own."""
    asked = _Asked(place)
    routes = [
        Route("/", asked.page),
        Route("/healthz", asked.health),
        Route("/api/queue", asked.queue),
        Route("/api/monitor", asked.monitor),
        Route("/api/stories", asked.stories),
        Route("/api/stories/{key}", asked.story),
        Route("/api/stories/{key}/related", asked.related),
        Route("/api/schedules", asked.schedules),
    ]
    answers: Mapping[Any, Any] = {
        HTTPException: _http_error,
        UsageError: _usage_error,
        PyMongoError: _mongo_error,
        RedisError: _redis_error,
        Exception: _our_error,
    }
    app = Starlette(routes=routes, exception_handlers=answers)
    app.router.redirect_slashes = False  # one slash too many is no address: none is made of what somebody asked for
    return Fence(app, token)


@dataclass(frozen=True, slots=True)
class _Asked:
    """One method a path."""

    place: Workplace

    def page(self, request: Request) -> Response:
        _only(request, ())
        stories = [data.story(story) for story in self.place.query.find(Filter(limit=ON_THE_PAGE))]
        return HTMLResponse(page.drawn(self._monitor(), self._snapshot(), self._schedules(), stories))

    def health(self, _request: Request) -> Response:
        up = {"mongo": self._has_mongo(), "redis": self._has_redis()}
        return JSONResponse({"ok": all(up.values()), **up}, status_code=200 if all(up.values()) else 503)

    def queue(self, request: Request) -> Response:
        _only(request, ())
        return JSONResponse(self._snapshot())

    def monitor(self, request: Request) -> Response:
        _only(request, ())
        return JSONResponse(self._monitor())

    def stories(self, request: Request) -> Response:
        found = self.place.query.find(_filter(_only(request, _FILTERS)))
        return JSONResponse([data.story(story) for story in found])

    def story(self, request: Request) -> Response:
        _only(request, ())
        return JSONResponse(data.story(self._known(request)))

    def related(self, request: Request) -> Response:
        depth = _number(_only(request, ("depth",)), "depth", usual=1, most=MAX_DEPTH)
        story = self._known(request)
        edges = self.place.query.related(story["_id"], depth=depth)
        return JSONResponse(data.related(story["_id"], story["headline"], depth, edges))

    def schedules(self, request: Request) -> Response:
        _only(request, ())
        return JSONResponse(self._schedules())

    def _known(self, request: Request) -> Document:
        story = self.place.query.story(parse.key(request.path_params["key"]))
        if story is None:
            raise HTTPException(404, "no story of that key; /api/stories lists stories")
        return story

    def _snapshot(self) -> dict[str, Any]:
        return snapshot(self.place.stores.database, self.place.stores.queue, now=self.place.now())

    def _monitor(self) -> Document:
        place, now = self.place, self.place.now()
        found = glance(place.stores.database, place.stores.queue, home=place.settings.home, now=now)
        return data.monitor(found, now=now)

    def _schedules(self) -> list[Document]:
        return [self._schedule(schedule) for schedule in self.place.schedules.all()]

    def _schedule(self, schedule: Schedule) -> Document:
        ticks = self.place.schedules.history(schedule.name, limit=1)
        return data.schedule(schedule, last=ticks[0] if ticks else None, now=self.place.now())

    def _has_mongo(self) -> bool:
        """Whether it takes writes."""
        try:
            with pymongo.timeout(HEALTH_LIMIT):
                return bool(self.place.stores.database.command("hello")["isWritablePrimary"])
        except PyMongoError:
            return False

    def _has_redis(self) -> bool:
        url, patience = self.place.settings.redis_url or "", HEALTH_LIMIT / 2  # one half to connect, one to be answered
        try:
            with client(url, timeout=patience, connect_timeout=patience) as queue:
                return bool(queue.ping())
        except RedisError:
            return False


def _only(request: Request, known: Collection[str]) -> dict[str, str]:
    """The query's parameters, each known and given once."""
    pairs = request.query_params.multi_items()
    asked = dict(pairs)
    if unknown := sorted(set(asked) - set(known)):
        names = ", ".join(sorted(known)) or "none"
        raise UsageError(f"unknown parameter {unknown[0][:100]!r}; known here: {names}")
    if len(asked) != len(pairs):
        raise UsageError("give each parameter once")
    return asked


def _filter(asked: Mapping[str, str]) -> Filter:
    """As `kliping stories find` narrows."""
    first, end = parse.between(asked.get("since"), asked.get("until"))
    wanted = Filter(
        text=parse.words(asked.get("text")),
        site=parse.site(asked.get("site")),
        since=first,
        until=end,
        section=asked.get("section"),
        author=asked.get("author"),
        agency=asked.get("agency"),
        language=_one_of(asked, "language", tuple(LANGUAGES)),
        limit=_number(asked, "limit", usual=USUAL, most=MOST),
        sort=_one_of(asked, "sort", SORTS) or SORTS[0],
    )
    if wanted.sort == "relevance" and wanted.text is None:
        raise UsageError("sort=relevance needs a text to be relevant to")
    return wanted


def _one_of(asked: Mapping[str, str], name: str, values: Collection[str]) -> str | None:
    value = asked.get(name)
    if value is not None and value not in values:
        raise UsageError(f"{name}={value[:100]!r}: one of {', '.join(values)}")
    return value


def _number(asked: Mapping[str, str], name: str, *, usual: int, most: int) -> int:
    value = asked.get(name, str(usual))
    digits = len(str(most))
    if not (value.isascii() and value.isdigit() and len(value) <= digits and 1 <= int(value) <= most):
        raise UsageError(f"{name}={value[:100]!r}: a number from 1 to {most}")
    return int(value)


# -- errors: one line of JSON, never a trace ------------------------------------------------------------------


def _http_error(_request: Request, error: HTTPException) -> Response:
    return JSONResponse({"error": error.detail}, status_code=error.status_code, headers=error.headers)


def _usage_error(_request: Request, error: UsageError) -> Response:
    return JSONResponse({"error": str(error)}, status_code=400)


def _mongo_error(_request: Request, error: PyMongoError) -> Response:
    return JSONResponse({"error": str(mongo.explain(error))}, status_code=503)


def _redis_error(_request: Request, _error: RedisError) -> Response:
    return JSONResponse({"error": "Redis does not answer; 'kliping doctor' tells why"}, status_code=503)


def _our_error(_request: Request, _error: Exception) -> Response:
    """The trace goes to the log, for whoever mends it."""
    return JSONResponse({"error": "a mistake of ours; the console's log has it"}, status_code=500)
