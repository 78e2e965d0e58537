"""What a page says of itself for machines: JSON-LD, Open Graph and other metas, `<link>`s, dataLayer. Read once a page.

Sites write these by template and by hand, so everything here may be absent, of the wrong type or no JSON at all: then
it is as if it were not there. Values are cleaned text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from html import unescape
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from stories.article import Breadcrumb
from stories.text import clean

ARTICLE_TYPES: Final = frozenset(
    {"NewsArticle", "Article", "ReportageNewsArticle", "AnalysisNewsArticle", "OpinionNewsArticle", "BlogPosting"}
)
_SCRIPT: Final = 'script[type="application/ld+json"]'
_MAX_SCRIPT: Final = 1_000_000  # characters; Tempo's largest, with the whole articleBody in it, has 40,000
_MAX_THINGS: Final = 100  # of one page; more is not a description of it
_HOME: Final = frozenset({"home", "beranda"})

_PUSH: Final = re.compile(r"dataLayer(?: ?= ?\[|\.push\()\s{0,99}(?=\{)")
"""It begins with letters, for to find none of them is quick."""

_FLAT: Final = re.compile(r"""\{(?:[^{}"'\\]++|"(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+')*+\}""", re.DOTALL)
"""An object with no other inside, in JSON or in JavaScript's looser form of it."""

_PAIR: Final = re.compile(
    r"""["']?(?<!\w)(?P<name>\w{1,60})["']?\s*+:\s*+(?:"(?P<double>(?:[^"\\]|\\.)*+)"|'(?P<single>(?:[^'\\]|\\.)*+)')""",
    re.DOTALL,
)
_ESCAPED: Final = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)

Thing = Mapping[str, object]


@dataclass(frozen=True, kw_only=True)
class LinkedData:
    article: Mapping[str, object]
    """The JSON-LD thing that is an article, by its type and address, never by its place; empty if there is none."""
    breadcrumbs: tuple[Breadcrumb, ...]
    """Of the JSON-LD BreadcrumbList, without the home page; addresses as written."""
    meta: Mapping[str, str]
    """`<meta name|property content>`, the first of each, names in lower case."""
    links: Mapping[str, str]
    """`<link rel href>`, the first of each, as written."""
    video: Mapping[str, object] = field(default_factory=dict)
    """The first JSON-LD thing that is a video, alone or as a part of another; empty if there is none."""
    source: str = field(default="", repr=False)
    """The page's text, for what is read of it only where it is asked for."""

    @cached_property
    def data_layer(self) -> Mapping[str, str]:
        """What the page tells its own statistics: the texts of its `dataLayer`, the first of each name."""
        return dict(_pushed(self.source))

    def text(self, name: str) -> str | None:
        """A property of the article that is, or has the name of, one thing."""
        return text(self.article.get(name))

    def address(self) -> str | None:
        """The page's own address by its article."""
        return _address(self.article)

    def is_free(self) -> bool | None:
        return _truth(self.article.get("isAccessibleForFree"))

    def says_article(self) -> bool:
        """Whether the page calls itself an article."""
        return bool(self.article) or self.meta.get("og:type", "").casefold() == "article"

    def without_article(self) -> LinkedData:
        """As if there were no JSON-LD of an article: it is another's."""
        return replace(self, article={})

    def people(self, name: str) -> Iterator[tuple[str, str | None]]:
        """Name and address of each person in a property such as `author`."""
        for value in _each(self.article.get(name)):
            person = text(value)
            if person:
                yield person, text(value.get("url")) if isinstance(value, dict) else None


def read(tree: LexborHTMLParser, source: str = "") -> LinkedData:
    """`source` is the text that the tree is made of: a `dataLayer` is found in it, among other scripts."""
    things = _things(tree)
    lists = (thing for thing in things if _is(thing, frozenset({"BreadcrumbList"})))
    meta, links = _head(tree.head)
    return LinkedData(
        article=_own(things, links.get("canonical") or meta.get("og:url")),
        breadcrumbs=tuple(_breadcrumbs(next(lists, {}))),
        meta=meta,
        links=links,
        video=next(_videos(things), {}),
        source=source,
    )


def _own(things: list[Thing], address: str | None) -> Thing:
    """The article at the page's own address, where several are described: the next ones stand below the first."""
    articles = [thing for thing in things if _is(thing, ARTICLE_TYPES)]
    own = (thing for thing in articles if address and _address(thing) == address) if len(articles) > 1 else iter(())
    return next(own, articles[0] if articles else {})


def _address(article: Thing) -> str | None:
    main = article.get("mainEntityOfPage")
    return text(main.get("@id")) if isinstance(main, dict) else text(main)


def _videos(things: list[Thing]) -> Iterator[Thing]:
    for thing in things:
        for part in (thing, *_each(thing.get("video"))):
            if isinstance(part, dict) and _is(part, frozenset({"VideoObject"})):
                yield part


def text(value: object) -> str | None:
    """Cleaned text of a string, or of a thing's name; None for anything else and for nothing."""
    if isinstance(value, dict):
        value = value.get("name")
    return (clean(value) or None) if isinstance(value, str) else None


def _things(tree: LexborHTMLParser) -> list[Thing]:
    things: list[Thing] = []
    for script in tree.css(_SCRIPT):
        source = script.text() or ""
        if len(source) <= _MAX_SCRIPT:
            things.extend(_flat(_parsed(source)))
    return things[:_MAX_THINGS]


def _parsed(source: str) -> object:
    try:
        return json.loads(source, strict=False)  # Tempo's descriptions have line breaks in them
    except (ValueError, RecursionError):
        return None


def _flat(value: object) -> Iterator[Thing]:
    """A thing, the things of a list, and those of a @graph."""
    for thing in _each(value):
        if isinstance(thing, dict):
            yield thing
            yield from (inner for inner in _each(thing.get("@graph")) if isinstance(inner, dict))


def _each(value: object) -> list[object]:
    if value is None:
        return []
    return value[:_MAX_THINGS] if isinstance(value, list) else [value]


def _is(thing: Thing, types: frozenset[str]) -> bool:
    return any(isinstance(kind, str) and kind in types for kind in _each(thing.get("@type")))


def _truth(value: object) -> bool | None:
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.strip().casefold())
    return value if isinstance(value, bool) else None


def _breadcrumbs(thing: Thing) -> Iterator[Breadcrumb]:
    """Both spellings that Google knows: the name beside the item, or inside of it."""
    for element in _each(thing.get("itemListElement")):
        if not isinstance(element, dict):
            continue
        item = element.get("item")
        name = text(element) or text(item if isinstance(item, dict) else None)
        url = text(item.get("@id")) if isinstance(item, dict) else text(item)
        if name and name.casefold() not in _HOME:
            yield Breadcrumb(name=name, url=url)


def _head(head: LexborNode | None) -> tuple[dict[str, str], dict[str, str]]:
    meta: dict[str, str] = {}
    links: dict[str, str] = {}
    for node in head.css("meta, link") if head is not None else ():
        attributes = node.attributes
        if node.tag == "link":
            links.setdefault((attributes.get("rel") or "").casefold(), (attributes.get("href") or "").strip())
        elif name := (attributes.get("property") or attributes.get("name") or "").casefold():
            meta.setdefault(name, clean(attributes.get("content") or ""))
    return meta, links


def _pushed(source: str) -> Iterator[tuple[str, str]]:
    known: set[str] = set()
    for push in _PUSH.finditer(source):
        is_own = not source[push.start() - 1 : push.start()].isalnum()  # no other name that ends so
        pushed = _FLAT.match(source, push.end()) if is_own else None
        for pair in _PAIR.finditer(pushed[0]) if pushed else ():
            raw = pair["single"] if pair["double"] is None else pair["double"]
            value = clean(unescape(_ESCAPED.sub(_unescaped, raw)))
            if value and pair["name"] not in known:
                known.add(pair["name"])
                yield pair["name"], value


def _unescaped(found: re.Match[str]) -> str:
    return chr(int(found[1], 16)) if found[1] else {"n": "\n", "r": "\n", "t": "\t"}.get(found[2], found[2])
