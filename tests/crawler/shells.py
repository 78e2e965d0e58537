"""A site of listings that are empty without their script, each with a script that does something of its own."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from typing import Final

from tests.crawler.crawling import Answer, Asked

SHELL: Final = """<!DOCTYPE html><html lang="id"><head><meta charset="utf-8"><title>Indeks</title>
<link rel="stylesheet" href="/_nuxt/style.css"><script type="module" src="/_nuxt/%d.js" crossorigin></script></head>
<body><div id="__nuxt"></div></body></html>"""

COMMON: Final = """const root = document.getElementById("__nuxt");
const rows = (path) => fetch(path || "/api/rows/%d").then((response) => response.json());
const print = (found) => { root.innerHTML = "<main><h1>Indeks</h1>" + found.map((row) => `<figure>
<a href="${row.url}"><img src="https://statik.tempo.co/card.jpg"></a>
<figcaption><p><a href="${row.url}">${row.title}</a></p></figcaption></figure>`).join("") + "</main>"; };
const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
"""
PLAIN: Final = "print(await rows());"
EATING: Final = "const eaten = []; for (;;) eaten.push(new Array(1e6).fill(eaten.length + 0.5));"
"""All the memory that there is."""
ROWS_A_PAGE: Final = 3


def listing(number: int) -> str:
    return f"https://www.tempo.co/indeks?page={number}"


def story(number: int, row: int) -> str:
    return f"/hukum/cerita-{number * 10 + row + 1_000_000}"


class Site:
    """`scripts` by page; the rest of www.tempo.co is as it says here."""

    def __init__(self, scripts: dict[int, str], *, robots: str = "", row_delay: float = 0.0) -> None:
        self.scripts = scripts
        self.robots = robots
        self.row_delay = row_delay
        self.others: dict[str, Answer] = {}
        """Answers by path, before all else."""
        self.once: dict[str, Answer] = {}
        """The first answer of a path."""
        self.tries: Counter[str] = Counter()

    def __call__(self, asked: Asked) -> Answer:
        path = asked.path
        self.tries[path] += 1
        if path == "/robots.txt":
            return Answer(body=self.robots, headers={"Content-Type": "text/plain"})
        if path in self.once and self.tries[path] == 1:
            return self.once[path]
        return self.others.get(path) or self.page(path)

    def page(self, path: str) -> Answer:
        if found := re.fullmatch(r"/indeks\?page=(\d+)", path):
            return Answer(body=SHELL % int(found[1]))
        if found := re.fullmatch(r"/_nuxt/(\d+)\.js", path):
            return script(int(found[1]), self.scripts.get(int(found[1]), PLAIN))
        if found := re.match(r"/api/rows/(\d+)", path):
            time.sleep(self.row_delay)
            return rows(int(found[1]))
        return Answer(status=404)


def script(number: int, body: str) -> Answer:
    headers = {"Content-Type": "text/javascript", "Cache-Control": "no-store", "Set-Cookie": "seen=1"}
    headers["X-Served-By"] = "caf\u00e9"  # in Latin-1, as servers may
    return Answer(body=COMMON % number + body, headers=headers)


def rows(number: int) -> Answer:
    found = [{"url": story(number, row), "title": f"Cerita {number}.{row}"} for row in range(ROWS_A_PAGE)]
    return Answer(body=json.dumps(found), headers={"Content-Type": "application/json"})
