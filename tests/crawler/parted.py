"""Run a command of ours with a tempo-en whose articles may go on: `<link rel="next">` on a page names the next part.

python -m tests.crawler.parted crawler.run < order.json
"""

from __future__ import annotations

import re
import runpy
import sys
from dataclasses import replace

from crawler.sites import registry
from crawler.sites.site import Page, Part, Reading
from stories.article import Article

_NEXT = re.compile(rb'<link rel="next" href="([^"]+)">')
_TEMPO = registry.SITES["tempo-en"]


def read(page: Page) -> Reading:
    if b"<!-- our own fault -->" in page.body:
        raise ZeroDivisionError
    reading = _TEMPO.read(page)
    found = _NEXT.search(page.body)
    return Part(article=reading, next_url=found[1].decode()) if found and isinstance(reading, Article) else reading


if __name__ == "__main__":
    registry.SITES["tempo-en"] = replace(_TEMPO, read=read)  # type: ignore[index]  # a dict, which is only read elsewhere
    module = sys.argv.pop(1)
    runpy.run_module(module, run_name="__main__", alter_sys=True)
