"""Whether a value from outside is what its dataclass says: JSON and BSON can hold anything anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

T = TypeVar("T")
_Types = tuple[type, ...]


def checked(value: T) -> T:
    """The same value. Raises TypeError that names its first field of a wrong kind; the entries of its tuples count."""
    cls: Any = type(value)
    for name, kinds, kinds_within in _fields(cls):
        part = getattr(value, name)
        if not isinstance(part, kinds):
            raise TypeError(f"{name} is a {type(part).__name__}")
        for entry in getattr(value, name) if kinds_within else ():
            if not isinstance(entry, kinds_within):
                raise TypeError(f"{name} holds a {type(entry).__name__}")
    return value


def entries(value: Any) -> list[Any]:
    """The same list. Raises TypeError for what is none: a text and a mapping can be walked through, too."""
    if not isinstance(value, list):
        raise TypeError(f"a {type(value).__name__} instead of a list")
    return value


@cache
def _fields(cls: type) -> tuple[tuple[str, _Types, _Types], ...]:
    """Of each field its name, its types, and those of its entries if it is a tuple."""
    return tuple((name, *_types(hint)) for name, hint in get_type_hints(cls).items())


def _types(hint: Any) -> tuple[_Types, _Types]:
    if get_origin(hint) is tuple:
        return (tuple,), tuple(_alternatives(get_args(hint)[0]))
    return tuple(_alternatives(hint)), ()


def _alternatives(hint: Any) -> Iterator[type]:
    for one in get_args(hint) if isinstance(hint, UnionType) else (hint,):
        yield get_origin(one) or one
