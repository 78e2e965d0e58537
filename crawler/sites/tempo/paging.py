"""From one page of a list to the next."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit, urlunsplit

from selectolax.lexbor import LexborHTMLParser

from crawler.sites.links import absolute
from crawler.sites.tempo.places import day_of
from stories.text import text_of

LAST_PAGE: Final = 10  # of the newest: 200 stories, more than a day of Tempo
LAST_PAGE_OF_DAY: Final = 50  # 1,000 stories: on its busiest days Tempo has published some 600

_BUTTONS: Final = 'button[data-type="page"]'
_LINKS: Final = 'a[href*="page="]'
_NUMBER: Final = re.compile(r"\d{1,4}")


def next_page(url: str, tree: LexborHTMLParser) -> str | None:
    """The page after this one, if a button or a link leads further: the app has buttons where others have links."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    current = _number(query.get("page")) or 1
    last = LAST_PAGE_OF_DAY if day_of(url) else LAST_PAGE
    if current >= last or not any(number > current for number in _offered(url, tree)):
        return None
    return urlunsplit(parts._replace(query=urlencode(query | {"page": current + 1}), fragment=""))


def _offered(url: str, tree: LexborHTMLParser) -> list[int]:
    """The numbers of the pages of this list that can be turned to."""
    buttons = [int(number) for button in tree.css(_BUTTONS) for number in _NUMBER.findall(text_of(button))]
    links = [urlsplit(link) for a in tree.css(_LINKS) if (link := absolute(url, a.attributes.get("href")))]
    own = [parts for parts in links if _place(parts) == _place(urlsplit(url))]
    return buttons + [number for parts in own if (number := _number(dict(parse_qsl(parts.query)).get("page")))]


def _place(parts: SplitResult) -> tuple[str | None, str]:
    return parts.hostname, parts.path.rstrip("/")


def _number(said: str | None) -> int | None:
    return int(said) if said and _NUMBER.fullmatch(said) else None
