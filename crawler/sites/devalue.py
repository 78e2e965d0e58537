"""Values as Nuxt writes them into pages and `_payload.json`: the flat list of devalue (github.com/sveltejs/devalue).

Each entry of the list is a value; inside lists and objects stand not values but positions in the list. So one value can
stand in many places, and in itself. Decoded without recursion, in time linear in the text; nothing of it is executed.
"""

from __future__ import annotations

import json
import math
from typing import Any, Final

_LONGEST: Final = 8 * 1024 * 1024  # characters: the largest page that the crawler takes (crawler/settings.py)
_WRAPPERS: Final = frozenset({"Reactive", "ShallowReactive", "Ref", "ShallowRef", "Object", "NuxtError"})
"""A value with something about it that only the app needs: `["Reactive", 7]` is what stands at 7."""
_MOST_WRAPS: Final = 10  # Nuxt's own payloads wrap once or twice
_LITERALS: Final = frozenset({"Date", "BigInt", "RegExp"})
"""`["Date", "2026-07-24T02:00:00Z"]`: what follows is the text itself."""
_SPECIAL: Final = {-1: None, -2: None, -3: math.nan, -4: math.inf, -5: -math.inf, -6: -0.0}
"""What JSON cannot say: undefined, a hole, not a number, the infinities, minus zero."""


def decode(text: str) -> list[Any] | None:
    """Every value of the list, the root first, each as it is meant; None for what is no such list. Never raises.

    Dates stay ISO texts, sets lists, and maps lists of keys and values by turns.
    A value can contain itself: whoever walks it keeps count.
    """
    flat = _flat(text)
    if flat is None:
        return None
    values = [_shell(entry) for entry in flat]
    for place, entry in enumerate(flat):
        if _name(entry) in _WRAPPERS:
            values[place] = _unwrapped(place, flat, values)
    for entry, value in zip(flat, values, strict=True):
        _fill(value, entry, values)
    return values


def _flat(text: str) -> list[Any] | None:
    try:
        flat = json.loads(text) if len(text) <= _LONGEST else None
    except (ValueError, RecursionError):
        return None
    return flat if isinstance(flat, list) and flat else None


def _name(entry: Any) -> str | None:
    """What kind of value a list is, if it says so: `Set` of `["Set", 3, 4]`."""
    return entry[0] if isinstance(entry, list) and len(entry) > 1 and isinstance(entry[0], str) else None


def _shell(entry: Any) -> Any:
    """A scalar as it is; for a list or an object an empty one, filled when all of them exist."""
    if _name(entry) in _LITERALS:
        return entry[1] if isinstance(entry[1], str) else None
    if isinstance(entry, list):
        return []
    return {} if isinstance(entry, dict) else entry


def _unwrapped(place: int, flat: list[Any], values: list[Any]) -> Any:
    """What a wrapper holds; None where that is nothing, or wrappers that hold each other."""
    for _ in range(_MOST_WRAPS):
        if _name(flat[place]) not in _WRAPPERS:
            return values[place]
        place = flat[place][1] if isinstance(flat[place][1], int) else -1
        if not 0 <= place < len(flat):
            break
    return None


def _fill(value: Any, entry: Any, values: list[Any]) -> None:
    name = _name(entry)
    if isinstance(entry, dict):
        value.update((key, _at(position, values)) for key, position in entry.items())
    elif isinstance(entry, list) and name not in _WRAPPERS | _LITERALS:
        value.extend(_at(position, values) for position in (entry[1:] if name else entry))


def _at(position: Any, values: list[Any]) -> Any:
    """The value at a position; None for what is none."""
    if not isinstance(position, int) or isinstance(position, bool):
        return None
    return values[position] if 0 <= position < len(values) else _SPECIAL.get(position)
