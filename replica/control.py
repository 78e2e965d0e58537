"""`/_replica/…`, on any host: what a test may ask the replica and tell it. All JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import parse_qsl

from replica.faults import Fault, Faults
from replica.journal import Journal
from replica.wire import Request
from replica.world import World

PREFIX: Final = "/_replica/"
_LONGEST_DELAY: Final = 600.0  # seconds; no client waits longer


class ControlError(ValueError):
    """The request to the replica itself makes no sense."""


@dataclass(slots=True)
class Refusal:
    """What a host says instead of its next `count` pages."""

    status: int
    headers: dict[str, str]
    body: str
    count: int


@dataclass(slots=True)
class Stage:
    """What the server plays: the world, the journal, and how slowly it answers."""

    world: World
    journal: Journal = field(default_factory=Journal)
    faults: Faults = field(default_factory=Faults)
    delay: float = 0.0
    """Seconds between a request for a page and its answer."""
    refusals: dict[str, Refusal] = field(default_factory=dict)
    """Hosts that give no page for now."""


def control(stage: Stage, request: Request) -> tuple[int, Any]:
    """Status and JSON."""
    path, _, query = request.target.removeprefix(PREFIX).partition("?")
    action = _ACTIONS.get((request.method, path))
    if action is None:
        return 404, {
            "error": f"no {request.method} {PREFIX}{path}",
            "known": [f"{method} {PREFIX}{name}" for method, name in _ACTIONS],
        }
    try:
        return 200, action(stage, _given(request, query))
    except (ValueError, LookupError) as error:
        return 400, {"error": str(error)}


def _given(request: Request, query: str) -> Mapping[str, Any]:
    """The query of a GET, the JSON object of a POST."""
    if request.method == "GET" or not request.body:
        return dict(parse_qsl(query))
    given = json.loads(request.body)
    if not isinstance(given, dict):
        raise ControlError("send a JSON object")
    return given


def _number(given: Mapping[str, Any], name: str, default: float | None = None) -> float:
    value = given.get(name, default)
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise ControlError(f"`{name}` must be a number, not {value!r}")
    return value


def _text(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name)
    if not isinstance(value, str):
        raise ControlError(f"`{name}` must be a text, not {value!r}")
    return value


def _log(stage: Stage, _given: Mapping[str, Any]) -> Any:
    return stage.journal.entries()


def _clear(stage: Stage, _given: Mapping[str, Any]) -> Any:
    stage.journal.clear()
    return {}


def _stats(stage: Stage, _given: Mapping[str, Any]) -> Any:
    return stage.journal.statistics()


def _truth(stage: Stage, given: Mapping[str, Any]) -> Any:
    url = _text(given, "url")
    return {"truth": stage.world.truth(url), "extra": stage.world.extra_truth(url)}


def _edit(stage: Stage, given: Mapping[str, Any]) -> Any:
    stage.world.edit(_number(given, "share"), int(_number(given, "seed", 1)), cosmetic=given.get("cosmetic") is True)
    return {}


def _advance(stage: Stage, given: Mapping[str, Any]) -> Any:
    now = datetime.fromisoformat(_text(given, "now"))
    if now.tzinfo is None:
        raise ControlError("give the zone, such as 2026-11-05T03:00:00Z")
    stage.world.advance(now.astimezone(UTC))
    return {}


def _remove(stage: Stage, given: Mapping[str, Any]) -> Any:
    stage.world.remove(_text(given, "url"))
    return {}


def _spoil(stage: Stage, given: Mapping[str, Any]) -> Any:
    stage.world.spoil(_text(given, "url"))
    return {}


def _delay(stage: Stage, given: Mapping[str, Any]) -> Any:
    seconds = _number(given, "seconds")
    if not 0 <= seconds <= _LONGEST_DELAY:
        raise ControlError(f"a delay is from 0 to {_LONGEST_DELAY} seconds, not {seconds}")
    stage.delay = seconds
    return {}


def _faults(stage: Stage, given: Mapping[str, Any]) -> Any:
    kinds, share = given.get("kinds"), _number(given, "share")
    if not isinstance(kinds, list) or not 0 <= share <= 1:
        raise ControlError("send `kinds`, a list, and `share`, from 0 to 1")
    times, seed = int(_number(given, "times", 1)), int(_number(given, "seed", 1))
    stage.faults = Faults(tuple(map(Fault, kinds)), share, seed, times)
    return {}


def _refuse(stage: Stage, given: Mapping[str, Any]) -> Any:
    status, count = int(_number(given, "status")), int(_number(given, "count"))
    headers = given.get("headers", {})
    if not isinstance(headers, dict) or not all(isinstance(value, str) for value in headers.values()):
        raise ControlError("`headers` must be an object of texts")
    stage.refusals[_text(given, "host")] = Refusal(status, headers, str(given.get("body", "")), count)
    return {}


def _world(stage: Stage, _given: Mapping[str, Any]) -> Any:
    world = stage.world
    made = {name: _told(value) if isinstance(value, datetime) else value for name, value in world.made.items()}
    return {"made": made, "now": _told(world.now), "articles": world.counts(), "gone": world.gone}


def _told(instant: datetime) -> str:
    return instant.isoformat().replace("+00:00", "Z")


_ACTIONS: Final[Mapping[tuple[str, str], Callable[[Stage, Mapping[str, Any]], Any]]] = {
    ("GET", "log"): _log,
    ("POST", "log/clear"): _clear,
    ("GET", "stats"): _stats,
    ("GET", "truth"): _truth,
    ("GET", "world"): _world,
    ("POST", "edit"): _edit,
    ("POST", "advance"): _advance,
    ("POST", "remove"): _remove,
    ("POST", "spoil"): _spoil,
    ("POST", "delay"): _delay,
    ("POST", "faults"): _faults,
    ("POST", "refuse"): _refuse,
}
