"""Pages of en.tempo.co for these tests, and a crawl of them with a lying name server."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from html import escape

from tests.crawler import crawling
from tests.crawler.crawling import Answer, Asked
from tests.crawler.hurried import HURRIED
from tests.security.elsewhere import WORLD
from workers.stores import Stores

_PAGE = """<!DOCTYPE html><html lang="en"><head><title>%(headline)s</title>
<link rel="canonical" href="%(canonical)s">%(head)s</head><body><div id="article" class="article">
<article itemscope itemtype="http://schema.org/NewsArticle"><h1 itemprop="headline">%(headline)s</h1>
<span id="date">Thursday, 26 October 2017 12:34 WIB</span><div id="author"><h4 itemprop="author">%(author)s</h4></div>
<div id="isi"><p>%(text)s</p>%(more)s</div></article></div></body></html>"""


def address(number: int) -> str:
    return f"https://en.tempo.co/read/{number}/a-story"


def article(number: int, *, head: str = "", more: str = "", canonical: str | None = None, **texts: str) -> str:
    """A page whose headline, author and text are what a test says."""
    plain = {
        "headline": f"Story {number}",
        "author": "Ana Putri",
        "text": f"The text of story {number} says one thing at some length, so that it is a paragraph.",
    }
    said = {name: escape(text) for name, text in (plain | texts).items()}
    return _PAGE % {**said, "head": head, "more": more, "canonical": canonical or address(number)}


def paper(pages: dict[str, Answer | str], robots: str = "") -> Callable[[Asked], Answer]:
    """Answers by `host/path` or `/path`; robots.txt allows all unless told otherwise."""

    def answer(asked: Asked) -> Answer:
        if asked.path == "/robots.txt":
            return Answer(body=robots, headers={"Content-Type": "text/plain"})
        found = pages.get(asked.host + asked.path, pages.get(asked.path, Answer(status=404)))
        return Answer(body=found) if isinstance(found, str) else found

    return answer


def crawl_elsewhere(
    stores: Stores, world: dict[str, list[tuple[str, int]]], *words: str, numbers: tuple[int, ...] = (1,)
) -> str:
    """A real crawl, not of the replica, with these answers of the name server; what it said."""
    settings = crawling.settings_of(stores, crawling.Served(), log_level="WARNING")
    settings = replace(settings, replica=None, contact="https://example.org/us")
    order = crawling.order_of([address(number) for number in numbers])
    run = () if HURRIED in words else ("crawler.run",)
    _, said = crawling.crawl(order, settings, WORLD, json.dumps(world), *words, *run, limit=40)
    return said
