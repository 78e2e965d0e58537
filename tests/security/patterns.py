"""Every compiled pattern of ours, found by looking; and text made of what a pattern likes, to make it work hard."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from random import Random
from re import _constants as code  # type: ignore[attr-defined]  # the one way to see what a pattern is made of
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

PACKAGES = ("stories", "crawler", "workers", "console")
LENGTH = 100_000
_OF_CATEGORY = {code.CATEGORY_DIGIT: "7", code.CATEGORY_SPACE: " ", code.CATEGORY_WORD: "a"}
_ANYTHING = "aA7 -.,:;/(\"'<\n\u00e9"


def modules() -> Iterator[Any]:
    for name in PACKAGES:
        package = importlib.import_module(name)
        yield package
        for found in pkgutil.walk_packages(package.__path__, f"{name}."):
            if not found.name.endswith("__main__"):
                yield importlib.import_module(found.name)


@dataclass(frozen=True)
class Used:
    """A pattern, where it stands, and the ways in which it is asked."""

    pattern: re.Pattern
    where: str
    methods: tuple[str, ...]

    def ask(self, text: str | bytes) -> None:
        """A pattern that is only ever asked about a whole line is not asked to look for itself in one."""
        for method in self.methods:
            getattr(self.pattern, method)(text)


def patterns() -> list[Used]:
    """One that stands in several places, once for each way of asking."""
    found: dict[tuple[re.Pattern, tuple[str, ...]], Used] = {}
    for module in modules():
        source = Path(module.__file__).read_text(encoding="utf-8")
        for name, value in vars(module).items():
            methods = _methods(name, source)
            for pattern in within(value):
                found.setdefault((pattern, methods), Used(pattern, f"{module.__name__}.{name}", methods))
            if isinstance(value, type) and value.__module__ == module.__name__:
                for attribute, inner in vars(value).items():
                    for pattern in within(inner):
                        where = f"{module.__name__}.{name}.{attribute}"
                        found.setdefault((pattern, ("search",)), Used(pattern, where, ("search",)))
    return list(found.values())


def _methods(name: str, source: str) -> tuple[str, ...]:
    """How the module asks; `search`, the hardest, where that is not plain to see."""
    plain = re.findall(rf"(?<!\w){re.escape(name)}\.(fullmatch|match)\(", source)
    mentioned = re.findall(rf"(?<!\w){re.escape(name)}\b(?!: Final)", source)
    return tuple(sorted(set(plain))) if plain and len(plain) == len(mentioned) else ("search",)


def within(value: object, depth: int = 0) -> Iterator[re.Pattern]:
    """A pattern, or those in a constant of several."""
    if isinstance(value, re.Pattern):
        yield value
    elif depth > 4 or isinstance(value, (str, bytes, type)):
        return
    elif isinstance(value, Mapping):
        yield from within([*value.keys(), *value.values()], depth + 1)
    elif isinstance(value, (tuple, list, set, frozenset)):
        for inner in value:
            yield from within(inner, depth + 1)
    elif is_dataclass(value):
        yield from within([getattr(value, one.name, None) for one in fields(value)], depth + 1)


def hostile(pattern: re.Pattern, random: Random, *, most: int) -> list[str | bytes]:
    """Texts of LENGTH, made of what the pattern is made of: single characters, pairs, whole matches and their parts."""
    text = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    tree = parser.parse(text, pattern.flags & ~re.DEBUG)
    matches = list(dict.fromkeys(filter(None, (_sample(tree, random) for _ in range(12)))))
    atoms = list(dict.fromkeys("".join(matches) + " a"))
    pairs = [one + other for one in atoms[:8] for other in atoms[:8] if one != other]
    parts = [match[:cut] for match in matches for cut in {1, len(match) // 2, len(match) - 1} if cut]
    units = [*atoms[:8], *matches, *random.sample(pairs, min(12, len(pairs))), *parts]
    texts = [unit * (LENGTH // len(unit)) + "\x00" for unit in dict.fromkeys(units)]
    texts += [match[: len(match) // 2] + random.choice(atoms) * LENGTH for match in matches[:4]]
    chosen = random.sample(texts, min(most, len(texts)))
    return chosen if isinstance(pattern.pattern, str) else [one.encode("utf-8", "replace") for one in chosen]


def _sample(tree: Any, random: Random) -> str:
    return "".join(_one(op, argument, random) for op, argument in tree)


def _one(op: Any, argument: Any, random: Random) -> str:
    made = _MADE.get(op)
    return made(argument, random) if made else ""


def _repeated(argument: Any, random: Random) -> str:
    low, high, inner = argument
    times = random.choice([low, min(low + 1, high), min(max(low, 3), high)])
    return "".join(_sample(inner, random) for _ in range(min(times, 50)))


def _member(members: Any, random: Random) -> str:
    negated = members[0][0] is code.NEGATE
    if negated:
        known = re.compile("[" + "".join(re.escape(chr(a)) for op, a in members if op is code.LITERAL) + "\x00]")
        return random.choice([one for one in _ANYTHING if not known.match(one)])
    op, argument = random.choice(members)
    if op is code.LITERAL:
        return chr(argument)
    if op is code.RANGE:
        return chr(random.choice([argument[0], argument[1]]))
    return _OF_CATEGORY.get(argument, "-") if op is code.CATEGORY else ""


_MADE: Mapping[Any, Callable[[Any, Random], str]] = {
    code.LITERAL: lambda argument, _: chr(argument),
    code.NOT_LITERAL: lambda argument, random: random.choice(_ANYTHING.replace(chr(argument), "")),
    code.ANY: lambda _, random: random.choice(_ANYTHING),
    code.IN: _member,
    code.BRANCH: lambda argument, random: _sample(random.choice(argument[1]), random),
    code.MAX_REPEAT: _repeated,
    code.MIN_REPEAT: _repeated,
    code.POSSESSIVE_REPEAT: _repeated,
    code.SUBPATTERN: lambda argument, random: _sample(argument[-1], random),
    code.ATOMIC_GROUP: _sample,
}
