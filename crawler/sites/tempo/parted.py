"""Articles on several pages, as Tempo had them from 2018: which address has the next part.

Parts differ in `page_num`; `/full&view=ok` at the end of the address shows all of them on one page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from crawler.sites.tempo.addresses import identify_any
from crawler.sites.tempo.view import View

_NUMBER: Final = re.compile(r"[?&;]page_num=(\d{1,3})(?:&|#|$)")
_WHOLE: Final = "view=ok"
_PARAMETER: Final = "page_num="
_LINKS: Final = f'a[href*="{_PARAMETER}"]'


def next_part(view: View) -> str | None:
    """Absolute; None on the last page, on one that shows all parts, and where the next page is another article's."""
    if _WHOLE in view.page.url:
        return None
    following = _number(view.page.url) + 1
    own = (url for url in _links(view) if (address := identify_any(url)) and address.key == view.address.value.key)
    return next((url for url in own if _number(url) == following and _WHOLE not in url), None)


def _links(view: View) -> Iterator[str]:
    """What the page's head and its links say; the same article's, whatever they are called."""
    hrefs = (view.linked.links.get("next"), *(link.attributes.get("href") for link in view.tree.css(_LINKS)))
    yield from filter(None, map(view.absolute, hrefs))


def _number(url: str) -> int:
    found = _NUMBER.search(url)
    return int(found[1]) if found else 1
